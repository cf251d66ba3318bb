"""Raw frames of NIRSpec in its IRS2 mode, which reads reference pixels in between.

References
----------
Rauscher et al. 2017, PASP 129, 105003.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FULL = 2048  # rows without reference pixels in between
OUTPUT = 512  # pixels of each of five outputs; the first one gives reference pixels only


def science_rows(
    header: Mapping[str, Any], shape: tuple[int, ...]
) -> NDArray[np.intp] | None:
    """Return which rows of a raw frame hold pixels of the detector, in their order.

    None stands for all: the frame is no raw frame of that mode.

    Parameters
    ----------
    header : mapping
        NRS_NORM and NRS_REF say how many pixels are read between how many reference
        pixels; 16 and 4 where it does not say.
    shape : tuple of int
        Of an array whose last two axes are those of the frame.

    Raises
    ------
    ValueError
        When so many rows are not what the header describes.
    """
    if str(header.get("INSTRUME", "")).strip().upper() != "NIRSPEC" or shape[-2] <= FULL:
        return None
    n_normal = int(header.get("NRS_NORM") or 16)
    n_reference = int(header.get("NRS_REF") or 4)
    first = OUTPUT + OUTPUT // n_normal * n_reference  # where the outputs of pixels begin
    place = np.arange(shape[-2] - first) - n_normal // 2
    rows = first + np.flatnonzero(place % (n_normal + n_reference) >= n_reference)
    if rows.size != FULL:
        raise ValueError(
            f"it has {shape[-2]} rows, which {n_normal} pixels between {n_reference} "
            "reference pixels (NRS_NORM, NRS_REF) do not explain"
        )
    if str(header.get("DETECTOR", "")).strip().upper() == "NRS2":
        rows = shape[-2] - 1 - rows[::-1]  # that detector is turned round
    return rows


def rows_in_file(
    path: Path, header: Mapping[str, Any], shape: tuple[int, ...]
) -> NDArray[np.intp] | None:
    """Return the same of a frame in a file.

    Raises
    ------
    ValueError
        A sentence that names the file.
    """
    try:
        return science_rows(header, shape)
    except ValueError as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error


def trimmed(shape: tuple[int, ...], rows: NDArray[np.intp] | None) -> tuple[int, ...]:
    """Return the shape of an array of which only `rows` are kept."""
    return shape if rows is None else (*shape[:-2], rows.size, shape[-1])
