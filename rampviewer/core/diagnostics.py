"""What the flags of each pixel come to: counts and first groups, row by row."""

import numpy as np

from rampviewer.core._jit import U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.load import SATURATED, load_flags, use_zeroframe
from rampviewer.core.fit.row_data import FitInputs, RowData, RowRoom, copy_values, row_room
from rampviewer.core.fit.segments import COUNTED, JUMP, find_segments
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.work import RampWork, ramp_work
from rampviewer.core.flag_lanes import (
    MOST_GROUPS,
    NO_GROUP_32,
    FlagCounts,
    FlagLanes,
    count_lanes,
    flag_lanes,
)
from rampviewer.core.marked import list_marked, pack_jumps

_ALL = np.uint8(255)
_ALL_BUT_UNUSED = np.uint8(255 - Dq.DO_NOT_USE)
_FEW = 32  # a row with fewer flagged pixels than one in so many is done pixel by pixel


@borrowing_kernel
def count_flags(groupdq: U8, col: int, out: FlagCounts) -> None:
    """Fill in jumps and saturation of a pixel from the flags of its row."""
    n_jumps, first_jump, first_saturated = 0, NO_GROUP_32, NO_GROUP_32
    for i in range(groupdq.shape[0]):
        for group in range(groupdq.shape[1]):
            flags, number = groupdq[i, group, col], np.uint32(group)
            if flags & JUMP:
                n_jumps += 1
                first_jump = min(first_jump, number)
            if flags & SATURATED:
                first_saturated = min(first_saturated, number)
    out.n_jumps[col] = n_jumps
    out.first_jump[col] = first_jump
    out.first_saturated[col] = first_saturated


@borrowing_kernel
def count_segments(
    line: RowData, col: int, settings: FitSettings, work: RampWork
) -> tuple[int, int]:
    """Return the good groups and the segments of a pixel, with the rules of its fit."""
    n_good, n_segments = 0, 0
    for i in range(work.dq.shape[0]):
        n_unflagged = load_flags(line, i, col, settings, work)
        for flags in work.given[i]:
            n_good += flags & COUNTED == 0
        if not settings.suppress_one_group and n_unflagged == 0:
            use_zeroframe(np.float64(line.zeroframe[i, col]), i, work)
        if not work.dq[i, 0] & SATURATED:
            n_fitted, _ = find_segments(work.dq[i], work.starts[i], work.stops[i])
            n_segments += n_fitted
    return n_good, n_segments


@borrowing_kernel
def _unite(flags: U8, mask: np.uint8, union: U8) -> None:
    for x in range(union.size):
        union[x] |= flags[x] & mask


@kernel
def _flags_of_row(inputs: FitInputs, row: int, room: RowRoom) -> RowData:
    """Return a row to look at flags; its data are not those of the exposure."""
    for i in range(inputs.zeroframe.shape[0]):
        copy_values(inputs.zeroframe[i, row], room.zeroframe[i])
    return RowData(
        room.sci,
        inputs.groupdq[:, :, row - inputs.dq_row_start],
        inputs.pixeldq[row],
        inputs.gain[row],
        inputs.readnoise[row],
        room.zeroframe,
        room.dark_current,
    )


@borrowing_kernel
def _is_used(group: int, settings: FitSettings) -> bool:
    is_there = settings.first <= group < settings.stop
    return is_there and settings.first_used <= group <= settings.last_used


@borrowing_kernel
def _fill_clean(n_ints: int, n_used: int, out: FlagCounts) -> None:
    """Fill a row as if every pixel of it were one good ramp in each integration."""
    out.n_jumps[:] = 0
    out.first_jump[:] = NO_GROUP_32
    out.first_saturated[:] = NO_GROUP_32
    out.n_good[:] = n_ints * n_used
    out.n_segments[:] = n_ints


@borrowing_kernel
def _n_set(union: U8) -> int:
    n = np.int32(0)
    for x in range(union.size):
        n += np.int32(union[x] != 0)
    return int(n)


@borrowing_kernel
def _diagnose_row(
    line: RowData,
    n_used: int,
    union: U8,
    settings: FitSettings,
    room: tuple[RampWork, FlagLanes],
    out: FlagCounts,
) -> None:
    """Fill a row; `union` is 0 where a pixel is good ramps of `n_used` groups."""
    work, lanes = room
    n_ints, n_groups = line.groupdq.shape[:2]
    in_lanes = settings.suppress_one_group and n_groups <= MOST_GROUPS
    if in_lanes and _FEW * _n_set(union) > union.size:
        count_lanes(line.groupdq, settings, lanes, out)
        return
    _fill_clean(n_ints, n_used, out)
    for k in range(list_marked(union, lanes.places)):
        col = lanes.places[k]
        count_flags(line.groupdq, col, out)
        counts = count_segments(line, col, settings, work)
        out.n_good[col], out.n_segments[col] = counts


@kernel
def _row_of(planes: FlagCounts, row: int) -> FlagCounts:
    return FlagCounts(
        planes.n_jumps[row],
        planes.first_jump[row],
        planes.first_saturated[row],
        planes.n_good[row],
        planes.n_segments[row],
    )


@kernel
def diagnose_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: FitSettings,
    out: FlagCounts,
    jump_bits: U8,
) -> None:
    """Fill rows `row_start` to `row_stop` (exclusive) of the planes.

    Of bytes, if their numbers fit, or words: each is compiled for itself. `jump_bits`
    (n_ints, n_groups, n_rows, ceil(n_cols / 8)) gets JUMP_DET of each group.
    """
    n_ints, n_groups, _, n_cols = inputs.groupdq.shape
    room = row_room(inputs)
    work = ramp_work(n_ints, settings.stop - settings.first)
    union, lanes = np.empty(n_cols, np.uint8), flag_lanes(n_cols)
    n_used = 0
    for g in range(n_groups):
        n_used += _is_used(g, settings)
    for row in range(row_start, row_stop):
        line = _flags_of_row(inputs, row, room)
        union[:] = n_used < 2  # rules of their own for ramps without a difference
        for i in range(n_ints):
            for g in range(n_groups):
                # A group that no ramp may use counts as DO_NOT_USE, flagged or not.
                mask = _ALL if _is_used(g, settings) else _ALL_BUT_UNUSED
                flags = inputs.groupdq[i, g, row - inputs.dq_row_start]
                _unite(flags, mask, union)
                pack_jumps(flags, jump_bits[i, g, row])
        both = work, lanes
        _diagnose_row(line, n_used, union, settings, both, _row_of(out, row))
