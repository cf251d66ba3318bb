from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from rampviewer.gui.tables import jump_listing
from rampviewer.gui.tables.jump_listing import JumpListing
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import random_exposure

PREPARED = Prepared.of(random_exposure(delivered=0))


def run_of(sigma):
    jump = JumpParameters(rejection_threshold=sigma)
    return process_exposure(PREPARED, Recipe(jump=jump, fit=RampFitParameters()))


@pytest.fixture(scope="module")
def runs():
    return run_of(4.0), run_of(12.0)


class World:
    """A listing with what is on screen, and what it has said."""

    def __init__(self):
        self.run = None
        self.runner = JobRunner(ThreadPoolExecutor(max_workers=1))
        self.listing = JumpListing(self.source, self.runner, self.runner)
        self.said = []
        self.listing.outdated.connect(lambda: self.said.append("outdated"))
        self.listing.work_begun.connect(lambda: self.said.append("work"))
        self.listing.refused.connect(self.said.append)
        self.listing.table_changed.connect(self.take)

    def source(self):
        return None if self.run is None else (PREPARED, self.run)

    def take(self, table, run):
        assert table is self.listing.table
        assert len(table) == run.n_jumps.sum()
        self.said.append(run)


@pytest.fixture
def world(qtbot):
    world = World()
    yield world
    world.listing.stop()
    world.runner.close()


def renew(world, run, times=1):
    world.run = run
    for _ in range(times):
        world.listing.renew()


def test_nothing_is_made_before_it_is_wanted(world, qtbot, runs):
    renew(world, runs[0])
    qtbot.waitUntil(lambda: not world.listing.work._timer.isActive())
    assert world.said == []
    world.listing.set_wanted(True)
    qtbot.waitUntil(lambda: world.said == ["work", runs[0]])


def test_many_moves_make_one_table_when_they_end(world, qtbot, runs):
    world.listing.set_wanted(True)
    renew(world, runs[0], times=5)
    qtbot.waitUntil(lambda: world.said == ["work", runs[0]])
    renew(world, None, times=3)  # a drag: the run is being made
    assert world.said[2:] == ["outdated"]
    assert world.listing.table is None
    qtbot.waitUntil(lambda: not world.listing.work._timer.isActive())
    renew(world, runs[1])
    qtbot.waitUntil(lambda: world.said[3:] == ["work", runs[1]])


def test_going_back_to_the_run_that_was_listed_makes_nothing_anew(world, qtbot, runs):
    world.listing.set_wanted(True)
    renew(world, runs[0])
    qtbot.waitUntil(lambda: runs[0] in world.said)
    renew(world, runs[0])
    qtbot.waitUntil(lambda: world.said[2:] == ["outdated", runs[0]])


def test_a_table_that_comes_too_late_is_not_shown(world, qtbot, runs, monkeypatch):
    steps, begun = jump_listing.JumpTableJob.steps, []

    def slow(job, is_cancelled, is_outdated):
        begun.append(job.run.recipe)
        is_first = job.run.recipe == runs[0].recipe
        while is_first and not is_cancelled():
            pass
        yield from steps(job, lambda: False, lambda: False)

    monkeypatch.setattr(jump_listing.JumpTableJob, "steps", slow)
    world.listing.set_wanted(True)
    renew(world, runs[0])
    qtbot.waitUntil(lambda: begun == [runs[0].recipe])
    renew(world, runs[1])
    qtbot.waitUntil(lambda: runs[1] in world.said)
    assert runs[0] not in world.said


def test_a_run_that_changes_in_place_meanwhile_is_listed_as_it_was(
    world, qtbot, runs, monkeypatch
):
    steps = jump_listing.JumpTableJob.steps
    moving = replace(runs[0], jump_bits=runs[0].jump_bits.copy())

    def late(job, *flags):
        moving.jump_bits[:] = 0
        yield from steps(job, *flags)

    monkeypatch.setattr(jump_listing.JumpTableJob, "steps", late)
    world.listing.set_wanted(True)
    renew(world, moving)
    qtbot.waitUntil(lambda: moving in world.said)  # with as many rows as it had jumps


def test_too_many_flags_are_refused_with_their_number(world, qtbot, runs, monkeypatch):
    monkeypatch.setattr(jump_listing, "MOST_ROWS", 5)
    world.listing.set_wanted(True)
    renew(world, runs[0])
    n = int(runs[0].n_jumps.sum())
    qtbot.waitUntil(lambda: world.said == [n])
    monkeypatch.setattr(jump_listing, "MOST_ROWS", n)
    renew(world, runs[0])
    qtbot.waitUntil(lambda: world.said == [n, "work", runs[0]])
