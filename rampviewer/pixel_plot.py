"""The ramp of one pixel as a matplotlib figure, for notebooks."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.pixel.pixel_view import IntegrationView, PixelView, SegmentView
from rampviewer.model.planes.flag_looks import BIT_LOOKS, ORIGIN_LOOKS
from rampviewer.model.text.number_text import short_rate, weight_text
from rampviewer.model.timing import GroupTimes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

INSTALL: Final = "plot_pixel needs matplotlib: pip install 'rampviewer[matplotlib]'"
ALWAYS_SHOWN: Final = (Dq.DO_NOT_USE, Dq.SATURATED, Dq.JUMP_DET)
GROUP_BITS: Final = tuple(bit for bit in Dq if bit < 1 << 8)
# Glyphs have the names of pyqtgraph; those not here mean the same to matplotlib.
MARKERS: Final = {"star": "*", "t": "v", "t1": "^", "t2": ">", "t3": "<"}
GAP: Final = 1  # between two integrations [group]
MOST_TICKS: Final = 14  # on the x axis
FEW_LABELS: Final = 6
MOST_LABELS: Final = 40  # that are moved apart
# Where labels may be, from the middle of their segments [point]; the nearest come first.
PLACES: Final = [
    (dx * side, distance * side)
    for distance in (10, 17, 24, 38, 52, 66, 80)
    for dx in (-6, 0, 6, -24, 24, -48, 48)
    for side in (1, -1)
]
STRIP: Final = 0.28  # height of the strip of flags, as a part of the figure


def plot_pixel(view: PixelView, title: str, *, axes: Any = None) -> "tuple[Axes, Axes]":
    """Draw the ramp of a pixel with its segments, and its flags below.

    Parameters
    ----------
    view : PixelView
    title : str
        Stands above the plot.
    axes : two matplotlib Axes, optional
        For the ramp [DN] and for GROUPDQ; by default those of a new figure. Their common
        x axis is the time [s] or, of several integrations, the group.

    Raises
    ------
    ImportError
        When matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot  # noqa: PLC0415 - an extra
    except ImportError:
        raise ImportError(INSTALL) from None
    if axes is None:
        _, axes = pyplot.subplots(
            2, 1, sharex=True, height_ratios=(1 - STRIP, STRIP), layout="constrained"
        )
    ramp, flags = axes
    bits = _shown_bits(view)
    for number, item in enumerate(view.integrations):
        x = _places(view, number)
        _draw_ramp(ramp, x, item, view.times)
        _draw_flags(flags, x, item, bits)
        if number:
            for axis in (ramp, flags):
                edge = x[0] - (x[1] - x[0] if x.size > 1 else 1) * (1 + GAP) / 2
                axis.axvline(edge, color="0.6", linestyle="--", linewidth=0.8)
    several = len(view.integrations) > 1
    ramp.set(ylabel="signal [DN]", title=title)
    flags.set(
        xlabel="group, one integration after the other" if several else "time [s]",
        yticks=range(len(bits)),
        yticklabels=[f"{bit.name} {int(bit)}" for bit in bits],
        ylim=(-0.6, len(bits) - 0.4),
    )
    flags.tick_params(axis="y", labelsize="small", length=0)
    if several:
        _count_groups(view, axes)
    _part_labels(ramp)
    _explain(ramp)
    return ramp, flags


def _shown_bits(view: PixelView) -> tuple[Dq, ...]:
    present = [int(np.bitwise_or.reduce(item.groupdq)) for item in view.integrations]
    return tuple(
        bit
        for bit in GROUP_BITS
        if bit in ALWAYS_SHOWN or any(flags & bit for flags in present)
    )


def _places(view: PixelView, integration: int) -> NDArray[np.float64]:
    """Return where the groups of an integration are on the x axis."""
    group = np.arange(view.integrations[integration].signal.size, dtype=np.float64)
    if len(view.integrations) == 1:
        return np.asarray(view.times.of(group), np.float64)
    return group + integration * (group.size + GAP)


