"""Pixels picked from a frame, and jump detection in them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, I64, U8, U32, kernel
from rampviewer.core.jump.candidates import detect_row
from rampviewer.core.jump.pixel_jumps import pixel_scratch
from rampviewer.core.jump.row_block import copy_flags
from rampviewer.core.jump.row_screen import load_row, row_scratch
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.sources import mark_sources


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
    origin: U8,
    spread: U32,
) -> int:
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
    flags, origin : (n_planes, n_rows, n_cols) uint8
        Filled in these rows, without what neighbours flag.
    spread : (n_rows, n_cols, n_words) uint32
        Filled with the groups that flag neighbours, see `mark_sources`.

    Returns
    -------
    n_primary : int
    """
    n_planes, _, n_cols = data.shape
    n_ints = n_planes // (settings.steps.size + 1)
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, settings.branch)
    scratch = pixel_scratch(n_planes)
    sources = np.empty(n_planes * n_cols, np.int64)
    n_primary = 0
    for row in range(rows[0], rows[1]):
        place = row, row
        copy_flags(delivered, place, settings.keep_delivered, flags, origin)
        load_row(data, delivered, noise, row, n_ints, settings, row_values)
        n_new, n_sources = detect_row(
            delivered, place, n_ints, settings, row_values, scratch, flags, origin, sources
        )
        n_primary += n_new
        mark_sources(sources[:n_sources], spread[row])
    return n_primary


@kernel
def compare_picked(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int],
    settings: tuple[JumpSettings, JumpSettings],
    flags: U8,
    origin: U8,
    spread: U32,
    changed: U8,
) -> tuple[int, int]:
    """Do the same as `detect_picked` with two settings, and compare.

    Parameters
    ----------
    settings : (JumpSettings, JumpSettings)
        Old and new ones, which differ in limits and rules only.
    flags, origin, spread
        Filled as the new settings have it.
    changed : (n_rows, n_cols) uint8
        1 where any flag is another one, 0 elsewhere.

    Returns
    -------
    n_old, n_new : int
        Primary jumps.
    """
    old, new = settings
    n_planes, _, n_cols = data.shape
    n_ints = n_planes // (new.steps.size + 1)
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, new.branch)
    scratch = pixel_scratch(n_planes)
    sources = np.empty(n_planes * n_cols, np.int64)
    before = np.empty((n_planes, 1, n_cols), np.uint8)
    cause = np.empty_like(before)
    n_old, n_new = 0, 0
    for row in range(rows[0], rows[1]):
        load_row(data, delivered, noise, row, n_ints, new, row_values)
        copy_flags(delivered, (row, 0), old.keep_delivered, before, cause)
        n_jumps, _ = detect_row(
            delivered, (row, 0), n_ints, old, row_values, scratch, before, cause, sources
        )
        n_old += n_jumps
        place = row, row
        copy_flags(delivered, place, new.keep_delivered, flags, origin)
        n_jumps, n_sources = detect_row(
            delivered, place, n_ints, new, row_values, scratch, flags, origin, sources
        )
        n_new += n_jumps
        mark_sources(sources[:n_sources], spread[row])
        changed[row] = 0
        for p in range(n_planes):
            for x in range(n_cols):
                changed[row, x] |= flags[p, row, x] != before[p, 0, x]
    return n_old, n_new
