"""Sigma clipping of some neighbouring columns of one row at once.

As in `row_screen` columns are the lanes of vector instructions. A sorting network puts
the samples of each lane in order; where even the extremes are surely within the bounds
nothing is clipped, and the other lanes are clipped one by one.
"""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.order_statistics import sort_columns, sorting_network
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.sigma_clip import (
    ROUNDING,
    clip_bounds,
    clip_sorted,
    largest_ratio,
)

_PADDING = 16  # see `row_screen`
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_WIDEST, _NARROWEST = 256, 64
_ROOM = 2**18  # differences of a tile that a core has at hand
_LONGEST_NETWORK = 2**13  # beyond it the list of comparisons is larger than the data
_INFINITY = np.float32(np.inf)


class TileScratch(NamedTuple):
    """Room for a tile, made once for a block."""

    signal: F32  # (2, >= width) of two groups [electron]
    steps: F32  # (n_planes, >= width) differences [electron], NaN where not usable
    ordered: F32  # (n_samples, >= width) finite ones of a set, sorted; the rest infinite
    missing: I64  # (width,) how many of a set are not finite
    center: F64  # (width,) median of a set [electron]
    infinite: I64  # (width,) how many of all sets are infinite
    middles: F32  # (2, width) the median of all usable ones lies between [electron]
    totals: F64  # (2, width) sums of what is off the median, and of its square
    lower: F32  # (n_sets, width) least and largest sample that stay [electron]
    upper: F32
    ratio: F32  # (width,) largest of all sets with its first median and sigma [sigma]
    noisy: U8  # (width,) 1 where something may be clipped
    column: F32  # (n_samples,) of one lane, sorted [electron]
    samples: F64  # (n_planes,) of one lane, in the order of the exposure
    sums: F64  # (n_samples + 1,) of `sum_outwards`
    squares: F64
    pairs: I64  # (n_pairs, 2) of the sorting network, none if it would be too long


