import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from rampviewer.gui.work import job_runner
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.errors import CancelledError
from tests.fakes import BrokenJob, FakeJob, InlineExecutor


class PatientJob(FakeJob):
    """Does not give way to the next one."""

    def steps(self, is_cancelled, is_outdated):
        return super().steps(is_cancelled, lambda: False)


@pytest.fixture
def worker():
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield executor


@pytest.fixture
def seen():
    return []


@pytest.fixture
def runner(qapp, worker, seen):
    runner = JobRunner(worker)
    runner.step_done.connect(lambda _job, item: seen.append(item))
    yield runner
    runner.close()


def test_steps_are_delivered_in_order(qapp, seen):
    runner = JobRunner(InlineExecutor())
    runner.step_done.connect(lambda _job, item: seen.append(item))
    runner.request(FakeJob("a"))
    assert seen == ["a0", "a1"]


def test_of_the_jobs_that_wait_only_the_newest_runs(qtbot, runner, seen):
    gate = Event()
    with qtbot.waitSignal(runner.finished, check_params_cb=lambda job: job.name == "new"):
        runner.request(FakeJob("first", gate))
        runner.request(FakeJob("old"))
        runner.request(FakeJob("new"))
        gate.set()
    assert "old0" not in seen
    assert seen[-2:] == ["new0", "new1"]


def test_a_job_that_gives_way_is_neither_finished_nor_failed(qtbot, runner, seen):
    ends = []
    runner.finished.connect(lambda job: ends.append(job.name))
    runner.failed.connect(lambda job, error: ends.append(error))
    gate = Event()
    old = FakeJob("old", gate)
    runner.request(old)
    with qtbot.waitSignal(runner.finished):
        runner.request(FakeJob("new"))
        gate.set()
    assert ends == ["new"]
    assert old.n_run <= 1


def test_what_a_job_that_gives_way_has_made_is_gone_at_once(qapp):
    made = []

    class LargeJob:
        def steps(self, *_):
            planes = {1, 2, 3}
            made.append(weakref.ref(planes))
            yield len(planes)
            raise CancelledError

    gc.collect()
    gc.disable()  # it would come late: what is made are hundreds of megabytes
    try:
        JobRunner(InlineExecutor()).request(LargeJob())
        assert made[0]() is None
    finally:
        gc.enable()


def test_nothing_of_a_cancelled_job_is_delivered(qtbot, runner, worker, seen):
    runner.request(FakeJob("a"))
    worker.submit(int).result()  # both steps are posted, none delivered
    with qtbot.waitSignal(runner.cancelled):
        runner.cancel()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert seen == []


def test_the_worker_goes_on_before_anybody_has_looked_at_what_it_found(
    qtbot, runner, worker
):
    told = []
    runner.started.connect(lambda job: told.append(("started", job.name)))
    runner.step_done.connect(lambda job, _item: told.append(("step", job.name)))
    runner.finished.connect(lambda job: told.append(("finished", job.name)))
    gate = Event()
    last = FakeJob("b")
    runner.request(PatientJob("a", gate))
    runner.request(last)
    gate.set()
    worker.submit(int).result()  # no event of the window was handled meanwhile
    assert last.n_run == 2
    assert told == [("started", "a")]
    qtbot.waitUntil(lambda: not runner.is_busy)
    steps = ("started", "step", "step", "finished")
    assert told == [(what, name) for name in "ab" for what in steps]


def test_cancelling_reaches_the_job_that_the_worker_has_gone_on_with(
    qtbot, runner, worker, seen
):
    told = []
    runner.started.connect(lambda job: told.append(job.name))
    gate = Event()
    runner.request(PatientJob("a", gate))
    runner.request(FakeJob("b"))
    gate.set()
    worker.submit(int).result()
    runner.cancel()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert (told, seen) == (["a"], [])


def test_replacing_cancels_what_runs_and_what_waits(qtbot, runner, seen):
    gate = Event()
    runner.request(FakeJob("runs", gate))
    runner.request(FakeJob("waits"))
    with qtbot.waitSignal(runner.finished):
        runner.replace(FakeJob("new"))
        gate.set()
    assert seen == ["new0", "new1"]


def test_an_error_is_reported_with_its_job(qtbot, runner):
    job = BrokenJob("fit")
    with qtbot.waitSignal(runner.failed) as failure:
        runner.request(job)
    assert failure.args[0] is job
    assert str(failure.args[1]) == "fit broke"


def test_after_an_error_the_next_job_runs(qtbot, runner, seen):
    runner.request(BrokenJob("fit"))
    with qtbot.waitSignal(runner.finished):
        runner.request(FakeJob("next"))
    assert seen == ["next0", "next1"]


def test_closing_does_not_wait_for_the_compiler(qtbot, monkeypatch):
    gate, seen = Event(), []

    class Compiling:
        def steps(self, is_cancelled, _is_outdated):
            assert gate.wait(60)
            seen.append(is_cancelled())
            yield "too late"

    executor = ThreadPoolExecutor(max_workers=1)
    runner = JobRunner(executor)
    runner.step_done.connect(lambda *done: seen.append(done))
    runner.request(Compiling())
    monkeypatch.setattr(job_runner, "is_compiling", lambda: True)
    runner.close()
    assert seen == []
    gate.set()
    executor.shutdown()
    qtbot.wait(20)
    assert seen == [True]
