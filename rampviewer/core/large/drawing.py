"""Pixels inside ellipses as they are drawn: whole centres and whole radii."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, U8, kernel
from rampviewer.core.large.ellipses import Ellipse


class Drawn(NamedTuple):
    """An ellipse on the pixel grid.

    `x`, `y` are the centre [pixel], `radius_1` and `radius_2` the half axes [pixel], of
    which the first belongs to the minor axis of the area; `angle` is that of the
    `Ellipse` [degree]. With a radius of 0 nothing is drawn.
    """

    x: int
    y: int
    radius_1: int
    radius_2: int
    angle: float

    @classmethod
    def of(cls, ellipse: Ellipse, axis_1: float, axis_2: float) -> "Drawn":
        """Round the centre of an ellipse and its new axes (full lengths) to pixels."""
        radii = round(axis_1 / 2), round(axis_2 / 2)
        return cls(round(ellipse.x), round(ellipse.y), *radii, ellipse.angle)

    def pixels(self, n_rows: int, n_cols: int) -> tuple[int, int, U8]:
        """Return the first row and column of a small image and the image.

        It is 1 inside the ellipse, 0 outside, and cut off at the edges of the frame.
        """
        reach = max(self.radius_1, self.radius_2) + 2
        top, left = max(self.y - reach, 0), max(self.x - reach, 0)
        bottom, right = self.y + reach + 1, self.x + reach + 1
        shape = min(bottom, n_rows) - top, min(right, n_cols) - left
        image = np.zeros(shape, np.uint8)
        if self.radius_1 and self.radius_2:
            turn = np.radians(self.angle) % np.pi
            # Those of numpy: others may differ in the last digit.
            cos_sin = np.array([np.cos(turn), np.sin(turn)])
            radii = float(self.radius_2), float(self.radius_1)
            _fill(image, self.y - top, self.x - left, *radii, cos_sin)
        return top, left, image

    def contains(self, row: int, col: int, n_rows: int, n_cols: int) -> bool:
        """Return whether a pixel of a frame is inside, by the same image."""
        reach = max(self.radius_1, self.radius_2) + 1
        if abs(row - self.y) > reach or abs(col - self.x) > reach:
            return False
        top, left, image = self.pixels(n_rows, n_cols)
        return bool(image[row - top, col - left])


def expanded(ellipse: Ellipse, factor: float, max_width: float) -> Drawn:
    """Return the ellipse of an event with as many pixels added to both of its axes.

    The shorter axis becomes `factor` times as long.
    """
    minor, major = ellipse.minor, ellipse.major
    if major < minor:
        axis_1, axis_2 = minor + (factor - 1.0) * major, major * factor
    else:
        axis_1, axis_2 = minor * factor, major + (factor - 1.0) * minor
    axis_1, axis_2 = min(axis_1, max_width), min(axis_2, max_width)
    return Drawn.of(ellipse, axis_1, axis_2)


@kernel
def _fill(
    image: U8, row: int, col: int, row_radius: float, col_radius: float, cos_sin: F64
) -> None:
    """Set the pixels of an ellipse around (row, col) to 1.

    Parameters
    ----------
    image : (n_rows, n_cols) uint8
    row, col : int
    row_radius, col_radius : float
        Half axes before the rotation.
    cos_sin : (2,) float64
        Cosine and sine of the rotation.
    """
    n_rows, n_cols = image.shape
    cos, sin = cos_sin[0], cos_sin[1]
    row_reach = abs(row_radius * cos) + col_radius * sin
    col_reach = row_radius * sin + abs(col_radius * cos)
    top = max(int(np.ceil(row - row_reach)), 0)
    bottom = min(int(np.floor(row + row_reach)), n_rows - 1)
    left = max(int(np.ceil(col - col_reach)), 0)
    right = min(int(np.floor(col + col_reach)), n_cols - 1)
    for r in range(top, bottom + 1):
        y = float(r - row)
        for c in range(left, right + 1):
            x = float(c - col)
            u = (y * cos + x * sin) / row_radius
            v = (y * sin - x * cos) / col_radius
            if u * u + v * v < 1.0:
                image[r, c] = 1
