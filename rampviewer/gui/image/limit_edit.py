"""A box for one limit of the image."""

from PyQt6.QtCore import QLocale, QSize
from PyQt6.QtGui import QDoubleValidator, QResizeEvent
from PyQt6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

_LARGEST = 3e38  # of float32
NARROWEST, USUAL, WIDEST = 58, 60, 110  # [screen pixels]
MOST_DIGITS, FEWEST_DIGITS = 6, 2
BESIDE = 6  # a text, that a line edit leaves free within its frame [screen pixels]


class LimitEdit(QLineEdit):
    """Shows a number with as many digits as there is room for; the tooltip has all.

    What was typed stays as typed while that is the number.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._shown, self._tip = 0.0, "", ""
        validator = QDoubleValidator(-_LARGEST, _LARGEST, 12, self)
        validator.setLocale(QLocale.c())
        self.setValidator(validator)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)

    @property
    def value(self) -> float:
        """The number; while the text is no other one, with all digits that it has."""
        typed = _number(self.text())
        return self._value if typed is None or self.text() == self._shown else typed

    def set_value(self, value: float) -> None:
        self._value = value
        if _number(self.text()) != value:
            self._fit()
        self._tell()

    def set_tip(self, tip: str) -> None:
        """Say what the limit is, in the tooltip."""
        self._tip = tip
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(USUAL, super().sizeHint().height())

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        super().resizeEvent(a0)
        if self.text() == self._shown and self._shown:
            self._fit()

    def _fit(self) -> None:
        width, room = self.fontMetrics().horizontalAdvance, self._room()
        for digits in range(MOST_DIGITS, FEWEST_DIGITS - 1, -1):
            text = f"{self._value:.{digits}g}"
            if width(text) <= room:
                break
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)  # what has no room even so is cut at the end

    def _room(self) -> int:
        """Return how wide a text may be [screen pixels]."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style, part = self.style(), QStyle.SubElement.SE_LineEditContents
        assert style is not None
        return style.subElementRect(part, option, self).width() - BESIDE

    def _tell(self) -> None:
        self.setToolTip(f"{self._tip}\n{self._value:.9g}")


def _number(text: str) -> float | None:
    value, is_number = QLocale.c().toDouble(text)
    return value if is_number else None
