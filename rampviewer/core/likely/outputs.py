"""Planes that the likelihood fit fills."""

from typing import NamedTuple

from rampviewer.core._jit import F32, U32, borrowing_kernel, kernel
from rampviewer.core.likely.work import (
    CHISQ,
    ERR,
    SLOPE,
    VAR_POISSON,
    VAR_RNOISE,
    LikelyWork,
)


class LikelyOutputs(NamedTuple):
    """Planes to fill: six of the exposure, six of its integrations."""

    slope: F32  # (n_rows, n_cols)
    dq: U32
    var_poisson: F32
    var_rnoise: F32
    err: F32
    chisq: F32
    int_slope: F32  # (n_ints, n_rows, n_cols)
    int_dq: U32
    int_var_poisson: F32
    int_var_rnoise: F32
    int_err: F32
    int_chisq: F32


@borrowing_kernel
def store_exposure(work: LikelyWork, row: int, col: int, out: LikelyOutputs) -> None:
    """Write the last fit in `work` to the planes of the exposure."""
    fit = work.fits[work.dq.size - 1]
    out.slope[row, col] = fit[SLOPE]
    out.dq[row, col] = work.dq[work.dq.size - 1]
    out.var_poisson[row, col] = fit[VAR_POISSON]
    out.var_rnoise[row, col] = fit[VAR_RNOISE]
    out.err[row, col] = fit[ERR]
    out.chisq[row, col] = fit[CHISQ]


@borrowing_kernel
def store(work: LikelyWork, row: int, col: int, out: LikelyOutputs) -> None:
    """Write the fits in `work` to pixel (row, col) of the planes."""
    for i in range(work.dq.size - 1):
        fit = work.fits[i]
        out.int_slope[i, row, col] = fit[SLOPE]
        out.int_dq[i, row, col] = work.dq[i]
        out.int_var_poisson[i, row, col] = fit[VAR_POISSON]
        out.int_var_rnoise[i, row, col] = fit[VAR_RNOISE]
        out.int_err[i, row, col] = fit[ERR]
        out.int_chisq[i, row, col] = fit[CHISQ]
    store_exposure(work, row, col, out)


@borrowing_kernel
def read_integrations(out: LikelyOutputs, row: int, col: int, work: LikelyWork) -> None:
    """Read the fits of the integrations back from the planes."""
    for i in range(work.dq.size - 1):
        fit = work.fits[i]
        fit[SLOPE] = out.int_slope[i, row, col]
        work.dq[i] = out.int_dq[i, row, col]
        fit[VAR_POISSON] = out.int_var_poisson[i, row, col]
        fit[VAR_RNOISE] = out.int_var_rnoise[i, row, col]
        fit[ERR] = out.int_err[i, row, col]
        fit[CHISQ] = out.int_chisq[i, row, col]


@borrowing_kernel
def _copy(line: F32, out: F32) -> None:
    for x in range(out.size):
        out[x] = line[x]


@kernel
def copy_only_integration(row: int, out: LikelyOutputs) -> None:
    """Write the fits of the only integration of a row to the planes of the exposure."""
    _copy(out.int_slope[0, row], out.slope[row])
    _copy(out.int_var_poisson[0, row], out.var_poisson[row])
    _copy(out.int_var_rnoise[0, row], out.var_rnoise[row])
    _copy(out.int_err[0, row], out.err[row])
    _copy(out.int_chisq[0, row], out.chisq[row])
    flags, target = out.int_dq[0, row], out.dq[row]
    for x in range(target.size):
        target[x] = flags[x]
