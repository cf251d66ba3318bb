"""Why a rate is NaN or 0, in words."""

import math
from typing import Final

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.model.pixel_view import IntegrationView, PixelView

ERROR_CONVENTION: Final = (
    "The error of the exposure differs from that of its one integration by convention: "
    "over the segments, the exposure combines the variances of photons and of read noise "
    "each for itself, the integration combines their sum."
)


def why_rate(view: PixelView) -> str:
    """Return why the rate of the exposure is NaN or 0; "" when it is neither."""
    state = _state(view.slope)
    if not state:
        return ""
    reasons = {
        _reason(view, item) for item in view.integrations if _state(item.slope) == state
    }
    if len(reasons) == 1:
        return f"rate is {state}: {reasons.pop()}"
    return f"rate is {state}: no integration gave a slope, each for its own reason"


def why_integration(view: PixelView, integration: int) -> str:
    """Return why the slope of one integration is NaN or 0; "" when it is neither."""
    item = view.integrations[integration]
    state = _state(item.slope)
    return f"slope is {state}: {_reason(view, item)}" if state else ""


def differing_errors(view: PixelView) -> bool:
    """Return whether the one integration has another error than the exposure."""
    if len(view.integrations) != 1 or len(view.integrations[0].segments) < 2:
        return False
    pair = view.err, view.integrations[0].err
    return all(map(math.isfinite, pair)) and not math.isclose(*pair, rel_tol=1e-3)


def _state(slope: float) -> str:
    if math.isnan(slope):
        return "NaN"
    return "0" if slope == 0 else ""


def _reason(view: PixelView, item: IntegrationView) -> str:
    if not view.gain > 0:
        return f"the gain of this pixel is {view.gain:g}"
    if math.isnan(item.slope):
        return _why_nan(view, item)
    if item.segments:
        return _why_fitted_zero(item)
    if np.all(item.groupdq & Dq.JUMP_DET):
        return "every group is a jump"
    return "no groups in a row could be fitted"


def _why_fitted_zero(item: IntegrationView) -> str:
    fitted = np.array([item.is_fitted(group) for group in range(item.signal.size)])
    missing = np.isnan(item.signal) & fitted
    if not missing.any():
        return "the fit gave 0"
    if missing.sum() == fitted.sum():
        return "every datum of the fit is NaN, and a NaN datum counted as 0"
    return "the fit gave 0; a NaN datum counted as 0"


def _why_nan(view: PixelView, item: IntegrationView) -> str:
    saturated = np.flatnonzero(item.groupdq & Dq.SATURATED)
    unusable = (item.groupdq & (Dq.SATURATED | Dq.DO_NOT_USE)) != 0
    from_group = f"saturated from group {saturated[0]}" if saturated.size else ""
    if saturated.size and saturated[0] == 0:
        return from_group
    if unusable.all():
        if not saturated.size:
            return "every group is DO_NOT_USE"
        return f"{from_group}, the groups before it are DO_NOT_USE"
    if np.count_nonzero(item.groupdq == 0) == 1 and item.groupdq[0] == 0:
        parts = [from_group] if from_group else []
        return ", ".join([*parts, "one good group", "suppress_one_group"])
    if not view.readnoise > 0:
        return f"the read noise of this pixel is {view.readnoise:g}"
    return "the fit gave no finite slope"
