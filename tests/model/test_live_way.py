"""Stops of the live run on a long way to other parameters."""

from dataclasses import replace

import pytest

from rampviewer.model import live as live_module
from rampviewer.model.errors import CancelledError
from rampviewer.model.live_job import LiveJob
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.prepared import Prepared
from rampviewer.model.processing import process_exposure
from tests.exposures import random_exposure
from tests.live_cases import ALL_PIXELS, DEFAULT, applied, assert_same_run, live_run


def at(threshold, **jump):
    return replace(DEFAULT, jump=JumpParameters(rejection_threshold=threshold, **jump))


@pytest.fixture
def exposure():
    return random_exposure(shape=(1, 8, 64, 64), delivered=0.0)


@pytest.fixture
def live(exposure, monkeypatch):
    live = live_run(exposure, most_pixels=ALL_PIXELS)
    live.move_to(at(9.0))
    live.prepare(1.0)
    sizes = [live._distance(at(sigma)) for sigma in (8.0, 7.0, 6.0, 3.0)]
    assert sorted(set(sizes)) == sizes
    monkeypatch.setattr(live_module, "STRIDE", sizes[1])  # as far as 7 sigma is near
    return live


def job_of(exposure, live, target, *passed):
    stops = tuple(at(sigma) for sigma in passed)
    return LiveJob(Prepared.of(exposure), live, at(target), passed=stops)


def thresholds(items):
    return [item.run.recipe.jump.rejection_threshold for item in items]


def test_a_long_way_has_exact_runs_at_what_was_passed(exposure, live):
    prepared = Prepared.of(exposure)
    run = process_exposure(prepared, at(9.0))
    items = list(job_of(exposure, live, 3.0, 8.0, 7.0, 6.0, 5.0, 4.0).steps())
    assert thresholds(items)[0] == 7.0  # the last one that is near
    assert thresholds(items)[-1] == 3.0
    assert len(items) > 2
    for delta in items:
        run = applied(delta, run)
        assert_same_run(run, process_exposure(prepared, run.recipe))


def test_a_short_way_has_no_stops_whatever_was_passed(exposure, live):
    items = list(job_of(exposure, live, 7.5, 8.0, 4.0, 3.0, 5.0).steps())
    assert thresholds(items) == [7.5]


def test_where_nothing_near_was_passed_it_goes_straight_on(exposure, live):
    assert thresholds(job_of(exposure, live, 3.0).steps()) == [3.0]
    assert thresholds(job_of(exposure, live, 9.0, 3.2).steps())[-1] == 9.0


def test_what_was_passed_before_it_came_here_is_left_behind(exposure, live):
    live.move_to(at(8.0))
    items = list(job_of(exposure, live, 3.0, 9.0, 8.0, 7.0, 6.0).steps())
    assert 9.0 not in thresholds(items)
    assert thresholds(items)[-1] == 3.0


def test_at_a_stop_it_gives_way_to_a_newer_job(exposure, live):
    steps = job_of(exposure, live, 3.0, 8.0, 7.0, 5.0).steps(is_outdated=lambda: True)
    assert thresholds([next(steps)]) == [7.0]
    with pytest.raises(CancelledError):
        next(steps)
    assert live.recipe == at(7.0)
    items = list(job_of(exposure, live, 7.5, 8.0, 7.0, 5.0, 3.0).steps())
    assert thresholds(items) == [7.5]


def test_other_parameters_that_were_passed_are_no_stops(exposure, live):
    other = replace(DEFAULT, fit=RampFitParameters(firstgroup=2))
    stops = (other, at(7.0), at(7.0, flag_4_neighbors=False))
    job = LiveJob(Prepared.of(exposure), live, at(3.0), passed=stops)
    assert thresholds(job.steps()) == [7.0, 3.0]
