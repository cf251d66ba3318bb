"""Differences left out of the fit of one ramp because of jumps."""

import math

import numpy as np

from rampviewer.core._jit import F64, U8, borrowing_kernel
from rampviewer.core.likely.omissions import omit
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.solution import chisq_of, solve
from rampviewer.core.likely.work import LikelyWork

# With no more left, there is no telling which of the differences is the odd one.
FEW_DIFFERENCES = 3


@borrowing_kernel
def _largest(values: F64, chisq: float, allowed: U8) -> float:
    """Return the largest fall of chi-square; NaN if one is NaN, 0 for one not allowed."""
    largest = -math.inf
    for k in range(values.size):
        fall = chisq - values[k]
        if k < allowed.size:
            fall *= allowed[k]
        if math.isnan(fall):
            return np.nan
        largest = max(largest, fall)
    return largest


@borrowing_kernel
def _choose(chisq: float, settings: LikelySettings, work: LikelyWork) -> float:
    """Mark in `work.drop` what to leave out next, and return the rate without it.

    NaN with nothing marked when nothing is to be left out.
    """
    n = work.diffs.size
    one, two = settings.threshold_one, settings.threshold_two
    pairs = settings.pattern.is_averaged
    best_one = _largest(work.chisq_one, chisq, pairs[:0])
    best_two = _largest(work.chisq_two[: n - 1], chisq, pairs)
    is_one = best_one - one > best_two - two
    best = best_one * (best_one > one) * is_one + best_two * (best_two > two) * (not is_one)
    work.drop[:] = 0
    if best == 0.0 or math.isnan(best):
        return np.nan
    rate = 0.0
    if is_one:
        for k in range(n):
            chosen = chisq - work.chisq_one[k] == best
            work.drop[k] |= chosen
            rate += work.rate_one[k] * chosen
        return rate
    for k in range(n - 1):
        chosen = chisq - work.chisq_two[k] == best
        work.drop[k] |= chosen
        work.drop[k + 1] |= chosen
        rate += work.rate_two[k] * chosen
    return rate


@borrowing_kernel
def leave_out_jumps(scale: float, settings: LikelySettings, work: LikelyWork) -> float:
    """Clear `work.use` where leaving a difference out improves the fit enough.

    Parameters
    ----------
    scale : float
        Of the covariance matrix in `work`, which stays the same throughout.

    Returns
    -------
    rate : float
        Count rate of what is left [DN/s].
    """
    rate = np.nan
    for turn in range(work.diffs.size):
        sums = solve(work)
        chisq = chisq_of(sums, scale)
        if turn == 0:
            rate = sums.data_ones * (1.0 / sums.ones_ones)
        omit(sums, chisq, scale, work)
        new_rate = _choose(chisq, settings, work)
        n_dropped = n_left = 0
        for k in range(work.diffs.size):
            n_dropped += work.drop[k]
            work.use[k] &= 1 - work.drop[k]
            n_left += work.use[k]
        if n_dropped == 0:
            break
        rate = rate * 0.0 + new_rate
        if n_left <= FEW_DIFFERENCES:
            break
    return rate
