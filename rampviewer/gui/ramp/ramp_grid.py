"""The plots of the integrations of one pixel on common axes."""

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QCoreApplication, QEvent, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QHelpEvent, QPalette
from PyQt6.QtWidgets import QToolTip, QWidget

from rampviewer.gui.plots.plot_canvas import PlotCanvas
from rampviewer.gui.ramp.column_head import level_heads
from rampviewer.gui.ramp.other_rows import OtherRows
from rampviewer.gui.ramp.ramp_colors import colors_of
from rampviewer.gui.ramp.ramp_columns import Column, columns_of
from rampviewer.gui.ramp.ramp_data import (
    XAxis,
    is_boxed,
    set_bits,
    shown_bits,
    signal_limits,
)
from rampviewer.gui.ramp.ramp_look import RampLook, XUnit
from rampviewer.gui.ramp.ramp_plot import RampPlot, reach_of
from rampviewer.gui.ramp.ramp_rows import RampRows
from rampviewer.gui.ramp.ramp_zero import from_zero
from rampviewer.gui.ramp.sigma_rows import SigmaRows
from rampviewer.model.pixel.deviation import step_sigma
from rampviewer.model.pixel.pixel_reasons import why_rate
from rampviewer.model.pixel.pixel_text import group_text, position_text
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.text.number_text import rate_text

NO_BARS = float("nan")


