"""How the fit of a ramp changes when one difference, or two in a row, is left out.

In the order of operations of the reference, see `solution`.
"""

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.likely.solution import Sums
from rampviewer.core.likely.work import LikelyWork


@borrowing_kernel
def _omit_one(sums: Sums, scale: float, work: LikelyWork) -> None:
    total, mixed, square = sums.ones_ones, sums.data_ones, sums.data_data
    for k in range(work.diffs.size):
        inv, row, data = work.inverse[k], work.row_sum[k], work.row_data[k]
        a = (inv * mixed - data * row) / (total * inv - row * row)
        b = (data - a * row) / inv
        work.rate_one[k] = a
        chisq = square + a * a * total - 2.0 * a * mixed + b * b * inv
        chisq = chisq - 2.0 * b * data + 2.0 * a * b * row
        work.chisq_one[k] = chisq / scale


@borrowing_kernel
def _omit_two(sums: Sums, scale: float, work: LikelyWork) -> None:
    total, mixed, square = sums.ones_ones, sums.data_ones, sums.data_data
    for k in range(work.diffs.size - 1):
        inv0, row0, data0 = work.inverse[k], work.row_sum[k], work.row_data[k]
        inv1, row1, data1 = work.inverse[k + 1], work.row_sum[k + 1], work.row_data[k + 1]
        beside = work.beside[k]
        f0 = row0 * row0 - total * inv0
        f01 = row0 * row1 - total * beside
        g0 = mixed * row0 - data0 * total
        c = g0 / f0 - (mixed * row1 - data1 * total) / f01
        c /= f01 / f0 - (row1 * row1 - total * inv1) / f01
        b = (g0 - c * f01) / f0
        a = (mixed - b * row0 - c * row1) / total
        work.rate_two[k] = a
        chisq = square + a * a * total + b * b * inv0 + c * c * inv1
        chisq -= 2.0 * a * mixed + 2.0 * b * data0 + 2.0 * c * data1
        chisq += 2.0 * a * b * row0 + 2.0 * a * c * row1 + 2.0 * b * c * beside
        work.chisq_two[k] = chisq / scale


@borrowing_kernel
def _fill_omitted(rate: float, chisq: float, work: LikelyWork) -> None:
    """Let a difference not be left out twice: take the fits with fewer left out."""
    n, use = work.diffs.size, work.use
    for k in range(n):
        if use[k] == 0:
            work.rate_one[k], work.chisq_one[k] = rate, chisq
    for k in range(n - 1):
        if use[k + 1] == 0:
            work.rate_two[k], work.chisq_two[k] = work.rate_one[k], work.chisq_one[k]
        if use[k] == 0:
            work.rate_two[k] = work.rate_one[k + 1]
            work.chisq_two[k] = work.chisq_one[k + 1]


@borrowing_kernel
def omit(sums: Sums, chisq: float, scale: float, work: LikelyWork) -> None:
    """Write rate and chi-square without each difference, and each pair, to `work`.

    `work` and `sums` are as `solve` left them.
    """
    n, theta, phi = work.diffs.size, work.theta, work.phi
    for k in range(n):
        work.inverse[k] = theta[k] * phi[k + 1] / theta[n] * work.use[k]
    for k in range(n - 1):
        work.beside[k] = -work.joined[k] * theta[k] * phi[k + 2] / theta[n]
    _omit_one(sums, scale, work)
    _omit_two(sums, scale, work)
    _fill_omitted(sums.data_ones * (1.0 / sums.ones_ones), chisq, work)
