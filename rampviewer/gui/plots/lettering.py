"""Short texts in a plot, drawn without the layout of a paragraph."""

from functools import lru_cache

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter

MANY_TEXTS = 4096  # whose width is known


class Lettering:
    """Measures and draws lines of text in one font.

    Qt lays a text out anew each time it is given an area for it; a place is quicker.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        metrics = QFontMetricsF(font)
        self._metrics = metrics
        self.height, self._ascent = metrics.height(), metrics.ascent()
        self.line_spacing = metrics.lineSpacing()
        self.width_of = lru_cache(MANY_TEXTS)(metrics.horizontalAdvance)

    def size_of(self, text: str) -> tuple[float, float]:
        """Return the width and the height of one or several lines [pixel]."""
        lines = text.split("\n")
        return max(map(self.width_of, lines)), self.line_spacing * len(lines)

    def cut(self, text: str, width: float) -> str:
        """Return as much of a line as fits, with an ellipsis."""
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def centered(self, painter: QPainter, area: QRectF, text: str) -> None:
        """Draw text, each of its lines, in the middle of an area; the font is set."""
        lines, width = text.split("\n"), area.width()
        left, gap = area.left(), self.line_spacing
        used = self.height + gap * (len(lines) - 1)
        y = area.top() + (area.height() - used) / 2 + self._ascent
        for line in lines:
            x = left + (width - self.width_of(line)) / 2
            painter.drawText(QPointF(x, y), line)
            y += gap

    def from_left(self, painter: QPainter, area: QRectF, text: str) -> None:
        """Draw a line at the left of an area, half way up; the font is set."""
        painter.drawText(self.start(area), text)

    def start(self, area: QRectF) -> QPointF:
        """Return where a line begins that stands at the left of an area, half way up."""
        y = area.top() + (area.height() - self.height) / 2 + self._ascent
        return QPointF(area.left(), y)
