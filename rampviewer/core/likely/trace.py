"""How the likelihood fit of one pixel decided about its differences."""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, I64, kernel
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.covariance import covariance_scales, set_covariance
from rampviewer.core.likely.jumps import FEW_DIFFERENCES, search_round
from rampviewer.core.likely.load import load_ramp
from rampviewer.core.likely.ramp import SQRT2, Calibration, calibration_of, guess_rate
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.work import LikelyWork, likely_work


class SearchTrace(NamedTuple):
    """The search for jumps, (n_ints, n_differences) each.

    A difference that stayed has the numbers of the last round, the fall being that without
    it alone; NaN where it was not in use, or too few were left for another round.
    """

    fall: F64  # of chi-square
    limit: F64  # what the fall was compared with
    order: I64  # 1, 2, ... in the order of leaving out, 0 where not left out


@kernel
def _trace_ramp(
    scale: float,
    pixel: Calibration,
    guess: float,
    settings: LikelySettings,
    work: LikelyWork,
    i: int,
    trace: SearchTrace,
) -> None:
    """Follow the search in the ramp in `work`, round by round."""
    pattern = settings.pattern
    set_covariance(guess, pixel.gain, pixel.read_noise, scale, pattern, work)
    for turn in range(work.diffs.size):
        now = search_round(scale, settings, work)
        for k in range(work.diffs.size):
            if work.drop[k] and trace.order[i, k] == 0:
                trace.order[i, k] = turn + 1
                trace.fall[i, k] = now.choice.fall
                trace.limit[i, k] = now.choice.limit
            elif now.n_dropped == 0 and work.use[k]:
                trace.fall[i, k] = now.chisq - work.chisq_one[k]
                trace.limit[i, k] = settings.threshold_one
        if now.n_dropped == 0 or now.n_left <= FEW_DIFFERENCES:
            return


@kernel
def _guesses(inputs: FitInputs, settings: LikelySettings, work: LikelyWork) -> F64:
    guesses = np.empty((inputs.sci.shape[0], 1))
    for i in range(guesses.shape[0]):
        load_ramp(inputs, i, 0, 0, settings, work)
        guesses[i, 0] = guess_rate(work)
    return guesses


@kernel
def _trace(
    inputs: FitInputs,
    guesses: F64,
    scales: F64,
    settings: LikelySettings,
    work: LikelyWork,
    trace: SearchTrace,
) -> None:
    pixel = calibration_of(inputs, 0, 0)
    for i in range(guesses.shape[0]):
        if not math.isnan(guesses[i, 0]):
            load_ramp(inputs, i, 0, 0, settings, work)
            _trace_ramp(scales[i, 0], pixel, guesses[i, 0], settings, work, i, trace)


def trace_search(inputs: FitInputs, settings: LikelySettings) -> SearchTrace:
    """Return how the fit of the first pixel of `inputs` came to leave differences out."""
    n_ints, n_differences = inputs.sci.shape[0], settings.pattern.delta_t.size
    work, shape = likely_work(n_ints, n_differences), (n_ints, n_differences)
    guesses = _guesses(inputs, settings, work)
    gain = inputs.gain[0, :1].astype(np.float64)
    noise = inputs.readnoise[0, :1].astype(np.float64) / SQRT2
    scales = covariance_scales(guesses, gain, noise, settings.pattern)
    trace = SearchTrace(
        np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64)
    )
    _trace(inputs, guesses, scales, settings, work, trace)
    return trace
