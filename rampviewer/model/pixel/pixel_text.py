"""What a pixel says of itself: the read-out and the sentences, as plain text."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rampviewer.core.dq import SENTENCES, Dq
from rampviewer.core.dq import describe as describe_flags
from rampviewer.model.pixel.decision_text import (
    decision_lines,
    difference_lines,
    ratio_text,
)
from rampviewer.model.pixel.fit_text import integration_lines
from rampviewer.model.pixel.flag_text import (
    event_lines,
    flag_events_text,
    flag_lines,
    mark_text,
    origin_text,
)
from rampviewer.model.pixel.pixel_reasons import why_rate
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.text.number_text import fixed_text, number_text, rate_text

describe = lru_cache(4096)(describe_flags)  # asked for at every move of the mouse


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the sentences below it."""

    title: str
    lines: tuple[str, ...]


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
    signal = fixed_text(float(item.signal[group]), 1)
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


def group_text(view: PixelView, integration: int, group: int) -> str:
    """Return all that is to be said about one group, in one sentence."""
    item = view.integrations[integration]
    parts = [f"{fixed_text(float(item.signal[group]), 1)} DN"]
    if group:
        parts += _step_parts(view, integration, group)
    flags = int(item.groupdq[group])
    parts.append(describe(flags))
    if flags & Dq.JUMP_DET:
        parts.append(origin_text(item, int(group)))
    if flags & Dq.SATURATED:
        parts += [mark_text(mark) for mark in item.marks_of(group, Dq.SATURATED)]
    if not item.is_fitted(group):
        parts.append("not in the fit")
    return f"int {integration} group {group}: {', '.join(parts)}"


def flag_sentence(view: PixelView, integration: int, group: int) -> str:
    """Return `group_text` with all about the large events behind the flags."""
    events = flag_events_text(view.integrations[integration], group)
    text = group_text(view, integration, group)
    return f"{text}. {events}" if events else text


def jump_sentences(view: PixelView) -> tuple[str, ...]:
    """Return one sentence for each group with JUMP_DET."""
    is_iterative = view.decision.branch == "iterative"
    n_removed = int(np.count_nonzero(view.decision.order)) if is_iterative else 0
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


def sections(view: PixelView) -> tuple[Section, ...]:
    """Return everything the pixel panel says, in its order."""
    events = tuple(event_lines(view))
    return (
        Section("Rate", tuple(_rate_lines(view))),
        Section("Jumps", jump_sentences(view) or ("No group carries JUMP_DET.",)),
        *([Section("Snowballs and showers", events)] if events else []),
        Section("Jump detection", tuple(decision_lines(view))),
        Section("Integrations and segments", tuple(integration_lines(view))),
        Section("Flags", tuple(flag_lines(view))),
        Section("Pixel", tuple(_pixel_lines(view))),
        Section("Run", (_run_line(view),)),
    )


def plain_text(view: PixelView) -> str:
    """Return the sections as one text, for the clipboard."""
    blocks = [f"Pixel {position_text(view)} (0-based), {view.run_name}"]
    for section in sections(view):
        blocks.append("\n".join([section.title, *(f"  {line}" for line in section.lines)]))
    return "\n\n".join(blocks)


def full_text(view: PixelView) -> str:
    """Return the sections and the numbers of every difference as one text."""
    numbers = "\n".join(difference_lines(view.decision))
    return "\n\n".join([plain_text(view), *([numbers] if numbers else [])])


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


def _rate_lines(view: PixelView) -> Iterator[str]:
    reason = why_rate(view)
    if reason:
        yield reason
    if not math.isnan(view.slope):
        yield rate_text(view.slope, view.err)
    yield f"Rate DQ: {describe(view.dq)}"


def _run_line(view: PixelView) -> str:
    return "; ".join(text for text in (view.run_name, view.parameters_text) if text)


def _pixel_lines(view: PixelView) -> Iterator[str]:
    yield f"Gain {view.gain:.4g} electron/DN, read noise {view.readnoise:.4g} DN (CDS)"
    if not view.pixeldq:
        yield "PIXELDQ: good"
    for bit in Dq:
        if view.pixeldq & bit:
            yield f"PIXELDQ {bit.name}: {SENTENCES[bit]}"
