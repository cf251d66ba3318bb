"""Moves of the threshold that bring pixels instead of a pass."""

from dataclasses import replace
from threading import Event, Timer

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.gui.state import live_follower
from rampviewer.gui.state.session import Session
from rampviewer.model.errors import CancelledError
from rampviewer.model.live import live_run as live
from rampviewer.model.planes.plane import Plane, plane_values
from rampviewer.model.runs import processing
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import Tile, process_exposure
from rampviewer.model.settings.parameters import RampFitParameters
from tests.exposures import random_exposure

SHAPE = (2, 8, 70, 40)


@pytest.fixture(autouse=True)
def _no_move_is_too_large(monkeypatch):
    monkeypatch.setattr(live, "most_pixels", lambda exposure, **_: exposure.pixeldq.size)


@pytest.fixture
def prepared():
    return Prepared.of(random_exposure(shape=SHAPE, delivered=0.0))


@pytest.fixture
def jobs():
    return []


@pytest.fixture
def session(qapp, prepared, jobs):
    session = Session()
    session.job_wanted.connect(jobs.append)
    session.set_exposure(prepared)
    yield session
    session.stop()


@pytest.fixture
def images(session):
    images = []
    session.first.image_changed.connect(
        lambda values, _plane, _heading: images.append(values)
    )
    session.first.set_plane(Plane.RATE)
    return images


@pytest.fixture
def places(session):
    """Return the pixels that were announced, as a list of (rows, cols)."""
    places = []
    session.first.pixels_changed.connect(lambda rows, cols: places.append((rows, cols)))
    return places


def run_all(session, jobs):
    while jobs:
        job = jobs.pop()
        jobs.clear()
        for item in job.steps():
            session.put(job, item)


def move(session, jobs, **jump):
    """Move parameters; return what the worker has for that, not yet taken."""
    session.set_jump_parameters(replace(session.recipe.jump, **jump))
    session._want_job()
    job = jobs.pop()
    jobs.clear()  # the same was wanted at once, where no edit was shortly before
    return job, list(job.steps())


def move_and_take(session, jobs, **jump):
    job, items = move(session, jobs, **jump)
    for item in items:
        session.put(job, item)
    return items


def expected(prepared, recipe, plane=Plane.RATE, base=None):
    run = process_exposure(prepared, recipe)
    return plane_values(prepared.exposure, run, plane, 1, base=base)


@pytest.mark.parametrize("plane", [plane for plane in Plane if plane.comes_from_run])
def test_pixels_of_a_move_are_in_every_plane(
    session, jobs, images, places, prepared, plane
):
    run_all(session, jobs)
    session.first.set_plane(plane)
    session.first.set_integration(1)
    run_all(session, jobs)
    shown = images[-1]
    (delta,) = move_and_take(session, jobs, rejection_threshold=7.0)
    assert images[-1] is shown  # pixels were changed in it, no other one was made
    base = session.runs.get(0)
    wanted = expected(prepared, session.recipe, plane, base)
    np.testing.assert_array_equal(shown, wanted)
    rows, cols = places[-1]
    assert 0 < delta.pixels.size < shown.size / 2
    np.testing.assert_array_equal(rows * SHAPE[3] + cols, delta.pixels)
    assert session.is_complete


def test_many_moves_end_at_the_run_of_the_last_one(session, jobs, prepared):
    run_all(session, jobs)
    for sigma in (3.0, 8.0, 4.5, 20.0, 4.0, 6.0):
        move_and_take(session, jobs, rejection_threshold=sigma)
    run, other = session.run, process_exposure(prepared, session.recipe)
    np.testing.assert_array_equal(run.rateints.err, other.rateints.err)
    np.testing.assert_array_equal(run.jump_bits, other.jump_bits)
    assert (run.recipe, run.n_primary) == (other.recipe, other.n_primary)


def test_a_run_to_keep_stays_although_moves_go_on(session, jobs, prepared):
    run_all(session, jobs)
    kept = session.run
    first = process_exposure(prepared, session.recipe)
    session.show_run(0)
    run_all(session, jobs)
    assert session.run.number == 0  # to keep this one as well is another matter
    session.show_run(1)
    move_and_take(session, jobs, rejection_threshold=7.0)
    move_and_take(session, jobs, rejection_threshold=5.0)
    np.testing.assert_array_equal(kept.rate.slope, first.rate.slope)
    np.testing.assert_array_equal(kept.jump_bits, first.jump_bits)
    assert kept.recipe == first.recipe
    assert session.run.recipe.jump.rejection_threshold == 5.0


