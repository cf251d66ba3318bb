"""Small pictures of the symbols that mark data."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPixmap, QTransform
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from rampviewer.gui.plots.painter_arrays import draw_pictures
from rampviewer.gui.widgets.clipping import clipped
from rampviewer.gui.widgets.flag_styles import FlagStyle

F64 = NDArray[np.float64]
MARGIN = 2  # around a symbol, for its outline [pixel]
FAR = 1e5  # beyond any paper [pixel]
_SCALABLE = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One symbol as it is drawn; `fill` is the opacity inside, 0 to 255."""

    symbol: str
    color: str
    size: float  # [pixel]
    fill: int = 0
    width: float = 1.6

    @classmethod
    def of(cls, style: FlagStyle, size: float, fill: int = 0) -> "Glyph":
        return cls(style.symbol, style.color, size, fill)


@lru_cache(maxsize=1024)
def picture(glyph: Glyph, ratio: float) -> QPixmap:
    """Return a glyph for a screen with `ratio` device pixels in a pixel.

    Its centre is the middle of the picture.
    """
    side = int(glyph.size) + 2 * MARGIN + 1
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    painter.scale(glyph.size, glyph.size)
    pen = QPen(QColor(glyph.color), glyph.width)
    pen.setCosmetic(True)
    fill = QColor(glyph.color)
    fill.setAlpha(glyph.fill)
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawPath(Symbols[glyph.symbol])
    painter.end()
    return pixmap


def is_scalable(painter: QPainter) -> bool:
    """Return whether what is painted can be magnified: no pictures, then."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() in _SCALABLE


def draw_glyph(painter: QPainter, centre: QPointF, glyph: Glyph) -> None:
    """Draw a glyph around a place, as a picture unless that would be magnified."""
    if is_scalable(painter):
        _draw_outline(painter, centre, glyph)
        return
    half = (int(glyph.size) + 2 * MARGIN + 1) / 2
    painter.drawPixmap(centre - QPointF(half, half), picture(glyph, ratio_of(painter)))


def draw_glyphs(
    painter: QPainter, x: F64, y: F64, glyph: Glyph, sides: F64 | None = None
) -> None:
    """Draw a glyph around many places [pixel], each between two sides (n, 2) if given."""
    if not is_scalable(painter):
        ratio = ratio_of(painter)
        draw_pictures(painter, x, y, picture(glyph, ratio), ratio, sides)
        return
    for n, place in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        if sides is None:
            _draw_outline(painter, QPointF(*place), glyph)
            continue
        left, right = sides[n].tolist()
        room = QRectF(left, -FAR, right - left, 2 * FAR)
        with clipped(painter, room, Qt.ClipOperation.IntersectClip):
            _draw_outline(painter, QPointF(*place), glyph)


def ratio_of(painter: QPainter) -> float:
    """Return how many pixels of the device one pixel has."""
    device = painter.device()
    return float(device.devicePixelRatio()) if device is not None else 1.0


def _draw_outline(painter: QPainter, centre: QPointF, glyph: Glyph) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    fill = QColor(glyph.color)
    fill.setAlpha(glyph.fill)
    painter.setPen(QPen(QColor(glyph.color), glyph.width))
    painter.setBrush(fill)
    scale = QTransform.fromScale(glyph.size, glyph.size)
    painter.drawPath(scale.map(Symbols[glyph.symbol]))
    painter.restore()
