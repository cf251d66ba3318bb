"""How far the steps of each pixel deviate from their median, as the shower search sees it.

A step is the difference of a group to the one before it [electron]. Everything is float32
where the official code has float32: a shower is found by comparing with a limit.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.order_statistics import sort_columns, sorting_network

_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
REJECTED = np.uint8(_UNUSABLE | Dq.JUMP_DET)
_MOST_REJECTED = np.uint8(Dq.JUMP_DET | Dq.DO_NOT_USE)
_NAN, _INF = np.float32(np.nan), np.float32(np.inf)


class Signal(NamedTuple):
    """The data of an exposure, and what may be used of them.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols) float32
        [DN]
    delivered : (n_ints, n_groups, n_rows, n_cols) uint8
        GROUPDQ as read.
    flags : (n_ints, n_groups, n_rows, n_cols) uint8
        GROUPDQ after two-point differences and snowballs.
    gain : (n_rows, n_cols) float32
        [electron/DN]
    hidden : uint8
        Delivered bits with which a datum is gone whatever its flags are now: those that
        the two-point search drops, 0 when it was skipped.
    """

    sci: F32
    delivered: U8
    flags: U8
    gain: F32
    hidden: np.uint8

    @classmethod
    def of(cls, sci: F32, delivered: U8, flags: U8, gain: F32, searched: bool) -> "Signal":
        """Put them together; `searched` says whether the two-point search was done."""
        hidden = _UNUSABLE if searched else np.uint8(0)
        return cls(sci, delivered, flags, gain, np.uint8(hidden))


@kernel
def usable_row(signal: Signal, i: int, g: int, row: int, out: F32) -> None:
    """Fill `out` (n_cols,) with the data of a row [electron]; NaN where rejected.

    Rejected are groups with one of the flags DO_NOT_USE, SATURATED and JUMP_DET or
    DO_NOT_USE and another of these, and nothing else: with a further flag a datum stays.
    """
    data, flags = signal.sci[i, g, row], signal.flags[i, g, row]
    delivered, gain = signal.delivered[i, g, row], signal.gain[row]
    for col in range(out.size):
        value = data[col] * gain[col]
        flag = flags[col]
        gone = (flag >= 1) & (flag <= _MOST_REJECTED)
        gone = gone | ((delivered[col] & signal.hidden) != 0)
        out[col] = _NAN if gone else value


@kernel
def steps_of_row(signal: Signal, row: int, steps: F32) -> None:
    """Fill `steps` (n_ints * (n_groups - 1), n_cols) with the steps of a row."""
    n_ints, n_groups, _, n_cols = signal.sci.shape
    earlier, later = np.empty(n_cols, np.float32), np.empty(n_cols, np.float32)
    k = 0
    for i in range(n_ints):
        usable_row(signal, i, 0, row, earlier)
        for g in range(1, n_groups):
            usable_row(signal, i, g, row, later)
            out = steps[k]
            for col in range(n_cols):
                out[col] = later[col] - earlier[col]
            earlier, later = later, earlier
            k += 1


@kernel
def _medians(steps: F32, network: NDArray[np.int64], median: F32) -> None:
    """Fill in the median of each column; NaN does not count. Sorts `steps` in place."""
    n, n_cols = steps.shape
    counts = np.zeros(n_cols, np.int32)
    for k in range(n):
        values = steps[k]
        for col in range(n_cols):
            counts[col] += values[col] == values[col]
            values[col] = values[col] if values[col] == values[col] else _INF
    sort_columns(steps, network)
    for col in range(n_cols):
        some = counts[col]
        if some == 0:
            median[col] = _NAN
        else:
            low, high = steps[(some - 1) // 2, col], steps[some // 2, col]
            median[col] = (low + high) / np.float32(2)


@kernel
def typical_steps(
    signal: Signal,
    readnoise: F32,
    n_frames: int,
    start: int,
    stop: int,
    median: F32,
    sigma: F32,
) -> None:
    """Find the median step and its noise for rows `start` to `stop` (exclusive).

    Parameters
    ----------
    signal : Signal
    readnoise : (n_rows, n_cols) float32
        [DN]
    n_frames : int
        Frames averaged into a group.
    start, stop : int
    median, sigma : (1, n_rows, n_cols) float32
        Filled in [electron].
    """
    n_ints, n_groups, _, n_cols = signal.sci.shape
    n = n_ints * (n_groups - 1)
    network = sorting_network(n, np.ones(n, np.bool_))
    steps = np.empty((n, n_cols), np.float32)
    for row in range(start, stop):
        steps_of_row(signal, row, steps)
        typical, noise = median[0, row], sigma[0, row]
        _medians(steps, network, typical)
        for col in range(n_cols):
            read = readnoise[row, col] * signal.gain[row, col]
            variance = abs(typical[col]) + read * read / np.float32(n_frames)
            noise[col] = np.sqrt(variance)


@kernel
def deviations(
    signal: Signal, i: int, g: int, hidden: U8, median: F32, sigma: F32, out: F32
) -> None:
    """Fill `out` with |step - median| / sigma of one group; NaN where not usable.

    Parameters
    ----------
    signal : Signal
    i, g : int
        Integration and group; of the steps the one that ends in the group.
    hidden : (n_rows, n_cols) uint8
        1 for pixels that are never used.
    median, sigma : (n_rows, n_cols) float
        [electron]
    out : (n_rows, n_cols) float
    """
    n_rows, n_cols = out.shape
    earlier, later = np.empty(n_cols, np.float32), np.empty(n_cols, np.float32)
    for row in range(n_rows):
        usable_row(signal, i, g - 1, row, earlier)
        usable_row(signal, i, g, row, later)
        flags, never = signal.flags[i, g, row], hidden[row]
        typical, noise, result = median[row], sigma[row], out[row]
        for col in range(n_cols):
            value = abs((later[col] - earlier[col]) - typical[col]) / noise[col]
            used = ((flags[col] & REJECTED) == 0) & (never[col] == 0)
            result[col] = value if used else _NAN
