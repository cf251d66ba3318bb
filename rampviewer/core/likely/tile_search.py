"""Jumps left out of many ramps at once.

Only ramps that might have a jump come here. Turn by turn those that lost a difference are
solved again, the others leave. A ramp is left to the exact fit when a decision is so close
that the rounding of the reference could tip it.
"""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, I64, U8, borrowing_kernel, kernel
from rampviewer.core.likely.jumps import FEW_DIFFERENCES
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.tile import (
    CENTER,
    DATA,
    MIXED,
    NOISE2,
    ONES,
    PHOTONS,
    ROW_DATA,
    SQUARE,
    TOTAL,
    USE,
    Tile,
    back_data,
    back_ones,
    forward,
)
from rampviewer.core.likely.tile_falls import pair_beside, pair_fall, reduce_tile

# Share of the squared signal to noise ratio that rounding may hide, with ample room.
ROUNDING = 1e-9
SLACK = 1e-6
# A pair of differences as good as unrelated: the reference divides by this.
UNRELATED = 1e-6

NOTHING, UNSURE = -1, -2  # what `decide` returns instead of a difference


@borrowing_kernel
def slack_of(x: int, tile: Tile) -> float:
    """Return how close to a limit a fall of chi-square of lane `x` is too close."""
    center = tile.lines[CENTER, x]
    square = tile.lines[SQUARE, x] + center * (
        2.0 * tile.lines[MIXED, x] + center * tile.lines[TOTAL, x]
    )
    return np.float64(ROUNDING * abs(square) + SLACK)


@kernel
def _pairs(x: int, is_averaged: U8, slack: float, tile: Tile) -> tuple[float, int, bool]:
    """Return the largest fall of a pair, its place, and whether all that is sure."""
    best, place = -math.inf, 0
    is_sure = True
    for k in range(tile.cubes.shape[1] - 1):
        if tile.cubes[USE, k, x] * tile.cubes[USE, k + 1, x] == 0.0:
            continue
        beside = pair_beside(k, x, tile)
        if abs(beside) < UNRELATED * math.sqrt(
            tile.cubes[ONES, k, x] * tile.cubes[ONES, k + 1, x]
        ):
            is_sure = False
        if is_averaged[k]:
            fall = pair_fall(k, x, beside, tile)
            if fall > best:
                best, place = fall, k
    for k in range(tile.cubes.shape[1] - 1):
        if k != place and tile.cubes[USE, k, x] * tile.cubes[USE, k + 1, x] != 0.0:
            fall = pair_fall(k, x, pair_beside(k, x, tile), tile)
            is_sure = is_sure and not abs(fall - best) <= slack
    return best, place, is_sure


@kernel
def decide(x: int, settings: LikelySettings, tile: Tile) -> tuple[int, int]:
    """Return the first difference to leave out of lane `x`, and how many.

    `tile` is as `reduce_tile` left it. NOTHING or UNSURE take the place of the difference.
    """
    slack = slack_of(x, tile)
    best, second, place = -math.inf, -math.inf, 0
    for k in range(tile.cubes.shape[1]):
        if tile.cubes[USE, k, x] != 0.0:
            fall = (
                tile.cubes[ROW_DATA, k, x]
                * tile.cubes[ROW_DATA, k, x]
                / tile.cubes[ONES, k, x]
            )
            if fall > best:
                best, second, place = fall, best, k
            elif fall > second:
                second = fall
    pair, pair_place, is_sure = _pairs(x, settings.pattern.is_averaged, slack, tile)
    over_one, over_two = best - settings.threshold_one, pair - settings.threshold_two
    if over_one < -slack and over_two < -slack:
        return NOTHING, 0
    if not is_sure or not abs(over_one - over_two) > slack:
        return UNSURE, 0
    if over_one > over_two:
        is_clear = over_one > slack and second < best - slack
        return (place, 1) if is_clear else (UNSURE, 0)
    return (pair_place, 2) if over_two > slack else (UNSURE, 0)


class Search(NamedTuple):
    """Ramps under search, side by side."""

    tile: Tile
    lanes: I64  # (n_lanes,) where each ramp came from


@kernel
def _take(m: int, source: Tile, search: Search) -> None:
    """Copy the ramps named by the first `m` of `lanes`."""
    tile = search.tile
    for j in range(m):
        x = search.lanes[j]
        tile.lines[PHOTONS, j], tile.lines[NOISE2, j] = (
            source.lines[PHOTONS, x],
            source.lines[NOISE2, x],
        )
        tile.lines[CENTER, j] = source.lines[CENTER, x]
    for k in range(tile.cubes.shape[1]):
        for j in range(m):
            x = search.lanes[j]
            tile.cubes[DATA, k, j], tile.cubes[USE, k, j] = (
                source.cubes[DATA, k, x],
                source.cubes[USE, k, x],
            )


@kernel
def _move(source: int, target: int, search: Search) -> None:
    tile = search.tile
    search.lanes[target] = search.lanes[source]
    tile.lines[PHOTONS, target] = tile.lines[PHOTONS, source]
    tile.lines[NOISE2, target] = tile.lines[NOISE2, source]
    tile.lines[CENTER, target] = tile.lines[CENTER, source]
    for k in range(tile.cubes.shape[1]):
        tile.cubes[DATA, k, target] = tile.cubes[DATA, k, source]
        tile.cubes[USE, k, target] = tile.cubes[USE, k, source]


@kernel
def _n_used(j: int, tile: Tile) -> int:
    n = 0
    for k in range(tile.cubes.shape[1]):
        n += tile.cubes[USE, k, j] != 0.0
    return n


@kernel
def search_jumps(
    m: int, settings: LikelySettings, source: Tile, search: Search, rate: F64, suspect: U8
) -> None:
    """Leave differences with jumps out of `source` of some ramps.

    Parameters
    ----------
    m : int
        Ramps to search, named by the first `m` of `search.lanes`.
    settings : LikelySettings
    source : Tile
        Its `use` is changed in place.
    search : Search
    rate : (n_lanes,) float64
        Set to the count rate of what is left [DN/s].
    suspect : (n_lanes,) uint8
        Set to 1 for ramps to be left to the exact fit.
    """
    tile = search.tile
    _take(m, source, search)
    turn = 0
    while m > 0:
        forward(m, settings.pattern, tile)
        back_ones(m, tile)
        back_data(m, tile)
        reduce_tile(m, tile)
        kept = 0
        for j in range(m):
            x = search.lanes[j]
            rate[x] = tile.lines[CENTER, j] + tile.lines[MIXED, j] / tile.lines[TOTAL, j]
            place, n_out = NOTHING, 0
            if turn == 0 or _n_used(j, tile) > FEW_DIFFERENCES:
                place, n_out = decide(j, settings, tile)
            suspect[x] |= place == UNSURE
            if place < 0:
                continue
            for k in range(place, place + n_out):
                tile.cubes[USE, k, j] = source.cubes[USE, k, x] = 0.0
            _move(j, kept, search)
            kept += 1
        m = kept
        turn += 1
