"""What there is to say about the flags of a pixel, as plain text."""

import math
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from rampviewer.core.dq import Dq
from rampviewer.core.large.drawing import Drawn
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.pixel.pixel_view import EventMark, IntegrationView, PixelView

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
# Those of large events, which are told with the event.
_OF_EVENTS: Final = (Origin.SNOWBALL, Origin.CARRIED_OVER, Origin.SHOWER)


def origin_text(item: IntegrationView, group: int) -> str:
    """Return where a JUMP_DET flag came from, with the jumps or events that caused it."""
    origin = item.origin_of(group, Dq.JUMP_DET)
    marks = [mark_text(mark) for mark in item.marks_of(group, Dq.JUMP_DET)]
    if origin in _OF_EVENTS:
        return " and ".join(marks) or ORIGIN_WORDS[origin]
    return ", also ".join([_cause_text(item, group, origin), *marks])


def _cause_text(item: IntegrationView, group: int, origin: Origin) -> str:
    causes = item.causes_of(group)
    if origin == Origin.NEIGHBOR and causes:
        places = [f"({cause.pixel.col}, {cause.pixel.row})" for cause in causes]
        return f"neighbour of {' and '.join(places)}"
    if origin == Origin.AFTER_JUMP and causes:
        groups = " and ".join(str(cause.jump_group) for cause in causes)
        return f"after the jump{'s' if len(causes) > 1 else ''} of group {groups}"
    return ORIGIN_WORDS[origin]


def mark_text(mark: EventMark) -> str:
    """Return which event set a flag: "shower of group 4 around (512, 300)"."""
    event = mark.event
    place = f"group {event.group} around ({event.drawn.x}, {event.drawn.y})"
    if mark.origin == Origin.CARRIED_OVER:
        return f"carried over from the core of a snowball, int {event.integration} {place}"
    return f"{ORIGIN_WORDS[mark.origin]} of {place}"


def event_text(event: Event) -> str:
    """Return what a large event is: where it was found, and its ellipse."""
    core = ""
    if event.core_radius is not None:
        core = f", its saturated core has a radius of {event.core_radius:.1f} pixels"
    carried = ""
    if event.carried is not None:
        carried = f"; before it was extended, {_shape_text(event.carried)}"
    return (
        f"int {event.integration} group {event.group}: {ORIGIN_WORDS[event.kind]} around "
        f"({event.drawn.x}, {event.drawn.y}), found on {_pixels(event.n_pixels)}{core}; "
        f"flagged in {_shape_text(event.drawn)}{carried}"
    )


def _pixels(number: int) -> str:
    return f"{number} pixel{'' if number == 1 else 's'}"


def _shape_text(drawn: Drawn) -> str:
    minor, major = drawn.radius_1, drawn.radius_2
    if minor == major:
        return f"a circle with a radius of {_pixels(minor)}"
    return (
        f"an ellipse with half axes of {minor} and {major} pixels, the latter turned by "
        f"{drawn.angle:.0f} degrees from the y axis towards the x axis"
    )


def flag_events_text(item: IntegrationView, group: int) -> str:
    """Return all about the events behind the flags of a group, "" if there are none."""
    events = dict.fromkeys(mark.event for mark in item.marks if mark.group == group)
    return "; ".join(event_text(event) for event in events)


def event_lines(view: PixelView) -> Iterator[str]:
    """Yield each event whose flags are on the pixel, and which groups it flags there."""
    reached: dict[Event, list[str]] = {}
    for i, item in enumerate(view.integrations):
        for event in item.events:
            groups = sorted({mark.group for mark in item.marks if mark.event == event})
            reached.setdefault(event, []).append(f"int {i} {ranges_text(groups)}")
    for event, places in reached.items():
        yield f"{event_text(event)}. It flags {' and '.join(places)} of this pixel."


def flag_lines(view: PixelView) -> Iterator[str]:
    """Yield the flags by ranges of groups, then data that are missing."""
    some = False
    for i, item in enumerate(view.integrations):
        for bit in list(Dq)[:8]:
            groups = np.flatnonzero(item.groupdq & bit).tolist()
            some |= bool(groups)
            yield from _bit_lines(item, f"int {i}", bit, groups)
        yield from (f"int {i} {line}" for line in _lost_lines(item, view.drops_delivered))
        yield from _nan_lines(item, i)
    if not some:
        yield "No group carries a flag."


def _bit_lines(
    item: IntegrationView, start: str, bit: Dq, groups: list[int]
) -> Iterator[str]:
    by_core = [g for g in groups if item.origin_of(g, bit) == Origin.SNOWBALL_CORE]
    other = [g for g in groups if g not in by_core]
    if other:
        yield f"{start} {ranges_text(other)}: {bit.name}"
    if by_core:
        marks = (mark for g in by_core for mark in item.marks_of(g, bit))
        texts = " and ".join(dict.fromkeys(mark_text(mark) for mark in marks))
        yield f"{start} {ranges_text(by_core)}: {bit.name}, {texts or 'core of a snowball'}"
        if item.delivered is not None:
            before = np.flatnonzero(item.delivered & bit)
            both = [g for g in by_core if g in before]
            if both:
                yield f"{start} {ranges_text(both)}: {bit.name} was delivered, too"


def _lost_lines(item: IntegrationView, drops_jumps: bool) -> Iterator[str]:
    """Yield the delivered flags that are gone, and why."""
    if item.delivered is None:
        return
    gone = item.delivered & ~item.groupdq
    for bit in list(Dq)[:8]:
        by_reason: dict[str, list[int]] = {}
        for group in np.flatnonzero(gone & bit).tolist():
            reason = _why_lost(item, group, bit is Dq.JUMP_DET and drops_jumps)
            by_reason.setdefault(reason, []).append(group)
        for reason, groups in by_reason.items():
            yield f"{ranges_text(groups)}: {bit.name} was delivered, but {reason}"


def _why_lost(item: IntegrationView, group: int, is_dropped: bool) -> str:
    if is_dropped:
        return "delivered jumps are dropped"
    if item.origin[group] == Origin.SNOWBALL_CORE:
        return "the core of a snowball replaces all flags"
    if item.groupdq[group] & (Dq.SATURATED | Dq.DO_NOT_USE):
        return "a group that cannot be used is no jump"
    return "every pixel of the group was a jump"


def _nan_lines(item: IntegrationView, integration: int) -> Iterator[str]:
    for group in np.flatnonzero(np.isnan(item.signal)).tolist():
        # Only a segment of three groups or more has a slope then.
        counted = item.likely is None and any(
            part.first_group <= group <= part.last_group and not math.isnan(part.slope)
            for part in item.segments
        )
        end = ", it counted as 0 in the fit" if counted else ""
        yield f"int {integration} group {group}: the datum is NaN{end}"


def ranges_text(groups: Iterable[int]) -> str:
    """Return "groups 3 to 5, 8" of a sorted list."""
    parts: list[list[int]] = []
    for group in groups:
        if parts and parts[-1][-1] == group - 1:
            parts[-1][1:] = [group]
        else:
            parts.append([group])
    text = ", ".join(" to ".join(str(end) for end in part) for part in parts)
    is_one = len(parts) == 1 and len(parts[0]) == 1
    return f"group{'' if is_one else 's'} {text}"
