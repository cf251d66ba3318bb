"""Which two-dimensional pictures an exposure and its run hold."""

from dataclasses import replace
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.exposure import Exposure
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.memory import pages
from rampviewer.model.planes.combined_flags import RunJumps
from rampviewer.model.planes.rate_difference import sigma_difference
from rampviewer.model.runs.diagnostics import Diagnostics, group_numbers
from rampviewer.model.runs.flag_planes import with_jumps
from rampviewer.model.runs.large_events import apply_to_group
from rampviewer.model.runs.results import RatePlanes

U8 = NDArray[np.uint8]


class Plane(StrEnum):
    """One picture to choose; the value is a stable key for settings."""

    RATE = "rate"
    ERROR = "error"
    DQ = "dq"
    GROUP = "group"
    GROUP_DIFFERENCE = "group_difference"
    RATEINTS = "rateints"
    RATEINTS_ERROR = "rateints_error"
    RATEINTS_DQ = "rateints_dq"
    JUMPS = "jumps"
    FIRST_JUMP = "first_jump"
    LARGEST_RATIO = "largest_ratio"
    GOOD_GROUPS = "good_groups"
    SEGMENTS = "segments"
    FIRST_SATURATED = "first_saturated"
    CHISQ = "chisq"
    DIFFERENCE = "difference"
    SIGMA_DIFFERENCE = "sigma_difference"
    CHANGED_FLAGS = "changed_flags"

    @property
    def label(self) -> str:
        """Name to choose it by."""
        return _FACTS[self][0]

    @property
    def unit(self) -> str:
        """Unit of the values; empty for flags."""
        return _FACTS[self][1]

    @property
    def has_integration(self) -> bool:
        """Whether it is one of several, one for each integration."""
        return _FACTS[self][2]

    @property
    def has_group(self) -> bool:
        """Whether it is one of several, one for each group."""
        return self in {Plane.GROUP, Plane.GROUP_DIFFERENCE}

    @property
    def comes_from_run(self) -> bool:
        """Whether a run makes it; the others are in the exposure as read."""
        return not self.has_group

    @property
    def is_comparison(self) -> bool:
        """Whether the values say how the live run differs from that as delivered."""
        return self in {Plane.DIFFERENCE, Plane.SIGMA_DIFFERENCE, Plane.CHANGED_FLAGS}

    @property
    def is_rate_difference(self) -> bool:
        """Whether the values are rates of the live run minus those of another one."""
        return self in {Plane.DIFFERENCE, Plane.SIGMA_DIFFERENCE}

    def label_against(self, other: str) -> str:
        """Return the label where the other run is not that as delivered."""
        return self.label.replace("as delivered", other) if other else self.label

    @property
    def is_flags(self) -> bool:
        """Whether the values are data-quality bits."""
        return self in {Plane.DQ, Plane.RATEINTS_DQ}

    @property
    def is_count(self) -> bool:
        """Whether the values are numbers of something, 0 before anything is found."""
        return self in _COUNTS

    @property
    def kind(self) -> str:
        """Key shared by planes whose values compare, and so by their limits."""
        return Plane.RATE.value if self is Plane.RATEINTS else self.value

    @property
    def none_text(self) -> str:
        """What it means that no pixel has a value."""
        return _NO_VALUE.get(self, "All values are NaN: click a pixel to see why.")

    def heading(self, integration: int, group: int, minus: int | None = None) -> str:
        """Return a heading with the numbers that act, counted from 0.

        `minus` is the group that a group difference is taken to; None is the one before.
        """
        parts = [self.label]
        if self.has_integration:
            parts.append(f"integration {integration}")
        if self is Plane.GROUP_DIFFERENCE:
            base = group - 1 if minus is None else minus
            parts.append(
                "group 0 has none before it"
                if base < 0
                else f"group {group} \N{MINUS SIGN} group {base}"
            )
        elif self.has_group:
            parts.append(f"group {group}")
        return ", ".join(parts)


