"""Which planes of one pixel hold a jump.

A plane is one group of one integration; the difference of a plane is that to the group
before it, and there is none in the first group of an integration.
"""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import middle, sort_values
from rampviewer.core.jump.settings import JumpSettings

_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_ROUNDING = 1.0 + 1e-6


class PixelScratch(NamedTuple):
    """Room for one pixel, made once for a block."""

    flags: U8  # (n_planes,) as delivered
    differences: F32  # (n_planes,) signed [electron], NaN where not usable
    sizes: F32  # (n_planes,) absolute, only the usable ones, sorted [electron]
    signed: F32  # (n_planes,) signed, only the usable ones, sorted [electron]
    lows: I64  # (n_planes + 1,) of `remove_jumps`
    highs: I64
    jumps: I64  # (n_planes + 1,) result: planes that hold a jump


@kernel
def pixel_scratch(n_planes: int) -> PixelScratch:
    """Return the room that a pixel of this many planes needs."""
    return PixelScratch(
        np.zeros(n_planes, np.uint8),
        np.empty(n_planes, np.float32),
        np.empty(n_planes, np.float32),
        np.empty(n_planes, np.float32),
        np.empty(n_planes + 1, np.int64),
        np.empty(n_planes + 1, np.int64),
        np.empty(n_planes + 1, np.int64),
    )


@borrowing_kernel
def take_differences(signal: F32, col: int, n_ints: int, differences: F32) -> None:
    """Fill `differences` from one column of signal, whatever its flags.

    Parameters
    ----------
    signal : (n_planes, n_cols) float32
        [electron]
    """
    n_planes = differences.size
    earlier = signal[0, col]
    for p in range(1, n_planes):
        later = signal[p, col]
        differences[p] = later - earlier
        earlier = later
    for first in range(0, n_planes, n_planes // n_ints):
        differences[first] = np.nan


@borrowing_kernel
def reject_unusable(flags: U8, differences: F32) -> None:
    """Set differences to NaN that have a saturated or unusable group on either side."""
    earlier = flags[0]
    for p in range(1, flags.size):
        if (flags[p] | earlier) & _UNUSABLE:
            differences[p] = np.nan
        earlier = flags[p]


@borrowing_kernel
def sort_sizes(scratch: PixelScratch) -> int:
    """Fill `sizes` from `differences`; return how many there are."""
    n = 0
    for step in scratch.differences:
        scratch.sizes[n] = abs(step)
        n += not np.isnan(step)
    sort_values(scratch.sizes, n)
    return n


@borrowing_kernel
def signed_median(scratch: PixelScratch) -> float:
    """Return the median of the usable differences [electron]; fills `signed`."""
    n = 0
    for step in scratch.differences:
        scratch.signed[n] = step
        n += not np.isnan(step)
    sort_values(scratch.signed, n)
    return middle(scratch.signed, 0, n)


@borrowing_kernel
def list_removed(n_removals: int, scratch: PixelScratch) -> int:
    """Fill `jumps` with the planes whose difference `remove_jumps` took from `sizes`.

    Returns
    -------
    n_jumps : int
    """
    low, high = scratch.lows[n_removals], scratch.highs[n_removals]
    least, most = np.float32(np.inf), np.float32(-1.0)
    if high > low:
        least, most = scratch.sizes[low], scratch.sizes[high - 1]
    n = 0
    for p in range(scratch.differences.size):
        size = abs(scratch.differences[p])
        scratch.jumps[n] = p
        n += (size < least) | (size > most)
    return n


@borrowing_kernel
def list_beyond(
    median: float, sigma: float, settings: JumpSettings, scratch: PixelScratch
) -> int:
    """Fill `jumps` with the planes whose difference is beyond the threshold.

    Returns
    -------
    n_jumps : int
    """
    n = 0
    for p in range(scratch.differences.size):
        step = np.float64(scratch.differences[p])
        scratch.jumps[n] = p
        beyond = abs(step - median) / sigma > settings.threshold
        n += int(beyond and np.isfinite(step))
    return n


@borrowing_kernel
def append_delivered(n_jumps: int, scratch: PixelScratch) -> int:
    """Append to the `n_jumps` of `jumps` the delivered ones that are not among them."""
    n = n_jumps
    for p in range(scratch.flags.size):
        known = False
        for k in range(n_jumps):
            known = known or scratch.jumps[k] == p
        if scratch.flags[p] & _JUMP and not known:
            scratch.jumps[n] = p
            n += 1
    return n


@borrowing_kernel
def reach_no_neighbor(
    n_usable: int, variance: float, settings: JumpSettings, scratch: PixelScratch
) -> bool:
    """Return whether surely no difference is large enough to flag neighbours.

    The signed median lies between minus and plus the median of the sizes. Over that range
    (largest + median) / sigma is greatest at zero or at the end.
    """
    if n_usable == 0:
        return True
    largest = np.float64(scratch.sizes[n_usable - 1])
    size = middle(scratch.sizes, 0, n_usable)
    bound = max(
        largest / math.sqrt(variance), (largest + size) / math.sqrt(size + variance)
    )
    return bool(bound * _ROUNDING < settings.min_to_neighbors)
