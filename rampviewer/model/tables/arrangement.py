"""Which rows of a table are listed, and in which order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.errors import CancelledError
from rampviewer.model.tables.column_table import ColumnTable, order_of, widest_texts

I64 = NDArray[np.int64]
Passing = Callable[[ColumnTable], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """Rows of a table that pass a filter, in the order of a column.

    Attributes
    ----------
    table : ColumnTable
    rows : (n_listed,) int64
        Places in the table, in order.
    ranks : (n,) int32
        Where each row of the table is listed, -1 for nowhere.
    widest : tuple of list of str
        For each column texts of which one is about as wide as any.
    """

    table: ColumnTable
    rows: I64
    ranks: NDArray[np.int32]
    widest: tuple[list[str], ...]

    def first_of(self, places: I64) -> int:
        """Return the first row of the list that is one of some places, -1 for none."""
        listed = self.ranks[places]
        listed = listed[listed >= 0]
        return int(listed.min()) if listed.size else -1


@dataclass(frozen=True, slots=True, eq=False)
class ArrangeJob:
    """Yields the `Arrangement` of a table.

    Parameters
    ----------
    table : ColumnTable
    passing : callable, optional
        Gives a mask (n,) of the rows to list; all without it.
    column : str
        Sorts by this column, NaN last, equals as they stand; "" for the order of the table.
    descending : bool
    widest : tuple of list of str, optional
        As they were found before, of the same table.
    """

    table: ColumnTable
    passing: Passing | None = None
    column: str = ""
    descending: bool = False
    widest: tuple[list[str], ...] | None = None

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[Arrangement]:
        def check() -> None:
            if is_cancelled() or is_outdated():
                raise CancelledError

        yield self.arranged(check)

    def arranged(self, check: Callable[[], None] = lambda: None) -> Arrangement:
        """Arrange; `check` may raise between two parts of the work."""
        table = self.table
        check()
        rows = np.arange(len(table))
        if self.passing is not None:
            rows = np.flatnonzero(self.passing(table))
            check()
        if self.column:
            values = table[self.column]
            values = values if self.passing is None else values[rows]
            rows = rows[order_of(values, descending=self.descending)]
            check()
        ranks = np.full(len(table), -1, np.int32)
        ranks[rows] = np.arange(rows.size, dtype=np.int32)
        widest = self.widest
        if widest is None:
            check()
            widest = tuple(
                widest_texts(column, table[column.name]) for column in table.columns
            )
        return Arrangement(table, rows, ranks, widest)


def places_of(table: ColumnTable, values: dict[str, int]) -> I64:
    """Return the rows of a table that have these values, by column."""
    (name, value), *others = values.items()
    places = np.flatnonzero(table[name] == value)
    for name, value in others:
        places = places[table[name][places] == value]
    return places
