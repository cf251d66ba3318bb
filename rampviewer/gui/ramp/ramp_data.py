"""What the ramp plots draw of a pixel, as arrays in the units of their axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.gui.ramp.ramp_look import XUnit
from rampviewer.gui.ramp.ramp_overlay import Labels
from rampviewer.gui.widgets.flag_styles import GROUP_BITS
from rampviewer.model.pixel.pixel_view import IntegrationView, PixelView, SegmentView
from rampviewer.model.text.number_text import groups_text, short_rate, weight_text
from rampviewer.model.timing import GroupTimes

F64 = NDArray[np.float64]
ALWAYS_SHOWN = Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET
LEGEND_FROM = 5  # segments of a ramp; fewer are labelled beside their line
MOST_BESIDE = 20  # labels in one plot
HEADROOM = 0.45  # for a box of labels, as a part of the range
MARGIN = 0.08  # at both ends of the signal, as a part of its range
MOST_REACH = 0.3  # of the height of a plot, that its lowest and highest glyph get
ONE_GROUP = 0.3  # half the length of the line of a one-group segment [group]


@dataclass(frozen=True, slots=True)
class XAxis:
    """The x axis: the time of groups [s], or the group counted from 0.

    Of an integration that is drawn behind others, `offset` groups are to the left.
    """

    unit: XUnit
    times: GroupTimes
    offset: int = 0

    @property
    def label(self) -> str:
        return "time [s]" if self.unit == "time" else "group"

    def of(self, group: F64) -> F64:
        """Return x of groups, which may be fractions."""
        if self.unit == "time":
            found: F64 = self.times.of(group) + self.offset * self.times.group_time
            return found
        return group * 1.0 + self.offset

    def one(self, group: float) -> float:
        return float(self.of(np.float64(group)))  # type: ignore[arg-type]

    def nearest_group(self, x: float, n_groups: int) -> int:
        return min(max(round(self.group_at(x)), 0), n_groups - 1)

    def group_at(self, x: float) -> float:
        """Return the group, which may be a fraction, at x."""
        if self.unit == "time":
            return self.times.group_at(x - self.offset * self.times.group_time)
        return x - self.offset

    @property
    def whole(self) -> float:
        """What ticks are multiples of: groups are whole numbers; 0 for any."""
        return 0.0 if self.unit == "time" else 1.0

    def limits(self, n_groups: int) -> tuple[float, float]:
        return self.one(-0.6), self.one(n_groups - 0.4)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One integration in a plot, on the x axis that it has there."""

    integration: int
    item: IntegrationView
    axis: XAxis


def shown_bits(view: PixelView) -> tuple[Dq, ...]:
    """Return the rows of the GROUPDQ strip from the bottom.

    They are the three bits that matter most and whatever else is set in this pixel.
    """
    present = int(ALWAYS_SHOWN) | _set_in(view.integrations)
    return tuple(bit for bit in GROUP_BITS if present & bit)


def set_bits(items: Sequence[IntegrationView]) -> tuple[Dq, ...]:
    """Return the bits that any group of some integrations carries."""
    return _bits(_set_in(items))


def _set_in(items: Sequence[IntegrationView]) -> int:
    found = 0
    for item in items:
        found |= int(np.bitwise_or.reduce(item.groupdq))
    return found


def signal_limits(
    items: tuple[IntegrationView, ...],
    axis: XAxis,
    *,
    boxed: bool,
    reach: float = 0.0,
    bar: float = 0.0,
) -> tuple[float, float]:
    """Return the range of the y axis [DN].

    Groups that are not to be used, and lines that a NaN datum tore down, widen it only up
    to twice its size: a wild last frame must not flatten the ramp. Labels get headroom when
    they stand in a box. Glyphs reach from their data as far as `reach`, as a part of the
    height of the plot, and error bars `bar` [DN].
    """
    signal = np.concatenate([np.asarray(item.signal, np.float64) for item in items])
    unused = np.concatenate([(item.groupdq & Dq.DO_NOT_USE) != 0 for item in items])
    finite = np.isfinite(signal)
    used = signal[finite & ~unused]
    if not used.size:
        used = signal[finite]
    if not used.size:
        return -1.0, 1.0
    ends = [segment_ends(s, axis)[1::2] for item in items for s in item.segments]
    rest = np.concatenate((signal[finite & unused], np.ravel(ends)))
    low, high = float(used.min()), float(used.max())
    span = high - low
    near = rest[(rest >= low - span / 2) & (rest <= high + span / 2)].tolist()
    low, high = min([low, *near]), max([high, *near])
    reach = min(reach, MOST_REACH)
    share = max(MARGIN, reach / (1 - 2 * reach))
    margin = share * (high - low) or max(1.0, 0.05 * abs(high))
    above = max(HEADROOM, share) * (high - low) if boxed else margin
    beside = (1 + MARGIN) * bar  # so that the frame crosses no end of a bar
    return low - max(margin, beside), high + max(above, beside)


