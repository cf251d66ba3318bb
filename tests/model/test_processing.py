from dataclasses import fields, replace
from threading import Event

import numpy as np
import pytest

from rampviewer.model.errors import CancelledError
from rampviewer.model.planes.combined_flags import any_group_flags
from rampviewer.model.planes.plane import group_flags
from rampviewer.model.runs import processing
from rampviewer.model.runs.flag_planes import with_jumps
from rampviewer.model.runs.jump_detection import NOT_COUNTED, detect_exposure
from rampviewer.model.runs.passes import Pass
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import ProcessJob, Tile, process_exposure
from rampviewer.model.runs.ramp_fitting import fit_exposure
from rampviewer.model.runs.results import RatePlanes
from rampviewer.model.runs.run import Recipe, Run
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.timing import Timing
from tests.exposures import packed_jumps, random_exposure


def recipe(delivered_jumps="keep", fit=None, **jump):
    return Recipe(
        jump=JumpParameters(**jump),
        fit=fit or RampFitParameters(),
        delivered_jumps=delivered_jumps,
    )


def assert_same_planes(one, other):
    for item in fields(RatePlanes):
        np.testing.assert_array_equal(getattr(one, item.name), getattr(other, item.name))


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
@pytest.mark.parametrize("shape", [(1, 10, 70, 9), (3, 5, 66, 13), (2, 12, 3, 8)])
@pytest.mark.parametrize("delivered", ["keep", "drop"])
def test_both_steps_at_once_equal_one_after_the_other(instrument, shape, delivered):
    exposure = random_exposure(3, shape, instrument)
    run = process_exposure(Prepared.of(exposure), recipe(delivered, rejection_threshold=5))
    parameters = JumpParameters(rejection_threshold=5)
    jumps = detect_exposure(exposure, parameters, delivered_jumps=delivered)
    fit = fit_exposure(
        exposure, RampFitParameters(), groupdq=jumps.groupdq, pixeldq=jumps.pixeldq
    )
    np.testing.assert_array_equal(
        with_jumps(exposure.groupdq, run.jump_bits), jumps.groupdq
    )
    np.testing.assert_array_equal(run.n_jumps, (jumps.groupdq & 4 > 0).sum(axis=(0, 1)))
    np.testing.assert_array_equal(run.pixeldq, jumps.pixeldq)
    assert run.n_primary == jumps.n_primary > 0
    assert_same_planes(run.rate, fit.rate)
    assert_same_planes(run.rateints, fit.rateints)


def test_as_delivered_nothing_is_searched_for():
    exposure = random_exposure(4)
    run = process_exposure(Prepared.of(exposure), recipe("as_delivered"))
    fit = fit_exposure(exposure, RampFitParameters())
    np.testing.assert_array_equal(
        with_jumps(exposure.groupdq, run.jump_bits), exposure.groupdq
    )
    np.testing.assert_array_equal(run.pixeldq, exposure.pixeldq)
    assert_same_planes(run.rate, fit.rate)


@pytest.mark.parametrize("n_groups", [1, 2])
def test_with_fewer_than_three_groups_detection_is_skipped(n_groups):
    exposure = random_exposure(5, (2, n_groups, 6, 7))
    run = process_exposure(Prepared.of(exposure), recipe())
    assert run.jump_skipped
    assert run.n_primary == 0
    np.testing.assert_array_equal(
        with_jumps(exposure.groupdq, run.jump_bits), exposure.groupdq
    )


def test_dropping_delivered_jumps_also_works_where_detection_is_skipped():
    exposure = random_exposure(5, (2, 2, 6, 7), delivered=0.5)
    run = process_exposure(Prepared.of(exposure), recipe("drop"))
    assert not run.n_jumps.any()
    assert (exposure.groupdq & 4).any()


def test_where_hardly_a_group_is_usable_the_count_says_so():
    exposure = random_exposure(6, (2, 5, 70, 7))
    exposure.groupdq[1, 1:4] |= 1
    run = process_exposure(Prepared.of(exposure), recipe())
    assert run.n_primary == NOT_COUNTED


def test_an_exposure_that_is_saturated_everywhere_gives_no_rate():
    exposure = random_exposure(7, (1, 5, 6, 7))
    exposure.groupdq[:] |= 2
    run = process_exposure(Prepared.of(exposure), recipe())
    assert run.nothing_fitted
    assert np.isnan(run.rate.slope).all()
    assert (run.rate.dq & 1).all()


