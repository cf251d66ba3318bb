"""What an image shows, and the value of the pixel that is read out."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from rampviewer.core.dq import describe
from rampviewer.gui.work.later import Later
from rampviewer.model.exposure import Pixel

GAP = 12  # between heading and value [screen pixels]
MOST = 0.6  # of the line that a value may take from a long heading


class PlaneHeading(QWidget):
    """One line: the heading of a plane on the left, a value of it on the right.

    The value is painted, not laid out: it changes with every move of the mouse.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = self._value = self._unit = ""
        self._is_flags = False
        self._values: NDArray[Any] | None = None
        self._pixel: Pixel | None = None
        self._later = Later(self._read, self)  # the ramp has the next picture for itself
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the heading."""
        return self._text

    def value(self) -> str:
        """Return the value as it is or soon will be, "" where no pixel is read out."""
        self._later.act_now()
        return self._value

    def show_plane(
        self, text: str, values: NDArray[Any] | None, unit: str, *, is_flags: bool
    ) -> None:
        """Take another plane; its values may change in place, see `renew`."""
        self._text, self._values = text, values
        self._unit, self._is_flags = unit, is_flags
        self._read()

    def read(self, pixel: Pixel | None) -> None:
        """Show the value of a pixel, soon; None for none."""
        if pixel != self._pixel:
            self._pixel = pixel
            self._later.request()

    def renew(self) -> None:
        """Take that values have changed in place."""
        self._later.request()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, QFontMetrics(self._bold()).height() + 4)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._bold())
        return QSize(metrics.horizontalAdvance(self._text) + 4, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - Qt passes it
        painter, middle = QPainter(self), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(self.foregroundRole()))
        rect = self.rect()
        value, room = self._cut_value()
        painter.drawText(rect, int(middle | Qt.AlignmentFlag.AlignRight), value)
        painter.setFont(self._bold())
        text = self.fitting(room)
        area = QRect(rect.left(), rect.top(), room, rect.height())
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignLeft), text)
        painter.end()

    def fitting(self, room: int) -> str:
        """Return what is written of the heading in so many pixels.

        Its numbers stay as long as they can: the name of the plane is chosen above it.
        """
        metrics = QFontMetrics(self._bold())
        _, _, numbers = self._text.partition(", ")
        numbers = f"{numbers[:1].upper()}{numbers[1:]}"
        for text in (self._text, numbers, numbers.replace("Integration", "Int")):
            if text and metrics.horizontalAdvance(text) <= room:
                return text
        return metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)

    def _cut_value(self) -> tuple[str, int]:
        """Return what fits of the value, and the width that it leaves to the heading."""
        metrics, width = self.fontMetrics(), self.width()
        text = QFontMetrics(self._bold()).horizontalAdvance(self._text)
        most = max(round(MOST * width), width - text - GAP)
        value = metrics.elidedText(self._value, Qt.TextElideMode.ElideRight, most)
        taken = metrics.horizontalAdvance(value) + GAP if value else 0
        return value, max(width - taken, 0)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _read(self) -> None:
        value = self._value_now()
        tip = f"{self._text}\n{value}" if value else self._text
        self.setToolTip(tip)
        self.setAccessibleName(f"Plane shown: {tip}")
        self._value = value
        self.update()

    def _value_now(self) -> str:
        values, pixel = self._values, self._pixel
        if values is None or pixel is None:
            return ""
        n_rows, n_cols = values.shape
        if pixel.row >= n_rows or pixel.col >= n_cols:
            return ""  # it is of the exposure before
        value = values[pixel.row, pixel.col]
        return describe(int(value)) if self._is_flags else value_text(value, self._unit)


def value_text(value: Any, unit: str) -> str:
    """Return a value of a plane with its unit: "12.3457 DN/s", "group 5", "NaN"."""
    if np.isnan(value):
        return "none" if unit == "group" else "NaN"
    number = f"{value:.6g}"
    return f"group {number}" if unit == "group" else f"{number} {unit}".rstrip()
