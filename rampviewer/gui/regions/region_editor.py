"""Drawing, moving and resizing regions with the mouse and with keys."""

import math
from dataclasses import dataclass
from typing import Any, Final

from PyQt6.QtCore import QEvent, QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent

from rampviewer.gui.regions.region_draft import RegionDraft
from rampviewer.gui.regions.region_layer import Hit, RegionLayer
from rampviewer.model.regions.region import NEW_SIZE, Regions, new_shape
from rampviewer.model.regions.shapes import Place, Rectangle, Shape

LEAST_DRAG = 4.0  # [screen pixels]
LEFT = Qt.MouseButton.LeftButton
Key, Modifier = Qt.Key, Qt.KeyboardModifier
ARROWS: Final = {
    Key.Key_Up: (1, 0),
    Key.Key_Down: (-1, 0),
    Key.Key_Left: (0, -1),
    Key.Key_Right: (0, 1),
}  # (rows, columns)
_CURSORS: Final = {
    "draw": Qt.CursorShape.CrossCursor,
    "move": Qt.CursorShape.SizeAllCursor,
    "handle": Qt.CursorShape.PointingHandCursor,
}


@dataclass(frozen=True, slots=True)
class Grab:
    """What the mouse holds, and where it took it."""

    hit: Hit
    start: QPointF  # on the screen
    place: Place
    shape: Shape  # as it was

    def dragged(self, place: Place) -> Shape:
        """Return the shape with the mouse at a place; moves are by whole pixels."""
        rows, cols = place.row - self.place.row, place.col - self.place.col
        if self.hit.handle < 0:
            return self.shape.moved(round(rows), round(cols))
        if isinstance(self.shape, Rectangle) and not self.shape.angle % 90:
            place = Place(math.floor(place.row) + 0.5, math.floor(place.col) + 0.5)
        else:
            place = Place(round(place.row, 2), round(place.col, 2))
        return self.shape.dragged(self.hit.handle, place)


