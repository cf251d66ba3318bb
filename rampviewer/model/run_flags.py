"""GROUPDQ of a run, put together from what it keeps."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.exposure import Exposure
from rampviewer.model.flag_planes import with_jumps
from rampviewer.model.large_events import apply
from rampviewer.model.run import Run


def flags_of_run(exposure: Exposure, run: Run) -> NDArray[np.uint8]:
    """Return all flags of a run, (n_ints, n_groups, n_rows, n_cols) uint8, as a copy."""
    return flags_of_rows(exposure, run, 0, exposure.n_rows)


def flags_of_rows(
    exposure: Exposure, run: Run, row_start: int, row_stop: int
) -> NDArray[np.uint8]:
    """Do the same as `flags_of_run` for rows `row_start` to `row_stop` (exclusive)."""
    rows = slice(row_start, row_stop)
    groupdq = with_jumps(exposure.groupdq[:, :, rows], run.jump_bits[:, :, rows])
    if run.large is not None:
        apply(run.large, groupdq, np.zeros_like(groupdq), row_start, row_stop)
    return groupdq
