"""Read noise of ramps that lost groups to charge migration."""

import numpy as np

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.line import read_variance
from rampviewer.core.fit.segments import find_segments
from rampviewer.core.fit.settings import Calibration, FitSettings
from rampviewer.core.fit.work import VAR_RNOISE, RampWork, lone_group_time

LARGE_VARIANCE = 1e6  # [(DN/s)^2]; from here on a variance is reported as 0
CHARGELOSS = np.uint8(Dq.CHARGELOSS)
REJECTED = np.uint8(Dq.CHARGELOSS | Dq.DO_NOT_USE)  # both are set by the step that flags it


@borrowing_kernel
def inverse_read_variance(
    i: int, calibration: Calibration, settings: FitSettings, work: RampWork
) -> float:
    """Return the inverse read variance as if no group were lost [(DN/s)^-2]."""
    given = work.given[i]
    for g in range(given.size):
        if given[g] & CHARGELOSS:
            given[g] ^= REJECTED
    n_segments, _ = find_segments(given, work.spare_starts, work.spare_stops)
    total = 0.0
    for k in range(n_segments):
        length = work.spare_stops[k] - work.spare_starts[k]
        interval = settings.group_time
        if length == 1:
            interval = lone_group_time(i, settings, work)
        variance = read_variance(length, interval, calibration)
        if variance > 0.0:
            total += 1.0 / variance
    return total


@borrowing_kernel
def redo_read_variance(
    calibration: Calibration, settings: FitSettings, work: RampWork
) -> None:
    """Replace the read variances of a pixel with CHARGELOSS; `given` is used up.

    Groups rejected for charge loss say nothing about the read noise, so the variance is
    that of the ramp with them. Slopes and errors stay.
    """
    total = 0.0
    for i in range(work.dq.shape[0]):
        fit = work.fits[i]
        if work.seen[i] & CHARGELOSS:
            inverse = inverse_read_variance(i, calibration, settings, work)
            fit[VAR_RNOISE] = 1.0 / inverse
            if fit[VAR_RNOISE] >= LARGE_VARIANCE:
                fit[VAR_RNOISE] = 0.0
            total += inverse
        elif fit[VAR_RNOISE] > 0.0:
            total += 1.0 / fit[VAR_RNOISE]
    exposure = work.fits[-1]
    if total > 0.0:
        exposure[VAR_RNOISE] = 1.0 / total
    if exposure[VAR_RNOISE] >= LARGE_VARIANCE:
        exposure[VAR_RNOISE] = 0.0
