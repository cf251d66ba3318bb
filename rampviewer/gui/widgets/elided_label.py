"""A line of text that never asks for more room than there is."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget


class ElidedLabel(QWidget):
    """Shows one line, cut with an ellipsis; the whole text stands in the tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str, tip: str = "") -> None:
        """Show `text`; the tooltip is `tip` or, without one, the text."""
        self.setToolTip(tip or text)
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def elided(self) -> str:
        """Return what fits."""
        return self.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, self.width()
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().height() + 4)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._text) + 4
        return QSize(width, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - Qt passes it
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), int(align), self.elided())
        painter.end()
