"""What the plots of a region are drawn with."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.ramp.ramp_colors import RampColors, mixed
from rampviewer.gui.widgets.glyphs import Glyph, draw_glyph

F64 = NDArray[np.float64]
FAINT = 0.28  # of the colour of text, in the background
FILL = 0.45
POINT, LEAST_POINT = 7.0, 3.0  # [pixel]
CAP = 3.0  # half the width of the end of an error bar [pixel]


class FaintRamps(Overlay):
    """Thin lines, one for each ramp; a ramp is broken where it has no value."""

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=0)
        self.places: F64 = np.empty(0)
        self.ramps: NDArray[np.float32] | None = None
        self._pen = QPen()

    def set_ramps(self, x: F64, ramps: NDArray[np.float32] | None) -> None:
        """Draw ramps (n, n_groups) at x (n_groups,), or none."""
        self.places, self.ramps = x, ramps
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        # Mixed here, as blending many lines is slow.
        self._pen = QPen(mixed(colors.background, colors.text, FAINT), 1.0)
        self.update()

    def draw(self, painter: QPainter) -> None:
        if self.ramps is None or not self.ramps.size:
            return
        n = len(self.ramps)
        gap = np.full((n, 1), np.nan)
        y = np.concatenate((self.ramps, gap), axis=1).ravel()
        x = np.tile(np.append(self.places, np.nan), n)
        across, down = self.to_pixels(x, y)
        # Far outside, a painter gets slow or wrong.
        height = self.boundingRect().height()
        down = np.clip(down, -height, 2 * height)
        painter.setPen(self._pen)
        painter.drawPath(pg.arrayToQPath(across, down, connect="finite"))


class ErrorRamp(Overlay):
    """Points with error bars, joined by a line but where it begins anew."""

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=3)
        self.places, self.values, self.errors = np.empty((3, 0))
        self.begins = np.empty(0, np.bool_)
        self._line, self._text = QColor(), QColor()

    def set_ramp(self, x: F64, y: F64, error: F64, begins: NDArray[np.bool_]) -> None:
        """Draw values (n,) with errors, NaN for none; no line leads to a beginning."""
        self.places, self.values, self.errors, self.begins = x, y, error, begins
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._line, self._text = colors.segment, colors.text
        self.update()

    def draw(self, painter: QPainter) -> None:
        x, y = self.to_pixels(self.places, self.values)
        _, top = self.to_pixels(self.places, self.values + self.errors)
        _, bottom = self.to_pixels(self.places, self.values - self.errors)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._line, 2.0))
        gaps = np.flatnonzero(self.begins)
        line = (np.insert(values, gaps, np.nan) for values in (x, y))
        painter.drawPath(pg.arrayToQPath(*line, connect="finite"))
        painter.setPen(QPen(self._text, 1.2))
        for at, high, low in zip(x.tolist(), top.tolist(), bottom.tolist(), strict=True):
            if np.isfinite(high) and low - high > POINT:  # else the point hides it
                painter.drawLine(QLineF(at, high, at, low))
                for end in (high, low):
                    painter.drawLine(QLineF(at - CAP, end, at + CAP, end))
        self._draw_points(painter, x, y)

    def _draw_points(self, painter: QPainter, x: F64, y: F64) -> None:
        spacing = self.boundingRect().width() / max(x.size, 1)
        size = float(max(LEAST_POINT, min(POINT, round(0.6 * spacing))))
        point = Glyph("o", self._text.name(), size, 255, 1.0)
        for at in np.flatnonzero(np.isfinite(y)).tolist():
            draw_glyph(painter, QPointF(x[at], y[at]), point)


class BarLayer(Overlay):
    """Bars from 0 up, side by side."""

    def __init__(self, view_box: Any) -> None:
        super().__init__(view_box, z=1)
        self.edges, self.heights = np.zeros(1), np.empty(0)
        self._fill, self._outline = QColor(), QColor()

    def set_bars(self, edges: F64, heights: F64) -> None:
        """Draw bars of heights (n,) between edges (n + 1,)."""
        self.edges, self.heights = edges, heights
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._fill = mixed(colors.background, colors.segment, FILL)
        self._outline = colors.segment
        self.update()

    def draw(self, painter: QPainter) -> None:
        x, _ = self.to_pixels(self.edges, np.zeros(1))
        _, top = self.to_pixels(np.zeros(1), self.heights)
        _, (base,) = self.to_pixels(np.zeros(1), np.zeros(1))
        for left, right, high in zip(
            x[:-1].tolist(), x[1:].tolist(), top.tolist(), strict=True
        ):
            painter.fillRect(QRectF(left, high, right - left, base - high), self._fill)
        steps = np.concatenate(([base], np.repeat(top, 2), [base]))
        painter.setPen(QPen(self._outline, 1.0))
        painter.drawPath(pg.arrayToQPath(np.repeat(x, 2), steps, connect="all"))
