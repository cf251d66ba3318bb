import gc
import sys
import threading
import weakref

import pytest

from rampviewer.gui.work import collector as module
from rampviewer.gui.work.collector import Collector


class Ring:
    """Garbage that only the collector can tell from what is needed."""

    def __init__(self, seen):
        self.me = self
        weakref.finalize(self, lambda: seen.append(threading.current_thread()))


@pytest.fixture
def collector(qtbot, monkeypatch):
    monkeypatch.setattr(module, "PAUSE_MS", 1)
    monkeypatch.setattr(module, "MANY", 100)
    collector = Collector()
    yield collector
    collector.close()
    gc.unfreeze()


def test_garbage_of_a_worker_is_collected_in_the_thread_of_the_window(collector, qtbot):
    seen = []

    def work():
        Ring(seen)
        assert len([[k] for k in range(50_000)]) == 50_000

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert seen == []
    kept = [[] for _ in range(1000)]
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [threading.main_thread()]
    assert kept


def test_python_collects_again_when_the_window_is_closed(collector):
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled()


def test_what_has_come_with_a_library_is_not_looked_at(collector, qtbot, monkeypatch):
    kept = gc.get_freeze_count()
    monkeypatch.setitem(sys.modules, "library_of_a_test", sys)
    rings = [[] for _ in range(1000)]
    qtbot.waitUntil(lambda: gc.get_freeze_count() >= kept + len(rings))
