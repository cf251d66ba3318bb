"""Covariance matrix of the differences of one ramp."""

import numpy as np

from rampviewer.core._jit import F64, borrowing_kernel
from rampviewer.core.likely.settings import ReadPattern
from rampviewer.core.likely.work import LikelyWork

# Determinants are brought back to 1 after so many rows.
ROWS_PER_SCALING = 10


@borrowing_kernel
def set_covariance(
    rate: float,
    gain: float,
    read_noise: float,
    scale: float,
    pattern: ReadPattern,
    work: LikelyWork,
) -> None:
    """Write the covariance matrix, divided by its scale, to `work`.

    Parameters
    ----------
    rate : float
        Count rate that the photon noise is taken from [DN/s].
    gain : float
        [electron/DN]
    read_noise : float
        Of a single read [DN].
    scale : float
        From `covariance_scales`.
    """
    photons = rate / gain
    variance = read_noise * read_noise
    for k in range(work.diffs.size):
        work.alpha_photon[k] = photons * pattern.alpha_photon[k]
        noise = variance * pattern.alpha_read[k]
        work.alpha[k] = (work.alpha_photon[k] + noise) / scale
    for k in range(work.diffs.size - 1):
        work.beta_photon[k] = photons * pattern.beta_photon[k]
        noise = variance * pattern.beta_read[k]
        work.beta[k] = (work.beta_photon[k] + noise) / scale


def covariance_scales(rate: F64, gain: F64, read_noise: F64, pattern: ReadPattern) -> F64:
    """Return the numbers by which covariance matrices get the determinant 1.

    With one or two usable differences the reference decides on a jump from what rounding
    leaves of 0 / 0. Only the power function of numpy, which differs between processors and
    from that of compiled code in the last bit, leaves the same: hence this is no kernel.

    Parameters
    ----------
    rate : (n_ramps,) float64
        Count rate that the photon noise is taken from [DN/s].
    gain : (n_ramps,) float64
        [electron/DN]
    read_noise : (n_ramps,) float64
        Of a single read [DN].
    pattern : ReadPattern

    Returns
    -------
    scales : (n_ramps,) float64
        NaN where a determinant on the way is negative.
    """
    n = pattern.delta_t.size
    with np.errstate(all="ignore"):
        photons, variance = rate / gain, read_noise**2
        scale = before = np.ones(rate.shape)
        here = photons * pattern.alpha_photon[0] + variance * pattern.alpha_read[0]
        for i in range(2, n + 1):
            alpha = photons * pattern.alpha_photon[i - 1]
            alpha += variance * pattern.alpha_read[i - 1]
            beta = photons * pattern.beta_photon[i - 2]
            beta += variance * pattern.beta_read[i - 2]
            after = alpha / scale * here - beta**2 / scale**2 * before
            before, here = here, after
            if i % ROWS_PER_SCALING == 0 or i == n:
                factor = here ** (1 / i)
                scale = scale * factor
                before = before / (here / factor)
                here = np.ones(rate.shape)
    return scale
