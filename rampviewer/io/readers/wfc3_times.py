"""When WFC3/IR was read, and how that fits the even groups of the steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.timing import Timing

Steps = NDArray[np.float64]
_EVEN = 1e-3  # largest difference of steps that count as even, of their mean


class Cadence(NamedTuple):
    """The read pattern, whether the zeroth read has no place in it, and a sentence."""

    timing: Timing
    without_zeroth: bool
    note: str


def cadence_of(path: Path, sequence: str, times: Sequence[float]) -> Cadence:
    """Return the read pattern of a sequence of single reads.

    Parameters
    ----------
    path : Path
        Named in the error.
    sequence : str
        SAMP_SEQ, such as RAPID, SPARS50 or STEP100.
    times : sequence of float
        Time of every read since the zeroth [s].

    Raises
    ------
    ValueError
        When there are fewer than two reads or their times do not increase.
    """
    if len(times) < 2:
        raise ValueError(f"{path.name} has a single read: that makes no ramp")
    steps = np.diff(np.array(times, np.float64))
    if not np.all(steps > 0):
        raise ValueError(
            f"{path.name} has read times that do not increase: "
            f"{', '.join(f'{time:g}' for time in times)} s"
        )
    if _is_even(steps):
        return Cadence(_even(float(np.mean(steps)), times), False, "")
    if len(steps) > 2 and _is_even(steps[1:]):
        step = float(np.mean(steps[1:]))
        return Cadence(_even(step, times), True, _without_zeroth(sequence, steps[0], step))
    uneven = Timing(
        frame_time=float(np.min(steps)),
        group_time=float(np.mean(steps)),
        read_times=tuple((float(time),) for time in times),
    )
    return Cadence(uneven, False, _uneven(sequence, steps))


def _is_even(steps: Steps) -> bool:
    return bool(np.ptp(steps) <= _EVEN * np.mean(steps))


def _even(step: float, times: Sequence[float]) -> Timing:
    return Timing(frame_time=step, group_time=step, stamps=tuple(times))


def _without_zeroth(sequence: str, first: float, step: float) -> str:
    return (
        f"{sequence} takes {first:g} s to its first read and {step:g} s between all "
        "others: the zeroth read is DO_NOT_USE, so that the groups are even."
    )


def _uneven(sequence: str, steps: Steps) -> str:
    return (
        f"The reads of {sequence} are UNEVEN, {steps.min():g} to {steps.max():g} s apart: "
        "the likelihood fit takes their times (and is used from 4 groups on), but the "
        "search for jumps, and least squares, take all groups for even. Jumps "
        "flagged where the signal is strong are then no sign of a particle."
    )
