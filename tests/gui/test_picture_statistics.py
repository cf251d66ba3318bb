from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.gui.image.picture_statistics import (
    PictureStatistics,
    count_flags,
    count_nan,
)
from rampviewer.gui.work.job_runner import JobRunner


def flags(shape=(200, 30), dtype=np.uint32):
    dq = np.zeros(shape, dtype)
    dq[3, :5] = Dq.JUMP_DET | Dq.SATURATED
    dq[190, 2] = Dq.DO_NOT_USE
    return dq


@pytest.fixture
def executor():
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield executor


@pytest.fixture
def statistics(qapp, executor):
    statistics = PictureStatistics()
    statistics.lane = JobRunner(executor)
    statistics.set_lane(statistics.lane)
    statistics.found = []
    statistics.counted.connect(statistics.found.append)
    yield statistics
    statistics.lane.close()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint32])
def test_pixels_with_each_flag_are_counted(dtype):
    assert count_flags(flags(dtype=dtype)) == {
        Dq.DO_NOT_USE: 1,
        Dq.SATURATED: 5,
        Dq.JUMP_DET: 5,
    }


def test_pixels_without_a_value_are_counted_of_floats_only():
    values = np.ones((150, 3), np.float32)
    values[140:, 1], values[0, 0] = np.nan, np.inf
    assert count_nan(values) == 10
    assert count_nan(flags()) == 0


def test_a_worker_counts_what_is_shown(statistics, qtbot):
    values = np.full((4, 5), np.nan, np.float32)
    statistics.set_picture(values)
    statistics.set_overlaid(flags(dtype=np.uint8))
    assert statistics.found == []
    qtbot.waitUntil(lambda: bool(statistics.found))
    found = statistics.found[0]
    assert (found.n_nan, found.flags) == (20, None)
    assert found.overlaid[Dq.SATURATED] == 5
    statistics.set_picture(flags(), is_flags=True)
    statistics.set_overlaid(None)
    qtbot.waitUntil(lambda: len(statistics.found) == 2)
    found = statistics.found[1]
    assert (found.n_nan, found.overlaid) == (None, None)
    assert found.flags[Dq.DO_NOT_USE] == 1


def test_numbers_of_a_picture_that_is_gone_are_dropped(statistics, executor, qtbot):
    gate = Event()
    executor.submit(gate.wait, 60)
    statistics.set_picture(np.full((4, 5), np.nan, np.float32))
    statistics.count()
    statistics.set_picture(np.zeros((4, 5), np.float32))
    gate.set()
    executor.submit(int).result()  # counted, not told of yet
    qtbot.waitUntil(lambda: bool(statistics.found))
    assert [found.n_nan for found in statistics.found] == [0]


def test_a_burst_of_changes_is_counted_again_and_again(statistics, qtbot):
    statistics.set_picture(np.zeros((4, 5), np.float32))
    qtbot.waitUntil(lambda: statistics.renew() or len(statistics.found) > 2)


def test_nothing_is_counted_where_nothing_is_shown(statistics, qtbot):
    statistics.set_picture(np.zeros((4, 5), np.float32))
    statistics.set_picture(None)
    qtbot.wait(300)
    assert statistics.found == []


def test_nothing_is_counted_once_the_window_closes(statistics, qtbot):
    statistics.set_picture(np.zeros((4, 5), np.float32))
    statistics.stop()
    statistics.renew()
    qtbot.wait(300)
    assert statistics.found == []
