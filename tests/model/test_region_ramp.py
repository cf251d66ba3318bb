import math
from dataclasses import replace

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.planes.plane import Plane, group_flags
from rampviewer.model.regions.region import Region
from rampviewer.model.regions.region_pixels import RegionPixels
from rampviewer.model.regions.region_ramp import region_ramp
from rampviewer.model.regions.region_statistics import (
    flag_statistics_of,
    histogram_of,
    statistics_of,
)
from rampviewer.model.regions.region_summary import RegionJob
from rampviewer.model.regions.shapes import Circle, Rectangle
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.tables.region_table import pixel_lines, region_table, value_lines
from rampviewer.model.timing import Timing
from tests.exposures import random_exposure
from tests.large_cases import snowball_exposure, snowball_parameters

AVERAGES = {"mean": np.mean, "median": np.median}
SHAPE = Circle(30, 4, 20)
GOOD = 0xFF & ~Dq.PERSISTENCE & ~Dq.JUMP_DET


@pytest.fixture(scope="module")
def exposure():
    return random_exposure()


@pytest.fixture(scope="module")
def run(exposure):
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    return process_exposure(Prepared.of(exposure), recipe)


def pixels(exposure, shape=SHAPE):
    return RegionPixels.of(shape, exposure.pixeldq)


def by_hand(sci, flags, average):
    """Average ramps (n_groups, n_pixels) in the slowest way there is."""
    n_groups, n_pixels = sci.shape
    good = [
        [not flags[g, p] & GOOD and not math.isnan(sci[g, p]) for p in range(n_pixels)]
        for g in range(n_groups)
    ]
    ramp, counts, level = [], [], math.nan
    for g in range(n_groups):
        values = [
            float(sci[g, p]) - float(sci[g - 1, p])
            for p in range(n_pixels)
            if g and good[g][p] and good[g - 1][p] and not flags[g, p] & Dq.JUMP_DET
        ]
        if values:
            level = level + average(values)
        else:
            values = [float(sci[g, p]) for p in range(n_pixels) if good[g][p]]
            level = average(values) if values else math.nan
        ramp.append(level)
        counts.append(len(values))
    return ramp, counts, np.sum(good, axis=1)


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("integration", [0, 1])
def test_steps_are_averages_of_differences_of_good_groups(
    exposure, run, average, integration
):
    chosen = pixels(exposure)
    ramp = region_ramp(exposure, run, chosen, integration, average)
    flags = flags_of_run(exposure, run)[integration]
    where = chosen.area.rows, chosen.area.cols
    sci = exposure.sci[integration][:, *where][:, chosen.used]
    signal, n, n_good = by_hand(sci, flags[:, *where][:, chosen.used], AVERAGES[average])
    np.testing.assert_allclose(ramp.signal, signal, rtol=1e-12)
    np.testing.assert_array_equal(ramp.n, n)
    np.testing.assert_array_equal(ramp.n_good, n_good)
    assert 0 < ramp.n.min() < ramp.n_good.min() < chosen.n_used


