"""The plots of the integrations of one pixel on common axes."""

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPalette
from PyQt6.QtWidgets import QToolTip, QWidget

from rampviewer.core.dq import Dq
from rampviewer.gui.groupdq_strip import ticks_of
from rampviewer.gui.ramp_colors import colors_of
from rampviewer.gui.ramp_data import XAxis, XUnit, shown_bits, signal_limits
from rampviewer.gui.ramp_overlay import TextStrip
from rampviewer.gui.ramp_plot import RampPlot
from rampviewer.model.number_text import rate_text
from rampviewer.model.pixel_reasons import why_rate
from rampviewer.model.pixel_text import group_text, position_text
from rampviewer.model.pixel_view import PixelView

MAX_PLOTS = 6  # integrations side by side; more are shown as a window of these
ROW_HEIGHT = 14  # of one flag in the strip [pixel]
TITLE, HEADS, RAMPS, STRIPS, X_AXES = range(5)


class RampGrid(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Up to six ramps with their GROUPDQ, one column each.

    Signals
    -------
    group_clicked : int, int
        The user clicked near a group: integration, group.
    zoomed
        The user changed the range of an axis.
    """

    group_clicked = pyqtSignal(int, int)
    zoomed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: list[RampPlot] = []
        self._view: PixelView | None = None
        self._kind = ""
        self._unit: XUnit = "time"
        self._current = (0, 0)
        self._hold = False
        self._bits: tuple[Dq, ...] = ()
        self._limits: tuple[float, ...] = ()
        self._font = QFont(self.font())
        self._font.setPointSizeF(max(7.5, self.font().pointSizeF() * 0.9))
        self.ci.layout.setSpacing(3)
        self.ci.layout.setContentsMargins(2, 2, 6, 2)
        bold = QFont(self.font())
        bold.setBold(True)
        self.title = TextStrip(bold)
        self.addItem(self.title, row=TITLE, col=0, colspan=1 + MAX_PLOTS)
        self._add_plot()
        self._y_axis = self._left_axis(self.plots[0].view_box, RAMPS)
        self._y_axis.setLabel("signal [DN]")
        self._dq_axis = self._left_axis(self.plots[0].strip.view_box, STRIPS)
        self.ci.layout.setRowStretchFactor(RAMPS, 1)
        self.scene().sigMouseClicked.connect(self._click)
        self.set_palette(self.palette())

    def show_view(self, view: PixelView, kind: str) -> None:
        """Draw `view`; `kind` is the word in front of the title."""
        self._view, self._kind = view, kind
        self._fill()

    def set_group(self, integration: int, group: int) -> None:
        self._current = (integration, group)
        if self._view is None:
            return
        if integration not in self._window():
            return
        if self.plots[0].integration != self._window().start:
            self._fill()
            return
        for plot in self._used():
            plot.set_current(self._current_in(plot.integration))

    def set_unit(self, unit: XUnit) -> None:
        self._unit = unit
        self._limits = ()  # the old range means nothing on the new axis
        if self._view is not None:
            self._fill()

    def set_hold(self, hold: bool) -> None:
        self._hold = hold

    def fit_ranges(self) -> None:
        self._limits = ()
        if self._view is not None:
            self._set_ranges()

    def set_palette(self, palette: QPalette) -> None:
        """Draw in the colours of `palette`."""
        colors = colors_of(palette)
        self.setBackground(colors.background)
        self.title.set_color(colors.text)
        for axis in (self._y_axis, self._dq_axis):
            axis.setPen(pg.mkPen(colors.text))
            axis.setTextPen(pg.mkPen(colors.text))
        for plot in self.plots:
            plot.set_colors(colors)

    def _fill(self) -> None:
        assert self._view is not None
        view, window = self._view, self._window()
        self._make_columns(len(window))
        axis = XAxis(self._unit, view.group_time)
        self._show_rows(shown_bits(view))
        for plot, integration in zip(self.plots, window, strict=False):
            current = self._current_in(integration)
            plot.show_integration(view, integration, axis, self._bits, current)
            plot.set_x_axis(axis, view.integrations[0].signal.size)
        reason = why_rate(view)
        self.title.set_text(
            self._title(view, window, reason), self._title(view, window, _state(reason))
        )
        self._set_ranges()

    def _set_ranges(self) -> None:
        assert self._view is not None
        if self._hold and self._limits:
            x, y = self.plots[0].view_box.viewRange()
            for plot in self._used()[1:]:  # a new column knows nothing of the zoom
                plot.view_box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
            return
        items = tuple(self._view.integrations[i] for i in self._window())
        axis = XAxis(self._unit, self._view.group_time)
        x = axis.limits(items[0].signal.size)
        y = signal_limits(items, axis)
        limits = (*x, *y, float(len(items)))
        if limits == self._limits:
            return
        self._limits = limits
        for plot in self._used():
            plot.view_box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)

    def _window(self) -> range:
        """Return the integrations on screen: all, or six around the current one."""
        assert self._view is not None
        n = len(self._view.integrations)
        start = min(max(0, self._current[0] - MAX_PLOTS // 2), max(0, n - MAX_PLOTS))
        return range(start, min(n, start + MAX_PLOTS))

    def _title(self, view: PixelView, window: range, reason: str) -> str:
        # What may be long stands last: an end that is cut must not hide the run.
        n = len(view.integrations)
        parts = [self._kind, position_text(view), view.run_name]
        if len(window) < n:
            parts.append(f"int {window[0]} to {window[-1]} of {n}")
        parts.append(reason or f"rate {rate_text(view.slope, view.err)}")
        return "   ".join(parts)

    def _current_in(self, integration: int) -> int | None:
        return self._current[1] if integration == self._current[0] else None

    def _used(self) -> list[RampPlot]:
        return self.plots[: len(self._window())]

    def _make_columns(self, n: int) -> None:
        while len(self.plots) < n:
            self._add_plot()
            self.plots[-1].set_colors(colors_of(self.palette()))
        for number, plot in enumerate(self.plots):
            used = number < n
            self.ci.layout.setColumnStretchFactor(1 + number, int(used))
            items = (plot.view_box, plot.strip.view_box, plot.x_axis)
            for item in items:
                item.setVisible(used)
            plot.title.setVisible(used and n > 1)

    def _add_plot(self) -> None:
        plot = RampPlot(self._font)
        column = 1 + len(self.plots)
        self.addItem(plot.title, row=HEADS, col=column)
        self.addItem(plot.view_box, row=RAMPS, col=column)
        self.addItem(plot.strip.view_box, row=STRIPS, col=column)
        self.addItem(plot.x_axis, row=X_AXES, col=column)
        plot.x_axis.setHeight(2.4 * QFontMetricsF(self._font).height() + 6)
        if self.plots:
            plot.view_box.setXLink(self.plots[0].view_box)
            plot.view_box.setYLink(self.plots[0].view_box)
        plot.view_box.sigRangeChangedManually.connect(self.zoomed)
        plot.strip.view_box.sigRangeChangedManually.connect(self.zoomed)
        self.plots.append(plot)

    def _left_axis(self, view_box: Any, row: int) -> Any:
        axis = pg.AxisItem("left", linkView=view_box)
        axis.enableAutoSIPrefix(False)
        axis.setTickFont(self._font)
        # As wide as the longest name below, so that both plots begin at the same place.
        axis.setWidth(QFontMetricsF(self._font).horizontalAdvance("DO_NOT_USE 128") + 14)
        self.addItem(axis, row=row, col=0)
        return axis

    def _show_rows(self, bits: tuple[Dq, ...]) -> None:
        if bits == self._bits:
            return
        self._bits = bits
        height = ROW_HEIGHT * (len(bits) + 1.4)
        self._dq_axis.setTicks([ticks_of(bits)])
        self.ci.layout.setRowFixedHeight(STRIPS, height)

    def group_at(self, scene: QPointF) -> tuple[int, int] | None:
        """Return (integration, nearest group) at a point of the scene, or None."""
        if self._view is None:
            return None
        for plot in self._used():
            for view_box in (plot.view_box, plot.strip.view_box):
                if view_box.sceneBoundingRect().contains(scene):
                    x = view_box.mapSceneToView(scene).x()
                    axis = XAxis(self._unit, self._view.group_time)
                    n_groups = self._view.integrations[plot.integration].signal.size
                    return plot.integration, axis.nearest_group(x, n_groups)
        return None

    def viewportEvent(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.group_at(self.mapToScene(event.pos()))
            if found is not None and self._view is not None:
                QToolTip.showText(event.globalPos(), group_text(self._view, *found), self)
                return True
        handled: bool = super().viewportEvent(event)
        return handled

    def _click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            found = self.group_at(event.scenePos())
            if found is not None:
                self.group_clicked.emit(*found)


def _state(reason: str) -> str:
    """Return "rate is NaN" of "rate is NaN: saturated from group 3"."""
    return reason.partition(":")[0]
