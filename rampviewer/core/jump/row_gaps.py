"""Differences of the pixels of a row that have gaps, sorted side by side.

A gap is a difference that is not usable: a group on either side of it is flagged, or holds
no number. Few pixels of a row have any, so these are gathered and sorted as if they were
neighbours.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, I32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.order_statistics import sort_lanes, sorting_network
from rampviewer.core.marked import list_marked

_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_INFINITY = np.float32(np.inf)
_MOST_TOGETHER = 240  # pixels; with a power of two their places in the cache would coincide


class GapScratch(NamedTuple):
    """Room for the pixels of a row that have gaps, made once for a block."""

    n_usable: I32  # (n_cols,) usable differences of a pixel with gaps
    marks: U8  # (n_cols,) 1 where a pixel has gaps
    columns: I64  # (n_cols,) of these
    sizes: F32  # (n_differences, n_together) of some of them, infinite at gaps [electron]
    pairs: I64  # (n_pairs, 2) of the network that sorts all of them


@kernel
def gap_scratch(n_differences: int, n_cols: int) -> GapScratch:
    """Return the room that rows of this size need."""
    return GapScratch(
        np.empty(n_cols, np.int32),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.int64),
        np.empty((n_differences, min(n_cols, _MOST_TOGETHER)), np.float32),
        sorting_network(n_differences, np.full(n_differences, True)),
    )


@borrowing_kernel
def _mark_gaps(union: U8, total: F32, marks: U8) -> None:
    for x in range(marks.size):
        marks[x] = ((union[x] & _UNUSABLE) != 0) | np.isnan(total[x])


@borrowing_kernel
def _gather(
    signal: tuple[F32, F32],
    flags: tuple[U8, U8],
    columns: I64,
    signed: bool,
    sizes: F32,
    n_usable: I32,
) -> None:
    """Fill `sizes` with the differences of two groups, and count them."""
    (earlier, later), (before, after) = signal, flags
    for k in range(columns.size):
        x = np.uint64(columns[k])  # an index without a sign is quicker
        step = later[x] - earlier[x]
        usable = ((before[x] | after[x]) & _UNUSABLE == 0) & (not np.isnan(step))
        size = step if signed else abs(step)
        sizes[k] = size if usable else _INFINITY
        n_usable[x] += np.int32(usable)


@borrowing_kernel
def _sort_some(
    signal: F32,
    delivered: U8,
    row: int,
    n_ints: int,
    signed: bool,
    columns: I64,
    scratch: GapScratch,
    ordered: F32,
) -> None:
    sizes, n_usable = scratch.sizes, scratch.n_usable
    n_planes, n = len(delivered), columns.size
    for x in columns:
        n_usable[x] = 0
    d = 0
    for p in range(n_planes):
        if p % (n_planes // n_ints) == 0:
            continue
        values = signal[p - 1], signal[p]
        flags = delivered[p - 1, row], delivered[p, row]
        _gather(values, flags, columns, signed, sizes[d], n_usable)
        d += 1
    sort_lanes(sizes, n, scratch.pairs)
    for d in range(len(sizes)):
        for k in range(n):
            ordered[d, np.uint64(columns[k])] = sizes[d, k]


@borrowing_kernel
def sort_gaps(
    signal: F32,
    delivered: U8,
    row: int,
    n_ints: int,
    signed: bool,
    about: tuple[U8, F32],
    scratch: GapScratch,
    ordered: F32,
) -> None:
    """Put the usable differences of pixels with gaps in order, before infinite ones.

    Parameters
    ----------
    signal : (n_planes, >= n_cols) float32
        [electron]
    delivered : (n_planes, n_rows, n_cols) uint8
    signed : bool
        Whether differences keep their sign.
    about : (n_cols,) uint8, (n_cols,) float32
        Flags of all groups of a pixel, and a sum that is NaN where a difference is.
    ordered : (n_differences, >= n_cols) float32
        Changed in the columns of these pixels [electron].
    """
    _mark_gaps(*about, scratch.marks)
    n = list_marked(scratch.marks, scratch.columns)
    width = scratch.sizes.shape[1]
    for start in range(0, n, width):
        columns = scratch.columns[start : min(start + width, n)]
        _sort_some(signal, delivered, row, n_ints, signed, columns, scratch, ordered)