def _draw_ramp(
    axes: "Axes", x: NDArray[np.float64], item: IntegrationView, times: GroupTimes
) -> None:
    unused = (item.groupdq & (Dq.DO_NOT_USE | Dq.SATURATED)) != 0
    axes.plot(x[~unused], item.signal[~unused], "o", color="0.25", markersize=4)
    axes.plot(x[unused], item.signal[unused], "x", color="0.6", markersize=5)
    for origin in Origin:
        mine = ((item.groupdq & Dq.JUMP_DET) != 0) & (item.origin == origin)
        if origin != Origin.NONE and mine.any():
            color, glyph, name = ORIGIN_LOOKS[origin]
            axes.plot(
                x[mine],
                item.signal[mine],
                _marker(glyph),
                markersize=10,
                markerfacecolor="none",
                markeredgecolor=color,
                label=f"jump: {name}",
            )
    for segment in item.segments:
        _draw_segment(axes, x, segment, times)


def _draw_segment(
    axes: "Axes", x: NDArray[np.float64], segment: SegmentView, times: GroupTimes
) -> None:
    """Draw the line of a segment, its slope and weight beside it."""
    ends = x[[segment.first_group, segment.last_group]]
    _, values = segment.line(times)
    axes.plot(ends, values, "-_", color="tab:blue", linewidth=1.5)
    axes.annotate(
        f"{short_rate(segment.slope, segment.err)} DN/s\n{weight_text(segment.weight)}",
        (ends.mean(), sum(values) / 2),
        xytext=(-6, 10),
        textcoords="offset points",
        color="tab:blue",
        horizontalalignment="right",
    )


def _count_groups(view: PixelView, axes: "tuple[Axes, Axes]") -> None:
    """Give each group its number in its integration, as far as there is room."""
    size = view.integrations[0].signal.size
    whole = len(view.integrations)
    across = -(-whole // MOST_TICKS)  # rounded up
    within = -(-size * whole // MOST_TICKS)
    ticks, labels = [], []
    for number in range(0, whole, across):
        x = _places(view, number)
        for group in range(0, size, within):
            ticks.append(x[group])
            labels.append(str(group) if group else f"0\nint {number}")
    for axis in axes:
        axis.set_xticks(ticks, labels)


def _part_labels(axes: "Axes") -> None:
    """Move the labels of segments: none hides another, or leaves the plot, if it can."""
    from matplotlib.text import Annotation  # noqa: PLC0415 - an extra

    for text in axes.texts:
        text.set_in_layout(False)  # else the plot would shrink to make room beside it
        text.set_fontsize("small" if len(axes.texts) <= FEW_LABELS else "x-small")
    axes.figure.canvas.figure.draw_without_rendering()  # how large the plot will be
    frame, middle = axes.get_window_extent(), sum(axes.get_ylim()) / 2
    labels = [text for text in axes.texts if isinstance(text, Annotation)]
    taken: list[Any] = []
    for text in labels[:MOST_LABELS]:
        first, *others = sorted(
            PLACES, key=lambda place: (place[1] > 0) == (text.xy[1] > middle)
        )
        for place in (first, *others, first):  # where there is no room, as first meant
            _put(text, *place)
            box = text.get_window_extent()
            is_inside = frame.x0 < box.x0 and box.x1 < frame.x1
            is_inside &= frame.y0 < box.y0 and box.y1 < frame.y1
            if is_inside and not any(box.overlaps(other) for other in taken):
                break
        taken.append(box)


def _put(text: "Annotation", dx: float, dy: float) -> None:
    """Put a label so far to the right of the middle of its segment, and above it."""
    side = {-1: "right", 0: "center", 1: "left"}[int(np.sign(dx))]
    text.set(position=(dx, dy), ha=side, va="bottom" if dy > 0 else "top")


def _draw_flags(
    axes: "Axes", x: NDArray[np.float64], item: IntegrationView, bits: tuple[Dq, ...]
) -> None:
    for row, bit in enumerate(bits):
        mine = (item.groupdq & bit) != 0
        color, glyph = BIT_LOOKS[bit]
        axes.plot(
            x[mine],
            np.full(int(mine.sum()), row),
            _marker(glyph),
            markersize=6,
            markerfacecolor="none",
            markeredgecolor=color,
        )


def _marker(glyph: str) -> str:
    return MARKERS.get(glyph, glyph)


def _explain(axes: "Axes") -> None:
    """Add a legend of the jumps that are drawn, each once."""
    handles, names = axes.get_legend_handles_labels()
    once = dict(zip(names, handles, strict=True))
    if once:
        axes.legend(once.values(), once.keys(), fontsize="small")
