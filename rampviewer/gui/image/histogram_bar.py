"""The histogram of a frame, its colour bar and the limits to drag."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtCore import QEvent, QRectF, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QGraphicsPathItem, QGridLayout, QLabel, QWidget

from rampviewer.gui.image.color_tables import NAN_COLOR, value_table
from rampviewer.gui.image.frame_render import levels_of
from rampviewer.gui.image.stretch import Limits, Stretch, percentiles, widened
from rampviewer.gui.plots.quick_axis import QuickAxis
from rampviewer.gui.plots.transforms import move_at_once
from rampviewer.gui.widgets.theme import color_plot
from rampviewer.gui.work.later import Later
from rampviewer.model.tables.column_table import Column, ColumnTable, significant
from rampviewer.model.text.number_text import grouped

N_BINS = 160
_STRIP_HEIGHT = 12


def columns_in(unit: str) -> tuple[Column, ...]:
    """Return the columns of a histogram of values in a unit."""
    text = significant(7)
    return (
        Column(name="low", title="from", shown_unit=unit, description="Start", text=text),
        Column(name="high", title="to", shown_unit=unit, description="End", text=text),
        Column(name="n_pixels", title="pixels", description="Pixels of a sample in it"),
    )


class HistogramBar(QWidget):
    """How often each value occurs (on a log scale), beside the colour it is shown in.

    It is drawn once for all that changes in a turn, and after the image is painted.

    Signals
    -------
    limits_edited : Limits
        The user dragged a limit, or both.
    """

    limits_edited = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = pg.GraphicsLayoutWidget()
        self._bins: pg.ViewBox = self.plot.addViewBox(0, 0, enableMenu=False)
        self._strip: pg.ViewBox = self.plot.addViewBox(1, 0, enableMenu=False)
        self._axis = QuickAxis("bottom", self.font(), linkView=self._bins)
        self._outline = QGraphicsPathItem()
        self._colors = pg.ImageItem(axisOrder="row-major")
        self._region = pg.LinearRegionItem(orientation="vertical", swapMode="block")
        self._unit, self._nan = QLabel(), QLabel()
        self._sample: NDArray[np.float64] = np.empty(0)
        self._table = value_table("viridis", Stretch.LINEAR)
        self._is_zoomed = self._is_drawing = False
        self._around: tuple[Limits, NDArray[np.float64]] | None = None  # to be in sight
        self._later = Later(self._draw, self)
        self.unit = ""
        self._build()
        self._region.sigRegionChanged.connect(self._on_region)
        self._bins.sigXRangeChanged.connect(self._on_range)
        self._bins.sigRangeChangedManually.connect(self._on_zoom)

    def _build(self) -> None:
        for part in (self, self.plot):
            part.setAccessibleName("Histogram and colour bar")
        self.setToolTip(
            "Number of pixels of each value (log scale, of a sample).\n"
            "Drag the two lines to set the limits, the wheel zooms."
        )
        self.plot.ci.layout.setSpacing(2)
        self.plot.ci.layout.setContentsMargins(2, 4, 2, 4)
        self.plot.addItem(self._axis, 2, 0)
        for view in (self._bins, self._strip):
            view.setMouseEnabled(x=True, y=False)
            view.disableAutoRange()
            move_at_once(view)
        self._strip.setMaximumHeight(_STRIP_HEIGHT)
        self._strip.setMinimumHeight(_STRIP_HEIGHT)
        self._strip.setXLink(self._bins)
        self._strip.setYRange(0, 1, padding=0)
        self._bins.addItem(self._outline, ignoreBounds=True)
        self._bins.addItem(self._region, ignoreBounds=True)
        self._strip.addItem(self._colors, ignoreBounds=True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.plot, 0, 0, 2, 1)
        layout.addWidget(self._nan, 0, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._unit, 1, 1, Qt.AlignmentFlag.AlignBottom)
        layout.setColumnStretch(0, 1)
        self._color()

    def show_sample(self, sample: NDArray[np.float64], n_nan: int, n_pixels: int) -> None:
        """Show the histogram of a sample of finite values, and how many pixels are NaN."""
        self._sample = sample
        percent = 100 * n_nan / max(n_pixels, 1)
        share = f"{percent:.1f}" if percent >= 0.05 else "&lt;0.1"
        text = grouped(n_nan)
        self._nan.setText(
            f"<span style='color:{NAN_COLOR}'>\N{BLACK SQUARE}</span> NaN<br>"
            f"{text}<br>{share} %"
        )
        self._nan.setToolTip("Pixels without a value, and their colour in the image")
        self._nan.setVisible(n_nan > 0)
        self._later.request()

    def set_limits(self, limits: Limits) -> None:
        with QSignalBlocker(self._region):
            self._region.setRegion(limits)
        self._later.request()

    def set_table(self, table: NDArray[np.uint32]) -> None:
        """Take the colours from a `value_table`."""
        self._table = table
        self._later.request()

    def table(self) -> ColumnTable:
        """Return the histogram as it is drawn: edges of each bin, and how many it holds."""
        self.draw_now()
        counts, edges = np.histogram(self._sample, N_BINS, self._bins.viewRange()[0])
        arrays = {"low": edges[:-1], "high": edges[1:], "n_pixels": counts}
        return ColumnTable(columns=columns_in(self.unit), arrays=arrays)

    def set_unit(self, unit: str) -> None:
        self.unit = unit
        self._unit.setText(f"[{unit}]" if unit else "")

    def show_around(self, limits: Limits, sample: NDArray[np.float64]) -> None:
        """Bring limits and values into sight: each limit can be dragged to the values.

        Of a sample of the values, the lowest and highest in a hundred do not count.
        """
        self._is_zoomed = False
        self._around = (limits, sample)
        self._later.request()

    def draw_now(self) -> None:
        """Draw at once what has changed."""
        self._later.act_now()

    def follow(self, limits: Limits, sample: NDArray[np.float64]) -> None:
        """Do as `show_around`, unless the user zoomed since."""
        if not self._is_zoomed:
            self.show_around(limits, sample)

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._color()

    def _color(self) -> None:
        color_plot(self.plot, [self._axis], self.palette())
        text = self.palette().text().color()
        accent = self.palette().highlight().color()
        bars = QColor(text)
        bars.setAlpha(110)
        self._outline.setBrush(bars)
        self._outline.setPen(pg.mkPen(None))
        fill = QColor(accent)
        fill.setAlpha(35)
        self._region.setBrush(fill)
        for line in self._region.lines:
            line.setPen(pg.mkPen(accent, width=2))
            line.setHoverPen(pg.mkPen(text, width=3))

    def _on_zoom(self) -> None:
        self._is_zoomed, self._around = True, None

    def _bring_into_sight(self, limits: Limits, sample: NDArray[np.float64]) -> None:
        span = limits.high - limits.low
        low, high = limits.low - 0.4 * span, limits.high + 0.9 * span
        if sample.size:
            first, last = percentiles(sample, (1, 99))
            margin = 0.05 * (max(high, last) - min(low, first))
            low = first - margin if first < low else low
            high = last + margin if last > high else high
        self._bins.setXRange(low, high, padding=0)

    def _on_range(self) -> None:
        if not self._is_drawing:
            self._later.request()

    def _draw(self) -> None:
        self._is_drawing = True
        try:
            around, self._around = self._around, None
            if around is not None:
                self._bring_into_sight(*around)
            self._redraw()
        finally:
            self._is_drawing = False

    def _on_region(self) -> None:
        self._later.request()
        self.limits_edited.emit(widened(*self._region.getRegion()))

    def _redraw(self) -> None:
        low, high = self._bins.viewRange()[0]
        if not high > low:
            return
        counts, edges = np.histogram(self._sample, N_BINS, (low, high))
        bars = np.log10(1.0 + counts)
        steps = np.concatenate([[0.0], np.repeat(bars, 2), [0.0]])
        places = np.repeat(edges, 2)
        self._outline.setPath(pg.arrayToQPath(places, steps, connect="all"))
        self._bins.setYRange(0, max(1.0, 1.05 * float(bars.max())), padding=0)
        values = np.linspace(low, high, 512)[None, :]
        limits = widened(*self._region.getRegion())
        colors = self._table.take(levels_of(values, limits))
        parts = np.stack([colors >> 16 & 255, colors >> 8 & 255, colors & 255], axis=-1)
        self._colors.setImage(parts.astype(np.uint8), autoLevels=False, levels=(0, 255))
        self._colors.setRect(QRectF(low, 0, high - low, 1))
