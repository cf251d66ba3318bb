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

CELL = 134  # wide enough for a name and a count [screen pixels]
MOST_COLUMNS = 5
GLYPH = 9.0  # [screen pixels]
ICON = QSize(28, 14)


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
        self._buttons = {bit: _button(bit) for bit in GROUP_BITS}
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
            count = f"{counts.get(bit, 0):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
            style = style_of(bit)
            button.setText(f"{style.label} {count}")
            button.setToolTip(f"{style.label}: {SENTENCES[bit]} {count} pixels")

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


def _button(bit: Dq) -> QToolButton:
    style = style_of(bit)
    button = QToolButton()
    button.setCheckable(True)
    button.setAutoRaise(True)
    button.setText(style.label)
    button.setIcon(_icon(bit))
    button.setIconSize(ICON)
    # Else as many as stand side by side now would keep the image from becoming narrower.
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAccessibleName(f"Draw {style.label}")
    button.setToolTip(f"{style.label}: {SENTENCES[bit]}")
    return button


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
