"""All there is to show about one pixel."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.timing import GroupTimes

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView:
    """One fitted segment of one integration."""

    first_group: int  # first and last group used, inclusive, counted from 0
    last_group: int
    slope: float  # [DN/s]
    err: float  # sqrt(var_poisson + var_rnoise) [DN/s]
    intercept: float  # value of the fitted line at time 0, see `line` [DN]
    var_poisson: float  # [(DN/s)^2]
    var_rnoise: float  # [(DN/s)^2]
    weight: float  # share of this segment in the slope of the whole exposure, 0 to 1
    # Least squares weighs the groups by |(group - middle) / middle|^power, with a power
    # that follows from the signal to noise ratio; NaN where no weights are needed.
    snr: float = math.nan
    power: float = math.nan

    def line(self, clock: GroupTimes) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return ((t0, t1) [s], (y0, y1) [DN]): the line from first to last group."""
        times = tuple(float(clock.of(g)) for g in (self.first_group, self.last_group))
        values = tuple(self.intercept + self.slope * t for t in times)
        return (times[0], times[1]), (values[0], values[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A jump that had a group flagged: of a neighbour, or an earlier one of the pixel."""

    group: int  # that was flagged
    pixel: Pixel  # where the jump is
    jump_group: int  # the group of the jump, in the same integration


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark:
    """A flag that a snowball or a shower sets in one group of the pixel.

    `origin` is SNOWBALL or SHOWER, SNOWBALL_CORE (which writes SATURATED), or CARRIED_OVER
    from a core of the integration before. A jump that was there before keeps its origin.
    """

    group: int  # that was flagged
    origin: Origin
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRules:
    """What rules for bad groups did to an integration before its least-squares fit."""

    suppressed: bool = False  # suppress_one_group rejected its only good group
    zeroframe: bool = False  # the zero frame stands in for the first group
    chargeloss: bool = False  # var_rnoise is that of the ramp with its CHARGELOSS groups


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LikelyView:
    """What the likelihood fit of one integration decided by itself.

    Arrays are (n_groups - 1,), for the differences from each group to the next. `fall` is
    by how much chi-square falls without the difference (or two in a row), compared with
    `limit`: of what stayed, in the last round; NaN where that was not asked.
    """

    chisq: float  # NaN when nothing could be fitted
    degrees: int  # of freedom: differences used less the slope
    used: NDArray[np.bool_]
    left_out: NDArray[np.bool_]  # could be used, but are jumps for the fit
    fall: F64
    limit: F64
    order: I64  # 1, 2, 3, ... in the order of leaving out, 0 where not left out


@dataclass(frozen=True, slots=True, kw_only=True)
class FitView:
    """Which fit the exposure got, and of which groups."""

    asked: str  # algorithm of the parameters
    is_likely: bool  # else least squares
    is_uneven: bool  # the exposure has read_times
    first_group: int  # the first and the last group that may be used
    last_group: int
    trimmed: tuple[int, ...] = ()  # groups that no ramp of the exposure can use (MIRI)
    nothing: bool = False  # no ramp of the exposure can be fitted


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IntegrationView:
    """The ramp of the pixel in one integration."""

    signal: F32  # (n_groups,) [DN]
    groupdq: U8  # (n_groups,) flags of the run shown
    origin: U8  # (n_groups,) `Origin` of each JUMP_DET
    segments: tuple[SegmentView, ...]
    slope: float  # [DN/s]; NaN when nothing could be fitted
    err: float  # [DN/s]
    dq: int
    causes: tuple[Cause, ...] = ()  # of its flags NEIGHBOR and AFTER_JUMP
    marks: tuple[EventMark, ...] = ()  # of snowballs and showers
    delivered: U8 | None = None  # (n_groups,) flags as read; None when that is not known
    var_poisson: float = math.nan  # [(DN/s)^2]
    var_rnoise: float = math.nan  # [(DN/s)^2]
    rules: GroupRules = GroupRules()
    likely: LikelyView | None = None  # None after a least-squares fit

    @property
    def events(self) -> tuple[Event, ...]:
        """Snowballs and showers whose flags are on the pixel in this integration."""
        return tuple(dict.fromkeys(mark.event for mark in self.marks))

    def is_fitted(self, group: int) -> bool:
        """Return whether a segment uses the group."""
        return any(s.first_group <= group <= s.last_group for s in self.segments)

    def causes_of(self, group: int) -> tuple[Cause, ...]:
        """Return the jumps that had `group` flagged."""
        return tuple(cause for cause in self.causes if cause.group == group)

    def marks_of(self, group: int, flag: int) -> tuple[EventMark, ...]:
        """Return what set `flag`, JUMP_DET or SATURATED, in `group` for a large event."""
        is_core = flag == Dq.SATURATED
        return tuple(
            mark
            for mark in self.marks
            if mark.group == group and (mark.origin == Origin.SNOWBALL_CORE) == is_core
        )

    def origin_of(self, group: int, flag: int) -> Origin:
        """Return where a flag of `group` came from.

        Only jumps and the saturation of snowballs are ever set here, and in a group that
        such saturation was written to, only what the core before it left is a jump.
        """
        origin = Origin(int(self.origin[group]))
        if flag == Dq.JUMP_DET:
            return Origin.CARRIED_OVER if origin == Origin.SNOWBALL_CORE else origin
        is_core = flag == Dq.SATURATED and origin == Origin.SNOWBALL_CORE
        return origin if is_core else Origin.DELIVERED


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """How jump detection decided for the pixel.

    Arrays are (n_ints, n_groups - 1), one value for each two-point difference: NaN (order:
    0) where a difference could not be used. `ratio`, `median` and `sigma` are those of the
    stage that decided the difference: the round that removed it or, if it stayed, the last.
    """

    branch: str  # "iterative", "single pass", "sigma clip", "as delivered", "skipped"
    n_differences: int  # usable differences over all integrations
    threshold: float  # the one that applied first, with all usable differences [sigma]
    threshold_name: str  # the official parameter name of that threshold, "" if none
    difference: F64  # [electron]
    ratio: F64  # [sigma]
    median: F64  # [electron]
    sigma: F64  # [electron]
    limit: F64  # threshold each difference was compared with at its stage [sigma]
    order: I64  # 1, 2, 3, ... in the order of removal, 0 where not removed
    # Sigma clipping: whether a group is compared with itself in the other integrations
    # only, and where its flag went because every pixel of the group had one.
    only_use_ints: bool = True
    lost: NDArray[np.bool_] | None = None
    # Time of each step (n_groups - 1,) [s] where differences are divided by it.
    interval: F64 | None = None

    @classmethod
    def none(cls, branch: str, shape: tuple[int, int]) -> "Decision":
        """Return that nothing was decided about (n_ints, n_groups - 1) differences."""
        nothing = np.full(shape, np.nan)
        return cls(
            branch=branch,
            n_differences=0,
            threshold=math.nan,
            threshold_name="",
            difference=nothing,
            ratio=nothing,
            median=nothing,
            sigma=nothing,
            limit=nothing,
            order=np.zeros(shape, np.int64),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PixelView:
    """One pixel, reduced by the kernels that the image uses."""

    pixel: Pixel
    integrations: tuple[IntegrationView, ...]
    decision: Decision
    slope: float  # of the whole exposure [DN/s]
    err: float  # [DN/s]
    dq: int  # of the rate
    pixeldq: int  # as delivered
    gain: float  # [electron/DN]
    readnoise: float  # CDS [DN]
    group_time: float  # [s]
    run_name: str
    parameters_text: str  # one line: the recipe that gave these flags
    var_poisson: float = math.nan  # [(DN/s)^2]
    var_rnoise: float = math.nan  # [(DN/s)^2]
    chisq: float = math.nan  # of a likelihood fit, over the integrations
    fit: FitView | None = None
    drops_delivered: bool = False  # whether delivered jumps went first
    stamps: tuple[float, ...] = ()  # of `GroupTimes`

    def __repr__(self) -> str:
        names = " ".join(f".{item.name}" for item in fields(self)[1:6])
        return f"<PixelView x {self.pixel.col}, y {self.pixel.row}: {names} ...>"

    @property
    def times(self) -> GroupTimes:
        """Where the groups stand on the time axis."""
        return GroupTimes(self.group_time, self.stamps)
