"""Closing the window: at rest, in the middle of a pass, while reading or exporting."""

import sys
import threading
from threading import Event

import pytest
from astropy.io import fits
from PyQt6.QtCore import QSettings, QTimer

import rampviewer
from rampviewer.gui.shell.exception_hook import install
from rampviewer.io import export, ramp_reader
from rampviewer.window import files as window_files
from tests.app.hand import same


def threads():
    return {thread for thread in threading.enumerate() if not thread.daemon}


@pytest.fixture
def before():
    return threads()


@pytest.fixture
def clean(before, application):
    """Close the window; nothing of the application may live on."""

    def close():
        application.window.close()
        assert not application.window.isVisible()
        assert threads() <= before
        timers = application.findChildren(QTimer) + application.window.findChildren(QTimer)
        assert not application.session._edits.is_waiting
        return [timer for timer in timers if timer.isActive() and not timer.isSingleShot()]

    return close


def test_at_rest(clean, application, hand, files):
    hand.open(files, pixel=None)
    hand.click(100, 100)
    assert clean() == []


def test_before_anything_is_open_and_ready(clean):
    assert clean() == []


def test_with_a_number_typed_and_not_given(clean, application, hand, files):
    hand.open(files)
    line = hand.box.lineEdit()
    line.setFocus()
    line.selectAll()
    hand.qtbot.keyClicks(line, "5")
    assert clean() == []
    assert hand.message() == ""


def test_in_the_middle_of_a_pass(clean, application, hand, files):
    hand.open(files)
    with hand.qtbot.waitSignal(application.processing.live.started):
        application.session.set_threshold(9.0)
    assert application.processing.live.is_busy
    assert clean() == []


def test_with_a_pass_about_to_begin(clean, application, hand, files):
    hand.open(files)
    application.session.set_threshold(9.0)
    assert clean() == []
    started = []
    application.processing.live.started.connect(started.append)
    hand.qtbot.wait(50)
    assert started == []


def test_while_a_file_is_read(clean, application, hand, files, monkeypatch):
    begun, gate, read = Event(), Event(), ramp_reader.read_exposure

    def slowly(*arguments, **options):
        begun.set()
        assert gate.wait(60)
        return read(*arguments, **options)

    monkeypatch.setattr(ramp_reader, "read_exposure", slowly)
    hand.open(files, wait=False)
    assert begun.wait(60)
    gate.set()
    assert clean() == []
    hand.qtbot.wait(20)
    assert application.session.exposure is None


def test_during_an_export_the_export_is_finished(
    clean, application, hand, files, tmp_path, monkeypatch
):
    begun, gate, write = Event(), Event(), export.export_run

    def slowly(*arguments, **options):
        begun.set()
        assert gate.wait(60)
        return write(*arguments, **options)

    monkeypatch.setattr(export, "export_run", slowly)
    hand.open(files)
    shown = hand.shown.copy()
    hand.press(hand.ask_export(tmp_path / "out", "rate", "fitopt"), "Export")
    assert begun.wait(60)
    opener = threading.Timer(0.2, gate.set)
    opener.start()
    assert clean() == []
    opener.join()
    with fits.open(tmp_path / "out" / "sim_rate.fits") as hdus:
        assert same(hdus["SCI"].data, shown)
    assert (tmp_path / "out" / "sim_fitopt.fits").is_file()
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_an_export_that_was_ordered_is_begun_and_finished(
    clean, application, hand, files, tmp_path
):
    hand.open(files)
    gate = Event()
    application.writing._executor.submit(gate.wait, 60)
    hand.press(hand.ask_export(tmp_path / "out", "rate"), "Export")
    opener = threading.Timer(0.1, gate.set)
    opener.start()
    assert clean() == []
    opener.join()
    assert (tmp_path / "out" / "sim_rate.fits").is_file()


def test_with_a_dialog_open(clean, application, hand, files, tmp_path):
    hand.open(files)
    dialog = hand.ask_export(tmp_path / "out", "rate")
    assert clean() == []
    assert not dialog.isVisible()


def test_geometry_and_folders_are_remembered(application, settings, hand, files):
    hand.open(files)
    application.window._splitter.setSizes([500, 800])
    splitter = application.window._splitter.saveState()
    geometry = application.window.saveGeometry()
    application.window.close()
    stored = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert stored.value("folder") == str(files.ramp.parent)
    assert stored.value("geometry") == geometry
    assert stored.value("splitter") == splitter


def test_an_unforeseen_error_is_one_sentence_and_the_window_lives(
    application, hand, files, monkeypatch, capsys
):
    hand.open(files)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install(application.messages.show_error)

    def broken(*_arguments, **_options):
        raise RuntimeError("the cat sat on the keyboard")

    with monkeypatch.context() as patch:
        patch.setattr(window_files, "process_exposure", broken)
        patch.setattr(export, "export_run", broken)
        hand.press(hand.ask_export(files.ramp.parent / "out", "rate"), "Export")
        sentence = hand.wait_error()
    assert "the cat sat on the keyboard" in sentence
    assert "\n" not in sentence
    assert "RuntimeError" in capsys.readouterr().err
    application.session.set_threshold(6.0)
    hand.settle()
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    jump = rampviewer.JumpParameters(rejection_threshold=6.0)
    assert same(hand.shown, rampviewer.process(exposure, jump).fit.rate.slope)
