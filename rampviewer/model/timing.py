"""When a detector was read."""

import math
from dataclasses import dataclass, replace
from typing import Any


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
