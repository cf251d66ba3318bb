from dataclasses import replace

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.gui.state.session import Session
from rampviewer.model.exposure import Pixel
from rampviewer.model.kernels.warm_up import Ready
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs import processing
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import Tile, process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import random_exposure

SHAPE = (2, 6, 130, 9)  # several bands of rows


class Lane:
    """Keeps the jobs that a session wants, and runs them when told to."""

    def __init__(self, session):
        self.session, self.jobs = session, []
        session.job_wanted.connect(self.jobs.append)

    def numbers(self):
        return [job.number for job in self.jobs]

    def run_all(self):
        """Run the newest job, and what is wanted then, until nothing is."""
        while self.jobs:
            job = self.jobs.pop()
            self.jobs.clear()
            for item in job.steps():
                self.session.put(job, item)


@pytest.fixture
def clean():
    return Prepared.of(random_exposure(shape=SHAPE, delivered=0.0))


@pytest.fixture
def flagged():
    return Prepared.of(random_exposure(seed=4, shape=SHAPE))


@pytest.fixture
def session(qapp):
    session = Session()
    session.set_ready(Ready.EVERYTHING)
    yield session
    session.stop()


@pytest.fixture
def lane(session):
    return Lane(session)


@pytest.fixture
def images(session):
    """Return the arrays that were shown, the newest last."""
    images = []
    session.first.image_changed.connect(
        lambda values, _plane, _heading: images.append(values)
    )
    return images


def rate_of(prepared, sigma=4.0, delivered="keep"):
    recipe = Recipe(
        jump=JumpParameters(rejection_threshold=sigma),
        fit=RampFitParameters(),
        delivered_jumps=delivered,
    )
    return process_exposure(prepared, recipe).rate.slope


def test_rows_are_in_the_image_when_they_are_announced(
    session, lane, images, clean, monkeypatch
):
    monkeypatch.setattr(processing, "REPORT_INTERVAL", 0.0)  # as if each band took long
    rate, seen = rate_of(clean), []

    def look(start, stop):
        np.testing.assert_array_equal(images[-1][start:stop], rate[start:stop])
        seen.append((start, stop, np.isfinite(images[-1]).any(axis=1).sum()))

    session.first.rows_changed.connect(look)
    session.set_exposure(clean)
    lane.run_all()
    rows = [(start, stop) for start, stop, _ in seen]
    assert sorted(rows) == clean.exposure.bands(n_threads=2)
    assert seen[0][2] < seen[-1][2] == 130  # they came one after the other


def test_a_complete_run_is_never_written_to(session, lane, images, clean):
    session.set_exposure(clean)
    lane.run_all()
    run = session.run
    before = run.rate.slope.copy()
    session.set_threshold(9.0)
    session._want_job()
    lane.run_all()
    assert not np.array_equal(images[-1], before, equal_nan=True)
    np.testing.assert_array_equal(run.rate.slope, before)


def test_what_belongs_to_a_closed_exposure_is_dropped(
    session, lane, images, clean, flagged
):
    session.set_exposure(clean)
    (job,) = lane.jobs
    old = list(job.steps())
    lane.jobs.clear()
    session.set_exposure(flagged)
    said = []
    session.first.rows_changed.connect(lambda *rows: said.append(rows))
    session.run_completed.connect(said.append)
    for item in old:
        session.put(job, item)
    assert said == []
    assert session.run is None
    assert np.isnan(images[-1]).all()


def test_a_clean_exposure_needs_the_live_run_alone(session, lane, clean):
    session.set_exposure(clean)
    assert lane.numbers() == [1]
    lane.run_all()
    assert set(session.runs) == {1}
    assert session.run.recipe.delivered_jumps == "keep"


def test_a_flagged_exposure_gets_both_runs_the_live_one_first(session, lane, flagged):
    session.set_exposure(flagged)
    assert lane.numbers() == [1]
    lane.run_all()
    assert set(session.runs) == {0, 1}
    assert session.runs[1].recipe.delivered_jumps == "drop"


def test_run_0_does_not_depend_on_the_threshold(session, lane, flagged):
    session.set_exposure(flagged)
    lane.run_all()
    run = session.runs[0]
    session.set_threshold(9.0)
    session._want_job()
    lane.run_all()
    session.show_run(0)
    assert session.run is run
    assert lane.jobs == []