def test_tiles_cover_every_row_once_and_hold_final_values():
    exposure = random_exposure(8, (1, 6, 200, 5))
    job = ProcessJob(Prepared.of(exposure), recipe())
    *tiles, run = job.steps()
    assert isinstance(run, Run)
    rows = sorted(band for tile in tiles for band in tile.bands)
    assert [start for start, _ in rows] == [0, *(stop for _, stop in rows[:-1])]
    assert rows[-1][1] == 200
    assert len(rows) > 1
    assert [tile.n_done for tile in tiles][-1] == 200
    for start, stop in rows:
        tile, here = tiles[-1], slice(start, stop)
        np.testing.assert_array_equal(tile.run.rate.slope[here], run.rate.slope[here])


def test_rows_that_are_visible_come_first():
    exposure = random_exposure(9, (1, 6, 320, 5))
    job = ProcessJob(Prepared.of(exposure), recipe(), first_rows=(130, 200), n_threads=1)
    tiles = [item for item in job.steps() if isinstance(item, Tile)]
    starts = [start for tile in tiles for start, _ in tile.bands]
    assert starts == [128, 192, 0, 64, 256]


@pytest.mark.parametrize("n_threads", [1, 3])
def test_the_number_of_threads_changes_nothing(n_threads):
    prepared = Prepared.of(random_exposure(10))
    one = process_exposure(prepared, recipe())
    other = process_exposure(prepared, recipe(), n_threads=n_threads)
    np.testing.assert_array_equal(one.jump_bits, other.jump_bits)
    assert_same_planes(one.rateints, other.rateints)


def test_a_cancelled_pass_ends_with_an_error():
    stop = Event()
    job = ProcessJob(Prepared.of(random_exposure(11, (1, 6, 640, 5))), recipe())
    steps = job.steps(stop.is_set)
    next(steps)
    stop.set()
    with pytest.raises(CancelledError):
        list(steps)


def test_a_short_pass_is_finished_although_a_newer_one_waits():
    job = ProcessJob(Prepared.of(random_exposure(12)), recipe())
    *_, run = job.steps(is_outdated=lambda: True)
    assert isinstance(run, Run)


def test_a_long_pass_gives_way_at_the_end_of_any_band(monkeypatch):
    monkeypatch.setattr(processing, "WORTH_FINISHING", 0.0)
    monkeypatch.setattr(processing, "REPORT_INTERVAL", 0.0)
    job = ProcessJob(Prepared.of(random_exposure(12, (1, 6, 640, 5))), recipe())
    steps = job.steps(is_outdated=lambda: True)
    next(steps)
    with pytest.raises(CancelledError):
        next(steps)


def test_a_pass_that_is_needed_gives_way_at_once_and_tells_of_the_rows_it_has(monkeypatch):
    monkeypatch.setattr(processing, "REPORT_INTERVAL", 100.0)
    exposure = random_exposure(12, (1, 6, 640, 5))
    job = ProcessJob(Prepared.of(exposure), recipe(), n_threads=1, gives_way=True)
    done, do_rows = [], Pass.do_rows
    monkeypatch.setattr(
        Pass, "do_rows", lambda *given: done.append(given[1:]) or do_rows(*given)
    )
    steps = job.steps(is_outdated=lambda: len(done) > 2)
    tile = next(steps)
    with pytest.raises(CancelledError) as told:
        next(steps)
    n_done = len(done)
    assert tile.bands == tuple(done[: len(tile.bands)])
    assert told.value.__traceback__ is not None  # as long as it lives: nothing goes on
    assert len(tile.bands) <= n_done <= len(tile.bands) + 2
    wanted = process_exposure(Prepared.of(exposure), recipe()).rate.slope
    for start, stop in tile.bands:
        np.testing.assert_array_equal(tile.run.rate.slope[start:stop], wanted[start:stop])


def test_a_pass_that_gives_way_is_made_of_bands_nobody_waits_for(monkeypatch):
    monkeypatch.setattr(processing, "SHORT_BAND", 2 * 6 * 5 * 9)
    prepared = Prepared.of(random_exposure(12, (2, 6, 640, 5)))
    made = []
    for gives_way in (False, True):
        job = ProcessJob(prepared, recipe(), n_threads=1, gives_way=gives_way)
        *tiles, run = job.steps()
        made.append(run)
        most = max(stop - start for tile in tiles for start, stop in tile.bands)
        assert most == (9 if gives_way else 64)
    assert_same_planes(*(run.rateints for run in made))


def test_of_the_rows_wanted_first_those_not_reached_before_come_first():
    prepared = Prepared.of(random_exposure(12, (1, 6, 640, 5)))
    job = ProcessJob(prepared, recipe(), 1, (130, 500), n_threads=1, begin_at=256)
    *tiles, _ = job.steps()
    starts = [start for tile in tiles for start, _ in tile.bands]
    assert starts == [256, 320, 384, 448, 128, 192, 0, 64, 512, 576]


