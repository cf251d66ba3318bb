"""Rows fitted by tiles of ramps, and a list of the pixels that need the exact fit."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I64, U8, borrowing_kernel, kernel
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.combine import combine
from rampviewer.core.likely.outputs import (
    LikelyOutputs,
    copy_only_integration,
    read_integrations,
    store_exposure,
)
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.tile import (
    CENTER,
    LOW,
    MIXED,
    NOISE2,
    PHOTONS,
    TOTAL,
    Tile,
    back_data,
    back_ones,
    forward,
    tile_room,
)
from rampviewer.core.likely.tile_falls import largest_falls, reduce_tile
from rampviewer.core.likely.tile_load import (
    TileSource,
    read_groups,
    set_differences,
    source_room,
)
from rampviewer.core.likely.tile_search import Search, search_jumps, slack_of
from rampviewer.core.likely.tile_store import store_fits, store_flags
from rampviewer.core.likely.work import LikelyWork, likely_work

WIDTH = 128  # lanes of a tile: all of it stays in the cache

# With fewer usable differences the reference decides on what rounding leaves.
LEAST_DIFFERENCES = 3.0
# Outside of these, sums or products could leave the range of numbers.
SMALLEST, LARGEST = 1e-25, 1e25


class Room(NamedTuple):
    """Room for one tile after the other."""

    source: TileSource
    tile: Tile
    search: Search
    rate: F64  # (n_lanes,) [DN/s]
    best_one: F64  # (n_lanes,) largest fall of chi-square without one difference
    best_two: F64  # (n_lanes,) without two in a row
    exact: U8  # (n_lanes,) 1 for pixels that need the exact fit


@kernel
def _room(n: int) -> Room:
    return Room(
        source_room(n, WIDTH),
        tile_room(n, WIDTH),
        Search(tile_room(n, WIDTH), np.empty(WIDTH, np.int64)),
        np.empty(WIDTH),
        np.empty(WIDTH),
        np.empty(WIDTH),
        np.empty(WIDTH, np.uint8),
    )


@borrowing_kernel
def _calibrate(
    m: int, rate: F64, gain: F32, readnoise: F32, photons: F64, noise2: F64
) -> None:
    for x in range(m):
        photons[x] = rate[x] / np.float64(gain[x])
    for x in range(m):
        noise2[x] = 0.5 * (np.float64(readnoise[x]) * np.float64(readnoise[x]))


@borrowing_kernel
def _suspect_beyond(m: int, line: F64, least: float, most: float, suspect: U8) -> None:
    for x in range(m):
        suspect[x] |= np.uint8(0) if least <= line[x] <= most else np.uint8(1)


@borrowing_kernel
def _suspect_calibration(m: int, gain: F32, tile: Tile, suspect: U8) -> None:
    """Mark ramps with a gain, a read noise or a rate beyond what is ordinary."""
    for x in range(m):
        suspect[x] |= np.uint8(0) if gain[x] > np.float32(0) else np.uint8(1)
    _suspect_beyond(m, tile.lines[PHOTONS], 0.0, LARGEST, suspect)
    _suspect_beyond(m, tile.lines[NOISE2], SMALLEST, LARGEST, suspect)


@kernel
def _list_candidates(m: int, settings: LikelySettings, room: Room) -> int:
    """List in `room.search.lanes` the ramps that might have a jump; return their number."""
    count = 0
    tile, suspect, n_given = room.tile, room.source.suspect, room.source.n_given
    for x in range(m):
        slack = slack_of(x, tile)
        is_quiet = (
            room.best_one[x] < settings.threshold_one - slack
            and room.best_two[x] < settings.threshold_two - slack
        )
        room.search.lanes[count] = x
        # Without branches: most ramps are quiet.
        count += int(not is_quiet and suspect[x] == 0 and n_given[x] > 0.0)
    return count


@kernel
def _search(m: int, settings: LikelySettings, gain: F32, noise: F32, room: Room) -> None:
    """Leave jumps out of the ramps of the tile, and set `room.rate`."""
    tile, source = room.tile, room.source
    for x in range(m):
        tile.lines[CENTER, x] = source.guess[x]
    _calibrate(m, source.guess, gain, noise, tile.lines[PHOTONS], tile.lines[NOISE2])
    source.suspect[:] = 0
    _suspect_calibration(m, gain, tile, source.suspect)
    _suspect_beyond(m, source.n_given, LEAST_DIFFERENCES, np.inf, source.suspect)
    forward(m, settings.pattern, tile)
    _suspect_beyond(m, tile.lines[LOW], 0.0, np.inf, source.suspect)
    _suspect_beyond(m, tile.lines[TOTAL], 0.0, np.inf, source.suspect)
    back_ones(m, tile)
    back_data(m, tile)
    reduce_tile(m, tile)
    largest_falls(m, settings.pattern.is_averaged, tile, room.best_one, room.best_two)
    for x in range(m):
        room.rate[x] = tile.lines[CENTER, x] + tile.lines[MIXED, x] / tile.lines[TOTAL, x]
    count = _list_candidates(m, settings, room)
    search_jumps(count, settings, tile, room.search, room.rate, source.suspect)


@kernel
def _fit_integration(
    inputs: FitInputs,
    i: int,
    row: int,
    col: int,
    m: int,
    settings: LikelySettings,
    room: Room,
    out: LikelyOutputs,
) -> None:
    """Fit integration `i` of `m` pixels of a row, and mark in `room.exact` what failed."""
    stop, tile, source = col + m, room.tile, room.source
    gain, noise = inputs.gain[row, col:stop], inputs.readnoise[row, col:stop]
    read_groups(inputs, i, row, col, m, settings, source)
    set_differences(m, settings, source, tile)
    _search(m, settings, gain, noise, room)
    for x in range(m):
        tile.lines[CENTER, x] = room.rate[x]
    for x in range(m):
        rate = room.rate[x] + 0.0  # no masked store: see `sort_columns`
        room.rate[x] = rate if rate > 0.0 else 0.0
    if inputs.dark_current.size > 0:
        dark = inputs.dark_current[row, col:stop]
        for x in range(m):
            room.rate[x] += dark[x]
    _calibrate(m, room.rate, gain, noise, tile.lines[PHOTONS], tile.lines[NOISE2])
    _suspect_calibration(m, gain, tile, source.suspect)
    forward(m, settings.pattern, tile)
    _suspect_beyond(m, tile.lines[LOW], 0.0, np.inf, source.suspect)
    back_ones(m, tile)
    store_fits(m, settings.pattern, tile, source.n_given, i, row, col, out)
    store_flags(m, inputs.pixeldq[row, col:stop], source, tile, i, row, col, out)
    for x in range(m):
        is_given = np.uint8(1) if source.n_given[x] > 0.0 else np.uint8(0)
        room.exact[x] |= source.suspect[x] & is_given


@kernel
def _combine_row(row: int, n_cols: int, work: LikelyWork, out: LikelyOutputs) -> None:
    if work.dq.size == 2:
        copy_only_integration(row, out)
        return
    for col in range(n_cols):
        read_integrations(out, row, col, work)
        combine(work)
        store_exposure(work, row, col, out)


@kernel
def fit_tiles(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: LikelySettings,
    rows: I64,
    cols: I64,
    out: LikelyOutputs,
) -> int:
    """Fit rows `row_start` to `row_stop` (exclusive) and list what needs the exact fit.

    Parameters
    ----------
    rows, cols : (n_pixels,) int64
        Room for all pixels of the rows; the first ones are set to the list.

    Returns
    -------
    count : int
        Length of the list.
    """
    n_ints, _, _, n_cols = inputs.sci.shape
    n = settings.pattern.delta_t.size
    room, work = _room(n), likely_work(n_ints, n)
    count = 0
    for row in range(row_start, row_stop):
        for col in range(0, n_cols, WIDTH):
            m = min(WIDTH, n_cols - col)
            room.exact[:] = 0
            for i in range(n_ints):
                _fit_integration(inputs, i, row, col, m, settings, room, out)
            for x in range(m):
                rows[count], cols[count] = row, col + x
                count += int(room.exact[x])
        _combine_row(row, n_cols, work, out)
    return count
