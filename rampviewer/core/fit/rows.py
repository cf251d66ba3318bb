"""Rows of an exposure, fitted."""

from typing import NamedTuple

from rampviewer.core._jit import F32, U32, kernel
from rampviewer.core.fit.coefficients import Coefficients
from rampviewer.core.fit.load import FitInputs
from rampviewer.core.fit.pixel import fit_one
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
    """Planes to fill: five of the exposure, five of its integrations."""

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


@kernel
def store(work: RampWork, row: int, col: int, out: FitOutputs) -> None:
    """Write the fits in `work` to pixel (row, col) of the planes."""
    n_ints = work.dq.shape[0]
    for i in range(n_ints):
        out.int_slope[i, row, col] = work.fits[i, SLOPE]
        out.int_dq[i, row, col] = work.flags[i]
        out.int_var_poisson[i, row, col] = work.fits[i, VAR_POISSON]
        out.int_var_rnoise[i, row, col] = work.fits[i, VAR_RNOISE]
        out.int_err[i, row, col] = work.fits[i, ERR]
    out.slope[row, col] = work.fits[n_ints, SLOPE]
    out.dq[row, col] = work.flags[n_ints]
    out.var_poisson[row, col] = work.fits[n_ints, VAR_POISSON]
    out.var_rnoise[row, col] = work.fits[n_ints, VAR_RNOISE]
    out.err[row, col] = work.fits[n_ints, ERR]


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
    for row in range(row_start, row_stop):
        for col in range(inputs.sci.shape[3]):
            fit_one(inputs, row, col, settings, table, work)
            store(work, row, col, out)