class RampGrid(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    """Ramps with their GROUPDQ, differences and residuals in up to six columns.

    Signals
    -------
    group_clicked : int, int
        The user clicked near a group: integration, group.
    threshold_edited : str, float
        The user dragged the threshold of this name to a value [sigma].
    zoomed
        The user changed the range of an axis.
    """

    group_clicked = pyqtSignal(int, int)
    threshold_edited = pyqtSignal(str, float)
    zoomed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Plots of the ramp")
        # All of it changes with the pixel: what has to be painted need not be sought.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.canvas = PlotCanvas(self.ci)
        self.plots: list[RampPlot] = []
        self._view: PixelView | None = None
        self._drawn: PixelView | None = None  # the same, perhaps from zero
        self._kind = ""
        self._unit: XUnit = "time"
        self._look = RampLook()
        self._current = (0, 0)
        self._hold = self._is_filled = False
        self._columns: tuple[Column, ...] = ()
        self._limits: tuple[float, ...] = ()
        self._font = QFont(self.font())
        self._font.setPointSizeF(max(7.5, self.font().pointSizeF() * 0.9))
        self.ci.layout.setSpacing(3)
        self.ci.layout.setContentsMargins(2, 2, 6, 2)
        bold = QFont(self.font())
        bold.setBold(True)
        first = RampPlot(self._font)
        self.rows = RampRows(self.ci, self._font, bold, first)
        self.title = self.rows.title
        self.sigma_rows, self.others = SigmaRows(self.rows), OtherRows(self.rows)
        self._add_plot(first)
        first.view_box.sigResized.connect(self._on_resize)
        self.scene().sigMouseClicked.connect(self._click)
        self.set_palette(self.palette())

    def show_view(self, view: PixelView, kind: str) -> None:
        """Draw `view`; `kind` is the word in front of the title."""
        self._view, self._kind = view, kind
        self._fill()

    def paint_now(self) -> None:
        """Paint what has changed, before any other event or widget has its turn."""
        # A scene tells its views of changes by an event to itself, and they paint at once.
        QCoreApplication.sendPostedEvents(self.scene(), QEvent.Type.MetaCall)

    def set_group(self, integration: int, group: int) -> None:
        self._current = (integration, group)
        if self._view is None or integration >= len(self._view.integrations):
            return
        shown = [column.integrations for column in self._columns]
        if [column.integrations for column in self._wanted(self._view)] != shown:
            self._fill()
            return
        for plot in self._used():
            plot.set_current(self._current)

    def set_unit(self, unit: XUnit) -> None:
        self._unit = unit
        self._redraw()

    def set_look(self, look: RampLook) -> None:
        """Show other panels, or the integrations in another arrangement."""
        self._look = look
        self.rows.set_zero(look.from_zero)
        self._redraw()

    def show_others(self) -> None:
        """Draw anew what `others` has been given."""
        if self._drawn is not None:
            self.others.show_view(self._drawn, self._used(), zero=self._look.from_zero)
            self._set_ranges(self._drawn)

    def set_hold(self, hold: bool) -> None:
        self._hold = hold

    def fit_ranges(self) -> None:
        self._limits = ()
        if self._drawn is not None:
            self._set_ranges(self._drawn)

    def set_palette(self, palette: QPalette) -> None:
        """Draw in the colours of `palette`."""
        colors = colors_of(palette)
        self.setBackground(colors.background)
        self.rows.set_colors(colors)
        self.canvas.set_frame(pg.mkPen(colors.muted))
        for plot in self.plots:
            plot.set_colors(colors)

    def group_at(self, scene: QPointF) -> tuple[int, int] | None:
        """Return (integration, nearest group) at a point of the scene, or None."""
        for plot in self._used():
            for box in plot.view_boxes:
                if box.isVisible() and box.sceneBoundingRect().contains(scene):
                    return plot.column.at(box.mapSceneToView(scene).x())
        return None

    def viewportEvent(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.tip_at(self.mapToScene(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
                return True
        handled: bool = super().viewportEvent(event)
        return handled

    def tip_at(self, scene: QPointF) -> str:
        """Return what the tooltip says at a point of the scene."""
        found = self.group_at(scene)
        if found is None or self._view is None:
            return ""
        about = self.sigma_rows.tip_at(self._used(), scene)
        return about or group_text(self._view, *found)

    def _redraw(self) -> None:
        self._limits = ()  # the old range means nothing on the new axes
        if self._view is not None:
            self._fill()

    def _fill(self) -> None:
        assert self._view is not None
        self._is_filled = False
        view = from_zero(self._view) if self._look.from_zero else self._view
        self._drawn = view
        self._columns = columns = self._wanted(view)
        self._make_plots(len(columns), heads=len(view.integrations) > 1)
        axis, bits = XAxis(self._unit, view.times), shown_bits(view)
        self.rows.show_bits(bits)
        bar = step_sigma(view) if self._look.bars else NO_BARS
        for plot, column in zip(self.plots, columns, strict=False):
            plot.show_column(column, bits, bar, self._current)
            plot.set_x_axis(axis)
        level_heads([plot.title for plot in self._used()])
        self.sigma_rows.show_view(view, self._used(), self._look)
        self.others.show_view(view, self._used(), zero=self._look.from_zero)
        reason = why_rate(view)
        short = self._title(view, _state(reason))
        bare = short.removeprefix(f"{self._kind}   ")
        of_all = f" of {len(view.integrations)}   "
        texts = dict.fromkeys((short, bare, bare.replace(of_all, "   ")))
        self.title.set_text(self._title(view, reason), *texts)
        self._set_ranges(view)
        self._is_filled = True

    def _set_ranges(self, view: PixelView) -> None:
        used = self._used()
        if self._hold and self._limits:
            return
        self.sigma_rows.set_ranges(used)
        items = tuple(view.integrations[i] for c in self._columns for i in c.integrations)
        axis = XAxis(self._unit, view.times)
        boxed = any(is_boxed(column.parts) for column in self._columns)
        x = self._columns[0].limits
        reach = reach_of(set_bits(items)) / max(used[0].view_box.height(), 1.0)
        bar = step_sigma(view) if self._look.bars else 0.0
        signal = signal_limits(
            items, axis, boxed=boxed, reach=reach, bar=bar if bar > 0 else 0.0
        )
        y = self.others.limits(signal)
        if self._limits and self.others.is_waiting(view):
            y = self._limits[2], self._limits[3]  # else it would jump twice
        limits = (*x, *y, float(len(used)))
        if limits == self._limits:
            return
        self._limits = limits
        used[0].view_box.show_range(x, y)

    def _on_resize(self) -> None:
        if self._is_filled and self._drawn is not None:
            self._set_ranges(self._drawn)  # glyphs take another part of the height

    def _wanted(self, view: PixelView) -> tuple[Column, ...]:
        return columns_of(view, self._unit, self._look.arrangement, self._current[0])

    def _title(self, view: PixelView, reason: str) -> str:
        # What may be long stands last: an end that is cut must not hide the run.
        shown = sorted(i for column in self._columns for i in column.integrations)
        n = len(view.integrations)
        parts = [self._kind, position_text(view), view.run_name]
        if len(shown) < n:
            parts.append(f"int {shown[0]} to {shown[-1]} of {n}")
        parts.append(reason or f"rate {rate_text(view.slope, view.err)}")
        return "   ".join(parts)

    def _used(self) -> list[RampPlot]:
        return self.plots[: len(self._columns)]

    def _make_plots(self, n: int, *, heads: bool) -> None:
        while len(self.plots) < n:
            self._add_plot(RampPlot(self._font))
            self.plots[-1].set_colors(colors_of(self.palette()))
        self.rows.show_columns(self.plots, n, self._look, heads=heads)

    def _add_plot(self, plot: RampPlot) -> None:
        self.rows.add(plot, 1 + len(self.plots))
        for k, box in enumerate(plot.view_boxes):
            self.canvas.adopt(box, row=k)
            if self.plots:
                box.share_y(self.plots[0].view_boxes[k])
            box.sigRangeChangedManually.connect(self.zoomed)
        if self.plots:
            plot.view_box.share_x(self.plots[0].view_box)
        plot.thresholds.dragged.connect(self._drag)
        plot.thresholds.released.connect(self._release)
        self.plots.append(plot)

    def _drag(self, name: str, sigma: float) -> None:
        self.sigma_rows.is_held = True  # the scale stays while a line moves on it
        self.threshold_edited.emit(name, sigma)

    def _release(self) -> None:
        self.sigma_rows.is_held = False
        if self._drawn is not None:
            self._set_ranges(self._drawn)

    def _click(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            found = self.group_at(event.scenePos())
            if found is not None:
                self.group_clicked.emit(*found)


def _state(reason: str) -> str:
    """Return "rate is NaN" of "rate is NaN: saturated from group 3"."""
    return reason.partition(":")[0]
