"""All jumps of the run on screen, to go from one to the next."""

from dataclasses import replace

import numpy as np
from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QShowEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.column_table_model import ColumnTableModel
from rampviewer.gui.column_table_view import ColumnTableView
from rampviewer.gui.jump_filter_bar import JumpFilterBar
from rampviewer.gui.table_button import TableButton
from rampviewer.gui.throttle import Throttle
from rampviewer.model.column_table import ColumnTable
from rampviewer.model.exposure import Pixel
from rampviewer.model.jump_filter import Area
from rampviewer.model.jump_table import COLUMNS
from rampviewer.model.run import Run

PAN_MS = 100  # while the image moves, the rows in view are found once in this time
CLOSED_TEXT = "Jumps are listed here: open a ramp exposure."
WAIT_TEXT = "Listing the jumps ..."
NONE_TEXT = "No group of this run carries JUMP_DET: a lower threshold may find jumps."
DELIVERED_TEXT = "The file was delivered without jumps: the live run looks for them."
SKIPPED_TEXT = "Jump detection was skipped: the exposure has too few usable groups."
MANY_TEXT = "{} flags are too many to list: a higher threshold leaves fewer."
FILTERED_TEXT = "None of the {} jumps passes the filters above."
_KEY = ("x", "y", "integration", "group")
EMPTY = ColumnTable(
    columns=COLUMNS, arrays={column.name: np.empty(0, np.int64) for column in COLUMNS}
)


