"""An axis that is drawn anew with every pixel."""

import math
from itertools import pairwise
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QColor, QFont, QPainter, QPen

from rampviewer.gui.plots.fast_ticks import tick_values
from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.tick_spacing import tick_spacing

TEXT_HEIGHT = 0.8  # of a line that counts as taken, as in pyqtgraph
SCALE = 2  # labels that an axis has at least, if there is room
GAP = 8.0  # least distance of two labels beside one another [pixel]
GAPS_ACROSS, GAPS_UP = (GAP, 32.0), (0.0, 24.0)  # least and most between labels [pixel]
TEXT_LEVELS = 3
TICK = 5.0  # into the plot [pixel]
NOTHING = 1e-6  # [pixel]
BEYOND = 15.0  # the ends of the axis a text may reach [pixel]


Ticks = tuple[QPen, list[QLineF]]
Levels = list[list[tuple[float, str]]]  # place [pixel] and text, from coarse to fine
Texts = list[tuple[QPointF, str]]  # where each begins


class QuickAxis(pg.AxisItem):  # type: ignore[misc]
    """Looks as in pyqtgraph, whose axes may have grids, logarithms and units as well.

    It takes a fraction of the time.
    """

    picture: Any  # None once anything has changed: pyqtgraph sees to that

    def __init__(self, side: str, font: QFont, **options: Any) -> None:
        self._letters = Lettering(font)
        self._whole = 0.0
        super().__init__(side, **options)
        self.enableAutoSIPrefix(False)
        self.setTickFont(font)

    def updateAutoSIPrefix(self) -> None:
        # Axes have no units; pyqtgraph would lay out the label anew, many times at first.
        self.picture = None

    def set_whole(self, whole: float) -> None:
        """Let ticks be at multiples of this; 0 for any."""
        if whole != self._whole:
            self._whole = whole
            self.picture = None
            self.update()

    def tickSpacing(
        self, low: float, high: float, size: float
    ) -> list[tuple[float, float]]:
        """Return (spacing, offset) of ticks; pyqtgraph has few labels on long axes."""
        gaps = GAPS_UP if self._is_left else GAPS_ACROSS

        def text_at(spacing: float) -> float:
            if self._is_left:
                return self._letters.height
            decimals = max(0, -math.floor(math.log10(spacing) + 1e-9))
            return max(self._letters.width_of(f"{end:.{decimals}f}") for end in (low, high))

        levels = tick_spacing(low, high, size, text_at, gaps, self._whole)
        return levels[: 1 + self.style["maxTickLevel"]]

    def tickValues(
        self, low: float, high: float, size: float
    ) -> list[tuple[float, list[float]]]:
        low, high = sorted((low, high))
        return tick_values(self.tickSpacing(low, high, size), low, high)

    def boundingRect(self) -> QRectF:
        # Less than all that pyqtgraph asks: Qt wants to know it dozens of times.
        rect: QRectF = self.rect()
        if self._is_left:
            return rect.adjusted(0.0, -BEYOND, TICK, BEYOND)
        return rect.adjusted(0.0, -TICK, 0.0, 0.0)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Paint what was laid out, or lay it out when anything has changed."""
        if self.picture is None:
            self.lay_out()
        ticks, texts = self.picture
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for pen, lines in ticks:
            painter.setPen(pen)
            if lines:
                painter.drawLines(*lines)
        painter.setFont(self._letters.font)
        painter.setPen(self.textPen())
        for place, text in texts:
            painter.drawText(place, text)

    def lay_out(self) -> None:
        """Lay out now: what it takes for its texts is then known before it is painted."""
        self.picture = self._laid_out()

    def _laid_out(self) -> tuple[list[Ticks], Texts]:
        area = self.rect()
        length = area.height() if self._is_left else area.width()
        if length <= 0:
            return [], []
        levels = self._levels(length)
        low, high = self.range
        scale = length / ((high - low) or 1.0)
        found = [
            [((high - v if self._is_left else v - low) * scale, text) for v, text in level]
            for level in levels
        ]
        # A tick at an end is there, however the division was rounded.
        within = [
            [pair for pair in level if -NOTHING <= pair[0] <= length + NOTHING]
            for level in found
        ]
        edge = QLineF(-1.0, 1.0, area.right() + 1.0, 1.0)
        if self._is_left:
            edge = QLineF(area.right() - 1.0, -1.0, area.right() - 1.0, area.bottom() + 1.0)
        lines = [(self.pen(), [edge])]
        lines += [self._ticks(number, level) for number, level in enumerate(within)]
        return lines, self._texts(within, length)

    @property
    def _is_left(self) -> bool:
        return bool(self.orientation == "left")

    def _levels(self, length: float) -> list[list[tuple[float, str]]]:
        """Return (value, text) of the ticks of each level, from coarse to fine."""
        if self._tickLevels is not None:
            return list(self._tickLevels)
        found = []
        low, high = self.range
        for number, (spacing, values) in enumerate(self.tickValues(low, high, length)):
            told = number < TEXT_LEVELS and values
            texts = self.tickStrings(values, 1.0, spacing) if told else [""] * len(values)
            found.append(list(zip(values, texts, strict=True)))
        return found

    def _ticks(self, number: int, level: list[tuple[float, str]]) -> Ticks:
        """Return the ticks of a level: the finer, the shorter and fainter."""
        pen, color = QPen(self.tickPen()), QColor(self.tickPen().color())
        color.setAlpha(255 // (number + 1))
        pen.setColor(color)
        reach = TICK / (0.5 * number + 1)
        edge = self.rect().right() if self._is_left else self.rect().top()
        if self._is_left:
            return pen, [QLineF(edge, at, edge + reach, at) for at, _ in level]
        return pen, [QLineF(at, edge, at, edge - reach) for at, _ in level]

    def _texts(self, levels: Levels, length: float) -> Texts:
        """Return where texts begin: those of fine levels only where too few are coarse."""
        found: Texts = []
        room, widest = self.boundingRect(), 0.0
        if self.scene() is not None:  # what is above that is not seen
            room.setTop(max(room.top(), -self.scenePos().y()))
        spots: list[float] = []
        height = TEXT_HEIGHT * self._letters.height
        for number, level in enumerate(levels[:TEXT_LEVELS]):
            widths = [self._letters.width_of(text) for _, text in level]
            wide = max(widest, *widths, 0.0)
            spots = sorted([*spots, *(at for at, _ in level)])
            least = min((b - a for a, b in pairwise(spots)), default=length)
            each = height if self._is_left else wide + GAP
            if number and (len(found) >= SCALE or least < each):
                break
            widest = wide
            for (at, text), width in zip(level, widths, strict=True):
                area = self._area(at, width, height)
                if room.contains(area):
                    found.append((self._letters.start(area), text))
        self._updateMaxTextSize(widest if self._is_left else height)
        return found

    def _area(self, at: float, width: float, height: float) -> QRectF:
        rect, gap = self.rect(), self.style["tickTextOffset"][not self._is_left]
        if self._is_left:
            return QRectF(rect.right() - gap - width, at - height / 2, width, height)
        return QRectF(at - width / 2, rect.top() + gap, width, height)
