"""The largest ratio of each pixel: how far its most deviant difference is off.

It is that of the first stage, with the median and sigma that are taken before any
difference is removed, in the arithmetic that decides.
"""

import numpy as np

from rampviewer.core._jit import F32, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.candidates import take_pixel
from rampviewer.core.jump.one_pixel import (
    excess,
    sigma_of,
    stage_typical,
    variance_by_reading,
)
from rampviewer.core.jump.pixel_jumps import PixelScratch, signed_median, sort_sizes
from rampviewer.core.jump.row_screen import RowScratch, median_places, variance_factor
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.marked import list_marked

_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_LARGEST_SUM = np.float32(1e30)  # [electron]; a NaN is not below it either


@borrowing_kernel
def iterative_ratio(variance: float, scratch: PixelScratch) -> float:
    """Return the largest ratio from the `differences` of one pixel [sigma]."""
    n = sort_sizes(scratch)
    if n < 2:
        return np.nan
    typical = stage_typical(scratch.sizes, 0, n, 0)
    low, high = excess(scratch.sizes[0], typical), excess(scratch.sizes[n - 1], typical)
    return float((low if low > high else high) / sigma_of(typical, variance))


@borrowing_kernel
def single_pass_ratio(variance: float, scratch: PixelScratch) -> float:
    """Do the same as `iterative_ratio` where all differences are compared at once."""
    median = signed_median(scratch)
    sigma = sigma_of(median, variance)
    largest = np.nan
    for step in scratch.differences:
        ratio = abs(np.float64(step) - median) / sigma
        if ratio > largest or np.isnan(largest):
            largest = ratio
    return float(largest)


@kernel
def _clean_ratios(
    ends: tuple[F32, F32],
    middles: tuple[F32, F32],
    noise2: F32,
    per_noise2: np.float32,
    ratio: F32,
) -> None:
    """Fill `ratio` from sorted differences, many columns at a time.

    Differences between neighbours of the sorted list are exact even where they are small,
    so single precision is good for the ratio to a few units of its last place.
    """
    lowest, highest = ends
    half = np.float32(0.5)
    for x in range(ratio.size):
        a, b = middles[0][x], middles[1][x]
        above = (highest[x] - a) + (highest[x] - b)
        below = (a - lowest[x]) + (b - lowest[x])
        largest = half * (above if above > below else below)
        sigma = np.sqrt(abs(half * (a + b)) + noise2[x] * per_noise2)
        ratio[x] = largest / sigma if sigma > np.float32(0.0) else np.float32(np.nan)


@kernel
def find_ratios(
    delivered: U8,
    row: int,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
    ratio: F32,
) -> None:
    """Fill `ratio` (n_cols,) from a row whose jumps were found; NaN where there is none."""
    ordered, total, union = row_values.ordered, row_values.total, row_values.union
    n, iterative = len(ordered), settings.branch == ITERATIVE
    low, high, tied = median_places(n, iterative)
    ends, middles = (ordered[0], ordered[n - 1]), (ordered[low], ordered[high])
    factor = variance_factor(settings)
    _clean_ratios(ends, middles, row_values.noise2, factor, ratio)
    # What is not clean, or tied at the largest value, is never quiet.
    for k in range(list_marked(row_values.noisy, row_values.candidates)):
        col = row_values.candidates[k]
        is_tied = not ordered[n - 1, col] > ordered[tied, col]
        if union[col] & _UNUSABLE or not total[col] < _LARGEST_SUM or is_tied:
            take_pixel(delivered, (row, col), n_ints, row_values.signal, scratch)
            variance = variance_by_reading(row_values.noise2[col], settings.n_reads)
            if iterative:
                ratio[col] = iterative_ratio(variance, scratch)
            else:
                ratio[col] = single_pass_ratio(variance, scratch)
