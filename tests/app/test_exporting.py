"""What is exported is what was shown; nothing is lost when it cannot be written."""

import hashlib
import shutil
from dataclasses import replace
from threading import Event

import pytest
from astropy.io import fits
from PyQt6.QtCore import Qt

import rampviewer
from rampviewer.gui.files.export_dialog import ExportDialog
from rampviewer.io import atomic, export
from tests.app.hand import same
from tests.exposure_files import with_jump_flags, write_exposure


@pytest.fixture
def exposure(files):
    return rampviewer.open(files.ramp, files.gain, files.readnoise)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def gate(monkeypatch):
    """Hold every export back until the gate is set."""
    gate, write = Event(), export.export_run

    def wait_and_write(*arguments, **options):
        assert gate.wait(60)
        return write(*arguments, **options)

    monkeypatch.setattr(export, "export_run", wait_and_write)
    yield gate
    gate.set()


def rate_of(exposure, sigma):
    jump = rampviewer.JumpParameters(rejection_threshold=sigma)
    return rampviewer.process(exposure, jump).fit.rate.slope


def rate_in(folder, name="sim_rate.fits"):
    with fits.open(folder / name) as hdus:
        return hdus["SCI"].data.copy()


def sums(folder):
    return {p.name: hashlib.md5(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_the_parameters_on_screen_at_the_time_are_exported(
    application, hand, files, exposure, out, gate
):
    hand.open(files)
    application.session.set_threshold(6.0)
    assert application.session.run is None  # its run still has to be made
    dialog = hand.ask_export(out, "rate")
    application.session.set_threshold(15.0)  # the user drags on meanwhile
    hand.press(dialog, "Export")
    application.session.set_threshold(30.0)
    hand.settle()
    with hand.qtbot.waitSignal(application.exporting.exported):
        gate.set()
    assert same(rate_in(out), rate_of(exposure, 6.0))
    assert same(hand.shown, rate_of(exposure, 30.0))
    with fits.open(out / "sim_rate.fits") as hdus:
        history = str(hdus[0].header["HISTORY"])
    assert "rejection_threshold = 6.0" in history


def test_the_dialog_says_what_it_exports(application, hand, files, out):
    hand.open(files)
    hand.type_threshold("6.25")
    dialog = hand.ask_export(out, "rate")
    texts = [label.text() for label in dialog.findChildren(type(dialog.problem))]
    assert "Exports run 1 (6.25 sigma) of sim_ramp.fits." in texts
    dialog.reject()


def test_the_optional_product_is_that_of_the_fit(application, hand, files, exposure, out):
    hand.open(files)
    session = application.session
    dialog = hand.ask_export(out)
    assert list(dialog.boxes) == ["jump", "rate", "rateints", "fitopt"]
    dialog.reject()
    session.set_fit_parameters(replace(session.recipe.fit, algorithm="LIKELY"))
    hand.settle()
    assert "likely_chisq" not in hand.ask_export(out).chosen()  # only on request
    hand.dialogs()[0].reject()
    hand.export(out, "likely_chisq")
    (path,) = out.iterdir()
    assert path.name == "sim_likely_chisq.fits"
    fit = rampviewer.RampFitParameters(algorithm="LIKELY")
    chisq = rampviewer.process(exposure, fit=fit).fit.rate.chisq
    with fits.open(path) as hdus:
        assert same(hdus["SCI"].data, chisq)


def test_run_0_is_exported_while_it_is_shown(application, hand, files, exposure, out):
    flagged = write_exposure(
        files.ramp.parent / "flagged", with_jump_flags(exposure), "f_ramp.fits"
    )
    hand.open(flagged)
    hand.trigger("as_delivered")
    hand.settle()
    shown = hand.shown.copy()
    hand.export(out, "rate", "jump")
    assert same(rate_in(out, "f_rate.fits"), shown)
    with fits.open(out / "f_jump.fits") as hdus:
        assert same(hdus["GROUPDQ"].data, application.session.exposure.groupdq)


def proposed_folder(hand):
    hand.trigger("export")
    dialog = hand.dialog(ExportDialog)
    dialog.reject()
    return dialog.folder()


def test_each_exposure_is_exported_to_its_own_folder_again(
    application, hand, files, small, out, settings
):
    hand.open(files)
    assert proposed_folder(hand) == files.ramp.parent
    hand.export(out, "rate")
    assert proposed_folder(hand) == out
    hand.open(small)
    assert proposed_folder(hand) == small.ramp.parent
    hand.export(out / "small", "rate")
    settings.sync()  # as the next session reads it
    hand.open(files)
    assert proposed_folder(hand) == out


def test_escape_at_the_question_goes_back_to_the_dialog(
    application, hand, files, exposure, out
):
    hand.open(files)
    hand.export(out, "rate")
    before = sums(out)
    dialog = hand.ask_export(out, "rate")
    hand.press(dialog, "Export")
    hand.qtbot.keyClick(hand.question(), Qt.Key.Key_Escape)
    hand.until(lambda: hand.dialogs() == [dialog])
    assert sums(out) == before
    dialog.folder_edit.setText(str(out / "new"))
    with hand.qtbot.waitSignal(application.exporting.exported):
        hand.press(dialog, "Export")
    assert same(rate_in(out / "new"), rate_of(exposure, 4.0))
    assert hand.dialogs() == []


def test_existing_files_are_replaced_only_after_a_question(
    application, hand, files, exposure, out
):
    hand.open(files)
    hand.export(out, "rate", "rateints")
    before = sums(out)
    hand.type_threshold("9")
    hand.settle()
    hand.press(hand.ask_export(out, "rate"), "Export")
    question = hand.question()
    assert "sim_rate.fits" in question.text()
    assert "sim_rateints.fits" not in question.text()
    hand.press(question, "Cancel")
    hand.dialog(ExportDialog).reject()
    assert not application.writing.is_busy
    assert sums(out) == before
    hand.press(hand.ask_export(out, "rate"), "Export")
    with hand.qtbot.waitSignal(application.exporting.exported):
        hand.press(hand.question(), "Replace")
    assert hand.dialogs() == []
    after = sums(out)
    assert after["sim_rateints.fits"] == before["sim_rateints.fits"]
    assert same(rate_in(out), rate_of(exposure, 9.0))


def test_a_file_that_appears_after_the_question_is_not_replaced(
    application, hand, files, out, gate
):
    hand.open(files)
    hand.press(hand.ask_export(out, "rate"), "Export")
    out.mkdir()
    (out / "sim_rate.fits").write_text("mine")
    gate.set()
    assert "sim_rate.fits" in hand.wait_error()
    assert (out / "sim_rate.fits").read_text() == "mine"


def test_the_opened_file_is_never_replaced(application, hand, files):
    folder = files.ramp.parent
    jump = files._replace(ramp=folder / "sim_jump.fits")
    shutil.copy(files.ramp, jump.ramp)
    before = sums(folder)
    hand.open(jump)
    dialog = hand.ask_export(folder, "jump", "rate")
    assert not dialog.export_button.isEnabled()
    assert "never replaced" in dialog.problem.text()
    dialog.reject()
    assert sums(folder) == before


def test_the_rate_of_a_jump_product_can_be_exported_beside_it(application, hand, files):
    jump = files._replace(ramp=files.ramp.with_name("sim_jump.fits"))
    files.ramp.rename(jump.ramp)
    hand.open(jump)
    hand.export(jump.ramp.parent, "rate")
    assert same(rate_in(jump.ramp.parent), hand.shown)


@pytest.mark.parametrize("where", ["a file", "inside a file"])
def test_a_folder_that_cannot_be_used_is_one_sentence(
    application, hand, files, tmp_path, where
):
    (tmp_path / "blocked").write_text("in the way")
    folder = tmp_path / "blocked"
    hand.open(files)
    shown = hand.shown.copy()
    hand.press(
        hand.ask_export(folder / "x" if "inside" in where else folder, "rate"), "Export"
    )
    sentence = hand.wait_error()
    assert "Nothing was exported" in sentence
    assert "blocked" in sentence
    assert "\n" not in sentence
    assert same(hand.shown, shown)
    hand.export(tmp_path / "free", "rate")
    assert same(rate_in(tmp_path / "free"), shown)


def test_a_full_disk_keeps_the_old_products(application, hand, files, out, monkeypatch):
    hand.open(files)
    hand.export(out, "rate", "rateints")
    before = sums(out)
    hand.type_threshold("9")
    hand.settle()

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", fail)
    hand.press(hand.ask_export(out, "rate", "rateints"), "Export")
    hand.press(hand.question(), "Replace")
    sentence = hand.wait_error()
    assert "No space left on device" in sentence
    assert sums(out) == before
    assert application.session.run is not None


def test_a_second_export_waits_for_the_first(application, hand, files, out, gate):
    hand.open(files)
    hand.press(hand.ask_export(out, "rate"), "Export")
    hand.trigger("export")
    assert "wait until it is done" in hand.wait_error()
    assert not hand.dialogs()
    with hand.qtbot.waitSignal(application.exporting.exported):
        gate.set()


def test_there_is_nothing_to_export_before_a_file_is_open(application, hand):
    hand.trigger("export")
    assert "Open an exposure first" in hand.error()
    assert not hand.dialogs()


def test_the_exposure_of_the_dialog_is_exported_though_another_was_opened(
    application, hand, files, small, exposure, out
):
    hand.open(files)
    dialog = hand.ask_export(out, "rate")
    hand.open(small)
    with hand.qtbot.waitSignal(application.exporting.exported):
        hand.press(dialog, "Export")
    assert same(rate_in(out), rate_of(exposure, 4.0))
