"""Draws other ramps into a plot, and says which is which above the plots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import is_
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFont, QPainter, QPen
from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from rampviewer.gui.pins.pin_looks import RampStyle
from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.mark_layer import cut_at_sides
from rampviewer.gui.plots.overlay import F64, Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.ramp.other_ramps import Curve
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_labels import along, around, within
from rampviewer.gui.ramp.text_strip import TextStrip
from rampviewer.gui.widgets.contrast import readable
from rampviewer.gui.widgets.glyphs import Glyph, draw_glyphs

SIZE, LEAST_SIZE = 6.5, 3.0  # of a glyph [pixel]
WIDTH = 1.3  # of a line [pixel]
LEGEND_SIZE = 8.0  # of a glyph in the legend [pixel]
_INSET = QPointF(1.0, 0.0)  # of a number in its area [pixel]
_UNFILLED = np.empty(0, np.bool_)
NO_POINTS, NO_LINES = np.empty((0, 2)), np.empty((0, 4))
GAP = 10.0  # between entries of the legend [pixel]
APART = 90.0  # numbers of one curve [pixel]
MARGIN = 2.0  # between the numbers of curves and the frame [pixel]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """All curves of a plot: made pixels of in one go, as calls take the time."""

    points: F64  # (n, 2)
    lines: F64  # (n, 4)
    ends: F64  # (n, 2)
    filled: NDArray[np.bool_]  # of each point
    of_point: NDArray[np.intp]  # number of the curve
    of_line: NDArray[np.intp]
    spacing: float  # of the points of a curve, in units of the view

    @classmethod
    def of(cls, curves: Sequence[Curve]) -> "_Drawn":
        numbers = np.arange(len(curves))
        return cls(
            points=np.concatenate([NO_POINTS, *(curve.points for curve in curves)]),
            lines=np.concatenate([NO_LINES, *(curve.lines for curve in curves)]),
            ends=np.concatenate([NO_POINTS, *(curve.ends for curve in curves)]),
            filled=np.concatenate([_UNFILLED, *(curve.filled for curve in curves)]),
            of_point=np.repeat(numbers, [len(curve.points) for curve in curves]),
            of_line=np.repeat(numbers, [len(curve.lines) for curve in curves]),
            spacing=min((curve.spacing for curve in curves), default=np.inf),
        )


class _Joined(NamedTuple):
    """Which points and lines of all plots of a row look alike."""

    plots: tuple[_Drawn, ...]
    lines: list[tuple[RampStyle, NDArray[np.intp]]]
    points: list[tuple[RampStyle, int, NDArray[np.intp]]]  # with the opacity inside

    @classmethod
    def of(cls, plots: tuple[_Drawn, ...], curves: Sequence[Curve]) -> "_Joined":
        line = np.concatenate([plot.of_line for plot in plots])
        point = np.concatenate([plot.of_point for plot in plots])
        filled = np.concatenate([plot.filled for plot in plots])
        styles = [curve.style for curve in curves]
        looks = [
            (style, fill, np.flatnonzero((point == n) & (filled == (fill > 0))))
            for n, style in enumerate(styles)
            for fill in (0, 255)
        ]
        return cls(
            plots,
            [(style, np.flatnonzero(line == n)) for n, style in enumerate(styles)],
            [look for look in looks if look[2].size],
        )


class OtherLayer(Overlay):
    """Points and thin lines of other ramps, below those of the pixel shown."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=1.5)
        self.curves: list[Curve] = []
        self.drawn = _Drawn.of([])
        self._joined: _Joined | None = None
        self._known: tuple[object, list[tuple[QRectF, Curve]], F64] | None = None
        bold = QFont(font)
        bold.setBold(True)
        self.letters = Lettering(bold)
        self._back = QColor()
        self.setVisible(False)

    def set_curves(self, curves: list[Curve]) -> None:
        if len(curves) == len(self.curves) and all(map(is_, curves, self.curves)):
            return  # as pins are for most pixels: a curve never changes
        self.curves = curves
        self.drawn = _Drawn.of(curves)
        self.setVisible(self.drawn.points.size > 0)
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._back = QColor(colors.background)
        self._back.setAlpha(200)
        self.update()

    def marks(self) -> list[tuple[QRectF, Curve]]:
        """Return where the number of each curve stands, at the end of each integration.

        Those of one integration stand apart as far as there is room. Of narrow integrations
        not each one has them, and none that ends left of the plot.
        """
        return self._here()[1]

    def occupied(self) -> F64:
        """Return boxes (n, 4) [pixel] that cover points, lines and numbers."""
        return self._here()[2] if self.curves else NO_LINES

    def _here(self) -> tuple[object, list[tuple[QRectF, Curve]], F64]:
        """Return the range and the size of the plot, with marks and what is occupied."""
        where = self.drawn, self._view_box.viewRange(), self.boundingRect()
        if self._known is None or self._known[0] != where:  # pins stay while pixels change
            placed = self._placed()
            numbers = np.array([area.getRect() for area, _ in placed]).reshape(-1, 4)
            self._known = where, placed, np.concatenate((self._boxes(), numbers))
        return self._known

    def _boxes(self) -> F64:
        rect, points = self.boundingRect(), self.points_to_pixels(self.drawn.points)
        lines = self.points_to_pixels(self.drawn.lines.reshape(-1, 2)).reshape(-1, 4)
        seen = along(within(lines, rect.width(), rect.height()))
        return np.concatenate((around(points[:, 0], points[:, 1], SIZE / 2), seen))

    def _placed(self) -> list[tuple[QRectF, Curve]]:
        columns: dict[float, list[tuple[float, Curve]]] = {}
        places = iter(self.points_to_pixels(self.drawn.ends).tolist())
        for curve in self.curves:
            named = math.inf  # where the next number of the curve is, to the right
            for across, down in reversed(list(islice(places, len(curve.ends)))):
                if curve.mark and across >= 0 and named - across >= APART:
                    columns.setdefault(round(across, 1), []).append((down, curve))
                    named = across
        rect, height = self.boundingRect(), self.letters.height - 3
        found = []
        for across, column in columns.items():
            column.sort(key=lambda pair: pair[0])
            tops = _spread([down - height / 2 for down, _ in column], height, rect.height())
            for top, (_, curve) in zip(tops, column, strict=True):
                width = self.letters.width_of(curve.mark) + 2 * _INSET.x()
                left = min(across + SIZE, rect.width() - width - 1)
                if left >= 0:  # else it would reach into the plot beside it
                    found.append((QRectF(left, top, width, height), curve))
        return found

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        joined = layers[0].joined_with(layers)
        _draw_lines(painter, joined, row)
        _draw_points(painter, joined, row)
        painter.setFont(layers[0].letters.font)
        for layer, area in zip(layers, row.areas, strict=True):
            layer.draw_marks(painter, area.topLeft())

    def joined_with(self, layers: Sequence["OtherLayer"]) -> _Joined:
        """Return what is alike in the plots of a row, which have the same curves."""
        plots = tuple(layer.drawn for layer in layers)
        if self._joined is None or self._joined.plots != plots:
            self._joined = _Joined.of(plots, self.curves)
        return self._joined

    def draw_marks(self, painter: QPainter, corner: QPointF) -> None:
        """Write the numbers of the curves into the plot with this corner."""
        back, marks = self._back, self.marks()
        ground = back.rgba()
        painter.translate(corner)
        for area, _ in marks:  # before any number: where there is no room, they overlap
            painter.fillRect(area, back)
        for area, curve in marks:
            painter.setPen(_readable(curve.style.color, ground))
            painter.drawText(self.letters.start(area) + _INSET, curve.mark)
        painter.translate(-corner)


