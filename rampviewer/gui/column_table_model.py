"""A `ColumnTable` for the table views of Qt: sorted and filtered without copying rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from rampviewer.model.column_table import ColumnTable, order_of

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()


class ColumnTableModel(QAbstractTableModel):
    """Rows of a table that pass a mask, in the order of one of its columns.

    What is kept is one array with the places of the rows; texts are made of what is on
    screen only.
    """

    def __init__(self, table: ColumnTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._mask: NDArray[np.bool_] | None = None
        self._key: tuple[str, Qt.SortOrder] | None = None
        self._rows = np.arange(len(table))

    @property
    def table(self) -> ColumnTable:
        return self._table

    @property
    def rows(self) -> NDArray[np.int64]:
        """Places in the table of what is listed, in its order."""
        return self._rows

    def show(self, table: ColumnTable, mask: NDArray[np.bool_] | None = None) -> None:
        """List the rows of a table that `mask` (n,) lets pass, sorted as before."""
        self.beginResetModel()
        self._table, self._mask = table, mask
        self._arrange()
        self.endResetModel()

    def listed(self) -> ColumnTable:
        """Return a table of what is listed, in its order."""
        table = self._table
        arrays = {name: values[self._rows] for name, values in table.arrays.items()}
        return ColumnTable(columns=table.columns, arrays=arrays, notes=table.notes)

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        column = self._table.columns[index.column()]
        if role == Role.DisplayRole:
            return column.text_of(self._table[column.name][self._rows[index.row()]])
        if role == Role.TextAlignmentRole:
            return _CENTER if column.words else _RIGHT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        column = self._table.columns[section]
        if role == Role.DisplayRole:
            return column.heading
        if role == Role.ToolTipRole:
            return column.description
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; NaN come last, equals keep the order of the table."""
        self.beginResetModel()
        name = self._table.columns[column].name if column >= 0 else ""
        self._key = (name, order) if name else None
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        rows = np.arange(len(self._table))
        if self._mask is not None:
            rows = rows[self._mask]
        if self._key is not None:
            name, order = self._key
            descending = order == Qt.SortOrder.DescendingOrder
            rows = rows[order_of(self._table[name][rows], descending=descending)]
        self._rows = rows
