"""The flags drawn above an image: their colours, their glyphs and how many there are."""

from functools import reduce

from PyQt6.QtCore import QRectF, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap, QResizeEvent
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from rampviewer.core.dq import SENTENCES, Dq
from rampviewer.gui.image.frame_item import OVERLAY_OPACITY
from rampviewer.gui.image.picture_statistics import Counts
from rampviewer.gui.widgets.flag_styles import GROUP_BITS, style_of
from rampviewer.gui.widgets.glyphs import Glyph, picture
from rampviewer.model.text.number_text import grouped

CELL = 134  # wide enough for a name and a count [screen pixels]
MOST_COLUMNS = 5
GLYPH = 9.0  # [screen pixels]
ICON = QSize(26, 14)
BESIDE = ICON.width() + 6  # what a button needs beside its text [screen pixels]


class OverlayLegend(QWidget):
    """One button for each bit of GROUPDQ, seen while any of them is drawn.

    Signals
    -------
    bits_edited : Dq
        The bits that the user wants to be drawn, perhaps none.
    opacity_edited : float
        0 to 1.
    """

    bits_edited = pyqtSignal(object)
    opacity_edited = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = {bit: _BitButton(bit) for bit in GROUP_BITS}
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(10, 100)
        self._opacity.setValue(round(100 * OVERLAY_OPACITY))
        self._opacity.setMinimumWidth(40)
        self._opacity.setAccessibleName("Opacity of the flags")
        self._opacity.setToolTip("How much of the image the flags cover")
        self._opacity.valueChanged.connect(
            lambda value: self.opacity_edited.emit(value / 100)
        )
        for button in self._buttons.values():
            button.clicked.connect(self._on_click)
        self._cell = QWidget()
        row = QHBoxLayout(self._cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("Opacity"))
        row.addWidget(self._opacity, 1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._n_columns = 0
        self._arrange()
        self.hide()

    def set_opacity(self, opacity: float) -> None:
        """Show and use another opacity, 0 to 1."""
        self._opacity.setValue(round(100 * opacity))

    def set_bits(self, bits: Dq) -> None:
        """Show which bits are drawn; without any there is nothing to explain."""
        for bit, button in self._buttons.items():
            with QSignalBlocker(button):
                button.setChecked(bool(bit & bits))
        self.setVisible(bool(bits))

    def show_counts(self, counts: Counts) -> None:
        """Say how many pixels carry each flag."""
        for bit, button in self._buttons.items():
            count = grouped(counts.get(bit, 0))
            button.set_count(count)
            button.setToolTip(f"{style_of(bit).label}: {SENTENCES[bit]} {count} pixels")

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put as many buttons side by side as there is room for."""
        n_columns = min(max(self.width() // CELL, 2), MOST_COLUMNS)
        if n_columns == self._n_columns:
            return
        self._n_columns = n_columns
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, int(column < n_columns))
        for number, cell in enumerate((*self._buttons.values(), self._cell)):
            self._grid.addWidget(cell, number // n_columns, number % n_columns)

    def _on_click(self) -> None:
        on = [bit for bit, button in self._buttons.items() if button.isChecked()]
        self.bits_edited.emit(reduce(Dq.__or__, on, Dq(0)))


class _BitButton(QToolButton):
    """Shows or hides one flag; its name is cut where the count beside it needs the room."""

    def __init__(self, bit: Dq) -> None:
        super().__init__()
        self._name, self._count = style_of(bit).label, ""
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setText(self._name)
        self.setIcon(_icon(bit))
        self.setIconSize(ICON)
        # Else as many as stand side by side would keep the image from becoming narrower.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAccessibleName(f"Draw {self._name}")
        self.setToolTip(f"{self._name}: {SENTENCES[bit]}")

    def set_count(self, count: str) -> None:
        """Show how many pixels carry the flag."""
        self._count = f" {count}"
        self._write()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        """Cut the name: Qt cuts the middle of a text, and with it digits of the count."""
        letters = self.fontMetrics()
        room = self.width() - BESIDE - letters.horizontalAdvance(self._count)
        name = letters.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText(f"{name}{self._count}")


def _icon(bit: Dq) -> QIcon:
    """Return the colour of a flag in the image, and its glyph in the ramp."""
    style, ratio = style_of(bit), 2.0
    pixmap = QPixmap(round(ICON.width() * ratio), round(ICON.height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    side = ICON.height() - 2
    painter.fillRect(QRectF(0, 1, side, side), QColor(style.color))
    painter.drawPixmap(side + 2, 0, picture(Glyph.of(style, GLYPH), ratio))
    painter.end()
    return QIcon(pixmap)
