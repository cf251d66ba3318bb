"""Parts of rows, copied to tiles of ramps."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.jump.order_statistics import sorting_network
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.tile import (
    DATA,
    USE,
    Tile,
    fill,
)

DO_NOT_USE = np.uint8(Dq.DO_NOT_USE)
UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)


class TileSource(NamedTuple):
    """One integration of a part of a row, and what was found about its ramps."""

    signal: F32  # (n_differences + 1, n_lanes) [DN]
    flags: U8  # (n_differences + 1, n_lanes)
    seen: U8  # (n_lanes,) flags of all groups
    is_unusable: U8  # (n_lanes,) not 0 where no group is usable
    n_given: F64  # (n_lanes,) differences that can be used
    suspect: U8  # (n_lanes,) 1 where the ramp is left to the exact fit
    guess: F64  # (n_lanes,) count rate [DN/s]
    ordered: F64  # (n_differences, n_lanes) room to sort in
    pairs: I64  # of the sorting network


@kernel
def source_room(n: int, width: int) -> TileSource:
    """Return room for `width` ramps of `n` differences."""
    wanted = np.zeros(n, np.bool_)
    wanted[(n - 1) // 2] = wanted[n // 2] = True
    return TileSource(
        np.empty((n + 1, width), np.float32),
        np.empty((n + 1, width), np.uint8),
        np.empty(width, np.uint8),
        np.empty(width, np.uint8),
        np.empty(width),
        np.empty(width, np.uint8),
        np.empty(width),
        np.zeros((n, width)),
        sorting_network(n, wanted),
    )


@borrowing_kernel
def _copy_signal(m: int, line: F32, out: F32) -> None:
    for x in range(m):
        out[x] = line[x]


@borrowing_kernel
def _copy_flags(m: int, line: U8, extra: np.uint8, out: U8) -> None:
    for x in range(m):
        out[x] = line[x] | extra


@borrowing_kernel
def _other_frames(m: int, n_frames: np.float32, zeroframe: F32, group: F32) -> None:
    others = n_frames - np.float32(1)
    for x in range(m):
        group[x] = (group[x] * n_frames - zeroframe[x]) / others


@kernel
def read_groups(
    inputs: FitInputs,
    i: int,
    row: int,
    col: int,
    m: int,
    settings: LikelySettings,
    source: TileSource,
) -> None:
    """Copy signal and flags of integration `i` of `m` pixels of a row from `col` on."""
    start = 1 if settings.has_zeroframe else 0
    stop, dq_row = col + m, row - inputs.dq_row_start
    for g in range(inputs.sci.shape[1]):
        is_out = g < settings.first_used or g > settings.last_used
        extra = DO_NOT_USE if is_out else np.uint8(0)
        _copy_signal(m, inputs.sci[i, g, row, col:stop], source.signal[start + g])
        flags = inputs.groupdq[i, g, dq_row, col:stop]
        _copy_flags(m, flags, extra, source.flags[start + g])
    if settings.has_zeroframe:
        zeroframe = inputs.zeroframe[i, row, col:stop]
        _copy_signal(m, zeroframe, source.signal[0])
        n_frames = np.float32(settings.n_frames)
        _other_frames(m, n_frames, source.signal[0], source.signal[1])
        _copy_flags(m, source.flags[1], np.uint8(0), source.flags[0])


@borrowing_kernel
def _unite(m: int, flags: U8, seen: U8) -> None:
    for x in range(m):
        seen[x] |= flags[x]


@borrowing_kernel
def _intersect(m: int, flags: U8, unusable: U8) -> None:
    for x in range(m):
        unusable[x] = unusable[x] if flags[x] & UNUSABLE else np.uint8(0)


@borrowing_kernel
def _difference(m: int, before: F32, after: F32, delta_t: float, out: F64) -> None:
    for x in range(m):
        out[x] = np.float64(after[x] - before[x]) / delta_t


@borrowing_kernel
def _used(m: int, before: U8, after: U8, out: F64) -> None:
    for x in range(m):
        out[x] = 1.0 if before[x] | after[x] == 0 else 0.0


@borrowing_kernel
def _add(m: int, line: F64, total: F64) -> None:
    for x in range(m):
        total[x] += line[x]


@borrowing_kernel
def _spoil(m: int, line: F64, total: F64) -> None:
    for x in range(m):
        total[x] += 0.0 * line[x]  # NaN for NaN and infinity


@borrowing_kernel
def _copy(m: int, line: F64, out: F64) -> None:
    for x in range(m):
        out[x] = line[x]


@borrowing_kernel
def _exchange(m: int, lesser: F64, greater: F64) -> None:
    for x in range(m):
        a, b = lesser[x] + 0.0, greater[x] + 0.0  # no masked stores: see `sort_columns`
        lesser[x] = a if a < b else b
        greater[x] = b if a < b else a


@borrowing_kernel
def _guess(m: int, low: F64, high: F64, out: F64) -> None:
    for x in range(m):
        middle = 0.5 * (low[x] + high[x])
        out[x] = middle if middle > 0.0 else 0.0


@kernel
def set_differences(
    m: int, settings: LikelySettings, source: TileSource, tile: Tile
) -> None:
    """Write `data` and `use` of the tile, and what `source` holds about each ramp.

    `guess` is NaN where a difference is no finite number.
    """
    n = tile.cubes.shape[1]
    source.seen[:] = 0
    source.is_unusable[:] = 1
    for g in range(n + 1):
        _unite(m, source.flags[g], source.seen)
        _intersect(m, source.flags[g], source.is_unusable)
    fill(m, 0.0, source.n_given)
    for k in range(n):
        before, after = source.signal[k], source.signal[k + 1]
        _difference(m, before, after, settings.pattern.delta_t[k], tile.cubes[DATA, k])
        _used(m, source.flags[k], source.flags[k + 1], tile.cubes[USE, k])
        _add(m, tile.cubes[USE, k], source.n_given)
        _copy(m, tile.cubes[DATA, k], source.ordered[k])
    for pair in range(len(source.pairs)):
        low, high = source.pairs[pair]
        _exchange(m, source.ordered[low], source.ordered[high])
    _guess(m, source.ordered[(n - 1) // 2], source.ordered[n // 2], source.guess)
    for k in range(n):
        _spoil(m, tile.cubes[DATA, k], source.guess)
