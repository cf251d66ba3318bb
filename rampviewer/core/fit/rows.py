"""Rows of an exposure, fitted."""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, U32, borrowing_kernel, kernel
from rampviewer.core.fit.coefficients import Coefficients
from rampviewer.core.fit.pixel import fit_one
from rampviewer.core.fit.row_data import FitInputs, RowData, copy_values, row_data, row_room
from rampviewer.core.fit.row_medians import find_medians, median_scratch
from rampviewer.core.fit.row_screen import (
    RowScratch,
    fit_lines,
    list_suspects,
    row_scratch,
    screen_row,
)
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.work import (
    ERR,
    SLOPE,
    VAR_POISSON,
    VAR_RNOISE,
    RampWork,
    ramp_work,
)


class FitOutputs(NamedTuple):
    """Planes to fill: five of the exposure, five of its integrations.

    All but the error of an only integration are those of the exposure: they may be left
    out, as (0, 0, 0).
    """

    slope: F32  # (n_rows, n_cols)
    dq: U32
    var_poisson: F32
    var_rnoise: F32
    err: F32
    int_slope: F32  # (n_ints, n_rows, n_cols)
    int_dq: U32
    int_var_poisson: F32
    int_var_rnoise: F32
    int_err: F32


@borrowing_kernel
def store(work: RampWork, row: int, col: int, out: FitOutputs) -> None:
    """Write the fits in `work` to pixel (row, col) of the planes."""
    n_ints = work.dq.shape[0]
    for i in range(n_ints):
        out.int_err[i, row, col] = work.fits[i, ERR]
        if out.int_slope.size == 0:
            continue
        out.int_slope[i, row, col] = work.fits[i, SLOPE]
        out.int_dq[i, row, col] = work.flags[i]
        out.int_var_poisson[i, row, col] = work.fits[i, VAR_POISSON]
        out.int_var_rnoise[i, row, col] = work.fits[i, VAR_RNOISE]
    out.slope[row, col] = work.fits[n_ints, SLOPE]
    out.dq[row, col] = work.flags[n_ints]
    out.var_poisson[row, col] = work.fits[n_ints, VAR_POISSON]
    out.var_rnoise[row, col] = work.fits[n_ints, VAR_RNOISE]
    out.err[row, col] = work.fits[n_ints, ERR]


@borrowing_kernel
def _copy_pixeldq(source: U32, target: U32) -> None:
    for x in range(target.size):
        target[x] = source[x]


@borrowing_kernel
def _take_only(source: F32, target: F32) -> None:
    """Do what `_accumulate` and `_divide` do for an only integration: -0 becomes 0."""
    zero = np.float32(0.0)
    for x in range(target.size):
        target[x] = source[x] + zero


@borrowing_kernel
def _divide(source: F64, divisor: float, target: F32) -> None:
    scale = 1.0 / divisor
    for x in range(target.size):
        target[x] = source[x] * scale


@borrowing_kernel
def _accumulate(values: F32, total: F64) -> None:
    for x in range(total.size):
        total[x] += values[x]


@borrowing_kernel
def _variances(
    poisson: F32, read: F32, n: int, out_poisson: F32, out_read: F32, out_err: F32
) -> None:
    """Write the variances of the mean of `n` equal integrations, and the error."""
    scale = np.float32(1.0 / n)
    for x in range(out_err.size):
        out_poisson[x] = poisson[x] * scale
    for x in range(out_err.size):
        out_read[x] = read[x] * scale
    for x in range(out_err.size):
        out_err[x] = np.sqrt((poisson[x] + read[x]) * scale)


@borrowing_kernel
def fit_ordinary(
    row: int,
    line: RowData,
    settings: FitSettings,
    table: Coefficients,
    scratch: RowScratch,
    out: FitOutputs,
) -> None:
    """Write the fits of a row as if every pixel of it were ordinary."""
    n_ints = line.sci.shape[0]
    if n_ints > 1:
        scratch.mean[:] = 0.0
    for i in range(n_ints):
        fit_lines(line, i, settings, table, scratch)
        if n_ints > 1:
            _accumulate(scratch.slope, scratch.mean)
        if out.int_slope.size == 0:
            continue
        copy_values(scratch.slope, out.int_slope[i, row])
        _copy_pixeldq(line.pixeldq, out.int_dq[i, row])
        _variances(
            scratch.poisson,
            scratch.read,
            1,
            out.int_var_poisson[i, row],
            out.int_var_rnoise[i, row],
            out.int_err[i, row],
        )
    if n_ints > 1:
        _divide(scratch.mean, n_ints, out.slope[row])
    else:
        _take_only(scratch.slope, out.slope[row])
    _copy_pixeldq(line.pixeldq, out.dq[row])
    _variances(
        scratch.poisson,
        scratch.read,
        n_ints,
        out.var_poisson[row],
        out.var_rnoise[row],
        out.err[row],
    )
    if out.int_slope.size == 0:
        copy_values(out.err[row], out.int_err[0, row])


@kernel
def fit_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: FitSettings,
    table: Coefficients,
    out: FitOutputs,
) -> None:
    """Fit rows `row_start` to `row_stop` (exclusive) and write their part of the planes."""
    work = ramp_work(inputs.sci.shape[0], settings.stop - settings.first)
    room = row_room(inputs)
    scratch = row_scratch(inputs.sci.shape[3], settings)
    medians = median_scratch(inputs.sci.shape[3], max(scratch.n_used - 1, 1))
    for row in range(row_start, row_stop):
        line = row_data(inputs, row, room)
        medians.rate[:] = math.nan
        is_screened = screen_row(line, settings, scratch)
        if is_screened:
            fit_ordinary(row, line, settings, table, scratch, out)
        n = list_suspects(scratch)
        if is_screened:
            find_medians(
                line,
                scratch.first,
                scratch.n_used,
                settings.group_time,
                scratch.total,
                scratch.suspects,
                n,
                medians,
            )
        for k in range(n):
            col = scratch.suspects[k]
            fit_one(line, col, medians.rate[k], settings, table, work)
            store(work, row, col, out)
