"""At which thresholds a pixel gains or loses a jump."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I64, U8, borrowing_kernel, kernel
from rampviewer.core.jump.candidates import (
    Candidate,
    candidate_at,
    fill_sizes,
    find_at_once,
)
from rampviewer.core.jump.one_pixel import remove_jumps, sigma_of, stage_ratio
from rampviewer.core.jump.pixel_jumps import PixelScratch, pixel_scratch
from rampviewer.core.jump.row_screen import (
    RowScratch,
    find_candidates,
    load_row,
    row_scratch,
)
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings

# The threshold that an event is compared with: `threshold`, `threshold_3`, `threshold_2`.
MANY, THREE, TWO = np.uint8(0), np.uint8(1), np.uint8(2)
_NO_KIND = np.uint8(255)


class Events(NamedTuple):
    """Changes of pixels, in the order of the rows.

    A pixel changes between two thresholds of a kind only if the critical value of one of
    its events of that kind lies between them.
    """

    pixel: I64  # (n,) row x n_cols + column
    kind: U8  # (n,)
    critical: F64  # (n,) [sigma]


@kernel
def _room(n: int) -> Events:
    return Events(np.empty(n, np.int64), np.empty(n, np.uint8), np.empty(n, np.float64))


@kernel
def _first(events: Events, n: int, size: int) -> Events:
    """Return a copy of the first `n` events with room for `size`."""
    copy = _room(size)
    copy.pixel[:n] = events.pixel[:n]
    copy.kind[:n] = events.kind[:n]
    copy.critical[:n] = events.critical[:n]
    return copy


@borrowing_kernel
def _append(events: Events, n: int, place: int, kind: np.uint8, critical: float) -> int:
    events.pixel[n] = place
    events.kind[n] = kind
    events.critical[n] = critical
    return n + 1


@borrowing_kernel
def _kind_of(n_usable: int) -> np.uint8:
    if n_usable >= 4:
        return MANY
    return THREE if n_usable == 3 else TWO


@borrowing_kernel
def _add_iterative(
    pixel: Candidate,
    place: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
    events: Events,
    n: int,
) -> int:
    """Append the events of a pixel, return how many there are now.

    The order of removal does not depend on the thresholds, which only say where it stops:
    a removal needs every ratio up to its own to be above the threshold of its kind.
    """
    n_usable = fill_sizes(pixel, row_values, scratch)
    sizes, lows, highs = scratch.sizes, scratch.lows, scratch.highs
    n_removals = remove_jumps(sizes, n_usable, pixel.variance, settings, lows, highs)
    least, kind_before = np.inf, _NO_KIND
    for stage in range(n_removals):
        low, high = lows[stage], highs[stage]
        kind = _kind_of(high - low)
        _, _, ratio = stage_ratio(sizes, low, high, stage, pixel.variance)
        if kind != kind_before or ratio < least:  # else it goes with one before it
            least, kind_before = ratio, kind
            n = _append(events, n, place, kind, least)
    return n


@borrowing_kernel
def _add_single_pass(
    pixel: Candidate,
    delivered: U8,
    row: int,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
    events: Events,
    n: int,
) -> int:
    """Do the same where all differences are compared at once."""
    place = row * delivered.shape[2] + pixel.col
    n_found, _, median = find_at_once(
        pixel, delivered, row, n_ints, settings, row_values, scratch
    )
    sigma = sigma_of(median, pixel.variance)
    for k in range(n_found):
        step = np.float64(scratch.differences[scratch.jumps[k]])
        n = _append(events, n, place, MANY, abs(step - median) / sigma)
    return n


@kernel
def find_events(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int],
    settings: JumpSettings,
) -> Events:
    """Return the events of some rows where all groups are alike.

    Parameters
    ----------
    data : (n_planes, n_rows, n_cols) float32
        [DN]; a plane is one group of one integration.
    delivered : (n_planes, n_rows, n_cols) uint8
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    rows : (start, stop)
    settings : JumpSettings
        With the lowest thresholds of interest.
    """
    n_planes, _, n_cols = data.shape
    n_ints = n_planes // (settings.steps.size + 1)
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, settings.branch)
    scratch = pixel_scratch(n_planes)
    events, n = _room(n_cols), 0
    for row in range(rows[0], rows[1]):
        load_row(data, delivered, noise, row, n_ints, settings, row_values)
        n_candidates = find_candidates(settings, row_values)
        if n + n_candidates * n_planes > events.pixel.size:
            events = _first(events, n, 2 * (n + n_candidates * n_planes))
        for c in range(n_candidates):
            col = row_values.candidates[c]
            pixel, place = candidate_at(col, settings, row_values), row * n_cols + col
            if settings.branch == ITERATIVE:
                n = _add_iterative(pixel, place, settings, row_values, scratch, events, n)
            else:
                n = _add_single_pass(
                    pixel,
                    delivered,
                    row,
                    n_ints,
                    settings,
                    row_values,
                    scratch,
                    events,
                    n,
                )
    return _first(events, n, n)
