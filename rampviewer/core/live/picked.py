"""Pixels picked from a frame, and jump detection in them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, I64, U8, U32, borrowing_kernel, kernel
from rampviewer.core.jump.candidates import (
    candidate_at,
    detect_row,
    find_jumps,
    flag_jumps,
)
from rampviewer.core.jump.pixel_jumps import pixel_scratch
from rampviewer.core.jump.row_block import copy_flags
from rampviewer.core.jump.row_screen import (
    RowScratch,
    find_candidates,
    load_row,
    row_scratch,
)
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.jump.sources import mark_sources
from rampviewer.core.live.single_pass import LaneScratch, decide_lanes, lane_scratch
from rampviewer.core.marked import list_marked


@kernel
def pick_planes(
    frames: NDArray[Any], pixels: I64, rows: tuple[int, int], picked: NDArray[Any]
) -> None:
    """Copy some pixels of every frame.

    Parameters
    ----------
    frames : (n_planes, n_rows, n_cols)
    pixels : (n_picked_rows, n_picked_cols) int64
        Their places, row x n_cols + column of the frame.
    rows : (start, stop)
        Rows of `pixels` to do.
    picked : (n_planes, n_picked_rows, n_picked_cols)
        Filled in these rows.
    """
    for p in range(len(frames)):
        frame = frames[p].reshape(-1)
        for row in range(rows[0], rows[1]):
            places, out = pixels[row], picked[p, row]
            for x in range(places.size):
                out[x] = frame[places[x]]


@kernel
def detect_picked(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int],
    settings: JumpSettings,
    flags: U8,
    spread: U32,
) -> None:
    """Flag the jumps of pixels that stand side by side but are no neighbours.

    Parameters
    ----------
    data : (n_planes, n_rows, n_cols) float32
        [DN]; a plane is one group of one integration, all groups are alike.
    delivered : (n_planes, n_rows, n_cols) uint8
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    rows : (start, stop)
        Rows to do.
    settings : JumpSettings
    flags : (n_planes, n_rows, n_cols) uint8
        Filled in these rows, without what neighbours flag.
    spread : (n_rows, n_cols, n_words) uint32
        Filled with the groups that flag neighbours, see `mark_sources`.
    """
    n_planes, _, n_cols = data.shape
    n_ints = n_planes // (settings.steps.size + 1)
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, settings.branch)
    scratch, origin = pixel_scratch(n_planes), np.empty((0, 0, 0), np.uint8)
    sources = np.empty(n_planes * n_cols, np.int64)
    for row in range(rows[0], rows[1]):
        place = row, row
        copy_flags(delivered, place, settings.keep_delivered, flags, origin)
        load_row(data, delivered, noise, row, n_ints, settings, row_values)
        _, n_sources = detect_row(
            delivered, place, n_ints, settings, row_values, scratch, flags, origin, sources
        )
        mark_sources(sources[:n_sources], spread[row])


@borrowing_kernel
def _list_lanes(
    settings: JumpSettings,
    row_values: RowScratch,
    row: int,
    others: tuple[JumpSettings, JumpSettings],
    flags: U8,
    lanes: LaneScratch,
) -> int:
    """Fill `candidates` with pixels to decide on their own; return how many there are.

    All others are decided, if they are not surely quiet.
    """
    if settings.branch == ITERATIVE:
        return find_candidates(settings, row_values)
    decide_lanes(row_values, row, others, flags, lanes)
    return list_marked(lanes.is_special, row_values.candidates)


@borrowing_kernel
def _take_lanes(lanes: LaneScratch, spread: U32, changed: U8) -> int:
    """Add to `spread` and `changed` what `decide_lanes` found; return `n_more`."""
    n_more = np.int64(0)
    for x in range(changed.size):
        changed[x] |= lanes.n_new[x] != lanes.n_old[x]
        n_more += np.int64(lanes.n_new[x] - lanes.n_old[x])
    for word in range(len(lanes.spread)):
        bits = lanes.spread[word]
        for x in range(changed.size):
            spread[x, word] |= bits[x]
    return int(n_more)


@kernel
def compare_picked(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int],
    settings: tuple[JumpSettings, JumpSettings, JumpSettings],
    flags: U8,
    spread: U32,
    changed: U8,
) -> int:
    """Do the same as `detect_picked`, and compare with other settings.

    Parameters
    ----------
    settings : (JumpSettings, JumpSettings, JumpSettings)
        Old ones, without flags of neighbours, new ones, and some with the lower thresholds
        of the two. They differ in limits and rules only: what the higher thresholds flag
        in a pixel is a part of what the lower ones do.
    flags, spread
        Filled as the new settings have it.
    changed : (n_rows, n_cols) uint8
        1 where other jumps are found, 0 elsewhere.

    Returns
    -------
    n_more : int
        Primary jumps that there are more than before.
    """
    old, new, lower = settings
    n_planes, _, n_cols = data.shape
    n_ints = n_planes // (new.steps.size + 1)
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, new.branch)
    scratch, origin = pixel_scratch(n_planes), np.empty((0, 0, 0), np.uint8)
    sources, lanes = np.empty(n_planes * n_cols, np.int64), lane_scratch(n_planes, n_cols)
    n_more = np.int64(0)
    for row in range(rows[0], rows[1]):
        load_row(data, delivered, noise, row, n_ints, new, row_values)
        copy_flags(delivered, (row, row), new.keep_delivered, flags, origin)
        changed[row] = 0
        n_sources = int(np.int64(0))  # a literal 0 would be another type
        n_alone = _list_lanes(lower, row_values, row, (old, new), flags, lanes)
        for c in range(n_alone):
            col = row_values.candidates[c]
            pixel = candidate_at(col, new, row_values)
            n_found, n_jumps, n_sources = find_jumps(
                pixel,
                delivered,
                row,
                n_ints,
                new,
                row_values,
                scratch,
                sources,
                n_sources,
            )
            flag_jumps((row, col), scratch.jumps, n_found, flags, origin)
            n_found_before, n_before, _ = find_jumps(
                pixel,
                delivered,
                row,
                n_ints,
                old,
                row_values,
                scratch,
                sources,
                n_sources,
            )
            changed[row, col] = n_found != n_found_before
            n_more += n_jumps - n_before
        mark_sources(sources[:n_sources], spread[row])
        if new.branch != ITERATIVE:
            n_more += _take_lanes(lanes, spread[row], changed[row])
    return int(n_more)
