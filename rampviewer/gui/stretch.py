"""How values become brightness: limits and stretches."""

from enum import StrEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

SAMPLE_SIZE: Final = 60_000  # values that limits and histogram are judged by
_N_ZSCALE = 3000
_MANY_ALIKE = 0.3  # share of pixels with one and the same value
_LOG_RANGE = 300.0
_BELOW_SKY = 2.5  # [sigma]
_ASINH_KNEE = 0.1


class Stretch(StrEnum):
    """Function from the place between the limits to brightness."""

    LINEAR = "linear"
    ASINH = "asinh"
    SQRT = "sqrt"
    LOG = "log"


class LimitsRule(StrEnum):
    """Where limits come from when they are computed."""

    ZSCALE = "zscale"
    PERCENTILE = "99.5 %"
    SKY = "from sky"
    MIN_MAX = "min/max"
    MANUAL = "manual"


class Limits(NamedTuple):
    """Values shown with the first and the last colour; always low < high, both finite."""

    low: float
    high: float


def stretched(fraction: F64, stretch: Stretch) -> F64:
    """Return brightness 0 to 1 for places 0 to 1 between the limits; same shape."""
    result: F64
    match stretch:
        case Stretch.LINEAR:
            result = fraction
        case Stretch.SQRT:
            result = np.sqrt(fraction)
        case Stretch.ASINH:
            result = np.arcsinh(fraction / _ASINH_KNEE) / np.arcsinh(1 / _ASINH_KNEE)
        case Stretch.LOG:
            result = np.log1p(_LOG_RANGE * fraction) / np.log1p(_LOG_RANGE)
    return result


def sample_of(values: NDArray[Any], bad: Mask | None = None) -> F64:
    """Return the values of a regular grid of pixels, without those that do not count.

    Parameters
    ----------
    values : (n_rows, n_cols) float32 or uint32
    bad : (n_rows, n_cols) bool, optional
        Pixels to leave out.

    Returns
    -------
    sample : (n,) float64
        At most about `SAMPLE_SIZE` finite values; empty when there is none.
    """
    # An odd step does not lock onto amplifiers or interleaved columns.
    step = int(np.ceil(np.sqrt(values.size / SAMPLE_SIZE))) | 1
    grid = values[step // 2 :: step, step // 2 :: step]
    good = np.isfinite(grid)
    if bad is not None:
        good &= ~bad[step // 2 :: step, step // 2 :: step]
    sample: F64 = grid[good].astype(np.float64)
    return sample


def limits_by(
    rule: LimitsRule, values: NDArray[Any], bad: Mask | None = None
) -> Limits | None:
    """Return the limits that a rule gives, or None when no value counts.

    zscale, percentile and sky judge a sample of the pixels, min/max all of them; the zscale
    of unsigned values, which are counts, starts at 0. `bad` is a mask like `values`; when
    it leaves nothing, every finite value counts.
    """
    exact = rule is LimitsRule.MIN_MAX
    sample = _ends_of(values, bad) if exact else sample_of(values, bad)
    if not sample.size:
        return limits_by(rule, values) if bad is not None else None
    if exact:
        low, high = sample
    elif rule is LimitsRule.PERCENTILE:
        low, high = np.percentile(sample, [0.25, 99.75])
    elif rule is LimitsRule.SKY:
        low, high = _from_sky(sample)
    elif values.dtype.kind == "u":  # counts, most of them 0: zscale finds no slope
        low, high = 0.0, max(3.0, np.percentile(sample, 99.9))
    else:
        low, high = _zscale(sample)
    return widened(float(low), float(high))


def widened(low: float, high: float) -> Limits:
    """Return limits that differ, in rising order, whatever the two values are."""
    low, high = min(low, high), max(low, high)
    least = 1e-6 * max(abs(low), abs(high), 1e-6)
    if high - low < least:
        half = 0.5 * max(1e-3 * abs(low), 1e-3) if low else 0.5
        return Limits(low - half, high + half)
    return Limits(low, high)


def _from_sky(sample: F64) -> tuple[float, float]:
    """Return limits from just below the background to nearly the brightest value."""
    # Sources make the upper half of the values wide; what is below the median is noise.
    below, typical, high = np.percentile(sample, [15.87, 50.0, 99.75])
    return float(typical - _BELOW_SKY * (typical - below)), float(high)


def _zscale(sample: F64) -> tuple[float, float]:
    from astropy.visualization import ZScaleInterval  # noqa: PLC0415 - slow to load

    typical = np.median(sample)
    far = np.abs(sample[sample != typical] - typical)
    if far.size < (1 - _MANY_ALIKE) * sample.size:
        # As in a difference: show around the one value how far the others are from it.
        span = np.percentile(far, 80) if far.size else 0.0
        return float(typical - span), float(typical + span)
    # Left to itself, ZScaleInterval would judge the beginning of the sample only.
    places = np.linspace(0, sample.size - 1, min(sample.size, _N_ZSCALE))
    even = sample[places.astype(np.intp)]
    low, high = ZScaleInterval(n_samples=_N_ZSCALE).get_limits(even)
    return float(low), float(high)


def _ends_of(values: NDArray[Any], bad: Mask | None) -> F64:
    good = np.isfinite(values)
    if bad is not None:
        good &= ~bad
    if not good.any():
        return np.empty(0)
    if values.dtype.kind == "f":
        low = values.min(where=good, initial=np.inf)
        high = values.max(where=good, initial=-np.inf)
    else:
        low, high = values[good].min(), values[good].max()
    return np.array([low, high], np.float64)
