"""What a pixel says of itself: the read-out and the sentences, as plain text."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from rampviewer.core.dq import SENTENCES, Dq, describe
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.pixel_reasons import (
    ERROR_CONVENTION,
    differing_errors,
    why_integration,
    why_rate,
)
from rampviewer.model.pixel_view import Decision, IntegrationView, PixelView, SegmentView

ORIGIN_WORDS: Final[dict[int, str]] = {
    Origin.NONE: "origin not recorded",
    Origin.DELIVERED: "delivered with the file",
    Origin.PRIMARY: "primary",
    Origin.NEIGHBOR: "neighbour of a jump",
    Origin.AFTER_JUMP: "after a jump",
    Origin.SNOWBALL: "snowball",
    Origin.SNOWBALL_CORE: "core of a snowball",
    Origin.CARRIED_OVER: "core of a snowball of the integration before",
    Origin.SHOWER: "shower",
    Origin.MANUAL: "set by hand",
}
BRANCH_WORDS: Final[dict[str, str]] = {
    "iterative": (
        "Branch: iterative. The most deviant difference is flagged and removed, "
        "then median and sigma are taken again."
    ),
    "single pass": (
        "Branch: single pass. All differences are compared at once with the median "
        "over all groups and integrations."
    ),
    "sigma clip": (
        "Branch: sigma clip. What is too many sigma off the median of its own kind is "
        "clipped, up to five times over; the last median and sigma decide. "
        "A group in which every pixel of the frame is flagged loses these flags."
    ),
    "as delivered": (
        "As delivered: no jump was searched for, the flags are those of the file."
    ),
    "skipped": "Jump detection was skipped: the exposure has too few groups.",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the sentences below it."""

    title: str
    lines: tuple[str, ...]


def number_text(value: float, err: float) -> tuple[str, str]:
    """Return (value, err) with as many decimals as the error deserves, at least 4.

    Large values lose decimals instead of growing beyond eight digits.
    """
    decimals = 4
    if math.isfinite(err) and err > 0:
        decimals = min(8, max(4, 1 - math.floor(math.log10(err))))
    if math.isfinite(value) and abs(value) >= 1e5:
        decimals = max(0, 8 - len(str(int(abs(value)))))
    return _fixed(value, decimals), _fixed(err, decimals)


def rate_text(slope: float, err: float) -> str:
    """Return "12.346 ± 0.079 DN/s", or "NaN" when there is no rate."""
    return "NaN" if math.isnan(slope) else f"{short_rate(slope, err)} DN/s"


def short_rate(slope: float, err: float) -> str:
    """Return "12.345 ± 0.079": two digits of the error, no unit, for a label in a plot."""
    if math.isnan(slope):
        return "NaN"
    decimals = 2
    if math.isfinite(err) and err > 0:
        decimals = min(8, max(0, 1 - math.floor(math.log10(err))))
    return f"{slope:.{decimals}f} ± {_fixed(err, decimals)}"


def groups_text(first: int, last: int) -> str:
    """Return "groups 3 to 5", or "group 3"."""
    return f"group {first}" if first == last else f"groups {first} to {last}"


def weight_text(weight: float) -> str:
    """Return a share of 0 to 1 in per cent."""
    return "NaN" if math.isnan(weight) else f"{100 * weight:.1f} %"


def position_text(view: PixelView) -> str:
    """Return the position of the pixel, counted from 0."""
    return f"x {view.pixel.col}, y {view.pixel.row}"


def count_jumps(view: PixelView) -> int:
    """Return the number of groups with JUMP_DET over all integrations."""
    return sum(
        int(np.count_nonzero(item.groupdq & Dq.JUMP_DET)) for item in view.integrations
    )


def readout(view: PixelView, integration: int, group: int) -> str:
    """Return one line for the status bar; every number keeps its column.

    Jumps and segments are counted over all integrations. The flags are those of the group,
    then, if any, those of PIXELDQ.
    """
    item = view.integrations[integration]
    signal = _fixed(float(item.signal[group]), 1)
    slope, err = number_text(view.slope, view.err)
    rate = f"{'NaN':>18}" if math.isnan(view.slope) else f"{slope:>9} ± {err:>6}"
    n_segments = sum(len(each.segments) for each in view.integrations)
    fields = [
        f"x {view.pixel.col:>4} y {view.pixel.row:>4}",
        f"group {group:>3} int {integration:>2}",
        f"{signal:>8} DN",
        f"rate {rate} DN/s",
        f"jumps {count_jumps(view):>2} segs {n_segments:>2}",
        describe(int(item.groupdq[group])),
    ]
    if view.pixeldq:
        fields.append(f"pixel: {describe(view.pixeldq)}")
    return " | ".join(fields)


