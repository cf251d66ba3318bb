"""The line through one segment of a ramp."""

import math

from rampviewer.core._jit import F64, borrowing_kernel
from rampviewer.core.fit.coefficients import Coefficients, pair_offset, power_class
from rampviewer.core.fit.settings import Calibration


@borrowing_kernel
def read_variance(length: int, interval: float, calibration: Calibration) -> float:
    """Return the variance of a slope by read noise [(DN/s)^2].

    Parameters
    ----------
    length : int
        Groups of the segment; one group counts as two.
    interval : float
        Time from group to group, or of the only group [s].
    """
    gain = calibration.gain
    if length > 2 and (gain <= 0.0 or math.isnan(gain)):
        return 0.0
    n = float(max(length, 2))
    rate = calibration.noise / interval
    return 12.0 * rate * rate / ((n * n * n - n) * gain * gain)


@borrowing_kernel
def poisson_variance(
    length: int, interval: float, rate: float, calibration: Calibration
) -> float:
    """Return the variance of a slope by photon noise [(DN/s)^2].

    Parameters
    ----------
    length : int
        Groups of the segment; one group counts as two.
    interval : float
        As in `read_variance`.
    rate : float
        Typical rate of the pixel [DN/s]; a negative one adds nothing to the dark current.
    """
    arriving = calibration.dark_current
    if rate > 0.0:
        arriving += rate
    return arriving / (interval * calibration.gain * (max(length, 2) - 1.0))


@borrowing_kernel
def signal_to_noise(first: float, last: float, calibration: Calibration) -> float:
    """Return the ratio that chooses the weights of a segment, from its ends [DN]."""
    gain = calibration.gain
    signal = (last - first) * gain
    variance = calibration.noise * calibration.noise + signal
    if variance <= 0.0 or gain == 0.0:
        return 0.0
    return float(signal / math.sqrt(variance))


@borrowing_kernel
def weight_class(first: float, last: float, calibration: Calibration) -> int:
    """Return the class of weights for a segment from its first and last value [DN]."""
    return power_class(signal_to_noise(first, last, calibration))


@borrowing_kernel
def slope_of_class(
    c: int,
    ramp: F64,
    start: int,
    length: int,
    interval: float,
    calibration: Calibration,
    table: Coefficients,
) -> float:
    """Return what `segment_slope` does, with weights of class `c` where any are needed."""
    if length == 1:
        return float(ramp[start] / interval)
    last = start + length - 1
    if length == 2:
        return float((ramp[last] - ramp[start]) / interval)
    noise = calibration.noise
    if noise == 0.0 or not math.isfinite(noise):
        return math.nan
    offset = pair_offset(length)
    total = 0.0
    for k in range((length + 1) // 2):  # the middle group adds 0, or NaN if infinite
        late = ramp[last - k]
        early = ramp[start + k]
        if math.isnan(late):
            late = 0.0
        if math.isnan(early):
            early = 0.0
        total += table.pair[c, offset + k] * (late - early)
    # The sums of the reference are not defined for infinite data.
    return total / interval if math.isfinite(total) else math.nan


@borrowing_kernel
def segment_slope(
    ramp: F64,
    start: int,
    length: int,
    interval: float,
    calibration: Calibration,
    table: Coefficients,
) -> float:
    """Return the slope of the segment [DN/s]; NaN where the read noise is 0 or no number.

    Parameters
    ----------
    ramp : (n_groups,) float64
        [DN]; a NaN counts as 0 in a segment of three or more groups.
    start, length : int
        First group and number of groups.
    interval : float
        Time from group to group, or of the only group [s].
    """
    c = 0
    if length > 2:
        c = weight_class(ramp[start], ramp[start + length - 1], calibration)
    return slope_of_class(c, ramp, start, length, interval, calibration, table)