def test_another_fit_makes_run_0_again(session, lane, flagged):
    session.set_exposure(flagged)
    lane.run_all()
    session.set_fit_parameters(RampFitParameters(firstgroup=2))
    session._want_job()
    lane.run_all()
    assert {run.recipe.fit.firstgroup for run in session.runs.values()} == {2}


def test_the_difference_has_no_values_without_its_two_runs(session, lane, images, clean):
    session.set_exposure(clean)
    lane.run_all()
    session.first.set_plane(Plane.DIFFERENCE)
    assert np.isnan(images[-1]).all()
    lane.run_all()
    expected = rate_of(clean) - session.runs[0].rate.slope
    np.testing.assert_array_equal(images[-1], expected)
    session.show_run(0)  # the difference stays what it says: live minus as delivered
    np.testing.assert_array_equal(images[-1], expected)


def test_a_difference_comes_while_the_run_as_delivered_is_shown(
    session, lane, images, clean
):
    session.set_exposure(clean)
    lane.run_all()
    session.first.set_plane(Plane.DIFFERENCE)
    session.show_run(0)  # in the turns in which that is made
    lane.run_all()
    expected = rate_of(clean) - session.runs[0].rate.slope
    np.testing.assert_array_equal(images[-1], expected)


def test_no_difference_is_taken_to_a_run_of_another_fit(session, lane, images, flagged):
    session.set_exposure(flagged)
    lane.run_all()
    session.set_fit_parameters(RampFitParameters(firstgroup=2))
    session.first.set_plane(Plane.DIFFERENCE)
    assert np.isnan(images[-1]).all()
    lane.run_all()
    assert np.isfinite(images[-1]).any()


def test_rows_that_came_while_the_other_run_was_shown_are_not_lost(
    session, lane, images, flagged
):
    session.set_exposure(flagged)
    lane.run_all()
    session.set_threshold(9.0)
    session._want_job()
    job = lane.jobs.pop()
    first, second, *rest = job.steps()
    session.put(job, first)
    session.show_run(0)
    session.put(job, second)
    np.testing.assert_array_equal(images[-1], session.runs[0].rate.slope)
    session.show_run(1)
    for item in rest:
        session.put(job, item)
    np.testing.assert_array_equal(images[-1], rate_of(flagged, 9.0, "drop"))


def test_going_back_finds_the_last_complete_run(session, lane, images, clean):
    session.set_exposure(clean)
    lane.run_all()
    recipes = []
    session.recipe_changed.connect(recipes.append)
    session.set_threshold(9.0)
    session._want_job()
    job = lane.jobs.pop()
    session.put(job, next(iter(job.steps())))
    assert session.revert()
    assert session.recipe == recipes[-1] == session.run.recipe
    np.testing.assert_array_equal(images[-1], rate_of(clean))


def test_going_back_without_a_run_changes_nothing(session, lane, clean):
    session.set_exposure(clean)
    session.set_threshold(9.0)
    assert not session.revert()
    assert session.recipe.jump.rejection_threshold == 9.0


def test_cancelling_run_0_goes_back_to_the_live_one(session, lane, images, clean):
    session.set_exposure(clean)
    lane.run_all()
    session.show_run(0)
    assert lane.numbers() == [0]
    assert session.revert()
    assert session.shown_recipe == session.run.recipe
    np.testing.assert_array_equal(images[-1], rate_of(clean))


def test_the_first_of_many_edits_and_the_last_have_a_job(qtbot, session, lane, clean):
    session.set_exposure(clean)
    lane.run_all()
    for sigma in (5.0, 6.0, 7.0):
        session.set_threshold(sigma)
    assert len(lane.jobs) == 1  # at once
    qtbot.waitUntil(lambda: len(lane.jobs) > 1)
    assert [job.recipe.jump.rejection_threshold for job in lane.jobs] == [5.0, 7.0]


def test_nothing_is_wanted_after_a_stop(qtbot, session, lane, clean):
    session.set_exposure(clean)
    lane.run_all()
    session.set_threshold(6.0)
    session.set_threshold(7.0)
    session.stop()
    qtbot.wait(60)
    assert [job.recipe.jump.rejection_threshold for job in lane.jobs] == [6.0]


