"""A mark that stays on one pixel of an image."""

from typing import Any

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from rampviewer.model.exposure import Pixel


class PixelMark(QGraphicsObject):
    """Follows a pixel through moves and zooms of a view box; how it looks, `draw` says.

    The item is small, and so is what has to be painted anew when it moves. Its origin is
    the middle of the pixel, its unit one pixel of the screen.
    """

    def __init__(self, view_box: Any, z: float) -> None:
        super().__init__(view_box)
        self._view_box = view_box
        self.pixel: Pixel | None = None
        self._scale = 1.0  # screen pixels of one pixel
        self.setZValue(z)
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

    def draw(self, painter: QPainter) -> None:
        """Draw the mark around (0, 0) [screen pixels]."""
        raise NotImplementedError

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
        self.draw(painter)
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
