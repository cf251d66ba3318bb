"""Snowballs of one integration: large jumps, most with a saturated core, as ellipses."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F64, I64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.large.areas import Areas, all_areas, large_enough
from rampviewer.core.large.drawing import Drawn, expanded
from rampviewer.core.large.ellipses import CLOSE, Shapes, first_inside
from rampviewer.core.large.events import Event
from rampviewer.core.large.marks import Marks, marks_of
from rampviewer.core.origin import Origin

_SATURATED, _JUMP = np.uint8(Dq.SATURATED), np.uint8(Dq.JUMP_DET)
_SNOWBALL, _CORE = np.uint8(Origin.SNOWBALL), np.uint8(Origin.SNOWBALL_CORE)
_NOT_FOUND = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SnowballSettings:
    """What finding snowballs depends on, in the units of the official code.

    Areas are in pixels; `sat_expand` is added to the full axes of a core and `max_width`
    bounds full axes [pixel]. Cores are carried over to groups 1 to `groups_carried`
    (exclusive) of the next integration.
    """

    min_jump_area: float
    min_sat_area: float
    expand_factor: float
    sat_required: bool
    min_sat_radius_extend: float
    sat_expand: float
    max_width: float
    edge_size: float
    groups_carried: int


@kernel
def _group_masks(flags: U8, group: int, cores: U8) -> tuple[U8, U8, U8]:
    """Return where a group jumps, where it saturates and where the next group does.

    Saturated cores count as saturated since the group before, and lost their jumps.
    """
    n_groups, n_rows, n_cols = flags.shape
    jumps = np.empty((n_rows, n_cols), np.uint8)
    now, later = np.empty_like(jumps), np.empty_like(jumps)
    after = min(group + 1, n_groups - 1)
    for row in range(n_rows):
        before_row, now_row = flags[group - 1, row], flags[group, row]
        after_row, core_row = flags[after, row], cores[row]
        jump_out, now_out, later_out = jumps[row], now[row], later[row]
        for col in range(n_cols):
            free = core_row[col] ^ np.uint8(1)
            saturated = now_row[col] >> 1
            jump_out[col] = (now_row[col] >> 2) & free
            now_out[col] = saturated & ~(before_row[col] >> 1) & free
            later_out[col] = (after_row[col] >> 1) & ~saturated & free
    return jumps, now, later


@kernel
def _near_edge(centre: F64, low: float, high: float) -> NDArray[np.bool_]:
    """Return which centres are near an edge; the height of the frame stands for both."""
    near = np.empty(len(centre), np.bool_)
    for k in range(len(centre)):
        row, col = centre[k]
        near[k] = row < low or col < low or row > high or col > high
    return near


@kernel
def _search(areas: Areas, listed: I64, points: F64) -> tuple[I64, NDArray[np.bool_]]:
    """Return for each listed area the point inside it, and whether others are unsure."""
    inside, unsure = np.empty(len(listed), np.int64), np.empty(len(listed), np.bool_)
    rows = points[:, 0].copy()
    for n in range(len(listed)):
        inside[n], unsure[n] = first_inside(areas, listed[n], points, rows)
    return inside, unsure


@dataclass(frozen=True, slots=True, eq=False)
class Snowballs:
    """The search in one integration, group after group.

    Parameters
    ----------
    flags : (n_groups, n_rows, n_cols) uint8
        GROUPDQ after two-point differences; it is not written to.
    integration : int
    settings : SnowballSettings
    shapes : Shapes
    carried : (n_rows, n_cols) uint8
        1 in the saturated cores of the integration before.
    """

    flags: U8
    integration: int
    settings: SnowballSettings
    shapes: Shapes
    carried: U8
    events: list[Event] = field(default_factory=list)
    cores: U8 = field(init=False)  # 1 where SATURATED was written so far
    own_cores: U8 = field(init=False)  # 1 in the cores before they were extended

    def __post_init__(self) -> None:
        object.__setattr__(self, "cores", np.zeros(self.flags.shape[1:], np.uint8))
        object.__setattr__(self, "own_cores", np.zeros_like(self.cores))

    def marks(self) -> Iterator[tuple[int, Marks]]:
        """Yield (group, marks) for every group but the first."""
        for group in range(1, len(self.flags)):
            bits, origin = self._carried_over(group)
            for event in self._find(group):
                self.events.append(event)
                if event.kind == Origin.SNOWBALL:
                    self._flag(event.drawn, group, bits, origin)
            _add_cores(bits, origin, self.cores)
            yield group, marks_of(bits, origin)

    def _carried_over(self, group: int) -> tuple[U8, U8]:
        if group >= self.settings.groups_carried:
            return np.zeros_like(self.cores), np.zeros_like(self.cores)
        return self.carried * _JUMP, self.carried * np.uint8(Origin.CARRIED_OVER)

    def _find(self, group: int) -> Iterator[Event]:
        """Yield the events of a group; writes their cores before the first snowball."""
        jumps, now, later = (
            all_areas(mask) for mask in _group_masks(self.flags, group, self.cores)
        )
        listed = np.flatnonzero(large_enough(jumps, self.settings.min_jump_area))
        radii = np.full(len(listed), np.nan)
        if self.settings.sat_required:
            cores = np.flatnonzero(large_enough(now, self.settings.min_sat_area))
            next_cores = np.flatnonzero(large_enough(later, self.settings.min_sat_area))
            listed, radii = self._with_core(jumps, listed, now, cores, later, next_cores)
            yield from self._extend_cores(now, cores, group)
        for k, radius in zip(listed, radii, strict=True):
            yield self._snowball(jumps, int(k), group, float(radius))

    def _with_core(
        self,
        jumps: Areas,
        listed: I64,
        now: Areas,
        cores: I64,
        later: Areas,
        next_cores: I64,
    ) -> tuple[I64, F64]:
        """Return the jumps with a saturated core or near an edge, and the core radii."""
        low = self.settings.edge_size
        high = max(0, self.flags.shape[1] - low)
        near = _near_edge(jumps.centre[listed], low, high)
        points = np.concatenate([now.centre[cores], later.centre[next_cores]])
        sizes = np.concatenate([now.n_pixels[cores], later.n_pixels[next_cores]])
        order = np.argsort(points[:, 0], kind="stable")
        points, sizes = points[order], sizes[order]
        inside, unsure = _search(jumps, listed, points)
        for n in np.flatnonzero(unsure & (inside == _NOT_FOUND) & ~near):
            ellipse = self.shapes.ellipse(jumps, listed[n])
            inside[n] = next(
                (m for m, (row, col) in enumerate(points) if ellipse.contains(col, row)),
                _NOT_FOUND,
            )
        found = inside != _NOT_FOUND
        radii = np.full(len(listed), np.nan)
        radii[found] = np.sqrt(sizes[inside[found]] / np.pi)
        return listed[near | found], radii[near | found]

    def _extend_cores(self, now: Areas, cores: I64, group: int) -> Iterator[Event]:
        settings = self.settings
        may_be = now.axes[cores, 0] > settings.min_sat_radius_extend - CLOSE
        for k in cores[may_be]:
            core = self.shapes.ellipse(now, k)
            if not min(core.minor, core.major) > settings.min_sat_radius_extend:
                continue
            axes = (
                min(axis + settings.sat_expand, settings.max_width)
                for axis in (core.minor, core.major)
            )
            drawn = Drawn.of(core, *axes)
            _cover(self.cores, *drawn.pixels(*self.cores.shape))
            own = Drawn.of(core, core.minor, core.major)
            _cover(self.own_cores, *own.pixels(*self.cores.shape))
            yield Event(
                kind=Origin.SNOWBALL_CORE,
                integration=self.integration,
                group=group,
                last_group=len(self.flags) - 1,
                n_pixels=int(now.n_pixels[k]),
                drawn=drawn,
                carried=own,
            )

    def _snowball(self, jumps: Areas, k: int, group: int, radius: float) -> Event:
        ellipse = self.shapes.ellipse(jumps, k)
        return Event(
            kind=Origin.SNOWBALL,
            integration=self.integration,
            group=group,
            last_group=group,
            n_pixels=int(jumps.n_pixels[k]),
            drawn=expanded(ellipse, self.settings.expand_factor, self.settings.max_width),
            core_radius=None if np.isnan(radius) else radius,
        )

    def _flag(self, drawn: Drawn, group: int, bits: U8, origin: U8) -> None:
        top, left, image = drawn.pixels(*self.cores.shape)
        _flag_jumps(self.flags[group], self.cores, top, left, image, bits, origin)


def _cover(mask: U8, top: int, left: int, image: U8) -> None:
    n_rows, n_cols = image.shape
    mask[top : top + n_rows, left : left + n_cols] |= image


@kernel
def _flag_jumps(
    flags: U8, cores: U8, top: int, left: int, image: U8, bits: U8, origin: U8
) -> None:
    """Mark the pixels of an ellipse that are not saturated."""
    for y in range(len(image)):
        row = top + y
        for x in range(image.shape[1]):
            col = left + x
            saturated = flags[row, col] & _SATURATED or cores[row, col]
            if image[y, x] and not saturated and origin[row, col] == 0:
                bits[row, col] = _JUMP
                origin[row, col] = _SNOWBALL


@kernel
def _add_cores(bits: U8, origin: U8, cores: U8) -> None:
    for row in range(len(cores)):
        for col in range(cores.shape[1]):
            if cores[row, col]:
                bits[row, col] |= _SATURATED
                origin[row, col] = _CORE
