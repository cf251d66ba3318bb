"""Which groups of one pixel begin with a jump, and which of them reach the neighbours."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import is_outside, middle, sort_values
from rampviewer.core.jump.settings import JumpSettings

IS_JUMP = np.uint8(1)
IS_SOURCE = np.uint8(2)
_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)


class PixelScratch(NamedTuple):
    """Room for one pixel, made once for a block.

    A plane is one group of one integration; the difference of a plane is that to the
    group before, and there is none in the first group of an integration.
    """

    flags: U8  # (n_planes,) as delivered
    differences: F32  # (n_planes,) signed [electron], NaN where not usable
    sizes: F32  # (n_planes,) absolute, only the usable ones, sorted [electron]
    signed: F32  # (n_planes,) signed, only the usable ones, sorted [electron]
    lows: I64  # (n_planes + 1,) of `remove_jumps`
    highs: I64
    marks: U8  # (n_planes,) result: IS_JUMP | IS_SOURCE


@kernel
def pixel_scratch(n_planes: int) -> PixelScratch:
    """Return the room that a pixel of this many planes needs."""
    return PixelScratch(
        np.empty(n_planes, np.uint8),
        np.empty(n_planes, np.float32),
        np.empty(n_planes, np.float32),
        np.empty(n_planes, np.float32),
        np.empty(n_planes + 1, np.int64),
        np.empty(n_planes + 1, np.int64),
        np.empty(n_planes, np.uint8),
    )


@kernel
def take_differences(signal: F32, col: int, n_ints: int, scratch: PixelScratch) -> None:
    """Fill `differences` from one column; `flags` must be there already.

    Parameters
    ----------
    signal : (n_planes, n_cols) float32
        [electron]
    """
    flags, differences = scratch.flags, scratch.differences
    n_planes = flags.size
    earlier, earlier_flag = signal[0, col], flags[0]
    for p in range(1, n_planes):
        later, flag = signal[p, col], flags[p]
        unusable = (flag | earlier_flag) & _UNUSABLE
        differences[p] = np.float32(np.nan) if unusable else later - earlier
        earlier, earlier_flag = later, flag
    for first in range(0, n_planes, n_planes // n_ints):
        differences[first] = np.nan


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
def mark_iterative(n_removals: int, scratch: PixelScratch) -> None:
    """Fill `marks` with IS_JUMP for what `remove_jumps` took from the sorted `sizes`."""
    low, high = scratch.lows[n_removals], scratch.highs[n_removals]
    for p in range(scratch.marks.size):
        size = abs(scratch.differences[p])
        outside = is_outside(size, scratch.sizes, low, high)
        scratch.marks[p] = IS_JUMP if outside else 0


@kernel
def mark_single_pass(
    median: float, sigma: float, settings: JumpSettings, scratch: PixelScratch
) -> bool:
    """Fill `marks` with IS_JUMP where a difference is beyond the threshold.

    Returns
    -------
    found : bool
        Whether there is any.
    """
    differences, marks = scratch.differences, scratch.marks
    found = False
    for p in range(marks.size):
        step = np.float64(differences[p])
        is_jump = np.isfinite(step) and abs(step - median) / sigma > settings.threshold
        marks[p] = IS_JUMP if is_jump else 0
        found = found or bool(is_jump)
    return found


@kernel
def mark_sources(
    median: float, sigma: float, settings: JumpSettings, scratch: PixelScratch
) -> None:
    """Add IS_SOURCE to `marks` where a jump, delivered or found, flags its neighbours.

    Parameters
    ----------
    median, sigma : float
        Of the signed differences, in each branch [electron].
    """
    delivered = _JUMP if settings.keep_delivered else np.uint8(0)
    for p in range(scratch.marks.size):
        if scratch.marks[p] or scratch.flags[p] & delivered:
            ratio = abs(np.float64(scratch.differences[p]) - median) / sigma
            if settings.min_to_neighbors < ratio < settings.max_to_neighbors:
                scratch.marks[p] |= IS_SOURCE
