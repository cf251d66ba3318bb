from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QWidget

from rampviewer.gui.files.file_work import FileWork
from rampviewer.gui.work.job_runner import JobRunner
from tests.fakes import InlineExecutor


def test_what_was_made_is_told_when_the_next_can_be_asked_for(qtbot, tmp_path):
    window, seen = QWidget(), []
    qtbot.addWidget(window)
    settings = QSettings(str(tmp_path / "x.ini"), QSettings.Format.IniFormat)
    files = FileWork(JobRunner(InlineExecutor()), window, settings, "folder")
    files.done.connect(lambda made: seen.append((made, files.is_busy)))
    for name in ("first", "second"):
        files.begin(tmp_path / name, lambda name=name: name)
    assert seen == [("first", False), ("second", False)]
