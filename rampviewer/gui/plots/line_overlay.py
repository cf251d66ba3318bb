"""Vertical lines and bands across a plot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.ramp.ramp_colors import RampColors, mixed

_DASHED, _DOTTED = Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine
_SOLID = Qt.PenStyle.SolidLine
SHADE = 0.11  # of the colour of a jump, in the background


@dataclass(frozen=True, slots=True)
class Lines:
    """Vertical lines and bands; x in units of the axis, y of the view."""

    jumps: tuple[float, ...] = ()
    steps: tuple[tuple[float, float], ...] = ()  # from the group before to the jump
    current: float | None = None
    level: tuple[float, float] | None = None  # a band across the view
    separators: tuple[float, ...] = ()  # between integrations


class LineOverlay(Overlay):
    """Lines at jumps, between integrations and at the current group; bands at steps."""

    def __init__(self, view_box: Any, jump_color: QColor) -> None:
        super().__init__(view_box, z=-1)
        self.lines = Lines()
        self.jump_color = jump_color
        self.marker, self.shade = QColor(), QColor()

    def set_lines(self, lines: Lines) -> None:
        if lines != self.lines:
            self.lines = lines
            self.update()

    def set_colors(self, colors: RampColors) -> None:
        self.marker = colors.muted
        # Mixed here, as blending tall and narrow areas is slow.
        self.shade = mixed(colors.background, self.jump_color, SHADE)
        self.update()

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        lines = [layer.lines for layer in layers]
        for area in _shaded(lines, row):
            painter.fillRect(area, layers[0].shade)
        kinds = (
            ([each.jumps for each in lines], layers[0].jump_color, _DASHED),
            ([each.separators for each in lines], layers[0].marker, _DOTTED),
            ([_some(each.current) for each in lines], layers[0].marker, _SOLID),
        )
        for x, color, style in kinds:
            if any(x):
                painter.setPen(QPen(color, 1.0, style))
                draw_lines(painter, row.upright([np.array(each) for each in x]))


def _shaded(lines: Sequence[Lines], row: PlotRow) -> Iterator[QRectF]:
    """Yield the areas of bands, cut off at the sides of their plots."""
    scales, edges = row.scales.tolist(), row.edges.tolist()
    for each, scale, (left, top, right, bottom) in zip(lines, scales, edges, strict=True):
        across, start, down, up = scale
        if each.level is not None:
            low, high = each.level
            y = high * down + up
            yield QRectF(left, y, right - left, low * down + up - y)
        for before, after in each.steps:
            x = max(before * across + start, left)
            end = min(after * across + start, right)
            if end > x:
                yield QRectF(x, top, end - x, bottom - top)


def _some(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)
