"""GROUPDQ of a run, put together from what it keeps."""

import math

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.exposure import Exposure
from rampviewer.model.memory.scratch import expect, release
from rampviewer.model.runs.flag_planes import with_jumps
from rampviewer.model.runs.large_events import apply, apply_to_group
from rampviewer.model.runs.run import Run


def flags_of_run(exposure: Exposure, run: Run) -> NDArray[np.uint8]:
    """Return all flags of a run, (n_ints, n_groups, n_rows, n_cols) uint8, as a copy."""
    groupdq = exposure.room.empty(exposure.groupdq.shape, np.uint8)
    for start, stop in exposure.bands(n_threads=1):
        groupdq[:, :, start:stop] = flags_of_rows(exposure, run, start, stop)
        release(groupdq, exposure.groupdq, run.jump_bits)
    return groupdq


def flags_of_rows(
    exposure: Exposure, run: Run, row_start: int, row_stop: int
) -> NDArray[np.uint8]:
    """Do the same as `flags_of_run` for rows `row_start` to `row_stop` (exclusive)."""
    rows = slice(row_start, row_stop)
    groupdq = with_jumps(exposure.groupdq[:, :, rows], run.jump_bits[:, :, rows])
    if run.large is not None:
        apply(run.large, groupdq, np.zeros_like(groupdq), row_start, row_stop)
    return groupdq


def flags_of_part(
    exposure: Exposure, run: Run, part: tuple[int | slice, ...]
) -> NDArray[np.uint8]:
    """Return all flags of some groups of a run, as a copy; `part` is one of `blocks`."""
    release(exposure.groupdq, run.jump_bits)  # of the part before
    expect(exposure.groupdq[part], run.jump_bits[part])
    groupdq = with_jumps(exposure.groupdq[part], run.jump_bits[part])
    if run.large is not None:
        shape = exposure.n_ints, exposure.n_groups
        numbers = np.arange(math.prod(shape)).reshape(shape)[part]
        flags = groupdq.reshape(-1, *groupdq.shape[-2:])
        for group, number in zip(flags, numbers.ravel().tolist(), strict=True):
            apply_to_group(run.large, group, number)
    return groupdq
