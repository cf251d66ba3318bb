"""A sentence in the middle of a plot that has nothing to show."""

from typing import Any

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.ramp.ramp_colors import RampColors

_HOW = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
MARGIN = 4.0  # [pixel]
WIDEST = 340.0  # line [pixel]


class PlotNote(Overlay):
    """Says why a plot is empty; nothing while the text is ""."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=6)
        self.text = ""
        self._font = font
        self._muted, self._back = QColor(), QColor()
        self.setVisible(False)

    def set_text(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setVisible(bool(text))
            self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._muted, self._back = colors.muted, colors.background
        self.update()

    def draw(self, painter: QPainter) -> None:
        if self.text:
            painter.setFont(self._font)
            draw_note(painter, self.boundingRect(), self.text, self._muted, self._back)


def draw_note(
    painter: QPainter, room: QRectF, text: str, color: QColor, back: QColor
) -> None:
    """Write in the middle of `room`, on a ground of its own; the font is set."""
    beside = max(MARGIN, (room.width() - WIDEST) / 2)
    room = room.adjusted(beside, 0, -beside, 0)
    area = painter.boundingRect(room, _HOW, text)
    painter.fillRect(area.adjusted(-MARGIN, -MARGIN / 2, MARGIN, MARGIN / 2), back)
    painter.setPen(color)
    painter.drawText(room, _HOW, text)
