"""Points, glyphs, error bars and fitted lines in a plot."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines
from rampviewer.gui.plots.plot_row import Places, PlotRow
from rampviewer.gui.widgets.glyphs import Glyph, draw_glyphs

F64 = NDArray[np.float64]
REACH = 24.0  # [pixel] a glyph this far outside is not seen
LEAST_SIZE = 3.0  # of a point [pixel]
CAP = 2.5  # half the width of the end of an error bar [pixel]
SPILL = 0.5  # of the end of a line, that the frame of its plot covers [pixel]


def _nothing() -> F64:
    return np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Where marks stand, in units of the view.

    `glyphs` has one for each mark, None for the common one of the layer; if it is empty
    all are common. `bar` is half the length of all error bars, NaN for none.
    """

    x: F64 = field(default_factory=_nothing)
    y: F64 = field(default_factory=_nothing)
    glyphs: tuple[Glyph | None, ...] = ()
    bar: float = float("nan")


class MarkLayer(Overlay):
    """Draws marks where they are."""

    def __init__(self, view_box: Any, z: float = 2.0) -> None:
        super().__init__(view_box, z)
        self.marks = Marks()
        self.common = Glyph("o", "#000000", 7.0, 255)
        self.setVisible(False)

    def set_marks(self, marks: Marks) -> None:
        if marks is self.marks:
            return  # as there are none, mostly, behind those of the pixel
        self.marks = marks
        self.setVisible(marks.x.size > 0)  # what has nothing to draw costs nothing
        self.update()

    def set_common(self, glyph: Glyph) -> None:
        """Draw marks without a glyph of their own like this."""
        self.common = glyph
        self.update()

    def glyph(self, number: int) -> Glyph:
        """Return what a mark looks like."""
        own = self.marks.glyphs[number] if self.marks.glyphs else None
        return own or self.common

    @property
    def is_crowded(self) -> bool:
        """Whether common glyphs may touch one another."""
        return 1.25 * self.common.size * self.marks.x.size >= self._rect.width()

    def size_at(self, spacing: float) -> float:
        """Return the size of the common glyph where marks stand so close [pixel]."""
        size = self.common.size
        if not self.is_crowded:
            return size
        return max(LEAST_SIZE, min(size, round(0.8 * min(spacing, 100.0))))

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        places = cls.places_in(layers, row)
        draw_bars(painter, layers, row, places)
        draw_marks(painter, layers, row, places)

    @staticmethod
    def places_in(layers: Sequence[Any], row: PlotRow) -> Places:
        """Return where the marks of all plots stand, be it beyond them."""
        marks = [layer.marks for layer in layers]
        return row.places([each.x for each in marks], [each.y for each in marks])


def draw_marks(
    painter: QPainter, layers: Sequence[MarkLayer], row: PlotRow, places: Places
) -> None:
    """Draw the marks of all plots that are seen: those with one glyph in one go."""
    x, y, plot = places
    edges = row.edges[plot]
    seen: NDArray[np.bool_] = (
        (x > edges[:, 0] - REACH)
        & (x < edges[:, 2] + REACH)
        & (y > edges[:, 1] - REACH)
        & (y < edges[:, 3] + REACH)
    )
    sides = edges[:, ::2] if row.are_cut(places, REACH) else None
    own = _own_glyphs(layers)
    common = seen.copy()
    for _, numbers in own:
        common[numbers] = False
    if common.any():
        for glyph, plots in _common_glyphs(layers, places):
            here = common & np.isin(plot, plots) if len(plots) < len(layers) else common
            draw_glyphs(painter, x[here], y[here], glyph, _some(sides, here))
    for glyph, numbers in own:
        chosen = np.array(numbers)[seen[numbers]]
        draw_glyphs(painter, x[chosen], y[chosen], glyph, _some(sides, chosen))


def _some(values: F64 | None, which: NDArray[Any]) -> F64 | None:
    return None if values is None else values[which]


