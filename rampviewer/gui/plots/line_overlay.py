"""Vertical lines and bands across a plot."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.ramp.ramp_colors import RampColors, mixed

_NOTHING = np.empty(0)
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
        self._jump_color = jump_color
        self._marker, self._shade = QColor(), QColor()

    def set_lines(self, lines: Lines) -> None:
        if lines != self.lines:
            self.lines = lines
            self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._marker = colors.muted
        # Mixed here, as blending tall and narrow areas is slow.
        self._shade = mixed(colors.background, self._jump_color, SHADE)
        self.update()

    def draw(self, painter: QPainter) -> None:
        lines, height = self.lines, self._rect.height()
        if lines.level is not None:
            _, (top, bottom) = self.to_pixels(_NOTHING, np.array(lines.level[::-1]))
            area = QRectF(0, top, self._rect.width(), bottom - top)
            painter.fillRect(area, self._shade)
        if lines.steps:
            ends, _ = self.to_pixels(np.array(lines.steps), _NOTHING)
            for left, right in ends.tolist():
                painter.fillRect(QRectF(left, 0, right - left, height), self._shade)
        current = () if lines.current is None else (lines.current,)
        # One pass through the numbers: there are more calls here than anything to draw.
        columns = iter(self.columns((*lines.jumps, *lines.separators, *current)))
        for x, color, style in (
            (lines.jumps, self._jump_color, Qt.PenStyle.DashLine),
            (lines.separators, self._marker, Qt.PenStyle.DashDotLine),
            (current, self._marker, Qt.PenStyle.SolidLine),
        ):
            if x:
                painter.setPen(QPen(color, 1.0, style))
                own = islice(columns, len(x))
                painter.drawLines(*[QLineF(at, 0, at, height) for at in own])