def test_a_slow_fit_is_made_of_few_rows_at_a_time(monkeypatch):
    slow = recipe(fit=RampFitParameters(algorithm="LIKELY"))
    job = ProcessJob(Prepared.of(random_exposure(9, (1, 6, 320, 5))), slow, n_threads=1)
    *tiles, run = job.steps()
    rows = [stop - start for tile in tiles for start, stop in tile.bands]
    assert rows == [processing.SLOW_ROWS] * 20
    monkeypatch.setattr(processing, "SLOW_ROWS", 64)
    *_, other = job.steps()
    assert_same_planes(run.rateints, other.rateints)
    np.testing.assert_array_equal(run.jump_bits, other.jump_bits)


def test_inputs_are_never_written_to():
    exposure = random_exposure(13)
    names = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
    for name in names:
        getattr(exposure, name).setflags(write=False)
    process_exposure(Prepared.of(exposure), recipe("drop"))


SNOWBALLS = {
    "expand_large_events": True,
    "min_jump_area": 3,
    "sat_required_snowball": False,
}
SHOWERS = {"find_showers": True, "extend_min_area": 5}


@pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])
@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
@pytest.mark.parametrize(
    "jump",
    [SNOWBALLS, SHOWERS, {"minimum_sigclip_groups": 2}],
    ids=["snow", "rain", "clip"],
)
def test_every_algorithm_gives_the_same_in_one_pass(jump, instrument, algorithm):
    exposure = random_exposure(3, (2, 8, 70, 40), instrument)
    parameters, fitted = JumpParameters(**jump), RampFitParameters(algorithm=algorithm)
    run = process_exposure(Prepared.of(exposure), recipe(fit=fitted, **jump))
    jumps = detect_exposure(exposure, parameters)
    fit = fit_exposure(exposure, fitted, groupdq=jumps.groupdq, pixeldq=jumps.pixeldq)
    np.testing.assert_array_equal(flags_of_run(exposure, run), jumps.groupdq)
    assert (run.n_primary, run.n_extended) == (jumps.n_primary, jumps.n_extended)
    assert (run.n_extended > 0) == ("minimum_sigclip_groups" not in jump)
    for item in ("slope", "dq", "var_poisson", "var_rnoise", "err"):
        for ours, theirs in ((run.rate, fit.rate), (run.rateints, fit.rateints)):
            np.testing.assert_array_equal(getattr(ours, item), getattr(theirs, item))


@pytest.mark.parametrize("jump", [SNOWBALLS, SHOWERS], ids=["snow", "rain"])
def test_each_group_alone_has_the_flags_of_the_run(jump):
    exposure = random_exposure(4, (2, 8, 70, 40))
    run = process_exposure(Prepared.of(exposure), recipe(**jump))
    groupdq = flags_of_run(exposure, run)
    for i, g in np.ndindex(2, 8):
        np.testing.assert_array_equal(group_flags(exposure, run, i, g), groupdq[i, g])


@pytest.mark.parametrize("integration", [None, 0, 1])
def test_the_flags_of_any_group_have_those_of_snowballs(integration):
    exposure = random_exposure(4, (2, 8, 70, 40))
    prepared = Prepared.of(exposure)
    run = process_exposure(prepared, recipe(**SNOWBALLS))
    groupdq = flags_of_run(exposure, run)
    part = groupdq if integration is None else groupdq[integration][None]
    joined = np.bitwise_or.reduce(part, axis=(0, 1))
    flags = any_group_flags(prepared.any_group, run, integration)
    wanted = np.uint8(4 | 2)
    np.testing.assert_array_equal(flags & wanted, joined & wanted)


def test_read_times_are_not_used_by_detection_as_in_the_official_step():
    times = tuple((float(t),) for t in (1, 2, 4, 5, 9, 10, 11, 12))
    timing = Timing(frame_time=1, group_time=1, read_times=times)
    exposure = random_exposure(5, (1, 8, 6, 7), timing=timing)
    even = replace(exposure, timing=timing.even)
    run = process_exposure(Prepared.of(exposure), recipe())
    jumps = detect_exposure(even, JumpParameters())
    np.testing.assert_array_equal(flags_of_run(exposure, run), jumps.groupdq)


@pytest.mark.parametrize("n_cols", [1, 7, 8, 9, 16])
def test_jumps_survive_packing(n_cols):
    groupdq = np.random.default_rng(n_cols).integers(0, 256, (2, 3, 4, n_cols), np.uint8)
    cleared = groupdq & np.uint8(251)
    np.testing.assert_array_equal(with_jumps(cleared, packed_jumps(groupdq)), groupdq)
