"""The flags of each group below its ramp: one row for each bit, the number on top."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFont, QPainter

from rampviewer.core.dq import Dq
from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.line_overlay import LineOverlay, Lines
from rampviewer.gui.plots.linked_box import LinkedBox
from rampviewer.gui.plots.mark_layer import MarkLayer, Marks
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_data import Part, flagged
from rampviewer.gui.widgets.flag_styles import GROUP_BITS, style_of
from rampviewer.gui.widgets.glyphs import Glyph

GLYPHS = {bit: Glyph.of(style_of(bit), 9.0, 110) for bit in GROUP_BITS}


def ticks_of(bits: tuple[Dq, ...]) -> list[tuple[float, str]]:
    """Return (row, name) of the rows of the strip, the sum of all bits on top."""
    rows = [(float(row), f"{bit.name} {int(bit)}") for row, bit in enumerate(bits)]
    return [*rows, (float(len(bits)), "GROUPDQ")]


class GroupdqStrip:
    """GROUPDQ of one integration on the x axis of its ramp."""

    def __init__(self, font: QFont) -> None:
        self.view_box = LinkedBox()
        self.view_box.setMouseEnabled(y=False)
        jump = style_of(Dq.JUMP_DET)
        self.lines = LineOverlay(self.view_box, QColor(jump.color))
        self.values = _Values(self.view_box, font)
        self.glyphs = MarkLayer(self.view_box)
        self._bits: tuple[Dq, ...] = ()

    def show_flags(self, parts: tuple[Part, ...], bits: tuple[Dq, ...]) -> None:
        if bits != self._bits:
            self._bits = bits
            self.view_box.show_range(y=(-0.6, len(bits) + 0.6))
        found = [(part.axis, *flag) for part in parts for flag in flagged(part.item)]
        self.glyphs.set_marks(
            Marks(
                np.array([axis.one(group) for axis, group, _ in found]),
                np.array([float(bits.index(bit)) for _, _, bit in found]),
                tuple(GLYPHS[bit] for _, _, bit in found),
            )
        )
        self.values.set_values(parts, len(bits))

    def set_lines(self, lines: Lines) -> None:
        """Draw the lines of the ramp, and the level of jumps."""
        level = float(self._bits.index(Dq.JUMP_DET)) if Dq.JUMP_DET in self._bits else 0.0
        self.lines.set_lines(replace(lines, steps=(), level=(level - 0.5, level + 0.5)))

    def set_colors(self, colors: RampColors) -> None:
        self.lines.set_colors(colors)
        self.values.set_colors(colors)


class _Values(Overlay):
    """GROUPDQ as a number above each flagged group, or each run of equal ones."""

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=10)
        self._parts: tuple[Part, ...] = ()
        self._row = 0
        self._letters = Lettering(font)
        self._color, self._back = QColor(), QColor()

    def set_values(self, parts: tuple[Part, ...], row: int) -> None:
        self._parts, self._row = parts, row
        self.update()

    def set_colors(self, colors: RampColors) -> None:
        self._color, self._back = colors.text, colors.background
        self.update()

    def texts(self) -> list[tuple[float, str]]:
        """Return (x, number); one for each group if they fit beside one another."""
        flagged = [part for part in self._parts if part.item.groupdq.any()]
        if not flagged:
            return []
        axis = flagged[0].axis
        x, _ = self.to_pixels(np.array([axis.one(0), axis.one(1)]), np.zeros(2))
        values = set(
            itertools.chain.from_iterable(p.item.groupdq.tolist() for p in flagged)
        )
        widest = max(self._width(str(value)) for value in values)
        apart = bool(widest <= x[1] - x[0])
        return [found for part in flagged for found in _runs(part, apart=apart)]

    @classmethod
    def draw_row(cls, painter: QPainter, layers: Sequence[Any], row: PlotRow) -> None:
        for layer, area in zip(layers, row.areas, strict=True):
            layer.draw_in(painter, area.topLeft())

    def draw_in(self, painter: QPainter, corner: QPointF) -> None:
        """Write into the strip with this corner."""
        painter.setFont(self._letters.font)
        painter.setPen(self._color)
        for place, text in self.placed():
            area = place.translated(corner)
            painter.fillRect(area, self._back)  # a line at a jump runs behind the number
            self._letters.centered(painter, area, text)

    def placed(self) -> list[tuple[QRectF, str]]:
        """Return what is written where; at the ends it is moved into the strip."""
        texts = self.texts()
        if not texts:
            return []
        found, free_from, height = [], 0.0, self._letters.height
        strip = self.boundingRect()
        places = self.points_to_pixels(np.array([(x, self._row) for x, _ in texts]))
        for (x, y), (_, text) in zip(places.tolist(), texts, strict=True):
            width = self._width(text)
            left = min(max(x - width / 2, 0.0), strip.width() - width)
            if left < free_from or not 0 <= x <= strip.width():
                continue
            free_from = left + width
            found.append((QRectF(left, y - height / 2, width, height), text))
        return found

    def _width(self, text: str) -> float:
        return self._letters.width_of(text) + 4


def _runs(part: Part, *, apart: bool) -> list[tuple[float, str]]:
    """Return (x, number) of each flagged group, or of each run of equal ones."""
    found, start = [], 0
    for value, run in itertools.groupby(part.item.groupdq.tolist()):
        stop = start + len(list(run))
        if value:
            groups = range(start, stop) if apart else ((start + stop - 1) / 2,)
            found += [(part.axis.one(group), str(value)) for group in groups]
        start = stop
    return found
