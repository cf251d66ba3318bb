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
    sort_sizes,
    take_differences,
)
from rampviewer.core.jump.row_screen import RowScratch, find_candidates
from rampviewer.core.jump.settings import ITERATIVE, JumpSettings
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_PRIMARY = np.uint8(Origin.PRIMARY)


@borrowing_kernel
def take_pixel(
    delivered: U8,
    place: tuple[int, int],
    n_ints: int,
    signal: F32,
    scratch: PixelScratch,
) -> None:
    """Fill `flags` and `differences` of a pixel, given as (row, col)."""
    row, col = place
    for p in range(scratch.flags.size):
        scratch.flags[p] = delivered[p, row, col]
    take_differences(signal, col, n_ints, scratch.differences)
    reject_unusable(scratch.flags, scratch.differences)


class Candidate(NamedTuple):
    """What the row says about a pixel before its exact decision."""

    col: int
    variance: float  # `read_variance` [electron^2]
    clean: bool  # all differences are usable: the row holds them sorted
    delivered: bool  # there are delivered jumps that are kept


@borrowing_kernel
def candidate_at(col: int, settings: JumpSettings, row_values: RowScratch) -> Candidate:
    """Describe a pixel of a loaded row."""
    union = row_values.union[col]
    return Candidate(
        col,
        variance_by_reading(row_values.noise2[col], settings.n_reads),
        not (union & _UNUSABLE or np.isnan(row_values.total[col])),
        bool(union & _JUMP and settings.keep_delivered),
    )


@borrowing_kernel
def fill_sizes(pixel: Candidate, row_values: RowScratch, scratch: PixelScratch) -> int:
    """Fill `sizes` of a pixel, from `differences` unless it is clean; return how many."""
    if not pixel.clean:
        return sort_sizes(scratch)
    n_usable = len(row_values.ordered)
    for k in range(n_usable):
        scratch.sizes[k] = row_values.ordered[k, pixel.col]
    return n_usable


@borrowing_kernel
def list_iterative(
    pixel: Candidate,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
) -> tuple[int, int]:
    """Return (jumps found, usable differences); fills `jumps` and `sizes`."""
    n_usable = fill_sizes(pixel, row_values, scratch)
    n_removals = remove_jumps(
        scratch.sizes, n_usable, pixel.variance, settings, scratch.lows, scratch.highs
    )
    if n_removals == 0:
        return 0, n_usable
    if pixel.clean:
        take_differences(row_values.signal, pixel.col, n_ints, scratch.differences)
    return list_removed(n_removals, scratch), n_usable


@borrowing_kernel
def list_single_pass(
    pixel: Candidate,
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
) -> tuple[int, float]:
    """Return (jumps found, signed median [electron]); fills `jumps`."""
    if not pixel.clean:
        median = signed_median(scratch)
        sigma = sigma_of(median, pixel.variance)
        return list_beyond(median, sigma, settings, scratch), median
    ordered, col = row_values.ordered, pixel.col
    n = len(ordered)
    median = (
        np.float64(ordered[(n - 1) // 2, col]) + np.float64(ordered[n // 2, col])
    ) / 2.0
    sigma = sigma_of(median, pixel.variance)
    largest = max(abs(ordered[0, col] - median), abs(ordered[n - 1, col] - median))
    if not largest / sigma > settings.threshold:
        return 0, median
    take_differences(row_values.signal, col, n_ints, scratch.differences)
    return list_beyond(median, sigma, settings, scratch), median


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
    n_ints: int,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
    n_cols: int,
    sources: I64,
    n_sources: int,
) -> tuple[int, int, int]:
    """Fill `jumps`, first those found, then those only delivered.

    Returns
    -------
    n_found, n_jumps, n_sources : int
        Jumps found, jumps in all, and how many `sources` holds now.
    """
    n_usable, median = 0, np.nan
    if settings.branch == ITERATIVE:
        n_found, n_usable = list_iterative(pixel, n_ints, settings, row_values, scratch)
    else:
        n_found, median = list_single_pass(pixel, n_ints, settings, row_values, scratch)
    n_jumps = append_delivered(n_found, scratch) if pixel.delivered else n_found
    if n_jumps == 0 or not settings.flag_neighbors:
        return n_found, n_jumps, n_sources
    if settings.branch == ITERATIVE:
        if reach_no_neighbor(n_usable, pixel.variance, settings, scratch):
            return n_found, n_jumps, n_sources
        median = signed_median(scratch)
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
    n_cols = delivered.shape[2]
    n_primary, n_sources = 0, int(np.int64(0))  # a literal 0 would be another type
    for c in range(find_candidates(settings, row_values)):
        col = row_values.candidates[c]
        pixel = candidate_at(col, settings, row_values)
        if pixel.delivered or not pixel.clean:
            take_pixel(delivered, (row, col), n_ints, row_values.signal, scratch)
        n_found, n_jumps, n_sources = find_jumps(
            pixel, n_ints, settings, row_values, scratch, n_cols, sources, n_sources
        )
        if out_row >= 0:
            flag_jumps((out_row, col), scratch.jumps, n_found, flags, origin)
            n_primary += n_jumps
    return n_primary, n_sources
