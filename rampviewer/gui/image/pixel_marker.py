"""The mark on the selected pixel."""

from typing import Any, Final

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from rampviewer.model.exposure import Pixel

RING_SIZE = 28  # diameter [screen pixels]
MARGIN = 3.0  # for half of a line [screen pixels]
# One of the two stands out from any colour map.
_PENS: Final = (("#000000", 3.4), ("#FFE600", 1.4))


class PixelMarker(QGraphicsObject):
    """A box around one pixel, and a ring where the box is too small to be seen.

    Each is drawn twice, dark below bright, so that it shows on every colour. The item is
    small, and so is what has to be painted anew when it moves.
    """

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box)
        self._view_box = view_box
        self.pixel: Pixel | None = None
        self._scale = 1.0  # screen pixels of one pixel
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setVisible(False)
        view_box.sigRangeChanged.connect(lambda *_: self._place())
        view_box.sigResized.connect(lambda *_: self._place())

    def move_to(self, pixel: Pixel | None) -> None:
        """Mark a pixel, or none."""
        self.pixel = pixel
        self._place()
        self.setVisible(pixel is not None)

    @property
    def box(self) -> QRectF:
        """The pixel, around the middle of the item [screen pixels]."""
        half = self._scale / 2
        return QRectF(-half, -half, self._scale, self._scale)

    @property
    def ring(self) -> QRectF | None:
        """The ring around it, None where the pixel is wide enough without one."""
        if self._scale >= 0.7 * RING_SIZE:
            return None
        return QRectF(-RING_SIZE / 2, -RING_SIZE / 2, RING_SIZE, RING_SIZE)

    def boundingRect(self) -> QRectF:
        outer = self.ring or self.box
        return outer.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        painter.save()
        # The item is not clipped by its parent, which is as large as the image.
        painter.setClipRect(self.mapRectFromParent(self._view_box.rect()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = self.ring
        for color, width in _PENS:
            painter.setPen(QPen(QColor(color), width))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.drawRect(self.box)
            if ring is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.drawEllipse(ring)
        painter.restore()

    def _place(self) -> None:
        if self.pixel is None:
            return
        (x0, x1), (_, y1) = self._view_box.state["viewRange"]
        scale = self._view_box.rect().width() / ((x1 - x0) or 1.0)
        if scale != self._scale:
            self.prepareGeometryChange()
            self._scale = scale
        self.setPos((self.pixel.col - x0) * scale, (y1 - self.pixel.row) * scale)
