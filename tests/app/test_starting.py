"""The window as the command line opens it."""

import gc
import os
import subprocess
import sys

import pytest
from PyQt6.QtCore import QSettings, QTimer

from rampviewer import app as app_module
from rampviewer.cli import main
from rampviewer.gui.shell.main_window import MainWindow
from rampviewer.model.kernels.warm_up import Ready
from tests.patience import LONG

# What takes long to load; prints what of it is there when the window is to be painted.
LATE = "numba", "llvmlite", "astropy", "asdf", "skimage", "matplotlib"
COLD = f"""
import sys
from PyQt6.QtCore import QSettings
from rampviewer.app import make_application
from rampviewer.gui.shell.qt_application import make_qt_application
qt = make_qt_application(["rampviewer"], "0")
settings = QSettings(sys.argv[1], QSettings.Format.IniFormat)
made = make_application(qt, settings)
seen = []
made.window.painted.connect(lambda: seen.append(set({LATE}) & set(sys.modules)))
made.preparing.request = lambda _job: None
made.window.show()
while not seen:
    qt.processEvents()
print(*seen[0])
"""


@pytest.fixture
def as_before(qapp, monkeypatch):
    """Put back what belongs to the whole process."""
    palette, sheet = qapp.palette(), qapp.styleSheet()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    yield
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    QSettings().clear()


def test_the_command_line_opens_a_file_with_its_pixel(as_before, qtbot, small, monkeypatch):
    made = []

    class Watched(app_module.Application):
        def __init__(self, settings):
            super().__init__(settings)
            made.append(self)
            self.session.run_completed.connect(lambda _run: check.start(0))

    seen = {}

    def look():
        session = made[0].session
        if session.ready is not Ready.EVERYTHING:
            check.start(20)
            return
        seen.update(path=session.exposure.path, view=made[0].ramp.shown())
        seen.update(visible=made[0].window.isVisible(), frozen=gc.get_freeze_count())
        made[0].window.close()

    def give_up():
        made[0].window.close()

    check = QTimer()
    check.setSingleShot(True)
    check.timeout.connect(look)
    limit = QTimer()
    limit.setSingleShot(True)
    limit.timeout.connect(give_up)
    limit.start(LONG)
    monkeypatch.setattr(app_module, "Application", Watched)
    references = ["--override-gain", str(small.gain), "--readnoise", "8.5"]
    code = main([str(small.ramp), "--pixel", "31,30", *references])
    limit.stop()
    assert code == 0
    assert seen["path"] == small.ramp
    assert seen["view"].pixel == (30, 31)
    assert seen["view"].readnoise == 8.5
    assert seen["visible"]
    assert seen["frozen"] > 0
    assert isinstance(made[0].window, MainWindow)
    made[0].window.deleteLater()


def test_libraries_are_loaded_after_the_window_is_on_screen(tmp_path):
    words = [sys.executable, "-c", COLD, str(tmp_path / "settings.ini")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, env=environment, text=True
    )
    assert done.stdout.split() == []
