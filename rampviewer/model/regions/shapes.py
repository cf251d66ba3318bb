"""Shapes on a frame: which pixels they hold, how they are moved and resized.

Places are (row, col) counted from 0, the centre of the lower left pixel at (0, 0); a pixel
is in a shape when its centre is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.regions.area import Area

Mask = NDArray[np.bool_]
F64 = NDArray[np.float64]
SMALLEST = 0.5  # of a side or radius that is dragged [pixel]


class Place(NamedTuple):
    """A point of a frame; whole numbers are centres of pixels."""

    row: float
    col: float


class Shape(Protocol):
    """What every shape can do; shapes are frozen."""

    @property
    def kind(self) -> str:
        """Its name, to be shown."""
        ...

    @property
    def center(self) -> Place: ...

    @property
    def handles(self) -> Sequence[Place]:
        """Points by which it can be resized."""
        ...

    @property
    def size_text(self) -> str:
        """Its size in pixels, in words."""
        ...

    def outline(self) -> F64:
        """Return (row, col) of a closed line, (n, 2), its first point repeated."""
        ...

    def moved(self, rows: float, cols: float) -> "Shape": ...

    def grown(self, rows: float, cols: float) -> "Shape":
        """Return the shape so much higher and wider, as far as it has both."""
        ...

    def dragged(self, handle: int, place: Place) -> "Shape":
        """Return the shape with one of its handles at another place."""
        ...

    def contains(self, rows: NDArray[Any], cols: NDArray[Any]) -> Mask:
        """Return whether it holds pixels: (n,) and (n,), or (n, 1) and (m,) for a grid."""
        ...


def area_of(shape: Shape, n_rows: int, n_cols: int) -> Area:
    """Return the part of a frame that a shape may hold pixels of; it may be empty."""
    points = shape.outline()
    low, high = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0)) + 1
    rows = np.clip((low[0], high[0]), 0, n_rows)
    cols = np.clip((low[1], high[1]), 0, n_cols)
    return Area(int(rows[0]), int(rows[1]), int(cols[0]), int(cols[1]))


def pixels_of(shape: Shape, area: Area) -> Mask:
    """Return which pixels of an area a shape holds, (n_rows, n_cols)."""
    rows = np.arange(area.row_start, area.row_stop)
    return shape.contains(rows[:, None], np.arange(area.col_start, area.col_stop))


def _check_finite(name: str, *values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise ValueError(f"{name} must be finite, got {values}")


def _check_size(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be positive, got {value}")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle, turned by `angle` degrees from the columns towards the rows.

    Of two opposite sides the lower one belongs to it: on whole pixels it holds exactly
    height x width of them.
    """

    row: float
    col: float
    height: float
    width: float
    angle: float = 0.0

    def __post_init__(self) -> None:
        _check_finite("the place of a rectangle", self.row, self.col, self.angle)
        _check_size("the height of a rectangle", self.height)
        _check_size("the width of a rectangle", self.width)

    @property
    def kind(self) -> str:
        return "rectangle"

    @property
    def center(self) -> Place:
        return Place(self.row, self.col)

    @property
    def handles(self) -> tuple[Place, ...]:
        """The corners and the middles of the sides."""
        return tuple(self._place(u, v) for u, v in _AROUND)

    @property
    def size_text(self) -> str:
        turned = f", turned by {self.angle:g}°" if self.angle else ""
        return f"{self.width:g} x {self.height:g} pixels{turned}"

    def outline(self) -> F64:
        corners = [self._place(u, v) for u, v in _AROUND[:4]]
        return np.array([*corners, corners[0]])

    def moved(self, rows: float, cols: float) -> "Rectangle":
        return replace(self, row=self.row + rows, col=self.col + cols)

    def grown(self, rows: float, cols: float) -> "Rectangle":
        height, width = self.height + rows, self.width + cols
        if min(height, width) < SMALLEST:
            return self
        return replace(self, height=height, width=width)

    def dragged(self, handle: int, place: Place) -> "Rectangle":
        """Return the rectangle whose side or corner opposite to the handle stays."""
        u, v = _AROUND[handle]
        fixed = self._place(-u, -v)
        across, up = self._turned(place.row - fixed.row, place.col - fixed.col)
        width = max(u * across, SMALLEST) if u else self.width
        height = max(v * up, SMALLEST) if v else self.height
        cos, sin = self._direction()
        a, b = u * width / 2, v * height / 2
        return replace(
            self,
            row=fixed.row + a * sin + b * cos,
            col=fixed.col + a * cos - b * sin,
            height=height,
            width=width,
        )

    def contains(self, rows: NDArray[Any], cols: NDArray[Any]) -> Mask:
        across, up = self._turned(rows - self.row, cols - self.col)
        mask: Mask = (across >= -self.width / 2) & (across < self.width / 2)
        mask &= (up >= -self.height / 2) & (up < self.height / 2)
        return mask

    def _direction(self) -> tuple[float, float]:
        """Return cosine and sine of the angle, without rounding for a right one."""
        if not self.angle % 90:
            exact = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
            return exact[int(self.angle % 360 // 90)]
        return math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))

    def _place(self, u: int, v: int) -> Place:
        cos, sin = self._direction()
        a, b = u * self.width / 2, v * self.height / 2
        return Place(self.row + a * sin + b * cos, self.col + a * cos - b * sin)

    def _turned(self, rows: Any, cols: Any) -> tuple[Any, Any]:
        """Return distances along the width and the height."""
        cos, sin = self._direction()
        return cols * cos + rows * sin, rows * cos - cols * sin


