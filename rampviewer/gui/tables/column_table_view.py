"""A table view for many rows."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from rampviewer.gui.tables.column_table_model import ColumnTableModel
from rampviewer.model.tables.column_table import ColumnTable

ROOM = 12  # beside a text [screen pixels]
ARROWS = 20  # beside a heading, where the arrow of the order stands on one side


class ColumnTableView(QTableView):
    """Shows a `ColumnTableModel`: a row is chosen as a whole, Ctrl+C copies it."""

    def __init__(self, model: ColumnTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_fitted = False
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        height = self.fontMetrics().height() + 4
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert heads is not None
        rows.hide()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        # The same height everywhere: no row is ever asked for its own.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setHighlightSections(False)
        heads.setSectionsMovable(True)
        self.setMinimumHeight(3 * height)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns by name, in the order of the table."""
        return tuple(column.name for column in self._model.table.columns)

    def fit_columns(self) -> None:
        """Make columns as wide as their headings and values; later only wider."""
        table, width_of = self._model.table, self.fontMetrics().horizontalAdvance
        arrows = ARROWS if self.isSortingEnabled() else 0
        both = zip(table.columns, self._model.widest, strict=True)
        for number, (column, texts) in enumerate(both):
            widths = map(width_of, texts)
            widest = max([width_of(column.heading) + arrows, *widths])
            least = self.columnWidth(number) if self._is_fitted else 0
            self.setColumnWidth(number, max(least, widest + ROOM))
        self._is_fitted = True

    def show_row(self, row: int) -> None:
        """Choose a row and bring it into sight; none for -1."""
        self.setCurrentIndex(self._model.index(row, max(self.currentIndex().column(), 0)))

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        if e is not None and e.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(e)

    def _copy(self) -> None:
        clipboard, row = QGuiApplication.clipboard(), self.currentIndex().row()
        if clipboard is not None and row >= 0:
            place = self._model.rows[row : row + 1]
            clipboard.setText(text_of(self._model.table, place))


def text_of(table: ColumnTable, rows: NDArray[np.int64]) -> str:
    """Return headings and some rows as they are shown, with tabs between the columns."""
    columns = [
        [column.heading, *map(column.text_of, table[column.name][rows])]
        for column in table.columns
    ]
    return "\n".join("\t".join(line) for line in zip(*columns, strict=True))
