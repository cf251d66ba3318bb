import os
import sys
import threading

import pytest

from rampviewer.gui.background import NICE, background_thread


def nice():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def nice_of_thread_begun_here():
    found = []
    thread = threading.Thread(target=lambda: found.append(nice()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priorities")
def test_work_and_its_threads_give_way_to_the_window():
    before = nice()
    with background_thread() as executor:
        assert executor.submit(nice).result() == max(before, NICE)
        assert executor.submit(nice_of_thread_begun_here).result() == max(before, NICE)
    assert nice() == before


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priorities")
def test_work_goes_on_where_no_priority_may_be_changed(monkeypatch):
    def refuse(*_given):
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    with background_thread() as executor:
        assert executor.submit(int).result() == 0
