"""Jumps, good groups and segments of all pixels of a row at once.

Columns are the lanes of vector instructions, and each of the loops has few arrays, so that
it becomes some. It pays where many pixels of a row have a flag.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import U8, U16, U32, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.segments import COUNTED, JUMP
from rampviewer.core.fit.settings import FitSettings

NO_GROUP = np.uint16(0xFFFF)  # in a plane of group numbers: there is none
_SATURATED = np.uint8(Dq.SATURATED)
_ALL_BUT_JUMP = np.uint8(255 - Dq.JUMP_DET)
# What stands before a group: a bad one, a jump that a segment may begin with, or a segment.
_BAD, _AT_JUMP, _SHORT, _LONG = np.uint8(0), np.uint8(1), np.uint8(2), np.uint8(3)
_NONE, _ONE, _TWO = np.uint16(0), np.uint16(1), np.uint16(2)


class FlagLanes(NamedTuple):
    """Room for a row, (n_cols,) each; the first five are the answer."""

    n_jumps: U32  # groups with JUMP_DET, over all integrations
    first_jump: U16  # earliest group with JUMP_DET of any integration, or NO_GROUP
    first_saturated: U16  # likewise with SATURATED
    n_good: U32  # of `count_segments`, as is the next
    n_segments: U32
    state: U8  # what stands before the group, in one integration
    jumps: U16  # so far in one integration
    good: U16
    single: U16  # good ones, those that trimming takes included
    segments: U16  # 2 x those longer than a group, + 1 where there is a good group
    saturated: U8  # SATURATED in the first group that the fit sees


@kernel
def flag_lanes(n_cols: int) -> FlagLanes:
    """Return the room that rows of this length need."""
    return FlagLanes(
        np.empty(n_cols, np.uint32),
        np.empty(n_cols, np.uint16),
        np.empty(n_cols, np.uint16),
        np.empty(n_cols, np.uint32),
        np.empty(n_cols, np.uint32),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.uint16),
        np.empty(n_cols, np.uint16),
        np.empty(n_cols, np.uint16),
        np.empty(n_cols, np.uint16),
        np.empty(n_cols, np.uint8),
    )


@borrowing_kernel
def _note_first(flags: U8, bit: np.uint8, group: int, first: U16) -> None:
    """Lower `first` to `group` where the bit is set."""
    number = np.uint16(group)
    for x in range(first.size):
        here = number if flags[x] & bit else NO_GROUP
        first[x] = here if here < first[x] else first[x]


@borrowing_kernel
def _count_jumps(flags: U8, jumps: U16) -> None:
    for x in range(jumps.size):
        jumps[x] += _ONE if flags[x] & JUMP else _NONE


@borrowing_kernel
def _count_good(flags: U8, good: U16) -> None:
    for x in range(good.size):
        good[x] += _NONE if flags[x] & COUNTED else _ONE


@borrowing_kernel
def _take_group(flags: U8, kept: np.uint8, state: U8, segments: U16) -> None:
    """Go on by a group as `find_segments` does; a segment counts when it is two long."""
    for x in range(state.size):
        bits, before = np.uint8(flags[x] & COUNTED & kept), state[x]
        grows = (before == _AT_JUMP) | (before == _SHORT)
        more = _TWO if grows else _NONE
        among = np.uint16((segments[x] + more) | _ONE)
        good = _SHORT if before == _BAD else _LONG
        bad = _AT_JUMP if bits == JUMP else _BAD
        segments[x] = segments[x] if bits else among
        state[x] = bad if bits else good


@borrowing_kernel
def _end_integration(suppress: bool, lanes: FlagLanes) -> None:
    jumps, good, segments = lanes.jumps, lanes.good, lanes.segments
    for x in range(jumps.size):
        lanes.n_jumps[x] += jumps[x]
    for x in range(jumps.size):
        lanes.n_good[x] += good[x]
    for x in range(jumps.size):
        n_long, n_any = segments[x] >> 1, segments[x] & 1
        none = (lanes.saturated[x] != 0) | (suppress & (lanes.single[x] == 1))
        lanes.n_segments[x] += 0 if none else (n_long if n_long > 0 else n_any)


@borrowing_kernel
def count_lanes(groupdq: U8, settings: FitSettings, lanes: FlagLanes) -> None:
    """Fill the answer from the flags (n_ints, n_groups, n_cols) of a row.

    It is that of `count_flags` and `count_segments`, where no ramp begins with a
    ZEROFRAME: that is, with `suppress_one_group`.
    """
    lanes.n_jumps[:] = 0
    lanes.n_good[:] = 0
    lanes.n_segments[:] = 0
    lanes.first_jump[:] = lanes.first_saturated[:] = NO_GROUP
    for i in range(groupdq.shape[0]):
        lanes.state[:] = _BAD
        lanes.jumps[:] = 0
        lanes.good[:] = 0
        lanes.single[:] = 0
        lanes.segments[:] = 0
        for group in range(groupdq.shape[1]):
            flags = groupdq[i, group]
            _count_jumps(flags, lanes.jumps)
            _note_first(flags, JUMP, group, lanes.first_jump)
            _note_first(flags, _SATURATED, group, lanes.first_saturated)
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
        _end_integration(settings.suppress_one_group, lanes)
