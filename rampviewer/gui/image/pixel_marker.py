"""The mark on the selected pixel."""

from typing import Any, Final

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.image.pixel_mark import PixelMark

RING_SIZE = 28  # diameter [screen pixels]
MARGIN = 3.0  # for half of a line [screen pixels]
# One of the two stands out from any colour map.
_PENS: Final = (("#000000", 3.4), ("#FFE600", 1.4))


class PixelMarker(PixelMark):
    """A box around one pixel, and a ring where the box is too small to be seen.

    Each is drawn twice, dark below bright, so that it shows on every colour.
    """

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=10)

    @property
    def ring(self) -> QRectF | None:
        """The ring around the pixel, None where it is wide enough without one."""
        if self._scale >= 0.7 * RING_SIZE:
            return None
        return QRectF(-RING_SIZE / 2, -RING_SIZE / 2, RING_SIZE, RING_SIZE)

    def boundingRect(self) -> QRectF:
        outer = self.ring or self.box
        return outer.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def draw(self, painter: QPainter) -> None:
        ring = self.ring
        for color, width in _PENS:
            painter.setPen(QPen(QColor(color), width))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.drawRect(self.box)
            if ring is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.drawEllipse(ring)
