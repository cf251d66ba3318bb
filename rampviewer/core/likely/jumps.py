"""Differences left out of the fit of one ramp because of jumps."""

import math
from typing import NamedTuple

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


class Choice(NamedTuple):
    """What is to be left out next, one difference or two in a row."""

    rate: float  # without it [DN/s]; NaN when nothing is to be left out
    fall: float  # of chi-square
    limit: float  # that the fall is above


@borrowing_kernel
def _choose(chisq: float, settings: LikelySettings, work: LikelyWork) -> Choice:
    """Mark in `work.drop` what to leave out next; nothing when the rate is NaN."""
    n = work.diffs.size
    one, two = settings.threshold_one, settings.threshold_two
    pairs = settings.pattern.is_averaged
    best_one = _largest(work.chisq_one, chisq, pairs[:0])
    best_two = _largest(work.chisq_two[: n - 1], chisq, pairs)
    is_one = best_one - one > best_two - two
    best = best_one * (best_one > one) * is_one + best_two * (best_two > two) * (not is_one)
    work.drop[:] = 0
    if best == 0.0 or math.isnan(best):
        return Choice(np.nan, np.nan, np.nan)
    rate = 0.0
    if is_one:
        for k in range(n):
            chosen = chisq - work.chisq_one[k] == best
            work.drop[k] |= chosen
            rate += work.rate_one[k] * chosen
        return Choice(rate, best, one)
    for k in range(n - 1):
        chosen = chisq - work.chisq_two[k] == best
        work.drop[k] |= chosen
        work.drop[k + 1] |= chosen
        rate += work.rate_two[k] * chosen
    return Choice(rate, best, two)


class Round(NamedTuple):
    """One round of the search."""

    rate: float  # with all that was in use [DN/s]
    chisq: float  # likewise
    choice: Choice
    n_dropped: int
    n_left: int


@borrowing_kernel
def search_round(scale: float, settings: LikelySettings, work: LikelyWork) -> Round:
    """Clear `work.use` where leaving out a difference, or two, improves the fit most.

    Only if it does enough. `work.drop` marks what was chosen.

    Parameters
    ----------
    scale : float
        Of the covariance matrix in `work`, which stays the same throughout.
    """
    sums = solve(work)
    chisq = chisq_of(sums, scale)
    omit(sums, chisq, scale, work)
    choice = _choose(chisq, settings, work)
    n_dropped = n_left = 0
    for k in range(work.diffs.size):
        n_dropped += work.drop[k]
        work.use[k] &= 1 - work.drop[k]
        n_left += work.use[k]
    rate = sums.data_ones * (1.0 / sums.ones_ones)
    return Round(rate, chisq, choice, n_dropped, n_left)


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
        now = search_round(scale, settings, work)
        if turn == 0:
            rate = now.rate
        if now.n_dropped == 0:
            break
        rate = rate * 0.0 + now.choice.rate
        if now.n_left <= FEW_DIFFERENCES:
            break
    return rate