def test_a_move_that_was_never_told_of_is_made_up_for(session, jobs, images, prepared):
    run_all(session, jobs)
    move(session, jobs, rejection_threshold=5.0)  # lost
    move_and_take(session, jobs, rejection_threshold=7.0)
    assert len(jobs) == 1  # wanted again, as a whole
    run_all(session, jobs)
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))


def test_going_back_forgets_how_far_the_worker_went(session, jobs, images, prepared):
    run_all(session, jobs)
    job, items = move(session, jobs, rejection_threshold=7.0)
    assert session.revert()
    for item in items:
        session.put(job, item)  # of a live run that is followed no more
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))
    assert session.recipe.jump.rejection_threshold == 4.0
    move_and_take(session, jobs, rejection_threshold=8.0)
    for item in items:
        session.put(job, item)  # as if it came next
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))


def test_rows_of_a_pass_that_gave_way_do_not_stay(
    session, jobs, images, prepared, monkeypatch
):
    monkeypatch.setattr(processing, "REPORT_INTERVAL", 0.0)
    run_all(session, jobs)
    session.set_fit_parameters(RampFitParameters(firstgroup=2))
    session._want_job()
    job = jobs.pop()
    tile = next(iter(job.steps()))
    assert isinstance(tile, Tile)
    session.put(job, tile)
    session.set_fit_parameters(RampFitParameters())
    (delta,) = move_and_take(session, jobs, rejection_threshold=7.0)
    assert delta.pixels is not None
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))


def test_a_move_while_the_other_run_is_shown_waits_for_the_live_one(
    session, jobs, images, places, prepared
):
    run_all(session, jobs)
    job, items = move(session, jobs, rejection_threshold=7.0)
    session.show_run(0)
    for item in items:
        session.put(job, item)
    assert places == []
    session.show_run(1)
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))


@pytest.fixture
def drawn(session, jobs):
    """Return what is drawn of the flags of a group, the newest last."""
    drawn = []
    session.first.overlay_changed.connect(lambda flags, _bits: drawn.append(flags))
    run_all(session, jobs)
    session.first.set_plane(Plane.GROUP)
    session.set_overlay(Dq.JUMP_DET)
    session.first.set_step(1, 3)
    return drawn


def assert_jumps(flags, prepared, session):
    """Compare with the jumps of group 3 of integration 1."""
    run = process_exposure(prepared, session.recipe)
    jumps = np.unpackbits(run.jump_bits[1, 3], axis=-1, count=SHAPE[3])
    np.testing.assert_array_equal((flags & 4) != 0, jumps)


def test_flags_drawn_follow_a_move(session, jobs, prepared, drawn, qtbot):
    before, n = drawn[-1], len(drawn)
    move_and_take(session, jobs, rejection_threshold=12.0)
    qtbot.waitUntil(lambda: len(drawn) > n)
    assert_jumps(drawn[-1], prepared, session)
    assert not np.array_equal(before & 4, drawn[-1] & 4)


def test_large_events_are_stale_until_the_same_job_has_found_them(
    session, jobs, images, prepared
):
    completed = []
    session.run_completed.connect(completed.append)
    run_all(session, jobs)
    completed.clear()
    jump = {"expand_large_events": True, "min_jump_area": 3, "sat_required_snowball": False}
    move_and_take(session, jobs, **jump)
    assert [run.is_large_stale for run in completed] == [True, False]
    assert jobs == []
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))
    job, (moved, *rest) = move(session, jobs, rejection_threshold=6.0)
    session.put(job, moved)
    assert moved.pixels is not None
    assert session.run is None
    assert jobs == []
    for item in rest:
        session.put(job, item)
    assert session.run.n_extended > 0
    np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))


def test_a_search_for_large_events_gives_way_to_a_newer_move(session, jobs):
    run_all(session, jobs)
    jump = replace(session.recipe.jump, expand_large_events=True)
    session.set_jump_parameters(jump)
    session._want_job()
    job = jobs.pop()
    steps = job.steps(is_outdated=lambda: True)
    session.put(job, next(steps))
    with pytest.raises(CancelledError):
        next(steps)
    assert session.run is None


