"""Vertical lines and bands across a plot."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from rampviewer.gui.overlay import Overlay
from rampviewer.gui.ramp_colors import RampColors, mixed

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
        height = self.boundingRect().height()
        if self.lines.level is not None:
            _, (top, bottom) = self.to_pixels(np.zeros(2), np.array(self.lines.level[::-1]))
            area = QRectF(0, top, self.boundingRect().width(), bottom - top)
            painter.fillRect(area, self._shade)
        for ends in self.lines.steps:
            (left, right), _ = self.to_pixels(np.array(ends), np.zeros(2))
            painter.fillRect(QRectF(left, 0, right - left, height), self._shade)
        painter.setPen(QPen(self._jump_color, 1.0, Qt.PenStyle.DashLine))
        for x in self._columns(self.lines.jumps):
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
        painter.setPen(QPen(self._marker, 1.0, Qt.PenStyle.DashDotLine))
        for x in self._columns(self.lines.separators):
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
        if self.lines.current is not None:
            painter.setPen(QPen(self._marker, 1.0))
            (x,) = self._columns((self.lines.current,))
            painter.drawLine(QPointF(x, 0), QPointF(x, height))

    def _columns(self, x: tuple[float, ...]) -> list[float]:
        """Return the middle of the column of pixels at each x: lines equally sharp."""
        if not x:
            return []
        pixels, _ = self.to_pixels(np.array(x), np.zeros(1))
        left = self.scenePos().x()
        columns: list[float] = (np.floor(pixels + left) + 0.5 - left).tolist()
        return columns
