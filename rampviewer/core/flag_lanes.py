"""Jumps, good groups and segments of all pixels of a row at once.

Columns are the lanes of vector instructions, and each of the loops has few arrays, so that
it becomes some. It pays where many pixels of a row have a flag.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.segments import COUNTED, JUMP
from rampviewer.core.fit.settings import FitSettings

NO_GROUP = np.uint8(0xFF)  # in a plane of group numbers, in bytes: there is none
NO_GROUP_32 = np.uint32(0xFFFFFFFF)  # likewise in words
MOST_GROUPS = 254  # of an integration, with numbers and counts that fit in bytes
_SATURATED = np.uint8(Dq.SATURATED)
_ALL_BUT_JUMP = np.uint8(255 - Dq.JUMP_DET)
# What stands before a group: a bad one, a jump that a segment may begin with, or a segment.
_BAD, _AT_JUMP, _SHORT, _LONG = np.uint8(0), np.uint8(1), np.uint8(2), np.uint8(3)
_NONE, _ONE, _TWO, _NEVER = np.uint8(0), np.uint8(1), np.uint8(2), np.uint8(255)


class FlagCounts(NamedTuple):
    """Planes (n_rows, n_cols), or a row of them, in bytes or words.

    Groups count from 0 in each integration; where there is no first group stands the
    largest number.
    """

    n_jumps: NDArray[Any]  # groups with JUMP_DET, over all integrations
    first_jump: NDArray[Any]  # earliest group with JUMP_DET of any integration
    first_saturated: NDArray[Any]  # likewise with SATURATED
    n_good: NDArray[Any]  # groups that the fit may use and without a flag but PERSISTENCE
    n_segments: NDArray[Any]  # fitted, over all integrations


class FlagLanes(NamedTuple):
    """Room for a row, (n_cols,) each."""

    jump: U8  # the first group of its kind so far, or NO_GROUP
    saturation: U8
    state: U8  # what stands before the group, in one integration
    jumps: U8  # so far in one integration
    good: U8
    single: U8  # good ones, those that trimming takes included
    segments: U8  # 2 x those longer than a group, + 1 where there is a good group
    saturated: U8  # SATURATED in the first group that the fit sees
    places: I64  # columns of pixels that are counted one by one


@kernel
def flag_lanes(n_cols: int) -> FlagLanes:
    """Return the room that rows of this length need."""
    return FlagLanes(
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.int64),
    )


@borrowing_kernel
def _note_first(flags: U8, bit: np.uint8, group: int, first: U8) -> None:
    """Lower `first` to `group` where the bit is set."""
    number = np.uint8(group)
    for x in range(first.size):
        here = number if flags[x] & bit else NO_GROUP
        first[x] = here if here < first[x] else first[x]


@borrowing_kernel
def _put_first(first: U8, out: NDArray[Any]) -> None:
    for x in range(out.size):
        out[x] = NO_GROUP_32 if first[x] == NO_GROUP else np.uint32(first[x])


@borrowing_kernel
def _add(counts: U8, out: NDArray[Any]) -> None:
    for x in range(out.size):
        out[x] += counts[x]


@borrowing_kernel
def _count_jumps(flags: U8, jumps: U8) -> None:
    for x in range(jumps.size):
        jumps[x] += _ONE if flags[x] & JUMP else _NONE


@borrowing_kernel
def _count_good(flags: U8, good: U8) -> None:
    for x in range(good.size):
        good[x] += _NONE if flags[x] & COUNTED else _ONE


@borrowing_kernel
def _take_group(flags: U8, kept: np.uint8, state: U8, segments: U8) -> None:
    """Go on by a group as `find_segments` does; a segment counts when it is two long."""
    for x in range(state.size):
        bits, before = np.uint8(flags[x] & COUNTED & kept), state[x]
        grows = (before == _AT_JUMP) | (before == _SHORT)
        more = _TWO if grows else _NONE
        among = np.uint8((segments[x] + more) | _ONE)
        good = _SHORT if before == _BAD else _LONG
        bad = _AT_JUMP if bits == JUMP else _BAD
        segments[x] = segments[x] if bits else among
        state[x] = bad if bits else good


@borrowing_kernel
def _add_segments(suppress: bool, lanes: FlagLanes, out: NDArray[Any]) -> None:
    segments, single, saturated = lanes.segments, lanes.single, lanes.saturated
    alone = _ONE if suppress else _NEVER
    for x in range(out.size):
        n_long, n_any = np.uint8(segments[x] >> _ONE), np.uint8(segments[x] & _ONE)
        counted = n_long if n_long else n_any
        none = (saturated[x] != _NONE) | (single[x] == alone)
        segments[x] = _NONE if none else counted
    _add(segments, out)


@borrowing_kernel
def count_lanes(
    groupdq: U8, settings: FitSettings, lanes: FlagLanes, out: FlagCounts
) -> None:
    """Fill a row of planes from its flags (n_ints, n_groups, n_cols).

    The counts are those of `count_flags` and `count_segments`, where no ramp begins with a
    ZEROFRAME, that is with `suppress_one_group`, and of up to `MOST_GROUPS`.
    """
    out.n_jumps[:] = 0
    out.n_good[:] = 0
    out.n_segments[:] = 0
    lanes.jump[:] = lanes.saturation[:] = NO_GROUP
    for i in range(groupdq.shape[0]):
        lanes.state[:] = _BAD
        lanes.jumps[:] = 0
        lanes.good[:] = 0
        lanes.single[:] = 0
        lanes.segments[:] = 0
        for group in range(groupdq.shape[1]):
            flags = groupdq[i, group]
            _count_jumps(flags, lanes.jumps)
            _note_first(flags, JUMP, group, lanes.jump)
            _note_first(flags, _SATURATED, group, lanes.saturation)
            if group == settings.first:
                for x in range(flags.size):
                    lanes.saturated[x] = flags[x] & _SATURATED
            used = settings.first_used <= group <= settings.last_used
            there = settings.first <= group < settings.stop
            if used:
                _count_good(flags, lanes.single)
            if used and there:
                _count_good(flags, lanes.good)
                drops = settings.drop_first_jump and group == settings.first
                kept = _ALL_BUT_JUMP if drops else np.uint8(255)
                _take_group(flags, kept, lanes.state, lanes.segments)
            elif there:
                lanes.state[:] = _BAD
        _add(lanes.jumps, out.n_jumps)
        _add(lanes.good, out.n_good)
        _add_segments(settings.suppress_one_group, lanes, out.n_segments)
    _put_first(lanes.jump, out.first_jump)
    _put_first(lanes.saturation, out.first_saturated)