def test_without_flags_the_mean_ramp_is_the_mean_of_the_counts(exposure):
    clean = replace(
        exposure,
        groupdq=np.zeros_like(exposure.groupdq),
        sci=np.nan_to_num(exposure.sci),
        pixeldq=np.zeros_like(exposure.pixeldq),
    )
    ramp = region_ramp(clean, None, pixels(clean, Rectangle(34.5, 4, 70, 9)), 1)
    sci = clean.sci[1].astype(float).reshape(8, -1)
    np.testing.assert_allclose(ramp.signal, sci.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(ramp.error, sci.std(axis=1, ddof=1) / math.sqrt(630))
    assert (ramp.n == 630).all()


def steady(n=40, slope=5.0, n_groups=8):
    """Return pixels in a row that gain as much in each group, without noise."""
    ramp = slope * np.arange(1.0, n_groups + 1)
    sci = np.broadcast_to(ramp[None, :, None, None], (1, n_groups, 1, n)).copy()
    zeros = np.zeros(sci.shape, np.uint8)
    timing = Timing(frame_time=2.0, group_time=2.0)
    return Exposure.from_arrays(
        sci, zeros, np.zeros((1, n), np.uint32), 1.5, 8.0, timing, "NIRCAM"
    )


@pytest.mark.parametrize("average", AVERAGES)
def test_jumps_and_saturation_do_not_bend_the_ramp(average):
    exposure = steady()
    rng = np.random.default_rng(4)
    for col in range(0, 40, 2):  # the half of them
        group = rng.integers(1, 7)
        exposure.sci[0, group:, 0, col] += 5000
        exposure.groupdq[0, group, 0, col] = Dq.JUMP_DET
    exposure.sci[0, 5:, 0, 1] = 60000
    exposure.groupdq[0, 5:, 0, 1] = Dq.SATURATED
    ramp = region_ramp(
        exposure, None, pixels(exposure, Rectangle(0, 20, 1, 90)), 0, average
    )
    np.testing.assert_allclose(ramp.signal, 5.0 * np.arange(1, 9))
    np.testing.assert_allclose(ramp.error, 0.0, atol=1e-9)
    assert ramp.n_flags == ramp.n_flagged == 20


def test_a_jump_takes_out_the_step_to_its_group_and_not_the_one_after():
    exposure = steady(n=2)
    exposure.sci[0, 4:, 0, 0] += 5000
    exposure.groupdq[0, 4, 0, 0] = Dq.JUMP_DET
    ramp = region_ramp(exposure, None, pixels(exposure, Rectangle(0, 0.5, 1, 2)), 0)
    np.testing.assert_array_equal(ramp.n, [2, 2, 2, 2, 1, 2, 2, 2])
    np.testing.assert_array_equal(ramp.n_good, 2)
    np.testing.assert_allclose(ramp.signal, 5.0 * np.arange(1, 9))
    np.testing.assert_array_equal(np.flatnonzero(ramp.begins), 0)
    np.testing.assert_array_equal(np.isnan(ramp.singles[0]), np.arange(8) == 4)


def test_after_a_jump_in_all_its_pixels_the_ramp_begins_anew_as_the_next_segment_does():
    exposure = steady(n=1)
    exposure.sci[0, 4:] += 5000
    exposure.groupdq[0, 4] = Dq.JUMP_DET
    ramp = region_ramp(exposure, None, pixels(exposure, Rectangle(0, 0, 1, 1)), 0)
    np.testing.assert_array_equal(ramp.signal, exposure.sci[0, :, 0, 0])
    np.testing.assert_array_equal(np.flatnonzero(ramp.begins), [0, 4])


def test_persistence_is_good_and_do_not_use_is_not():
    exposure = steady()
    exposure.groupdq[0, :, 0, :30] = Dq.PERSISTENCE
    exposure.groupdq[0, 3] |= 1
    ramp = region_ramp(exposure, None, pixels(exposure, Rectangle(0, 20, 1, 90)), 0)
    np.testing.assert_array_equal(ramp.n_good, [40, 40, 40, 0, 40, 40, 40, 40])
    np.testing.assert_array_equal(ramp.n, [40, 40, 40, 0, 40, 40, 40, 40])
    assert math.isnan(ramp.signal[3])
    assert ramp.signal[4] == 25.0  # begun anew


def test_the_jump_rate_is_that_of_the_differences_searched():
    exposure = steady(n=10)
    exposure.groupdq[0, 2, 0, 0] = exposure.groupdq[0, 3, 0, 0] = Dq.JUMP_DET
    exposure.groupdq[0, 4:, 0, 1] = Dq.SATURATED
    ramp = region_ramp(exposure, None, pixels(exposure, Rectangle(0, 5, 1, 90)), 0)
    assert (ramp.n_flags, ramp.n_flagged) == (2, 1)
    assert ramp.jump_rate == pytest.approx(2 / ((9 * 7 + 3) * 2.0))


def test_single_ramps_are_evenly_picked_and_end_where_flags_begin():
    exposure = steady(n=1000)
    exposure.sci[0] += np.arange(1000.0)
    exposure.groupdq[0, 6:, 0, 0] = Dq.SATURATED
    ramp = region_ramp(exposure, None, pixels(exposure, Rectangle(0, 500, 1, 2000)), 0)
    assert ramp.singles.shape == (250, 8)
    assert np.isnan(ramp.singles[0, 6:]).all()
    gaps = np.diff(ramp.singles[:, 0])
    assert ramp.singles[-1, 0] == 999 + 5
    assert gaps.min() >= 4
    assert gaps.max() <= 5


def test_reference_pixels_and_bad_pixels_are_left_out():
    exposure = steady()
    exposure.pixeldq[0, :3] = Dq.DO_NOT_USE | Dq.HOT
    exposure.pixeldq[0, 3:5] = Dq.REFERENCE_PIXEL
    exposure.pixeldq[0, 5:9] = Dq.HOT
    chosen = pixels(exposure, Rectangle(0, 20, 1, 90))
    assert (chosen.n_inside, chosen.n_used) == (40, 35)
    assert region_ramp(exposure, None, chosen, 0).n_good[0] == 35


@pytest.mark.parametrize("shape", [Circle(300, 300, 5), Circle(0, 0.5, 0.4)])
def test_a_region_without_pixels_has_no_ramp(exposure, shape):
    chosen = pixels(exposure, shape)
    ramp = region_ramp(exposure, None, chosen, 0, "median")
    assert np.isnan(ramp.signal).all()
    assert np.isnan(ramp.error).all()
    assert math.isnan(ramp.jump_rate)
    assert ramp.singles.shape == (0, 8)
    assert chosen.n_inside == 0


def test_it_ends_when_nobody_wants_it(exposure):
    with pytest.raises(CancelledError):
        region_ramp(exposure, None, pixels(exposure), 0, is_cancelled=lambda: True)


def test_flags_of_some_rows_are_those_of_all_with_snowballs():
    rng = np.random.default_rng(3)
    exposure = snowball_exposure(rng)
    recipe = Recipe(jump=snowball_parameters(rng), fit=RampFitParameters())
    run = process_exposure(Prepared.of(exposure), recipe)
    assert run.large.events
    flags = flags_of_run(exposure, run)
    for i, group in np.ndindex(flags.shape[:2]):
        for rows in (slice(None), slice(0, 7), slice(20, 45), slice(28, exposure.n_rows)):
            part = group_flags(exposure, run, i, group, rows)
            np.testing.assert_array_equal(part, flags[i, group, rows])


def test_statistics_leave_nan_out():
    found = statistics_of(np.array([1, 2, np.nan, 4, 9], np.float32))
    assert (found.n, found.n_nan) == (5, 1)
    assert (found.mean, found.median, found.total) == (4.0, 3.0, 16.0)
    assert (found.minimum, found.maximum) == (1.0, 9.0)
    assert found.std == pytest.approx(math.sqrt(38 / 3))


def test_statistics_of_nothing_are_nan():
    for values in (np.empty(0, np.float32), np.full(4, np.nan, np.float32)):
        found = statistics_of(values)
        assert found.n_nan == found.n == values.size
        assert np.isnan([found.mean, found.median, found.std, found.total]).all()
        assert found.histogram.counts.sum() == 0


def test_a_histogram_counts_every_value_once():
    values = np.random.default_rng(1).normal(20, 3, 5000)
    values[0], values[1] = -1e6, 1e7
    found = histogram_of(values)
    assert found.counts.sum() + found.n_below + found.n_above == 5000
    assert (found.n_below, found.n_above) >= (1, 1)
    assert found.n_below + found.n_above < 60
    assert 5 < found.edges[0] < 20 < found.edges[-1] < 40
    assert found.counts.max() < 1000


def test_bins_of_counts_hold_whole_numbers():
    found = statistics_of(np.array([0, 0, 1, 3], np.uint16)).histogram
    np.testing.assert_array_equal(found.edges, [-0.5, 0.5, 1.5, 2.5, 3.5])
    np.testing.assert_array_equal(found.counts, [2, 1, 0, 1])


def test_one_value_has_one_bin():
    found = histogram_of(np.full(7, 3.0))
    assert found.counts.tolist() == [7]
    assert found.edges[0] < 3 < found.edges[1]


def test_flags_are_counted_by_bit():
    found = flag_statistics_of(np.array([0, 1, 5, 4, 0], np.uint32))
    assert (found.n, found.n_clear) == (5, 2)
    assert found.counts == ((Dq.DO_NOT_USE, 2), (Dq.JUMP_DET, 2))


def summary_of(exposure, run, plane=Plane.RATE, values=None):
    values = run.rate.slope if values is None else values
    job = RegionJob(
        exposure=exposure,
        run=run,
        region=Region("star", SHAPE),
        average="mean",
        values=values,
        plane=plane,
        heading="Rate",
        integration=1,
    )
    (summary,) = job.steps(lambda: False, lambda: False)
    return summary


def test_a_summary_has_ramp_and_statistics_of_the_same_pixels(exposure, run):
    summary = summary_of(exposure, run)
    chosen = RegionPixels.of(SHAPE, run.pixeldq)
    assert summary.statistics.n == chosen.n_used == summary.n_used
    assert summary.statistics.mean == pytest.approx(
        np.nanmean(chosen.values(run.rate.slope).astype(float))
    )
    lines = dict((*pixel_lines(summary), *value_lines(summary)))
    assert lines["mean"] == f"{summary.statistics.mean:.6g} DN/s"
    assert lines["jumps"].startswith(
        f"{summary.ramp.n_flags:,} in ".replace(",", "\N{NARROW NO-BREAK SPACE}")
    )
    n_out = chosen.n_inside - chosen.n_used
    assert lines["left out, bad"] == str(n_out)
    assert n_out > 0


def test_flags_on_screen_are_counted_over_all_pixels(exposure, run):
    summary = summary_of(exposure, run, Plane.DQ, run.rate.dq)
    assert summary.statistics.n == summary.n_inside
    lines = dict(value_lines(summary))
    bad = RegionPixels.of(SHAPE, run.pixeldq)
    inside = run.rate.dq[bad.area.rows, bad.area.cols][bad.inside]
    assert lines["DO_NOT_USE"] == str(np.count_nonzero(inside & 1))


def test_the_table_of_a_ramp_says_what_it_is(exposure, run):
    summary = summary_of(exposure, run)
    table = region_table(summary)
    assert len(table) == exposure.n_groups
    np.testing.assert_array_equal(table["signal"], summary.ramp.signal)
    np.testing.assert_allclose(table["time"], 10.7 * np.arange(1, 9))
    assert "star: circle at x=4, y=30, radius 20 pixels" in table.notes["region"]
    assert table.notes["integration"] == "1"


def test_a_job_that_nobody_wants_yields_nothing(exposure, run):
    job = RegionJob(
        exposure=exposure,
        run=run,
        region=Region("star", SHAPE),
        average="mean",
        values=run.rate.slope,
        plane=Plane.RATE,
        heading="Rate",
        integration=0,
    )
    with pytest.raises(CancelledError):
        list(job.steps(lambda: False, lambda: True))
    assert job.n_samples == 41 * 9 * 8


def test_a_region_without_a_good_group_says_what_keeps_them(exposure):
    flags = np.zeros_like(exposure.groupdq)
    flags[:, ::2] = Dq.SATURATED | Dq.JUMP_DET
    sci = np.full_like(exposure.sci, np.nan)
    bad = replace(exposure, sci=sci, groupdq=flags)
    assert region_ramp(bad, None, pixels(bad), 0).why_none == "NaN data, SATURATED"
    sci[0, -1, :, ::2] = 1.0
    flags[:, -1] = 0
    assert region_ramp(bad, None, pixels(bad), 0).why_none == ""