def _draw_lines(painter: QPainter, joined: _Joined, row: PlotRow) -> None:
    ends, plot = row.lines([drawn.lines for drawn in joined.plots])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cut, seen = cut_at_sides(ends, plot, row)
    for style, own in joined.lines:
        painter.setPen(_pen(style))
        draw_lines(painter, cut[own[seen[own]]])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_points(painter: QPainter, joined: _Joined, row: PlotRow) -> None:
    spacings = np.array([drawn.spacing for drawn in joined.plots])
    size = min(SIZE, 0.9 * float((spacings * row.scales[:, 0]).min()))
    if size < LEAST_SIZE:
        return  # the lines tell as much, and thousands of glyphs take long
    places = row.points([drawn.points for drawn in joined.plots])
    x, y, plot = places
    sides = row.edges[plot, ::2]
    seen = (x >= sides[:, 0] - SIZE) & (x <= sides[:, 1] + SIZE)
    is_cut = row.are_cut(places, SIZE)
    for style, fill, numbers in joined.points:
        own = numbers[seen[numbers]]
        glyph = Glyph(style.symbol, style.color, size, fill, 1.3)
        draw_glyphs(painter, x[own], y[own], glyph, sides[own] if is_cut else None)


@lru_cache(64)
def _pen(style: RampStyle) -> QPen:
    return QPen(QColor(style.color), WIDTH, style.line)


@lru_cache(256)
def _readable(color: str, ground: int) -> QColor:
    return readable(QColor(color), QColor.fromRgba(ground))


def _spread(tops: list[float], height: float, room: float) -> list[float]:
    """Return places, in the same order, that overlap only where there is no room.

    All lie within the frame; where they overlap they do so equally.
    """
    last = room - MARGIN - height  # where the lowest one may stand
    step = min(height, max(last - MARGIN, 0.0) / max(len(tops) - 1, 1))
    found, free_from = [], MARGIN
    for top in tops:
        found.append(max(top, free_from))
        free_from = found[-1] + step
    for n in range(len(found) - 1, -1, -1):
        found[n] = min(found[n], last)
        last = found[n] - step
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
        painter.setFont(self._letters.font)
        painter.setPen(self._color)
        for x, entry, text in self.placed(self.rect().width()):
            style = entry.style
            fill = 255 if entry.is_filled else 0
            glyph = Glyph(style.symbol, style.color, LEGEND_SIZE, fill)
            self._draw_entry(painter, x, glyph, text)

    def _room(self, text: str) -> float:
        return self._entry_width(LEGEND_SIZE, text) + GAP
