"""The rows of the plots of a ramp: their axes, heads and heights."""

from typing import Any

import pyqtgraph as pg
from PyQt6.QtGui import QFont, QFontMetricsF

from rampviewer.core.dq import Dq
from rampviewer.gui.plots.fitting_axis import FittingAxis
from rampviewer.gui.ramp.groupdq_strip import ticks_of
from rampviewer.gui.ramp.other_layer import Entry, RampLegend
from rampviewer.gui.ramp.ramp_colors import RampColors
from rampviewer.gui.ramp.ramp_columns import MAX_PLOTS
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_plot import RampPlot
from rampviewer.gui.ramp.step_header import StepHeader
from rampviewer.gui.ramp.text_strip import TextStrip

ROW_HEIGHT = 14  # of one flag in the strip [pixel]
(
    TITLE,
    LEGEND,
    HEADS,
    RAMPS,
    STRIPS,
    STEP_HEAD,
    STEPS,
    RESIDUAL_HEAD,
    RESIDUALS,
    X_AXES,
) = range(10)
PLOTS = (RAMPS, STRIPS, STEPS, RESIDUALS)
NAMES = {
    RAMPS: ("signal [DN]", "[DN]"),
    STEPS: ("step [sigma]", "step [\N{GREEK SMALL LETTER SIGMA}]"),
    RESIDUALS: (
        "residual [sigma]",
        "residual [\N{GREEK SMALL LETTER SIGMA}]",
        "res. [\N{GREEK SMALL LETTER SIGMA}]",
    ),
}  # of the y axes, with shorter ones
FROM_ZERO = ("signal from zero [DN]", "from zero [DN]", "[DN]")
UNBOUNDED = 16_777_215  # of Qt
SHARES = {RAMPS: 10, STEPS: 8, RESIDUALS: 6}  # of the height


class RampRows:
    """Places plots and what belongs to whole rows in a layout."""

    def __init__(self, layout: Any, font: QFont, bold: QFont, first: RampPlot) -> None:
        self._layout, self._font = layout, font
        self._bits: tuple[Dq, ...] = ()
        self._shown: tuple[int, RampLook, bool] | None = None
        self.title = TextStrip(bold)
        self.legend = RampLegend(font)
        self.step_head, self.residual_head = StepHeader(font), StepHeader(font)
        layout.addItem(self.title, row=TITLE, col=0, colspan=1 + MAX_PLOTS)
        heads = (
            (LEGEND, self.legend),
            (STEP_HEAD, self.step_head),
            (RESIDUAL_HEAD, self.residual_head),
        )
        for row, head in heads:
            layout.addItem(head, row=row, col=1, colspan=MAX_PLOTS)
        self.legend.setVisible(False)
        boxes = zip(PLOTS, first.view_boxes, strict=True)
        self.axes = {row: self._left_axis(box, row) for row, box in boxes}
        layout.layout.setRowStretchFactor(RAMPS, SHARES[RAMPS])

    def add(self, plot: RampPlot, column: int) -> None:
        """Place the items of a plot one below the other."""
        self._layout.addItem(plot.title, row=HEADS, col=column)
        for row, box in zip(PLOTS, plot.view_boxes, strict=True):
            self._layout.addItem(box, row=row, col=column)
        self._layout.addItem(plot.x_axis, row=X_AXES, col=column)
        plot.x_axis.setHeight(2.4 * QFontMetricsF(self._font).height() + 6)

    def show_columns(
        self, plots: list[RampPlot], n: int, look: RampLook, *, heads: bool
    ) -> None:
        """Show the first `n` plots with the rows that `look` asks for."""
        if (n, look, heads) == self._shown:
            return  # else each pixel would be laid out anew
        self._shown = n, look, heads
        for number, plot in enumerate(plots):
            used = number < n
            self._layout.layout.setColumnStretchFactor(1 + number, int(used))
            # What spans all columns would leave room for those that are empty.
            most = UNBOUNDED if used else 0
            self._layout.layout.setColumnMaximumWidth(1 + number, most)
            wanted = (used, used, used and look.steps, used and look.residuals)
            for box, is_wanted in zip(plot.view_boxes, wanted, strict=True):
                box.setVisible(is_wanted)
            plot.x_axis.setVisible(used)
            plot.title.setVisible(used and heads)
        self._show_row(STEPS, self.step_head, look.steps)
        self._show_row(RESIDUALS, self.residual_head, look.residuals)
        self._layout.layout.activate()

    def show_bits(self, bits: tuple[Dq, ...]) -> None:
        """Give the strip a row for each bit."""
        if bits != self._bits:
            self._bits = bits
            self.axes[STRIPS].setTicks([ticks_of(bits)])
            self._layout.layout.setRowFixedHeight(STRIPS, ROW_HEIGHT * (len(bits) + 1.4))
            self._layout.layout.activate()

    def set_zero(self, zero: bool) -> None:
        """Name the axis of the signal: as measured, or from zero."""
        self.axes[RAMPS].set_names(FROM_ZERO if zero else NAMES[RAMPS])

    def show_legend(self, entries: tuple[Entry, ...]) -> None:
        """Name the ramps that are drawn besides that of the pixel shown."""
        self.legend.set_entries(entries)
        if self.legend.isVisible() != bool(entries):
            self.legend.setVisible(bool(entries))
            self._layout.layout.activate()

    def set_colors(self, colors: RampColors) -> None:
        for head in (self.title, self.legend, self.step_head, self.residual_head):
            head.set_color(colors.text)
        for axis in self.axes.values():
            axis.setPen(pg.mkPen(colors.text))
            axis.setTextPen(pg.mkPen(colors.text))

    def _show_row(self, row: int, head: TextStrip, shown: bool) -> None:
        head.setVisible(shown)
        self.axes[row].setVisible(shown)
        layout = self._layout.layout
        layout.setRowStretchFactor(row, SHARES[row] if shown else 0)
        layout.setRowMaximumHeight(row, UNBOUNDED if shown else 0)

    def _left_axis(self, view_box: Any, row: int) -> Any:
        axis = FittingAxis(self._font, NAMES.get(row, ()), linkView=view_box)
        # As wide as the longest name in the strip, so that all plots begin at one place.
        axis.setWidth(QFontMetricsF(self._font).horizontalAdvance("DO_NOT_USE 128") + 14)
        self._layout.addItem(axis, row=row, col=0)
        return axis
