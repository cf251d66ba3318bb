"""Ramps that begin at 0, so that their shapes compare."""

from dataclasses import replace

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.model.pixel.pixel_view import IntegrationView, PixelView


def zero_group(item: IntegrationView) -> int | None:
    """Return the first good group: the first that is fitted or, if none is, unflagged."""
    finite = np.isfinite(item.signal)
    fitted = [s.first_group for s in item.segments if finite[s.first_group]]
    if fitted:
        return min(fitted)
    for bad in (~np.uint8(Dq.PERSISTENCE), np.uint8(Dq.DO_NOT_USE)):
        good = np.flatnonzero(finite & ((item.groupdq & bad) == 0))
        if good.size:
            return int(good[0])
    return None


def zero_level(item: IntegrationView) -> float:
    """Return the signal in the first good group [DN], 0 where there is none."""
    group = zero_group(item)
    return 0.0 if group is None else float(item.signal[group])


def from_zero(view: PixelView) -> PixelView:
    """Return the view with the ramp of each integration 0 in its first good group."""
    items = []
    for item in view.integrations:
        level = zero_level(item)
        segments = tuple(replace(s, intercept=s.intercept - level) for s in item.segments)
        signal = (item.signal.astype(np.float64) - level).astype(np.float32)
        items.append(replace(item, signal=signal, segments=segments))
    return replace(view, integrations=tuple(items))
