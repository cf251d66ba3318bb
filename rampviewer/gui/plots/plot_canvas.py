"""One item that paints what is in all plots of a grid."""

from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPen
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QStyleOptionGraphicsItem,
    QWidget,
)

from rampviewer.gui.plots.overlay import Overlay

BELOW_AXES = -50.0  # their ticks reach into the plots


@dataclass(frozen=True, slots=True, eq=False)
class _Plot:
    box: Any
    overlays: tuple[Overlay, ...]  # from the lowest


class PlotCanvas(QGraphicsObject):
    """Paints the overlays of the plots in a layout, and a frame around each plot.

    Qt asks an item of a scene for its outlines, clips it and keeps its painter safe: for
    dozens of items that takes longer than what they paint. They still take the mouse.
    """

    def __init__(self, layout: Any) -> None:
        super().__init__(layout)
        self._rect = QRectF(layout.rect())
        self._plots: list[_Plot] = []
        self._frame = QPen()
        self.setZValue(BELOW_AXES)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        layout.geometryChanged.connect(lambda: self._resize(layout.rect()))

    def adopt(self, box: Any) -> None:
        """Paint from now on what is in a view box of the layout."""
        overlays = tuple(item for item in box.childItems() if isinstance(item, Overlay))
        for overlay in overlays:
            overlay.paint_on(self)
        # No pyqtgraph item is in the box, so nothing is left to be painted or cut off.
        box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        box.borderRect.setVisible(False)
        box.sigRangeChanged.connect(self._repaint)
        self._plots.append(_Plot(box, overlays))

    def set_frame(self, pen: QPen) -> None:
        """Draw the frame of each plot like this."""
        self._frame = pen
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        smooth = QPainter.RenderHint.Antialiasing
        for plot in self._plots:
            if not plot.box.isVisible():
                continue
            area = plot.box.geometry()
            painter.save()
            painter.translate(area.topLeft())
            painter.setClipRect(QRectF(0, 0, area.width(), area.height()))
            for overlay in plot.overlays:
                if overlay.isVisible():
                    painter.setRenderHint(smooth, False)
                    overlay.draw(painter)
            painter.restore()
            painter.setRenderHint(smooth, False)
            painter.setPen(self._frame)
            painter.drawRect(area)

    def _repaint(self) -> None:
        self.update()

    def _resize(self, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._rect = QRectF(rect)
        self.update()
