"""A region that is being drawn with the mouse."""

import math

from PyQt6.QtCore import QPointF

from rampviewer.gui.regions.region_layer import RegionLayer, line_through
from rampviewer.model.regions.shapes import Circle, Place, Polygon, Rectangle, Shape

CLOSE = 9.0  # to the first corner, which ends a polygon [screen pixels]


class RegionDraft:
    """Rectangles and circles are dragged, polygons get a corner with each click."""

    def __init__(self, layer: RegionLayer) -> None:
        self._layer = layer
        self.kind = ""
        self.start: QPointF | None = None  # where the button went down
        self._places: list[Place] = []
        self._mouse: Place | None = None

    @property
    def center(self) -> Place | None:
        """The pixel where it was begun."""
        if not self._places:
            return None
        row, col = self._places[0]
        return Place(round(row), round(col))

    def begin(self, kind: str) -> None:
        """Draw a region of a kind; "" draws none."""
        self.kind, self.start = kind, None
        self._places, self._mouse = [], None
        self._layer.set_draft(None)

    def press(self, scene: QPointF, place: Place) -> bool:
        """Begin, or add a corner; return whether it is the first one again."""
        if self.kind == "polygon":
            if self.start is not None and len(self._places) > 2:
                away = (scene - self.start).manhattanLength()
                if away <= CLOSE:
                    return True
            self._places.append(Place(round(place.row, 2), round(place.col, 2)))
        else:
            self._places = [place]
        if self.start is None or self.kind != "polygon":
            self.start = scene
        self._mouse = place
        self._show()
        return False

    def move(self, place: Place) -> bool:
        """Follow the mouse; return whether anything is being drawn."""
        if not self._places:
            return False
        self._mouse = place
        self._show()
        return True

    def take_back(self) -> None:
        """Remove the last corner."""
        if self.kind == "polygon" and self._places:
            self._places.pop()
            self.start = self.start if self._places else None
            self._show()

    def ends(self) -> bool:
        """Return whether a polygon has enough corners to end here."""
        return self.kind == "polygon" and len(self._corners()) > 2

    def shape(self) -> Shape | None:
        """Return what is drawn, None while it is nothing yet."""
        if self.kind == "polygon":
            corners = self._corners()
            return Polygon(tuple(corners)) if len(corners) > 2 else None
        if not self._places or self._mouse is None:
            return None
        (row0, col0), (row1, col1) = self._places[0], self._mouse
        if self.kind == "circle":
            center = Place(round(row0), round(col0))
            radius = math.hypot(row1 - center.row, col1 - center.col)
            return Circle(*center, max(round(radius, 2), 0.5))
        # From the pixel where it was begun to that below the mouse, both included.
        (low_row, high_row), (low_col, high_col) = (
            sorted((round(a), round(b))) for a, b in ((row0, row1), (col0, col1))
        )
        return Rectangle(
            (low_row + high_row) / 2,
            (low_col + high_col) / 2,
            high_row - low_row + 1,
            high_col - low_col + 1,
        )

    def _corners(self) -> list[Place]:
        # A double click leaves its place twice.
        return [
            place
            for number, place in enumerate(self._places)
            if not number or place != self._places[number - 1]
        ]

    def _show(self) -> None:
        if self.kind == "polygon":
            mouse = [self._mouse] if self._mouse is not None and self._places else []
            self._layer.set_draft(line_through([*self._places, *mouse]))
            return
        shape = self.shape()
        self._layer.set_draft(None if shape is None else shape.outline())