def origin_text(item: IntegrationView, group: int) -> str:
    """Return where a JUMP_DET flag came from, with the jumps that caused it."""
    origin, causes = int(item.origin[group]), item.causes_of(group)
    if origin == Origin.NEIGHBOR and causes:
        places = [f"({cause.pixel.col}, {cause.pixel.row})" for cause in causes]
        return f"neighbour of {' and '.join(places)}"
    if origin == Origin.AFTER_JUMP and causes:
        groups = " and ".join(str(cause.jump_group) for cause in causes)
        return f"after the jump{'s' if len(causes) > 1 else ''} of group {groups}"
    return ORIGIN_WORDS[origin]


def group_text(view: PixelView, integration: int, group: int) -> str:
    """Return all that is to be said about one group, in one sentence."""
    item = view.integrations[integration]
    parts = [f"{_fixed(float(item.signal[group]), 1)} DN"]
    if group:
        parts += _step_parts(view, integration, group)
    flags = int(item.groupdq[group])
    parts.append(describe(flags))
    if flags & Dq.JUMP_DET:
        parts.append(origin_text(item, int(group)))
    if not item.is_fitted(group):
        parts.append("not in the fit")
    return f"int {integration} group {group}: {', '.join(parts)}"


def jump_sentences(view: PixelView) -> tuple[str, ...]:
    """Return one sentence for each group with JUMP_DET."""
    n_removed = int(np.count_nonzero(view.decision.order))
    found = []
    for i, item in enumerate(view.integrations):
        for group in np.flatnonzero(item.groupdq & Dq.JUMP_DET):
            parts = _step_parts(view, i, int(group)) if group else []
            parts.append(origin_text(item, int(group)))
            order = int(view.decision.order[i, group - 1]) if group else 0
            if order and n_removed > 1:
                parts.append(f"removal {order} of {n_removed}")
            found.append(f"int {i} group {group}: {', '.join(parts)}")
    return tuple(found)


def event_text(event: Event) -> str:
    """Return which large event flagged a pixel, and its ellipse."""
    x, y, *radii, angle = event.drawn
    return (
        f"group {event.group}: {ORIGIN_WORDS[event.kind]} around ({x}, {y}), "
        f"ellipse with half axes of {radii[0]} and {radii[1]} pixels at {angle:.0f} degrees"
    )


def sections(view: PixelView) -> tuple[Section, ...]:
    """Return everything the pixel panel says, in its order."""
    return (
        Section("Rate", tuple(_rate_lines(view))),
        Section("Jumps", jump_sentences(view) or ("No group carries JUMP_DET.",)),
        Section("Jump detection", tuple(_decision_lines(view))),
        Section("Integrations and segments", tuple(_integration_lines(view))),
        Section("Flags", tuple(_flag_lines(view))),
        Section("Pixel", tuple(_pixel_lines(view))),
        Section("Run", (_run_line(view),)),
    )


def plain_text(view: PixelView) -> str:
    """Return the sections as one text, for the clipboard."""
    blocks = [f"Pixel {position_text(view)} (0-based), {view.run_name}"]
    for section in sections(view):
        blocks.append("\n".join([section.title, *(f"  {line}" for line in section.lines)]))
    return "\n\n".join(blocks)


def _fixed(value: float, decimals: int) -> str:
    return "NaN" if math.isnan(value) else f"{value:.{decimals}f}"


def _step_parts(view: PixelView, integration: int, group: int) -> list[str]:
    signal = view.integrations[integration].signal
    step = float(signal[group]) - float(signal[group - 1])
    parts = []
    if not math.isnan(step):
        parts.append(f"step {step:.0f} DN" if abs(step) >= 100 else f"step {step:.1f} DN")
    ratio = float(view.decision.ratio[integration, group - 1])
    limit = float(view.decision.limit[integration, group - 1])
    if not math.isnan(ratio):
        parts.append(ratio_text(ratio, limit))
    return parts


def ratio_text(ratio: float, limit: float) -> str:
    """Return "11.3 sigma > 4", with decimals until the rounded number tells the truth."""
    if math.isnan(limit):
        return f"{ratio:.1f} sigma"
    sign = ">" if ratio > limit else "<" if ratio < limit else "="
    for decimals in range(1, 9):
        text = f"{ratio:.{decimals}f}"
        shown = float(text)
        if (shown > limit) == (ratio > limit) and (shown < limit) == (ratio < limit):
            break
    return f"{text} sigma {sign} {limit:g}"


