"""How values become brightness: limits and stretches."""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Frame(Protocol):
    """An array (n_rows, n_cols), or what has values where it is asked for them."""

    @property
    def size(self) -> int: ...
    @property
    def dtype(self) -> np.dtype[Any]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, part: Any, /) -> Any: ...


Sample = Callable[[Frame, Mask | None], F64]

SAMPLE_SIZE: Final = 60_000  # values that limits and histogram are judged by
_N_ZSCALE = 3000
_MANY_ALIKE = 0.3  # share of pixels with one and the same value
_LOG_RANGE = 300.0
_BELOW_SKY = 2.5  # [sigma]
_ASINH_KNEE = 0.1
_BAND = 64  # rows


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


def sample_of(values: Frame, bad: Mask | None = None) -> F64:
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


class Sampler:
    """Takes the sample of a picture once, until it is told that values have changed."""

    def __init__(self) -> None:
        self._last: tuple[Frame, Mask | None, F64] | None = None

    def forget(self) -> None:
        """Take that values have changed, or are gone."""
        self._last = None

    def of(self, values: Frame, bad: Mask | None = None) -> F64:
        """Return the sample, see `sample_of`; nobody writes to it."""
        last = self._last
        if last is None or last[0] is not values or last[1] is not bad:
            self._last = last = (values, bad, sample_of(values, bad))
        return last[2]


def limits_by(
    rule: LimitsRule,
    values: Frame,
    bad: Mask | None = None,
    sample_of: Sample = sample_of,
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
        low, high = percentiles(sample, (0.25, 99.75))
    elif rule is LimitsRule.SKY:
        low, high = _from_sky(sample)
    elif values.dtype.kind == "u":  # counts, most of them 0: zscale finds no slope
        low, high = 0.0, max(3.0, *percentiles(sample, (99.9,)))
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


def percentiles(sample: F64, percents: Sequence[float]) -> list[float]:
    """Return the percentiles as `numpy.percentile`, which takes three times longer.

    Parameters
    ----------
    sample : (n,) float64
        Finite, at least one value.
    percents : sequence of float
        0 to 100.
    """
    places = [percent / 100 * (sample.size - 1) for percent in percents]
    lower = [math.floor(place) for place in places]
    upper = [min(low + 1, sample.size - 1) for low in lower]
    found = np.partition(sample, sorted({*lower, *upper}))
    return [
        float(found[low] + (found[high] - found[low]) * (place - low))
        for place, low, high in zip(places, lower, upper, strict=True)
    ]


def _from_sky(sample: F64) -> tuple[float, float]:
    """Return limits from just below the background to nearly the brightest value."""
    # Sources make the upper half of the values wide; what is below the median is noise.
    below, typical, high = percentiles(sample, (15.87, 50.0, 99.75))
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


def _ends_of(values: Frame, bad: Mask | None) -> F64:
    # Some rows at a time: a frame of intermediate results is slow to allocate.
    bands = (slice(row, row + _BAND) for row in range(0, len(values), _BAND))
    found = [
        _ends_of_band(values[rows], None if bad is None else bad[rows]) for rows in bands
    ]
    all_ends = np.array(list(filter(None, found)), np.float64)
    return np.array([all_ends.min(), all_ends.max()]) if all_ends.size else np.empty(0)


def _ends_of_band(values: NDArray[Any], bad: Mask | None) -> tuple[float, float] | None:
    if bad is not None and bad.any():
        values = values[~bad]
    if not values.size:
        return None
    low, high = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    if not (np.isfinite(low) and np.isfinite(high)):
        finite = values[np.isfinite(values)]
        return (float(finite.min()), float(finite.max())) if finite.size else None
    return float(low), float(high)