class JumpTablePanel(QWidget):
    """A table of jumps with filters; one of them is the current one.

    Signals
    -------
    flag_chosen : Pixel, int, int
        The user went to a jump: its pixel, integration and group.
    save_clicked : ColumnTable
        The user wants what is listed as a file.
    shown_changed : bool
        Whether the table can be seen.
    """

    flag_chosen = pyqtSignal(object, int, int)
    save_clicked = pyqtSignal(object)
    shown_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = EMPTY
        self._area = Area(0, 0, 0, 0)
        self._key: tuple[int, ...] | None = None  # of the current jump, listed or not
        self._resume = 0  # the row to go on from when the current jump is gone
        self._none_text, self._is_telling = NONE_TEXT, True
        self._model = ColumnTableModel(EMPTY, self)
        self.filters = JumpFilterBar()
        self.view = ColumnTableView(self._model)
        self.count = QLabel()
        self.message = QLabel(CLOSED_TEXT)
        self.button = TableButton("jumps", self._listed)
        self._pages = QStackedWidget()
        self._pan = Throttle(PAN_MS, self)
        self._lay_out()
        self._connect()
        self.view.sortByColumn(self._column("ratio"), Qt.SortOrder.DescendingOrder)
        self.show_nothing(CLOSED_TEXT)

    def _lay_out(self) -> None:
        self.view.setAccessibleName("Jumps")
        self.view.setSortingEnabled(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setProperty("role", "hint")
        self.count.setAccessibleName("Current jump, and how many are listed")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.filters, 1)
        top.addWidget(self.count)
        for text, n, tip in (
            ("\N{BLACK LEFT-POINTING SMALL TRIANGLE}", -1, "Previous jump of the list (P)"),
            ("\N{BLACK RIGHT-POINTING SMALL TRIANGLE}", 1, "Next jump of the list (N)"),
        ):
            arrow = QToolButton()
            arrow.setText(text)
            arrow.setToolTip(tip)
            arrow.setAccessibleName(tip)
            arrow.clicked.connect(lambda _checked, n=n: self.step(n))
            top.addWidget(arrow)
        top.addWidget(self.button)
        for page in (self.message, self.view):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.filters.filters_edited.connect(self._list)
        self._pan.due.connect(self._list)
        self.button.save_clicked.connect(self.save_clicked)
        self.view.clicked.connect(lambda index: self._tell(index.row()))
        selection, heads = self.view.selectionModel(), self.view.horizontalHeader()
        assert selection is not None
        assert heads is not None
        selection.currentRowChanged.connect(self._on_current)
        heads.sortIndicatorChanged.connect(lambda _column, _order: self._restore())

    def show_table(self, table: ColumnTable, none_text: str = NONE_TEXT) -> None:
        """List the jumps of a run; order, filters and the current jump stay.

        Parameters
        ----------
        table : ColumnTable
            Of `jump_table`.
        none_text : str
            What to say if there is none.
        """
        self._table, self._none_text = table, none_text
        self.set_outdated(is_outdated=False)
        self._list()
        if len(table):
            self.view.fit_columns()

    def show_nothing(self, text: str) -> None:
        """Say why there is no table."""
        self._table, self._key, self._resume = EMPTY, None, 0
        self._model.show(EMPTY)
        self._show_count(-1)
        self.set_outdated(is_outdated=False)
        self._show_page(text)

    def show_work(self) -> None:
        """Say that the first table is being made; a later one leaves the old on screen."""
        if not len(self._table):
            self._show_page(WAIT_TEXT)

    def set_outdated(self, *, is_outdated: bool) -> None:
        """Grey the table while that of other parameters is being made."""
        if self.view.property("outdated") == is_outdated:
            return
        for part in (self.view, self.count):
            part.setProperty("outdated", is_outdated)
            style = part.style()
            if style is not None:  # the style sheet greys it
                style.unpolish(part)
                style.polish(part)
        tip = "Of parameters before: a new list is being made" if is_outdated else ""
        self.view.setToolTip(tip)

    def set_area(self, area: Area) -> None:
        """Take the part of the frame that the image shows."""
        self._area = area
        if self.filters.in_view.isChecked():
            self._pan.request()

    def show_pixel(self, pixel: Pixel | None) -> None:
        """Make the first jump listed of a pixel the current one, unless one of it is."""
        if pixel is None or (self._key and self._key[:2] == (pixel.col, pixel.row)):
            return
        rows = self._model.rows
        here = (self._table["x"][rows] == pixel.col) & (self._table["y"][rows] == pixel.row)
        row = int(np.argmax(here)) if here.any() else -1
        self._keep_place()
        self._key = None if row < 0 else self._key_of(row)
        self._show_current(row)

    def step(self, n: int) -> None:
        """Go on or back by some jumps of the list, from its end to its start."""
        n_rows = self._model.rowCount()
        if not n_rows:
            return
        row = self._row()
        if row < 0:
            row = self._resume - (n > 0)
        row = (row + n) % n_rows
        self._show_current(row)
        self._tell(row)

    def showEvent(self, a0: QShowEvent | None) -> None:
        super().showEvent(a0)
        self.shown_changed.emit(True)

    def hideEvent(self, a0: QHideEvent | None) -> None:
        super().hideEvent(a0)
        self.shown_changed.emit(False)

    def _column(self, name: str) -> int:
        return [column.name for column in COLUMNS].index(name)

    def _list(self) -> None:
        """List what passes the filters."""
        self._keep_place()
        self._is_telling = False
        self._model.show(self._table, self.filters.passing(self._table, self._area))
        self._is_telling = True
        self._restore()
        n = len(self._table)
        empty = FILTERED_TEXT.format(grouped(n)) if n else self._none_text
        self._show_page("" if self._model.rowCount() else empty)

    def _listed(self) -> ColumnTable:
        """Return what is listed; its notes say how it was chosen."""
        listed, chosen = self._model.listed(), self.filters.summary
        rows = f"{grouped(len(listed))} of {grouped(len(self._table))} flags"
        rows += f", filter: {chosen}" if chosen else ""
        return replace(listed, notes={**listed.notes, "rows": rows})

    def _restore(self) -> None:
        """Choose the current jump again in what is listed now."""
        row = -1
        if self._key is not None:
            rows = self._model.rows
            same = np.ones(len(rows), np.bool_)
            for name, value in zip(_KEY, self._key, strict=True):
                same &= self._table[name][rows] == value
            row = int(np.argmax(same)) if same.any() else -1
        self._show_current(row)

    def _row(self) -> int:
        return self.view.currentIndex().row()

    def _keep_place(self) -> None:
        """Remember the row to go on from should the current jump leave the list."""
        self._resume = self._row() if self._row() >= 0 else self._resume

    def _key_of(self, row: int) -> tuple[int, ...]:
        place = self._model.rows[row]
        return tuple(int(self._table[name][place]) for name in _KEY)

    def _on_current(self, index: QModelIndex) -> None:
        if self._is_telling and index.isValid():
            self._tell(index.row())

    def _tell(self, row: int) -> None:
        self._key = self._key_of(row)
        self._show_count(row)
        x, y, integration, group = self._key
        self.flag_chosen.emit(Pixel(y, x), integration, group)

    def _show_current(self, row: int) -> None:
        self._is_telling = False
        self.view.show_row(row)
        self._is_telling = True
        self._show_count(row)

    def _show_count(self, row: int) -> None:
        n_rows = self._model.rowCount()
        n = grouped(n_rows)
        text = f"{n} flag{'' if n_rows == 1 else 's'}" if n_rows else ""
        self.count.setText(f"{grouped(row + 1)} of {n}" if row >= 0 else text)
        self.count.setToolTip(f"{grouped(len(self._table))} flags in the whole run")

    def _show_page(self, text: str) -> None:
        """Say why nothing is listed; show the list for ""."""
        self.message.setText(text)
        self._pages.setCurrentWidget(self.message if text else self.view)
        self.button.setEnabled(not text)


def none_text(run: Run) -> str:
    """Return why a run may have no jumps, and what could be done."""
    if run.recipe.delivered_jumps == "as_delivered":
        return DELIVERED_TEXT
    return SKIPPED_TEXT if run.jump_skipped or run.n_primary < 0 else NONE_TEXT


def grouped(n: int) -> str:
    """Return a whole number with spaces between thousands."""
    return f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
