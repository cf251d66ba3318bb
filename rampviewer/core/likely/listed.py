"""The likelihood fit of a list of pixels, in the order of operations of the reference."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, I64, U8, kernel
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.combine import combine
from rampviewer.core.likely.covariance import covariance_scales
from rampviewer.core.likely.load import load_ramp
from rampviewer.core.likely.outputs import LikelyOutputs, store
from rampviewer.core.likely.ramp import (
    JUMP_DET,
    SQRT2,
    calibration_of,
    fit_ramp,
    flags_of_ramp,
    guess_rate,
    search_ramp,
)
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.work import LikelyWork, likely_work


class PixelList(NamedTuple):
    """Pixels of an exposure and how far their fits have come."""

    rows: I64  # (n_pixels,)
    cols: I64  # (n_pixels,)
    rates: F64  # (n_ints, n_pixels) that photon noise is taken from [DN/s]
    use: U8  # (n_ints, n_pixels, n_differences) 1 where used after the search for jumps


@kernel
def _guess(
    inputs: FitInputs, settings: LikelySettings, work: LikelyWork, pixels: PixelList
) -> None:
    for i in range(inputs.sci.shape[0]):
        for p in range(pixels.rows.size):
            load_ramp(inputs, i, pixels.rows[p], pixels.cols[p], settings, work)
            pixels.rates[i, p] = guess_rate(work)


@kernel
def _search(
    inputs: FitInputs,
    scales: F64,
    settings: LikelySettings,
    work: LikelyWork,
    pixels: PixelList,
) -> None:
    for p in range(pixels.rows.size):
        row, col = pixels.rows[p], pixels.cols[p]
        pixel = calibration_of(inputs, row, col)
        for i in range(inputs.sci.shape[0]):
            load_ramp(inputs, i, row, col, settings, work)
            guess = pixels.rates[i, p]
            pixels.rates[i, p] = search_ramp(guess, scales[i, p], pixel, settings, work)
            pixels.use[i, p, :] = work.use


@kernel
def _fit(
    inputs: FitInputs,
    scales: F64,
    settings: LikelySettings,
    work: LikelyWork,
    pixels: PixelList,
    out: LikelyOutputs,
) -> None:
    for p in range(pixels.rows.size):
        row, col = pixels.rows[p], pixels.cols[p]
        pixel = calibration_of(inputs, row, col)
        for i in range(inputs.sci.shape[0]):
            load_ramp(inputs, i, row, col, settings, work)
            for k in range(work.use.size):
                if work.use[k] != pixels.use[i, p, k]:
                    work.use[k] = 0
                    work.groupdq[k + 1] |= JUMP_DET
            fit_ramp(pixels.rates[i, p], scales[i, p], pixel, settings, work, i)
            work.dq[i] = flags_of_ramp(work, inputs.pixeldq[row, col])
        combine(work)
        store(work, row, col, out)


def fit_listed(
    inputs: FitInputs, rows: I64, cols: I64, settings: LikelySettings, out: LikelyOutputs
) -> U8:
    """Fit some pixels and write them to the planes.

    Parameters
    ----------
    inputs : FitInputs
    rows, cols : (n_pixels,) int64
    settings : LikelySettings
    out : LikelyOutputs

    Returns
    -------
    use : (n_ints, n_pixels, n_differences) uint8
        1 for each difference that the fit uses.
    """
    n_ints, n_differences = inputs.sci.shape[0], settings.pattern.delta_t.size
    work = likely_work(n_ints, n_differences)
    pixels = PixelList(
        rows,
        cols,
        np.empty((n_ints, rows.size)),
        np.empty((n_ints, rows.size, n_differences), np.uint8),
    )
    gain = inputs.gain[rows, cols].astype(np.float64)
    noise = inputs.readnoise[rows, cols].astype(np.float64) / SQRT2
    _guess(inputs, settings, work, pixels)
    scales = covariance_scales(pixels.rates, gain, noise, settings.pattern)
    _search(inputs, scales, settings, work, pixels)
    scales = covariance_scales(pixels.rates, gain, noise, settings.pattern)
    _fit(inputs, scales, settings, work, pixels, out)
    return pixels.use
