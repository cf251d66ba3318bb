"""What is painted over a plot in pixels.

pyqtgraph has items for lines, points and texts, but each is a path, a picture or a text
document of its own; painted by hand in one go, dozens of them cost less than one of those.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QStyleOptionGraphicsItem,
    QWidget,
)

from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.widgets.clipping import clipped

F64 = NDArray[np.float64]


class Overlay(QGraphicsObject):
    """Base: an item as large as a pyqtgraph view box that paints in its pixels."""

    def __init__(self, view_box: Any, z: float) -> None:
        super().__init__(view_box)
        self._view_box = view_box
        self._rect = QRectF(view_box.rect())  # kept: Qt asks hundreds of times a picture
        self._canvas: QGraphicsItem | None = None
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        view_box.sigResized.connect(self._resize)
        view_box.sigRangeChanged.connect(self._repaint)

    def paint_on(self, canvas: QGraphicsItem) -> None:
        """Leave it to a canvas to call `draw`, and tell it when that is due.

        The canvas knows by itself when the range changes: once for all in a box.
        """
        self._canvas = canvas
        self._view_box.sigRangeChanged.disconnect(self._repaint)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)

    def update(self, *area: Any) -> None:
        if self._canvas is None:
            super().update(*area)
        else:
            self._canvas.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        painter.save()
        # Not by ItemClipsToShape: a path and smooth edges make fills ten times slower.
        painter.setClipRect(self.boundingRect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.draw(painter)
        painter.restore()

    def draw(self, painter: QPainter) -> None:
        """Paint, in pixels of the view box."""
        raise NotImplementedError

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        """Paint such overlays of plots beside one another, in pixels of their canvas.

        What takes its time from calls, not from numbers, is to do it for all in one go;
        here each has its turn, in its plot.
        """
        for layer, area in zip(layers, row.areas, strict=True):
            with clipped(painter, area):
                painter.translate(area.topLeft())
                layer.draw(painter)

    def to_pixels(self, x: F64, y: F64) -> tuple[F64, F64]:
        """Return pixels of points given in units of the view."""
        (x0, x1), (y0, y1) = self._view_box.state["viewRange"]  # `viewRange` copies it
        rect = self._rect
        return (
            (x - x0) / ((x1 - x0) or 1) * rect.width(),
            (y1 - y) / ((y1 - y0) or 1) * rect.height(),
        )

    def points_to_pixels(self, points: F64) -> F64:
        """Return pixels of points (n, 2) given in units of the view."""
        (x0, x1), (y0, y1) = self._view_box.state["viewRange"]
        across = self._rect.width() / ((x1 - x0) or 1)
        down = self._rect.height() / ((y1 - y0) or 1)
        found: F64 = (points - (x0, y1)) * (across, -down)
        return found

    def columns(self, x: Sequence[float]) -> list[float]:
        """Return the middle of the column of pixels at each x: lines equally sharp."""
        x0, x1 = self._view_box.state["viewRange"][0]
        scale, left = self._rect.width() / ((x1 - x0) or 1), self.scenePos().x()
        return [math.floor((at - x0) * scale + left) + 0.5 - left for at in x]

    def rows(self, y: Sequence[float]) -> list[float]:
        """Return the middle of the row of pixels at each y."""
        y0, y1 = self._view_box.state["viewRange"][1]
        scale, top = self._rect.height() / ((y1 - y0) or 1), self.scenePos().y()
        return [math.floor((y1 - at) * scale + top) + 0.5 - top for at in y]

    def _resize(self) -> None:
        self.prepareGeometryChange()
        self._rect = QRectF(self._view_box.rect())
        self.update()

    def _repaint(self) -> None:
        self.update()
