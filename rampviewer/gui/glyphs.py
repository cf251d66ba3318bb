"""Small pictures of the symbols that mark data."""

from dataclasses import dataclass
from functools import lru_cache

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from rampviewer.gui.flag_styles import FlagStyle

MARGIN = 2  # around a symbol, for its outline [pixel]


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
