"""Which rows of a table of jumps a user wants to see."""

import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.regions.area import Area
from rampviewer.model.regions.shapes import Shape
from rampviewer.model.tables.column_table import ColumnTable

Mask = NDArray[np.bool_]
HELP: Final = (
    "Words and conditions, all of which must hold:\n"
    "primary, origin=neighbour, after-jump ... (origin)\n"
    "group=5   int=0   x<100   step>=500   ratio=4..6   threshold=5\n"
    "512,300 (the pixel x,y)   +   - (above or below the median)"
)
_SHORT: Final = {"int": "integration"}
_NUMBER: Final = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_CONDITION: Final = re.compile(rf"([a-z_]+)(<=|>=|<|>|=)({_NUMBER})(?:\.\.({_NUMBER}))?")
_WORD: Final = re.compile(r"(?:([a-z_]+)=)?([a-z]+(?:[-_][a-z]+)*)")
_PIXEL: Final = re.compile(r"(\d+),(\d+)")
_COMPARE: Final[dict[str, Callable[[Any, float], Mask]]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
}


def in_area(table: ColumnTable, area: Area) -> Mask:
    """Return which rows have their pixel in an area."""
    x, y = table["x"], table["y"]
    rows: Mask = (y >= area.row_start) & (y < area.row_stop)
    return rows & (x >= area.col_start) & (x < area.col_stop)


def in_shape(table: ColumnTable, shape: Shape) -> Mask:
    """Return which rows have their pixel in a shape."""
    return shape.contains(table["y"], table["x"])


def matches(table: ColumnTable, text: str) -> Mask:
    """Return which rows fit a text, see `HELP`.

    Raises
    ------
    ValueError
        One sentence that names the part that is not understood.
    """
    joined = re.sub(r"\s*(<=|>=|<|>|=|,|\.\.)\s*", r"\1", text.strip().lower())
    mask = np.ones(len(table), np.bool_)
    for part in joined.split():
        mask &= _matches_part(table, part)
    return mask


def _matches_part(table: ColumnTable, part: str) -> Mask:
    if pixel := _PIXEL.fullmatch(part):
        col, row = int(pixel[1]), int(pixel[2])
        return in_area(table, Area(row, row + 1, col, col + 1))
    if (condition := _CONDITION.fullmatch(part)) and condition[1] in _names(table):
        return _matches_condition(table, condition, part)
    if part in ("+", "-") and "sign" in table.arrays:
        sign: Mask = table["sign"] == (1 if part == "+" else -1)
        return sign
    word = _WORD.fullmatch(part)
    mask = None if word is None else _matches_word(table, *word.groups())
    if mask is not None:
        return mask
    known = [column for column in table.columns if column.words]
    titles = " nor ".join(f"{_article(c.title)} {c.title}" for c in known)
    each = "; ".join(f"{c.title.capitalize()}s are {', '.join(c.words)}" for c in known)
    raise ValueError(
        f"{part} is neither {titles} nor a condition such as group=5. "
        f"{each}; conditions are about {', '.join(_names(table))}"
    )


def _names(table: ColumnTable) -> dict[str, str]:
    """Return the columns that hold numbers, by what they may be called."""
    names = [c.name for c in table.columns if not c.words and c.name != "sign"]
    short = {key: name for key, name in _SHORT.items() if name in names}
    return short | {name: name for name in names}


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _matches_word(table: ColumnTable, name: str | None, typed: str) -> Mask | None:
    """Return which rows have a word, in the column of a name or in any; None if unknown."""
    wanted, found = re.sub("[-_]", " ", typed), False
    mask = np.zeros(len(table), np.bool_)
    for column in table.columns:
        if not column.words or name not in (None, column.name):
            continue
        # Any word of a name may be typed, or its start: "jump" stands for "after jump".
        fitting = np.array([f" {text}".find(f" {wanted}") >= 0 for text in column.words])
        if fitting.any():
            found = True
            mask |= fitting[table[column.name]]
    return mask if found else None


def _matches_condition(table: ColumnTable, condition: re.Match[str], part: str) -> Mask:
    name, sign, low, high = condition.groups()
    values = table[_names(table)[name]]
    if high is None:
        return _COMPARE[sign](values, float(low))
    if sign != "=":
        raise ValueError(f"{part} must have the form {name}={low}..{high}")
    mask: Mask = (values >= float(low)) & (values <= float(high))
    return mask
