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
    """GROUPDQ as a number above each run of equal flags, where it fits."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=10)
        self.texts: tuple[tuple[float, float, str], ...] = ()  # x of first and last, value
        self._row = 0
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._color, self._back = QColor(), QColor()

    def set_values(self, item: IntegrationView, axis: XAxis, row: int) -> None:
        runs = []
        for value, run in itertools.groupby(
            range(item.groupdq.size), key=lambda group: int(item.groupdq[group])
        ):
            groups = list(run)
            if value:
                runs.append((axis.one(groups[0]), axis.one(groups[-1]), str(value)))
        self.texts = tuple(runs)
        self._row = row
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._color, self._back = colors.text, colors.background
        self.update()

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(self._color)
        free_from = 0.0
        height = self._metrics.height()
        for first, last, text in self.texts:
            x, y = self.to_pixels(
                np.array([(first + last) / 2]), np.array([float(self._row)])
            )
            width = self._metrics.horizontalAdvance(text)
            left = x[0] - width / 2
            if left < free_from:
                continue
            free_from = left + width + 2
            area = QRectF(left - 4, y[0] - height / 2, width + 8, height)
            painter.fillRect(area, self._back)  # a line at a jump runs behind the number
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)
