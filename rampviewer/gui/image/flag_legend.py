"""The flags of a frame, their colours and how many pixels carry each."""

from functools import reduce

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPixmap
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from rampviewer.core.dq import SENTENCES, Dq
from rampviewer.gui.image.picture_statistics import Counts
from rampviewer.gui.widgets.flag_styles import style_of
from rampviewer.model.text.number_text import grouped

_BIT = Qt.ItemDataRole.UserRole


class FlagLegend(QWidget):
    """Lists the flags that occur in a frame; each can be hidden.

    Signals
    -------
    bits_edited : int
        The bits that the user wants to see; those never listed are among them.
    """

    bits_edited = pyqtSignal(object)  # a C++ int holds 31 bits

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden = Dq(0)
        self._list = QListWidget()
        self._list.setAccessibleName("Flags in the image")
        self._list.setToolTip(
            "The colour of a pixel is that of its highest flag that is ticked here"
        )
        self._list.setFlow(QListWidget.Flow.LeftToRight)
        self._list.setWrapping(True)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setSpacing(2)
        self._list.itemChanged.connect(self._on_change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._list)

    def visible_bits(self) -> int:
        """Return the bits to draw, 32 of them."""
        return 0xFFFF_FFFF & ~int(self._hidden)

    def show_counts(self, counts: Counts) -> None:
        """List the flags of a frame with the pixels that carry each, the highest first."""
        with QSignalBlocker(self._list):
            self._list.clear()
            for bit in sorted(counts, reverse=True):
                self._list.addItem(self._row(bit, counts[bit]))

    def _row(self, bit: Dq, n_pixels: int) -> QListWidgetItem:
        count = grouped(n_pixels)
        style = style_of(bit)
        item = QListWidgetItem(f"{style.label} {count}")
        swatch = QPixmap(12, 12)
        swatch.fill(QColor(style.color))
        item.setData(Qt.ItemDataRole.DecorationRole, swatch)
        item.setData(_BIT, int(bit))
        item.setToolTip(f"{style.label}: {SENTENCES[bit]} {count} pixels")
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        shown = not bit & self._hidden
        item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
        return item

    def _on_change(self) -> None:
        rows = [self._list.item(i) for i in range(self._list.count())]
        listed = {Dq(item.data(_BIT)): item.checkState() for item in rows if item}
        off = [b for b, state in listed.items() if state == Qt.CheckState.Unchecked]
        unlisted = [b for b in Dq if b & self._hidden and b not in listed]
        self._hidden = reduce(Dq.__or__, [*off, *unlisted], Dq(0))
        self.bits_edited.emit(self.visible_bits())