def test_the_selected_pixel_follows_every_edit_at_once(session, lane, clean):
    views = []
    session.set_exposure(clean)
    session.view_changed.connect(views.append)
    session.set_pixel(Pixel(70, 3))
    session.set_threshold(9.0)
    assert [view.pixel for view in views] == [(70, 3)] * 2
    assert "(9 sigma)" in views[-1].run_name


def test_no_pixel_is_fitted_before_the_kernels_are_ready(qapp, clean):
    session = Session()
    views = []
    session.view_changed.connect(views.append)
    session.set_exposure(clean)
    session.set_pixel(Pixel(70, 3))
    assert views[-1] is None
    session.set_ready(Ready.PIXELS)
    assert views[-1].pixel == (70, 3)
    session.stop()


@pytest.mark.parametrize("rare", ["likelihood", "sigma clip"])
def test_a_pixel_waits_for_the_kernels_of_what_is_rare(qapp, clean, rare):
    session = Session()
    views = []
    session.view_changed.connect(views.append)
    session.set_exposure(clean)
    session.set_ready(Ready.PIXELS)
    session.set_pixel(Pixel(70, 3))
    assert views[-1] is not None
    if rare == "likelihood":
        session.set_fit_parameters(RampFitParameters(algorithm="LIKELY"))
    else:
        session.set_jump_parameters(JumpParameters(minimum_sigclip_groups=2))
    assert views[-1] is None
    session.set_ready(Ready.EVERYTHING)
    assert views[-1].pixel == (70, 3)
    session.stop()


def test_hovering_the_same_pixel_says_nothing(session, lane, clean):
    session.set_exposure(clean)
    said = []
    session.hover_changed.connect(said.append)
    for pixel in (Pixel(1, 2), Pixel(1, 2), None, None):
        session.set_hover(pixel)
    assert [view and view.pixel for view in said] == [(1, 2), None]


def test_flags_drawn_are_those_of_the_run_shown(session, lane, flagged):
    drawn = []
    session.first.overlay_changed.connect(lambda flags, _bits: drawn.append(flags))
    session.set_exposure(flagged)
    lane.run_all()
    session.first.set_plane(Plane.GROUP)
    session.set_overlay(Dq.JUMP_DET)
    session.first.set_step(1, 3)
    live = drawn[-1]
    session.show_run(0)
    np.testing.assert_array_equal(drawn[-1], flagged.exposure.groupdq[1, 3])
    assert not np.array_equal(live & Dq.JUMP_DET, drawn[-1] & Dq.JUMP_DET)
    session.set_overlay(Dq(0))
    assert drawn[-1] is None


def test_on_a_rate_the_flags_of_all_groups_are_drawn(session, lane, flagged):
    drawn = []
    session.first.overlay_changed.connect(lambda flags, _bits: drawn.append(flags))
    session.set_exposure(flagged)
    lane.run_all()
    session.set_overlay(Dq.JUMP_DET)
    jumps = (drawn[-1] & Dq.JUMP_DET) != 0
    np.testing.assert_array_equal(jumps, session.run.n_jumps > 0)
    session.first.set_plane(Plane.RATEINTS)
    session.first.set_integration(1)
    packed = np.bitwise_or.reduce(session.run.jump_bits[1], axis=0)
    expected = np.unpackbits(packed, axis=-1, count=SHAPE[3])
    np.testing.assert_array_equal((drawn[-1] & Dq.JUMP_DET) != 0, expected)
    assert not np.array_equal(expected, jumps)


def test_a_pass_begins_with_the_rows_on_screen(session, lane, clean):
    session.set_visible_rows(70, 80)
    session.set_exposure(clean)
    live = LiveRun(clean, n_threads=1)
    first, *_, last = replace(lane.jobs[-1], live=live).steps()
    assert isinstance(first, Tile)
    start, stop = first.bands[0]
    assert start <= 70
    assert stop >= 80
    assert isinstance(last, Delta)


def test_the_same_recipe_is_no_change(session, lane, clean):
    session.set_exposure(clean)
    lane.run_all()
    said = []
    session.recipe_changed.connect(said.append)
    session.set_jump_parameters(replace(session.recipe.jump))
    assert said == []
    assert not session._edits.is_waiting
