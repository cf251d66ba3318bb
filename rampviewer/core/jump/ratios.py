"""The largest ratio of each pixel: how far its most deviant difference is off.

It is that of the first stage, with the median and sigma that are taken before any
difference is removed, in the arithmetic that decides.
"""

import numpy as np

from rampviewer.core._jit import F32, borrowing_kernel, kernel
from rampviewer.core.jump.candidates import candidate_at, fill_sizes
from rampviewer.core.jump.one_pixel import excess, middle, sigma_of, stage_typical
from rampviewer.core.jump.pixel_jumps import PixelScratch
from rampviewer.core.jump.row_screen import RowScratch, median_places, variance_factor
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.marked import list_marked

_LARGEST_SUM = np.float32(1e30)  # [electron]; a NaN is not below it either


@borrowing_kernel
def iterative_ratio(sizes: F32, n: int, variance: float) -> float:
    """Return the largest ratio from `n` sorted absolute differences [sigma]."""
    if n < 2:
        return np.nan
    typical = stage_typical(sizes, 0, n, 0)
    low, high = excess(sizes[0], typical), excess(sizes[n - 1], typical)
    return float((low if low > high else high) / sigma_of(typical, variance))


@borrowing_kernel
def single_pass_ratio(steps: F32, n: int, variance: float) -> float:
    """Do the same as `iterative_ratio` where all signed differences are compared at once.

    One of their ends is farthest off; with infinite ones a ratio may be no number.
    """
    if n < 1:
        return np.nan
    median = middle(steps, 0, n)
    sigma = sigma_of(median, variance)
    low = abs(np.float64(steps[0]) - median) / sigma
    high = abs(np.float64(steps[n - 1]) - median) / sigma
    return float(low if low > high or np.isnan(high) else high)


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
    settings: JumpSettings, row_values: RowScratch, scratch: PixelScratch, ratio: F32
) -> None:
    """Fill `ratio` (n_cols,) from a row whose jumps were found; NaN where there is none."""
    ordered, total = row_values.ordered, row_values.total
    n, iterative = len(ordered), settings.branch == ITERATIVE
    low, high, tied = median_places(n, iterative)
    ends, middles = (ordered[0], ordered[n - 1]), (ordered[low], ordered[high])
    factor = variance_factor(settings)
    _clean_ratios(ends, middles, row_values.noise2, factor, ratio)
    # What is not clean, or tied at the largest value, is never quiet.
    for k in range(list_marked(row_values.noisy, row_values.candidates)):
        col = row_values.candidates[k]
        pixel = candidate_at(col, settings, row_values)
        is_tied = not ordered[n - 1, col] > ordered[tied, col]
        if pixel.clean and total[col] < _LARGEST_SUM and not is_tied:
            continue
        n_usable = fill_sizes(pixel, row_values, scratch)
        if iterative:
            ratio[col] = iterative_ratio(scratch.sizes, n_usable, pixel.variance)
        else:
            ratio[col] = single_pass_ratio(scratch.sizes, n_usable, pixel.variance)
