"""Which of many samples lie within some sigma of their median, clipped repeatedly.

`clip_bounds` is the exact arithmetic: mean and sigma depend, in their last digit, on the
order in which samples are added. `clip_sorted` is faster and gives up where that digit
could decide.
"""

import math

import numpy as np

from rampviewer.core._jit import F32, F64, borrowing_kernel, kernel
from rampviewer.core.jump.one_pixel import middle
from rampviewer.core.jump.selection import select

ROUNDS = 5  # after so many the last bounds stand
# Bounds of both ways differ by less than this x (1 + threshold) x n x largest sample.
ROUNDING = 1e3 * 2.3e-16
# Below this share of the mean square a variance has lost too many digits.
_LEAST_VARIANCE = 1e-3


@kernel
def clip_bounds(values: F64, n: int, threshold: float) -> tuple[float, float, float, float]:
    """Return the bounds of the last round, and its median and sigma.

    Parameters
    ----------
    values : (>= n,) float64
        Finite samples in the order of the exposure; rearranged.
    threshold : float
        [sigma]

    Returns
    -------
    lower, upper, center, sigma : float
        All NaN when there is no sample.
    """
    if n == 0:
        return np.nan, np.nan, np.nan, np.nan
    for _ in range(ROUNDS):
        center = select(values, n, n // 2)
        if n % 2 == 0:
            center = 0.5 * (center + select(values, n, n // 2 - 1))
        mean, square = 0.0, 0.0
        for i in range(n):
            mean += values[i]
        mean /= n
        for i in range(n):
            square += (values[i] - mean) * (values[i] - mean)
        sigma = math.sqrt(square / n)
        lower, upper = center - threshold * sigma, center + threshold * sigma
        n_left = 0
        for i in range(n):
            if lower <= values[i] <= upper:
                values[n_left] = values[i]
                n_left += 1
        if n_left in (0, n):
            break
        n = n_left
    return lower, upper, center, sigma


@borrowing_kernel
def _add(values: F32, center: F64, before: tuple[F64, F64], after: tuple[F64, F64]) -> None:
    (sums, squares), (next_sums, next_squares) = before, after
    for x in range(values.size):
        off = np.float64(values[x]) - center[x]
        next_sums[x] = sums[x] + off
        next_squares[x] = squares[x] + off * off


@kernel
def sum_outwards(values: F32, center: F64, sums: F64, squares: F64) -> None:
    """Fill the sums from the middle to each place, for some columns at once.

    Those of values[low:high] are sums[low] + sums[high] for every low <= n // 2 <= high.
    Extreme values enter last and spoil no digit of the sums without them.

    Parameters
    ----------
    values : (n, n_lanes) float32
        Columns sorted.
    center : (n_lanes,) float64
        Subtracted from each value of a column.
    sums, squares : (n + 1, n_lanes) float64
    """
    n, half = len(values), len(values) // 2
    for x in range(center.size):
        sums[half, x] = squares[half, x] = 0.0
    for k in range(half, n):
        after = sums[k + 1], squares[k + 1]
        _add(values[k], center, (sums[k], squares[k]), after)
    for k in range(half - 1, -1, -1):
        before = sums[k + 1], squares[k + 1]
        _add(values[k], center, before, (sums[k], squares[k]))


@borrowing_kernel
def places_within(
    values: F32, low: int, high: int, bounds: tuple[float, float], margin: float
) -> tuple[int, int]:
    """Return (first, stop) of the sorted values[low:high] within bounds, or (-1, -1).

    The latter when a value is nearer than `margin` to a bound, or none is within.
    """
    lower, upper = bounds
    first, stop = low, high
    while first < high and values[first] < lower:
        first += 1
    while stop > first and values[stop - 1] > upper:
        stop -= 1
    if first >= stop:
        return -1, -1
    clear = values[first] - lower > margin and upper - values[stop - 1] > margin
    if first > low:
        clear = clear and lower - values[first - 1] > margin
    if stop < high:
        clear = clear and values[stop] - upper > margin
    return (first, stop) if clear else (-1, -1)


@borrowing_kernel
def clip_sorted(
    values: F32, n: int, threshold: float, sums: F64, squares: F64
) -> tuple[int, int]:
    """Return (first, stop) of the sorted values[:n] that stay, or (-1, -1) if undecided.

    Parameters
    ----------
    values : (>= n,) float32
        Finite samples, sorted, and then nothing but infinite ones.
    n : int
    threshold : float
        [sigma]
    sums, squares : (values.size + 1,) float64
        Of `sum_outwards`.
    """
    low, high, half = 0, n, values.size // 2
    if n == 0:
        return -1, -1
    for _ in range(ROUNDS):
        count = high - low
        mean = (sums[low] + sums[high]) / count
        square = (squares[low] + squares[high]) / count
        variance = square - mean * mean
        if not (low <= half <= high and variance >= _LEAST_VARIANCE * square):
            return -1, -1
        center, reach = middle(values, low, high), threshold * math.sqrt(variance)
        bounds = center - reach, center + reach
        largest = max(abs(values[low]), abs(values[high - 1]))
        margin = ROUNDING * (1.0 + threshold) * count * largest
        first, stop = places_within(values, low, high, bounds, margin)
        if first < 0:
            return -1, -1
        if first == low and stop == high:
            break
        low, high = first, stop
    # The last bounds decide about all: a value clipped before may be within them.
    return places_within(values, 0, n, bounds, margin)


@kernel
def largest_ratio(values: F32, n: int) -> float:
    """Return how far the extremes of the sorted values[:n] are off their median [sigma].

    Nothing is clipped before. 0 when all are equal.
    """
    center, mean, square = middle(values, 0, n), 0.0, 0.0
    for i in range(n):
        mean += values[i]
    mean /= n
    for i in range(n):
        square += (values[i] - mean) * (values[i] - mean)
    largest = max(center - values[0], values[n - 1] - center)
    return largest / math.sqrt(square / n) if square > 0.0 else 0.0
