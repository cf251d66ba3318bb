"""Rows of an exposure, fitted by likelihood."""

import numpy as np

from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.listed import fit_listed
from rampviewer.core.likely.outputs import LikelyOutputs
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.tile_rows import fit_tiles


def fit_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: LikelySettings,
    out: LikelyOutputs,
) -> None:
    """Fit rows `row_start` to `row_stop` (exclusive) and write their part of the planes."""
    # One place more than pixels: the list is written before it is known to be needed.
    size = (row_stop - row_start) * inputs.sci.shape[3] + 1
    rows, cols = np.empty(size, np.int64), np.empty(size, np.int64)
    count = fit_tiles(inputs, row_start, row_stop, settings, rows, cols, out)
    if count > 0:
        fit_listed(inputs, rows[:count], cols[:count], settings, out)
