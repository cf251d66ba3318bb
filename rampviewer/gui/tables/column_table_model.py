"""A `ColumnTable` for the table views of Qt: sorted and filtered without copying rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal

from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.tables.arrangement import ArrangeJob, Arrangement, Passing, places_of
from rampviewer.model.tables.column_table import ColumnTable

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
AT_ONCE = 20_000  # rows: they are arranged within a millisecond or two


class ColumnTableModel(QAbstractTableModel):
    """Rows of a table that pass a filter, in the order of one of its columns.

    What is kept is where the rows are; texts are made of what is on screen only. Long
    tables are arranged on a lane of work if there is one: until then the list stays.

    Signals
    -------
    arranged
        Other rows are listed, or in another order.
    """

    arranged = pyqtSignal()

    def __init__(self, table: ColumnTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane: JobRunner | None = None
        self._passing: Passing | None = None
        self._key: tuple[str, bool] = ("", False)
        self._job: ArrangeJob | None = None  # on the lane
        self._wanted = table
        self._list = ArrangeJob(table).arranged()

    @property
    def table(self) -> ColumnTable:
        """The table that is listed; another one that was given may be on its way."""
        return self._list.table

    @property
    def rows(self) -> NDArray[np.int64]:
        """Places in the table of what is listed, in its order."""
        return self._list.rows

    @property
    def widest(self) -> tuple[list[str], ...]:
        """Texts of each column, of which one is about as wide as any."""
        return self._list.widest

    @property
    def is_arranging(self) -> bool:
        """Whether another list is on its way."""
        return self._job is not None

    def set_lane(self, lane: JobRunner) -> None:
        """Arrange long tables on a lane of its own."""
        self._lane = lane
        lane.step_done.connect(self._take)
        lane.failed.connect(self._fail)

    def show(self, table: ColumnTable, passing: Passing | None = None) -> None:
        """List the rows of a table that `passing` gives a mask of, sorted as before."""
        self._wanted, self._passing = table, passing
        self._arrange()

    def listed(self) -> ColumnTable:
        """Return a table of what is listed, in its order."""
        table = self.table
        arrays = {name: values[self.rows] for name, values in table.arrays.items()}
        return ColumnTable(columns=table.columns, arrays=arrays, notes=table.notes)

    def first_with(self, values: dict[str, int]) -> int:
        """Return the first row of the list with these values by column, -1 for none."""
        return self._list.first_of(places_of(self.table, values))

    def rowCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        column = self.table.columns[index.column()]
        if role == Role.DisplayRole:
            return column.text_of(self.table[column.name][self.rows[index.row()]])
        if role == Role.TextAlignmentRole:
            return _CENTER if column.words else _RIGHT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        column = self.table.columns[section]
        if role == Role.DisplayRole:
            return column.heading
        if role == Role.ToolTipRole:
            return column.description
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; NaN come last, equals keep the order of the table."""
        name = self._wanted.columns[column].name if column >= 0 else ""
        self._key = (name, order == Qt.SortOrder.DescendingOrder)
        self._arrange()

    def _arrange(self) -> None:
        table = self._wanted
        known = self.widest if table is self.table else None
        job = ArrangeJob(table, self._passing, *self._key, known)
        if self._lane is None or len(table) <= AT_ONCE:
            self._job = None
            self._put(job.arranged())
        else:
            self._job = job
            self._lane.request(job)

    def _take(self, job: object, arranged: Arrangement) -> None:
        if job is self._job:
            self._job = None
            self._put(arranged)

    def _put(self, arranged: Arrangement) -> None:
        self.beginResetModel()
        self._list = arranged
        self.endResetModel()
        self.arranged.emit()

    def _fail(self, _job: object, error: Exception) -> None:
        raise error  # reported by the exception hook
