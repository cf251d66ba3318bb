"""Draws other ramps into a plot, and says which is which above the plots."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from rampviewer.gui.glyphs import MARGIN, Glyph, picture
from rampviewer.gui.other_ramps import Curve
from rampviewer.gui.overlay import Overlay
from rampviewer.gui.pin_looks import RampStyle
from rampviewer.gui.ramp_colors import RampColors
from rampviewer.gui.ramp_overlay import TextStrip

SIZE, LEAST_SIZE = 6.5, 3.0  # of a glyph [pixel]
WIDTH = 1.3  # of a line [pixel]
LEGEND_SIZE = 8.0  # of a glyph in the legend [pixel]
GAP = 10.0  # between entries of the legend [pixel]


class OtherLayer(Overlay):
    """Points and thin lines of other ramps, below those of the pixel shown."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=1.5)
        self.curves: list[Curve] = []
        self._font = QFont(font)
        self._font.setBold(True)
        self._metrics = QFontMetricsF(self._font)
        self._back = QColor()
        self.setVisible(False)

    def set_curves(self, curves: list[Curve]) -> None:
        self.curves = curves
        self.setVisible(any(curve.points.size for curve in curves))
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._back = QColor(colors.background)
        self._back.setAlpha(200)
        self.update()

    def marks(self) -> list[tuple[QRectF, Curve]]:
        """Return where the number of each curve stands, at the end of each integration.

        Those of one integration stand apart as far as there is room.
        """
        ends: dict[float, list[tuple[float, Curve]]] = {}
        for curve in (each for each in self.curves if each.mark):
            x, y = self.to_pixels(curve.ends[:, 0], curve.ends[:, 1])
            for across, down in zip(x.tolist(), y.tolist(), strict=True):
                ends.setdefault(round(across, 1), []).append((down, curve))
        rect, height = self.boundingRect(), self._metrics.height() - 3
        found = []
        for across, column in ends.items():
            column.sort(key=lambda pair: pair[0])
            tops = _spread([down - height / 2 for down, _ in column], height, rect.height())
            for top, (_, curve) in zip(tops, column, strict=True):
                width = self._metrics.horizontalAdvance(curve.mark) + 2
                left = min(across + SIZE, rect.width() - width - 1)
                found.append((QRectF(left, top, width, height), curve))
        return found

    def draw(self, painter: QPainter) -> None:
        device = painter.device()
        ratio = float(device.devicePixelRatio()) if device is not None else 1.0
        painter.setFont(self._font)
        for curve in self.curves:
            self._draw_lines(painter, curve)
            self._draw_points(painter, curve, ratio)
        for area, curve in self.marks():
            painter.fillRect(area, self._back)
            painter.setPen(QColor(curve.style.color))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), curve.mark)

    def _draw_lines(self, painter: QPainter, curve: Curve) -> None:
        x0, y0 = self.to_pixels(curve.lines[:, 0], curve.lines[:, 1])
        x1, y1 = self.to_pixels(curve.lines[:, 2], curve.lines[:, 3])
        ends = np.column_stack((x0, y0, x1, y1)).tolist()
        if ends:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(curve.style.color), WIDTH, curve.style.line))
            painter.drawLines(*(QLineF(*each) for each in ends))

    def _draw_points(self, painter: QPainter, curve: Curve, ratio: float) -> None:
        x, y = self.to_pixels(curve.points[:, 0], curve.points[:, 1])
        spacing = float(np.abs(np.diff(x)).min(initial=np.inf))
        size = min(SIZE, 0.9 * spacing)
        if size < LEAST_SIZE:
            return  # the lines tell as much, and thousands of glyphs take long
        rect = self.boundingRect()
        seen = (x >= -SIZE) & (x <= rect.width() + SIZE) & np.isfinite(y)
        style, half = curve.style, (int(size) + 2 * MARGIN + 1) / 2
        looks = [
            picture(Glyph(style.symbol, style.color, size, fill, 1.3), ratio)
            for fill in (0, 255)
        ]
        places = zip(x[seen].tolist(), y[seen].tolist(), curve.filled[seen], strict=True)
        for across, down, filled in places:
            painter.drawPixmap(QPointF(across - half, down - half), looks[int(filled)])


def _spread(tops: list[float], height: float, room: float) -> list[float]:
    """Return places, in the same order, that overlap only where there is no room."""
    found, free_from = [], 0.0
    for top in tops:
        found.append(max(top, free_from))
        free_from = found[-1] + height
    least = room
    for n in range(len(found) - 1, -1, -1):
        least -= height
        found[n] = max(0.0, min(found[n], least))
        least = found[n]
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """What the legend says of a ramp: texts from long to short."""

    style: RampStyle
    texts: tuple[str, ...]
    is_filled: bool


class RampLegend(TextStrip):
    """One line that names the other ramps by their glyphs."""

    def __init__(self, font: QFont) -> None:
        super().__init__(font)
        self.entries: tuple[Entry, ...] = ()

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        if entries != self.entries:
            self.entries = entries
            self.setToolTip("\n".join(entry.texts[0] for entry in entries))
            self.update()

    def placed(self, width: float) -> list[tuple[float, Entry, str]]:
        """Return (x, entry, text) for so many pixels: the longest texts that all fit."""
        n_texts = max((len(entry.texts) for entry in self.entries), default=0)
        for n in range(n_texts):
            texts = [entry.texts[min(n, len(entry.texts) - 1)] for entry in self.entries]
            sizes = [self._room(text) for text in texts]
            if sum(sizes) - GAP <= width or n == n_texts - 1:
                starts = np.cumsum([0.0, *sizes[:-1]]).tolist()
                return list(zip(starts, self.entries, texts, strict=True))
        return []

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - Qt passes it
        widget: QWidget | None = None,  # noqa: ARG002 - Qt passes it
    ) -> None:
        assert painter is not None
        painter.setFont(self._font)
        painter.setPen(self._color)
        device = painter.device()
        ratio = float(device.devicePixelRatio()) if device is not None else 1.0
        half = (int(LEGEND_SIZE) + 2 * MARGIN + 1) / 2
        rect = self.rect()
        for x, entry, text in self.placed(rect.width()):
            style = entry.style
            fill = 255 if entry.is_filled else 0
            pixmap = picture(Glyph(style.symbol, style.color, LEGEND_SIZE, fill), ratio)
            centre = QPointF(rect.left() + x + LEGEND_SIZE / 2, rect.center().y())
            painter.drawPixmap(centre - QPointF(half, half), pixmap)
            room = rect.adjusted(x + LEGEND_SIZE + 4, 0, rect.width(), 0)
            how = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(room, int(how), text)

    def _room(self, text: str) -> float:
        return LEGEND_SIZE + 4 + self._metrics.horizontalAdvance(text) + GAP
