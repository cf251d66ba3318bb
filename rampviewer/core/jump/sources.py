"""Which groups of each pixel flag their neighbours, as bits of that pixel."""

import numpy as np

from rampviewer.core._jit import I64, U8, U32, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.marked import list_marked
from rampviewer.core.origin import Origin

BITS = 32  # of a word
_JUMP = np.uint8(Dq.JUMP_DET)
_TAKEN = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET)
_NEIGHBOR = np.uint8(Origin.NEIGHBOR)


def empty_spread(n_planes: int, n_rows: int, n_cols: int) -> U32:
    """Return room for `mark_sources` of a frame; a plane is a group of an integration."""
    return np.empty((n_rows, n_cols, -(-n_planes // BITS)), np.uint32)


@kernel
def mark_sources(sources: I64, spread: U32) -> None:
    """Fill the bits of a row from a list.

    Parameters
    ----------
    sources : (n,) int64
        plane x n_cols + column of the jumps that flag their neighbours.
    spread : (n_cols, n_words) uint32
        Plane p is bit p % 32 of word p // 32.
    """
    n_cols = len(spread)
    spread[:] = 0
    for source in sources:
        plane, col = source // n_cols, source % n_cols
        spread[col, plane // BITS] |= np.uint32(1) << np.uint32(plane % BITS)


@borrowing_kernel
def _take_from(source: U32, place: tuple[int, int], flags: U8, origin: U8) -> None:
    """Flag in one pixel what a neighbour flags, but for groups that are taken."""
    row, col = place
    for word in range(source.size):
        bits, plane = source[word], word * BITS
        while bits:
            if bits & np.uint32(1) and not flags[plane, row, col] & _TAKEN:
                flags[plane, row, col] |= _JUMP
                if origin.size > 0:
                    origin[plane, row, col] = _NEIGHBOR
            bits = bits >> np.uint32(1)
            plane += 1


@borrowing_kernel
def _mark_reached(pixels: I64, spread: U32, marks: U8) -> None:
    """Set `marks` to 1 where a pixel beside one of `pixels` may flag it, to 0 elsewhere.

    At the ends of a row that is too often. No look waits for what another one finds: most
    of the time is spent on fetching what is looked at.
    """
    n_rows, n_cols, n_words = spread.shape
    bits = spread.reshape(n_rows * n_cols, n_words)
    last = n_rows * n_cols - 1
    for c in range(pixels.size):
        here, found = pixels[c], np.uint32(0)
        above, below = max(here - n_cols, 0), min(here + n_cols, last)
        left, right = max(here - 1, 0), min(here + 1, last)
        for w in range(n_words):
            found |= bits[above, w] | bits[below, w] | bits[left, w] | bits[right, w]
        marks[c] = found != 0


@kernel
def flag_from_neighbors(
    pixels: I64, rows: tuple[int, int], spread: U32, flags: U8, origin: U8
) -> None:
    """Flag in pixels picked from a frame what their four neighbours flag there.

    Parameters
    ----------
    pixels : (n_picked_rows, n_picked_cols) int64
        Their places, row x n_cols + column of the frame.
    rows : (start, stop)
        Rows of `pixels` to do.
    spread : (n_rows, n_cols, n_words) uint32
        Of `mark_sources`, for the frame.
    flags, origin : (n_planes, n_picked_rows, n_picked_cols) uint8
        Changed in place; the pixels themselves are flagged already. No origin is written
        to (0, 0, 0).
    """
    n_rows, n_cols, _ = spread.shape
    marks = np.empty(pixels.shape[1], np.uint8)
    reached = np.empty(pixels.shape[1] + 1, np.int64)
    for r in range(rows[0], rows[1]):
        _mark_reached(pixels[r], spread, marks)
        for k in range(list_marked(marks, reached)):
            c = reached[k]
            row, col = pixels[r, c] // n_cols, pixels[r, c] % n_cols
            if row > 0:
                _take_from(spread[row - 1, col], (r, c), flags, origin)
            if row < n_rows - 1:
                _take_from(spread[row + 1, col], (r, c), flags, origin)
            if col > 0:
                _take_from(spread[row, col - 1], (r, c), flags, origin)
            if col < n_cols - 1:
                _take_from(spread[row, col + 1], (r, c), flags, origin)
