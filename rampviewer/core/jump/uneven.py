"""Jump detection where groups differ in distance or in number of reads.

Differences are compared as rates, each with a noise of its own, so that the most deviant
is not at an end of a sorted list. This path is plain and exact, and not made for speed.
"""

import math

import numpy as np

from rampviewer.core._jit import F32, F64, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import (
    limit_of,
    read_variance,
    sort_values,
    typical_size,
)
from rampviewer.core.jump.pixel_trace import PixelTrace, empty_trace
from rampviewer.core.jump.rates import median_rate, rates_of
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_PRIMARY = np.uint8(Origin.PRIMARY)


@kernel
def sigma_of_step(k: int, rate: float, variance: float, settings: JumpSettings) -> float:
    """Return the noise of a rate over the step `k` [electron/s]; NaN when it is 0.

    Parameters
    ----------
    rate : float
        What the others are compared with [electron/s].
    variance : float
        Of a difference of two single reads, by reading [electron^2].
    """
    step = settings.steps[k]
    total = abs(rate) * step + variance / (0.5 * settings.reads[k])
    sigma = math.sqrt(total) / step
    return sigma if sigma != 0.0 else np.nan


@kernel
def _record(
    p: int, typical: float, ratio: float, sigma: float, limit: float, trace: PixelTrace
) -> None:
    trace.ratio[p], trace.median[p] = ratio, typical
    trace.sigma[p], trace.limit[p] = sigma, limit


@kernel
def _stage(
    sizes: F64, stage: int, variance: float, settings: JumpSettings, trace: PixelTrace
) -> bool:
    """Remove the most deviant of `sizes`; return False when it is below the limit."""
    usable = sizes[~np.isnan(sizes)]
    n = usable.size
    sort_values(usable, n)
    typical = typical_size(usable, 0, n)
    if stage > 0:
        typical = np.float64(np.float32(typical))
    limit, largest = limit_of(n, settings), -1.0
    if n < 2:
        return False
    for p in range(sizes.size):
        if np.isnan(sizes[p]):
            continue
        k = p % (settings.steps.size + 1) - 1
        sigma = sigma_of_step(k, typical, variance, settings)
        ratio = np.float64(abs(np.float32(sizes[p] - typical))) / sigma
        _record(p, typical, ratio, sigma, limit, trace)
        largest = max(largest, ratio)
    if not largest > limit:
        return False
    for p in range(sizes.size):
        if not np.isnan(sizes[p]) and trace.ratio[p] == largest:
            trace.order[p], sizes[p] = stage + 1, np.nan
    return True


@kernel
def decide_uneven(
    rates: F64, variance: float, settings: JumpSettings, trace: PixelTrace
) -> None:
    """Fill a trace, but for its differences, with medians and sigmas [electron/s]."""
    if settings.branch == ITERATIVE:
        sizes, stage = np.abs(rates), 0
        while _stage(sizes, stage, variance, settings, trace):
            stage += 1
        return
    median = median_rate(rates)
    for p in range(rates.size):
        if not np.isnan(rates[p]):
            k = p % (settings.steps.size + 1) - 1
            sigma = sigma_of_step(k, median, variance, settings)
            ratio = abs(rates[p] - median) / sigma
            _record(p, median, ratio, sigma, settings.threshold, trace)
            trace.order[p] = int(np.isfinite(rates[p]) and ratio > settings.threshold)


@kernel
def first_ratio(trace: PixelTrace) -> float:
    """Return the largest ratio of the first stage [sigma]; NaN when nothing was compared.

    What stays has the ratio of the last stage, but the largest of the first is removed
    there, unless that is the last.
    """
    largest = np.nan
    for p in range(trace.order.size):
        decided_first = trace.order[p] == 1 or not np.any(trace.order)
        if decided_first and not trace.ratio[p] <= largest and not np.isnan(trace.ratio[p]):
            largest = trace.ratio[p]
    return largest


@kernel
def detect_row_uneven(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    place: tuple[int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
    out_ratio: F32,
    sources: I64,
) -> tuple[int, int]:
    """Do for a row what `candidates.detect_row` does, from the data themselves.

    Parameters
    ----------
    data : (n_planes, n_rows, n_cols) float32
        [DN]
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    out_ratio : (n_out, n_cols) float32
        Filled in the same row as `flags` and `origin`.
    """
    (gain, readnoise), (row, out_row) = noise, place
    n_planes, _, n_cols = data.shape
    kept = _JUMP if settings.keep_delivered else np.uint8(0)
    n_primary, n_sources = 0, 0
    for col in range(n_cols):
        delivered_here = delivered[:, row, col].copy()
        rates = rates_of(data[:, row, col] * gain[row, col], delivered_here, settings)
        variance = read_variance(readnoise[row, col], gain[row, col], 2.0)
        trace = empty_trace(n_planes)
        decide_uneven(rates, variance, settings, trace)
        if out_row >= 0:
            out_ratio[out_row, col] = first_ratio(trace)
        median = median_rate(rates)
        for p in range(n_planes):
            if trace.order[p] > 0 and out_row >= 0:
                flags[p, out_row, col] |= _JUMP
                origin[p, out_row, col] = _PRIMARY
            if trace.order[p] == 0 and not delivered_here[p] & kept:
                continue
            n_primary += out_row >= 0
            if settings.flag_neighbors and is_source(
                p, rates[p], median, variance, settings
            ):
                sources[n_sources] = p * n_cols + col
                n_sources += 1
    return n_primary, n_sources


@kernel
def is_source(
    plane: int, rate: float, median: float, variance: float, settings: JumpSettings
) -> bool:
    """Return whether a jump is of a size that flags its neighbours; NaN is not."""
    k = plane % (settings.steps.size + 1) - 1
    if np.isnan(rate):
        return False
    ratio = abs(rate - median) / sigma_of_step(k, median, variance, settings)
    return settings.min_to_neighbors < ratio < settings.max_to_neighbors
