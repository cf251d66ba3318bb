import os
import subprocess
import sys
import threading

import pytest

from rampviewer.gui.work.background import NICE, background_thread

LEAVE = """
import sys, threading
from PyQt6.QtCore import QSettings
from rampviewer.gui.work.background import background_thread, leave
settings = QSettings(sys.argv[1], QSettings.Format.IniFormat)
settings.setValue("theme", "dark")
lane = background_thread()
work = threading.Event().wait if sys.argv[2] == "busy" else int
lane.submit(work)
if sys.argv[2] != "busy":
    lane.shutdown()
print("bye", leave(7, settings))
"""


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


def left(tmp_path, how):
    path = tmp_path / "settings.ini"
    words = [sys.executable, "-c", LEAVE, str(path), how]
    done = subprocess.run(
        words, check=False, stdout=subprocess.PIPE, text=True, timeout=100
    )
    assert "dark" in path.read_text()
    return done.returncode, done.stdout


def test_a_process_ends_though_a_lane_is_held_for_ever(tmp_path):
    assert left(tmp_path, "busy") == (7, "")


def test_else_it_ends_as_any_other(tmp_path):
    assert left(tmp_path, "idle") == (0, "bye 7\n")
