"""A line of text above a plot, with glyphs that it explains."""

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QFont, QPainter
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QGraphicsWidget,
    QStyleOptionGraphicsItem,
    QWidget,
)

from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.widgets.glyphs import Glyph, draw_glyph

BESIDE = 4.0  # between a glyph and its text [pixel]


class TextStrip(QGraphicsWidget):
    """One line of text above a plot, cut with an ellipsis where it does not fit."""

    def __init__(self, font: QFont, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._letters = Lettering(font)
        self._color = QColor()
        self.text = ""
        self.shorter: tuple[str, ...] = ()
        height = self._letters.height + 2
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)
        self.setMinimumWidth(1)

    def set_text(self, text: str, *shorter: str) -> None:
        """Show `text`, or the first of the shorter ones for which there is room."""
        if (text, shorter) != (self.text, self.shorter):
            self.text, self.shorter = text, shorter
            self.setToolTip(text)
            self.update()

    def set_color(self, color: QColor) -> None:
        self._color = color
        self.update()

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        painter.setFont(self._letters.font)
        painter.setPen(self._color)
        area = self.rect()
        self._letters.centered(painter, area, self.fitting(area.width() - 4))

    def fitting(self, width: float) -> str:
        """Return what is written in so many pixels."""
        texts = (self.text, *self.shorter)
        for text in texts:
            if self._letters.width_of(text) <= width:
                return text
        return self._letters.cut(texts[-1], width)

    def _entry_width(self, size: float, text: str) -> float:
        """Return what a glyph of this size needs with its text [pixel]."""
        return size + BESIDE + self._letters.width_of(text)

    def _draw_entry(self, painter: QPainter, x: float, glyph: Glyph, text: str) -> None:
        """Draw a glyph, `x` from the left, and the text that explains it."""
        area = self.rect()
        centre = QPointF(area.left() + x + glyph.size / 2, area.center().y())
        draw_glyph(painter, centre, glyph)
        room = area.adjusted(x + glyph.size + BESIDE, 0, area.width(), 0)
        self._letters.from_left(painter, room, text)
