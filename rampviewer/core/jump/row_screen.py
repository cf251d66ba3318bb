"""A fast look at a whole row: in which pixels there is surely no jump.

Columns are the lanes of vector instructions, and the arithmetic is rough: a pixel passes
as quiet only when it is far enough from every limit that rounding cannot matter. All
others are candidates and go through the exact arithmetic.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import limit_of, squared_noise
from rampviewer.core.jump.order_statistics import sort_columns, sorting_network
from rampviewer.core.jump.row_gaps import GapScratch, gap_scratch, sort_gaps
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.marked import list_marked

# Planes of a full frame lie a power of two apart; rows of this scratch must not.
_PADDING = 16
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_NOT_QUIET = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET)
# Rough and exact numbers differ by less than this in a squared ratio, up to this size.
_MARGIN = np.float32(1.0 - 2e-3)
_LARGEST = np.float32(1e7)
_LEAST_THRESHOLD = 1.0


class RowScratch(NamedTuple):
    """Room for one row, made once for a block."""

    signal: F32  # (n_planes, >= n_cols) [electron]
    ordered: F32  # (n_differences, >= n_cols) each column sorted [electron]; infinite ones
    # at its end may stand for those that are not usable, see `gaps`
    noise2: F32  # (n_cols,) `squared_noise`, exact [electron^2]
    total: F32  # (n_cols,) sum of absolute differences [electron], not finite if one is not
    union: U8  # (n_cols,) flags of all groups
    noisy: U8  # (n_cols,) 1 where a pixel is a candidate
    candidates: I64  # (n_cols,) columns of the candidates
    pairs: I64  # (n_pairs, 2) of the sorting network
    gaps: GapScratch


@kernel
def row_scratch(n_ints: int, n_groups: int, n_cols: int, branch: int) -> RowScratch:
    """Return the room that rows of this size need."""
    n = n_ints * (n_groups - 1)
    width = n_cols + _PADDING
    # Removals need the whole order, a single pass the median and the extremes.
    wanted = np.full(n, branch == ITERATIVE)
    wanted[0] = wanted[n - 1] = wanted[(n - 1) // 2] = wanted[n // 2] = True
    return RowScratch(
        np.zeros((n_ints * n_groups, width), np.float32),
        np.zeros((n, width), np.float32),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.int64),
        sorting_network(n, wanted),
        gap_scratch(n, n_cols),
    )


@kernel
def _multiply(data: F32, gain: F32, out: F32) -> None:
    for x in range(data.size):
        out[x] = data[x] * gain[x]


@kernel
def _step_sizes(earlier: F32, later: F32, out: F32, total: F32) -> None:
    for x in range(total.size):
        size = abs(later[x] - earlier[x])
        out[x] = size
        total[x] += size


@kernel
def _steps(earlier: F32, later: F32, out: F32, total: F32) -> None:
    for x in range(total.size):
        step = later[x] - earlier[x]
        out[x] = step
        total[x] += abs(step)


@kernel
def _unite(flags: U8, union: U8) -> None:
    for x in range(flags.size):
        union[x] |= flags[x]


@kernel
def _squared_noises(gain: F32, readnoise: F32, out: F32) -> None:
    for x in range(gain.size):
        out[x] = squared_noise(readnoise[x], gain[x])


@kernel
def load_row(
    sci: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    row: int,
    n_ints: int,
    settings: JumpSettings,
    scratch: RowScratch,
) -> None:
    """Fill everything but the candidates from one row.

    Parameters
    ----------
    sci : (n_planes, n_rows, n_cols) float32
        [DN]
    delivered : (n_planes, n_rows, n_cols) uint8
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    """
    gain, readnoise = noise
    scratch.union[:] = 0
    scratch.total[:] = 0.0
    _squared_noises(gain[row], readnoise[row], scratch.noise2)
    k = 0
    for p in range(len(sci)):
        _multiply(sci[p, row], gain[row], scratch.signal[p])
        _unite(delivered[p, row], scratch.union)
        if p % (len(sci) // n_ints) == 0:
            continue
        earlier, later = scratch.signal[p - 1], scratch.signal[p]
        if settings.branch == ITERATIVE:
            _step_sizes(earlier, later, scratch.ordered[k], scratch.total)
        else:
            _steps(earlier, later, scratch.ordered[k], scratch.total)
        k += 1
    sort_columns(scratch.ordered, scratch.pairs)
    signed, about = settings.branch != ITERATIVE, (scratch.union, scratch.total)
    sort_gaps(
        scratch.signal, delivered, row, n_ints, signed, about, scratch.gaps, scratch.ordered
    )


@borrowing_kernel
def variance_factor(settings: JumpSettings) -> np.float32:
    """Return the rough `variance_by_reading` for a squared noise of 1."""
    return np.float32(2.0 / settings.n_reads)


@kernel
def _screen(
    ends: tuple[F32, F32],
    middles: tuple[F32, F32],
    second: F32,
    noise2: F32,
    per_noise2: np.float32,
    squared_limit: np.float32,
    noisy: U8,
) -> None:
    """Set `noisy` to 0 where no difference can be beyond the limit, to 1 elsewhere.

    Ties at the largest value leave the median of the rest elsewhere: never quiet.
    """
    lowest, highest = ends
    half = np.float32(0.5)
    for x in range(noisy.size):
        median = (middles[0][x] + middles[1][x]) * half
        above, below = highest[x] - median, median - lowest[x]
        largest = above if above > below else below
        size = abs(median)
        quiet = largest * largest < squared_limit * (size + noise2[x] * per_noise2)
        noisy[x] = not (quiet & (size < _LARGEST) & (highest[x] > second[x]))


@kernel
def _exclude(union: U8, total: F32, bits: np.uint8, noisy: U8) -> None:
    largest = np.float32(1e30)
    for x in range(union.size):
        noisy[x] |= ((union[x] & bits) != 0) | (not total[x] < largest)


@borrowing_kernel
def median_places(n: int, iterative: bool) -> tuple[int, int, int]:
    """Return where the median of `n` sorted differences is, as it is used first.

    It is the mean of the first two places, unless the last one holds the largest value.
    """
    if iterative and n >= 4:  # without the largest
        return (n - 2) // 2, (n - 1) // 2, n - 2
    return (n - 1) // 2, 0 if iterative and n == 2 else n // 2, 0


@kernel
def find_candidates(settings: JumpSettings, scratch: RowScratch) -> int:
    """Fill `candidates` with the columns that are not surely quiet; return how many."""
    rows, noisy = scratch.ordered, scratch.noisy
    n = len(rows)
    iterative = settings.branch == ITERATIVE
    limit = limit_of(n, settings) if iterative else settings.threshold
    if limit < _LEAST_THRESHOLD:
        noisy[:] = 1
        return list_marked(noisy, scratch.candidates)
    low, high, tied = median_places(n, iterative)
    _screen(
        (rows[0], rows[n - 1]),
        (rows[low], rows[high]),
        rows[tied],
        scratch.noise2,
        variance_factor(settings),
        np.float32(limit * limit) * _MARGIN,
        noisy,
    )
    forbidden = _NOT_QUIET if settings.keep_delivered else _UNUSABLE
    _exclude(scratch.union, scratch.total, forbidden, noisy)
    return list_marked(noisy, scratch.candidates)
