"""One plot of a ramp with its flags, above its GROUPDQ and its panels in sigma."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtGui import QColor, QFont

from rampviewer.core.dq import Dq
from rampviewer.gui.plots.line_overlay import LineOverlay, Lines
from rampviewer.gui.plots.linked_box import LinkedBox
from rampviewer.gui.plots.mark_layer import MarkLayer, Marks, SegmentLayer
from rampviewer.gui.plots.sparse_axis import SparseAxis
from rampviewer.gui.ramp.column_head import ColumnHead
from rampviewer.gui.ramp.groupdq_strip import GroupdqStrip
from rampviewer.gui.ramp.other_layer import OtherLayer
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_columns import Column
from rampviewer.gui.ramp.ramp_data import XAxis, flagged, jump_groups, labels_of, points
from rampviewer.gui.ramp.ramp_overlay import LabelOverlay
from rampviewer.gui.ramp.sigma_band import SigmaBand, ThresholdLines
from rampviewer.gui.ramp.sigma_plot import SigmaPlot
from rampviewer.gui.widgets.flag_styles import GROUP_BITS, style_of
from rampviewer.gui.widgets.glyphs import Glyph
from rampviewer.model.text.number_text import rate_text, short_rate

# Different sizes, so that several bits of one group stay readable around its datum.
SIZES = {
    Dq.DO_NOT_USE: 10.0,
    Dq.SATURATED: 16.0,
    Dq.JUMP_DET: 13.0,
    Dq.DROPOUT: 19.0,
    Dq.OUTLIER: 20.0,
    Dq.PERSISTENCE: 18.0,
    Dq.AD_FLOOR: 18.0,
    Dq.CHARGELOSS: 21.0,
}
GLYPHS = {bit: Glyph.of(style_of(bit), SIZES[bit]) for bit in GROUP_BITS}
POINT, FAINT_POINT = 7.0, 5.0  # [pixel]
OUTLINE = 2.0  # of a glyph, outside of its size [pixel]
NO_COLUMN = Column(())


def reach_of(bits: tuple[Dq, ...]) -> float:
    """Return how far glyphs reach from data that carry these bits [pixel]."""
    return max([POINT, *(SIZES[bit] for bit in bits)]) / 2 + OUTLINE


class RampPlot:
    """Plot items of one column; made once, filled anew for every view."""

    def __init__(self, font: QFont) -> None:
        self.view_box = LinkedBox()
        self.title = ColumnHead(font, self.view_box)
        self.strip = GroupdqStrip(font)
        self.strip.view_box.share_x(self.view_box)
        self.x_axis: Any = SparseAxis(font, linkView=self.strip.view_box)
        self.lines = LineOverlay(self.view_box, QColor(style_of(Dq.JUMP_DET).color))
        self.labels = LabelOverlay(self.view_box, font)
        self.segments = SegmentLayer(self.view_box)
        self.faint, self.excluded, self.good, self.flags = (
            MarkLayer(self.view_box, z) for z in (0.5, 2.0, 3.0, 4.0)
        )
        self.others = OtherLayer(self.view_box, font)
        self.labels.set_occupied(self.others.occupied)
        below = LinkedBox()
        self.thresholds = ThresholdLines(below, font)
        self.steps = SigmaPlot(below, self.thresholds, font)
        self.thresholds.set_occupied(self.steps.marks.occupied)
        lowest = LinkedBox()
        self.residuals = SigmaPlot(lowest, SigmaBand(lowest, font), font)
        for plot in (self.steps, self.residuals):
            plot.view_box.share_x(self.view_box)
        self.column = NO_COLUMN

    @property
    def view_boxes(self) -> tuple[LinkedBox, ...]:
        """Of the ramp, its strip, the steps and the residuals, from the top."""
        return (
            self.view_box,
            self.strip.view_box,
            self.steps.view_box,
            self.residuals.view_box,
        )

    def show_column(
        self, column: Column, bits: tuple[Dq, ...], bar: float, current: tuple[int, int]
    ) -> None:
        """Draw the ramps; `bar` is the length of error bars [DN], NaN for none."""
        self.column = column
        self._show_heads()
        found = [points(part.item, part.axis) for part in column.parts]
        x, y, excluded = (np.concatenate(each) for each in zip(*found, strict=True))
        self.good.set_marks(Marks(x[~excluded], y[~excluded], (), bar))
        self.excluded.set_marks(Marks(x[excluded], y[excluded], (), bar))
        behind = [points(part.item, part.axis)[:2] for part in column.faint]
        self.faint.set_marks(
            Marks(*np.concatenate([np.empty((2, 0)), *map(np.stack, behind)], axis=1))
        )
        labels = labels_of(column.parts, np.column_stack((x, y)))
        self.segments.set_ends(labels.segments)
        self.labels.set_labels(labels)
        self._show_flags()
        self.strip.show_flags(column.parts, bits)
        self.set_current(current)

    def set_current(self, current: tuple[int, int]) -> None:
        """Mark a group in all plots, if its integration is among them."""
        parts = self.column.parts
        jumps = [(part.axis, group) for part in parts for group in jump_groups(part.item)]
        lines = Lines(
            jumps=tuple(axis.one(group) for axis, group in jumps),
            steps=tuple((axis.one(g - 1), axis.one(g)) for axis, g in jumps if g),
            current=self.column.x_of(*current),
            separators=self.column.separators,
        )
        for overlay in (self.lines, self.steps.lines, self.residuals.lines):
            overlay.set_lines(lines)
        self.strip.set_lines(lines)

    def set_x_axis(self, axis: XAxis) -> None:
        """Name the axis; groups are whole numbers, so are their ticks."""
        period = self.column.period
        self.x_axis.set_period(period)
        self.x_axis.set_whole(axis.whole)
        label = f"{axis.label} of each integration" if period else axis.label
        if label == self.x_axis.labelText:
            return
        self.x_axis.setLabel(label)
        self.x_axis.resizeEvent()  # centres the new text

    def set_colors(self, colors: RampColors) -> None:
        self.title.set_color(colors.text)
        text, muted = colors.text.name(), colors.muted.name()
        self.good.set_common(Glyph("o", text, POINT, 255, 1.0))
        self.excluded.set_common(Glyph("o", muted, POINT))
        self.faint.set_common(Glyph("o", muted, FAINT_POINT, 200, 0.5))
        self.segments.set_color(colors.segment)
        for part in (
            self.lines,
            self.labels,
            self.others,
            self.strip,
            self.steps,
            self.residuals,
        ):
            part.set_colors(colors)
        for set_pen in (self.x_axis.setPen, self.x_axis.setTextPen):
            set_pen(pg.mkPen(colors.text))

    def _show_heads(self) -> None:
        column = self.column
        heads = []
        for part in column.parts:
            i, item = part.integration, part.item
            texts: tuple[str, ...] = (
                f"int {i}: {rate_text(item.slope, item.err)}",
                f"{i}: {short_rate(item.slope, item.err)}",
                f"{i}: {item.slope:.3g}",
                f"{i}",
            )
            if column.faint:
                texts = (f"{texts[0]}, the others faint", *texts)
            heads.append((part.axis.one((item.signal.size - 1) / 2), texts))
        if len(heads) == 1:
            self.title.set_text(*heads[0][1])
        self.title.set_heads(tuple(heads))

    def _show_flags(self) -> None:
        found = [
            (part.axis.one(group), float(part.item.signal[group]), GLYPHS[bit])
            for part in self.column.parts
            for group, bit in flagged(part.item)
            if np.isfinite(part.item.signal[group])
        ]
        x, y = (np.array([each[k] for each in found], float) for k in (0, 1))
        self.flags.set_marks(Marks(x, y, tuple(glyph for *_, glyph in found)))
