"""Points, glyphs, error bars and fitted lines in a plot."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines
from rampviewer.gui.widgets.glyphs import Glyph, draw_glyph, draw_glyphs

F64 = NDArray[np.float64]
REACH = 24.0  # [pixel] a glyph this far outside is not seen
LEAST_SIZE = 3.0  # of a point [pixel]
CAP = 2.5  # half the width of the end of an error bar [pixel]


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
        self._common = Glyph("o", "#000000", 7.0, 255)

    def set_marks(self, marks: Marks) -> None:
        self.marks = marks
        self.setVisible(marks.x.size > 0)  # what has nothing to draw costs nothing
        self.update()

    def set_common(self, glyph: Glyph) -> None:
        """Draw marks without a glyph of their own like this."""
        self._common = glyph
        self.update()

    def glyph(self, number: int) -> Glyph:
        """Return what a mark looks like."""
        return self._own(number) or self._common

    def draw(self, painter: QPainter) -> None:
        x, y = self.to_pixels(self.marks.x, self.marks.y)
        if self.marks.bar > 0:
            self._draw_bars(painter, x)
        self.draw_glyphs(painter, x, y)

    def common_for(self, x: F64) -> Glyph:
        """Return the common glyph, smaller where marks stand close together [pixel]."""
        common = self._common
        if 1.25 * common.size * x.size < self._rect.width():
            return common
        spacing = float(np.abs(np.diff(x)).min(initial=np.inf))
        size = max(LEAST_SIZE, min(common.size, round(0.8 * min(spacing, 100.0))))
        return common if size == common.size else replace(common, size=size)

    def _own(self, number: int) -> Glyph | None:
        return self.marks.glyphs[number] if self.marks.glyphs else None

    def draw_glyphs(self, painter: QPainter, x: F64, y: F64) -> None:
        """Draw all marks that are seen, at these pixels."""
        seen, glyphs = self._is_seen(x, y), self.marks.glyphs
        if not glyphs:
            draw_glyphs(painter, x[seen], y[seen], self.common_for(x))
            return
        is_own = np.array([glyph is not None for glyph in glyphs], np.bool_)
        common = seen & ~is_own
        if common.any():
            draw_glyphs(painter, x[common], y[common], self.common_for(x))
        for number in np.flatnonzero(seen & is_own).tolist():
            draw_glyph(painter, QPointF(x[number], y[number]), self.glyph(number))

    def _is_seen(self, x: F64, y: F64) -> NDArray[np.bool_]:
        rect = self._rect
        inside: NDArray[np.bool_] = (
            (x > -REACH)
            & (x < rect.width() + REACH)
            & (y > -REACH)
            & (y < rect.height() + REACH)
        )
        return inside

    def _draw_bars(self, painter: QPainter, x: F64) -> None:
        marks = self.marks
        _, top = self.to_pixels(marks.x, marks.y + marks.bar)
        _, bottom = self.to_pixels(marks.x, marks.y - marks.bar)
        ok = np.isfinite(top)
        x, top, bottom = x[ok], top[ok], bottom[ok]
        left, right = x - CAP, x + CAP
        bars = ((x, top, x, bottom), (left, top, right, top), (left, bottom, right, bottom))
        painter.setPen(QPen(QColor(self._common.color), 1.0))
        draw_lines(painter, np.concatenate([np.array(ends).T for ends in bars]))


class SegmentLayer(Overlay):
    """Draws straight lines."""

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=1)
        self.ends: F64 = np.empty((0, 4))
        self._pen = QPen()

    def set_ends(self, ends: F64) -> None:
        """Draw lines between (x0, y0) and (x1, y1), (n, 4) in units of the view."""
        self.ends = ends
        self.update()

    def set_color(self, color: QColor) -> None:
        self._pen = QPen(color, 2.0)
        self.update()

    def draw(self, painter: QPainter) -> None:
        if not len(self.ends):
            return
        points = self.points_to_pixels(self.ends.reshape(-1, 2)).reshape(-1, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        if not np.isfinite(points.sum()):
            points = points[np.isfinite(points).all(axis=1)]
        draw_lines(painter, points)
