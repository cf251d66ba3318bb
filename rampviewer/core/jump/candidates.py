"""The exact decision about each candidate of a row."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import (
    remove_jumps,
    sigma_of,
    variance_by_reading,
)
from rampviewer.core.jump.pixel_jumps import (
    PixelScratch,
    append_delivered,
    list_beyond,
    list_removed,
    reach_no_neighbor,
    reject_unusable,
    signed_median,
    take_differences,
)
from rampviewer.core.jump.row_screen import RowScratch, find_candidates
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_PRIMARY = np.uint8(Origin.PRIMARY)


class Candidate(NamedTuple):
    """What the row says about a pixel before its exact decision."""

    col: int
    variance: float  # `read_variance` [electron^2]
    clean: bool  # all differences are usable
    delivered: bool  # there are delivered jumps that are kept


@borrowing_kernel
def candidate_at(col: int, settings: JumpSettings, row_values: RowScratch) -> Candidate:
    """Describe a pixel of a loaded row."""
    return Candidate(
        col,
        variance_by_reading(row_values.noise2[col], settings.n_reads),
        not row_values.gaps.marks[col],
        bool(row_values.union[col] & _JUMP and settings.keep_delivered),
    )


@borrowing_kernel
def _n_usable(pixel: Candidate, row_values: RowScratch) -> int:
    if pixel.clean:
        return len(row_values.ordered)
    return int(row_values.gaps.n_usable[pixel.col])


@borrowing_kernel
def fill_sizes(pixel: Candidate, row_values: RowScratch, scratch: PixelScratch) -> int:
    """Fill `sizes` with the usable differences of a pixel, sorted; return how many.

    They keep their sign where all are compared at once: see `RowScratch`.
    """
    n_usable = _n_usable(pixel, row_values)
    for k in range(n_usable):
        scratch.sizes[k] = row_values.ordered[k, pixel.col]
    return n_usable


@borrowing_kernel
def take_pixel(
    pixel: Candidate,
    delivered: U8,
    row: int,
    n_ints: int,
    signal: F32,
    scratch: PixelScratch,
) -> None:
    """Fill `differences` of a pixel, and `flags` where there are any of interest."""
    take_differences(signal, pixel.col, n_ints, scratch.differences)
    if pixel.clean and not pixel.delivered:
        return
    for p in range(scratch.flags.size):
        scratch.flags[p] = delivered[p, row, pixel.col]
    if not pixel.clean:
        reject_unusable(scratch.flags, scratch.differences)


@borrowing_kernel
def _count_delivered(delivered: U8, row: int, col: int) -> int:
    n = 0
    for p in range(len(delivered)):
        n += (delivered[p, row, col] & _JUMP) != 0
    return n


@borrowing_kernel
def find_iterative(
    pixel: Candidate,
    delivered: U8,
    row: int,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
) -> tuple[int, int, float]:
    """Fill `jumps` with those found, then those only delivered.

    Returns
    -------
    n_found, n_jumps : int
        Jumps found, and jumps in all.
    median : float
        Of the signed differences [electron]; NaN where no jump reaches a neighbour, and
        then `jumps` need not be filled beyond those found.
    """
    variance, n_usable = pixel.variance, fill_sizes(pixel, row_values, scratch)
    n_removals = remove_jumps(
        scratch.sizes, n_usable, variance, settings, scratch.lows, scratch.highs
    )
    if n_removals == 0 and not pixel.delivered:
        return 0, 0, np.nan
    reaches = settings.flag_neighbors and not reach_no_neighbor(
        n_usable, variance, settings, scratch
    )
    if n_removals == 0 and not reaches:
        return 0, _count_delivered(delivered, row, pixel.col), np.nan
    take_pixel(pixel, delivered, row, n_ints, row_values.signal, scratch)
    n_found = list_removed(n_removals, scratch) if n_removals > 0 else 0
    n_jumps = append_delivered(n_found, scratch) if pixel.delivered else n_found
    return n_found, n_jumps, signed_median(scratch) if reaches else np.nan


@borrowing_kernel
def find_at_once(
    pixel: Candidate,
    delivered: U8,
    row: int,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
) -> tuple[int, int, float]:
    """Do the same as `find_iterative` in a single pass; the median is always known."""
    ordered, col = row_values.ordered, pixel.col
    n = _n_usable(pixel, row_values)
    if n == 0 and not pixel.delivered:
        return 0, 0, np.nan
    median, is_beyond = np.nan, False
    if n > 0:
        low, high = ordered[(n - 1) // 2, col], ordered[n // 2, col]
        median = (np.float64(low) + np.float64(high)) / 2.0
        largest = max(abs(ordered[0, col] - median), abs(ordered[n - 1, col] - median))
        is_beyond = largest / sigma_of(median, pixel.variance) > settings.threshold
    if not is_beyond and not pixel.delivered:
        return 0, 0, median
    take_pixel(pixel, delivered, row, n_ints, row_values.signal, scratch)
    sigma, n_found = sigma_of(median, pixel.variance), 0
    if is_beyond:
        n_found = list_beyond(median, sigma, settings, scratch)
    n_jumps = append_delivered(n_found, scratch) if pixel.delivered else n_found
    return n_found, n_jumps, median


@borrowing_kernel
def flag_jumps(
    place: tuple[int, int], jumps: I64, n_jumps: int, flags: U8, origin: U8
) -> None:
    """Write jumps to a pixel, given as (row of the output, column)."""
    out_row, col = place
    for k in range(n_jumps):
        flags[jumps[k], out_row, col] |= _JUMP
        if origin.size > 0:
            origin[jumps[k], out_row, col] = _PRIMARY


@borrowing_kernel
def collect_sources(
    pixel: Candidate,
    n_jumps: int,
    median: float,
    settings: JumpSettings,
    scratch: PixelScratch,
    n_cols: int,
    sources: I64,
    n_sources: int,
) -> int:
    """Append those of `jumps` that flag their neighbours.

    Parameters
    ----------
    median : float
        Of the signed differences, in each branch [electron].
    n_sources : int
        How many `sources` holds.

    Returns
    -------
    n_sources : int
        How many it holds now.
    """
    sigma = sigma_of(median, pixel.variance)
    for k in range(n_jumps):
        plane = scratch.jumps[k]
        ratio = abs(np.float64(scratch.differences[plane]) - median) / sigma
        if settings.min_to_neighbors < ratio < settings.max_to_neighbors:
            sources[n_sources] = plane * n_cols + pixel.col
            n_sources += 1
    return n_sources


@borrowing_kernel
def find_jumps(
    pixel: Candidate,
    delivered: U8,
    row: int,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
    sources: I64,
    n_sources: int,
) -> tuple[int, int, int]:
    """Find the jumps of a pixel; `jumps` begins with them.

    Returns
    -------
    n_found, n_jumps, n_sources : int
        Jumps found, jumps in all, and how many `sources` holds now.
    """
    if settings.branch == ITERATIVE:
        found = find_iterative(pixel, delivered, row, n_ints, settings, row_values, scratch)
    else:
        found = find_at_once(pixel, delivered, row, n_ints, settings, row_values, scratch)
    n_found, n_jumps, median = found
    if n_jumps > 0 and settings.flag_neighbors and not np.isnan(median):
        n_cols = delivered.shape[2]
        n_sources = collect_sources(
            pixel, n_jumps, median, settings, scratch, n_cols, sources, n_sources
        )
    return n_found, n_jumps, n_sources


@kernel
def detect_row(
    delivered: U8,
    place: tuple[int, int],
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
    flags: U8,
    origin: U8,
    sources: I64,
) -> tuple[int, int]:
    """Flag the jumps of a loaded row.

    Parameters
    ----------
    delivered : (n_planes, n_rows, n_cols) uint8
    place : tuple of int
        The row, and the row of `flags` and `origin` it is written to, -1 for none.
    flags, origin : (n_planes, n_out, n_cols) uint8
        Changed in place; no origin is written to (0, 0, 0).
    sources : (n_planes x n_cols,) int64
        Filled with the jumps that flag their neighbours, as plane x n_cols + column.

    Returns
    -------
    n_primary, n_sources : int
        Jumps, found or delivered, before any cleaning; and how many flag neighbours.
    """
    row, out_row = place
    n_primary, n_sources = 0, int(np.int64(0))  # a literal 0 would be another type
    for c in range(find_candidates(settings, row_values)):
        col = row_values.candidates[c]
        pixel = candidate_at(col, settings, row_values)
        n_found, n_jumps, n_sources = find_jumps(
            pixel,
            delivered,
            row,
            n_ints,
            settings,
            row_values,
            scratch,
            sources,
            n_sources,
        )
        if out_row >= 0:
            flag_jumps((out_row, col), scratch.jumps, n_found, flags, origin)
            n_primary += n_jumps
    return n_primary, n_sources
