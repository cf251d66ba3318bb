"""All pixels of a row that nothing is special about, in the single-pass branch.

Columns are the lanes of vector instructions. The arithmetic is that of `list_beyond` and
`collect_sources`, value by value.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I32, U8, U32, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import sigma_of, variance_by_reading
from rampviewer.core.jump.row_screen import RowScratch
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.sources import BITS

_JUMP = np.uint8(Dq.JUMP_DET)
_SPECIAL = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET)
_LARGEST = np.float32(1e30)  # [electron]; beyond, data are no numbers


class LaneScratch(NamedTuple):
    """Room for one row, made once for a block."""

    median: F64  # (n_cols,) of the differences [electron]
    sigma: F64  # (n_cols,) noise of one [electron]
    is_special: U8  # (n_cols,) 1 where a pixel must be decided on its own
    n_old: I32  # (n_cols,) jumps with the old threshold, 0 where special
    n_new: I32  # (n_cols,) likewise with the new one
    spread: U32  # (n_words, n_cols) as in `mark_sources`, 0 where special


@kernel
def lane_scratch(n_planes: int, n_cols: int) -> LaneScratch:
    """Return the room that rows of this size need."""
    return LaneScratch(
        np.empty(n_cols, np.float64),
        np.empty(n_cols, np.float64),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.int32),
        np.empty(n_cols, np.int32),
        np.empty((-(-n_planes // BITS), n_cols), np.uint32),
    )


@borrowing_kernel
def _find_special(union: U8, total: F32, is_special: U8) -> None:
    for x in range(union.size):
        is_special[x] = ((union[x] & _SPECIAL) != 0) | (not total[x] < _LARGEST)


@borrowing_kernel
def _find_noise(
    middles: tuple[F32, F32], noise2: F32, n_reads: float, lanes: LaneScratch
) -> None:
    """Fill `median` and `sigma`, which is NaN where a pixel is special: no jump then."""
    low, high = middles
    median, sigma, is_special = lanes.median, lanes.sigma, lanes.is_special
    for x in range(median.size):
        middle = (np.float64(low[x]) + np.float64(high[x])) / 2.0
        noise = sigma_of(middle, variance_by_reading(noise2[x], n_reads))
        median[x] = middle
        sigma[x] = np.nan if is_special[x] else noise


@borrowing_kernel
def _decide(
    signal: tuple[F32, F32],
    limits: tuple[float, float, float, float],
    shift: int,
    lanes: LaneScratch,
    spread: U32,
    flags: U8,
) -> None:
    """Flag one group, which is bit `shift` of `spread`."""
    (earlier, later), (old, new, least, most) = signal, limits
    median, sigma = lanes.median, lanes.sigma
    n_old, n_new, bit = lanes.n_old, lanes.n_new, np.uint32(shift)
    for x in range(flags.size):
        step = later[x] - earlier[x]
        ratio = abs(np.float64(step) - median[x]) / sigma[x]
        is_jump = ratio > new
        n_old[x] += np.int32(ratio > old)
        n_new[x] += np.int32(is_jump)
        flags[x] |= np.uint8(is_jump) * _JUMP
        is_source = is_jump & (least < ratio) & (ratio < most)
        spread[x] |= np.uint32(is_source) << bit


@kernel
def decide_lanes(
    row_values: RowScratch,
    row: int,
    settings: tuple[JumpSettings, JumpSettings],
    flags: U8,
    lanes: LaneScratch,
) -> None:
    """Flag the jumps of a loaded row but for special pixels, and fill `lanes`.

    Parameters
    ----------
    row_values : RowScratch
    row : int
        The row of `flags`.
    settings : (JumpSettings, JumpSettings)
        Old and new ones.
    flags : (n_planes, n_rows, n_cols) uint8
        Changed in place.
    lanes : LaneScratch
    """
    (old, new), ordered = settings, row_values.ordered
    n, n_groups = len(ordered), new.steps.size + 1
    _find_special(row_values.union, row_values.total, lanes.is_special)
    middles = ordered[(n - 1) // 2], ordered[n // 2]
    _find_noise(middles, row_values.noise2, new.n_reads, lanes)
    lanes.n_old[:] = 0
    lanes.n_new[:] = 0
    lanes.spread[:] = 0
    most = new.max_to_neighbors if new.flag_neighbors else -1.0  # no ratio is smaller
    limits = old.threshold, new.threshold, new.min_to_neighbors, most
    for p in range(len(flags)):
        if p % n_groups > 0:
            signal = row_values.signal[p - 1], row_values.signal[p]
            spread = lanes.spread[p // BITS]
            _decide(signal, limits, p % BITS, lanes, spread, flags[p, row])
