"""The likelihood fit of one ramp, in the two halves before and after its jumps."""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.covariance import set_covariance
from rampviewer.core.likely.jumps import leave_out_jumps
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.solution import solve, store_fit
from rampviewer.core.likely.work import LikelyWork, insert_sorted

DO_NOT_USE = np.uint8(Dq.DO_NOT_USE)
SATURATED = np.uint8(Dq.SATURATED)
JUMP_DET = np.uint8(Dq.JUMP_DET)
SQRT2 = math.sqrt(2.0)


class Calibration(NamedTuple):
    """What the fit needs to know about a pixel besides its ramps."""

    gain: float  # [electron/DN]
    read_noise: float  # of a single read [DN]
    dark_current: float  # added to the rate that the photon noise is taken from


@borrowing_kernel
def calibration_of(inputs: FitInputs, row: int, col: int) -> Calibration:
    """Return what the planes hold about a pixel."""
    has_dark = inputs.dark_current.size > 0
    return Calibration(
        np.float64(inputs.gain[row, col]),
        np.float64(inputs.readnoise[row, col]) / SQRT2,
        np.float64(inputs.dark_current[row, col]) if has_dark else 0.0,
    )


@borrowing_kernel
def guess_rate(work: LikelyWork) -> float:
    """Return the median of all differences, used or not, or 0 if it is negative.

    NaN when there is nothing to fit: no difference is used, or any is NaN.
    """
    n = n_used = 0
    for k in range(work.diffs.size):
        if math.isnan(work.diffs[k]):
            return np.nan
        n = insert_sorted(work.diffs[k], n, work.ordered)
        n_used += work.use[k]
    if n_used == 0:
        return np.nan
    median: float = (work.ordered[(n - 1) // 2] + work.ordered[n // 2]) / 2.0
    return median * (median > 0.0)


@borrowing_kernel
def search_ramp(
    guess: float,
    scale: float,
    pixel: Calibration,
    settings: LikelySettings,
    work: LikelyWork,
) -> float:
    """Leave differences with jumps out of `work.use`.

    Parameters
    ----------
    guess : float
        From `guess_rate` [DN/s].
    scale : float
        Of the covariance matrix at that rate.

    Returns
    -------
    rate : float
        Count rate that the photon noise is to be taken from in the final fit [DN/s].
    """
    if math.isnan(guess):
        return np.nan
    pattern = settings.pattern
    set_covariance(guess, pixel.gain, pixel.read_noise, scale, pattern, work)
    rate = leave_out_jumps(scale, settings, work)
    return rate * (rate > 0.0) + pixel.dark_current


@borrowing_kernel
def fit_ramp(
    rate: float,
    scale: float,
    pixel: Calibration,
    settings: LikelySettings,
    work: LikelyWork,
    i: int,
) -> None:
    """Fit the ramp in `work` into `work.fits[i]`.

    Parameters
    ----------
    rate : float
        From `search_ramp` [DN/s].
    scale : float
        Of the covariance matrix at that rate.
    """
    if math.isnan(rate):
        work.fits[i, :] = np.nan
        return
    pattern, noise = settings.pattern, pixel.read_noise
    set_covariance(rate, pixel.gain, noise, scale, pattern, work)
    store_fit(solve(work), scale, noise, pattern, work, i)


@borrowing_kernel
def flags_of_ramp(work: LikelyWork, pixeldq: np.uint32) -> np.uint32:
    """Return the flags of an integration: those of the pixel and what its groups add."""
    is_unusable, seen = True, np.uint8(0)
    for g in range(work.groupdq.size):
        is_unusable &= work.groupdq[g] & (SATURATED | DO_NOT_USE) != 0
        seen |= work.groupdq[g]
    flags = pixeldq | np.uint32(seen & (SATURATED | JUMP_DET))
    return flags | np.uint32(DO_NOT_USE) if is_unusable else flags
