"""The mark on the pixel that the mouse is at in another image."""

from typing import Any, Final

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from rampviewer.model.exposure import Pixel

GAP, ARM = 5.0, 8.0  # between pixel and lines, length of these [screen pixels]
OPACITY = 0.75
_PENS: Final = (("#000000", 3.0), ("#FFFFFF", 1.2))
_DIRECTIONS: Final = (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1))


class HoverMark(QGraphicsObject):
    """Four short lines around a pixel, dark below bright, and a box once it is large.

    It is small, and so is what has to be painted anew when it moves.
    """

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box)
        self._view_box = view_box
        self.pixel: Pixel | None = None
        self._half = 0.0  # of the pixel [screen pixels]
        self.setZValue(9.5)
        self.setOpacity(OPACITY)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setVisible(False)
        view_box.sigRangeChanged.connect(lambda *_: self._place())
        view_box.sigResized.connect(lambda *_: self._place())

    def move_to(self, pixel: Pixel | None) -> None:
        """Mark a pixel, or none."""
        self.pixel = pixel
        self._place()
        self.setVisible(pixel is not None)

    def boundingRect(self) -> QRectF:
        reach = self._half + GAP + ARM + 2
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start, end = self._half + GAP, self._half + GAP + ARM
        for color, width in _PENS:
            painter.setPen(QPen(QColor(color), width))
            painter.drawLines(*[QLineF(start * d, end * d) for d in _DIRECTIONS])
            if self._half > GAP:
                side = 2 * self._half
                painter.drawRect(QRectF(-self._half, -self._half, side, side))
        painter.restore()

    def _place(self) -> None:
        if self.pixel is None:
            return
        (x0, x1), (_, y1) = self._view_box.viewRange()
        scale = self._view_box.rect().width() / ((x1 - x0) or 1.0)
        if 0.5 * scale != self._half:
            self.prepareGeometryChange()
            self._half = 0.5 * scale
        self.setPos((self.pixel.col - x0) * scale, (y1 - self.pixel.row) * scale)
