"""Typical rates of the flagged pixels of a row, sorted side by side."""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import RowData
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.jump.order_statistics import sort_columns, sorting_network

_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_NOT_A_STEP = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET)
_LARGEST = np.float32(1e30)  # [DN]; beyond, data are no numbers


class MedianScratch(NamedTuple):
    """Room for the flagged pixels of one row, side by side."""

    steps: F32  # (n_steps * n_cols,) [DN]; infinite where there is none
    n_steps: I32  # (n_cols,) usable differences of one integration
    n_good: I32  # (n_cols,) groups of it without any flag
    rate: F64  # (n_cols,) [DN/s]; NaN where it must be found otherwise
    pairs: I64  # (n_pairs, 2) of the sorting network


@kernel
def median_scratch(n_cols: int, n_steps: int) -> MedianScratch:
    """Return the room that rows of this size need."""
    return MedianScratch(
        np.empty(n_steps * n_cols, np.float32),
        np.empty(n_cols, np.int32),
        np.empty(n_cols, np.int32),
        np.empty(n_cols, np.float64),
        sorting_network(n_steps, np.ones(n_steps, np.bool_)),
    )


@borrowing_kernel
def _gather_steps(
    values: tuple[F32, F32],
    flags: tuple[U8, U8],
    cols: I64,
    n: int,
    steps: F32,
    scratch: MedianScratch,
) -> None:
    """Collect the differences of two groups in the first `n` of `cols`."""
    earlier, later = values
    before, after = flags
    n_steps, n_good = scratch.n_steps, scratch.n_good
    none = np.float32(np.inf)
    for k in range(n):
        x = cols[k]
        is_step = ((before[x] & _UNUSABLE) | (after[x] & _NOT_A_STEP)) == 0
        step = later[x] - earlier[x]
        steps[k] = step if is_step else none
        n_steps[k] += np.int32(is_step)
        n_good[k] += np.int32(after[x] == 0)


@borrowing_kernel
def _add_medians(steps: F32, scratch: MedianScratch) -> None:
    """Add the medians of the sorted steps of one integration to the rates."""
    for k in range(steps.shape[1]):
        count = scratch.n_steps[k]
        if count == 0 or scratch.n_good[k] < 2:
            scratch.rate[k] = math.nan
            continue
        low, high = steps[(count - 1) // 2, k], steps[count // 2, k]
        scratch.rate[k] += 0.5 * (np.float64(low) + np.float64(high))


@borrowing_kernel
def find_medians(
    row: RowData,
    first: int,
    n_used: int,
    group_time: float,
    total: F32,
    cols: I64,
    n: int,
    scratch: MedianScratch,
) -> None:
    """Fill `rate` for the first `n` of the columns `cols`.

    Rules for single good groups and data that are no numbers are left to the arithmetic
    of the single pixel.

    Parameters
    ----------
    first, n_used : int
        Groups that may be used.
    group_time : float
        [s]
    total : (n_cols,) float32
        Sum of all data of each pixel [DN].
    """
    for k in range(n):
        scratch.rate[k] = 0.0 if abs(total[cols[k]]) < _LARGEST else math.nan
    n_ints, n_steps = row.sci.shape[0], n_used - 1
    steps = scratch.steps[: n_steps * n].reshape((n_steps, n))
    for i in range(n_ints):
        for k in range(n):
            scratch.n_steps[k] = 0
            scratch.n_good[k] = row.groupdq[i, first, cols[k]] == 0
        for g in range(first + 1, first + n_used):
            values = row.sci[i, g - 1], row.sci[i, g]
            flags = row.groupdq[i, g - 1], row.groupdq[i, g]
            _gather_steps(values, flags, cols, n, steps[g - first - 1], scratch)
        sort_columns(steps, scratch.pairs)
        _add_medians(steps, scratch)
    for k in range(n):
        scratch.rate[k] /= group_time * n_ints


@borrowing_kernel
def used_range(settings: FitSettings) -> tuple[int, int]:
    """Return the first group that may be used, and how many there are from it on."""
    first = max(settings.first, settings.first_used)
    return first, min(settings.stop, settings.last_used + 1) - first


@kernel
def find_all_medians(row: RowData, settings: FitSettings, scratch: MedianScratch) -> None:
    """Fill `rate` for all columns."""
    n_cols = scratch.rate.size
    first, n_used = used_range(settings)
    scratch.rate[:] = math.nan
    if n_used < 3:
        return
    total = np.zeros(n_cols, np.float32)
    for i in range(row.sci.shape[0]):
        for g in range(first, first + n_used):
            values = row.sci[i, g]
            for x in range(n_cols):
                total[x] += values[x]
    cols = np.arange(n_cols)
    time = settings.group_time
    find_medians(row, first, n_used, time, total, cols, n_cols, scratch)