_AROUND = ((-1, -1), (1, -1), (1, 1), (-1, 1), (0, -1), (1, 0), (0, 1), (-1, 0))


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle."""

    row: float
    col: float
    radius: float

    def __post_init__(self) -> None:
        _check_finite("the place of a circle", self.row, self.col)
        _check_size("the radius of a circle", self.radius)

    @property
    def kind(self) -> str:
        return "circle"

    @property
    def center(self) -> Place:
        return Place(self.row, self.col)

    @property
    def handles(self) -> tuple[Place, ...]:
        """Four points of the circle."""
        r = self.radius
        return tuple(
            Place(self.row + r * up, self.col + r * right)
            for up, right in ((0, 1), (1, 0), (0, -1), (-1, 0))
        )

    @property
    def size_text(self) -> str:
        return f"radius {self.radius:g} pixels"

    def outline(self) -> F64:
        turn = np.linspace(0, 2 * np.pi, 73)
        points = self.radius * np.column_stack((np.sin(turn), np.cos(turn)))
        outline: F64 = points + np.array(self.center)
        return outline

    def moved(self, rows: float, cols: float) -> "Circle":
        return replace(self, row=self.row + rows, col=self.col + cols)

    def grown(self, rows: float, cols: float) -> "Circle":
        radius = self.radius + (rows or cols) / 2
        return self if radius < SMALLEST else replace(self, radius=radius)

    def dragged(self, handle: int, place: Place) -> "Circle":  # noqa: ARG002 - all alike
        distance = math.hypot(place.row - self.row, place.col - self.col)
        return replace(self, radius=max(distance, SMALLEST))

    def contains(self, rows: NDArray[Any], cols: NDArray[Any]) -> Mask:
        mask: Mask = (rows - self.row) ** 2 + (cols - self.col) ** 2 <= self.radius**2
        return mask


@dataclass(frozen=True, slots=True)
class Polygon:
    """Straight lines from each corner to the next, and from the last to the first.

    Where it covers itself twice, pixels are outside again.
    """

    corners: tuple[Place, ...]

    def __post_init__(self) -> None:
        if len(self.corners) < 3:
            raise ValueError(f"a polygon needs 3 corners, got {len(self.corners)}")
        _check_finite(
            "the corners of a polygon", *(x for place in self.corners for x in place)
        )

    @property
    def kind(self) -> str:
        return "polygon"

    @property
    def center(self) -> Place:
        return Place(*np.mean(self.corners, axis=0).tolist())

    @property
    def handles(self) -> tuple[Place, ...]:
        """The corners."""
        return self.corners

    @property
    def size_text(self) -> str:
        return f"{len(self.corners)} corners"

    def outline(self) -> F64:
        return np.array([*self.corners, self.corners[0]], float)

    def moved(self, rows: float, cols: float) -> "Polygon":
        return Polygon(tuple(Place(row + rows, col + cols) for row, col in self.corners))

    def grown(self, rows: float, cols: float) -> "Polygon":
        points = np.array(self.corners, float)
        low, high = points.min(axis=0), points.max(axis=0)
        size, middle = high - low, (high + low) / 2
        wanted = size + np.array((rows, cols))
        if (wanted < SMALLEST).any() or (size <= 0).any():
            return self
        grown = middle + (points - middle) * (wanted / size)
        return Polygon(tuple(Place(*point) for point in grown.tolist()))

    def dragged(self, handle: int, place: Place) -> "Polygon":
        corners = list(self.corners)
        corners[handle] = place
        return Polygon(tuple(corners))

    def contains(self, rows: NDArray[Any], cols: NDArray[Any]) -> Mask:
        """Count the lines to the left of each pixel: inside, they are an odd number."""
        is_odd = np.zeros(np.broadcast_shapes(rows.shape, cols.shape), np.bool_)
        every = np.broadcast_to(cols, is_odd.shape)
        ends = self.outline()
        for (row0, col0), (row1, col1) in pairwise(ends):
            here = np.nonzero((row0 <= rows) != (row1 <= rows))[0]
            if here.size:
                at = col0 + (col1 - col0) / (row1 - row0) * (rows[here] - row0)
                is_odd[here] ^= every[here] >= at
        return is_odd
