"""Tables of jumps without an exposure."""

import numpy as np

from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.jump_table import COLUMNS

NAN = np.nan
# x, y, integration, group, origin, step, ratio, sign, threshold
ROWS = [
    (3, 5, 0, 2, 2, 812.5, 40.0, 1, 4.0),
    (4, 5, 0, 2, 3, 20.0, 1.5, 1, 4.0),
    (3, 5, 1, 7, 2, -60.0, 4.5, -1, 4.0),
    (9, 0, 1, 3, 4, 10.0, NAN, 0, NAN),
    (9, 1, 0, 3, 5, 10.0, 5.5, 1, 5.0),
    (9, 2, 0, 3, 7, 10.0, 6.0, 1, 5.0),
]


def table_of(rows=ROWS, **notes):
    """Return a table of rows with their values in the order of `COLUMNS`."""
    columns = list(zip(*rows, strict=True)) or [[]] * len(COLUMNS)
    arrays = {c.name: np.array(v) for c, v in zip(COLUMNS, columns, strict=True)}
    arrays["origin"] = arrays["origin"].astype(np.uint8)
    return ColumnTable(columns=COLUMNS, arrays=arrays, notes=notes)


def long_table(n, seed=0):
    """Return a table with `n` rows of random numbers."""
    rng = np.random.default_rng(seed)
    arrays = {
        "x": rng.integers(0, 2048, n),
        "y": np.sort(rng.integers(0, 2048, n)),
        "integration": rng.integers(0, 4, n),
        "group": rng.integers(1, 50, n),
        "origin": rng.integers(1, 5, n).astype(np.uint8),
        "step": rng.normal(20, 300, n),
        "ratio": rng.gamma(3, 3, n),
        "sign": rng.choice([-1, 1], n).astype(np.int8),
        "threshold": np.full(n, 4.0),
    }
    return ColumnTable(columns=COLUMNS, arrays=arrays)
