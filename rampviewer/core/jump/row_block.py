"""Jump detection in a block of detector rows."""

import numpy as np

from rampviewer.core._jit import F32, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.candidates import detect_row
from rampviewer.core.jump.pixel_jumps import pixel_scratch
from rampviewer.core.jump.rates import rates_of
from rampviewer.core.jump.row_screen import load_row, row_scratch
from rampviewer.core.jump.settings import TOO_FEW_GROUPS, JumpSettings
from rampviewer.core.jump.spread import flag_after_jumps, flag_neighbors
from rampviewer.core.jump.uneven import detect_row_uneven

_JUMP = np.uint8(Dq.JUMP_DET)
_ALL_BUT_JUMP = np.uint8(255 - Dq.JUMP_DET)


@kernel
def copy_flags(
    delivered: U8, place: tuple[int, int], keep_delivered: int, flags: U8, origin: U8
) -> None:
    """Copy the flags of a row without jumps that cannot stay, and say which are delivered.

    JUMP_DET goes where a group is saturated or unusable, and everywhere unless delivered
    jumps are kept. `place` is the row, and the row it is written to.
    """
    row, out_row = place
    kept = np.uint8(255) if keep_delivered else _ALL_BUT_JUMP
    for p in range(len(delivered)):
        source, target, cause = delivered[p, row], flags[p, out_row], origin[p, out_row]
        for x in range(source.size):
            bits = source[x]
            blocked = ((bits | (bits >> 1)) & 1) << 2
            target[x] = bits & kept & ~blocked
        for x in range(source.size):
            cause[x] = (target[x] >> 2) & 1


@kernel
def follow_jumps_in_row(
    data: F32,
    delivered: U8,
    gain: F32,
    place: tuple[int, int],
    settings: JumpSettings,
    flags: U8,
    origin: U8,
) -> None:
    """Flag the groups after the large jumps of each pixel of a row."""
    row, out_row = place
    n_planes, _, n_cols = data.shape
    for col in range(n_cols):
        union = np.uint8(0)
        for p in range(n_planes):
            union |= flags[p, out_row, col]
        if union & _JUMP:
            signal = data[:, row, col] * gain[row, col]
            rates = rates_of(signal, delivered[:, row, col], settings)
            here = flags[:, out_row, col], origin[:, out_row, col]
            flag_after_jumps(rates, settings, here[0], here[1])


@kernel
def detect_rows(
    sci: F32,
    groupdq: U8,
    gain: F32,
    readnoise: F32,
    row_start: int,
    row_stop: int,
    settings: JumpSettings,
    out_groupdq: U8,
    out_origin: U8,
) -> int:
    """Flag the jumps of some rows of an exposure.

    The rows next to the block are looked at as well, for the jumps that flag neighbours:
    the result does not depend on how an exposure is cut.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) float32
        The whole exposure [DN].
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        As delivered.
    gain, readnoise : (n_rows, n_cols) float32
        [electron/DN] and CDS noise [DN].
    row_start, row_stop : int
        The rows to do.
    settings : JumpSettings
    out_groupdq, out_origin : (n_ints, n_groups, n_out, n_cols) uint8
        Filled; n_out is n_rows, then the rows go to their place, or the number of rows to
        do. The origin is that of JUMP_DET: PRIMARY where detection finds it, delivered or
        not, else DELIVERED, NEIGHBOR or AFTER_JUMP, whichever came first.

    Returns
    -------
    n_primary : int
        Groups with JUMP_DET, delivered or found, before neighbours and cleaning.
    """
    n_ints, n_groups, n_rows, n_cols = sci.shape
    n_planes, n_out = n_ints * n_groups, out_groupdq.shape[2]
    data = sci.reshape(n_planes, n_rows, n_cols)
    delivered = groupdq.reshape(n_planes, n_rows, n_cols)
    flags = out_groupdq.reshape(n_planes, n_out, n_cols)
    origin = out_origin.reshape(n_planes, n_out, n_cols)
    first = 0 if n_out == n_rows else row_start
    if settings.branch == TOO_FEW_GROUPS:
        for row in range(row_start, row_stop):
            copy_flags(
                delivered, (row, row - first), settings.keep_delivered, flags, origin
            )
        return 0
    n_primary = _detect_planes(
        data,
        delivered,
        (gain, readnoise),
        (row_start, row_stop, first),
        n_ints,
        settings,
        flags,
        origin,
    )
    if settings.after_groups_1 > 0 or settings.after_groups_2 > 0:
        for row in range(row_start, row_stop):
            follow_jumps_in_row(
                data, delivered, gain, (row, row - first), settings, flags, origin
            )
    return n_primary


@kernel
def _detect_planes(
    data: F32,
    delivered: U8,
    noise: tuple[F32, F32],
    rows: tuple[int, int, int],
    n_ints: int,
    settings: JumpSettings,
    flags: U8,
    origin: U8,
) -> int:
    start, stop, first = rows
    n_planes, n_rows, n_cols = data.shape
    row_values = row_scratch(n_ints, n_planes // n_ints, n_cols, settings.branch)
    scratch = pixel_scratch(n_planes)
    sources = np.empty((2, n_planes * n_cols), np.int64)  # of this row and the one before
    n_primary, n_before = 0, 0
    halo = settings.flag_neighbors
    for row in range(max(start - halo, 0), min(stop + halo, n_rows)):
        here, before = sources[row % 2], sources[(row + 1) % 2]
        inside = start <= row < stop
        place = row, row - first if inside else -1
        if inside:
            copy_flags(delivered, place, settings.keep_delivered, flags, origin)
        if settings.uneven:
            n_new, n_here = detect_row_uneven(
                data, delivered, noise, place, settings, flags, origin, here
            )
        else:
            load_row(data, delivered, noise, row, n_ints, settings, row_values)
            n_new, n_here = detect_row(
                delivered, place, n_ints, settings, row_values, scratch, flags, origin, here
            )
        n_primary += n_new
        if inside:
            flag_neighbors(before[:n_before], 0, flags, origin, place[1])
            flag_neighbors(here[:n_here], -1, flags, origin, place[1])
            flag_neighbors(here[:n_here], 1, flags, origin, place[1])
        if row > start:
            flag_neighbors(here[:n_here], 0, flags, origin, row - 1 - first)
        n_before = n_here
    return n_primary
