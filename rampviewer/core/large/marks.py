"""Flags of large events as lists of pixels."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import I64, U8, kernel
from rampviewer.core.dq import Dq

U32 = NDArray[np.uint32]
_JUMP, _SATURATED = np.uint8(Dq.JUMP_DET), np.uint8(Dq.SATURATED)


class Marks(NamedTuple):
    """Marked pixels of one group, in order.

    `pixel` (n,) uint32 is row times n_cols plus column; `bits` (n,) uint8 holds JUMP_DET
    and SATURATED, `origin` (n,) uint8 where they come from.
    """

    pixel: U32
    bits: U8
    origin: U8


# The group is counted over all integrations.
GroupMarks = tuple[int, Marks]


@kernel
def marks_of(bits: U8, origin: U8) -> Marks:
    """Return the marks of the pixels whose `bits` are not 0.

    Parameters
    ----------
    bits, origin : (n_rows, n_cols) uint8
    """
    n_rows, n_cols = bits.shape
    counts = np.zeros(n_rows, np.int64)
    for row in range(n_rows):
        values, n = bits[row], 0
        for col in range(n_cols):
            n += values[col] != 0
        counts[row] = n
    total = counts.sum()
    pixel = np.empty(total, np.uint32)
    out_bits, out_origin = np.empty(total, np.uint8), np.empty(total, np.uint8)
    k = 0
    for row in range(n_rows):
        if counts[row] == 0:
            continue
        for col in range(n_cols):
            if bits[row, col] != 0:
                pixel[k] = row * n_cols + col
                out_bits[k], out_origin[k] = bits[row, col], origin[row, col]
                k += 1
    return Marks(pixel, out_bits, out_origin)


class RowMarks(NamedTuple):
    """Marked groups of an exposure, row by row.

    Row r has entries `first[r]` to `first[r + 1]` (exclusive) of `place`, which is the
    group, counted over all integrations, times n_cols plus the column.
    """

    first: I64
    place: U32
    bits: U8
    origin: U8


def by_rows(marks: list[GroupMarks], n_rows: int, n_cols: int) -> RowMarks:
    """Sort the marks of groups by rows; of the same row they stay in order."""
    first = np.zeros(n_rows + 1, np.int64)
    for _, group in marks:
        first[1:] += np.bincount(group.pixel // n_cols, minlength=n_rows)
    first = np.cumsum(first)
    total = int(first[-1])
    place = np.empty(total, np.uint32)
    bits, origin = np.empty(total, np.uint8), np.empty(total, np.uint8)
    free = first[:-1].copy()
    for number, group in marks:
        _scatter(group, number, n_cols, free, place, bits, origin)
    return RowMarks(first, place, bits, origin)


@kernel
def _scatter(
    marks: Marks, number: int, n_cols: int, free: I64, place: U32, bits: U8, origin: U8
) -> None:
    for k in range(len(marks.pixel)):
        row = np.int64(marks.pixel[k]) // n_cols
        here = free[row]
        place[here] = number * n_cols + np.int64(marks.pixel[k]) - row * n_cols
        bits[here], origin[here] = marks.bits[k], marks.origin[k]
        free[row] += 1


@kernel
def put(marks: RowMarks, start: int, stop: int, groupdq: U8, origin: U8) -> None:
    """Put the marks of rows `start` to `stop` (exclusive) onto their flags, in place.

    A group that is marked SATURATED loses its other flags, those that the same mark sets
    excepted. JUMP_DET that is there already keeps its origin.

    Parameters
    ----------
    marks : RowMarks
    start, stop : int
    groupdq, origin : (n_ints, n_groups, stop - start, n_cols) uint8
    """
    _, n_groups, _, n_cols = groupdq.shape
    for row in range(start, stop):
        for k in range(marks.first[row], marks.first[row + 1]):
            number, col = divmod(np.int64(marks.place[k]), n_cols)
            i, g = divmod(number, n_groups)
            old, new = groupdq[i, g, row - start, col], marks.bits[k]
            if new & _SATURATED:
                groupdq[i, g, row - start, col] = new
                origin[i, g, row - start, col] = marks.origin[k]
            else:
                groupdq[i, g, row - start, col] = old | new
                if not old & _JUMP:
                    origin[i, g, row - start, col] = marks.origin[k]