@pytest.fixture
def gate(monkeypatch):
    """Hold back what is written to the planes of runs, until it is set."""
    gate = Event()
    put_pixels = live_follower.put_pixels

    def put(delta, run):
        assert gate.wait(60)
        put_pixels(delta, run)

    monkeypatch.setattr(live_follower, "put_pixels", put)
    yield gate
    gate.set()


def test_the_image_does_not_wait_for_planes_that_nobody_sees(
    session, jobs, images, prepared, gate
):
    run_all(session, jobs)
    for sigma in (7.0, 5.0):
        move_and_take(session, jobs, rejection_threshold=sigma)
        np.testing.assert_array_equal(images[-1], expected(prepared, session.recipe))
        assert session.is_complete


def test_the_image_does_not_wait_for_the_flags_above_it(
    session, jobs, prepared, drawn, gate, qtbot
):
    n = len(drawn)
    for sigma in (7.0, 12.0):
        move_and_take(session, jobs, rejection_threshold=sigma)
        assert session.is_complete
    assert len(drawn) == n
    gate.set()
    qtbot.waitUntil(lambda: len(drawn) > n)
    assert_jumps(drawn[-1], prepared, session)
    assert len(drawn) == n + 1  # not once for each move


def test_flags_that_are_late_are_not_drawn_where_none_are_wanted(
    session, jobs, drawn, gate, qtbot
):
    move_and_take(session, jobs, rejection_threshold=12.0)
    session.set_overlay(Dq(0))
    with qtbot.waitSignal(session._writer.settled):
        gate.set()
    assert drawn[-1] is None


@pytest.mark.parametrize("read", ["run", "runs", "settle"])
def test_whoever_reads_a_run_waits_for_its_values(session, jobs, prepared, gate, read):
    told = []
    run_all(session, jobs)
    session.run_completed.connect(told.append)
    move_and_take(session, jobs, rejection_threshold=7.0)
    move_and_take(session, jobs, rejection_threshold=5.0)
    Timer(0.05, gate.set).start()
    if read == "settle":
        session.settle()
        run = told[-1]
    else:
        run = session.run if read == "run" else session.runs[1]
    other = process_exposure(prepared, session.recipe)
    np.testing.assert_array_equal(run.rate.err, other.rate.err)
    np.testing.assert_array_equal(run.jump_bits, other.jump_bits)


def test_another_plane_waits_for_its_values(session, jobs, images, prepared, gate):
    run_all(session, jobs)
    move_and_take(session, jobs, rejection_threshold=7.0)
    Timer(0.05, gate.set).start()
    session.first.set_plane(Plane.SEGMENTS)
    wanted = expected(prepared, session.recipe, Plane.SEGMENTS)
    np.testing.assert_array_equal(images[-1], wanted)


def test_what_is_under_way_is_not_wanted_again(session, jobs):
    run_all(session, jobs)
    job, items = move(session, jobs, rejection_threshold=7.0)
    session._want_job()
    session.need_delivered(needed=False)
    assert jobs == []
    newer, more = move(session, jobs, rejection_threshold=5.0)
    for item in items:
        session.put(job, item)
    assert jobs == []  # although this is not what is set
    for item in more:
        session.put(newer, item)
    assert jobs == []
    move_and_take(session, jobs, rejection_threshold=7.0)
    assert session.is_complete


def test_a_job_that_another_run_took_the_place_of_is_wanted_again(session, jobs):
    run_all(session, jobs)
    session.set_jump_parameters(replace(session.recipe.jump, rejection_threshold=7.0))
    session.show_run(0)  # the worker was busy: the move will never be made
    lost, kept = jobs
    assert (lost.number, kept.number) == (1, 0)
    jobs[:] = [kept]
    run_all(session, jobs)
    session.show_run(1)
    run_all(session, jobs)
    assert session.is_complete


def test_what_was_cancelled_is_made_when_it_is_wanted_again(session, jobs):
    run_all(session, jobs)
    session.set_jump_parameters(replace(session.recipe.jump, rejection_threshold=7.0))
    jobs.clear()
    session.revert()
    move_and_take(session, jobs, rejection_threshold=7.0)
    assert session.is_complete
