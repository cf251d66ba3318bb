"""The fit of one pixel: the arithmetic that every other way of fitting relies on."""

import math

import numpy as np

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.chargeloss import LARGE_VARIANCE, redo_read_variance
from rampviewer.core.fit.coefficients import Coefficients
from rampviewer.core.fit.line import poisson_variance, read_variance, segment_slope
from rampviewer.core.fit.load import SATURATED, load_calibration, load_ramp
from rampviewer.core.fit.median import median_rate
from rampviewer.core.fit.row_data import RowData
from rampviewer.core.fit.segments import find_segments
from rampviewer.core.fit.settings import Calibration, FitSettings
from rampviewer.core.fit.work import (
    ERR,
    SLOPE,
    VAR_POISSON,
    VAR_RNOISE,
    RampWork,
    lone_group_time,
)

CHARGELOSS = np.uint8(Dq.CHARGELOSS)
CARRIED = np.uint8(Dq.JUMP_DET | Dq.PERSISTENCE)  # group flags that the rate inherits
UNUSABLE = np.uint32(Dq.DO_NOT_USE | Dq.SATURATED)
DO_NOT_USE_32 = np.uint32(Dq.DO_NOT_USE)
SATURATED_32 = np.uint32(Dq.SATURATED)


@borrowing_kernel
def typical_rate(settings: FitSettings, work: RampWork) -> float:
    """Return the mean over the integrations of their median rates [DN/s]."""
    n_ints, n_groups = work.dq.shape
    total = 0.0
    for i in range(n_ints):
        if n_groups == 1:
            total += work.ramp[i, 0] / settings.first_group_time
            continue
        if work.single[i]:
            rate = work.ramp[i, 0] / lone_group_time(i, settings, work)
        else:
            rate = median_rate(work.ramp[i], work.dq[i], settings.group_time, work.ordered)
        if not math.isnan(rate):
            total += rate
    return float(total / n_ints)


@borrowing_kernel
def inverse(total: float) -> float:
    """Return 1 / total where that is positive and not huge, a NaN as it is, else 0."""
    value = 1.0 / total if total > 0.0 else total
    return 0.0 if value >= LARGE_VARIANCE or value < 0.0 else value


@borrowing_kernel
def fit_segments(
    i: int,
    rate: float,
    calibration: Calibration,
    settings: FitSettings,
    table: Coefficients,
    work: RampWork,
) -> tuple[float, float, float, float]:
    """Return sums over the segments of integration `i`.

    They are slope / read variance, and the inverses of the read, Poisson and total
    variance.
    """
    weighted = 0.0
    inverse_read = 0.0
    inverse_poisson = 0.0
    inverse_total = 0.0
    ramp = work.ramp[i]
    for k in range(work.n_fitted[i]):
        start = work.starts[i, k]
        length = work.stops[i, k] - start
        interval = settings.group_time
        if length == 1:
            interval = lone_group_time(i, settings, work)
        slope = segment_slope(ramp, start, length, interval, calibration, table)
        read = read_variance(length, interval, calibration)
        poisson = poisson_variance(length, interval, rate, calibration)
        inverse_read += 1.0 / read
        if poisson > 0.0:
            inverse_poisson += 1.0 / poisson
        inverse_total += 1.0 / (read + poisson)
        weighted += slope / read
    return weighted, inverse_read, inverse_poisson, inverse_total


