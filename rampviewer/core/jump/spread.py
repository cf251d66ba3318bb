"""Flags that follow from other flags: neighbours, and the groups after a large jump."""

import numpy as np

from rampviewer.core._jit import F64, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.rates import median_rate
from rampviewer.core.jump.settings import JumpSettings
from rampviewer.core.origin import Origin

_JUMP = np.uint8(Dq.JUMP_DET)
_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
_TAKEN = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED | Dq.JUMP_DET)
_NEIGHBOR = np.uint8(Origin.NEIGHBOR)
_AFTER_JUMP = np.uint8(Origin.AFTER_JUMP)


@kernel
def flag_neighbors(sources: I64, shift: int, flags: U8, origin: U8, row: int) -> None:
    """Flag what lies `shift` columns from each source, in one row.

    A group that is saturated, unusable or flagged already stays as it is.

    Parameters
    ----------
    sources : (n_sources,) int64
        plane x n_cols + column of the jumps that flag their neighbours.
    flags, origin : (n_planes, n_rows, n_cols) uint8
        Changed in place in `row`; a plane is one group of one integration. No origin is
        written to (0, 0, 0).
    """
    n_cols = flags.shape[2]
    for source in sources:
        plane, col = source // n_cols, source % n_cols + shift
        if 0 <= col < n_cols and not flags[plane, row, col] & _TAKEN:
            flags[plane, row, col] |= _JUMP
            if origin.size > 0:
                origin[plane, row, col] = _NEIGHBOR


@kernel
def flag_around(
    here: I64, before: I64, out_rows: tuple[int, int], flags: U8, origin: U8
) -> None:
    """Flag the neighbours between a row and the one before it, and within the row.

    Parameters
    ----------
    here, before : (n,) int64
        Sources in this row and in the row before.
    out_rows : (int, int)
        Where this row and the row before are in the output, -1 where they are not.
    """
    row, row_before = out_rows
    for shift in range(-1, 2):
        if row >= 0:
            sources = here if shift else before
            flag_neighbors(sources, shift, flags, origin, row)
        if row_before >= 0 and shift == 0:
            flag_neighbors(here, shift, flags, origin, row_before)


@borrowing_kernel
def _flag_neighbor(plane: int, pixel: int, flags: U8, origin: U8) -> None:
    if not flags[plane, pixel] & _TAKEN:
        flags[plane, pixel] |= _JUMP
        origin[plane, pixel] = _NEIGHBOR


@borrowing_kernel
def flag_next_to(
    sources: I64,
    frame: tuple[int, int, int],
    rows: tuple[int, int],
    flags: U8,
    origin: U8,
) -> None:
    """Flag the neighbours of each source, as far as they lie in some rows.

    Parameters
    ----------
    sources : (n_sources,) int64
        plane x n_pixels + pixel of the jumps that flag their neighbours.
    frame : (n_pixels, n_cols, first row of the output)
    rows : (start, stop)
    flags, origin : (n_planes, n_out x n_cols) uint8
        Changed in place.
    """
    (n_pixels, n_cols, first), (start, stop) = frame, rows
    for source in sources:
        plane, pixel = source // n_pixels, source % n_pixels
        row, col = pixel // n_cols, pixel % n_cols
        out = pixel - first * n_cols
        if start <= row < stop and col > 0:
            _flag_neighbor(plane, out - 1, flags, origin)
        if start <= row < stop and col < n_cols - 1:
            _flag_neighbor(plane, out + 1, flags, origin)
        if start <= row - 1 < stop:
            _flag_neighbor(plane, out - n_cols, flags, origin)
        if start <= row + 1 < stop:
            _flag_neighbor(plane, out + n_cols, flags, origin)


@borrowing_kernel
def last_after(plane: int, rate: float, settings: JumpSettings) -> int:
    """Return the last plane that a jump flags if its integration is long enough, else -1.

    `rate` is that of its difference beyond the median [electron/s].
    """
    size = rate * settings.steps[plane % (settings.steps.size + 1) - 1]
    last = -1
    if size >= settings.after_limit_1:
        last = max(last, plane + settings.after_groups_1)
    if size >= settings.after_limit_2:
        last = max(last, plane + settings.after_groups_2)
    return last


@kernel
def flag_after_jumps(rates: F64, settings: JumpSettings, flags: U8, origin: U8) -> None:
    """Flag the groups after the large jumps of one pixel.

    Every jump counts here, a neighbour's flag as well, but none that this function sets.

    Parameters
    ----------
    rates : (n_planes,) float64
        Of `rates_of` [electron/s].
    flags, origin : (n_planes,) uint8
        Changed in place.
    """
    n_groups = settings.steps.size + 1
    median = median_rate(rates)
    last = -1  # up to this plane groups are flagged
    for p in range(rates.size):
        k = p % n_groups - 1
        if k < 0:
            last = -1
        elif flags[p] & _JUMP:
            last = max(last, last_after(p, rates[p] - median, settings))
        elif p <= last and not flags[p] & _UNUSABLE:
            flags[p] |= _JUMP
            origin[p] = _AFTER_JUMP


@kernel
def causes_after(
    rates: F64, settings: JumpSettings, flags: U8, origin: U8
) -> list[tuple[int, int]]:
    """Return (plane flagged, plane of the jump) of what `flag_after_jumps` flagged.

    `flags` and `origin` (n_planes,) are those it left. A group after several large jumps
    is named with each of them.
    """
    n_groups = settings.steps.size + 1
    median = median_rate(rates)
    causes = [(0, 0)][:0]
    for p in range(rates.size):
        if origin[p] != _AFTER_JUMP:
            continue
        for q in range(p - p % n_groups + 1, p):
            is_jump = flags[q] & _JUMP and origin[q] != _AFTER_JUMP
            if is_jump and p <= last_after(q, rates[q] - median, settings):
                causes.append((p, q))
    return causes
