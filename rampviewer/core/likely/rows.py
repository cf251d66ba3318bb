"""Rows of an exposure, fitted by likelihood."""

import numpy as np

from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.listed import fit_listed
from rampviewer.core.likely.outputs import LikelyOutputs
from rampviewer.core.likely.settings import LikelySettings


def fit_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: LikelySettings,
    out: LikelyOutputs,
) -> None:
    """Fit rows `row_start` to `row_stop` (exclusive) and write their part of the planes."""
    n_cols = inputs.sci.shape[3]
    grid = np.mgrid[row_start:row_stop, :n_cols].reshape(2, -1).astype(np.int64)
    rows, cols = np.ascontiguousarray(grid[0]), np.ascontiguousarray(grid[1])
    fit_listed(inputs, rows, cols, settings, out)