def is_boxed(parts: Sequence[Part]) -> bool:
    """Return whether the segments of a plot are too many for labels beside them."""
    counts = [len(part.item.segments) for part in parts]
    return max(counts) >= LEGEND_FROM or sum(counts) > MOST_BESIDE


def points(item: IntegrationView, axis: XAxis) -> tuple[F64, F64, NDArray[np.bool_]]:
    """Return (x, y, excluded) of the groups with a datum; excluded: in no segment."""
    groups = np.flatnonzero(np.isfinite(item.signal))
    left_out = np.ones(item.signal.size, bool)
    for segment in item.segments:
        left_out[segment.first_group : segment.last_group + 1] = False
    excluded = left_out[groups]
    return axis.of(groups.astype(float)), item.signal[groups].astype(float), excluded


def jump_groups(item: IntegrationView) -> list[int]:
    """Return the groups with JUMP_DET."""
    found: list[int] = np.flatnonzero(item.groupdq & Dq.JUMP_DET).tolist()
    return found


def flagged(item: IntegrationView) -> list[tuple[int, Dq]]:
    """Return (group, bit) for every flag of the integration."""
    values = item.groupdq.tolist()
    return [
        (group, bit) for group, value in enumerate(values) if value for bit in _bits(value)
    ]


@lru_cache(256)
def _bits(value: int) -> tuple[Dq, ...]:
    return tuple(bit for bit in GROUP_BITS if value & bit)


def segment_ends(segment: SegmentView, axis: XAxis) -> tuple[float, float, float, float]:
    """Return (x0, y0, x1, y1) of the fitted line in units of the axes."""
    first, last = float(segment.first_group), float(segment.last_group)
    if first == last:  # a point has no line: draw a short one through it
        first, last = first - ONE_GROUP, last + ONE_GROUP
    y0, y1 = (
        segment.intercept + segment.slope * float(axis.times.of(group))
        for group in (first, last)
    )
    return axis.one(first), y0, axis.one(last), y1


def labels_of(parts: Sequence[Part], data: F64 | None = None) -> Labels:
    """Return the labels of the segments that were fitted, and what they must not cover.

    `data` are the `points` of all parts, (n, 2), if they are known.
    """
    if data is None:
        found = [points(part.item, part.axis)[:2] for part in parts]
        data = np.concatenate([np.column_stack(each) for each in found])
    drawn = [
        (part, s)
        for part in parts
        for s in part.item.segments
        if math.isfinite(s.slope + s.intercept)
    ]
    rates = [short_rate(s.slope, s.err) for _, s in drawn]
    weights = [weight_text(s.weight) for _, s in drawn]
    pairs = list(zip(rates, weights, strict=True))
    names = [_name(part, s, len(parts) > 1) for part, s in drawn]
    ends = [segment_ends(s, part.axis) for part, s in drawn]
    n_groups = sum(part.item.signal.size for part in parts)
    return Labels(
        segments=np.array(ends, float).reshape(-1, 4),
        long=tuple(f"{rate} DN/s\nweight {weight}" for rate, weight in pairs),
        short=tuple(f"{rate}\n{weight}" for rate, weight in pairs),
        tiny=tuple(f"{s.slope:.3g}, {100 * s.weight:.0f} %" for _, s in drawn),
        legend=tuple(
            f"{name}: {rate} DN/s, weight {weight}"
            for name, (rate, weight) in zip(names, pairs, strict=True)
        ),
        points=data,
        nan_at=_nan_at(parts) if len(data) < n_groups else (),
        beside=not is_boxed(parts),
    )


def _nan_at(parts: Sequence[Part]) -> tuple[float, ...]:
    missing = [(part, np.flatnonzero(np.isnan(part.item.signal))) for part in parts]
    found = [part.axis.of(groups.astype(float)) for part, groups in missing]
    return tuple(np.concatenate(found).tolist())


def _name(part: Part, segment: SegmentView, among_others: bool) -> str:
    groups = groups_text(segment.first_group, segment.last_group)
    return f"int {part.integration} {groups}" if among_others else groups
