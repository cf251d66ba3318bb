"""Fits of rows in which most pixels are flagged, as those of a move often are."""

import numpy as np

from rampviewer.core._jit import U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.coefficients import Coefficients
from rampviewer.core.fit.pixel import fit_one
from rampviewer.core.fit.row_data import FitInputs, row_data, row_room
from rampviewer.core.fit.row_medians import find_all_medians, median_scratch, used_range
from rampviewer.core.fit.rows import FitOutputs, fit_rows, store
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.work import ramp_work

_ALL, _ALL_BUT_UNUSED = np.uint8(255), np.uint8(255 - Dq.DO_NOT_USE)


@borrowing_kernel
def _unite(flags: U8, mask: np.uint8, union: U8) -> None:
    for x in range(union.size):
        union[x] |= flags[x] & mask


@borrowing_kernel
def _is_flagged(inputs: FitInputs, row: int, settings: FitSettings, union: U8) -> bool:
    """Return whether no pixel of a row can be fitted as one good ramp, for its flags."""
    first, n_used = used_range(settings)
    union[:] = 0
    for i in range(inputs.groupdq.shape[0]):
        for g in range(settings.first, settings.stop):
            # A group that no ramp may use counts as DO_NOT_USE, flagged or not.
            mask = _ALL if first <= g < first + n_used else _ALL_BUT_UNUSED
            _unite(inputs.groupdq[i, g, row - inputs.dq_row_start], mask, union)
    n = np.int32(0)
    for x in range(union.size):
        n = np.int32(n + np.int32(union[x] != 0))
    return bool(n == union.size)


@kernel
def fit_flagged_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: FitSettings,
    table: Coefficients,
    out: FitOutputs,
) -> None:
    """Do the same as `fit_rows`, quicker where every pixel of a row has a flag."""
    n_cols, n_used = inputs.sci.shape[3], used_range(settings)[1]
    if n_used < 3:
        fit_rows(inputs, row_start, row_stop, settings, table, out)
        return
    work = ramp_work(inputs.sci.shape[0], settings.stop - settings.first)
    room, union = row_room(inputs), np.empty(n_cols, np.uint8)
    medians = median_scratch(n_cols, n_used - 1)
    row = row_start
    while row < row_stop:
        if not _is_flagged(inputs, row, settings, union):
            stop = row + 1
            while stop < row_stop and not _is_flagged(inputs, stop, settings, union):
                stop += 1
            fit_rows(inputs, row, stop, settings, table, out)
            row = stop
            continue
        line = row_data(inputs, row, room)
        find_all_medians(line, settings, medians)
        for col in range(n_cols):
            fit_one(line, col, medians.rate[col], settings, table, work)
            store(work, row, col, out)
        row += 1
