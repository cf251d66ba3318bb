"""How far two rates of the same pixels are apart."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.runs.results import RatePlanes

F32 = NDArray[np.float32]
Rows = slice | tuple[NDArray[np.int64], NDArray[np.int64]]
BAND = 32  # rows at once: what is in between stays in the cache


def sigma_difference(
    before: RatePlanes, after: RatePlanes, rows: Rows = slice(None)
) -> F32:
    """Return by how much a rate changed, in units of the larger of its two errors.

    Both rates come from the same ramp, so that this measures how much a change matters; it
    is not the significance of a difference between two measurements.

    Parameters
    ----------
    before, after : RatePlanes
        (n_rows, n_cols) each.
    rows : slice or (n,) int64, (n,) int64
        Only these rows, or the pixels in these rows and columns.

    Returns
    -------
    difference : (n_rows, n_cols) or (n,) float32
        (after - before) / error; 0 where the rates are equal, NaN where one of them is.
    """
    if isinstance(rows, tuple):
        values = (plane[rows] for plane in _planes(before, after))
        return _ratio(*values)
    planes = [plane[rows] for plane in _planes(before, after)]
    found = np.empty(planes[0].shape, np.float32)
    for start in range(0, len(found), BAND):
        part = slice(start, start + BAND)
        found[part] = _ratio(*(plane[part] for plane in planes))
    return found


def _planes(before: RatePlanes, after: RatePlanes) -> tuple[F32, F32, F32, F32]:
    return before.slope, after.slope, before.err, after.err


def _ratio(before: F32, after: F32, err_before: F32, err_after: F32) -> F32:
    change: F32 = after - before
    err = np.maximum(err_before, err_after)
    # Equal rates are equal also where they have no error, as where all groups are jumps.
    err[change == 0] = 1
    with np.errstate(divide="ignore", invalid="ignore"):
        change /= err
    return change
