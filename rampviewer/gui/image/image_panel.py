"""The image, with everything that decides how it looks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rampviewer.core.dq import Dq
from rampviewer.gui.image.color_tables import value_table
from rampviewer.gui.image.display_bar import DisplayBar, Look
from rampviewer.gui.image.display_limits import DisplayLimits, Picture
from rampviewer.gui.image.flag_legend import FlagLegend
from rampviewer.gui.image.frame_view import FrameView
from rampviewer.gui.image.histogram_bar import HistogramBar
from rampviewer.gui.image.limits_memory import Ends
from rampviewer.gui.image.overlay_legend import OverlayLegend
from rampviewer.gui.image.picture_statistics import PictureStatistics, Statistics
from rampviewer.gui.image.plane_heading import PlaneHeading
from rampviewer.gui.image.stretch import Limits, Stretch
from rampviewer.gui.image.usual_looks import Usual
from rampviewer.gui.plots.plot_source import PlotSource
from rampviewer.gui.regions.region_tools import RegionTools
from rampviewer.gui.work.throttle import Throttle
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pin
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.plane_table import plane_table

Index = NDArray[np.int64]
FRAME_MS = 15
BELOW_HEIGHT = 88  # histogram or legend [screen pixels]
USUAL = Usual()
ALL_NAN = "All values are NaN."
EMPTY_TEXT = "Open a ramp exposure:\nFile > Open, or drop a file here"


class ImagePanel(QWidget):
    """Shows one plane of an exposure, with its histogram and `DisplayBar`.

    The limits are computed when a kind of plane is shown for the first time. After that
    they are held, whatever the values become, until the user asks for others or switches
    "hold" off; each kind of plane has its own. See `limits`.

    Signals
    -------
    pixel_clicked : Pixel
        The user chose a pixel, by click or arrow key.
    pixel_hovered : Pixel or None
        The mouse came to another pixel, or left the image.
    visible_rows_changed : int, int
        First and last (exclusive) row that can be seen.
    area_changed : Area
        Rows and columns that can be seen.
    look_edited : Look
        The user chose a colour map or a stretch.
    overlay_edited : Dq
        The user chose other flags to be drawn above the image.
    stretch_edited : str, Stretch
        The user chose a stretch for a kind of plane.
    """

    pixel_clicked = pyqtSignal(object)
    pixel_hovered = pyqtSignal(object)
    visible_rows_changed = pyqtSignal(int, int)
    area_changed = pyqtSignal(object)
    look_edited = pyqtSignal(object)
    overlay_edited = pyqtSignal(object)
    stretch_edited = pyqtSignal(str, object)

    def __init__(
        self, parent: QWidget | None = None, *, empty_text: str = EMPTY_TEXT
    ) -> None:
        super().__init__(parent)
        self._values: NDArray[Any] | None = None
        self._is_flags = self._is_partial = False
        self._kind, self._none_text = "", ALL_NAN
        self._stretches: dict[str, Stretch] = {}  # chosen by the user, by kind
        self._view, self.region_tools = FrameView(), RegionTools()
        self.regions = self._view.regions
        self._histogram = HistogramBar()
        self._legend = FlagLegend()
        self._overlay = OverlayLegend()
        self._bar = DisplayBar()
        self._limits = DisplayLimits(self._bar, self._histogram, self._view.frame, self)
        self._title = PlaneHeading()
        self._below = QStackedWidget()
        self._repaint = Throttle(FRAME_MS, self)
        self.statistics = PictureStatistics(self)
        self._lay_out(empty_text)
        self._connect()
        self._color()
        self._apply_look(self._bar.look())

    def _lay_out(self, empty_text: str) -> None:
        for widget in (self._histogram, self._legend):
            self._below.addWidget(widget)
        self._below.setFixedHeight(BELOW_HEIGHT)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.region_tools)
        column.addLayout(top)
        column.addWidget(self._view, 1)
        column.addWidget(self._overlay)
        column.addWidget(self._below)
        column.addWidget(self._bar)
        empty = QWidget()
        text = QLabel(empty_text)
        text.setProperty("role", "empty")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(empty).addWidget(text)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(empty)
        self._pages.addWidget(page)
        self.setMinimumSize(400, 320)

    def _connect(self) -> None:
        self._view.pixel_clicked.connect(self.pixel_clicked)
        self._view.pixel_hovered.connect(self.pixel_hovered)
        self._view.visible_rows_changed.connect(self.visible_rows_changed)
        self._view.area_changed.connect(self.area_changed)
        self._bar.look_edited.connect(self._on_look)
        self._bar.fit_clicked.connect(self._view.fit)
        self._bar.one_to_one_clicked.connect(self._view.one_to_one)
        self._legend.bits_edited.connect(self._on_bits)
        self._overlay.bits_edited.connect(self.overlay_edited)
        self._overlay.opacity_edited.connect(self._view.frame.set_overlay_opacity)
        self._repaint.due.connect(self._on_repaint)
        self.statistics.counted.connect(self._show_statistics)

    def make_room(self) -> None:
        """Show the place of the image: what is to be in it follows."""
        self._pages.setCurrentIndex(1)

    def show_plane(
        self,
        values: NDArray[Any],
        title: str,
        unit: str,
        *,
        kind: str = "",
        is_flags: bool = False,
        is_partial: bool = False,
        usual: Usual = USUAL,
        ends: Ends | None = None,
        none_text: str = ALL_NAN,
    ) -> None:
        """Show a plane; the array may change in place later, see `update_rows`.

        Parameters
        ----------
        values : (n_rows, n_cols) float32 or uint32
            Row 0 is drawn at the bottom; NaN has its own colour.
        title, unit : str
            Heading, and what the colour bar counts in.
        kind : str
            Planes of one kind share their limits; the unit when not given.
        is_flags : bool
            Whether the values are data-quality bits, shown by the highest that is set.
        is_partial : bool
            Whether the plane is still being made: what its limits are computed from is
            then not all of it, and they are computed anew when it is.
        usual : Usual
            Stretch and limits rule of a kind for which the user chose none.
        ends : callable or None
            Gives first and last plane of the series that it belongs to, as the groups of a
            ramp: held limits suit them, too.
        none_text : str
            What to say when all values of a complete plane are NaN.
        """
        self._none_text, self._is_partial = none_text, is_partial
        self._view.note.set_text("")
        self.make_room()
        self._values, self._is_flags = values, is_flags
        self._title.show_plane(title, values, unit, is_flags=is_flags)
        self._histogram.set_unit(unit)
        self._below.setCurrentWidget(self._legend if is_flags else self._histogram)
        self._bar.set_values_shown(shown=not is_flags)
        self._view.frame.set_frame(values, is_flags=is_flags)
        self._view.set_shape(*values.shape)
        if is_flags:
            self._limits.show_picture(None)
        else:
            self._kind = kind or unit
            self._take_stretch(self._stretches.get(self._kind, usual.stretch))
            self._limits.show_picture(
                Picture(
                    values=values,
                    kind=self._kind,
                    name=title,
                    usual=usual.rule,
                    is_partial=is_partial,
                    ends=ends,
                )
            )
        self.statistics.set_picture(values, is_flags=is_flags)

    def update_rows(self, row_start: int, row_stop: int) -> None:
        """Draw anew, as the values of these rows (the last exclusive) changed in place.

        Calls may come faster than the screen: at most one in 15 ms is drawn, the last one
        always.
        """
        self._title.renew()
        self._view.frame.mark_rows(row_start, row_stop)
        self._repaint.request()

    def complete_plane(self) -> None:
        """Judge the plane shown as a whole: no more of it is to come."""
        self._limits.complete()
        self._is_partial = False
        self.statistics.renew()

    def update_pixels(self, rows: Index, cols: Index) -> None:
        """Draw anew, as the values of these pixels changed in place; see `update_rows`."""
        self._title.renew()
        self._view.frame.mark_pixels(rows, cols)
        self._repaint.request()

    def show_overlay(self, groupdq: NDArray[np.uint8] | None, bits: Dq) -> None:
        """Draw these flags of a (n_rows, n_cols) GROUPDQ plane above the image, or none."""
        frame = self._view.frame
        if groupdq is not None and frame.mark_overlay(groupdq, bits):
            self._repaint.request()  # as for new values, which come with them
        else:
            frame.set_overlay(groupdq, bits)
        self._overlay.set_bits(bits)
        self.statistics.set_overlaid(groupdq if bits else None)

    def show_nothing(self) -> None:
        """Invite the user to open an exposure; forget all limits."""
        self._limits.forget()
        self._limits.show_picture(None)
        self._values = None
        self._title.show_plane("", None, "", is_flags=False)
        self.statistics.set_picture(None)
        self._pages.setCurrentIndex(0)

    def set_selected(self, pixel: Pixel | None) -> None:
        """Mark a pixel, or none."""
        self._view.set_selected(pixel)

    def read(self, pixel: Pixel | None) -> None:
        """Tell the value of a pixel beside the heading, or of none."""
        self._title.read(pixel)

    def show_pins(self, pins: tuple[Pin, ...]) -> None:
        """Mark the pinned pixels."""
        self._view.pins.set_pins(pins)

    def bring_into_view(self, pixel: Pixel) -> None:
        """Move the image, if need be, so that a pixel can be seen."""
        self._view.bring_into_view(pixel)

    def look(self) -> tuple[Look, Limits]:
        """Return how values become colours."""
        return self._bar.look(), self._limits.limits

    def picture(self) -> tuple[NDArray[Any], str] | None:
        """Return a copy of the values on screen and their heading, None without any."""
        values = self._values
        return None if values is None else (values.copy(), self._title.text())

    def plots(self, prefix: str = "") -> tuple[PlotSource, ...]:
        """Return image and histogram, to be copied or saved, their names with a prefix."""
        image, histogram = self._view.plot, self._histogram.plot
        return (
            PlotSource(
                name=f"{prefix}image",
                view=image,
                is_empty=lambda: self._values is None,
                table=self._seen,
                caption=self._caption,
            ),
            PlotSource(
                name=f"{prefix}histogram",
                view=histogram,
                is_empty=lambda: self._values is None or self._is_flags,
                table=self._histogram.table,
                draw_now=self._histogram.draw_now,
                caption=self._caption,
            ),
        )

    def take_keys(self) -> None:
        """Give the keyboard to the image: its arrow keys move the selected pixel."""
        self._view.setFocus()

    def set_stretches(self, stretches: Mapping[str, Stretch]) -> None:
        """Take the stretch of kinds of planes, as the user left them."""
        self._stretches = dict(stretches)

    def set_look(self, look: Look) -> None:
        """Take colour map and, for the kind shown, stretch, as the user left them."""
        self._stretches[self._kind] = look.stretch
        self._bar.set_look(look)
        self._apply_look(look)

    def fit(self) -> None:
        """Show the whole image."""
        self._view.fit()

    @property
    def limits(self) -> DisplayLimits:
        """What decides which values have the first and the last colour."""
        return self._limits

    @property
    def overlay(self) -> OverlayLegend:
        """The flags drawn above the image: which, and how dense."""
        return self._overlay

    @property
    def view(self) -> FrameView:
        """The image itself: to see the same place as another, or to draw upon."""
        return self._view

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._color()

    def _caption(self) -> str:
        """Return which plane is shown, in which unit."""
        unit = self._histogram.unit
        return f"{self._title.text()} [{unit}]" if unit else self._title.text()

    def _seen(self) -> ColumnTable:
        """Return the values that can be seen."""
        assert self._values is not None
        title, unit = self._title.text(), self._histogram.unit
        return plane_table(self._values, self._view.area, title, unit)

    def _color(self) -> None:
        none = self.palette().alternateBase().color()
        self._view.frame.set_flag_colors(none, self._legend.visible_bits())

    def _on_bits(self, mask: int) -> None:
        self._view.frame.set_flag_colors(self.palette().alternateBase().color(), mask)

    def _on_look(self, look: Look) -> None:
        if look.stretch is not self._stretches.get(self._kind, self._stretch):
            self._stretches[self._kind] = look.stretch
            self.stretch_edited.emit(self._kind, look.stretch)
        self._apply_look(look)
        self.look_edited.emit(look)

    def _take_stretch(self, stretch: Stretch) -> None:
        if stretch is not self._stretch:
            look = replace(self._bar.look(), stretch=stretch)
            self._bar.set_look(look)
            self._apply_look(look)

    def _apply_look(self, look: Look) -> None:
        self._stretch = look.stretch
        table = value_table(look.color_map, look.stretch, is_reversed=look.is_reversed)
        self._view.frame.set_table(table)
        self._view.frame.set_peaks(kept=look.keeps_peaks)
        self._histogram.set_table(table)

    def _on_repaint(self) -> None:
        if self._values is None:
            return
        self._limits.revise()
        self._view.frame.refresh_marked()
        self.statistics.renew()

    def _show_statistics(self, found: Statistics) -> None:
        if found.overlaid is not None:
            self._overlay.show_counts(found.overlaid)
        if found.flags is not None:
            self._legend.show_counts(found.flags)
        if found.n_nan is not None and self._values is not None:
            sample = self._limits.sample()
            self._histogram.show_sample(sample, found.n_nan, self._values.size)
            is_empty = found.n_nan == self._values.size and not self._is_partial
            self._view.note.set_text(self._none_text if is_empty else "")
