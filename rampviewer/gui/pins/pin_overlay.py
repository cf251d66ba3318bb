"""Marks of pinned pixels on the image."""

from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from rampviewer.gui.pins.pin_looks import pin_style
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.widgets.contrast import black_or_white
from rampviewer.model.pins import Pin

RING = 18.0  # diameter [screen pixels]
HALO = QColor("#000000")
_SIDES = np.array([-0.5, 0.5])  # of a pixel, from its middle
OUTER, INNER = 4.2, 2.0  # width of the halo, and of the colour on it [screen pixels]


class PinOverlay(Overlay):
    """A box around each pinned pixel and, where that is small, a ring; and its number.

    Both are drawn on a dark halo, so that they show on every colour, at any zoom.
    """

    def __init__(self, view_box: Any, font: QFont) -> None:
        super().__init__(view_box, z=9)
        self.pins: tuple[Pin, ...] = ()
        self._font = QFont(font)
        self._font.setBold(True)
        self._metrics = QFontMetricsF(self._font)
        self.setVisible(False)

    def set_pins(self, pins: tuple[Pin, ...]) -> None:
        if pins != self.pins:
            self.pins = pins
            self.setVisible(bool(pins))
            self.update()

    def shapes(self) -> list[tuple[Pin, QRectF, QRectF | None, QRectF]]:
        """Return pin, box, ring (or None) and the place of the number [pixel]."""
        found = []
        height, room = self._metrics.height(), self.boundingRect()
        places = np.array([pin.pixel for pin in self.pins], float).reshape(-1, 2)
        x, y = self.to_pixels(places[:, 1:] + _SIDES, places[:, :1] - _SIDES)
        for pin, across, down in zip(self.pins, x.tolist(), y.tolist(), strict=True):
            box = QRectF(QPointF(across[0], down[0]), QPointF(across[1], down[1]))
            ring = QRectF(0, 0, RING, RING)
            ring.moveCenter(box.center())
            is_small = box.width() < 0.7 * RING
            outer = ring if is_small else box
            width = self._metrics.horizontalAdvance(str(pin.number)) + 5
            label = QRectF(outer.right() + 1, outer.top() - height / 2, width, height)
            if label.right() > room.right():
                label.moveRight(outer.left() - 1)
            if label.top() < 0:
                label.moveTop(outer.bottom() - height / 2)
            found.append((pin, box, ring if is_small else None, label))
        return found

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pin, box, ring, label in self.shapes():
            color = QColor(pin_style(pin.number).color)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(HALO, OUTER), QPen(color, INNER)):
                painter.setPen(pen)
                painter.drawRect(box)
                if ring is not None:
                    painter.drawEllipse(ring)
            painter.setPen(QPen(HALO, 1.0))
            painter.setBrush(color)
            painter.drawRoundedRect(label, 3, 3)
            painter.setPen(black_or_white(color))
            painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), str(pin.number))