@kernel
def tile_scratch(n_planes: int, n_cols: int, n_steps: int, n_sets: int) -> TileScratch:
    """Return the room that tiles need whose `n_steps` are compared in so many sets."""
    n_ints = n_planes // (n_steps + 1)
    n = n_ints * n_steps // n_sets
    width = min(max(_ROOM // n_planes, _NARROWEST), _WIDEST, n_cols)
    in_network = n if n <= _LONGEST_NETWORK else 1
    return TileScratch(
        np.empty((2, width + _PADDING), np.float32),
        np.empty((n_planes, width + _PADDING), np.float32),
        np.empty((n, width + _PADDING), np.float32),
        np.empty(width, np.int64),
        np.empty(width, np.float64),
        np.empty(width, np.int64),
        np.empty((2, width), np.float32),
        np.empty((2, width), np.float64),
        np.empty((n_sets, width), np.float32),
        np.empty((n_sets, width), np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.uint8),
        np.empty(n, np.float32),
        np.empty(n_planes, np.float64),
        np.empty(n + 1, np.float64),
        np.empty(n + 1, np.float64),
        sorting_network(in_network, np.ones(in_network, np.bool_)),
    )


@kernel
def _multiply(data: F32, gain: F32, out: F32) -> None:
    for x in range(data.size):
        out[x] = data[x] * gain[x]


@kernel
def _subtract(earlier: F32, later: F32, before: U8, after: U8, out: F32) -> None:
    for x in range(before.size):
        bad = ((before[x] | after[x]) & _UNUSABLE) != 0
        out[x] = np.float32(np.nan) if bad else later[x] - earlier[x]


@kernel
def load_tile(
    data: F32,
    delivered: U8,
    gain: F32,
    place: tuple[int, int, int],
    n_steps: int,
    scratch: TileScratch,
) -> None:
    """Fill `steps`.

    Parameters
    ----------
    data : (n_planes, n_rows, n_cols) float32
        [DN]
    delivered : (n_planes, n_rows, n_cols) uint8
    gain : (n_rows, n_cols) float32
        [electron/DN]
    place : (row, first column, column after the last)
    """
    row, start, stop = place
    for p in range(len(data)):
        later, earlier = scratch.signal[p % 2], scratch.signal[(p + 1) % 2]
        _multiply(data[p, row, start:stop], gain[row, start:stop], later)
        if p % (n_steps + 1) == 0:
            scratch.steps[p] = np.nan
            continue
        before, after = delivered[p - 1, row, start:stop], delivered[p, row, start:stop]
        _subtract(earlier, later, before, after, scratch.steps[p])


@kernel
def _gather(steps: F32, ordered: F32, missing: I64, infinite: I64) -> None:
    for x in range(missing.size):
        finite = abs(steps[x]) < _INFINITY
        infinite[x] += abs(steps[x]) == _INFINITY
        ordered[x] = steps[x] if finite else _INFINITY
        missing[x] += not finite


@kernel
def _middles(lower: F32, upper: F32, center: F64) -> None:
    for x in range(center.size):
        center[x] = (np.float64(lower[x]) + np.float64(upper[x])) / 2.0


@kernel
def _add(ordered: F32, center: F64, total: F64, square: F64) -> None:
    for x in range(center.size):
        value = np.float64(ordered[x]) - center[x]
        total[x] += value
        square[x] += value * value


@kernel
def _screen(n: int, threshold: float, lanes: int, scratch: TileScratch) -> None:
    """Set `noisy` to 0 where all samples are surely within the bounds, else to 1."""
    first, last = scratch.ordered[0], scratch.ordered[n - 1]
    total, square = scratch.totals
    missing, center, noisy = scratch.missing, scratch.center, scratch.noisy
    ratio = scratch.ratio
    rounding = ROUNDING * (1.0 + threshold) * n
    for x in range(lanes):
        mean = total[x] / n
        sigma = math.sqrt(max(square[x] / n - mean * mean, 0.0))
        reach = threshold * sigma
        low, high = np.float64(first[x]), np.float64(last[x])
        margin = rounding * max(abs(low), abs(high))
        below, above = low - (center[x] - reach), (center[x] + reach) - high
        # All of a lane may be zero, and then the arithmetic is exact.
        quiet = (min(below, above) > margin) | ((low == 0.0) & (high == 0.0))
        noisy[x] = not (quiet & (missing[x] == 0))
        size = max(center[x] - low, high - center[x])
        off = np.float32(size / sigma if sigma > 0.0 else 0.0)
        better = (missing[x] == 0) & (not off <= ratio[x])
        ratio[x] = off if better else ratio[x]


@kernel
def _widen(n: int, lanes: int, scratch: TileScratch) -> None:
    """Let `middles` enclose the middle of a set; so they do for all sets together."""
    ordered, (lowest, highest) = scratch.ordered, scratch.middles
    for x in range(lanes):
        left = n - scratch.missing[x]
        if left > 0:
            lowest[x] = min(lowest[x], ordered[(left - 1) // 2, x])
            highest[x] = max(highest[x], ordered[left // 2, x])


@kernel
def _clip_exactly(
    lane: int, s: int, n: int, settings: JumpSettings, scratch: TileScratch
) -> tuple[int, int]:
    """Return what `clip_sorted` does, by the exact arithmetic; fills `column`."""
    n_groups, time = settings.steps.size + 1, settings.steps[0]
    found = 0
    for p in range(len(scratch.steps)):
        step = scratch.steps[p, lane]
        if abs(step) < _INFINITY and (not settings.by_integration or p % n_groups - 1 == s):
            scratch.column[found] = step
            scratch.samples[found] = np.float64(step) / time
            found += 1
    if len(scratch.pairs) == 0:
        scratch.column[:n].sort()
    else:
        for k in range(n):
            scratch.column[k] = scratch.ordered[k, lane]
    lower, upper, _, _ = clip_bounds(scratch.samples, n, settings.threshold)
    first, stop = 0, n
    while first < n and scratch.column[first] / time < lower:
        first += 1
    while stop > first and scratch.column[stop - 1] / time > upper:
        stop -= 1
    return first, stop


@kernel
def _clip_lane(lane: int, s: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill the limits of one lane of the set `s`."""
    n = len(scratch.ordered) - scratch.missing[lane]
    column, first = scratch.column, -1
    if len(scratch.pairs) > 0:
        for k in range(n):
            column[k] = scratch.ordered[k, lane]
        first, stop = clip_sorted(
            column, n, settings.threshold, scratch.sums, scratch.squares
        )
    if first < 0:
        first, stop = _clip_exactly(lane, s, n, settings, scratch)
    if n > 0 and (n < len(scratch.ordered) or len(scratch.pairs) == 0):
        off = np.float32(largest_ratio(column, n))
        if not off <= scratch.ratio[lane]:
            scratch.ratio[lane] = off
    scratch.lower[s, lane] = column[first] if first < stop else _INFINITY
    scratch.upper[s, lane] = column[stop - 1] if first < stop else -_INFINITY


@kernel
def _clip_set(s: int, lanes: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill the limits of the set `s`."""
    n_groups, ordered, n = settings.steps.size + 1, scratch.ordered, 0
    scratch.missing[:] = 0
    for p in range(len(scratch.steps)):
        k = p % n_groups - 1
        if k == s or (k >= 0 and not settings.by_integration):
            missing = scratch.missing[:lanes]
            _gather(scratch.steps[p], ordered[n], missing, scratch.infinite)
            n += 1
    if len(scratch.pairs) == 0:
        scratch.noisy[:] = 1
        scratch.middles[0], scratch.middles[1] = -_INFINITY, _INFINITY
    else:
        # All of it: columns of a part would not be next to each other for the compiler.
        sort_columns(ordered, scratch.pairs)
        _middles(ordered[(n - 1) // 2], ordered[n // 2], scratch.center[:lanes])
        scratch.totals[:] = 0.0
        total, square = scratch.totals
        for k in range(n):
            _add(ordered[k], scratch.center[:lanes], total, square)
        _screen(n, settings.threshold, lanes, scratch)
        _widen(n, lanes, scratch)
    scratch.lower[s], scratch.upper[s] = -_INFINITY, _INFINITY
    for lane in range(lanes):
        if scratch.noisy[lane]:
            _clip_lane(lane, s, settings, scratch)


@kernel
def clip_tile(lanes: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill `ratio`, `lower` and `upper` from `steps`: what lies beyond is clipped."""
    scratch.ratio[:] = np.nan
    scratch.infinite[:] = 0
    scratch.middles[0], scratch.middles[1] = _INFINITY, -_INFINITY
    for s in range(len(scratch.lower)):
        _clip_set(s, lanes, settings, scratch)
