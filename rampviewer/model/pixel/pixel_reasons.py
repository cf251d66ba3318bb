"""Why a rate is NaN or 0, in words."""

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, describe
from rampviewer.model.pixel.pixel_view import IntegrationView, PixelView

ERROR_CONVENTION: Final = (
    "The error of the exposure differs from that of its one integration by convention: "
    "over the segments, the exposure combines the variances of photons and of read noise "
    "each for itself, the integration combines their sum."
)
_HUGE: Final = "1e6 (DN/s)^2 or more"  # variances that least squares writes as 0


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


def error_remarks(view: PixelView) -> Iterator[str]:
    """Yield which errors lack what least squares takes as 0 because it is large."""
    if any(item.likely is not None for item in view.integrations):
        return
    for i, item in enumerate(view.integrations):
        if item.err == 0 and abs(item.slope) > 0 and item.segments:
            yield f"int {i}: its error is written as 0, for its variance is {_HUGE}"
    parts = [part for item in view.integrations for part in item.segments]
    is_fitted = abs(view.slope) > 0 and any(part.var_poisson > 0 for part in parts)
    if view.var_poisson == 0 and is_fitted:
        yield (
            f"The error of the exposure holds read noise alone: its variance by photons is "
            f"{_HUGE}, and written as 0."
        )


def _state(slope: float) -> str:
    if math.isnan(slope):
        return "NaN"
    return "0" if slope == 0 else ""


def _reason(view: PixelView, item: IntegrationView) -> str:
    if math.isnan(item.slope):
        return _why_nan(view, item)
    if item.segments:
        return _why_fitted_zero(item)
    flags = _used(view, item.groupdq)
    if np.all(flags & Dq.JUMP_DET):
        return "every group is a jump"
    return f"no group is good: {describe(int(np.bitwise_or.reduce(flags)))}"


def _used(view: PixelView, values: NDArray[Any]) -> NDArray[Any]:
    """Return the part of a ramp that the fit may use."""
    if view.fit is None:
        return values
    return values[view.fit.first_group : view.fit.last_group + 1]


def _why_fitted_zero(item: IntegrationView) -> str:
    if item.var_rnoise == 0 and item.likely is None:
        return (
            f"its variance by read noise is {_HUGE}, "
            "from where on the fit takes it, and the slope with it, as 0"
        )
    fitted = np.array([item.is_fitted(group) for group in range(item.signal.size)])
    missing = np.isnan(item.signal) & fitted
    if not missing.any():
        return "the fit gave 0"
    if missing.sum() == fitted.sum():
        return "every datum of the fit is NaN, and a NaN datum counted as 0"
    return "the fit gave 0; a NaN datum counted as 0"


def _why_nan(view: PixelView, item: IntegrationView) -> str:
    reason = _why_pixel(view, item) or _why_no_group(view, item)
    if reason:
        return reason
    if not 0 < view.readnoise < math.inf:
        return f"the read noise of this pixel is {view.readnoise:g}"
    if np.any(np.isinf(_used(view, item.signal))):
        return "a datum is infinite"
    return _why_no_datum(item) or "the fit gave no finite slope"


def _why_no_datum(item: IntegrationView) -> str:
    """Return which datum a segment lacks that is too short to count it as 0."""
    for segment in item.segments:
        groups = np.arange(segment.first_group, segment.last_group + 1)
        missing = groups[np.isnan(item.signal[groups])]
        if math.isnan(segment.slope) and missing.size:
            return (
                f"the datum of group {missing[0]} is NaN, and a segment of one or two "
                "groups cannot do without"
            )
    return ""


def _why_pixel(view: PixelView, item: IntegrationView) -> str:
    """Return what keeps any ramp of the pixel from a slope, "" if nothing does."""
    if not view.gain > 0:
        return f"the gain of this pixel is {view.gain:g}"
    if view.fit is not None and view.fit.nothing:
        return "no ramp of this exposure can be fitted"
    bad = view.pixeldq & (Dq.DO_NOT_USE | Dq.SATURATED)
    if bad and item.likely is None:
        return f"PIXELDQ of this pixel is {describe(bad)}"
    return ""


def _why_no_group(view: PixelView, item: IntegrationView) -> str:
    """Return why no group is left to fit, "" when some is."""
    start = _first_existing(view)
    # Least squares asks that even of a group before firstgroup.
    if item.likely is None and item.groupdq[start] & Dq.SATURATED:
        return f"saturated from group {start}"
    first = 0 if view.fit is None else view.fit.first_group
    flags = _used(view, item.groupdq)
    saturated = np.flatnonzero(flags & Dq.SATURATED) + first
    from_group = [f"saturated from group {saturated[0]}"] if saturated.size else []
    if np.all(flags & (Dq.SATURATED | Dq.DO_NOT_USE)):
        if not saturated.size:
            return f"every group{_range_text(view, item)} is DO_NOT_USE"
        before = ["the groups before it are DO_NOT_USE"] if saturated[0] > first else []
        return ", ".join([*from_group, *before])
    if item.rules.suppressed:
        return ", ".join([*from_group, "one good group", "suppress_one_group"])
    return _why_not_likely(view, item)


def _first_existing(view: PixelView) -> int:
    """Return the first group that is not cut off."""
    trimmed = () if view.fit is None else view.fit.trimmed
    return next(group for group in range(len(trimmed) + 1) if group not in trimmed)


def _range_text(view: PixelView, item: IntegrationView) -> str:
    fit = view.fit
    if fit is None or (fit.first_group, fit.last_group) == (0, item.signal.size - 1):
        return ""
    return f" from {fit.first_group} to {fit.last_group}"


def _why_not_likely(view: PixelView, item: IntegrationView) -> str:
    """Return what the likelihood fit, which needs differences, cannot do without."""
    if item.likely is None:
        return ""
    good = _used(view, item.groupdq) == 0
    if not np.any(good[1:] & good[:-1]):
        return "no two groups in a row are good"
    missing = np.flatnonzero(np.isnan(item.signal)).tolist()
    if not missing:
        return ""
    return f"the datum of group {missing[0]} is NaN, which the likelihood fit cannot use"
