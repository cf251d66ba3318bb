"""A whole row at once: the fits of pixels with nothing special about them.

Columns are the lanes of vector instructions. Every lane is fitted as one good ramp, in an
arithmetic that is rougher than that of a single pixel but far within the precision of the
result. Where that is not surely right (a flag, a bad calibration, data that are no numbers,
a decision too close to its limit) the pixel is a suspect, to be fitted on its own.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, I32, I64, U8, borrowing_kernel, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.coefficients import Coefficients, pair_offset
from rampviewer.core.fit.row_data import PADDING, RowData
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.jump.order_statistics import sort_columns, sorting_network
from rampviewer.core.marked import list_marked

_ALL_BUT_UNUSED = np.uint8(255 - Dq.DO_NOT_USE)
_ALL = np.uint8(255)
_UNUSABLE = np.uint32(Dq.DO_NOT_USE | Dq.SATURATED)
_LARGEST_SUM = np.float32(1e30)  # [DN]; a NaN is not below it either
_LARGEST_VARIANCE = np.float32(9e5)  # [(DN/s)^2]; from 1e6 variances are reported as 0
_LEAST_VARIANCE = np.float32(1e-25)  # [(DN/s)^2]; smaller ones vanish in single precision
_MARGIN = np.float32(1e-5)  # relative; rough and exact squared ratio differ by less
_LIMITS = (
    np.float32(25.0),
    np.float32(100.0),
    np.float32(400.0),
    np.float32(2500.0),
    np.float32(10000.0),
)  # squares of those between the classes of weights


_RARE = 32  # weights that one column in so many has do not pay for a pass over the row


class RowScratch(NamedTuple):
    """Room for the fits of one row, made once for a block."""

    steps: F32  # (n_used - 1, > n_cols) differences, each column sorted [DN]
    median: F32  # (n_cols,) sum over the integrations of the median steps [DN]
    total: F32  # (n_cols,) sum of all data [DN]
    union: U8  # (n_cols,) flags of all groups
    noise2: F32  # (n_cols,) squared read noise of a group [electron^2]
    poisson: F32  # (n_cols,) variance of the slope of one integration [(DN/s)^2]
    read: F32  # (n_cols,) likewise
    weights: I32  # (n_cols,) class of weights
    sum: F64  # (n_cols,) slope with the weights of one class [DN per group]
    slope: F32  # (n_cols,) of one integration [DN/s]
    mean: F64  # (n_cols,) sum of the slopes of all integrations [DN/s]
    is_suspect: U8  # (n_cols,) 1 where a pixel must be fitted on its own
    suspects: I64  # (n_cols,) columns of those
    is_rare: U8  # (n_cols,) 1 where the weights are those that few of the row have
    rare: I64  # (n_cols,) columns of those
    pairs: I64  # (n_pairs, 2) of the sorting network
    first: int  # groups used by every good ramp, counted from the first that was read
    n_used: int


@kernel
def row_scratch(n_cols: int, settings: FitSettings) -> RowScratch:
    """Return the room that rows of this size need."""
    first = max(settings.first, settings.first_used)
    n_used = min(settings.stop, settings.last_used + 1) - first
    n_steps = max(n_used - 1, 1)
    wanted = np.zeros(n_steps, np.bool_)
    wanted[(n_steps - 1) // 2] = wanted[n_steps // 2] = True
    return RowScratch(
        np.empty((n_steps, n_cols + PADDING), np.float32),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.int32),
        np.empty(n_cols, np.float64),
        np.empty(n_cols, np.float32),
        np.empty(n_cols, np.float64),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.int64),
        np.empty(n_cols, np.uint8),
        np.empty(n_cols, np.int64),
        sorting_network(n_steps, wanted),
        first,
        n_used,
    )


@borrowing_kernel
def _unite(flags: U8, mask: np.uint8, union: U8) -> None:
    for x in range(union.size):
        union[x] |= flags[x] & mask


@borrowing_kernel
def _add(values: F32, total: F32) -> None:
    for x in range(total.size):
        total[x] += values[x]


@borrowing_kernel
def _subtract(earlier: F32, later: F32, steps: F32) -> None:
    for x in range(steps.size):
        steps[x] = later[x] - earlier[x]


@borrowing_kernel
def _add_median(low: F32, high: F32, median: F32) -> None:
    half = np.float32(0.5)
    for x in range(median.size):
        median[x] += (low[x] + high[x]) * half


@borrowing_kernel
def _read_ramps(row: RowData, settings: FitSettings, scratch: RowScratch) -> None:
    """Fill `union`, `total` and `median` from all integrations."""
    scratch.union[:] = 0
    scratch.total[:] = 0.0
    scratch.median[:] = 0.0
    n_steps = scratch.n_used - 1
    stop = scratch.first + scratch.n_used
    for i in range(row.sci.shape[0]):
        for g in range(settings.first, settings.stop):
            is_used = scratch.first <= g < stop
            # A group that no ramp may use counts as DO_NOT_USE, flagged or not.
            mask = _ALL if is_used else _ALL_BUT_UNUSED
            _unite(row.groupdq[i, g], mask, scratch.union)
            if not is_used:
                continue
            _add(row.sci[i, g], scratch.total)
            if g > scratch.first:
                steps = scratch.steps[g - scratch.first - 1]
                _subtract(row.sci[i, g - 1], row.sci[i, g], steps)
        sort_columns(scratch.steps, scratch.pairs)
        low, high = scratch.steps[(n_steps - 1) // 2], scratch.steps[n_steps // 2]
        _add_median(low, high, scratch.median)


@borrowing_kernel
def _read_variances(
    gain: F32, readnoise: F32, scale: float, divisor: float, noise2: F32, read: F32
) -> None:
    factor, inverse = np.float32(scale), np.float32(1.0 / divisor)
    for x in range(gain.size):
        noise = readnoise[x] * (gain[x] * inverse)
        noise2[x] = noise * noise
        read[x] = factor * noise2[x] / (gain[x] * gain[x])


@borrowing_kernel
def _poisson_variances(
    gain: F32, dark: F32, median: F32, per_second: float, interval: float, poisson: F32
) -> None:
    rate_factor, scale = np.float32(per_second), np.float32(1.0 / interval)
    zero = np.float32(0.0)
    for x in range(gain.size):
        rate = median[x] * rate_factor
        arriving = dark[x] + (rate if rate > zero else zero)
        poisson[x] = arriving * scale / gain[x]


@borrowing_kernel
def _find_suspects(row: RowData, scratch: RowScratch) -> None:
    """Set `is_suspect` to 0 where flags, calibration, data and variances are ordinary."""
    gain, pixeldq = row.gain, row.pixeldq
    union, total = scratch.union, scratch.total
    poisson, read, is_suspect = scratch.poisson, scratch.read, scratch.is_suspect
    zero = np.float32(0.0)
    for x in range(is_suspect.size):
        is_suspect[x] = (union[x] != 0) | ((pixeldq[x] & _UNUSABLE) != 0)
    for x in range(is_suspect.size):
        known = (gain[x] > zero) & (abs(total[x]) < _LARGEST_SUM)
        small = (poisson[x] + read[x] < _LARGEST_VARIANCE) & (read[x] > _LEAST_VARIANCE)
        is_suspect[x] |= not (known & small & (poisson[x] >= zero))


@borrowing_kernel
def _choose_weights(
    first: F32, last: F32, gain: F32, noise2: F32, weights: I32, is_suspect: U8
) -> None:
    """Fill in the classes of weights."""
    zero = np.float32(0.0)
    for x in range(weights.size):
        signal = (last[x] - first[x]) * gain[x]
        signal = signal if signal > zero else zero
        square = signal * signal
        variance = noise2[x] + signal
        tolerance = square * _MARGIN
        index = np.int32(0)
        is_close = False
        for k in range(5):
            excess = square - _LIMITS[k] * variance
            index += np.int32(excess >= zero)
            is_close |= abs(excess) < tolerance
        weights[x] = index
        is_suspect[x] |= is_close


@borrowing_kernel
def _count(weights: I32, c: int) -> int:
    """Return how many have the weights of class `c`."""
    wanted, n = np.int32(c), np.int32(0)
    for x in range(weights.size):
        # Sums of numba are of 64 bits, and half as many fit into a vector.
        n = np.int32(n + np.int32(weights[x] == wanted))
    return int(n)


@borrowing_kernel
def _mark_class(weights: I32, c: int, marks: U8) -> None:
    """Set `marks` to 1 where the weights are of class `c`."""
    wanted = np.int32(c)
    for x in range(marks.size):
        marks[x] |= weights[x] == wanted


@borrowing_kernel
def _fit_column(
    values: F32, x: int, ends: tuple[int, int], offset: int, c: int, table: Coefficients
) -> float:
    """Return what `_add_pair` adds up for one column [DN per group]."""
    first, last = ends
    total = 0.0
    for k in range((last - first + 1) // 2):
        early, late = values[first + k, x], values[last - k, x]
        total += table.pair[c, offset + k] * (np.float64(late) - np.float64(early))
    return total


@borrowing_kernel
def _first_pair(early: F32, late: F32, coefficient: float, total: F64) -> None:
    """Do what `_add_pair` does to a total of 0."""
    for x in range(total.size):
        total[x] = 0.0 + coefficient * (np.float64(late[x]) - np.float64(early[x]))


@borrowing_kernel
def _first_pairs(
    outer: tuple[F32, F32], inner: tuple[F32, F32], c: tuple[float, float], total: F64
) -> None:
    """Do `_first_pair`, then `_add_pair`."""
    (early, late), (next_early, next_late) = outer, inner
    for x in range(total.size):
        first = 0.0 + c[0] * (np.float64(late[x]) - np.float64(early[x]))
        total[x] = first + c[1] * (np.float64(next_late[x]) - np.float64(next_early[x]))


@borrowing_kernel
def _add_pair(early: F32, late: F32, coefficient: float, total: F64) -> None:
    for x in range(total.size):
        total[x] += coefficient * (np.float64(late[x]) - np.float64(early[x]))


@borrowing_kernel
def _add_pairs(
    outer: tuple[F32, F32], inner: tuple[F32, F32], c: tuple[float, float], total: F64
) -> None:
    """Do `_add_pair` twice: a sum is loaded and stored half as often."""
    (early, late), (next_early, next_late) = outer, inner
    for x in range(total.size):
        first = total[x] + c[0] * (np.float64(late[x]) - np.float64(early[x]))
        total[x] = first + c[1] * (np.float64(next_late[x]) - np.float64(next_early[x]))


@borrowing_kernel
def _sum_pairs(values: F32, ends: tuple[int, int], pair: F64, total: F64) -> None:
    """Fill `total` with the slopes of all columns [DN per group].

    `values` (n_groups, >= n_cols) [DN]; `ends` are the first and last group in use, `pair`
    the coefficients of the pairs from these two inwards.
    """
    first, last = ends
    n_pairs = (last - first + 1) // 2
    if n_pairs < 2:
        _first_pair(values[first], values[last], pair[0], total)
        return
    for k in range(0, n_pairs - 1, 2):
        outer = values[first + k], values[last - k]
        inner = values[first + k + 1], values[last - k - 1]
        if k == 0:
            _first_pairs(outer, inner, (pair[k], pair[k + 1]), total)
        else:
            _add_pairs(outer, inner, (pair[k], pair[k + 1]), total)
    if n_pairs % 2:
        k = n_pairs - 1
        _add_pair(values[first + k], values[last - k], pair[k], total)


@borrowing_kernel
def _take(weights: I32, c: int, total: F64, scale: float, slope: F32) -> None:
    wanted, zero = np.int32(c), np.float32(0.0)
    for x in range(slope.size):
        value, known = np.float32(total[x] * scale), slope[x] + zero
        # No masked store: see `sort_columns`.
        slope[x] = value if weights[x] == wanted else known


@borrowing_kernel
def fit_lines(
    row: RowData, i: int, settings: FitSettings, table: Coefficients, scratch: RowScratch
) -> None:
    """Fill `slope` with those of integration `i`, taken as one good ramp each."""
    first, n = scratch.first, scratch.n_used
    last = first + n - 1
    values, weights, slope = row.sci[i], scratch.weights, scratch.slope
    signal = values[first], values[last]
    _choose_weights(*signal, row.gain, scratch.noise2, weights, scratch.is_suspect)
    offset, scale = pair_offset(n), 1.0 / settings.group_time
    scratch.is_rare[:] = 0
    n_left = weights.size
    for c in range(6):
        if n_left == 0:
            break
        count = _count(weights, c)
        n_left -= count
        if count * _RARE < weights.size:
            if count > 0:
                _mark_class(weights, c, scratch.is_rare)
            continue
        _sum_pairs(values, (first, last), table.pair[c, offset:], scratch.sum)
        _take(weights, c, scratch.sum, scale, slope)
    for k in range(list_marked(scratch.is_rare, scratch.rare)):
        x = scratch.rare[k]
        total = _fit_column(values, x, (first, last), offset, weights[x], table)
        slope[x] = total * scale


@borrowing_kernel
def screen_row(row: RowData, settings: FitSettings, scratch: RowScratch) -> bool:
    """Fill everything that needs no slope; return whether there is any ordinary pixel.

    There is none when ramps have fewer than three groups.
    """
    n = float(scratch.n_used)
    if scratch.n_used < 3:
        scratch.is_suspect[:] = 1
        return False
    _read_ramps(row, settings, scratch)
    time = settings.group_time
    scale = 12.0 / (time * time * (n * n * n - n))
    divisor = settings.noise_divisor
    _read_variances(row.gain, row.readnoise, scale, divisor, scratch.noise2, scratch.read)
    _poisson_variances(
        row.gain,
        row.dark_current,
        scratch.median,
        1.0 / (time * row.sci.shape[0]),
        time * (n - 1.0),
        scratch.poisson,
    )
    _find_suspects(row, scratch)
    return True


@borrowing_kernel
def list_suspects(scratch: RowScratch) -> int:
    """Fill `suspects` with the columns to be fitted on their own; return how many."""
    return list_marked(scratch.is_suspect, scratch.suspects)