class RegionEditor(QObject):
    """Answers mouse and keys of a plot where they are about regions, and draws these.

    With a tool the left button draws. Without one it drags a region by its line, its name,
    a handle or, when it is selected, its inside; everything else goes on to the plot.
    Ctrl and arrows move the selected region by a pixel (with Shift too by ten), Alt and
    arrows make it larger or smaller.

    Signals
    -------
    shape_drawn : Shape
        The user drew a new one.
    shape_edited : int, Shape
        The user moves or resizes the region of this number.
    region_clicked : int
        The user wants this one selected.
    clicked_through : QPointF
        A click, at this place of the scene, that was about no region after all.
    tool_changed : str
        Kind of region that the mouse draws now, "" for none.
    """

    shape_drawn = pyqtSignal(object)
    shape_edited = pyqtSignal(int, object)
    region_clicked = pyqtSignal(int)
    clicked_through = pyqtSignal(QPointF)
    tool_changed = pyqtSignal(str)

    def __init__(self, plot: Any, view: Any) -> None:
        super().__init__(plot)
        self._plot, self._view = plot, view
        self.layer = RegionLayer(view, plot.font())
        self._draft = RegionDraft(self.layer)
        self._grab: Grab | None = None
        plot.installEventFilter(self)
        plot.viewport().installEventFilter(self)

    @property
    def tool(self) -> str:
        return self._draft.kind

    def set_regions(self, regions: Regions) -> None:
        """Draw these."""
        self.layer.set_regions(regions)
        if self._grab is not None and self._grab.hit.number >= len(regions.items):
            self._grab = None

    def set_tool(self, kind: str) -> None:
        """Draw a region of a kind next; "" ends that."""
        if kind != self.tool:
            self._draft.begin(kind)
            self._point("draw" if kind else "")
            self.tool_changed.emit(kind)

    def make(self, kind: str, center: Place | None) -> None:
        """Make a region of usual size about a place, or in the middle of what is seen."""
        rect = self._view.viewRect()
        if center is None:
            center = Place(round(rect.center().y()), round(rect.center().x()))
        self.set_tool("")
        size = NEW_SIZE * min(rect.width(), rect.height())
        self.shape_drawn.emit(new_shape(kind, center, size))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        if watched is self._plot and isinstance(event, QKeyEvent):
            kind = event.type()
            if kind == QEvent.Type.ShortcutOverride and self._is_key(event):
                event.accept()  # else a menu would take Esc
                return True  # else the plot would refuse it again
            return kind == QEvent.Type.KeyPress and self._on_key(event)
        return False

    def _on_mouse(self, event: QMouseEvent) -> bool:
        """Return whether an event is used up."""
        scene = self._plot.mapToScene(event.position().toPoint())
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            return self._move(scene)
        if kind == QEvent.Type.MouseButtonDblClick and self.tool:
            if self._draft.ends():
                self._finish()
            return True
        if kind == QEvent.Type.MouseButtonPress:
            return self._press(event.button(), scene)
        if kind == QEvent.Type.MouseButtonRelease and event.button() == LEFT:
            return self._release(scene)
        return False

    def _press(self, button: Qt.MouseButton, scene: QPointF) -> bool:
        if self.tool and button == Qt.MouseButton.RightButton:
            if self._draft.ends():
                self._finish()
            return True
        if button != LEFT or not self._view.sceneBoundingRect().contains(scene):
            return False
        if self.tool:
            if self._draft.press(scene, self._place(scene)):
                self._finish()
            return True
        hit = self._hit(scene)
        if hit is None:
            return False
        shape = self.layer.regions.items[hit.number].shape
        self._grab = Grab(hit, scene, self._place(scene), shape)
        return True

    def _move(self, scene: QPointF) -> bool:
        if self._grab is None and not self.tool:
            hit = self._hit(scene)
            self._point("" if hit is None else "move" if hit.handle < 0 else "handle")
            return False
        if self._grab is None:
            return self._draft.move(self._place(scene))
        if self._is_drag(self._grab.start, scene):
            shape = self._grab.dragged(self._place(scene))
            if shape != self.layer.regions.items[self._grab.hit.number].shape:
                self.shape_edited.emit(self._grab.hit.number, shape)
        return True

    def _release(self, scene: QPointF) -> bool:
        grab, self._grab = self._grab, None
        if grab is not None:
            if not self._is_drag(grab.start, scene):
                if grab.hit.is_inside:
                    self.clicked_through.emit(scene)
                else:
                    self.region_clicked.emit(grab.hit.number)
            return True
        if not self.tool:
            return False
        start = self._draft.start
        if start is not None and self._draft.kind != "polygon":
            if self._is_drag(start, scene):
                self._finish()
            else:
                self.make(self.tool, self._draft.center)
        return True

    def _finish(self) -> None:
        shape = self._draft.shape()
        if shape is not None:
            self.set_tool("")
            self.shape_drawn.emit(shape)

    def _is_key(self, event: QKeyEvent) -> bool:
        """Return whether a key that a menu has is about what the mouse does now."""
        is_busy = bool(self.tool) or self._grab is not None
        return is_busy and event.key() == Key.Key_Escape

    def _on_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        if self._is_key(event):
            self._abort()
        elif self.tool and key in {Key.Key_Return, Key.Key_Enter}:
            if self._draft.ends():
                self._finish()
        elif self.tool and key == Key.Key_Backspace:
            self._draft.take_back()
        elif key in ARROWS and modifiers & (
            Modifier.ControlModifier | Modifier.AltModifier
        ):
            return self._on_arrow(*ARROWS[Key(key)], modifiers)
        else:
            return False
        return True

    def _on_arrow(self, rows: int, cols: int, modifiers: Qt.KeyboardModifier) -> bool:
        regions = self.layer.regions
        if regions.current is None:
            return False
        shape = regions.current.shape
        if modifiers & Modifier.ControlModifier:
            n = 10 if modifiers & Modifier.ShiftModifier else 1
            changed = shape.moved(n * rows, n * cols)
        else:  # by a pixel on both sides: it stays on whole pixels
            changed = shape.grown(2 * rows, 2 * cols)
        self.shape_edited.emit(regions.selected, changed)
        return True

    def _abort(self) -> None:
        grab, self._grab = self._grab, None
        if grab is not None:
            self.shape_edited.emit(grab.hit.number, grab.shape)
        self.set_tool("")

    def _hit(self, scene: QPointF) -> Hit | None:
        return self.layer.hit(self._view.mapFromScene(scene))

    def _place(self, scene: QPointF) -> Place:
        # Qt names a pixel of the screen by its corner; what it shows belongs to its centre.
        point = self._view.mapSceneToView(scene + QPointF(0.5, 0.5))
        return Place(point.y(), point.x())

    def _is_drag(self, start: QPointF, end: QPointF) -> bool:
        return (end - start).manhattanLength() >= LEAST_DRAG

    def _point(self, name: str) -> None:
        viewport = self._plot.viewport()
        wanted = _CURSORS.get(name, Qt.CursorShape.ArrowCursor)
        if viewport.cursor().shape() != wanted:
            viewport.setCursor(wanted)
