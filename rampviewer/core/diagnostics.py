"""What the flags of each pixel come to: counts and first groups, row by row."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import U8, U16, U32, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.load import SATURATED, load_flags, use_zeroframe
from rampviewer.core.fit.row_data import FitInputs, RowData, RowRoom, copy_values, row_room
from rampviewer.core.fit.segments import COUNTED, JUMP, find_segments
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.work import RampWork, ramp_work
from rampviewer.core.flag_lanes import NO_GROUP, FlagLanes, count_lanes, flag_lanes

_ALL = np.uint8(255)
_ALL_BUT_UNUSED = np.uint8(255 - Dq.DO_NOT_USE)
_FEW = 16  # a row with fewer flagged pixels than one in so many is done pixel by pixel


class FlagDiagnostics(NamedTuple):
    """Planes to fill, (n_rows, n_cols) each; groups count from 0 in each integration."""

    n_jumps: U32  # groups with JUMP_DET, over all integrations
    first_jump: U16  # earliest group with JUMP_DET of any integration, or NO_GROUP
    first_saturated: U16  # likewise with SATURATED
    n_good: NDArray[Any]  # groups that the fit may use and without a flag but PERSISTENCE
    n_segments: NDArray[Any]  # fitted, over all integrations


@borrowing_kernel
def count_flags(groupdq: U8, place: tuple[int, int], out: FlagDiagnostics) -> None:
    """Fill in jumps and saturation of a pixel, given as (row of the planes, column)."""
    row, col = place
    n_jumps, first_jump, first_saturated = 0, NO_GROUP, NO_GROUP
    for i in range(groupdq.shape[0]):
        for group in range(groupdq.shape[1]):
            flags, number = groupdq[i, group, col], np.uint16(group)
            if flags & JUMP:
                n_jumps += 1
                first_jump = min(first_jump, number)
            if flags & SATURATED:
                first_saturated = min(first_saturated, number)
    out.n_jumps[row, col] = n_jumps
    out.first_jump[row, col] = first_jump
    out.first_saturated[row, col] = first_saturated


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
def _fill_clean(n_ints: int, n_used: int, row: int, out: FlagDiagnostics) -> None:
    """Fill a row as if every pixel of it were one good ramp in each integration."""
    out.n_jumps[row] = 0
    out.first_jump[row] = NO_GROUP
    out.first_saturated[row] = NO_GROUP
    out.n_good[row] = n_ints * n_used
    out.n_segments[row] = n_ints


@borrowing_kernel
def _fill_lanes(lanes: FlagLanes, row: int, out: FlagDiagnostics) -> None:
    for x in range(lanes.n_good.size):
        out.n_jumps[row, x] = lanes.n_jumps[x]
        out.first_jump[row, x] = lanes.first_jump[x]
        out.first_saturated[row, x] = lanes.first_saturated[x]
        out.n_good[row, x] = lanes.n_good[x]
        out.n_segments[row, x] = lanes.n_segments[x]


@kernel
def diagnose_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: FitSettings,
    out: FlagDiagnostics,
) -> None:
    """Fill rows `row_start` to `row_stop` (exclusive) of the planes."""
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
                _unite(inputs.groupdq[i, g, row - inputs.dq_row_start], mask, union)
        if settings.suppress_one_group and _FEW * np.count_nonzero(union) > n_cols:
            count_lanes(line.groupdq, settings, lanes)
            _fill_lanes(lanes, row, out)
            continue
        _fill_clean(n_ints, n_used, row, out)
        for col in range(n_cols):
            if union[col]:
                count_flags(line.groupdq, (row, col), out)
                n_good, n_segments = count_segments(line, col, settings, work)
                out.n_good[row, col] = n_good
                out.n_segments[row, col] = n_segments
