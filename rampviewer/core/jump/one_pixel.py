"""The exact arithmetic of one pixel.

Image, live threshold, ramp panel and command line all decide with these functions. Where
they round to float32 and where they do not is part of the result: flags at the very
threshold depend on it.
"""

import math

import numpy as np

from rampviewer.core._jit import F32, F64, I64, borrowing_kernel
from rampviewer.core.jump.settings import JumpSettings

_GAPS = (301, 132, 57, 23, 10, 4, 1)


@borrowing_kernel
def sort_values(values: F32 | F64, n: int) -> None:
    """Sort values[:n] in place, smallest first; made for 2 to some hundred values."""
    for gap in _GAPS:
        for i in range(gap, n):
            value = values[i]
            j = i
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value


@borrowing_kernel
def middle(values: F32 | F64, low: int, high: int) -> float:
    """Return the median of the sorted values[low:high]; NaN when there is none."""
    n = high - low
    if n < 1:
        return np.nan
    return (np.float64(values[low + (n - 1) // 2]) + np.float64(values[low + n // 2])) / 2.0


@borrowing_kernel
def typical_size(sizes: F32 | F64, low: int, high: int) -> float:
    """Return the difference that jumps are compared with [electron].

    Parameters
    ----------
    sizes : (n,) float32
        Absolute differences, sorted [electron]; sizes[low:high] are still in use.

    Returns
    -------
    typical : float
        With four or more, the median of all but the largest (and its equals); the median
        of three; the smaller of two; NaN with fewer, or when all of them are equal.
    """
    n = high - low
    if n == 2:
        return np.float64(sizes[low])
    if n < 2:
        return np.nan
    if n >= 4:
        largest = sizes[high - 1]
        while high > low and sizes[high - 1] == largest:
            high -= 1
    return middle(sizes, low, high)


@borrowing_kernel
def squared_noise(readnoise: float, gain: float) -> np.float32:
    """Return the square of a CDS read noise [DN], in electrons, by gain [electron/DN]."""
    noise = np.float32(np.float32(readnoise) * np.float32(gain))
    return np.float32(noise * noise)


@borrowing_kernel
def variance_by_reading(noise2: np.float32, n_reads: float) -> float:
    """Return the variance of a difference by reading [electron^2].

    Parameters
    ----------
    noise2 : float32
        `squared_noise` of the pixel [electron^2].
    n_reads : float
        Reads in the two groups of the difference.
    """
    return np.float64(noise2) / (0.5 * n_reads)


@borrowing_kernel
def read_variance(readnoise: float, gain: float, n_reads: float) -> float:
    """Return `variance_by_reading` of a CDS read noise [DN] and gain [electron/DN]."""
    return variance_by_reading(squared_noise(readnoise, gain), n_reads)


@borrowing_kernel
def sigma_of(median: float, variance: float) -> float:
    """Return the noise of a difference [electron]; NaN, so never a jump, when it is 0."""
    sigma = math.sqrt(abs(median) + variance)
    return sigma if sigma != 0.0 else np.nan


@borrowing_kernel
def excess(size: float, typical: float) -> np.float32:
    """Return by how much a difference is off, rounded to float32 [electron]."""
    return abs(np.float32(np.float64(size) - typical))


@borrowing_kernel
def limit_of(n: int, settings: JumpSettings) -> float:
    """Return the threshold with `n` usable differences [sigma]; NaN below two."""
    if n >= 4:
        return settings.threshold
    if n == 3:
        return settings.threshold_3
    if n == 2:
        return settings.threshold_2
    return np.nan


@borrowing_kernel
def stage_typical(sizes: F32, low: int, high: int, stage: int) -> float:
    """Return `typical_size` as it is used at a stage, counted from 0 [electron]."""
    typical = typical_size(sizes, low, high)
    # Only the value of the first stage keeps its full precision.
    return typical if stage == 0 else np.float64(np.float32(typical))


@borrowing_kernel
def stage_ratio(
    sizes: F32, low: int, high: int, stage: int, variance: float
) -> tuple[float, np.float32, float]:
    """Return how deviant the most deviant of sizes[low:high] is, of two or more.

    Returns
    -------
    typical : float
        `stage_typical` [electron].
    largest : float32
        By how much it is off [electron].
    ratio : float
        That over the noise [sigma]; NaN where the noise is 0.
    """
    typical = stage_typical(sizes, low, high, stage)
    largest = max(excess(sizes[low], typical), excess(sizes[high - 1], typical))
    return typical, largest, np.float64(largest / sigma_of(typical, variance))


@borrowing_kernel
def remove_jumps(
    sizes: F32, n: int, variance: float, settings: JumpSettings, lows: I64, highs: I64
) -> int:
    """Remove the most deviant differences of a pixel one after the other.

    The most deviant of a sorted list stands at one of its ends, and equals go together,
    so what is left is always one range of the list.

    Parameters
    ----------
    sizes : (>= n,) float32
        Absolute usable differences of all integrations, sorted [electron].
    variance : float
        `read_variance` of the pixel [electron^2].
    lows, highs : (> n,) int64
        Filled: sizes[lows[r]:highs[r]] are in use after the removal number r, r = 0 is
        the start.

    Returns
    -------
    n_removals : int
    """
    low, high, stage = 0, n, 0
    lows[0], highs[0] = low, high
    while high - low >= 2:
        typical, largest, ratio = stage_ratio(sizes, low, high, stage, variance)
        if not ratio > limit_of(high - low, settings):
            break
        while high > low and excess(sizes[high - 1], typical) == largest:
            high -= 1
        while high > low and excess(sizes[low], typical) == largest:
            low += 1
        stage += 1
        lows[stage], highs[stage] = low, high
    return stage
