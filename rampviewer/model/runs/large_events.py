"""Snowballs and showers: a layer of flags over those of the two-point differences."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.large.deviations import Signal
from rampviewer.core.large.ellipses import Shapes
from rampviewer.core.large.events import Event
from rampviewer.core.large.marks import GroupMarks, RowMarks, by_rows, put
from rampviewer.core.large.showers import ShowerSettings
from rampviewer.core.large.snowballs import Snowballs, SnowballSettings
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release
from rampviewer.model.runs.bands import cores
from rampviewer.model.runs.shower_search import ShowerSearch
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
_ALL_GROUPS = 2**31  # more groups than there are
_AMPLITUDE = 6  # [electron/s], of the official code


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LargeLayer:
    """Flags of all large events of an exposure, to be put onto those of two-point jumps.

    `marks` holds JUMP_DET, which is added, and SATURATED, which replaces the flags of its
    group; each with its `Origin`. `n_extended` counts the events as the official step.
    """

    parameters: JumpParameters
    marks: RowMarks
    events: tuple[Event, ...]
    n_extended: int


def find_large_events(
    exposure: Exposure,
    groupdq: U8,
    pixeldq: U32,
    parameters: JumpParameters,
    *,
    searched: bool = True,
    n_threads: int | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> LargeLayer:
    """Return the large events that the parameters ask for.

    Parameters
    ----------
    exposure : Exposure
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
        Flags after the two-point differences, their neighbours and after-jump flags; not
        written to.
    pixeldq : (n_rows, n_cols) uint32
        Flags of pixels after jump detection, those without a gain marked.
    parameters : JumpParameters
    searched : bool
        False when the two-point search was skipped for want of usable groups.
    n_threads : int, optional
        All cores by default; the result does not depend on it.

    Raises
    ------
    CancelledError
        When `is_cancelled`.
    """
    marks: list[GroupMarks] = []
    events: list[Event] = []
    n_extended = 0
    shape = exposure.n_rows, exposure.n_cols
    if parameters.expand_large_events:
        settings = snowball_settings(parameters, exposure.timing)
        events += _find_snowballs(groupdq, settings, marks, is_cancelled)
        n_extended = sum(event.kind == Origin.SNOWBALL for event in events)
    if parameters.find_showers:
        if marks:
            groupdq = _copy(groupdq, exposure.room)
            _put_all(by_rows(marks, *shape), groupdq, exposure.bands(n_threads=1))
        found = exposure.sci, exposure.groupdq, groupdq, exposure.gain
        search = ShowerSearch(
            exposure=exposure,
            signal=Signal.of(*found, searched),
            pixeldq=pixeldq,
            settings=shower_settings(parameters, exposure.timing),
            by_sigma_clip=exposure.n_ints >= parameters.minimum_sigclip_groups,
            n_threads=n_threads or cores(),
            is_cancelled=is_cancelled,
        )
        showers = search.events()
        marks += search.marks(showers)
        events += showers
        # The official step overwrites the number of snowballs.
        n_extended = len(showers)
    return LargeLayer(
        parameters=parameters,
        marks=by_rows(marks, *shape),
        events=tuple(events),
        n_extended=n_extended,
    )


def snowball_settings(parameters: JumpParameters, timing: Timing) -> SnowballSettings:
    """Return the parameters of snowballs in the units of the code."""
    carried = _groups(parameters.snowball_time_masked_next_int, timing)
    return SnowballSettings(
        min_jump_area=parameters.min_jump_area,
        min_sat_area=parameters.min_sat_area,
        expand_factor=parameters.expand_factor,
        sat_required=parameters.sat_required_snowball,
        min_sat_radius_extend=parameters.min_sat_radius_extend,
        # Radii become full axes.
        sat_expand=2 * parameters.sat_expand,
        max_width=2 * parameters.max_extended_radius,
        edge_size=parameters.edge_size,
        groups_carried=carried if parameters.mask_snowball_core_next_int else 0,
    )


def shower_settings(parameters: JumpParameters, timing: Timing) -> ShowerSettings:
    """Return the parameters of showers in the units of the code."""
    is_given = parameters.use_max_shower_amplitude
    amplitude = parameters.max_shower_amplitude if is_given else _AMPLITUDE
    return ShowerSettings(
        snr_threshold=parameters.extend_snr_threshold,
        min_area=parameters.extend_min_area,
        inner_radius=parameters.extend_inner_radius,
        outer_radius=parameters.extend_outer_radius,
        expand_ratio=parameters.extend_ellipse_expand_ratio,
        max_width=2 * parameters.max_extended_radius,
        groups_masked=_groups(parameters.time_masked_after_shower, timing),
        max_amplitude=amplitude * timing.group_time,
    )


def _groups(time: float, timing: Timing) -> int:
    """Return how many groups a time [s] covers."""
    n_groups = time // timing.group_time
    return int(n_groups) if n_groups < _ALL_GROUPS else _ALL_GROUPS


def _find_snowballs(
    groupdq: U8,
    settings: SnowballSettings,
    marks: list[GroupMarks],
    is_cancelled: Callable[[], bool],
) -> list[Event]:
    n_ints, n_groups, n_rows, n_cols = groupdq.shape
    carried = np.zeros((n_rows, n_cols), np.uint8)
    shapes, events = Shapes(), list[Event]()
    for i in range(n_ints):
        search = Snowballs(groupdq[i], i, settings, shapes, carried)
        for group, marked in search.marks():
            if is_cancelled():
                raise CancelledError
            marks.append((i * n_groups + group, marked))
        carried = search.own_cores
        events += search.events
        release(groupdq)
    return events


def _copy(groupdq: U8, room: Room) -> U8:
    copy: U8 = room.empty(groupdq.shape, np.uint8)
    for flags, out in zip(groupdq, copy, strict=True):
        out[...] = flags
        release(groupdq, copy)
    return copy


def apply(
    layer: LargeLayer, groupdq: U8, origin: U8, row_start: int, row_stop: int
) -> None:
    """Put a layer onto the flags of some rows, in place.

    Parameters
    ----------
    layer : LargeLayer
    groupdq, origin : (n_ints, n_groups, row_stop - row_start, n_cols) uint8
        Flags and origins after the two-point differences.
    row_start, row_stop : int
        The rows that they are of, the last one excluded.
    """
    put(layer.marks, row_start, row_stop, groupdq, origin)


def apply_to_all(layer: LargeLayer, groupdq: U8, tasks: list[tuple[int, int]]) -> None:
    """Put a layer onto all flags, in place, one band of rows (start, stop) at a time."""
    _put_all(layer.marks, groupdq, tasks)


def _put_all(marks: RowMarks, groupdq: U8, tasks: list[tuple[int, int]]) -> None:
    for start, stop in tasks:
        if marks.first[start] == marks.first[stop]:
            continue
        band = groupdq[:, :, start:stop].copy()
        put(marks, start, stop, band, np.zeros_like(band))
        groupdq[:, :, start:stop] = band
        release(groupdq)


def apply_to_group(layer: LargeLayer, flags: U8, number: int, row_start: int = 0) -> None:
    """Put a layer onto the flags of one group, in place.

    Parameters
    ----------
    layer : LargeLayer
    flags : (n_rows, n_cols) uint8
        Flags after the two-point differences, of all rows or some.
    number : int
        The group, counted from 0 over all integrations.
    row_start : int
        The first of the rows.
    """
    n_rows, n_cols = flags.shape
    first = layer.marks.first[row_start : row_start + n_rows + 1]
    here = slice(first[0], first[-1])
    _, place, bits, origin = layer.marks
    marks = RowMarks(first - first[0], place[here], bits[here], origin[here])
    chosen = marks.place // n_cols == number
    plane = flags[None, None]
    put(_chosen(marks, chosen, n_cols), 0, n_rows, plane, np.zeros_like(plane))


def apply_to_pixel(
    layer: LargeLayer, groupdq: U8, origin: U8, row: int, col: int, n_cols: int
) -> None:
    """Put a layer onto the flags and origins, (n_ints, n_groups) uint8, of one pixel."""
    only = marks_of_pixel(layer, row, col, n_cols)
    put(only, 0, 1, groupdq[:, :, None, None], origin[:, :, None, None])


def marks_of_pixel(layer: LargeLayer, row: int, col: int, n_cols: int) -> RowMarks:
    """Return the marks of one pixel as those of a frame that has no other.

    A place in that frame is the number of the group, counted over all integrations.
    """
    marks = layer.marks
    here = slice(marks.first[row], marks.first[row + 1])
    place, bits, by = marks.place[here], marks.bits[here], marks.origin[here]
    chosen = place % n_cols == col
    first = np.array([0, np.count_nonzero(chosen)])
    return RowMarks(first, place[chosen] // np.uint32(n_cols), bits[chosen], by[chosen])


def mark_any_group(layer: LargeLayer, flags: U8, groups: range) -> None:
    """Set the bits that a layer writes to any of some groups, in place.

    Parameters
    ----------
    layer : LargeLayer
    flags : (n_rows, n_cols) uint8
    groups : range
        Groups counted from 0 over all integrations.
    """
    marks, n_cols = layer.marks, flags.shape[1]
    number = marks.place // n_cols
    chosen = (number >= groups.start) & (number < groups.stop)
    rows = np.repeat(np.arange(flags.shape[0]), np.diff(marks.first))[chosen]
    np.bitwise_or.at(flags, (rows, marks.place[chosen] % n_cols), marks.bits[chosen])


def _chosen(marks: RowMarks, chosen: NDArray[np.bool_], n_cols: int) -> RowMarks:
    """Return some marks, all of one group, as those of group 0."""
    first = np.concatenate(([0], np.cumsum(chosen)))[marks.first]
    place = marks.place[chosen] % np.uint32(n_cols)
    return RowMarks(first, place, marks.bits[chosen], marks.origin[chosen])
