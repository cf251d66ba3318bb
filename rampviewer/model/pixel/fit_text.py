"""How the rate of a pixel was fitted, as plain text."""

import math
from collections.abc import Iterator

import numpy as np

from rampviewer.core.dq import describe
from rampviewer.model.pixel.flag_text import ranges_text
from rampviewer.model.pixel.pixel_reasons import (
    ERROR_CONVENTION,
    differing_errors,
    error_remarks,
    why_integration,
)
from rampviewer.model.pixel.pixel_view import (
    FitView,
    IntegrationView,
    LikelyView,
    PixelView,
    SegmentView,
)
from rampviewer.model.text.number_text import groups_text, rate_text, weight_text


def integration_lines(view: PixelView) -> Iterator[str]:
    """Yield which fit it was, then slope and segments of each integration."""
    if view.fit is not None:
        yield from _fit_lines(view.fit, len(view.integrations[0].signal))
    for i, item in enumerate(view.integrations):
        reason = why_integration(view, i)
        rate = reason or rate_text(item.slope, item.err)
        yield f"int {i}: {rate}; {_parts_text(item)}; DQ {describe(item.dq)}"
        for segment in item.segments:
            yield (
                f"int {i} {groups_text(segment.first_group, segment.last_group)}: "
                f"{rate_text(segment.slope, segment.err)}, weight "
                f"{weight_text(segment.weight)}{_weighting(segment)}"
            )
        if item.likely is not None:
            first = view.fit.first_group if view.fit else 0
            yield from (f"int {i}: {line}" for line in _only_lines(item.likely, first))
            yield from (f"int {i} {line}" for line in _search_lines(item.likely))
        yield from (f"int {i}: {line}" for line in _rule_lines(view, item))
    if differing_errors(view):
        yield ERROR_CONVENTION
    yield from error_remarks(view)


def _fit_lines(fit: FitView, n_groups: int) -> Iterator[str]:
    name = "likelihood" if fit.is_likely else "least squares (OLS_C)"
    why = ""
    if fit.is_likely and fit.asked != "LIKELY":
        why = ", because the exposure has uneven read_times"
    elif not fit.is_likely and (fit.asked == "LIKELY" or fit.is_uneven):
        why = ", because the likelihood fit needs 4 groups"
    yield f"Fitted by {name}{why}."
    if fit.trimmed:
        yield (
            f"{ranges_text(fit.trimmed).capitalize()} cannot be used in any ramp of this "
            "exposure, and are cut off."
        )
    if (fit.first_group, fit.last_group) != (0, n_groups - 1):
        yield f"Only {groups_text(fit.first_group, fit.last_group)} may be used."


def _parts_text(item: IntegrationView) -> str:
    if item.likely is not None:
        degrees = item.likely.degrees
        plural = "" if degrees == 1 else "s"
        return f"chi-square {item.likely.chisq:.2f}, {degrees} degree{plural} of freedom"
    n = len(item.segments)
    return f"{n} segment{'' if n == 1 else 's'}"


def _weighting(segment: SegmentView) -> str:
    if math.isnan(segment.snr):
        return ""
    how = "the outer groups count more" if segment.power > 0 else "all groups count alike"
    return f"; S/N {segment.snr:.1f}, so {how} (power {segment.power:g})"


def _only_lines(likely: LikelyView, first_group: int) -> Iterator[str]:
    """Yield what the rate is made of where that is one difference."""
    if math.isnan(likely.chisq) or likely.degrees > 0:
        return
    used = np.flatnonzero(likely.used).tolist()
    step = f"group {used[0]} to group {used[0] + 1}" if used else ""
    yield (
        f"the rate is the step from {step or f'the zero frame to group {first_group}'} "
        "alone, the only one that can be used: nothing is left that could show how well it "
        "fits"
    )


def _search_lines(likely: LikelyView) -> Iterator[str]:
    """Yield what the fit left out by itself, and what came nearest to that."""
    left_out = np.flatnonzero(likely.left_out)
    for k in left_out[np.argsort(likely.order[left_out], kind="stable")].tolist():
        yield (
            f"group {k + 1}: a jump for the fit, which leaves out the difference before, "
            f"chi-square falls by {likely.fall[k]:.1f} > {likely.limit[k]:g} "
            f"(removal {likely.order[k]})"
        )
    stayed = np.where(likely.left_out, np.nan, likely.fall)
    if not np.all(np.isnan(stayed)):
        k = int(np.nanargmax(stayed))
        yield (
            f"group {k + 1}: the nearest to a jump that the fit kept, "
            f"chi-square would fall by {stayed[k]:.1f} < {likely.limit[k]:g}"
        )
    elif left_out.size:
        yield "with the few differences that are left the fit searches no further"


def _rule_lines(view: PixelView, item: IntegrationView) -> Iterator[str]:
    if item.rules.zeroframe:
        group = view.fit.first_group if view.fit else 0
        yield f"no group is good, the zero frame stands for group {group}"
    if item.rules.chargeloss:
        yield (
            f"CHARGELOSS: the read noise variance, {item.var_rnoise:.4g} (DN/s)^2, is that "
            "of the ramp with these groups; slope and error are without them"
        )
