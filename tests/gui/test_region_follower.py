from concurrent.futures import ThreadPoolExecutor
from threading import current_thread, main_thread

import pytest

from rampviewer.gui.regions.region_follower import RegionFollower
from rampviewer.gui.work.job_runner import JobRunner


class FakeJob:
    n_samples = 1

    def steps(self, _is_cancelled, _is_outdated):
        yield "summary"


@pytest.fixture
def runner(qapp):
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield JobRunner(executor)


def test_values_that_are_late_are_waited_for_on_the_worker(runner, qtbot):
    waiting, seen = [], []
    follower = RegionFollower(FakeJob, runner, lambda: waiting.append(current_thread()))
    follower.summary_changed.connect(seen.append)
    follower.set_wanted(True)
    qtbot.waitUntil(lambda: seen == ["summary"])
    assert len(waiting) == 1
    assert main_thread() not in waiting
    follower.stop()
