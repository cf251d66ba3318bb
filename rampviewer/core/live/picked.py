"""Jump detection in pixels that were picked from a frame."""

import numpy as np

from rampviewer.core._jit import F32, U8, U32, kernel
from rampviewer.core.jump.candidates import detect_row
from rampviewer.core.jump.pixel_jumps import pixel_scratch
from rampviewer.core.jump.row_block import copy_flags
from rampviewer.core.jump.row_screen import load_row, row_scratch
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.jump.sources import mark_sources


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
