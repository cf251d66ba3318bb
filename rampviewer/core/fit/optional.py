"""Fits of the single segments, for the optional product and for one pixel."""

import math
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F32, F64, borrowing_kernel, kernel
from rampviewer.core.fit.coefficients import Coefficients, pair_offset, power_class
from rampviewer.core.fit.line import (
    poisson_variance,
    read_variance,
    signal_to_noise,
    slope_of_class,
)
from rampviewer.core.fit.load import SATURATED, load_calibration, load_ramp
from rampviewer.core.fit.pixel import fit_one
from rampviewer.core.fit.row_data import (
    PADDING,
    FitInputs,
    RowData,
    copy_values,
    row_data,
    row_room,
)
from rampviewer.core.fit.row_medians import find_all_medians, median_scratch, used_range
from rampviewer.core.fit.segments import JUMP, find_segments
from rampviewer.core.fit.settings import Calibration, FitSettings
from rampviewer.core.fit.work import SLOPE, RampWork, lone_group_time, ramp_work

# Columns of the values of a segment.
SEG_SLOPE, SEG_SIGSLOPE, SEG_YINT, SEG_SIGYINT = 0, 1, 2, 3
SEG_WEIGHT, SEG_VAR_POISSON, SEG_VAR_RNOISE = 4, 5, 6
SEG_SNR, SEG_CLASS = 7, 8  # NaN below three groups, which need no weights
N_SEGMENT_VALUES = 9


class SegmentOutputs(NamedTuple):
    """Arrays to fill, zero where a pixel has fewer segments or jumps than another."""

    slope: F32  # (n_ints, n_segments, n_rows, n_cols)
    sigslope: F32
    yint: F32
    sigyint: F32
    weights: F32
    var_poisson: F32
    var_rnoise: F32
    pedestal: F32  # (n_ints, n_rows, n_cols)
    crmag: F32  # (n_ints, n_crs, n_rows, n_cols)


@borrowing_kernel
def usable_noise(calibration: Calibration) -> float:
    """Return the size of the read noise; NaN where nothing can be weighted with it."""
    noise = abs(calibration.noise)
    return noise if noise > 0.0 and math.isfinite(noise) else math.nan


@borrowing_kernel
def intercept(
    c: int,
    ramp: F64,
    start: int,
    length: int,
    slope: float,
    calibration: Calibration,
    table: Coefficients,
    values: F64,
) -> None:
    """Fill in where the line meets group 0 of the trimmed ramp, and the uncertainties.

    `c` is the class of weights of three or more groups. `slope` is in DN per group; so is
    its uncertainty, in electrons. A segment of one group has neither.
    """
    if length == 1:
        return
    if length == 2:
        values[SEG_SIGSLOPE] = math.sqrt(2.0) * calibration.noise
        values[SEG_YINT] = ramp[start] * (start + 1.0) - ramp[start + 1] * start
        values[SEG_SIGYINT] = values[SEG_SIGSLOPE]
        return
    offset = pair_offset(length)
    weighted = 0.0
    for k in range(length):
        value = ramp[start + k]
        if not math.isnan(value):
            weighted += value * table.weight[c, offset + min(k, length - 1 - k)]
    middle = start + (length - 1) / 2.0
    moment = table.moment[c, length]
    total = table.weight_sum[c, length]
    noise = usable_noise(calibration)
    values[SEG_SIGSLOPE] = noise / math.sqrt(moment)
    values[SEG_YINT] = weighted / total - slope * middle
    values[SEG_SIGYINT] = noise * math.sqrt(1.0 / total + middle * middle / moment)


@borrowing_kernel
def describe_segments(
    i: int,
    rate: float,
    calibration: Calibration,
    settings: FitSettings,
    table: Coefficients,
    work: RampWork,
    values: F64,
) -> int:
    """Fill `values` (n_groups, 9) with the segments of integration `i`; count them."""
    ramp = work.ramp[i]
    for k in range(work.n_fitted[i]):
        start = work.starts[i, k]
        length = work.stops[i, k] - start
        interval = settings.group_time
        if length == 1:
            interval = lone_group_time(i, settings, work)
        row = values[k]
        row[:] = 0.0
        c, row[SEG_SNR], row[SEG_CLASS] = 0, math.nan, math.nan
        if length > 2:
            row[SEG_SNR] = signal_to_noise(
                ramp[start], ramp[start + length - 1], calibration
            )
            c = power_class(row[SEG_SNR])
            row[SEG_CLASS] = c
        slope = slope_of_class(c, ramp, start, length, interval, calibration, table)
        step = slope * settings.group_time
        intercept(c, ramp, start, length, step, calibration, table, row)
        row[SEG_SLOPE] = slope
        row[SEG_VAR_RNOISE] = read_variance(length, interval, calibration)
        row[SEG_VAR_POISSON] = poisson_variance(length, interval, rate, calibration)
        row[SEG_WEIGHT] = 1.0 / row[SEG_VAR_RNOISE]
    return int(work.n_fitted[i])


@kernel
def count_axes(
    inputs: FitInputs, row_start: int, row_stop: int, settings: FitSettings
) -> tuple[int, int]:
    """Return the largest number of segments and of jumps of any ramp in these rows."""
    n_ints = inputs.sci.shape[0]
    work = ramp_work(n_ints, settings.stop - settings.first)
    n_segments = 0
    n_jumps = 0
    room = row_room(inputs)
    for r in range(row_start, row_stop):
        row = row_data(inputs, r, room)
        for col in range(inputs.sci.shape[3]):
            for i in range(n_ints):
                load_ramp(row, i, col, settings, work)
                dq = work.dq[i]
                jumps = 0
                for g in range(1, dq.size):
                    jumps += dq[g] & JUMP != 0
                n_jumps = max(n_jumps, jumps)
                if not dq[0] & SATURATED:
                    _, counted = find_segments(dq, work.starts[i], work.stops[i])
                    n_segments = max(n_segments, counted)
    return n_segments, n_jumps


