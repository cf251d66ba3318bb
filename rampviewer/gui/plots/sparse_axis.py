"""An axis for narrow plots."""

import math
from dataclasses import dataclass
from typing import Any

from PyQt6.QtGui import QFont, QFontMetricsF

from rampviewer.gui.plots.quick_axis import (
    GAP,
    GAPS_ACROSS,
    TEXT_HEIGHT,
    TEXT_LEVELS,
    Levels,
    QuickAxis,
    Texts,
)
from rampviewer.gui.plots.tick_spacing import gap_in, nice_above


@dataclass(frozen=True, slots=True)
class Period:
    """An axis that begins anew for each of the integrations that stand behind others."""

    length: float  # from one integration to the next
    first: float  # x of the first and the last group of integration 0
    last: float
    integrations: range
    least: float  # distance of ticks: a whole group, or 0 for any

    def middle(self, integration: int) -> float:
        return self.start(integration) + (self.first + self.last) / 2

    def start(self, integration: int) -> float:
        return (integration - self.integrations.start) * self.length

    def integration_at(self, x: float) -> int:
        """Return the integration that is nearest to x."""
        number = self.integrations.start + round(
            (x - (self.first + self.last) / 2) / self.length
        )
        return min(max(number, self.integrations.start), self.integrations.stop - 1)


class SparseAxis(QuickAxis):
    """An x axis whose labels leave room between them, however narrow it is.

    pyqtgraph labels the coarsest ticks whether or not there is room.
    """

    def __init__(self, font: QFont, **options: Any) -> None:
        super().__init__("bottom", font, **options)
        self._period: Period | None = None
        self._names: tuple[str, ...] = ()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Write the first label that has room, from long to short; the last one if none."""
        self._names = names
        self.resizeEvent()

    def resizeEvent(self, event: Any = None) -> None:
        # The base class calls this while it is being made, too.
        names = getattr(self, "_names", ())
        if names:
            width_of = QFontMetricsF(self.label.font()).horizontalAdvance
            fits = (name for name in names if width_of(name) <= self.size().width())
            name = next(fits, names[-1])
            if name != self.labelText:
                self.setLabel(name)
        super().resizeEvent(event)

    def set_period(self, period: Period | None) -> None:
        """Let the axis begin anew for each integration; None: one axis for all."""
        if period != self._period:
            self._period = period
            self.picture = None
            self.update()

    def tickValues(
        self, low: float, high: float, size: float
    ) -> list[tuple[float, list[float]]]:
        if self._period is None:
            return super().tickValues(low, high, size)
        return [(0.0, self._periodic(self._period, high - low, max(size, 1.0)))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        period = self._period
        if period is None:
            strings: list[str] = super().tickStrings(values, scale, spacing)
            return strings
        found = []
        for value in values:
            number = period.integration_at(value)
            names = value == period.middle(number)
            told = value - period.start(number)
            found.append(f"int {number}" if names else f"{round(told, 6):g}")
        return found

    def _periodic(self, period: Period, span: float, size: float) -> list[float]:
        """Return ticks in each integration or, without room, the middle of some."""
        # Labels are round numbers, the last group is mostly none.
        last = f"{period.last:.0f}" if period.last >= 10 else f"{period.last:.3g}"
        text, per_pixel = self._letters.width_of(last), span / size
        for gap in (gap_in(size, *GAPS_ACROSS), GAP):
            spacing = nice_above(max((text + gap) * per_pixel, period.least, 1e-9))
            if spacing < 0.7 * (period.last - period.first):
                return _in_each(period, spacing)
        name = self._letters.width_of(f"int {period.integrations.stop}") + GAP
        every = max(1, math.ceil(name * per_pixel / period.length))
        return [period.middle(i) for i in period.integrations if i % every == 0]

    def _texts(self, levels: Levels, length: float) -> Texts:
        return super()._texts(levels, length) or self._one_text(levels, length)

    def _one_text(self, levels: Levels, length: float) -> Texts:
        """Return a number near the middle: an axis without any has no scale."""
        height = TEXT_HEIGHT * self._letters.height
        for level in levels[:TEXT_LEVELS]:
            for at, text in sorted(level, key=lambda pair: abs(pair[0] - length / 2)):
                area = self._area(at, self._letters.width_of(text), height)
                if area.left() >= 0 and area.right() <= length:
                    return [(self._letters.start(area), text)]
        return []


def _in_each(period: Period, spacing: float) -> list[float]:
    first = math.ceil(period.first / spacing - 1e-9)
    last = math.floor(period.last / spacing + 1e-9)
    return [
        period.start(i) + n * spacing
        for i in period.integrations
        for n in range(first, last + 1)
    ]
