"""How sigma clipping decided about one pixel."""

import numpy as np

from rampviewer.core._jit import F32, F64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.pixel_trace import PixelTrace, empty_trace
from rampviewer.core.jump.rates import rates_of
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.sigma_clip import clip_bounds

_JUMP = np.uint8(Dq.JUMP_DET)


@kernel
def _trace_set(rates: F64, s: int, settings: JumpSettings, trace: PixelTrace) -> None:
    """Decide about the samples that are compared with each other; `s` is their set."""
    n_groups, n = settings.steps.size + 1, 0
    samples, planes = np.empty(rates.size), np.empty(rates.size, np.int64)
    for p in range(rates.size):
        of_set = not settings.by_integration or p % n_groups - 1 == s
        if np.isfinite(rates[p]) and of_set:
            samples[n], planes[n] = rates[p], p
            n += 1
    lower, upper, center, sigma = clip_bounds(samples, n, settings.threshold)
    for p in planes[:n]:
        off = abs(rates[p] - center)
        trace.ratio[p] = off / sigma if off > 0.0 else 0.0
        trace.median[p], trace.sigma[p] = center, sigma
        trace.limit[p] = settings.threshold
        trace.order[p] = int(rates[p] < lower or rates[p] > upper)


@kernel
def trace_clip(
    signal: F32, groupdq: U8, noise: tuple[float, float], settings: JumpSettings
) -> PixelTrace:
    """Trace a pixel; the numbers are those of the last round, taken of what it left.

    A jump that goes because the whole group is flagged has the order 0.
    """
    n_groups = settings.steps.size + 1
    trace = empty_trace(signal.size)
    rates = rates_of(signal * np.float32(noise[0]), groupdq, settings)
    for s in range(n_groups - 1 if settings.by_integration else 1):
        _trace_set(rates, s, settings, trace)
    for p in range(signal.size):
        if settings.wiped[p] and groupdq[p] | _JUMP == _JUMP:
            trace.order[p] = 0
        if p % n_groups > 0:
            step = settings.steps[p % n_groups - 1]
            trace.difference[p] = rates[p] * step
            trace.median[p] *= step
            trace.sigma[p] *= step
    return trace
