"""The flags of each group below its ramp: one row for each bit, the number on top."""

import itertools
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from rampviewer.core.dq import Dq
from rampviewer.gui.flag_styles import style_of
from rampviewer.gui.ramp_colors import RampColors
from rampviewer.gui.ramp_data import XAxis, flagged, jump_groups
from rampviewer.gui.ramp_overlay import LineOverlay, Lines, Overlay
from rampviewer.model.pixel_view import IntegrationView

GLYPH = 9.0  # [pixel]


def ticks_of(bits: tuple[Dq, ...]) -> list[tuple[float, str]]:
    """Return (row, name) of the rows of the strip, the sum of all bits on top."""
    rows = [(float(row), f"{bit.name} {int(bit)}") for row, bit in enumerate(bits)]
    return [*rows, (float(len(bits)), "GROUPDQ")]


class GroupdqStrip:
    """GROUPDQ of one integration on the x axis of its ramp."""

    def __init__(self, font: QFont) -> None:
        self.view_box: Any = pg.ViewBox(enableMenu=False)
        self.view_box.setMouseEnabled(y=False)
        jump = style_of(Dq.JUMP_DET)
        self.lines = LineOverlay(self.view_box, QColor(jump.color))
        self.values = _Values(self.view_box, font)
        self.glyphs: Any = pg.ScatterPlotItem(pxMode=True, size=GLYPH)
        self.view_box.addItem(self.glyphs, ignoreBounds=True)
        self._bits: tuple[Dq, ...] = ()

    def show_flags(
        self, item: IntegrationView, axis: XAxis, bits: tuple[Dq, ...], current: int | None
    ) -> None:
        if bits != self._bits:
            self._bits = bits
            self.view_box.setYRange(-0.6, len(bits) + 0.6, padding=0)
        found = flagged(item)
        styles = [style_of(bit) for _, bit in found]
        self.glyphs.setData(
            x=[axis.one(group) for group, _ in found],
            y=[bits.index(bit) for _, bit in found],
            symbol=[style.symbol for style in styles],
            pen=[style.pen() for style in styles],
            brush=[style.brush(110) for style in styles],
        )
        self.values.set_values(item, axis, len(bits))
        level = float(bits.index(Dq.JUMP_DET))
        self.lines.set_lines(
            Lines(
                jumps=tuple(axis.one(group) for group in jump_groups(item)),
                current=None if current is None else axis.one(current),
                level=(level - 0.5, level + 0.5),
            )
        )

    def set_colors(self, colors: RampColors) -> None:
        self.view_box.setBorder(pg.mkPen(colors.muted))
        self.lines.set_colors(colors)
        self.values.set_colors(colors)


class _Values(Overlay):
    """GROUPDQ as a number above each flagged group, or each run of equal ones."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=10)
        self.values: tuple[int, ...] = ()
        self._axis = XAxis("group", 1.0)
        self._row = 0
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._color, self._back = QColor(), QColor()

    def set_values(self, item: IntegrationView, axis: XAxis, row: int) -> None:
        self.values = tuple(item.groupdq.tolist())
        self._axis, self._row = axis, row
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._color, self._back = colors.text, colors.background
        self.update()

    def texts(self) -> list[tuple[float, str]]:
        """Return (x, number); one for each group if they fit beside one another."""
        x, _ = self.to_pixels(np.array([self._axis.one(0), self._axis.one(1)]), np.zeros(2))
        room = x[1] - x[0]
        widest = max((self._width(str(value)) for value in self.values), default=0.0)
        found = []
        runs = itertools.groupby(enumerate(self.values), key=lambda pair: pair[1])
        for value, run in runs:
            groups: list[float] = [group for group, _ in run]
            if widest > room:
                groups = [(groups[0] + groups[-1]) / 2]
            if value:
                found += [(self._axis.one(group), str(value)) for group in groups]
        return found

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(self._color)
        free_from = 0.0
        height = self._metrics.height()
        texts = self.texts()
        at, down = self.to_pixels(np.array([x for x, _ in texts]), np.array([self._row]))
        for x, (_, text) in zip(at.tolist(), texts, strict=True):
            width = self._width(text)
            if x - width / 2 < free_from:
                continue
            free_from = x + width / 2
            area = QRectF(x - width / 2, down[0] - height / 2, width, height)
            painter.fillRect(area, self._back)  # a line at a jump runs behind the number
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)

    def _width(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text) + 4
