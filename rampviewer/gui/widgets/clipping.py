"""Painting in a part of what is painted on."""

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPaintEngine, QPainter

_SVG = QPaintEngine.Type.SVG
_REPLACE = Qt.ClipOperation.ReplaceClip


@contextmanager
def clipped(
    painter: QPainter, area: QRectF, how: Qt.ClipOperation = _REPLACE
) -> Iterator[None]:
    """Let the painter paint in an area only; then give it back as it was.

    Qt's writer of SVG goes on with the clip that was set last, whatever is restored, until
    one is set again.
    """
    painter.save()
    painter.setClipRect(area, how)
    try:
        yield
    finally:
        painter.restore()
    engine = painter.paintEngine()
    if engine is not None and engine.type() == _SVG and painter.hasClipping():
        painter.setClipPath(painter.clipPath())
