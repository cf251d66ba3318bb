"""Tables of any length, column by column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SAMPLED: Final = 20  # values of a column


def plain(value: object) -> str:
    """Return the text of a value as it is."""
    return str(value)


def decimals(n: int) -> Callable[[float], str]:
    """Return a function that writes a number with `n` decimals, "" for NaN."""

    def text(value: float) -> str:
        return "" if np.isnan(value) else f"{value:.{n}f}"

    return text


def significant(n: int, *, padded: bool = False) -> Callable[[float], str]:
    """Return a function that writes a number with `n` significant digits, "" for NaN.

    `padded` keeps zeros at the end.
    """
    form = f"#.{n}g" if padded else f".{n}g"

    def text(value: float) -> str:
        return "" if np.isnan(value) else f"{value:{form}}".removesuffix(".")

    return text


def order_of(values: NDArray[Any], *, descending: bool = False) -> NDArray[np.int64]:
    """Return the places of values (n,) in their order: NaN last, equals as they stand."""
    if values.dtype.kind == "f":
        return _order_of_floats(-values if descending else values)
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    keys = high - values.astype(np.int64) if descending else values.astype(np.int64) - low
    # Numbers of two bytes are counted instead of compared.
    small = keys.astype(np.uint16) if high - low < 2**16 else keys
    return np.argsort(small, kind="stable")


def _order_of_floats(values: NDArray[Any]) -> NDArray[np.int64]:
    order = np.argsort(values)  # several times as fast as a stable sort
    found = values[order]
    same = np.zeros(found.size + 1, np.bool_)  # whether each equals the one before
    same[1:-1] = (found[1:] == found[:-1]) | np.isnan(found[:-1])
    tied = np.flatnonzero(same[1:] | same[:-1])
    if tied.size > found.size // 4:
        return np.argsort(values, kind="stable")
    places, runs = order[tied], np.cumsum(~same[tied])
    order[tied] = places[np.lexsort((places, runs))]
    return order


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column holds, for a heading on screen and for a file."""

    name: str  # in a file, and to ask for it
    title: str  # on screen, without the unit
    unit: str = ""  # as astropy writes it
    shown_unit: str = ""  # on screen, where that is another one
    description: str
    text: Callable[[Any], str] = plain
    words: tuple[str, ...] = ()  # what its values, counted from 0, stand for

    @property
    def heading(self) -> str:
        unit = self.shown_unit or self.unit
        return f"{self.title} [{unit}]" if unit else self.title

    def text_of(self, value: Any) -> str:
        """Return one value as it is shown."""
        return self.words[int(value)] if self.words else self.text(value)

    def values_of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values as they are written to a file: words instead of their numbers."""
        return np.array(self.words)[values] if self.words else values


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ColumnTable:
    """Arrays (n,) of equal length, one for each column.

    `notes` say what the table is of; they go into the head of a file.
    """

    columns: tuple[Column, ...]
    arrays: Mapping[str, NDArray[Any]]
    notes: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.arrays[self.columns[0].name])

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def first(self, n: int) -> "ColumnTable":
        """Return the first `n` rows."""
        arrays = {name: values[:n] for name, values in self.arrays.items()}
        return ColumnTable(columns=self.columns, arrays=arrays, notes=self.notes)

    def column(self, name: str) -> Column:
        """Return the column of a name."""
        return next(column for column in self.columns if column.name == name)


def widest_texts(column: Column, values: NDArray[Any]) -> list[str]:
    """Return texts of which one is as wide as any of a column, or nearly so."""
    if column.words:
        return list(column.words)
    known = values[~np.isnan(values)]
    if not known.size:
        return []
    # Numbers of few digits before the point may have more behind it.
    sample = known[:: max(1, known.size // SAMPLED)]
    return [column.text_of(value) for value in (known.min(), known.max(), *sample)]
