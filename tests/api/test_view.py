"""The window beside a prompt of IPython, and from a script."""

import os
import subprocess
import sys

import pytest

import rampviewer as rv
from tests.exposures import random_exposure

PROLOGUE = """
import time
from dataclasses import replace

import rampviewer as rv
from rampviewer.model.simulate import SimulationSettings, simulate

exposure = simulate(SimulationSettings(size=64, n_groups=5)).exposure
flags = exposure.groupdq.copy()
flags[0, 2, 5, 6:40] |= 4  # as delivered by an earlier step
exposure = replace(exposure, groupdq=flags)
result = rv.process(exposure, rv.JumpParameters(rejection_threshold=7.5))
"""
PROMPT = """
from IPython.terminal.interactiveshell import TerminalInteractiveShell

shell = TerminalInteractiveShell.instance(history_length=0)
shell.history_manager.enabled = False
for cell in CELLS:
    shell.run_cell(cell).raise_error()
"""
CELLS = (
    PROLOGUE,
    "application = rv.view(result, x=12, y=34)",
    "print('not blocked', application.window.isVisible())",
    "print('says:', 'keeps them and adds its own' in application.messages.label.text())",
    """
session = application.session
while not session.is_complete:
    application.window.windowHandle()
    from PyQt6.QtWidgets import QApplication
    QApplication.processEvents()
print(session.pixel, session.recipe.jump.rejection_threshold)
print("keeps:", session.recipe.delivered_jumps)
print(application.processing.run_bar._found.text())
second = rv.view(rv.process(exposure, skip="jump"))
print("skipped:", second.session.shown_recipe.delivered_jumps)
second.window.close()
print(session.run.n_primary == result.run.n_primary)
application.window.close()
""",
)


def run(text, tmp_path):
    return subprocess.run(
        [sys.executable, "-c", text],
        check=False,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path),
            "IPYTHONDIR": str(tmp_path / "ipython"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_from_ipython_the_window_opens_beside_the_prompt(tmp_path):
    done = run(f"CELLS = {CELLS!r}\n{PROMPT}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "not blocked True" in done.stdout
    assert "Pixel(row=34, col=12) 7.5" in done.stdout
    assert "keeps: keep" in done.stdout  # as the result did
    assert " primary and delivered jumps" in done.stdout
    assert "says: True" in done.stdout
    assert "skipped: as_delivered" in done.stdout
    assert "True" in done.stdout.splitlines()[-1]


def test_in_a_script_it_returns_when_the_window_is_closed(tmp_path):
    script = f"""{PROLOGUE}
import sys
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

qt = QApplication([])
def close():
    for window in qt.topLevelWidgets():
        window.close()
    print("closed")
QTimer.singleShot(1500, close)
view = rv.view
hook = sys.excepthook  # pyqtgraph, loaded now, has one of its own
view(exposure)
print("returned", sys.excepthook is hook)
"""
    done = run(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["closed", "returned", "True"]


def test_without_a_display_a_sentence_says_so(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(RuntimeError, match="no display"):
        rv.view(random_exposure(shape=(1, 4, 5, 5), delivered=0))


def test_a_pixel_outside_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="x 5"):
        rv.view(random_exposure(shape=(1, 4, 5, 5), delivered=0), x=5, y=0)


def test_half_a_pixel_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="needs both x and y, got x=None and y=3"):
        rv.view(random_exposure(shape=(1, 4, 5, 5), delivered=0), y=3)


def test_what_is_no_exposure_is_refused_in_a_sentence():
    with pytest.raises(TypeError, match="source"):
        rv.view("x_ramp.fits")
