"""The common ramp of a region, pixels per group, and the histogram of its values."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPalette
from PyQt6.QtWidgets import QWidget

from rampviewer.gui.plots.fitting_axis import FittingAxis
from rampviewer.gui.plots.plot_note import PlotNote
from rampviewer.gui.plots.sparse_axis import SparseAxis
from rampviewer.gui.ramp.ramp_colors import colors_of
from rampviewer.gui.ramp.ramp_data import XAxis
from rampviewer.gui.ramp.ramp_look import XUnit
from rampviewer.gui.regions.region_marks import BarLayer, ErrorRamp, FaintRamps
from rampviewer.model.regions.region_ramp import HOW, RegionRamp
from rampviewer.model.regions.region_statistics import FlagStatistics
from rampviewer.model.regions.region_summary import RegionSummary

F64 = NDArray[np.float64]
RAMP, COUNTS, X_AXES = range(3)  # rows
LEFT, LEFT_PLOT, RIGHT, RIGHT_PLOT = range(4)  # columns
SHARES = {RAMP: 3, COUNTS: 1}
LOW = 170  # too low for the plot of counts [screen pixels]
UNBOUNDED = 16_777_215  # of Qt
OUTER = 5.0  # of the single ramps, on each side, that need not be seen [%]
MARGIN = 0.08
NO_GROUP = "No pixel of the region has a good group: {}."


class RegionPlots(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Plots of one region; the wheel zooms, a double click shows all again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: RegionSummary | None = None
        self._unit: XUnit = "time"
        self._is_zoomed = False
        self._shows_singles = self._shows_ramp = self._shows_bins = True
        font = QFont(self.font())
        font.setPointSizeF(max(7.5, self.font().pointSizeF() * 0.9))
        self.ramp_box, self.count_box, self.bin_box = boxes = tuple(
            pg.ViewBox(enableMenu=False) for _ in range(3)
        )
        self.singles, self.ramp = FaintRamps(self.ramp_box), ErrorRamp(self.ramp_box)
        self.counts, self.bins = BarLayer(self.count_box), BarLayer(self.bin_box)
        self.ramp_note, self.bin_note = (
            PlotNote(box, font) for box in (self.ramp_box, self.bin_box)
        )
        self._x_axis = SparseAxis(font, linkView=self.count_box)
        self._bin_axis = SparseAxis(font, linkView=self.bin_box)
        self._left = [
            FittingAxis(font, names, linkView=box)
            for names, box in zip(
                (("signal [DN]", "[DN]"), ("pixels", "N"), ("pixels", "N")),
                boxes,
                strict=True,
            )
        ]
        self._place(QFontMetricsF(font).height())
        for box in boxes:
            box.disableAutoRange()
            box.sigRangeChangedManually.connect(self._on_zoom)
        self.setAccessibleName("Ramp and histogram of the region")
        self.setToolTip(HOW)
        self.set_palette(self.palette())

    def _place(self, line: float) -> None:
        layout = self.ci.layout
        layout.setSpacing(3)
        layout.setContentsMargins(2, 4, 6, 2)
        self.count_box.setXLink(self.ramp_box)
        self.count_box.setMouseEnabled(x=True, y=False)
        self.bin_box.setMouseEnabled(x=True, y=False)
        for row, box, axis in (
            (RAMP, self.ramp_box, self._left[0]),
            (COUNTS, self.count_box, self._left[1]),
        ):
            self.ci.addItem(axis, row=row, col=LEFT)
            self.ci.addItem(box, row=row, col=LEFT_PLOT)
            layout.setRowStretchFactor(row, SHARES[row])
        self.ci.addItem(self._left[2], row=RAMP, col=RIGHT, rowspan=2)
        self.ci.addItem(self.bin_box, row=RAMP, col=RIGHT_PLOT, rowspan=2)
        for axis, col in ((self._x_axis, LEFT_PLOT), (self._bin_axis, RIGHT_PLOT)):
            self.ci.addItem(axis, row=X_AXES, col=col)
            axis.setHeight(2.4 * line + 6)
        self._arrange()

    def show_summary(self, summary: RegionSummary) -> None:
        """Draw another region, or the same one anew."""
        before = self._summary
        if before is None or before.region.name != summary.region.name:
            self._is_zoomed = False
        self._summary = summary
        self._fill()

    def set_unit(self, unit: XUnit) -> None:
        """Draw ramps against time or group."""
        self._unit, self._is_zoomed = unit, False
        self._fill()

    def set_singles_shown(self, is_shown: bool) -> None:
        """Draw the ramps of single pixels, or not."""
        self._shows_singles = is_shown
        self._fill()

    def set_parts_shown(self, *, ramp: bool, histogram: bool) -> None:
        """Draw both, or leave the room to one of them."""
        self._shows_ramp, self._shows_bins = ramp, histogram
        self._arrange()

    def resizeEvent(self, ev: Any) -> None:
        super().resizeEvent(ev)
        if hasattr(self, "counts"):  # the base class calls this while it is being made
            self._arrange()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._is_zoomed = False
            self._fill()
            return
        super().mouseDoubleClickEvent(event)

    def _arrange(self) -> None:
        """Show the parts that are wanted, and pixels per group where there is room."""
        is_high, layout = self.height() >= LOW, self.ci.layout
        has_bins = self._shows_bins and not self._is_of_flags
        for items, is_shown in (
            ((self.ramp_box, self._left[0], self._x_axis), self._shows_ramp),
            ((self.count_box, self._left[1]), self._shows_ramp and is_high),
            ((self.bin_box, self._left[2], self._bin_axis), has_bins),
        ):
            for item in items:
                item.setVisible(is_shown)
        layout.setRowStretchFactor(COUNTS, SHARES[COUNTS] if is_high else 0)
        layout.setRowMaximumHeight(COUNTS, UNBOUNDED if is_high else 0)
        for column, share, is_shown in (
            (LEFT_PLOT, 5, self._shows_ramp),
            (RIGHT_PLOT, 4, has_bins),
        ):
            layout.setColumnStretchFactor(column, share if is_shown else 0)
            layout.setColumnMaximumWidth(column, UNBOUNDED if is_shown else 0)

    @property
    def _is_of_flags(self) -> bool:
        """Whether the values are flags, which have no histogram."""
        summary = self._summary
        return summary is not None and isinstance(summary.statistics, FlagStatistics)

    def _on_zoom(self) -> None:
        self._is_zoomed = True

    def _fill(self) -> None:
        if self._summary is None:
            return
        ramp, axis = self._summary.ramp, XAxis(self._unit, self._summary.times)
        n_groups = ramp.signal.size
        x = axis.of(np.arange(float(n_groups)))
        self.singles.set_ramps(x, ramp.singles if self._shows_singles else None)
        self.ramp.set_ramp(x, ramp.signal, ramp.error, ramp.begins)
        self.ramp_note.set_text(NO_GROUP.format(ramp.why_none) if ramp.why_none else "")
        edges = axis.of(np.arange(n_groups + 1.0) - 0.5)
        self.counts.set_bars(edges, ramp.n.astype(float))
        self._x_axis.set_whole(axis.whole)
        self._x_axis.setLabel(axis.label)
        self._show_histogram()
        if not self._is_zoomed:
            self._set_ranges(ramp, axis.limits(n_groups))

    def _show_histogram(self) -> None:
        assert self._summary is not None
        found, plane = self._summary.statistics, self._summary.plane
        self._arrange()
        if isinstance(found, FlagStatistics):
            return
        self.bins.set_bars(found.histogram.edges, found.histogram.counts.astype(float))
        self.bin_note.set_text(plane.none_text if found.n == found.n_nan else "")
        outside = found.histogram.n_below + found.histogram.n_above
        unit = f" [{plane.unit}]" if plane.unit else ""
        beyond = f", {outside} beyond" if outside else ""
        full = f"{plane.label}{unit}"
        self._bin_axis.set_names((f"{full}{beyond}", full, unit.strip() or "value"))
        if not self._is_zoomed:
            edges = found.histogram.edges
            self.bin_box.setRange(
                xRange=(edges[0], edges[-1]),
                yRange=(0, 1.08 * max(float(found.histogram.counts.max()), 1.0)),
                padding=0,
            )

    def _set_ranges(self, ramp: RegionRamp, x: tuple[float, float]) -> None:
        low, high = signal_range(ramp, with_singles=self._shows_singles)
        self.ramp_box.setRange(xRange=x, yRange=(low, high), padding=0)
        most = max(float(ramp.n.max(initial=0)), 1.0)
        self.count_box.setYRange(0, 1.15 * most, padding=0)

    def set_palette(self, palette: QPalette) -> None:
        """Draw in the colours of `palette`."""
        colors = colors_of(palette)
        self.setBackground(colors.background)
        self.ramp.set_colors(colors)
        self.singles.set_colors(colors)
        for part in (self.counts, self.bins, self.ramp_note, self.bin_note):
            part.set_colors(colors)
        axes: tuple[Any, ...] = (*self._left, self._x_axis, self._bin_axis)
        for axis in axes:
            axis.setPen(pg.mkPen(colors.text))
            axis.setTextPen(pg.mkPen(colors.text))
        for box in (self.ramp_box, self.count_box, self.bin_box):
            box.setBorder(pg.mkPen(colors.muted))


def signal_range(ramp: RegionRamp, *, with_singles: bool) -> tuple[float, float]:
    """Return the range of the y axis: the ramp, and nine in ten of the single ones."""
    error = np.nan_to_num(ramp.error)
    parts: list[F64] = [ramp.signal - error, ramp.signal + error]
    singles: Any = ramp.singles[np.isfinite(ramp.singles)]
    if with_singles and singles.size:
        parts.append(np.percentile(singles, [OUTER, 100 - OUTER]))
    values = np.concatenate(parts)
    values = values[np.isfinite(values)]
    if not values.size:
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or max(1.0, 0.05 * abs(high))
    return low - margin, high + margin