def draw_bars(
    painter: QPainter, layers: Sequence[MarkLayer], row: PlotRow, places: Places
) -> None:
    """Draw the error bars of all plots that have some."""
    lengths = np.array([layer.marks.bar for layer in layers])
    if not (lengths > 0).any():
        return
    x, y, plot = places
    half = (lengths * row.scales[:, 2])[plot]  # NaN for those without
    ok = np.isfinite(y + half)
    x, y, plot, half = x[ok], y[ok], plot[ok], half[ok]
    low, high = row.edges[plot, 0], row.edges[plot, 2]
    top, bottom = y + half, y - half
    bars = np.empty((3, x.size, 4))  # upright, and both ends
    bars[0, :, 0] = bars[0, :, 2] = x
    bars[:2, :, 1] = bars[1, :, 3] = top
    bars[2, :, 1] = bars[::2, :, 3] = bottom
    bars[1:, :, 0], bars[1:, :, 2] = (
        np.clip(x - CAP, low, high),
        np.clip(x + CAP, low, high),
    )
    inside = (x >= low) & (x <= high)
    painter.setPen(QPen(QColor(layers[0].common.color), 1.0))
    draw_lines(painter, bars[:, inside].reshape(-1, 4))


def _own_glyphs(layers: Sequence[MarkLayer]) -> list[tuple[Glyph, list[int]]]:
    """Return glyphs that are not the common one, with the numbers of their marks."""
    found: dict[int, tuple[Glyph, list[int]]] = {}  # by identity, as hashes take longer
    start = 0
    for layer in layers:
        for number, glyph in enumerate(layer.marks.glyphs, start):
            if glyph is not None:
                found.setdefault(id(glyph), (glyph, []))[1].append(number)
        start += layer.marks.x.size
    return list(found.values())


def _common_glyphs(
    layers: Sequence[MarkLayer], places: Places
) -> list[tuple[Glyph, list[int]]]:
    """Return what marks look like by themselves, with the numbers of those plots."""
    common = layers[0].common
    if not any(layer.is_crowded for layer in layers):
        return [(common, [*range(len(layers))])]
    gaps = np.append(np.abs(np.diff(places.x)), np.inf)
    lasts = np.flatnonzero(np.diff(places.plot))
    gaps[lasts] = np.inf
    spacings = np.minimum.reduceat(gaps, [0, *(lasts + 1).tolist()]).tolist()
    found: dict[float, list[int]] = {}
    for number, (layer, spacing) in enumerate(zip(layers, spacings, strict=True)):
        found.setdefault(layer.size_at(spacing), []).append(number)
    return [(replace(common, size=size), plots) for size, plots in found.items()]


class SegmentLayer(Overlay):
    """Draws straight lines."""

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=1)
        self.ends: F64 = np.empty((0, 4))
        self.pen = QPen()
        self.setVisible(False)

    def set_ends(self, ends: F64) -> None:
        """Draw lines between (x0, y0) and (x1, y1), (n, 4) in units of the view."""
        self.ends = ends
        self.setVisible(len(ends) > 0)
        self.update()

    def set_color(self, color: QColor) -> None:
        self.pen = QPen(color, 2.0)
        self.update()

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        ends, plot = row.lines([layer.ends for layer in layers])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(layers[0].pen)
        draw_lines_within(painter, ends, plot, row)


def draw_lines_within(
    painter: QPainter, ends: F64, plot: NDArray[np.intp], row: PlotRow
) -> None:
    """Draw lines (n, 4), each cut off at the sides of its plot [pixel of the canvas]."""
    if not np.isfinite(ends.sum()):
        known = np.isfinite(ends).all(axis=1)
        ends, plot = ends[known], plot[known]
    cut, seen = cut_at_sides(ends, plot, row)
    draw_lines(painter, cut[seen])


def cut_at_sides(
    ends: F64, plot: NDArray[np.intp], row: PlotRow
) -> tuple[F64, NDArray[np.bool_]]:
    """Return what of lines (n, 4) is between the sides of their plot, and which are seen.

    By arithmetic: to clip the painter for each plot takes longer than to paint.
    """
    left, _, right, _ = row.edges[plot].T
    left, right = left + SPILL, right - SPILL
    x, y, way = ends[:, 0], ends[:, 1], ends[:, 2] - ends[:, 0]
    start, end = np.clip(x, left, right), np.clip(ends[:, 2], left, right)
    slope = (ends[:, 3] - y) / np.where(way == 0, 1.0, way)
    cut = ends.copy()
    cut[:, 0], cut[:, 2] = start, end
    cut[:, 1] += (start - x) * slope
    cut[:, 3] += (end - ends[:, 2]) * slope
    inside = np.minimum(x, ends[:, 2]) <= right
    seen: NDArray[np.bool_] = inside & (np.maximum(x, ends[:, 2]) >= left)
    return cut, seen
