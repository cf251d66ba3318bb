"""The exact decision about each candidate of a row."""

import numpy as np

from rampviewer.core._jit import F32, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import (
    read_variance,
    remove_jumps,
    sigma_of,
)
from rampviewer.core.jump.pixel_marks import (
    IS_JUMP,
    IS_SOURCE,
    PixelScratch,
    mark_iterative,
    mark_single_pass,
    mark_sources,
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


@kernel
def take_pixel(
    delivered: U8,
    place: tuple[int, int],
    n_ints: int,
    row_values: RowScratch,
    scratch: PixelScratch,
) -> None:
    """Fill `flags` and `differences` of a pixel, given as (row, col)."""
    row, col = place
    for p in range(scratch.flags.size):
        scratch.flags[p] = delivered[p, row, col]
    take_differences(row_values.signal, col, n_ints, scratch)


@kernel
def mark_clean(
    col: int,
    variance: float,
    has_delivered: bool,
    settings: JumpSettings,
    row_values: RowScratch,
    scratch: PixelScratch,
) -> tuple[bool, int, float]:
    """Look at a pixel whose differences are all usable: its column is sorted already.

    Returns
    -------
    goes_on : bool
        False when the pixel has neither a jump nor a delivered one.
    n_removals : int
    median : float
        Of the signed differences [electron]; NaN in the iterative branch.
    """
    ordered = row_values.ordered
    n = len(ordered)
    if settings.branch == ITERATIVE:
        for k in range(n):
            scratch.sizes[k] = ordered[k, col]
        n_removals = remove_jumps(
            scratch.sizes, n, variance, settings, scratch.lows, scratch.highs
        )
        return has_delivered or n_removals > 0, n_removals, np.nan
    two = np.float64(ordered[(n - 1) // 2, col]) + np.float64(ordered[n // 2, col])
    median = two / 2.0
    ends = abs(ordered[0, col] - median), abs(ordered[n - 1, col] - median)
    ratio = max(ends[0], ends[1]) / sigma_of(median, variance)
    return has_delivered or ratio > settings.threshold, 0, median


@kernel
def mark_pixel(
    clean: bool,
    n_removals: int,
    median: float,
    variance: float,
    has_delivered: bool,
    settings: JumpSettings,
    scratch: PixelScratch,
) -> None:
    """Fill `marks` from `flags` and `differences`.

    For a clean pixel `n_removals` or `median` are those of `mark_clean`.
    """
    found = False
    if settings.branch == ITERATIVE:
        if not clean:
            n = sort_sizes(scratch)
            n_removals = remove_jumps(
                scratch.sizes, n, variance, settings, scratch.lows, scratch.highs
            )
        found = n_removals > 0
        mark_iterative(n_removals, scratch)
    else:
        if not clean:
            median = signed_median(scratch)
        found = mark_single_pass(median, sigma_of(median, variance), settings, scratch)
    if settings.flag_neighbors and (found or has_delivered):
        if settings.branch == ITERATIVE:
            median = signed_median(scratch)
        mark_sources(median, sigma_of(median, variance), settings, scratch)


@kernel
def flag_pixel(
    place: tuple[int, int],
    keep_delivered: int,
    scratch: PixelScratch,
    flags: U8,
    origin: U8,
) -> int:
    """Write the jumps of `marks` to a pixel, given as (row of the output, column).

    Returns
    -------
    n_jumps : int
        Groups with JUMP_DET, found or delivered, as they stand before any cleaning.
    """
    out_row, col = place
    delivered = _JUMP if keep_delivered else np.uint8(0)
    n_jumps = 0
    for p in range(scratch.flags.size):
        if scratch.marks[p] & IS_JUMP:
            flags[p, out_row, col] |= _JUMP
            origin[p, out_row, col] = _PRIMARY
            n_jumps += 1
        elif scratch.flags[p] & delivered:
            n_jumps += 1
    return n_jumps


@kernel
def collect_sources(col: int, n_cols: int, marks: U8, sources: I64, n_sources: int) -> int:
    """Append the planes of a pixel that flag their neighbours; return the new count."""
    for p in range(marks.size):
        if marks[p] & IS_SOURCE:
            sources[n_sources] = p * n_cols + col
            n_sources += 1
    return n_sources


@kernel
def detect_row(
    delivered: U8,
    noise: tuple[F32, F32],
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
    noise : tuple of (n_rows, n_cols) float32
        Gain [electron/DN] and CDS read noise [DN].
    place : tuple of int
        The row, and the row of `flags` and `origin` it is written to, -1 for none.
    flags, origin : (n_planes, n_out, n_cols) uint8
        Changed in place.
    sources : (n_planes x n_cols,) int64
        Filled with the jumps that flag their neighbours.

    Returns
    -------
    n_jumps, n_sources : int
    """
    gain, readnoise = noise
    row, out_row = place
    n_cols = delivered.shape[2]
    n_jumps, n_sources, n_removals, median = 0, 0, 0, np.nan
    for c in range(find_candidates(settings, row_values)):
        col = row_values.candidates[c]
        union = row_values.union[col]
        clean = not (union & _UNUSABLE or np.isnan(row_values.total[col]))
        has_delivered = bool(union & _JUMP and settings.keep_delivered)
        variance = read_variance(readnoise[row, col], gain[row, col], settings.n_reads)
        if clean:
            goes_on, n_removals, median = mark_clean(
                col, variance, has_delivered, settings, row_values, scratch
            )
            if not goes_on:
                continue
        take_pixel(delivered, (row, col), n_ints, row_values, scratch)
        mark_pixel(clean, n_removals, median, variance, has_delivered, settings, scratch)
        n_sources = collect_sources(col, n_cols, scratch.marks, sources, n_sources)
        if out_row >= 0:
            place_out = out_row, col
            n_jumps += flag_pixel(
                place_out, settings.keep_delivered, scratch, flags, origin
            )
    return n_jumps, n_sources
