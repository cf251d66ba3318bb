"""A frame to look at, to zoom into and to point at."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

from rampviewer.gui.image.event_layer import EventLayer
from rampviewer.gui.image.frame_item import FrameItem
from rampviewer.gui.image.hover_mark import HoverMark
from rampviewer.gui.image.pixel_marker import PixelMarker
from rampviewer.gui.pins.pin_overlay import PinOverlay
from rampviewer.gui.plots.plot_note import PlotNote
from rampviewer.gui.plots.quick_axis import QuickAxis
from rampviewer.gui.plots.transforms import move_at_once
from rampviewer.gui.ramp.ramp_colors import colors_of
from rampviewer.gui.regions.region_editor import RegionEditor
from rampviewer.gui.widgets.theme import color_plot
from rampviewer.model.exposure import Pixel
from rampviewer.model.regions.area import Area

FEWEST_PIXELS = 4.0  # across the view at the closest zoom
_ARROWS = {  # (rows up, columns right)
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class Sight(NamedTuple):
    """What part of a frame is in view, whatever the size of the view.

    `x`, `y` is the detector place in the middle, `scale` how many pixels of the screen one
    of the detector spans; they are of no account where all of the frame `is_fitted`.
    """

    x: float
    y: float
    scale: float
    is_fitted: bool


class FrameView(QWidget):
    """Shows a `FrameItem` with row 0 at the bottom and square pixels.

    The wheel zooms, a drag pans, a double click or Home shows all, 1 shows one detector
    pixel on one of the screen, + and - zoom; arrows move the selection by one pixel, with
    Shift by ten.

    Signals
    -------
    pixel_clicked : Pixel
        The user chose a pixel by click or arrow key.
    pixel_hovered : Pixel or None
        The mouse came to another pixel, or left the frame.
    visible_rows_changed : int, int
        First and last (exclusive) row that can be seen.
    area_changed : Area
        Rows and columns that can be seen.
    sight_changed : Sight
        The frame was moved or magnified, but not by `set_sight`.
    """

    pixel_clicked = pyqtSignal(object)
    pixel_hovered = pyqtSignal(object)
    visible_rows_changed = pyqtSignal(int, int)
    area_changed = pyqtSignal(object)
    sight_changed = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        axes = {side: QuickAxis(side, self.font()) for side in ("bottom", "left")}
        self._axes = tuple(axes.values())
        for axis in self._axes:
            axis.set_whole(1.0)  # there is nothing between two pixels
        self._plot = pg.PlotWidget(axisItems=axes, enableMenu=False)
        self._view: pg.ViewBox = self._plot.getPlotItem().getViewBox()
        self.frame = FrameItem()
        self._marker = PixelMarker(self._view)
        self.pins = PinOverlay(self._view, self.font())
        self.events, self.hover_mark = EventLayer(self._view), HoverMark(self._view)
        self.note = PlotNote(self._view, self.font())
        self._shape = (0, 0)
        self._area = Area(0, 0, 0, 0)
        self._hovered: Pixel | None = None
        self._is_fitted = True  # until the user zooms or pans
        self._is_fitting = self._is_quiet = False
        self._sight = Sight(0.0, 0.0, 1.0, is_fitted=True)
        self._size = (0.0, 0.0)  # of the view, when it was last looked at
        self._build()
        self.regions = RegionEditor(self._plot, self._view)  # sees events before this
        self.regions.clicked_through.connect(self._click)
        self._plot.scene().sigMouseClicked.connect(self._on_click)
        self._view.sigRangeChanged.connect(self._on_range)
        self._view.sigRangeChangedManually.connect(self._on_manual_range)
        self._view.sigResized.connect(self._on_resize)
        move_at_once(self._view)

    def _build(self) -> None:
        self._plot.setAccessibleName("Image")
        self._plot.setAccessibleDescription("Click or use the arrow keys to select a pixel")
        self._plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._plot)
        self._plot.installEventFilter(self)
        self._plot.viewport().installEventFilter(self)
        item = self._plot.getPlotItem()
        item.hideButtons()
        item.setLabel("bottom", "x [pixel]")
        item.setLabel("left", "y [pixel]")
        self._view.setAspectLocked(True)
        self._view.disableAutoRange()
        self._view.addItem(self.frame, ignoreBounds=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._color()

    @property
    def plot(self) -> pg.PlotWidget:
        """The image with its axes, to be drawn elsewhere."""
        return self._plot

    @property
    def area(self) -> Area:
        """Rows and columns that can be seen."""
        return self._area

    def set_shape(self, n_rows: int, n_cols: int) -> None:
        """Show all of a frame of another shape; keep the zoom for the same shape."""
        if (n_rows, n_cols) == self._shape:
            return
        self._shape = (n_rows, n_cols)
        # The same for both axes: pixels are square, whatever the shapes of frame and view.
        far = 5 * max(n_rows, n_cols)
        self._view.setLimits(
            xMin=-far,
            xMax=far,
            yMin=-far,
            yMax=far,
            minXRange=FEWEST_PIXELS,
            minYRange=FEWEST_PIXELS,
        )
        self.fit()
        for axis in self._axes:
            axis.lay_out()

    def set_selected(self, pixel: Pixel | None) -> None:
        """Mark a pixel, or none."""
        self._marker.move_to(pixel)

    def fit(self) -> None:
        """Show the whole frame."""
        self._is_fitted = self._is_fitting = True
        n_rows, n_cols = self._shape
        self._view.setRange(QRectF(-0.5, -0.5, n_cols, n_rows), padding=0.01)
        self._is_fitting = False

    def one_to_one(self) -> None:
        """Show one detector pixel on each pixel of the screen, about the same centre."""
        self._is_fitted = False
        center = self._view.viewRect().center()
        if self._marker.pixel is not None:
            center = QPointF(self._marker.pixel.col, self._marker.pixel.row)
        self._look_at(center, 1 / self.devicePixelRatioF())

    @property
    def sight(self) -> Sight:
        """What is in view."""
        return self._sight

    def set_sight(self, sight: Sight) -> None:
        """Show what another view does."""
        with self._quietly():
            if sight.is_fitted:
                self.fit()
            else:
                self._is_fitted = False
                self._look_at(QPointF(sight.x, sight.y), sight.scale)

    def bring_into_view(self, pixel: Pixel, reach: int = 0) -> None:
        """Move the frame, if need be, so that a pixel stands in the middle.

        All of the frame within `reach` of it [pixel] is then in view, too.
        """
        rect, (n_rows, n_cols) = self._view.viewRect(), self._shape
        # As good as all of it must be seen; without rounding, in the corner of the frame.
        room = rect.adjusted(0.4, 0.4, -0.4, -0.4)
        low = QPointF(max(pixel.col - reach, 0), max(pixel.row - reach, 0))
        high = QPointF(
            min(pixel.col + reach, n_cols - 1), min(pixel.row + reach, n_rows - 1)
        )
        if room.contains(low) and room.contains(high):
            return
        self._is_fitted = False
        center = QPointF(pixel.col, pixel.row)
        if 2 * reach > min(room.width(), room.height()):
            narrow = min(self._view.width(), self._view.height())
            self._look_at(center, narrow / (2 * reach + 2))
        else:
            away = center - rect.center()
            self._view.translateBy((away.x(), away.y()))

    def zoom_by(self, factor: float) -> None:
        """Magnify about the centre."""
        self._is_fitted = False
        self._view.scaleBy((1 / factor, 1 / factor))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QMouseEvent):
            self._follow_mouse(event)
        elif event is not None and event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif (
            watched is self._plot
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _follow_mouse(self, event: QMouseEvent) -> None:
        # The scene's own signal leaves out moves, perhaps the last one.
        if event.type() == QEvent.Type.MouseMove:
            place = self._plot.mapToScene(event.position().toPoint())
            self._hover(self._pixel_at(place))
        elif (
            event.type() == QEvent.Type.MouseButtonDblClick
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self.fit()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._color()

    def _color(self) -> None:
        color_plot(self._plot, list(self._axes), self.palette())
        self.note.set_colors(colors_of(self.palette()))

    def _press(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _ARROWS:
            self._step(*_ARROWS[Qt.Key(key)], event.modifiers())
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.one_to_one()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_by(1.5)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / 1.5)
        else:
            return False
        return True

    def _step(self, up: int, right: int, modifiers: Qt.KeyboardModifier) -> None:
        if self._marker.pixel is None:
            return
        n = 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
        row, col = self._marker.pixel
        n_rows, n_cols = self._shape
        pixel = Pixel(
            min(max(row + n * up, 0), n_rows - 1), min(max(col + n * right, 0), n_cols - 1)
        )
        if pixel != self._marker.pixel:
            self.pixel_clicked.emit(pixel)

    def _pixel_at(self, position: QPointF) -> Pixel | None:
        if not self._view.sceneBoundingRect().contains(position):
            return None
        # Qt names a pixel of the screen by its corner; what it shows belongs to its centre.
        point = self._view.mapSceneToView(position + QPointF(0.5, 0.5))
        pixel = Pixel(math.floor(point.y() + 0.5), math.floor(point.x() + 0.5))
        n_rows, n_cols = self._shape
        inside = 0 <= pixel.row < n_rows and 0 <= pixel.col < n_cols
        return pixel if inside else None

    def _on_click(self, event: MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not event.double():
            self._click(event.scenePos())

    def _click(self, position: QPointF) -> None:
        pixel = self._pixel_at(position)
        if pixel is not None:
            self.pixel_clicked.emit(pixel)

    def _hover(self, pixel: Pixel | None) -> None:
        if pixel != self._hovered:
            self._hovered = pixel
            self.pixel_hovered.emit(pixel)

    def _pixel_width(self) -> float:
        return float(self._view.width() / max(self._view.viewRect().width(), 1e-9))

    def _on_manual_range(self) -> None:
        self._is_fitted = False

    def _on_resize(self) -> None:
        self._size = self._view.width(), self._view.height()
        with self._quietly():
            if self._is_fitted and all(self._shape):
                self.fit()
            elif not self._is_fitted:
                self._look_at(QPointF(self._sight.x, self._sight.y), self._sight.scale)

    def _look_at(self, center: QPointF, scale: float) -> None:
        """Show a place in the middle, `scale` pixels of the screen for one."""
        width, height = self._view.width() / scale, self._view.height() / scale
        corner = center - QPointF(width / 2, height / 2)
        if math.isclose(scale * self.devicePixelRatioF(), 1.0):
            # On a whole number of pixels no column is drawn twice.
            corner = QPointF(round(corner.x()) - 0.5, round(corner.y()) - 0.5)
        self._view.setRange(QRectF(corner.x(), corner.y(), width, height), padding=0)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        was, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = was

    def _tell_sight(self) -> None:
        if (self._view.width(), self._view.height()) != self._size:
            return  # being resized: what is seen is settled when that is done
        center = self._view.viewRect().center()
        scale, is_fitted = self._pixel_width(), self._is_fitting
        self._sight = Sight(center.x(), center.y(), scale, is_fitted)
        if not self._is_quiet:
            self.sight_changed.emit(self._sight)

    def _on_range(self) -> None:
        self._tell_sight()
        rect, (n_rows, n_cols) = self._view.viewRect(), self._shape
        rows = _pixels_between(rect.top(), rect.bottom(), n_rows)
        cols = _pixels_between(rect.left(), rect.right(), n_cols)
        area, before = Area(*rows, *cols), self._area
        if area != before:
            self._area = area
            self.area_changed.emit(area)
        if area[:2] != before[:2]:
            self.visible_rows_changed.emit(*rows)


def _pixels_between(low: float, high: float, n: int) -> tuple[int, int]:
    """Return [start, stop) of the pixels, of `n`, that a range of an axis touches."""
    first, last = math.floor(low + 0.5), math.ceil(high + 0.5)
    return min(max(first, 0), n), min(max(last, 0), n)
