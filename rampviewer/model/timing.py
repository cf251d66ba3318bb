"""When a detector was read."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class GroupTimes:
    """When the groups of an integration were read, as they stand on a time axis [s].

    Parameters
    ----------
    group_time : float
        Time from one group to the next; the mean one where they are uneven.
    stamps : tuple of float
        The time of every group; () where group g is at (g + 1) x `group_time`.
    """

    group_time: float
    stamps: tuple[float, ...] = ()

    def of(self, group: Any) -> Any:
        """Return the times of groups, which may be fractions, before and behind all too."""
        if not self.stamps:
            return (np.asarray(group) + 1) * self.group_time
        last = len(self.stamps) - 1
        inside = np.clip(group, 0, last)
        beyond = np.asarray(group) - inside
        return (
            np.interp(inside, np.arange(last + 1), self.stamps) + beyond * self.group_time
        )

    def group_at(self, time: float) -> float:
        """Return the group, which may be a fraction, at a time."""
        if not self.stamps:
            return time / self.group_time - 1
        inside = min(max(time, self.stamps[0]), self.stamps[-1])
        group = np.interp(inside, self.stamps, np.arange(len(self.stamps)))
        return float(group) + (time - inside) / self.group_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Read pattern of an exposure.

    Parameters
    ----------
    frame_time : float
        Time of one frame [s].
    group_time : float
        Time from one group to the next [s].
    n_frames : int
        Frames averaged into one group.
    groupgap : int
        Frames dropped between groups.
    drop_frames1 : int
        Frames dropped before the first group.
    read_times : tuple of tuple of float, optional
        Read times of every group [s]; None for an even pattern.
    stamps : tuple of float, optional
        When every group was read [s], where that is not (group + 1) x `group_time`. It is
        for the eye: slopes follow from the other numbers.

    Raises
    ------
    ValueError
        When a time is not positive and finite, or a count is out of range.
    """

    frame_time: float
    group_time: float
    n_frames: int = 1
    groupgap: int = 0
    drop_frames1: int = 0
    read_times: tuple[tuple[float, ...], ...] | None = None
    stamps: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("frame_time", "group_time"):
            value = _number(name, getattr(self, name))
            if not (value > 0 and math.isfinite(value)):
                raise ValueError(f"{name} must be a positive time in seconds, got {value}")
            object.__setattr__(self, name, value)
        for name, least in (("n_frames", 1), ("groupgap", 0), ("drop_frames1", 0)):
            value = _number(name, getattr(self, name))
            if not value.is_integer():
                raise ValueError(f"{name} must be a whole number, got {value}")
            if value < least:
                raise ValueError(f"{name} must be at least {least}, got {value:g}")
            object.__setattr__(self, name, int(value))
        if self.read_times is not None:
            object.__setattr__(self, "read_times", _times(self.read_times))

    @property
    def times(self) -> GroupTimes:
        """Where the groups stand on a time axis: at the mean of their reads if uneven."""
        if self.stamps is not None:
            return GroupTimes(self.group_time, self.stamps)
        means = tuple(sum(reads) / len(reads) for reads in self.read_times or () if reads)
        return GroupTimes(self.group_time, means)

    @property
    def even(self) -> "Timing":
        """The same without explicit read times, which the official jump step ignores."""
        return self if self.read_times is None else replace(self, read_times=None)


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, got {value!r}") from None


def _times(groups: Any) -> tuple[tuple[float, ...], ...]:
    try:
        return tuple(tuple(float(t) for t in group) for group in groups)
    except (TypeError, ValueError):
        raise ValueError(
            f"read_times must list the read times of every group [s], got {groups!r}"
        ) from None
