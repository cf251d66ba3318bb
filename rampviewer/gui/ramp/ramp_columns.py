"""Which integrations stand in which plot, and on which x axis."""

from dataclasses import dataclass, replace

from rampviewer.gui.plots.sparse_axis import Period
from rampviewer.gui.ramp.ramp_data import Part, XAxis
from rampviewer.gui.ramp.ramp_look import Arrangement, XUnit
from rampviewer.model.pixel.pixel_view import PixelView

MAX_PLOTS = 6  # integrations side by side; more are shown as a window of these
MAX_GROUPS = 1200  # in one plot; of more integrations a window is shown
SPACE = 1  # between integrations that stand behind one another [group]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One plot: integrations drawn in full, others faint behind them."""

    parts: tuple[Part, ...]
    faint: tuple[Part, ...] = ()
    period: Period | None = None  # of the x axis

    @property
    def integrations(self) -> tuple[int, ...]:
        """Those in the plot; the first ones are drawn in full."""
        return tuple(part.integration for part in (*self.parts, *self.faint))

    @property
    def limits(self) -> tuple[float, float]:
        """The range of the x axis."""
        first, last = self.parts[0], self.parts[-1]
        low = first.axis.limits(first.item.signal.size)[0]
        return low, last.axis.limits(last.item.signal.size)[1]

    @property
    def separators(self) -> tuple[float, ...]:
        """Return x between integrations."""
        half = (1 + SPACE) / 2
        return tuple(part.axis.one(-half) for part in self.parts[1:])

    def at(self, x: float) -> tuple[int, int]:
        """Return the nearest (integration, group)."""

        def away(part: Part) -> float:
            group, last = part.axis.group_at(x), part.item.signal.size - 1
            return max(-group, group - last, 0.0)

        part = min(self.parts, key=away)
        return part.integration, part.axis.nearest_group(x, part.item.signal.size)

    def x_of(self, integration: int, group: int) -> float | None:
        """Return where a group stands, None when the plot lacks its integration."""
        found = (part for part in self.parts if part.integration == integration)
        return next((part.axis.one(group) for part in found), None)


def columns_of(
    view: PixelView, unit: XUnit, arrangement: Arrangement, current: int
) -> tuple[Column, ...]:
    """Return the plots of a pixel; `current` is the integration that must be in one."""
    items, axis = view.integrations, XAxis(unit, view.times)
    current = min(current, len(items) - 1)
    n_groups = items[0].signal.size
    room = max(1, MAX_GROUPS // (n_groups + SPACE))
    if arrangement == "concatenated" and len(items) > 1:
        return (_concatenated(view, unit, _window(len(items), current, room)),)
    if arrangement == "overlaid" and len(items) > 1:
        shown = _window(len(items), current, room)
        faint = (Part(i, items[i], axis) for i in shown if i != current)
        return (Column((Part(current, items[current], axis),), tuple(faint)),)
    window = _window(len(items), current, MAX_PLOTS)
    return tuple(Column((Part(i, items[i], axis),)) for i in window)


def _concatenated(view: PixelView, unit: XUnit, window: range) -> Column:
    n_groups = view.integrations[0].signal.size
    stride = n_groups + SPACE
    axis = XAxis(unit, view.times)
    parts = tuple(
        Part(
            i,
            view.integrations[i],
            replace(axis, offset=(i - window.start) * stride),
        )
        for i in window
    )
    period = Period(
        length=stride * (view.group_time if unit == "time" else 1.0),
        first=axis.one(0),
        last=axis.one(n_groups - 1),
        integrations=window,
        least=1.0 if unit == "group" else 0.0,
    )
    return Column(parts, (), period)


def _window(n: int, current: int, room: int) -> range:
    """Return all of `n` integrations, or `room` around the current one."""
    start = min(max(0, current - room // 2), max(0, n - room))
    return range(start, min(n, start + room))
