"""Many lines or pictures painted in one call, from arrays of numbers."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QLineF
from PyQt6.QtGui import QPainter, QPixmap

F64 = NDArray[np.float64]
_sip: Any = sip  # its types know no arrays
_FRAGMENT = 10  # numbers of a QPainter.PixmapFragment
_NUMBER = 8  # bytes of a number


def draw_lines(painter: QPainter, ends: F64) -> None:
    """Paint lines (n, 4): x and y of both ends [pixel]."""
    if len(ends):
        lines = _sip.array(QLineF, len(ends))
        _numbers(lines, ends.shape)[:] = ends
        painter.drawLines(lines)


def draw_pictures(
    painter: QPainter,
    x: F64,
    y: F64,
    picture: QPixmap,
    ratio: float,
    sides: F64 | None = None,
) -> None:
    """Paint a picture around many places.

    Parameters
    ----------
    painter : QPainter
    x, y : (n,) float64
        The centres [pixel].
    picture : QPixmap
        Made of the pixels of the device; its own ratio does not count.
    ratio : float
        How many pixels of the device one pixel has.
    sides : (n, 2) float64, optional
        Left and right of what may be painted of each [pixel].
    """
    width, height = picture.width(), picture.height()
    left, middle, shown = np.zeros(len(x)), x, np.full(len(x), float(width))
    if sides is not None:
        start = _rounded(x * ratio - width / 2)
        left = np.clip(_rounded(sides[:, 0] * ratio) - start, 0, width)
        right = np.clip(start + width - _rounded(sides[:, 1] * ratio), 0, width)
        middle, shown = x + (left - right) / (2 * ratio), width - left - right
        if not (seen := shown > 0).all():  # of an empty part Qt would paint all
            x, middle, y = x[seen], middle[seen], y[seen]
            left, shown = left[seen], shown[seen]
    if not len(x):
        return
    fragments = _sip.array(QPainter.PixmapFragment, len(x))
    numbers = _numbers(fragments, (len(x), _FRAGMENT))
    numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 4] = middle, y, left, shown
    numbers[:, 3], numbers[:, 5] = 0, height
    numbers[:, 6:] = (1 / ratio, 1 / ratio, 0, 1)  # scale, rotation, opacity
    painter.drawPixmapFragments(fragments, picture)


def _rounded(values: F64) -> F64:
    """Return the nearest whole numbers, as Qt rounds."""
    found: F64 = np.floor(values + 0.5)
    return found


def _numbers(items: Any, shape: tuple[int, ...]) -> F64:
    """Return the memory of items that consist of numbers only."""
    size = math.prod(shape)
    numbers: F64 = np.frombuffer(_sip.voidptr(items, _NUMBER * size), np.float64)
    return numbers.reshape(shape)
