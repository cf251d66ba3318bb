"""A table of places in an exposure, to go from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
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

from rampviewer.gui.tables.column_table_model import ColumnTableModel
from rampviewer.gui.tables.column_table_view import ColumnTableView
from rampviewer.gui.tables.filter_bar import FilterBar
from rampviewer.gui.tables.table_button import TableButton
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.gui.work.throttle import Throttle
from rampviewer.model.exposure import Pixel
from rampviewer.model.regions.area import Area
from rampviewer.model.regions.region import Region
from rampviewer.model.tables.column_table import Column, ColumnTable
from rampviewer.model.text.number_text import grouped

PAN_MS = 100  # while the image moves, the rows in view are found once in this time


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How a table calls its rows, and what it says without any."""

    row: str
    rows: str  # in the plural
    counted: str  # what the rows are counted as, in the singular
    keys: tuple[str, str]  # to the previous and the next row
    whole: str  # where all of them are
    wait: str
    none: str

    @property
    def many_counted(self) -> str:
        return f"{self.counted}s"


class PlaceTable(QWidget):
    """A table of places with filters; one of them is the current one.

    Parameters
    ----------
    columns : sequence of Column
        With "x", "y", "integration" and "group": where a row is.
    words : Words
    filters : FilterBar
    sort_by : str
        The column that the rows are sorted by at first, from its largest value on; "" for
        their own order, which a third click on a heading brings back.
    key : tuple of str
        Columns that tell rows apart, of one table and of the next.

    Signals
    -------
    place_chosen : Pixel, int, int
        The user went to a row: its pixel, integration and group.
    save_clicked : ColumnTable
        The user wants what is listed as a file.
    shown_changed : bool
        Whether the table can be seen.
    listed_changed : nothing
        Other rows are listed.
    current_changed : int
        The current row, by its place in the table that was shown; -1 for none.
    """

    place_chosen = pyqtSignal(object, int, int)
    save_clicked = pyqtSignal(object)
    shown_changed = pyqtSignal(bool)
    listed_changed = pyqtSignal()
    current_changed = pyqtSignal(int)

    def __init__(
        self,
        columns: Sequence[Column],
        words: Words,
        filters: FilterBar,
        *,
        sort_by: str,
        key: tuple[str, ...] = ("x", "y", "integration", "group"),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._key_names = words, key
        self._empty = empty_table(columns)
        self._table = self._empty
        self._area = Area(0, 0, 0, 0)
        self._key: tuple[int, ...] | None = None  # of the current row, listed or not
        self._pixel: Pixel | None = None  # whose first row is the current one without a key
        self._resume = 0  # the row to go on from when the current one is gone
        self._none_text, self._is_telling = words.none, True
        self._is_new = False  # the table that is on its way to the list
        self._steps = 0  # to go in it
        self._model = ColumnTableModel(self._empty, self)
        self.filters = filters
        self.view = ColumnTableView(self._model)
        self.count = QLabel()
        self.message = QLabel()
        self.button = TableButton(words.rows, self._listed)
        self._followers: list[QWidget] = [self.view, self.count]
        self.above, self.offers = QVBoxLayout(), QHBoxLayout()  # room for more
        self._pages, self._page = QStackedWidget(), QWidget()
        self._pan = Throttle(PAN_MS, self)
        self._lay_out()
        self._connect()
        names = [column.name for column in columns]
        number = names.index(sort_by) if sort_by else -1
        self.view.sortByColumn(number, Qt.SortOrder.DescendingOrder)

    def _lay_out(self) -> None:
        words = self._words
        self.view.setAccessibleName(words.rows.capitalize())
        self.view.setSortingEnabled(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setProperty("role", "hint")
        self.filters.add_tools(self._make_steps(), self.button)
        empty = QVBoxLayout(self._page)
        empty.addStretch(1)
        empty.addWidget(self.message)
        empty.addLayout(self.offers)
        empty.addStretch(1)
        for page in (self._page, self.view):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 0)
        column.setSpacing(4)
        column.addLayout(self.above)
        column.addWidget(self.filters)
        column.addWidget(self._pages, 1)

    def _make_steps(self) -> QWidget:
        """Return the count with arrows to the rows beside the current one."""
        words = self._words
        self.count.setAccessibleName(f"Current {words.row}, and how many are listed")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # In one piece: no row of tools ends between them.
        steps = QWidget()
        row = QHBoxLayout(steps)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.count)
        triangles = (
            "\N{BLACK LEFT-POINTING SMALL TRIANGLE}",
            "\N{BLACK RIGHT-POINTING SMALL TRIANGLE}",
        )
        for n, side, text, key in zip(
            (-1, 1), ("Previous", "Next"), triangles, words.keys, strict=True
        ):
            tip = f"{side} {words.row} of the list ({key})"
            arrow = QToolButton()
            arrow.setText(text)
            arrow.setToolTip(tip)
            arrow.setAccessibleName(tip)
            arrow.clicked.connect(lambda _checked, n=n: self.step(n))
            row.addWidget(arrow)
        return steps

    def _connect(self) -> None:
        self.filters.filters_edited.connect(self._list)
        self._pan.due.connect(self._list)
        self.button.save_clicked.connect(self.save_clicked)
        self.view.clicked.connect(lambda index: self._tell(index.row()))
        selection, heads = self.view.selectionModel(), self.view.horizontalHeader()
        assert selection is not None
        assert heads is not None
        selection.currentRowChanged.connect(self._on_current)
        heads.setSortIndicatorClearable(True)
        self._model.modelAboutToBeReset.connect(lambda: self._set_telling(on=False))
        self._model.arranged.connect(self._show_list)

    @property
    def is_arranging(self) -> bool:
        """Whether another list is on its way."""
        return self._model.is_arranging

    def set_lane(self, lane: JobRunner) -> None:
        """Sort and filter long tables on a lane of work of its own."""
        self._model.set_lane(lane)

    def show_table(self, table: ColumnTable, none_text: str = "") -> None:
        """List other rows; order, filters and the current row stay.

        Parameters
        ----------
        table : ColumnTable
        none_text : str
            What to say if there is none, if that is not as usual.
        """
        self._table, self._none_text = table, none_text or self._words.none
        self._is_new = True
        self._list()

    def show_nothing(self, text: str) -> None:
        """Say why there is no table."""
        self._table, self._key, self._resume = self._empty, None, 0
        self._model.show(self._empty)
        self._show_count(-1)
        self.current_changed.emit(-1)
        self.set_outdated(is_outdated=False)
        self._show_page(text)

    def show_work(self) -> None:
        """Say that the first table is being made; a later one leaves the old on screen."""
        if not len(self._table):
            self._show_page(self._words.wait)

    def set_outdated(self, *, is_outdated: bool) -> None:
        """Grey the table while that of other parameters is being made."""
        if self.view.property("outdated") == is_outdated:
            return
        for part in self._followers:
            part.setProperty("outdated", is_outdated)
            style = part.style()
            if style is not None:  # the style sheet greys it
                style.unpolish(part)
                style.polish(part)
        tip = "Of parameters before: a new list is being made" if is_outdated else ""
        self.view.setToolTip(tip)

    def follow_outdated(self, part: QWidget) -> None:
        """Grey another part with the table."""
        self._followers.append(part)

    @property
    def listed_rows(self) -> NDArray[np.int64]:
        """What is listed, as places in the table that was shown."""
        return self._model.rows

    def set_area(self, area: Area) -> None:
        """Take the part of the frame that the image shows."""
        self._area = area
        if self.filters.follows_view:
            self._pan.request()

    def set_region(self, region: Region | None) -> None:
        """Take the selected region of the image."""
        self.filters.set_region(region)
        if self.filters.follows_region:
            self._pan.request()

    def show_pixel(self, pixel: Pixel | None) -> None:
        """Make the first row listed of a pixel the current one, unless one of it is."""
        self._pixel = pixel
        if pixel is None or (self._key and self._key[:2] == (pixel.col, pixel.row)):
            return
        row = self._first_of(pixel)
        self.make_current(int(self._model.rows[row]) if row >= 0 else -1)

    def make_current(self, number: int) -> None:
        """Make a row of the table that is listed the current one, or none for -1."""
        self._keep_place()
        self._key = None if number < 0 else self._key_of(number)
        self._restore()

    def step(self, n: int) -> None:
        """Go on or back by some rows of the list, from its end to its start.

        When another list is on its way, it is done there.
        """
        if self.is_arranging:
            self._steps += n
            return
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

    def _list(self) -> None:
        """List what passes the filters, a long table in a while."""
        self._keep_place()
        self._model.show(self._table, self.filters.passing(self._table, self._area))

    def _show_list(self) -> None:
        """Show what is listed now, and in it the current row."""
        self._is_telling = True
        if self._is_new and self._model.table is self._table:
            self._is_new = False
            self.set_outdated(is_outdated=False)
            if len(self._table):
                self.view.fit_columns()
        self._restore()
        self.listed_changed.emit()
        steps, self._steps = self._steps, 0
        if steps:
            self.step(steps)
        n = len(self._model.table)
        filtered = f"None of the {grouped(n)} {self._words.rows} passes the filters above."
        empty = filtered if n else self._none_text
        self._show_page("" if self._model.rowCount() else empty)

    def _set_telling(self, *, on: bool) -> None:
        self._is_telling = on

    def _listed(self) -> ColumnTable:
        """Return what is listed; its notes say how it was chosen."""
        listed, chosen = self._model.listed(), self.filters.summary
        n_all = f"{grouped(len(self._model.table))} {self._words.many_counted}"
        rows = f"{grouped(len(listed))} of {n_all}"
        rows += f", filter: {chosen}" if chosen else ""
        return replace(listed, notes={**listed.notes, "rows": rows})

    def _restore(self) -> None:
        """Choose the current row again in what is listed now."""
        row = -1
        if self._key is not None:
            names = self._key_names
            row = self._model.first_with(dict(zip(names, self._key, strict=True)))
        elif self._pixel is not None:  # it was selected before there was this list
            row = self._first_of(self._pixel)
            self._key = self._key_of(self._model.rows[row]) if row >= 0 else None
        self._show_current(row)

    def _first_of(self, pixel: Pixel) -> int:
        """Return the first row of a pixel that is listed, -1 for none."""
        return self._model.first_with({"x": pixel.col, "y": pixel.row})

    def _row(self) -> int:
        return self.view.currentIndex().row()

    def _keep_place(self) -> None:
        """Remember the row to go on from should the current row leave the list."""
        self._resume = self._row() if self._row() >= 0 else self._resume

    def _key_of(self, number: int) -> tuple[int, ...]:
        table = self._model.table
        return tuple(int(table[name][number]) for name in self._key_names)

    def _on_current(self, index: QModelIndex) -> None:
        if self._is_telling and index.isValid():
            self._tell(index.row())

    def _tell(self, row: int) -> None:
        place, table = self._model.rows[row], self._model.table
        self._key = self._key_of(place)
        self._show_count(row)
        self.current_changed.emit(int(place))
        x, y, *step = (
            int(table[name][place]) for name in ("x", "y", "integration", "group")
        )
        self.place_chosen.emit(Pixel(y, x), *step)

    def _show_current(self, row: int) -> None:
        self._is_telling = False
        self.view.show_row(row)
        self._is_telling = True
        self._show_count(row)
        self.current_changed.emit(int(self._model.rows[row]) if row >= 0 else -1)

    def _show_count(self, row: int) -> None:
        n_rows = self._model.rowCount()
        n = grouped(n_rows)
        counted = self._words.counted if n_rows == 1 else self._words.many_counted
        text = f"{n} {counted}" if n_rows else ""
        self.count.setText(f"{grouped(row + 1)} of {n}" if row >= 0 else text)
        whole = f"{grouped(len(self._model.table))} {self._words.many_counted}"
        self.count.setToolTip(f"{whole} {self._words.whole}")

    def _show_page(self, text: str) -> None:
        """Say why nothing is listed; show the list for ""."""
        self.message.setText(text)
        self._pages.setCurrentWidget(self._page if text else self.view)
        self.button.setEnabled(not text)


def empty_table(columns: Sequence[Column]) -> ColumnTable:
    """Return a table without rows."""
    arrays = {column.name: np.empty(0, np.int64) for column in columns}
    return ColumnTable(columns=tuple(columns), arrays=arrays)
