"""The fit of one ramp under a given covariance matrix.

The order of operations is that of the reference throughout: where hardly any difference is
usable, its decisions hang on the last bit.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.likely.settings import ReadPattern
from rampviewer.core.likely.work import (
    CHISQ,
    ERR,
    SLOPE,
    VAR_POISSON,
    VAR_RNOISE,
    LikelyWork,
)


class Sums(NamedTuple):
    """The data (d) and ones (1) between the inverse (V) of the covariance matrix."""

    data_data: float  # d V d
    data_ones: float  # d V 1
    ones_ones: float  # 1 V 1


@borrowing_kernel
def _determinants(work: LikelyWork) -> None:
    n, theta, phi = work.diffs.size, work.theta, work.phi
    theta[0], theta[1] = 1.0, work.alpha[0]
    for i in range(2, n + 1):
        squared = work.joined[i - 2] * work.joined[i - 2]
        theta[i] = work.alpha[i - 1] * theta[i - 1] - squared * theta[i - 2]
    phi[n], phi[n - 1] = 1.0, work.alpha[n - 1]
    for i in range(n - 2, -1, -1):
        squared = work.joined[i] * work.joined[i]
        phi[i] = work.alpha[i] * phi[i + 1] - squared * phi[i + 2]


@borrowing_kernel
def _partial_sums(work: LikelyWork) -> None:
    n, theta, phi, joined = work.diffs.size, work.theta, work.phi, work.joined
    forward, forward_data = work.sum_theta, work.sum_theta_data
    forward[0] = -theta[0]
    forward_data[0], forward_data[1] = 0.0, -work.masked[0] * theta[0]
    for i in range(1, n):
        sign = -1.0 if i % 2 == 0 else 1.0
        forward[i] = forward[i - 1] * joined[i - 1] + sign * theta[i]
        forward_data[i + 1] = (
            joined[i - 1] * forward_data[i] + sign * work.masked[i] * theta[i]
        )
    back, back_data = work.sum_phi, work.sum_phi_data
    back[n - 1] = back_data[n - 1] = 0.0
    for i in range(n - 2, -1, -1):
        sign = -1.0 if (i + 1) % 2 == 0 else 1.0
        back[i] = back[i + 1] * joined[i] + sign * joined[i] * phi[i + 2]
        back_data[i] = (back_data[i + 1] + sign * work.masked[i + 1] * phi[i + 2]) * joined[
            i
        ]


@borrowing_kernel
def solve(work: LikelyWork) -> Sums:
    """Solve for the ramp in `work` with the differences that `use` marks."""
    n, use = work.diffs.size, work.use
    for k in range(n):
        work.masked[k] = work.diffs[k] * use[k]
    for k in range(n - 1):
        work.joined[k] = work.beta[k] * use[k + 1] * use[k]
    _determinants(work)
    _partial_sums(work)
    theta, phi, det = work.theta, work.phi, work.theta[n]
    crossed = squared = data_ones = ones_ones = 0.0
    for k in range(n):
        sign = -1.0 if k % 2 == 0 else 1.0
        row_sum = sign / det * (phi[k + 1] * work.sum_theta[k] + theta[k] * work.sum_phi[k])
        work.row_sum[k] = row_sum * use[k]
        work.row_data[k] = (
            sign
            / det
            * (phi[k + 1] * work.sum_theta_data[k + 1] + theta[k] * work.sum_phi_data[k])
        )
        datum = work.masked[k]
        beta = 1.0 if k == 0 else work.joined[k - 1]
        crossed += datum * sign / det * beta * phi[k + 1] * work.sum_theta_data[k]
        squared += datum * datum * theta[k] * phi[k + 1] / det
        data_ones += datum * work.row_sum[k]
        ones_ones += work.row_sum[k]
    return Sums(2.0 * crossed + squared, data_ones, ones_ones)


@borrowing_kernel
def store_fit(
    sums: Sums,
    scale: float,
    read_noise: float,
    pattern: ReadPattern,
    work: LikelyWork,
    i: int,
) -> None:
    """Write the fit just solved to `work.fits[i]`."""
    poisson = poisson_beside = read = read_beside = before = 0.0
    variance = read_noise * read_noise
    for k in range(work.diffs.size):
        weight = work.row_sum[k] / sums.ones_ones
        poisson += weight * weight * work.alpha_photon[k]
        read += weight * weight * (variance * pattern.alpha_read[k])
        if k > 0:
            poisson_beside += weight * before * work.beta_photon[k - 1]
            read_beside += weight * before * (variance * pattern.beta_read[k - 1])
        before = weight
    fit = work.fits[i]
    fit[SLOPE] = sums.data_ones * (1.0 / sums.ones_ones)
    fit[VAR_POISSON] = poisson + 2.0 * poisson_beside
    fit[VAR_RNOISE] = read + 2.0 * read_beside
    fit[ERR] = np.sqrt(scale / sums.ones_ones)
    fit[CHISQ] = chisq_of(sums, scale)


@borrowing_kernel
def chisq_of(sums: Sums, scale: float) -> float:
    """Return chi-square of the fit."""
    squared = sums.data_ones * sums.data_ones
    return (sums.data_data - squared / sums.ones_ones) / scale
