"""All there is to show about one pixel."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.large.events import Event
from rampviewer.model.exposure import Pixel

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

    def line(self, group_time: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return ((t0, t1) [s], (y0, y1) [DN]): the line from first to last group.

        The time of group g is (g + 1) x group_time, as on the axis of the ramp panel.
        """
        times = tuple((g + 1) * group_time for g in (self.first_group, self.last_group))
        values = tuple(self.intercept + self.slope * t for t in times)
        return (times[0], times[1]), (values[0], values[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A jump that had a group flagged: of a neighbour, or an earlier one of the pixel."""

    group: int  # that was flagged
    pixel: Pixel  # where the jump is
    jump_group: int  # the group of the jump, in the same integration


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
    # Snowballs and showers whose flags are on the pixel in this integration.
    events: tuple[Event, ...] = ()

    def is_fitted(self, group: int) -> bool:
        """Return whether a segment uses the group."""
        return any(s.first_group <= group <= s.last_group for s in self.segments)

    def causes_of(self, group: int) -> tuple[Cause, ...]:
        """Return the jumps that had `group` flagged."""
        return tuple(cause for cause in self.causes if cause.group == group)


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