@borrowing_kernel
def fit_integration(
    i: int,
    rate: float,
    calibration: Calibration,
    settings: FitSettings,
    table: Coefficients,
    work: RampWork,
) -> None:
    """Fit integration `i`; add its sums to those of the exposure, the last of `fits`."""
    fit = work.fits[i]
    fit[:] = 0.0
    work.n_fitted[i] = 0
    work.n_counted[i] = 0
    n_groups = work.dq.shape[1]
    if work.dq[i, 0] & SATURATED:
        work.flags[i] |= UNUSABLE
    else:
        counts = find_segments(work.dq[i], work.starts[i], work.stops[i])
        work.n_fitted[i], work.n_counted[i] = counts
    if work.n_unusable[i] == n_groups:
        work.flags[i] |= DO_NOT_USE_32
        if work.n_saturated[i] == n_groups:
            work.flags[i] |= SATURATED_32
    elif work.n_counted[i] > 0:
        sums = fit_segments(i, rate, calibration, settings, table, work)
        exposure = work.fits[-1]
        exposure[SLOPE] += sums[0]
        exposure[VAR_RNOISE] += sums[1]
        exposure[VAR_POISSON] += sums[2]
        if work.flags[i] & UNUSABLE == 0:
            fit[VAR_POISSON] = inverse(sums[2])
            fit[VAR_RNOISE] = 1.0 / sums[1]
            if fit[VAR_RNOISE] >= LARGE_VARIANCE:
                fit[VAR_RNOISE] = 0.0
            fit[SLOPE] = sums[0] * fit[VAR_RNOISE]
            variance = 1.0 / sums[3]
            fit[ERR] = 0.0 if variance > LARGE_VARIANCE else math.sqrt(variance)
    if work.flags[i] & UNUSABLE:
        fit[SLOPE] = math.nan


@borrowing_kernel
def finish_exposure(n_dead: int, n_saturated: int, work: RampWork) -> None:
    """Turn the sums over all segments into the rate of the exposure."""
    n_ints = work.dq.shape[0]
    fit = work.fits[-1]
    if n_dead == n_ints:
        work.flags[-1] |= DO_NOT_USE_32
    if n_saturated == n_ints:
        work.flags[-1] |= SATURATED_32
    if work.flags[-1] & UNUSABLE:
        fit[:] = 0.0
        fit[SLOPE] = math.nan
        return
    fit[VAR_POISSON] = inverse(fit[VAR_POISSON])
    fit[VAR_RNOISE] = inverse(fit[VAR_RNOISE])
    fit[ERR] = math.sqrt(fit[VAR_POISSON] + fit[VAR_RNOISE])
    fit[SLOPE] *= fit[VAR_RNOISE]


@borrowing_kernel
def fit_loaded(
    rate: float,
    calibration: Calibration,
    settings: FitSettings,
    table: Coefficients,
    work: RampWork,
) -> None:
    """Fit the pixel whose ramps are in `work`; fill its `fits` and `flags`."""
    n_ints = work.dq.shape[0]
    work.flags[:] = np.uint32(calibration.pixeldq)
    work.fits[-1, :] = 0.0
    n_dead = 0
    n_saturated = 0
    seen = np.uint8(0)
    for i in range(n_ints):
        work.flags[i] |= np.uint32(work.seen[i] & CARRIED)
        fit_integration(i, rate, calibration, settings, table, work)
        n_dead += work.flags[i] & DO_NOT_USE_32 != 0
        n_saturated += work.flags[i] & SATURATED_32 != 0
        seen |= work.seen[i]
    work.flags[-1] |= np.uint32(seen & CARRIED)
    finish_exposure(n_dead, n_saturated, work)
    # Saturation of a part of the ramp is marked last: it must not take the rate away.
    for i in range(n_ints):
        if work.n_saturated[i] > 0:
            work.flags[i] |= SATURATED_32
            work.flags[-1] |= SATURATED_32
    if seen & CHARGELOSS:
        redo_read_variance(calibration, settings, work)


@borrowing_kernel
def fit_one(
    row: RowData,
    col: int,
    rate: float,
    settings: FitSettings,
    table: Coefficients,
    work: RampWork,
) -> float:
    """Load and fit pixel `col` of a row.

    Parameters
    ----------
    rate : float
        The typical rate of the pixel if it is known, else NaN [DN/s].

    Returns
    -------
    rate : float
        The typical rate [DN/s].
    """
    for i in range(work.dq.shape[0]):
        load_ramp(row, i, col, settings, work)
    calibration = load_calibration(row, col, settings)
    if math.isnan(rate):
        rate = typical_rate(settings, work)
    fit_loaded(rate, calibration, settings, table, work)
    return rate