_FACTS = {  # label, unit, whether there is one for each integration
    Plane.RATE: ("Rate", "DN/s", False),
    Plane.ERROR: ("Rate error", "DN/s", False),
    Plane.DQ: ("Rate DQ", "", False),
    Plane.GROUP: ("Group", "DN", True),
    Plane.GROUP_DIFFERENCE: ("Group difference", "DN", True),
    Plane.RATEINTS: ("Rate of one integration", "DN/s", True),
    Plane.RATEINTS_ERROR: ("Rate error of one integration", "DN/s", True),
    Plane.RATEINTS_DQ: ("Rate DQ of one integration", "", True),
    Plane.JUMPS: ("Number of jumps", "jumps", False),
    Plane.FIRST_JUMP: ("First group with a jump", "group", False),
    Plane.LARGEST_RATIO: ("Largest ratio", "sigma", False),
    Plane.GOOD_GROUPS: ("Number of good groups", "groups", False),
    Plane.SEGMENTS: ("Number of segments", "segments", False),
    Plane.FIRST_SATURATED: ("First saturated group", "group", False),
    Plane.CHISQ: ("Chi-square of the likelihood fit", "", False),
    Plane.DIFFERENCE: ("Rate, live minus as delivered", "DN/s", False),
    # In units of the larger of the two errors: see `sigma_difference`.
    Plane.SIGMA_DIFFERENCE: ("Rate, live minus as delivered, by error", "sigma", False),
    Plane.CHANGED_FLAGS: ("Changed flags, live against delivered", "groups", False),
}
_NO_VALUE = {
    Plane.GROUP: "All data of this group are NaN.",
    Plane.GROUP_DIFFERENCE: (
        "There is no difference: group 0 has none before it, and NaN data have none."
    ),
    Plane.FIRST_JUMP: "No pixel has a jump.",
    Plane.FIRST_SATURATED: "No pixel is saturated.",
    Plane.CHISQ: (
        "Only a likelihood fit has a chi-square: choose the algorithm LIKELY under "
        "Parameters."
    ),
}
_COUNTS = {Plane.JUMPS, Plane.GOOD_GROUPS, Plane.SEGMENTS, Plane.CHANGED_FLAGS}


class RunPlanes(RunJumps, Protocol):
    """What is shown of a run, be it complete or still growing."""

    @property
    def rate(self) -> RatePlanes: ...
    @property
    def rateints(self) -> RatePlanes: ...
    @property
    def diagnostics(self) -> Diagnostics: ...


def plane_values(
    exposure: Exposure,
    run: RunPlanes | None,
    plane: Plane,
    integration: int = 0,
    group: int = 0,
    *,
    minus: int | None = None,
    base: RunPlanes | None = None,
    n_changed: NDArray[np.unsignedinteger[Any]] | None = None,
    rows: slice = slice(None),
) -> NDArray[Any]:
    """Return the picture of one plane; a view wherever the values exist as they are.

    Parameters
    ----------
    exposure : Exposure
    run : RunPlanes or None
        None when nothing was fitted yet: rates are then NaN, the DQ is the PIXELDQ as
        delivered and no jump is counted.
    plane : Plane
    integration, group : int
        Counted from 0; ignored where they do not act.
    minus : int or None
        The group that a group difference is taken to; None is the one before.
    base : RunPlanes or None
        The run that a difference is taken to.
    n_changed : (n_rows, n_cols) uint16 or uint32, or None
        Groups of each pixel whose flags differ from those of `base`, see `run_changes`;
        None while they are not counted, all are 0 then.
    rows : slice
        Only these rows are wanted.

    Returns
    -------
    values : (n_rows, n_cols) float32, uint8, uint16 or uint32
        Flags and counts are unsigned. NaN means that there is no value: nothing could be
        fitted, no group has the flag, no difference was compared, the fit was none of
        likelihood, or group 0 has no group before it to differ from.
    """
    if plane.has_group:
        return _signal(exposure.sci[integration][:, rows], plane, group, minus)
    if run is None or (plane.is_comparison and base is None):
        flags = exposure.pixeldq[rows]
        if plane.is_count:
            return np.zeros_like(flags)
        return flags if plane.is_flags else np.broadcast_to(np.float32(np.nan), flags.shape)
    if base is not None and plane.is_comparison:
        return _compared(run, base, plane, n_changed, rows)
    made = _planes_of(run)[plane]
    if made is None:
        return np.broadcast_to(np.float32(np.nan), exposure.pixeldq[rows].shape)
    return _numbered(
        plane, made[integration][rows] if plane.has_integration else made[rows]
    )