@borrowing_kernel
def store_jumps(
    row: RowData,
    i: int,
    place: tuple[int, int],
    settings: FitSettings,
    work: RampWork,
    out: SegmentOutputs,
) -> None:
    """Write the step at each jump of integration `i` [DN] to pixel `place`."""
    r, col = place
    before = math.nan
    if not work.given[i, 0] & SATURATED:
        # A zeroframe may stand in its place in `work.ramp`.
        before = np.float64(row.sci[i, settings.first, col])
    n = 0
    for g in range(1, work.dq.shape[1]):
        value = work.ramp[i, g]
        if work.dq[i, g] & JUMP:
            out.crmag[i, n, r, col] = value - before
            n += 1
        before = value


@borrowing_kernel
def store_segments(
    i: int,
    row: int,
    col: int,
    n_segments: int,
    values: F64,
    firsts: F32,
    out: SegmentOutputs,
) -> None:
    """Write the values of the segments of integration `i`; those of the first to `firsts`.

    The lines of `firsts` (n_columns, >= n_cols) are in the order of the columns of values.
    """
    for column in range(SEG_SNR):
        firsts[column, col] = values[0, column] if n_segments > 0 else 0.0
    for k in range(1, n_segments):
        out.slope[i, k, row, col] = values[k, SEG_SLOPE]
        out.sigslope[i, k, row, col] = values[k, SEG_SIGSLOPE]
        out.yint[i, k, row, col] = values[k, SEG_YINT]
        out.sigyint[i, k, row, col] = values[k, SEG_SIGYINT]
        out.weights[i, k, row, col] = values[k, SEG_WEIGHT]
        out.var_poisson[i, k, row, col] = values[k, SEG_VAR_POISSON]
        out.var_rnoise[i, k, row, col] = values[k, SEG_VAR_RNOISE]


@borrowing_kernel
def store_firsts(i: int, row: int, firsts: F32, out: SegmentOutputs) -> None:
    """Write what every pixel has: the first segments and the pedestal, the last line."""
    for x in range(out.pedestal.shape[2]):
        out.pedestal[i, row, x] = firsts[SEG_SNR, x]
    if out.slope.shape[1] == 0:
        return
    n_cols = out.slope.shape[3]
    copy_values(firsts[SEG_SLOPE, :n_cols], out.slope[i, 0, row])
    copy_values(firsts[SEG_SIGSLOPE, :n_cols], out.sigslope[i, 0, row])
    copy_values(firsts[SEG_YINT, :n_cols], out.yint[i, 0, row])
    copy_values(firsts[SEG_SIGYINT, :n_cols], out.sigyint[i, 0, row])
    copy_values(firsts[SEG_WEIGHT, :n_cols], out.weights[i, 0, row])
    copy_values(firsts[SEG_VAR_POISSON, :n_cols], out.var_poisson[i, 0, row])
    copy_values(firsts[SEG_VAR_RNOISE, :n_cols], out.var_rnoise[i, 0, row])


@kernel
def segment_rows(
    inputs: FitInputs,
    row_start: int,
    row_stop: int,
    settings: FitSettings,
    table: Coefficients,
    out: SegmentOutputs,
) -> None:
    """Fill the arrays of the optional product, zero so far, in these rows."""
    n_ints, n_cols = inputs.sci.shape[0], inputs.sci.shape[3]
    n_groups = settings.stop - settings.first
    work = ramp_work(n_ints, n_groups)
    room = row_room(inputs)
    values = np.empty((n_groups, N_SEGMENT_VALUES))
    # Planes of a full frame compete for the same few places of the cache, see `PADDING`.
    firsts = np.empty((n_ints, SEG_SNR + 1, n_cols + PADDING), np.float32)
    medians = median_scratch(n_cols, max(used_range(settings)[1] - 1, 1))
    for r in range(row_start, row_stop):
        row = row_data(inputs, r, room)
        find_all_medians(row, settings, medians)
        for col in range(n_cols):
            calibration = load_calibration(row, col, settings)
            rate = fit_one(row, col, medians.rate[col], settings, table, work)
            for i in range(n_ints):
                n = describe_segments(i, rate, calibration, settings, table, work, values)
                store_segments(i, r, col, n, values, firsts[i], out)
                if work.seen[i] & JUMP:
                    store_jumps(row, i, (r, col), settings, work, out)
                slope = work.fits[i, SLOPE]
                pedestal = work.ramp[i, 0] - slope * settings.pedestal_groups
                firsts[i, SEG_SNR, col] = 0.0 if math.isnan(pedestal) else pedestal
        for i in range(n_ints):
            store_firsts(i, r, firsts[i], out)


@kernel
def segments_of_pixel(
    inputs: FitInputs,
    place: tuple[int, int],
    settings: FitSettings,
    table: Coefficients,
    values: F64,
) -> RampWork:
    """Fit the pixel at `place`; fill `values` (n_ints, n_groups, 9) with its segments."""
    r, col = place
    n_ints = inputs.sci.shape[0]
    work = ramp_work(n_ints, settings.stop - settings.first)
    row = row_data(inputs, r, row_room(inputs))
    calibration = load_calibration(row, col, settings)
    rate = fit_one(row, col, math.nan, settings, table, work)
    for i in range(n_ints):
        describe_segments(i, rate, calibration, settings, table, work, values[i])
    return work
