"""Which differences of one pixel are jumps, and which of them reach the neighbours."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import (
    is_outside,
    middle,
    remove_jumps,
    sigma_of,
    sort_values,
)
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings

IS_JUMP = np.uint8(1)
IS_SOURCE = np.uint8(2)
_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)


class PixelScratch(NamedTuple):
    """Room for one pixel, made once for a block; n is the number of its differences."""

    flags: U8  # (n_planes,) as delivered
    differences: F32  # (n,) signed [electron], NaN where not usable
    sizes: F32  # (n,) absolute, usable, sorted [electron]
    signed: F32  # (n,) signed, usable, sorted [electron]
    lows: I64  # (n + 1,) of `remove_jumps`
    highs: I64
    marks: U8  # (n,) result: IS_JUMP | IS_SOURCE


@kernel
def pixel_scratch(n_ints: int, n_groups: int) -> PixelScratch:
    """Return the room that a pixel of this many groups needs."""
    n = n_ints * (n_groups - 1)
    return PixelScratch(
        np.empty(n_ints * n_groups, np.uint8),
        np.empty(n, np.float32),
        np.empty(n, np.float32),
        np.empty(n, np.float32),
        np.empty(n + 1, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n, np.uint8),
    )


@kernel
def take_differences(signal: F32, col: int, n_groups: int, scratch: PixelScratch) -> int:
    """Fill `differences` from one column; `flags` must be there already.

    Parameters
    ----------
    signal : (n_planes, n_cols) float32
        [electron]

    Returns
    -------
    n_usable : int
    """
    flags, differences = scratch.flags, scratch.differences
    k, n_usable = 0, 0
    for p in range(flags.size):
        if p % n_groups == 0:
            continue
        step = signal[p, col] - signal[p - 1, col]
        if (flags[p] | flags[p - 1]) & _UNUSABLE:
            step = np.float32(np.nan)
        differences[k] = step
        n_usable += not np.isnan(step)
        k += 1
    return n_usable


@kernel
def sort_sizes(scratch: PixelScratch) -> int:
    """Fill `sizes` from `differences`; return how many there are."""
    n = 0
    for step in scratch.differences:
        if not np.isnan(step):
            scratch.sizes[n] = abs(step)
            n += 1
    sort_values(scratch.sizes, n)
    return n


@kernel
def signed_median(scratch: PixelScratch) -> float:
    """Return the median of the usable differences [electron]; fills `signed`."""
    n = 0
    for step in scratch.differences:
        if not np.isnan(step):
            scratch.signed[n] = step
            n += 1
    sort_values(scratch.signed, n)
    return middle(scratch.signed, 0, n)


@kernel
def mark_iterative(
    n_usable: int, variance: float, settings: JumpSettings, scratch: PixelScratch
) -> int:
    """Set IS_JUMP in `marks` from the sorted `sizes`, one removal after the other.

    Returns
    -------
    n_removals : int
    """
    sizes, marks = scratch.sizes, scratch.marks
    lows, highs = scratch.lows, scratch.highs
    n_removals = remove_jumps(sizes, n_usable, variance, settings, lows, highs)
    low, high = lows[n_removals], highs[n_removals]
    for k in range(marks.size):
        size = abs(scratch.differences[k])
        marks[k] = IS_JUMP if is_outside(size, sizes, low, high) else 0
    return n_removals


@kernel
def mark_single_pass(
    median: float, sigma: float, settings: JumpSettings, scratch: PixelScratch
) -> int:
    """Set IS_JUMP in `marks` where a difference is beyond the threshold.

    Returns
    -------
    n_removals : int
        1 when there is any.
    """
    differences, marks = scratch.differences, scratch.marks
    found = 0
    for k in range(marks.size):
        step = np.float64(differences[k])
        is_jump = np.isfinite(step) and abs(step - median) / sigma > settings.threshold
        marks[k] = IS_JUMP if is_jump else 0
        found += int(is_jump)
    return found


@kernel
def mark_sources(
    median: float,
    sigma: float,
    n_groups: int,
    settings: JumpSettings,
    scratch: PixelScratch,
) -> None:
    """Add IS_SOURCE to `marks` where a jump, delivered or found, flags its neighbours."""
    n_steps = n_groups - 1
    for k in range(scratch.marks.size):
        delivered = scratch.flags[k // n_steps * n_groups + k % n_steps + 1] & _JUMP
        if not (scratch.marks[k] or (delivered and settings.keep_delivered)):
            continue
        ratio = abs(np.float64(scratch.differences[k]) - median) / sigma
        if settings.min_to_neighbors < ratio < settings.max_to_neighbors:
            scratch.marks[k] |= IS_SOURCE


@kernel
def mark_pixel(
    n_usable: int,
    variance: float,
    n_groups: int,
    settings: JumpSettings,
    scratch: PixelScratch,
) -> None:
    """Fill `marks` from `differences`, `flags` and, in the iterative branch, `sizes`."""
    any_delivered = 0
    for flag in scratch.flags:
        any_delivered |= flag & _JUMP
    median, sigma = np.nan, np.nan
    if settings.branch == ITERATIVE:
        found = mark_iterative(n_usable, variance, settings, scratch)
    else:
        median = signed_median(scratch)
        sigma = sigma_of(median, variance)
        found = mark_single_pass(median, sigma, settings, scratch)
    wanted = found or (any_delivered and settings.keep_delivered)
    if settings.flag_neighbors and wanted:
        if settings.branch == ITERATIVE:
            median = signed_median(scratch)
            sigma = sigma_of(median, variance)
        mark_sources(median, sigma, n_groups, settings, scratch)
