"""Sigma clipping of some neighbouring pixels at once.

As in `row_screen` pixels are the lanes of vector instructions. A sorting network puts
the samples of each lane in order; where even the extremes are surely within the bounds
nothing is clipped, and the other lanes are clipped one by one.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import middle
from rampviewer.core.jump.order_statistics import sort_lanes, sorting_network
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.sigma_clip import (
    clip_bounds,
    clip_sorted,
    largest_ratio,
    sum_outwards,
)

_PADDING = 8  # see `row_screen`; more would be compared for nothing
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_WIDEST, _NARROWEST = 256, 64
_MOST_TOGETHER, _LEAST_TOGETHER = 32, 16
_ROOM = 2**18  # differences of a tile that a core has at hand
_ROOM_TOGETHER = 2**14
_LONGEST_NETWORK = 2**13  # beyond it the list of comparisons is larger than the data
_INFINITY, _ZERO = np.float32(np.inf), np.float32(0.0)
_NONE, _ONE = np.int32(0), np.int32(1)
# What is nearer to a bound than this share of it is looked at in double precision.
_ROUGHNESS = 1e-3
_DIGIT = 6e-8  # rounding of a float32


class TileScratch(NamedTuple):
    """Room for a tile, made once for a block."""

    signal: F32  # (2, >= width) of two groups [electron]
    steps: F32  # (n_planes, >= width) differences [electron], NaN where not usable
    ordered: F32  # (n_samples, >= width) finite ones of a set, sorted; the rest infinite
    missing: I32  # (width,) how many of a set are not finite
    last: F32  # (width,) largest finite one [electron]
    typical: F32  # (width,) median of the finite ones [electron]
    center: F64  # (width,) median of a set [electron]
    infinite: I32  # (width,) how many of all sets are infinite
    middles: F32  # (2, width) the median of all usable ones lies between [electron]
    totals: F32  # (2, width) sums of what is off the median, and of its square
    lower: F32  # (n_sets, width) least and largest sample that stay [electron]
    upper: F32
    ratio: F32  # (width,) largest of all sets with its first median and sigma [sigma]
    noisy: U8  # (width,) 1 where something may be clipped
    lanes: I32  # (width,) which these are
    block: F32  # (n_samples, n_together) `ordered` of some of them
    middle: F64  # (n_together,) their medians [electron]
    sums: F64  # (n_samples + 1, n_together) of `sum_outwards`
    squares: F64
    column: F32  # (n_samples,) of one lane, sorted [electron]
    samples: F64  # (n_planes,) of one lane, in the order of the exposure
    pairs: I64  # (n_pairs, 2) of the sorting network, none if it would be too long


@kernel
def widest_tile(n_planes: int) -> int:
    """Return how many pixels of so many planes a tile may hold."""
    return min(max(_ROOM // n_planes, _NARROWEST), _WIDEST)


@kernel
def tile_scratch(n_planes: int, n_pixels: int, n_steps: int, n_sets: int) -> TileScratch:
    """Return the room for tiles whose `n_steps` are compared in so many sets.

    So many pixels are to be done; they are shared out evenly among the tiles.
    """
    n_ints = n_planes // (n_steps + 1)
    n = n_ints * n_steps // n_sets
    n_tiles = (n_pixels + widest_tile(n_planes) - 1) // widest_tile(n_planes)
    width = (n_pixels + n_tiles - 1) // n_tiles
    n_together = min(max(_ROOM_TOGETHER // n, _LEAST_TOGETHER), _MOST_TOGETHER)
    in_network = n if n <= _LONGEST_NETWORK else 1
    return TileScratch(
        np.empty((2, width + _PADDING), np.float32),
        np.empty((n_planes, width + _PADDING), np.float32),
        np.empty((n, width + _PADDING), np.float32),
        np.empty(width, np.int32),
        np.empty(width, np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.float64),
        np.empty(width, np.int32),
        np.empty((2, width), np.float32),
        np.empty((2, width), np.float32),
        np.empty((n_sets, width), np.float32),
        np.empty((n_sets, width), np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.uint8),
        np.empty(width, np.int32),
        np.zeros((n, n_together), np.float32),
        np.zeros(n_together, np.float64),
        np.empty((n + 1, n_together), np.float64),
        np.empty((n + 1, n_together), np.float64),
        np.empty(n, np.float32),
        np.empty(n_planes, np.float64),
        sorting_network(in_network, np.ones(in_network, np.bool_)),
    )


@borrowing_kernel
def _multiply(data: F32, gain: F32, out: F32) -> None:
    for x in range(data.size):
        out[x] = data[x] * gain[x]


@borrowing_kernel
def _subtract(earlier: F32, later: F32, before: U8, after: U8, out: F32) -> None:
    for x in range(before.size):
        bad = ((before[x] | after[x]) & _UNUSABLE) != 0
        out[x] = np.float32(np.nan) if bad else later[x] - earlier[x]


@kernel
def load_tile(
    data: F32,
    delivered: U8,
    gain: F32,
    place: tuple[int, int],
    n_steps: int,
    scratch: TileScratch,
) -> None:
    """Fill `steps`.

    Parameters
    ----------
    data : (n_planes, n_pixels) float32
        [DN]
    delivered : (n_planes, n_pixels) uint8
    gain : (n_pixels,) float32
        [electron/DN]
    place : (first pixel, the one after the last)
    """
    start, stop = place
    for p in range(len(data)):
        later, earlier = scratch.signal[p % 2], scratch.signal[(p + 1) % 2]
        _multiply(data[p, start:stop], gain[start:stop], later)
        if p % (n_steps + 1) == 0:
            scratch.steps[p] = np.nan
            continue
        before, after = delivered[p - 1, start:stop], delivered[p, start:stop]
        _subtract(earlier, later, before, after, scratch.steps[p])


@borrowing_kernel
def _gather(steps: F32, ordered: F32, missing: I32, infinite: I32) -> None:
    for x in range(missing.size):
        ordered[x] = steps[x] if abs(steps[x]) < _INFINITY else _INFINITY
    # Loops of their own, and no wider type: so they become vector instructions.
    for x in range(missing.size):
        missing[x] += _NONE if abs(steps[x]) < _INFINITY else _ONE
    for x in range(missing.size):
        infinite[x] += _ONE if abs(steps[x]) == _INFINITY else _NONE


@kernel
def _take_places(n: int, lanes: int, scratch: TileScratch) -> None:
    """Fill `last` and `typical` from the sorted samples, and widen `middles`.

    Infinite ones, which stand last, are in no set. 0 where there is no other.
    """
    ordered, (lowest, highest) = scratch.ordered, scratch.middles
    for x in range(lanes):
        left = n - scratch.missing[x]
        if left == 0:
            scratch.last[x] = scratch.typical[x] = _ZERO
            continue
        below, above = ordered[(left - 1) // 2, x], ordered[left // 2, x]
        scratch.last[x] = ordered[left - 1, x]
        scratch.typical[x] = (below + above) * np.float32(0.5)
        lowest[x], highest[x] = min(lowest[x], below), max(highest[x], above)


@borrowing_kernel
def _add(ordered: F32, center: F32, total: F32, square: F32) -> None:
    for x in range(total.size):
        off = ordered[x] - center[x]
        value = off if off < _INFINITY else _ZERO
        total[x] += value
        square[x] += value * value


@kernel
def _screen(n: int, threshold: float, lanes: int, scratch: TileScratch) -> None:
    """Set `noisy` to 0 where all samples are surely within the bounds, else to 1.

    Single precision is enough here: a sample near the bound is not surely within.
    """
    (total, square), first, last = scratch.totals, scratch.ordered[0], scratch.last
    missing, noisy, ratio = scratch.missing, scratch.noisy, scratch.ratio
    typical = scratch.typical
    zero, one = _ZERO, np.float32(1.0)
    limit = np.float32(threshold * (1.0 - _ROUGHNESS - 4 * _DIGIT * n))
    rough = np.float32((1.0 + threshold) * 64 * _DIGIT)
    for x in range(lanes):
        some, share = missing[x] < n, one / np.float32(max(n - missing[x], 1))
        low, high, center = first[x], last[x], typical[x]
        mean = total[x] * share
        sigma = np.sqrt(max(square[x] * share - mean * mean, zero))
        size = max(center - low, high - center)
        quiet = size + rough * max(abs(low), abs(high)) < limit * sigma
        # All of a lane may be zero.
        quiet |= (low == zero) & (high == zero)
        noisy[x] = some & (not quiet)
        off = size / sigma if sigma > zero else zero
        known = ratio[x] + zero  # no masked store: see `sort_columns`
        better = some & (not off <= known)
        ratio[x] = off if better else known


@kernel
def _take_lanes(lanes: I32, scratch: TileScratch) -> None:
    """Put the sorted samples of some lanes next to each other and sum them up."""
    block = scratch.block
    for k in range(len(block)):
        ordered, together = scratch.ordered[k], block[k]
        for j in range(lanes.size):
            together[j] = ordered[lanes[j]]
    for j in range(lanes.size):
        n = len(block) - scratch.missing[lanes[j]]
        scratch.middle[j] = middle(block[:, j], 0, n)
    sum_outwards(block, scratch.middle, scratch.sums, scratch.squares)


@kernel
def _clip_exactly(
    lane: int, s: int, n: int, settings: JumpSettings, scratch: TileScratch
) -> tuple[int, int]:
    """Return what `clip_sorted` does, by the exact arithmetic; `column` is sorted."""
    n_groups, time, column = settings.steps.size + 1, settings.steps[0], scratch.column
    found = 0
    for p in range(len(scratch.steps)):
        step = scratch.steps[p, lane]
        if abs(step) < _INFINITY and (not settings.by_integration or p % n_groups - 1 == s):
            scratch.samples[found] = np.float64(step) / time
            found += 1
    lower, upper, _, _ = clip_bounds(scratch.samples, n, settings.threshold)
    first, stop = 0, n
    while first < n and column[first] / time < lower:
        first += 1
    while stop > first and column[stop - 1] / time > upper:
        stop -= 1
    return first, stop


@kernel
def _sort_lane(lane: int, s: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill `column` with the finite samples of a lane."""
    n_groups, found = settings.steps.size + 1, 0
    for p in range(len(scratch.steps)):
        step = scratch.steps[p, lane]
        if abs(step) < _INFINITY and (not settings.by_integration or p % n_groups - 1 == s):
            scratch.column[found] = step
            found += 1
    scratch.column[:found].sort()


