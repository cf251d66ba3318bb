"""The mark on the selected pixel."""

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPen
from PyQt6.QtWidgets import QGraphicsRectItem

from rampviewer.model.exposure import Pixel

RING_SIZE = 28  # diameter [screen pixels]
_INNER, _OUTER = "#FFE600", "#000000"  # one of the two stands out from any colour map


class PixelMarker:
    """A box around one pixel, and a ring that is seen when the box is too small.

    Each is drawn twice, dark below bright, so that it shows on every colour.
    """

    def __init__(self, view: pg.ViewBox) -> None:
        self._boxes = [QGraphicsRectItem(), QGraphicsRectItem()]
        self._rings = [_Ring(), _Ring()]
        pairs = zip(self._boxes, self._rings, (_OUTER, _INNER), (3.4, 1.4), strict=True)
        for box, ring, color, width in pairs:
            pen = QPen(QColor(color), width)
            pen.setCosmetic(True)
            box.setPen(pen)
            ring.setData(size=RING_SIZE, symbol="o", pen=pen, brush=None)
            for item in (box, ring):
                item.setZValue(10)
                item.setVisible(False)
                view.addItem(item, ignoreBounds=True)
        self._pixel: Pixel | None = None

    @property
    def pixel(self) -> Pixel | None:
        return self._pixel

    def move_to(self, pixel: Pixel | None) -> None:
        if pixel == self._pixel:
            return
        self._pixel = pixel
        if pixel is not None:
            for box, ring in zip(self._boxes, self._rings, strict=True):
                box.setRect(QRectF(pixel.col - 0.5, pixel.row - 0.5, 1, 1))
                ring.setData(x=[pixel.col], y=[pixel.row])
        for box in self._boxes:
            box.setVisible(pixel is not None)

    def fit_scale(self, pixel_width: float) -> None:
        """Show the ring where a detector pixel is narrower than it [screen pixels]."""
        for ring in self._rings:
            ring.setVisible(self._pixel is not None and pixel_width < 0.7 * RING_SIZE)


class _Ring(pg.ScatterPlotItem):  # type: ignore[misc]
    """Keeps its area: Qt asks for it at every move of the mouse."""

    def __init__(self) -> None:
        self._area: QRectF | None = None
        super().__init__()

    def boundingRect(self) -> QRectF:
        if self._area is None:
            self._area = super().boundingRect()
        return self._area

    def setData(self, *places: Any, **options: Any) -> None:
        self._area = None
        super().setData(*places, **options)
        self._area = None

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()
        self._area = None
