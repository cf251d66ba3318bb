"""A pixel that a caller names by its column and row."""

import operator
from typing import SupportsIndex

from rampviewer.model.exposure import Exposure, Pixel


def pixel_at(exposure: Exposure, x: SupportsIndex, y: SupportsIndex) -> Pixel:
    """Return the pixel in column `x` and row `y`, counted from 0.

    Raises
    ------
    TypeError
        When one of them is no whole number.
    ValueError
        When the pixel is not in the exposure.
    """
    col, row = _whole("x", x), _whole("y", y)
    n_rows, n_cols = exposure.n_rows, exposure.n_cols
    if not (0 <= col < n_cols and 0 <= row < n_rows):
        raise ValueError(
            f"x {col}, y {row} is not in the exposure: x goes from 0 to {n_cols - 1}, "
            f"y from 0 to {n_rows - 1}"
        )
    return Pixel(row=row, col=col)


def _whole(name: str, value: SupportsIndex) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