@kernel
def _keep(lane: int, s: int, kept: tuple[int, int], scratch: TileScratch) -> None:
    """Fill the limits of a lane that has its finite samples, sorted, in `column`."""
    (first, stop), column = kept, scratch.column
    scratch.lower[s, lane] = column[first] if first < stop else _INFINITY
    scratch.upper[s, lane] = column[stop - 1] if first < stop else -_INFINITY


@kernel
def _clip_lane(
    j: int, lane: int, s: int, settings: JumpSettings, scratch: TileScratch
) -> None:
    """Fill the limits of one lane of the set `s`, the one at `j` of the block."""
    block, threshold = scratch.block, settings.threshold
    n = len(block) - scratch.missing[lane]
    first, stop = clip_sorted(
        block[:, j], n, threshold, scratch.sums[:, j], scratch.squares[:, j]
    )
    if first >= 0:
        scratch.lower[s, lane], scratch.upper[s, lane] = block[first, j], block[stop - 1, j]
        return
    for k in range(n):
        scratch.column[k] = block[k, j]
    _keep(lane, s, _clip_exactly(lane, s, n, settings, scratch), scratch)


@kernel
def _clip_long(s: int, lanes: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill the limits of a set that is too large for a network, lane by lane."""
    scratch.middles[0], scratch.middles[1] = -_INFINITY, _INFINITY
    for lane in range(lanes):
        n = len(scratch.ordered) - scratch.missing[lane]
        _sort_lane(lane, s, settings, scratch)
        off = np.float32(largest_ratio(scratch.column, n))
        if n > 0 and not off <= scratch.ratio[lane]:
            scratch.ratio[lane] = off
        _keep(lane, s, _clip_exactly(lane, s, n, settings, scratch), scratch)


@kernel
def _clip_short(s: int, lanes: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill the limits of a set by a network, and lane by lane only where it must be."""
    ordered, n = scratch.ordered, len(scratch.ordered)
    sort_lanes(ordered, lanes, scratch.pairs)
    _take_places(n, lanes, scratch)
    scratch.totals[:] = 0.0
    total, square = scratch.totals[0, :lanes], scratch.totals[1, :lanes]
    for k in range(n):
        _add(ordered[k], scratch.typical, total, square)
    _screen(n, settings.threshold, lanes, scratch)
    n_noisy, together = 0, scratch.middle.size
    for lane in range(lanes):
        scratch.lanes[n_noisy] = lane
        n_noisy += scratch.noisy[lane]
    for start in range(0, n_noisy, together):
        noisy = scratch.lanes[start : min(start + together, n_noisy)]
        _take_lanes(noisy, scratch)
        for j in range(noisy.size):
            _clip_lane(j, noisy[j], s, settings, scratch)


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
    scratch.lower[s], scratch.upper[s] = -_INFINITY, _INFINITY
    if len(scratch.pairs) == 0:
        _clip_long(s, lanes, settings, scratch)
    else:
        _clip_short(s, lanes, settings, scratch)


@kernel
def clip_tile(lanes: int, settings: JumpSettings, scratch: TileScratch) -> None:
    """Fill `ratio`, `lower` and `upper` from `steps`: what lies beyond is clipped."""
    scratch.ratio[:] = np.nan
    scratch.infinite[:] = 0
    scratch.middles[0], scratch.middles[1] = _INFINITY, -_INFINITY
    for s in range(len(scratch.lower)):
        _clip_set(s, lanes, settings, scratch)
