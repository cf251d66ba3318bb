"""The rows of the pinned pixels."""

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon, QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from rampviewer.gui.pins.pin_looks import pin_style
from rampviewer.gui.ramp.other_rows import PinnedViews
from rampviewer.gui.widgets.glyphs import Glyph, picture
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pin
from rampviewer.model.pixel.pixel_text import count_jumps
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.text.number_text import short_rate

GLYPH = 10.0  # [screen pixels]
HEADS = ("pin", "x", "y", "rate [DN/s]", "jumps")
_ALIGN = (
    Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
    *(4 * (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,)),
)


class PinTable(QTableWidget):
    """A row for each pin: glyph and number, place, rate, jumps.

    Signals
    -------
    pixel_chosen : Pixel
        The user clicked a row, or came to it by an arrow key.
    delete_pressed
    """

    pixel_chosen = pyqtSignal(object)
    delete_pressed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADS), parent)
        self._pins: tuple[Pin, ...] = ()
        self.setAccessibleName("Pinned pixels")
        self.setHorizontalHeaderLabels(HEADS)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        height = self.fontMetrics().height() + 4
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert heads is not None
        rows.hide()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        heads.setHighlightSections(False)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setIconSize(QSize(16, 16))
        self.setMinimumHeight(3 * height)
        self.cellClicked.connect(lambda row, _column: self._choose(row))
        self.currentCellChanged.connect(lambda row, *_: self._choose(row))

    def show_pins(self, pinned: PinnedViews) -> None:
        """List pins; what is not fitted yet is left open."""
        before = self.marked()
        with QSignalBlocker(self):
            pins = tuple(pin for pin, _ in pinned)
            if pins != self._pins:
                self._make_rows(pins)
            for row, (_, view) in enumerate(pinned):
                for column, text in enumerate(_texts(view), 3):
                    cell = self.item(row, column)
                    if cell is not None and cell.text() != text:
                        cell.setText(text)
        self.mark(before)

    def mark(self, pixel: Pixel | None) -> None:
        """Mark the row of a pixel, or none."""
        rows = [row for row, pin in enumerate(self._pins) if pin.pixel == pixel]
        with QSignalBlocker(self):
            if rows:
                self.setCurrentCell(rows[0], max(self.currentColumn(), 0))
            else:
                self.setCurrentCell(-1, -1)
                self.clearSelection()

    def marked(self) -> Pixel | None:
        """Return the pixel of the row that is marked, None when none is."""
        row = self.currentRow()
        return self._pins[row].pixel if 0 <= row < len(self._pins) else None

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        if e is not None and e.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(e)

    def _make_rows(self, pins: tuple[Pin, ...]) -> None:
        self._pins = pins
        self.setRowCount(len(pins))
        for row, pin in enumerate(pins):
            style = pin_style(pin.number)
            look = Glyph(style.symbol, style.color, GLYPH, 255)
            texts = (str(pin.number), str(pin.pixel.col), str(pin.pixel.row), "", "")
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(_ALIGN[column])
                if column == 0:
                    cell.setIcon(QIcon(picture(look, self.devicePixelRatioF())))
                self.setItem(row, column, cell)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._pins):
            self.pixel_chosen.emit(self._pins[row].pixel)


def _texts(view: PixelView | None) -> tuple[str, str]:
    if view is None:
        return "...", "..."
    return short_rate(view.slope, view.err), str(count_jumps(view))