def moved_values(
    delta: Delta, plane: Plane, integration: int = 0, base: RunPlanes | None = None
) -> NDArray[Any] | None:
    """Return the values of a plane in the pixels that a move changes, one by one.

    Parameters
    ----------
    delta : Delta
        With pixels.
    plane : Plane
        One that comes from a run.
    integration : int
    base : RunPlanes or None
        The run that a difference is taken to.

    Returns
    -------
    values : (n,) array of the type that `plane_values` returns, or None
        None where the move leaves the plane as it was.
    """
    pixels, run = delta.pixels, delta.run
    assert pixels is not None
    if plane in {Plane.LARGEST_RATIO, Plane.CHANGED_FLAGS}:
        return None
    if plane.is_comparison:
        if base is None:
            return None
        after = _in_row(run.rate, slice(pixels.size))
        both = replace(run, rate=after), replace(delta.run, rate=_in_row(base.rate, pixels))
        return _compared(*both, plane, None, slice(None)).reshape(-1)
    made = _planes_of(run)[plane]
    if made is None:
        return None
    values = made[integration] if plane.has_integration else made
    return _numbered(plane, values.reshape(-1)[: pixels.size])


def _in_row(rate: RatePlanes, places: slice | NDArray[np.int64]) -> RatePlanes:
    """Return rate and error of some pixels as the only row of a frame."""
    slope, err = (plane.reshape(-1)[places][None] for plane in (rate.slope, rate.err))
    return replace(rate, slope=slope, err=err)


def _numbered(plane: Plane, values: NDArray[Any]) -> NDArray[Any]:
    is_first = plane in {Plane.FIRST_JUMP, Plane.FIRST_SATURATED}
    return group_numbers(values) if is_first else values


def _compared(
    run: RunPlanes,
    base: RunPlanes,
    plane: Plane,
    n_changed: NDArray[np.unsignedinteger[Any]] | None,
    rows: slice,
) -> NDArray[Any]:
    if plane is Plane.SIGMA_DIFFERENCE:
        return sigma_difference(base.rate, run.rate, rows)
    if plane is Plane.DIFFERENCE:
        difference: NDArray[Any] = run.rate.slope[rows] - base.rate.slope[rows]
        return difference
    return np.zeros_like(run.n_jumps[rows]) if n_changed is None else n_changed[rows]


def _planes_of(run: RunPlanes) -> dict[Plane, NDArray[Any] | None]:
    found = run.diagnostics
    return {
        Plane.RATE: run.rate.slope,
        Plane.ERROR: run.rate.err,
        Plane.DQ: run.rate.dq,
        Plane.RATEINTS: run.rateints.slope,
        Plane.RATEINTS_ERROR: run.rateints.err,
        Plane.RATEINTS_DQ: run.rateints.dq,
        Plane.JUMPS: run.n_jumps,
        Plane.FIRST_JUMP: found.first_jump,
        Plane.FIRST_SATURATED: found.first_saturated,
        Plane.LARGEST_RATIO: found.largest_ratio,
        Plane.GOOD_GROUPS: found.n_good,
        Plane.SEGMENTS: found.n_segments,
        Plane.CHISQ: run.rate.chisq,
    }


def _signal(
    ramp: NDArray[np.float32], plane: Plane, group: int, minus: int | None
) -> NDArray[np.float32]:
    if plane is Plane.GROUP:
        signal: NDArray[np.float32] = ramp[group]
        return signal
    base = group - 1 if minus is None else minus
    if base < 0:
        return np.broadcast_to(np.float32(np.nan), ramp.shape[1:])
    step: NDArray[np.float32] = pages.empty(ramp.shape[1:], np.float32)
    np.subtract(ramp[group], ramp[base], out=step)
    return step


def group_flags(
    exposure: Exposure,
    run: RunPlanes | None,
    integration: int,
    group: int,
    rows: slice = slice(None),
) -> U8:
    """Return GROUPDQ of one group, (n_rows, n_cols) uint8, as `run` leaves it.

    Without a run the flags are all as delivered. `rows` are contiguous.
    """
    delivered: U8 = exposure.groupdq[integration, group, rows]
    if run is None:
        return delivered
    flags = with_jumps(delivered, run.jump_bits[integration, group, rows])
    if run.large is not None:
        number = integration * exposure.n_groups + group
        apply_to_group(run.large, flags, number, rows.start or 0)
    return flags
