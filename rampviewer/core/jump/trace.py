"""How jump detection decided about one pixel."""

import numpy as np

from rampviewer.core._jit import F32, U8, kernel
from rampviewer.core.jump.clip_trace import trace_clip
from rampviewer.core.jump.one_pixel import (
    excess,
    limit_of,
    read_variance,
    remove_jumps,
    sigma_of,
    stage_typical,
)
from rampviewer.core.jump.pixel_jumps import (
    PixelScratch,
    list_beyond,
    list_removed,
    pixel_scratch,
    reject_unusable,
    signed_median,
    sort_sizes,
    take_differences,
)
from rampviewer.core.jump.pixel_trace import PixelTrace, empty_trace
from rampviewer.core.jump.rates import rates_of
from rampviewer.core.jump.settings import (
    ITERATIVE,
    SIGMA_CLIP,
    TOO_FEW_GROUPS,
    JumpSettings,
)
from rampviewer.core.jump.uneven import decide_uneven


@kernel
def _record_stage(
    stage: int, typical: float, sigma: float, limit: float, trace: PixelTrace
) -> None:
    """Write the numbers of a stage to all differences that were still in use."""
    for k in range(trace.order.size):
        if (trace.order[k] and trace.order[k] <= stage) or np.isnan(trace.difference[k]):
            continue
        size = float(abs(trace.difference[k]))
        trace.ratio[k] = excess(size, typical) / sigma
        trace.median[k], trace.sigma[k], trace.limit[k] = typical, sigma, limit


@kernel
def _trace_iterative(
    variance: float, settings: JumpSettings, scratch: PixelScratch, trace: PixelTrace
) -> None:
    sizes, lows, highs = scratch.sizes, scratch.lows, scratch.highs
    n_usable = sort_sizes(scratch)
    n_removals = remove_jumps(sizes, n_usable, variance, settings, lows, highs)
    for stage in range(n_removals, 0, -1):
        n_jumps = list_removed(stage, scratch)
        trace.order[scratch.jumps[:n_jumps]] = stage
    for stage in range(n_removals + 1):
        n = highs[stage] - lows[stage]
        if n < 2:
            return
        typical = stage_typical(sizes, lows[stage], highs[stage], stage)
        sigma = sigma_of(typical, variance)
        _record_stage(stage, typical, sigma, limit_of(n, settings), trace)


@kernel
def _trace_single_pass(
    variance: float, settings: JumpSettings, scratch: PixelScratch, trace: PixelTrace
) -> None:
    median = signed_median(scratch)
    sigma = sigma_of(median, variance)
    n_jumps = list_beyond(median, sigma, settings, scratch)
    for k in range(trace.order.size):
        if not np.isnan(trace.difference[k]):
            trace.ratio[k] = abs(trace.difference[k] - median) / sigma
            trace.median[k], trace.sigma[k] = median, sigma
            trace.limit[k] = settings.threshold
    trace.order[scratch.jumps[:n_jumps]] = 1


@kernel
def trace_even(
    signal: F32, groupdq: U8, noise: tuple[float, float], settings: JumpSettings
) -> PixelTrace:
    """Trace a pixel where all groups are alike; `noise` is its gain and read noise."""
    gain, readnoise = noise
    trace, scratch = empty_trace(signal.size), pixel_scratch(signal.size)
    n_ints = signal.size // (settings.steps.size + 1)
    column = (signal * np.float32(gain)).reshape(-1, 1)
    take_differences(column, 0, n_ints, scratch.differences)
    reject_unusable(groupdq, scratch.differences)
    trace.difference[:] = scratch.differences
    variance = read_variance(readnoise, gain, settings.n_reads)
    if settings.branch == ITERATIVE:
        _trace_iterative(variance, settings, scratch, trace)
    elif settings.branch != TOO_FEW_GROUPS:
        _trace_single_pass(variance, settings, scratch, trace)
    return trace


@kernel
def trace_uneven(
    signal: F32, groupdq: U8, noise: tuple[float, float], settings: JumpSettings
) -> PixelTrace:
    """Do the same as `trace_even` for groups of any distance and number of reads."""
    gain, readnoise = noise
    trace = empty_trace(signal.size)
    rates = rates_of(signal * np.float32(gain), groupdq, settings)
    if settings.branch != TOO_FEW_GROUPS:
        decide_uneven(rates, read_variance(readnoise, gain, 2.0), settings, trace)
    for p in range(signal.size):
        k = p % (settings.steps.size + 1) - 1
        if k >= 0:
            trace.difference[p] = rates[p] * settings.steps[k]
            trace.median[p] *= settings.steps[k]
            trace.sigma[p] *= settings.steps[k]
    return trace


def trace_pixel(
    signal: F32, groupdq: U8, gain: float, readnoise: float, settings: JumpSettings
) -> PixelTrace:
    """Return how each difference of a pixel was decided.

    Parameters
    ----------
    signal : (n_ints x n_groups,) float32
        [DN]
    groupdq : (n_ints x n_groups,) uint8
        As delivered.
    gain : float32
        [electron/DN]
    readnoise : float32
        CDS read noise [DN].
    """
    # No kernel itself: each of the three is compiled when it is needed first.
    trace = trace_uneven if settings.uneven else trace_even
    if settings.branch == SIGMA_CLIP:
        trace = trace_clip
    noise = float(gain), float(readnoise)
    result: PixelTrace = trace(signal, groupdq, noise, settings)
    return result
