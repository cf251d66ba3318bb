"""Pixels of a plane as rows of a table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.regions.area import Area
from rampviewer.model.tables.column_table import Column, ColumnTable, significant

MOST_VALUES = 2_000_000
TOO_MANY = "More than {:,} values: zoom in first, only what can be seen is saved"


def plane_table(values: NDArray[Any], area: Area, heading: str, unit: str) -> ColumnTable:
    """Return the pixels of an area, row by row.

    Parameters
    ----------
    values : (n_rows, n_cols) array
    area : Area
    heading, unit : str
        What the values are, and what they count in.

    Raises
    ------
    ValueError
        When there are more than two million.
    """
    part = values[area.row_start : area.row_stop, area.col_start : area.col_stop]
    if part.size > MOST_VALUES:
        raise ValueError(TOO_MANY.format(MOST_VALUES))
    y, x = np.indices(part.shape)
    text = significant(7) if part.dtype.kind == "f" else str
    value = Column(
        name="value", title=heading, shown_unit=unit, description=heading, text=text
    )
    columns = (
        Column(name="x", title="x", description="Column, from 0"),
        Column(name="y", title="y", description="Row, from 0"),
        value,
    )
    return ColumnTable(
        columns=columns,
        arrays={
            "x": x.ravel() + area.col_start,
            "y": y.ravel() + area.row_start,
            "value": part.flatten(),
        },
        notes={"plane": heading},
    )
