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
    painter: QPainter, x: F64, y: F64, picture: QPixmap, ratio: float
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
    """
    if len(x):
        fragments = _sip.array(QPainter.PixmapFragment, len(x))
        numbers = _numbers(fragments, (len(x), _FRAGMENT))
        size = picture.width(), picture.height()
        numbers[:, 0], numbers[:, 1] = x, y
        # Source, width and height, scale, rotation, opacity.
        numbers[:, 2:] = (0, 0, *size, 1 / ratio, 1 / ratio, 0, 1)
        painter.drawPixmapFragments(fragments, picture)


def _numbers(items: Any, shape: tuple[int, ...]) -> F64:
    """Return the memory of items that consist of numbers only."""
    size = math.prod(shape)
    numbers: F64 = np.frombuffer(_sip.voidptr(items, _NUMBER * size), np.float64)
    return numbers.reshape(shape)
