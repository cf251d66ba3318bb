"""The integrations of one pixel, combined."""

import math

import numpy as np

from rampviewer.core._jit import F32, borrowing_kernel
from rampviewer.core.dq import Dq
from rampviewer.core.likely.work import (
    CHISQ,
    ERR,
    SLOPE,
    VAR_POISSON,
    VAR_RNOISE,
    LikelyWork,
    insert_sorted,
)

DO_NOT_USE = np.uint32(Dq.DO_NOT_USE)
ZERO, ONE, NAN = np.float32(0), np.float32(1), np.float32(np.nan)


@borrowing_kernel
def _median(n_ints: int, work: LikelyWork) -> np.float32:
    """Return the median slope, NaN ones apart."""
    n = 0
    for i in range(n_ints):
        if not math.isnan(work.fits[i, SLOPE]):
            n = insert_sorted(work.fits[i, SLOPE], n, work.ordered)
    if n == 0:
        return NAN
    low, high = work.ordered[(n - 1) // 2], work.ordered[n // 2]
    return (np.float32(low) + np.float32(high)) / np.float32(2)


@borrowing_kernel
def _sum(values: F32) -> np.float32:
    """Return the sum of what is not NaN; NaN when nothing is."""
    total, n = ZERO, 0
    for value in values:
        if not math.isnan(value):
            total += value
            n += 1
    return total if n > 0 else NAN


@borrowing_kernel
def _weigh(slope: np.float32, fits: F32, poisson: F32, weights: F32) -> None:
    """Write the photon noise each integration has at the common slope, and its weight."""
    n_ints, total = weights.size, ZERO
    for i in range(n_ints):
        ratio = slope / fits[i, SLOPE]
        if not math.isfinite(ratio) or ratio < ZERO:
            ratio = ZERO
        poisson[i] = fits[i, VAR_POISSON] * ratio
        weights[i] = ONE / (poisson[i] + fits[i, VAR_RNOISE])
        if not math.isnan(weights[i]):
            total += weights[i]
    for i in range(n_ints):
        weights[i] /= total


@borrowing_kernel
def _combined_flags(work: LikelyWork, n_ints: int) -> np.uint32:
    any_of, all_of = np.uint32(0), DO_NOT_USE
    for i in range(n_ints):
        any_of |= work.dq[i]
        all_of &= work.dq[i]
    return (any_of & ~DO_NOT_USE) | all_of


@borrowing_kernel
def combine(work: LikelyWork) -> None:
    """Write fit and flags of the exposure behind those of its integrations.

    All in single precision, as the planes of the integrations are.
    """
    n_ints = work.dq.size - 1
    fits, out = work.fits, work.fits[n_ints]
    if n_ints == 1:
        for k in range(out.size):
            out[k] = fits[0, k]
        work.dq[1] = work.dq[0]
        return
    poisson, weights, terms = work.terms[0], work.terms[1], work.terms[2]
    slope = _median(n_ints, work)
    for _ in range(2):
        _weigh(slope, fits, poisson, weights)
        for i in range(n_ints):
            terms[i] = fits[i, SLOPE] * weights[i]
        slope = _sum(terms)
    out[SLOPE] = slope
    for i in range(n_ints):
        terms[i] = poisson[i] * (weights[i] * weights[i])
    out[VAR_POISSON] = _sum(terms)
    for i in range(n_ints):
        terms[i] = fits[i, VAR_RNOISE] * (weights[i] * weights[i])
    out[VAR_RNOISE] = _sum(terms)
    out[ERR] = np.sqrt(out[VAR_POISSON] + out[VAR_RNOISE])
    out[CHISQ] = ZERO
    for i in range(n_ints):
        out[CHISQ] += fits[i, CHISQ]
    work.dq[n_ints] = _combined_flags(work, n_ints)
