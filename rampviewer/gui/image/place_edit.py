"""Where a pixel to go to is typed."""

import re
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QWidget

from rampviewer.model.exposure import Pixel

TIP: Final = "Type x and y of a pixel, counted from 0, then Enter (G comes here)"
WRONG: Final = "{!r} is no pixel: type x and y, as in 512, 300."
_PAIR: Final = re.compile(r"\s*[(\[]?\s*(\d+)\s*[,;\s]\s*(\d+)\s*[)\]]?\s*")
_LETTERS: Final = 11


class PlaceEdit(QLineEdit):
    """A narrow field for "x, y".

    Signals
    -------
    pixel_entered : Pixel
    refused : str
        Why what was typed is no pixel.
    left
        The user is done here: the keys belong to the image again.
    """

    pixel_entered = pyqtSignal(object)
    refused = pyqtSignal(str)
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("x, y")
        self.setToolTip(TIP)
        self.setAccessibleName("Go to pixel x, y")
        width = self.fontMetrics().horizontalAdvance("0" * _LETTERS)
        self.setFixedWidth(width + 12)
        self.returnPressed.connect(self._enter)

    def begin(self) -> None:
        """Take the keyboard, ready to be overwritten."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(a0)

    def _enter(self) -> None:
        found = _PAIR.fullmatch(self.text())
        if found is None:
            self.refused.emit(WRONG.format(self.text()))
            return
        self.clear()
        self.pixel_entered.emit(Pixel(int(found[2]), int(found[1])))
        self.left.emit()
