"""The ramp of one integration with its flags, above its GROUPDQ."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtGui import QColor, QFont

from rampviewer.core.dq import Dq
from rampviewer.gui.flag_styles import style_of
from rampviewer.gui.groupdq_strip import GroupdqStrip
from rampviewer.gui.ramp_colors import RampColors
from rampviewer.gui.ramp_data import (
    XAxis,
    flagged,
    jump_groups,
    labels_of,
    points,
)
from rampviewer.gui.ramp_overlay import LabelOverlay, LineOverlay, Lines, TextStrip
from rampviewer.gui.sparse_axis import SparseAxis
from rampviewer.model.number_text import rate_text, short_rate
from rampviewer.model.pixel_view import IntegrationView, PixelView

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


class RampPlot:
    """Plot items of one integration; made once, filled anew for every view."""

    def __init__(self, font: QFont) -> None:
        self.title = TextStrip(font)
        self.view_box: Any = pg.ViewBox(enableMenu=False)
        self.strip = GroupdqStrip(font)
        self.strip.view_box.setXLink(self.view_box)
        self.x_axis: Any = SparseAxis(font, linkView=self.strip.view_box)
        self.lines = LineOverlay(self.view_box, QColor(style_of(Dq.JUMP_DET).color))
        self.labels = LabelOverlay(self.view_box, font)
        self.segments: Any = pg.PlotCurveItem(connect="pairs", antialias=True)
        self.good: Any = pg.ScatterPlotItem(pxMode=True, size=7.0)
        self.excluded: Any = pg.ScatterPlotItem(pxMode=True, size=7.0)
        self.flags: Any = pg.ScatterPlotItem(pxMode=True)
        for item in (self.segments, self.excluded, self.good, self.flags):
            self.view_box.addItem(item, ignoreBounds=True)
        self.integration = 0
        self._item: IntegrationView | None = None
        self._axis = XAxis("time", 1.0)
        self._x_axis: tuple[str, list[tuple[float, float]] | None] = ("", None)

    def show_integration(
        self,
        view: PixelView,
        integration: int,
        axis: XAxis,
        bits: tuple[Dq, ...],
        current: int | None,
    ) -> None:
        item = view.integrations[integration]
        self.integration, self._item, self._axis = integration, item, axis
        self.title.set_text(
            f"int {integration}: {rate_text(item.slope, item.err)}",
            f"{integration}: {short_rate(item.slope, item.err)}",
            f"{integration}: {item.slope:.3g}",
        )
        x, y, excluded = points(item, axis)
        self.good.setData(x=x[~excluded], y=y[~excluded])
        self.excluded.setData(x=x[excluded], y=y[excluded])
        labels = labels_of(item, axis)
        ends = labels.segments.reshape(-1, 2)
        self.segments.setData(x=ends[:, 0], y=ends[:, 1])
        self.labels.set_labels(labels)
        self._show_flags(item, axis)
        self.strip.show_flags(item, axis, bits, current)
        self._show_lines(current)

    def set_current(self, group: int | None) -> None:
        """Mark a group, or none, in the ramp and in the strip."""
        if self._item is None:
            return
        self._show_lines(group)
        lines = self.strip.lines.lines
        self.strip.lines.set_lines(
            Lines(jumps=lines.jumps, level=lines.level, current=self._x_of(group))
        )

    def set_x_axis(self, axis: XAxis, n_groups: int) -> None:
        """Name the axis; groups are whole numbers, so are their ticks."""
        ticks = axis.tick_levels(n_groups)
        if (axis.label, ticks) == self._x_axis:
            return
        self._x_axis = axis.label, ticks
        self.x_axis.setTickSpacing(levels=ticks)
        self.x_axis.setLabel(axis.label)
        self.x_axis.resizeEvent()  # centres the new text

    def set_colors(self, colors: RampColors) -> None:
        self.view_box.setBorder(pg.mkPen(colors.muted))
        self.title.set_color(colors.text)
        self.good.setPen(pg.mkPen(colors.text))
        self.good.setBrush(pg.mkBrush(colors.text))
        self.excluded.setPen(pg.mkPen(colors.muted))
        self.excluded.setBrush(pg.mkBrush(None))
        self.segments.setPen(pg.mkPen(colors.segment, width=2))
        for part in (self.lines, self.labels, self.strip):
            part.set_colors(colors)
        for set_pen in (self.x_axis.setPen, self.x_axis.setTextPen):
            set_pen(pg.mkPen(colors.text))

    def _show_flags(self, item: IntegrationView, axis: XAxis) -> None:
        found = [(g, bit) for g, bit in flagged(item) if np.isfinite(item.signal[g])]
        styles = [style_of(bit) for _, bit in found]
        self.flags.setData(
            x=[axis.one(group) for group, _ in found],
            y=[float(item.signal[group]) for group, _ in found],
            symbol=[style.symbol for style in styles],
            size=[SIZES[bit] for _, bit in found],
            pen=[style.pen() for style in styles],
            brush=[style.brush() for style in styles],
        )

    def _show_lines(self, current: int | None) -> None:
        assert self._item is not None
        jumps = jump_groups(self._item)
        one = self._axis.one
        self.lines.set_lines(
            Lines(
                jumps=tuple(one(group) for group in jumps),
                steps=tuple((one(group - 1), one(group)) for group in jumps if group),
                current=self._x_of(current),
            )
        )

    def _x_of(self, group: int | None) -> float | None:
        return None if group is None else self._axis.one(group)