def _rate_lines(view: PixelView) -> Iterator[str]:
    reason = why_rate(view)
    if reason:
        yield reason
    if not math.isnan(view.slope):
        yield rate_text(view.slope, view.err)
    yield f"Rate DQ: {describe(view.dq)}"


def _run_line(view: PixelView) -> str:
    return "; ".join(text for text in (view.run_name, view.parameters_text) if text)


def _decision_lines(view: PixelView) -> Iterator[str]:
    decision = view.decision
    yield BRANCH_WORDS.get(decision.branch, f"Branch: {decision.branch}.")
    if decision.branch in ("as delivered", "skipped"):
        return
    n_all = decision.difference.size
    yield f"{decision.n_differences} of {n_all} two-point differences could be used."
    if not decision.threshold_name:
        yield "No threshold applied: too few differences could be used."
    else:
        yield (
            f"Threshold that applied: {decision.threshold_name} = "
            f"{decision.threshold:g} sigma."
        )
    if decision.branch == "iterative":
        yield from _threshold_remarks(decision)


def _threshold_remarks(decision: Decision) -> Iterator[str]:
    n_ints, n_differences = decision.difference.shape
    if n_ints * n_differences < 4:
        plural = "s" if n_ints > 1 else ""
        yield (
            "rejection_threshold can never apply to this exposure: "
            f"{n_differences + 1} groups in {n_ints} integration{plural} give "
            f"{n_ints * n_differences} differences, it needs 4."
        )
    elif decision.threshold_name not in ("", "rejection_threshold"):
        yield (
            "rejection_threshold did not apply to this pixel: "
            "fewer than 4 differences could be used."
        )


def _integration_lines(view: PixelView) -> Iterator[str]:
    for i, item in enumerate(view.integrations):
        n = len(item.segments)
        reason = why_integration(view, i)
        rate = reason or rate_text(item.slope, item.err)
        yield (
            f"int {i}: {rate}; {n} segment{'' if n == 1 else 's'}; DQ {describe(item.dq)}"
        )
        for segment in item.segments:
            yield (
                f"int {i} {groups_text(segment.first_group, segment.last_group)}: "
                f"{rate_text(segment.slope, segment.err)}, weight "
                f"{weight_text(segment.weight)}{_weighting(segment)}"
            )
    if differing_errors(view):
        yield ERROR_CONVENTION


def _weighting(segment: SegmentView) -> str:
    if math.isnan(segment.snr):
        return ""
    return f", S/N {segment.snr:.1f}, P {segment.power:g}"


def _flag_lines(view: PixelView) -> Iterator[str]:
    some = False
    for i, item in enumerate(view.integrations):
        for bit in list(Dq)[:8]:
            groups = np.flatnonzero(item.groupdq & bit)
            if groups.size:
                some = True
                yield f"int {i} {_ranges(groups.tolist())}: {bit.name}"
        yield from (f"int {i} {event_text(event)}" for event in item.events)
        yield from _nan_lines(view, i)
    if not some:
        yield "No group carries a flag."


def _nan_lines(view: PixelView, integration: int) -> Iterator[str]:
    item = view.integrations[integration]
    for group in np.flatnonzero(np.isnan(item.signal)).tolist():
        end = ", it counted as 0 in the fit" if item.is_fitted(group) else ""
        yield f"int {integration} group {group}: the datum is NaN{end}"


def _ranges(groups: list[int]) -> str:
    """Return "groups 3 to 5, 8" of a sorted list."""
    parts: list[list[int]] = []
    for group in groups:
        if parts and parts[-1][-1] == group - 1:
            parts[-1][1:] = [group]
        else:
            parts.append([group])
    text = ", ".join(" to ".join(str(end) for end in part) for part in parts)
    return f"group{'s' if len(groups) > 1 else ''} {text}"


def _pixel_lines(view: PixelView) -> Iterator[str]:
    yield f"Gain {view.gain:.4g} electron/DN, read noise {view.readnoise:.4g} DN (CDS)"
    if not view.pixeldq:
        yield "PIXELDQ: good"
    for bit in Dq:
        if view.pixeldq & bit:
            yield f"PIXELDQ {bit.name}: {SENTENCES[bit]}"
