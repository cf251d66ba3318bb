"""The mark on the pixel that the mouse is at in another image."""

from typing import Any, Final

from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.image.pixel_mark import PixelMark

GAP, ARM = 5.0, 8.0  # between pixel and lines, length of these [screen pixels]
OPACITY = 0.75
_PENS: Final = (("#000000", 3.0), ("#FFFFFF", 1.2))
_DIRECTIONS: Final = (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1))


class HoverMark(PixelMark):
    """Four short lines around a pixel, dark below bright, and a box once it is large."""

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=9.5)
        self.setOpacity(OPACITY)

    def boundingRect(self) -> QRectF:
        reach = self._scale / 2 + GAP + ARM + 2
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

    def draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._scale / 2
        start, end = half + GAP, half + GAP + ARM
        for color, width in _PENS:
            painter.setPen(QPen(QColor(color), width))
            painter.drawLines(*[QLineF(start * d, end * d) for d in _DIRECTIONS])
            if half > GAP:
                painter.drawRect(self.box)
