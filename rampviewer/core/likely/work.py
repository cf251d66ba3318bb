"""Room for the likelihood fit of one pixel after the other."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, U8, U32, borrowing_kernel, kernel

SLOPE, VAR_POISSON, VAR_RNOISE, ERR, CHISQ = range(5)
N_VALUES = 5


class LikelyWork(NamedTuple):
    """The ramp of one integration, what its fit needs, and the fits of all integrations.

    Arrays are (n_differences,) float64 if nothing else is said.
    """

    signal: F32  # (n_differences + 1,) [DN]
    groupdq: U8  # (n_differences + 1,)
    use: U8  # 1 for each difference the fit uses
    diffs: F64  # [DN/s]
    masked: F64  # `diffs`, 0 where not used
    alpha: F64  # diagonal of the covariance matrix, scaled
    beta: F64  # what is beside it
    alpha_photon: F64  # photon noise in `alpha`, not scaled [(DN/s)^2]
    beta_photon: F64
    joined: F64  # `beta`, 0 where one of the two differences is not used
    theta: F64  # (n_differences + 1,) determinants of the leading blocks
    phi: F64  # (n_differences + 1,) determinants of the trailing blocks
    sum_theta: F64
    sum_theta_data: F64  # (n_differences + 1,)
    sum_phi: F64
    sum_phi_data: F64
    row_sum: F64  # sums over the rows of the inverse of the covariance matrix
    row_data: F64  # the inverse times the data
    inverse: F64  # its diagonal
    beside: F64  # (n_differences - 1,) beside its diagonal
    rate_one: F64  # [DN/s] without each difference
    chisq_one: F64
    rate_two: F64  # (n_differences - 1,) without each and the next
    chisq_two: F64
    drop: U8  # differences to leave out next
    fits: F32  # (n_ints + 1, N_VALUES) last: of the whole exposure
    dq: U32  # (n_ints + 1,)
    ordered: F64  # room to sort in
    terms: F32  # (3, n_ints) room to combine integrations in


@borrowing_kernel
def insert_sorted(value: float, n: int, ordered: F64) -> int:
    """Add a value to the `n` sorted ones at the start of `ordered`; return n + 1."""
    k = n
    while k > 0 and ordered[k - 1] > value:
        ordered[k] = ordered[k - 1]
        k -= 1
    ordered[k] = value
    return n + 1


@kernel
def likely_work(n_ints: int, n_differences: int) -> LikelyWork:
    """Return room for pixels with so many integrations and differences."""
    n = n_differences
    return LikelyWork(
        np.empty(n + 1, np.float32),
        np.empty(n + 1, np.uint8),
        np.empty(n, np.uint8),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n + 1),
        np.empty(n + 1),
        np.empty(n),
        np.empty(n + 1),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n, np.uint8),
        np.empty((n_ints + 1, N_VALUES), np.float32),
        np.empty(n_ints + 1, np.uint32),
        np.empty(max(n, n_ints)),
        np.empty((3, n_ints), np.float32),
    )
