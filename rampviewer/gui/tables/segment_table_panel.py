"""The fitted segments of the selected pixel, in numbers."""

import numpy as np
from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from rampviewer.gui.tables.column_table_model import ColumnTableModel
from rampviewer.gui.tables.column_table_view import ColumnTableView
from rampviewer.gui.tables.table_button import TableButton
from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.pixel.pixel_reasons import why_rate
from rampviewer.model.pixel.pixel_text import position_text
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.segment_table import COLUMNS, segment_table
from rampviewer.model.text.number_text import rate_text

EMPTY_TEXT = "The segments of a pixel are listed here: click it in the image."
EMPTY = ColumnTable(
    columns=COLUMNS, arrays={column.name: np.empty(0) for column in COLUMNS}
)


class SegmentTablePanel(QWidget):
    """A row for each segment; a row that is clicked shows its first group.

    Signals
    -------
    group_clicked : int, int
        Integration and group that the user wants to see.
    save_clicked : ColumnTable
        The user wants the table as a file.
    """

    group_clicked = pyqtSignal(int, int)
    save_clicked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ColumnTableModel(EMPTY, self)
        self.view = ColumnTableView(self._model)
        self.title = ElidedLabel()
        self.message = QLabel(EMPTY_TEXT)
        self.button = TableButton("segments", self._model.listed)
        self._pages = QStackedWidget()
        self._view: PixelView | None = None
        self._is_outdated = False
        self._lay_out()
        self.button.save_clicked.connect(self.save_clicked)
        self.view.clicked.connect(self._on_click)

    def _lay_out(self) -> None:
        self.view.setAccessibleName("Segments")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setProperty("role", "hint")
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.button)
        for page in (self.message, self.view):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        self.button.setEnabled(False)

    def show_view(self, view: PixelView | None) -> None:
        """Show the segments of a pixel; None empties the panel."""
        self._view, self._is_outdated = view, True
        if self.isVisible():
            self._show(view)

    def showEvent(self, a0: QShowEvent | None) -> None:
        super().showEvent(a0)
        if self._is_outdated:
            self._show(self._view)

    def _show(self, view: PixelView | None) -> None:
        self._is_outdated = False
        table = EMPTY if view is None else segment_table(view)
        self._model.show(table)
        self.button.setEnabled(len(table) > 0)
        self._pages.setCurrentWidget(self.view if len(table) else self.message)
        if view is None:
            self.title.set_text("")
            self.message.setText(EMPTY_TEXT)
            return
        rate = rate_text(view.slope, view.err)
        self.title.set_text(f"Pixel {position_text(view)}: {rate}")
        self.message.setText(why_rate(view) or "No segment could be fitted.")
        self.view.fit_columns()

    def _on_click(self, index: QModelIndex) -> None:
        table, row = self._model.table, index.row()
        group = int(table["first_group"][row])
        self.group_clicked.emit(int(table["integration"][row]), group)
