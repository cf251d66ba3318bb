"""The common ramp of many pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set, names_of
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory.scratch import release
from rampviewer.model.planes.plane import RunPlanes, group_flags
from rampviewer.model.regions.region_pixels import RegionPixels

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]
Average = Literal["mean", "median"]
MOST_SINGLES: Final = 250
HOW: Final = (
    "Each step of this ramp is the mean or median of the differences to the group before, "
    "of the pixels whose groups are good on both sides (none but PERSISTENCE and JUMP_DET "
    "set). As in the fit, JUMP_DET leaves out the step to its group, not the one after. "
    "Steps are added up from the level of the first good group.\n"
    "Counts themselves are not averaged: after a jump they stay higher, and bright pixels "
    "saturate first."
)
_NOT_GOOD = Dq(0xFF) & ~Dq.PERSISTENCE & ~Dq.JUMP_DET
_OF_MEDIAN = math.sqrt(math.pi / 2)  # its error, of Gaussian noise, over that of the mean
_OF_MAD = (
    1.482602218505602  # standard deviation of Gaussian noise over its median deviation
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionRamp:
    """The mean or median ramp of the pixels of a region in one integration.

    A group is good in a pixel when its GROUPDQ has no bit but PERSISTENCE and JUMP_DET and
    its datum is no NaN. After a jump a ramp goes on at another level, and bright pixels
    have fewer good groups than others: an average of counts over different pixels in each
    group is biased. So `signal` starts with the average over the pixels good in the first
    group that is good in any, and each step is the average of the *differences* to the
    group before, over the pixels that are good in both and have no JUMP_DET in the later
    one: as in the fit, a jump parts the group that it is flagged in from the one before,
    and that group belongs to the segment that follows. Where no pixel has such a
    difference the ramp begins anew, by the average of counts over the good pixels; it is
    NaN where there is none.

    Attributes
    ----------
    average : "mean" or "median"
    integration : int
    signal : (n_groups,) float64
        [DN]
    error : (n_groups,) float64
        Standard error of `signal` [DN]: the spread of the pixels' own ramps, their jumps
        taken out, over the root of `n`; by the median deviation for a median. NaN for
        fewer than two pixels.
    n : (n_groups,) int64
        Number of pixels that made the value, or the step to it.
    n_good : (n_groups,) int64
        Number of pixels whose group is good.
    begins : (n_groups,) bool
        Where it begins, or begins anew.
    why_none : str
        What keeps all groups of all pixels from being good, "" where any is good.
    singles : (n_singles, n_groups) float32
        Ramps of at most 250 of the pixels, evenly picked [DN]; NaN where not good, and at
        jumps.
    n_flags, n_flagged : int
        Number of groups with JUMP_DET, and of pixels that have any.
    jump_rate : float
        Groups with JUMP_DET per pixel and second, of the differences that could be searched
        for jumps; NaN where there are none.
    """

    average: Average
    integration: int
    signal: F64
    error: F64
    n: NDArray[np.int64]
    n_good: NDArray[np.int64]
    begins: Mask
    why_none: str
    singles: NDArray[np.float32]
    n_flags: int
    n_flagged: int
    jump_rate: float


def region_ramp(
    exposure: Exposure,
    run: RunPlanes | None,
    pixels: RegionPixels,
    integration: int,
    average: Average = "mean",
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> RegionRamp:
    """Return the ramp of the pixels of a region that are used.

    Parameters
    ----------
    exposure : Exposure
    run : RunPlanes or None
        Whose flags count; those as delivered without one.
    pixels : RegionPixels
    integration : int
    average : "mean" or "median"
    is_cancelled : callable
        Asked before each group.

    Raises
    ------
    CancelledError
        When `is_cancelled`.
    """
    ramp, jumps = _Ramp(pixels.n_used, exposure.n_groups, average), _Jumps(pixels.n_used)
    singles, obstacles = _Singles(pixels.n_used, exposure.n_groups), set[str]()
    area = pixels.area
    for group in range(exposure.n_groups):
        if is_cancelled():
            raise CancelledError
        flags = group_flags(exposure, run, integration, group, area.rows)
        flags = flags[:, area.cols][pixels.used]
        signal = pixels.values(exposure.sci[integration, group])
        usable = ~any_set(flags, _NOT_GOOD)
        good = usable & ~np.isnan(signal)
        if not ramp.n_good.any() and not good.any():
            obstacles |= _obstacles(flags, is_nan=bool(usable.any()))
        jumped = any_set(flags, Dq.JUMP_DET)
        singles.add(group, signal, good & ~jumped)  # a line ends before a jump
        ramp.add(group, signal.astype(np.float64), good, jumped)
        jumps.add(flags)
        release(exposure.sci, exposure.groupdq)
    return RegionRamp(
        average=average,
        integration=integration,
        signal=ramp.signal,
        error=ramp.error,
        n=ramp.n,
        n_good=ramp.n_good,
        begins=ramp.begins,
        why_none="" if ramp.n_good.any() else ", ".join(sorted(obstacles)),
        singles=singles.signal,
        n_flags=jumps.n_flags,
        n_flagged=int(np.count_nonzero(jumps.is_flagged)),
        jump_rate=jumps.rate(exposure.timing.group_time),
    )


def _obstacles(flags: NDArray[np.uint8], *, is_nan: bool) -> set[str]:
    """Return what keeps pixels of a group, none of which is good, from being so."""
    seen = int(np.bitwise_or.reduce(flags, initial=0)) & int(_NOT_GOOD)
    return {*names_of(seen), *(("NaN data",) if is_nan else ())}


class _Singles:
    """Keeps some of the pixels of one group after another."""

    def __init__(self, n_pixels: int, n_groups: int) -> None:
        picked = np.linspace(0, n_pixels - 1, min(n_pixels, MOST_SINGLES))
        self._picked = picked.round().astype(np.int64)
        self.signal = np.full((picked.size, n_groups), np.nan, np.float32)

    def add(self, group: int, signal: NDArray[np.float32], drawn: Mask) -> None:
        picked = self._picked
        self.signal[:, group] = np.where(drawn[picked], signal[picked], np.nan)


class _Ramp:
    """Takes one group after another."""

    def __init__(self, n_pixels: int, n_groups: int, average: Average) -> None:
        self._average = average
        self.signal, self.error = np.full((2, n_groups), np.nan)
        self.n, self.n_good = np.zeros((2, n_groups), np.int64)
        self.begins = np.zeros(n_groups, np.bool_)
        self._level = math.nan
        self._before, self._was_good = np.empty(0), np.zeros(n_pixels, np.bool_)
        self._off = np.zeros(n_pixels)  # of the ramp of each pixel from the common one
        self._has_level = np.zeros(n_pixels, np.bool_)

    def add(self, group: int, signal: F64, good: Mask, jumped: Mask) -> None:
        self.n_good[group] = np.count_nonzero(good)
        used = good & self._was_good & ~jumped
        if used.any():
            steps = np.where(used, signal - self._before, 0.0)
            step = self._average_of(steps[used])
            self._level += step
            self._off += np.where(used, steps - step, 0.0)
        else:
            used = good
            self._level = self._average_of(signal[good])
            self._off = np.where(good, signal - self._level, 0.0)
            self._has_level = good
            self.begins[group] = good.any()
        self.signal[group] = self._level
        self.n[group] = np.count_nonzero(used)
        self.error[group] = self._error(self._off[used & self._has_level], self.n[group])
        self._before, self._was_good = signal, good

    def _average_of(self, values: F64) -> float:
        if not values.size:
            return math.nan
        return float(np.mean(values) if self._average == "mean" else np.median(values))

    def _error(self, off: F64, n: int) -> float:
        if off.size < 2:
            return math.nan
        if self._average == "mean":
            return float(np.std(off, ddof=1)) / math.sqrt(n)
        deviation = float(np.median(np.abs(off - np.median(off))))
        return _OF_MEDIAN * _OF_MAD * deviation / math.sqrt(n)


class _Jumps:
    """Counts flags of one group after another."""

    def __init__(self, n_pixels: int) -> None:
        self.n_flags = 0
        self.is_flagged = np.zeros(n_pixels, np.bool_)
        self._could = np.zeros(n_pixels, np.bool_)  # the group before be compared with
        self._n_found = self._n_searched = 0

    def add(self, flags: NDArray[np.uint8]) -> None:
        jumps = any_set(flags, Dq.JUMP_DET)
        self.n_flags += int(np.count_nonzero(jumps))
        self.is_flagged |= jumps
        can = ~any_set(flags, _NOT_GOOD)
        searched = can & self._could
        self._n_searched += int(np.count_nonzero(searched))
        self._n_found += int(np.count_nonzero(searched & jumps))
        self._could = can

    def rate(self, group_time: float) -> float:
        if not self._n_searched:
            return math.nan
        return self._n_found / (self._n_searched * group_time)
