"""Flags of the groups after large jumps, for some pixels at once."""

import numpy as np

from rampviewer.core._jit import F32, F64, I32, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.clip_tile import TileScratch, load_tile, tile_scratch
from rampviewer.core.jump.order_statistics import sort_columns
from rampviewer.core.jump.selection import select_middle
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.spread import last_after
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_AFTER_JUMP = np.uint8(Origin.AFTER_JUMP)
_INFINITY = np.float32(np.inf)


@kernel
def _gather(steps: F32, ordered: F32, missing: I32) -> None:
    for x in range(missing.size):
        ordered[x] = _INFINITY if np.isnan(steps[x]) else steps[x]
        missing[x] += np.isnan(steps[x])


@kernel
def _select_medians(lanes: int, scratch: TileScratch) -> None:
    for lane in range(lanes):
        n = 0
        for p in range(len(scratch.steps)):
            scratch.samples[n] = scratch.steps[p, lane]
            n += not np.isnan(scratch.steps[p, lane])
        lower, upper = select_middle(scratch.samples, n)
        scratch.center[lane] = (lower + upper) / 2.0


@kernel
def take_medians(lanes: int, n_groups: int, scratch: TileScratch) -> None:
    """Fill `center` with the median of all usable differences [electron]; NaN if none."""
    if len(scratch.pairs) == 0:
        _select_medians(lanes, scratch)
        return
    ordered, missing, n = scratch.ordered, scratch.missing, 0
    missing[:] = 0
    for p in range(len(scratch.steps)):
        if p % n_groups > 0:
            _gather(scratch.steps[p], ordered[n], missing)
            n += 1
    sort_columns(ordered, scratch.pairs)
    for x in range(lanes):
        left = n - missing[x]
        lower, upper = ordered[max(left - 1, 0) // 2, x], ordered[left // 2, x]
        middle = (np.float64(lower) + np.float64(upper)) / 2.0
        scratch.center[x] = middle if left > 0 else np.nan


@kernel
def _follow_plane(
    p: int,
    steps: F32,
    center: F64,
    settings: JumpSettings,
    last: I32,
    flags: U8,
    origin: U8,
) -> None:
    for x in range(flags.size):
        if flags[x] & _JUMP:
            off = np.float64(steps[x]) - center[x]
            last[x] = max(last[x], last_after(p, off, settings))
        elif p <= last[x] and not flags[x] & _UNUSABLE:
            flags[x] |= _JUMP
            origin[x] = _AFTER_JUMP


@kernel
def _is_flagged(flags: U8) -> bool:
    union = np.uint8(0)
    for x in range(flags.size):
        union |= flags[x]
    return bool(union & _JUMP)


@kernel
def follow_even_rows(
    data: F32,
    delivered: U8,
    gain: F32,
    pixels: tuple[int, int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
) -> None:
    """Do the same as `row_block.follow_rows` where all groups are alike.

    All frames are given as one row of pixels, and of the block (start, stop, first pixel
    of the output).
    """
    begin, end, first = pixels
    n_planes, n_groups = len(data), settings.steps.size + 1
    scratch = tile_scratch(n_planes, end - begin, n_groups - 1, 1)
    width, last = scratch.missing.size, scratch.infinite
    for start in range(begin, end, width):
        stop = min(start + width, end)
        here = slice(start - first, stop - first)
        some = False
        for p in range(n_planes):
            some = some or _is_flagged(flags[p, here])
        if not some:
            continue
        load_tile(data, delivered, gain, (start, stop), n_groups - 1, scratch)
        take_medians(stop - start, n_groups, scratch)
        for p in range(n_planes):
            if p % n_groups == 0:
                last[:] = -1
                continue
            bits, cause, steps = flags[p, here], origin[p, here], scratch.steps[p]
            _follow_plane(p, steps, scratch.center, settings, last, bits, cause)
