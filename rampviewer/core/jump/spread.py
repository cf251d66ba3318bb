"""Flags that follow from other flags: neighbours, and the groups after a large jump."""

import numpy as np

from rampviewer.core._jit import F32, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import middle, sort_values
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_TAKEN = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET)
_NEIGHBOR = np.uint8(Origin.NEIGHBOR)
_AFTER_JUMP = np.uint8(Origin.AFTER_JUMP)


@kernel
def flag_neighbors(
    sources: I64, n_sources: int, shift: int, flags: U8, origin: U8, row: int
) -> None:
    """Flag what lies `shift` columns from each source, in one row.

    A group that is saturated, unusable or flagged already stays as it is.

    Parameters
    ----------
    sources : (>= n_sources,) int64
        plane x n_cols + column of the jumps that flag their neighbours.
    flags, origin : (n_planes, n_rows, n_cols) uint8
        Changed in place in `row`; a plane is one group of one integration.
    """
    n_cols = flags.shape[2]
    for k in range(n_sources):
        plane = sources[k] // n_cols
        col = sources[k] % n_cols + shift
        if 0 <= col < n_cols and not flags[plane, row, col] & _TAKEN:
            flags[plane, row, col] |= _JUMP
            origin[plane, row, col] = _NEIGHBOR


@kernel
def flag_after_jumps(
    signal: F32, n_ints: int, settings: JumpSettings, flags: U8, origin: U8
) -> None:
    """Flag the groups after the large jumps of one pixel.

    Every jump counts here, a neighbour's flag as well, but none that this function sets.

    Parameters
    ----------
    signal : (n_planes,) float32
        [electron]; NaN where the group is saturated or unusable.
    flags, origin : (n_planes,) uint8
        Changed in place.
    """
    n_groups = signal.size // n_ints
    values = np.empty(signal.size, np.float32)
    n = 0
    for p in range(signal.size):
        if p % n_groups and not np.isnan(signal[p] - signal[p - 1]):
            values[n] = signal[p] - signal[p - 1]
            n += 1
    sort_values(values, n)
    median = middle(values, 0, n)
    for i in range(n_ints):
        last = -1  # no group up to this one needs a flag
        for p in range(i * n_groups + 1, (i + 1) * n_groups):
            if flags[p] & _JUMP:
                size = np.float64(signal[p] - signal[p - 1]) - median
                if size >= settings.after_limit_1:
                    last = max(last, p + settings.after_groups_1)
                if size >= settings.after_limit_2:
                    last = max(last, p + settings.after_groups_2)
            elif p <= last and not flags[p] & _UNUSABLE:
                flags[p] |= _JUMP
                origin[p] = _AFTER_JUMP
