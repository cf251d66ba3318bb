"""Values in sigma; those beyond the view stand at its edge with their number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPolygonF

from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.mark_layer import (
    F64,
    REACH,
    MarkLayer,
    Marks,
    draw_bars,
    draw_marks,
)
from rampviewer.gui.plots.plot_row import Places, PlotRow
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_labels import are_free, around
from rampviewer.gui.widgets.clipping import clipped

EDGE = 15.0  # [pixel] from the edge to the glyph of a value beyond it
FLOOR = 6.0  # [pixel] from the lower edge to the glyph of a flag without a value
ARROW = 4.0  # half the width of the arrow beyond that glyph [pixel]
POINT_SIZE = 4.0  # what a number keeps away from the centre of a point, if it can [pixel]
ROWS = 3  # of numbers below one another before one is left out


@dataclass(frozen=True, slots=True, eq=False)
class SigmaMarks(Marks):
    """Marks with a word each; one that is not "" stands beside its glyph.

    Where y is NaN there is a flag, but no value: the glyph stands at the lower edge.
    """

    words: tuple[str, ...] = ()


class SigmaLayer(MarkLayer):
    """Draws values in sigma."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=10)
        self._letters = Lettering(font)
        self._text, self._back = QColor(), QColor()
        self._written: tuple[object, list[tuple[QRectF, str]]] | None = None

    def set_colors(self, colors: RampColors) -> None:
        self._text = colors.text
        self._back = QColor(colors.background)
        self._back.setAlpha(215)
        self.update()

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        places = cls.places_in(layers, row)
        draw_bars(painter, layers, row, places)
        x, y, plot = places
        y, beyond = _at_edges(y, *row.edges[plot, 1::2].T)
        far = set(plot[beyond != 0].tolist())
        for number, (layer, area) in enumerate(zip(layers, row.areas, strict=True)):
            if number in far or any(layer.words):
                layer.draw_texts(painter, area.topLeft())
        draw_marks(painter, layers, row, Places(x, y, plot))
        for number, (layer, area) in enumerate(zip(layers, row.areas, strict=True)):
            if number in far:
                own = plot == number
                layer.draw_arrows(painter, area, x[own], y[own], beyond[own])

    @property
    def words(self) -> tuple[str, ...]:
        """The word of each mark."""
        return self.marks.words if isinstance(self.marks, SigmaMarks) else ()

    def draw_texts(self, painter: QPainter, corner: QPointF) -> None:
        """Write what stands beside glyphs into the plot with this corner."""
        painter.setFont(self._letters.font)
        painter.setPen(self._text)
        for place, text in self.texts():
            area = place.translated(corner)
            painter.fillRect(area, self._back)
            self._letters.centered(painter, area, text)

    def draw_arrows(
        self, painter: QPainter, area: QRectF, x: F64, y: F64, beyond: F64
    ) -> None:
        """Draw an arrow at each value that is above or below the plot."""
        left, right = area.left() - REACH, area.right() + REACH
        with clipped(painter, area):
            for number in np.flatnonzero((x > left) & (x < right) & (beyond != 0)).tolist():
                color = QColor(self.glyph(number).color)
                self._draw_arrow(painter, color, x[number], y[number], beyond[number])

    def places(self) -> tuple[F64, F64, F64]:
        """Return (x, y, beyond) of the glyphs [pixel].

        `beyond` is -1 for a value above the view, 1 for one below it and else 0.
        """
        x, y = self.to_pixels(self.marks.x, self.marks.y)
        return x, *_at_edges(y, 0.0, self.boundingRect().height())

    def _is_seen(self, x: F64) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (x > -REACH) & (x < self._rect.width() + REACH)
        return inside

    def occupied(self) -> list[QRectF]:
        """Return the areas of all glyphs and numbers [pixel]."""
        glyphs = self._glyph_areas(range(self.marks.x.size))
        return [*glyphs.values(), *(area for area, _ in self.texts())]

    def _glyph_areas(self, numbers: Iterable[int]) -> dict[int, QRectF]:
        x, y, _ = self.places()
        found = {}
        for number in numbers:
            half = self.glyph(number).size / 2 + 1
            corner = QPointF(x[number] - half, y[number] - half)
            found[number] = QRectF(corner, QSizeF(2 * half, 2 * half))
        return found

    def texts(self) -> list[tuple[QRectF, str]]:
        """Return what is written where; what finds no place is left to the tooltip."""
        where = self.marks, self._view_box.viewRange(), self.boundingRect()
        if self._written is None or self._written[0] != where:
            self._written = where, self._placed()
        return self._written[1]

    def _placed(self) -> list[tuple[QRectF, str]]:
        marks = self.marks
        if not isinstance(marks, SigmaMarks) or not marks.words:
            return []
        x, y, beyond = self.places()
        if not (beyond.any() or any(marks.words)):
            return []
        found: list[tuple[QRectF, str]] = []
        room = self.boundingRect()
        flagged = [number for number, glyph in enumerate(marks.glyphs) if glyph]
        glyphs = self._glyph_areas(flagged)
        points = around(x, y, POINT_SIZE)
        is_told = np.array([bool(word) for word in marks.words], np.bool_) | (beyond != 0)
        for number in np.flatnonzero(self._is_seen(x) & is_told).tolist():
            text = self._text_of(marks, number, bool(beyond[number]))
            if text:
                areas = self._areas(text, x[number], y[number], beyond[number])
                for area in _clear_first(areas, points):
                    taken = any(area.intersects(other) for other, _ in found) or any(
                        area.intersects(glyph) for n, glyph in glyphs.items() if n != number
                    )
                    if not taken and room.contains(area):
                        found.append((area, text))
                        break
        return found

    def _text_of(self, marks: SigmaMarks, number: int, is_beyond: bool) -> str:
        word = marks.words[number]
        if not is_beyond:
            return word
        value = float(marks.y[number])
        digits = f"{value:.0f}" if abs(value) < 1e5 else f"{value:.0e}"
        return f"{digits} {word}".rstrip()

    def _areas(self, text: str, x: float, y: float, beyond: float) -> list[QRectF]:
        width = self._letters.width_of(text) + 3
        height = self._letters.height - 2
        right = QRectF(x + 8, y - height / 2, width, height)
        left = QRectF(x - 8 - width, y - height / 2, width, height)
        if not beyond:
            return [right, left]
        # Away from the edge, in the column of the glyph, then further away.
        rows = (y - beyond * (9 + height / 2 + row * height) for row in range(ROWS))
        below = [QRectF(x - width / 2, row - height / 2, width, height) for row in rows]
        return [right, left, *below]

    def _draw_arrow(
        self, painter: QPainter, color: QColor, x: float, y: float, direction: float
    ) -> None:
        foot, tip = y + direction * 7.5, y + direction * 13.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corners = ((x - ARROW, foot), (x + ARROW, foot), (x, tip))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _clear_first(areas: list[QRectF], points: F64) -> list[QRectF]:
    """Return areas in their order, those that touch a point after the others."""
    clear = are_free(np.array([area.getRect() for area in areas]), points)
    return [areas[n] for n in np.argsort(~clear, kind="stable")]


def _at_edges(y: F64, top: F64 | float, bottom: F64 | float) -> tuple[F64, F64]:
    """Return where glyphs stand, none beyond the plot, and -1 above it, 1 below, else 0."""
    above, below = y < top, y > bottom
    y = np.where(above, top + EDGE, np.where(below, bottom - EDGE, y))
    return np.where(np.isnan(y), bottom - FLOOR, y), below.astype(float) - above
