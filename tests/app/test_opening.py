"""Ways to open a file, and what happens when it cannot be opened."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from PyQt6.QtCore import QCoreApplication, Qt
from PyQt6.QtWidgets import QLabel, QPushButton

import rampviewer
from rampviewer.app import Application
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs.prepared import Prepared
from tests.app.hand import LEFT, same
from tests.bench.hand import Paints
from tests.exposure_files import with_jump_flags, write_exposure, write_simulated


@pytest.fixture
def lonely(small):
    """Return an exposure without references beside it or in its header."""
    small.gain.rename(small.gain.with_name("elsewhere_gain.fits"))
    return small._replace(gain=small.gain.with_name("elsewhere_gain.fits"))


def test_an_open_dialog_gives_its_file(application, hand, small):
    hand.trigger("open")
    hand.choose_file(small.ramp)
    hand.give_references(small.gain, small.readnoise)
    hand.wait_opened()
    assert application.session.exposure.path == small.ramp
    assert "small_ramp.fits" in application.window.windowTitle()
    assert hand.message() == ""


@pytest.mark.parametrize("place", ["window", "image", "ramp"])
def test_a_file_dropped_anywhere_is_opened(application, hand, small, place):
    widgets = {
        "window": application.window,
        "image": hand.viewport,
        "ramp": application.ramp.grid.viewport(),
    }
    assert hand.drop(widgets[place], small.ramp)
    hand.give_references(1.8, 12.5)
    hand.wait_opened()
    assert application.session.exposure.path == small.ramp


def test_a_recent_file_is_opened_again(qtbot, application, settings, hand, small):
    hand.open(small)
    application.window.close()
    again = Application(settings)
    qtbot.addWidget(again.window)
    again.window.show()
    (action,) = again.window.recent.actions()
    assert action.text().startswith("small_ramp.fits\t")
    action.trigger()
    assert again.opening._path == small.ramp
    again.window.close()


def test_why_references_are_missing_is_said_of_a_file_with_a_colon_in_its_name(
    application, hand, lonely
):
    path = lonely.ramp.rename(lonely.ramp.with_name("field 2: small_ramp.fits"))
    application.open(path)
    dialog = hand.dialog(ReferencesDialog)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    missing = "field 2: small_ramp.fits has no gain and no read noise: "
    assert f"{missing}its header has no R_GAIN. Choose a file" in texts
    dialog.reject()


def test_missing_references_are_asked_for_and_named(application, hand, lonely):
    application.open(lonely.ramp)
    dialog = hand.dialog(ReferencesDialog)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "small_ramp.fits has no gain and no read noise" in texts
    assert "--" not in texts  # no option of the command line
    assert "electron/DN" in texts
    assert hand.message() == ""  # the dialog says it, once
    hand.give_references(1.8, 12.5)
    hand.wait_opened()
    exposure = application.session.exposure
    assert np.all(exposure.gain == np.float32(1.8))
    assert np.all(exposure.readnoise == 12.5)
    shown = application.exposure_line.text()
    assert "1.8 electron/DN (stated)" in shown
    assert "12.5 DN (stated)" in shown
    assert hand.error() == ""


def test_only_the_reference_that_is_missing_is_named(application, hand, lonely):
    application.open(lonely.ramp, 1.8)
    dialog = hand.dialog(ReferencesDialog)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "has no read noise:" in texts
    dialog.reject()


def test_without_references_the_window_says_that_nothing_was_opened(
    application, hand, lonely
):
    application.open(lonely.ramp)
    hand.qtbot.keyClick(hand.dialog(ReferencesDialog), Qt.Key.Key_Escape)
    assert hand.error() == (
        "small_ramp.fits was not opened: it needs a gain and a read noise."
    )
    assert application.session.exposure is None


def test_an_unusable_number_is_refused_in_the_dialog(application, hand, lonely):
    application.open(lonely.ramp)
    hand.give_references("-3", 12.5)
    (dialog,) = hand.dialogs()
    assert "-3" in dialog.problem.text()
    assert application.session.exposure is None


def test_a_wrong_reference_is_said_where_it_can_be_put_right(application, hand, lonely):
    application.open(lonely.ramp)
    hand.give_references(1.8, lonely.gain)  # a gain file for the read noise
    hand.until(lambda: len(hand.dialogs()) == 1 and not application.reading.is_busy)
    dialog = hand.dialog(ReferencesDialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("elsewhere_gain.fits is a gain reference" in text for text in texts)
    assert dialog.gain_edit.text() == "1.8"
    assert dialog.readnoise_edit.text() == str(lonely.gain)
    dialog.readnoise_edit.setText("12.5")
    hand.press(dialog, "OK")
    hand.wait_opened()
    assert application.session.exposure.path == lonely.ramp
    assert hand.message() == ""


def test_who_gives_up_after_a_wrong_reference_is_told_why(application, hand, small):
    hand.open(small)
    before = application.session.prepared
    hand.trigger("references")
    hand.give_references(small.gain, small.gain)
    hand.until(lambda: len(hand.dialogs()) == 1 and not application.reading.is_busy)
    hand.press(hand.dialog(ReferencesDialog), "Cancel")
    assert "small_gain.fits is a gain reference" in hand.error()
    assert application.session.prepared is before
    assert application.session.run is not None


def test_references_of_the_open_exposure_can_be_replaced(application, hand, small):
    hand.open(small)
    before = application.session.prepared
    hand.trigger("references")
    hand.give_references(2.5, small.readnoise)
    hand.wait_opened(before)
    exposure = rampviewer.open(small.ramp, 2.5, small.readnoise)
    assert same(hand.shown, rampviewer.process(exposure).fit.rate.slope)


def not_fits(path, hdus):
    path.write_text("x,y\n1,2\n")


def empty(path, hdus):
    path.write_bytes(b"")


def truncated(path, hdus):
    hdus.writeto(path)
    path.write_bytes(path.read_bytes()[:200_000])


def truncated_gzip(path, hdus):
    plain = path.with_suffix(".plain")
    hdus.writeto(plain)
    path.write_bytes(gzip.compress(plain.read_bytes(), 1)[:100_000])


def without_sci(path, hdus):
    del hdus["SCI"]
    hdus.writeto(path)


def an_image(path, hdus):
    hdus["SCI"].data = hdus["SCI"].data[0, 0]
    hdus.writeto(path)


def axes_that_disagree(path, hdus):
    hdus["GROUPDQ"].data = hdus["GROUPDQ"].data[:, :-1]
    hdus.writeto(path)


def without_timing(path, hdus):
    del hdus[0].header["TGROUP"]
    hdus.writeto(path)


def a_table(path, hdus):
    place = hdus.index_of("SCI")
    hdus[place] = fits.BinTableHDU.from_columns(
        [fits.Column("a", "J", array=[1])], name="SCI"
    )
    hdus.writeto(path)


def a_picture(path, hdus):
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))


def a_guide_star(path, hdus):
    hdus[0].header["EXP_TYPE"] = "FGS_TRACK"
    hdus.writeto(path)


def a_broken_keyword(path, hdus):
    hdus[0].header["INTEND"] = 123456
    hdus.writeto(path)
    path.write_bytes(path.read_bytes().replace(b"123456", b"12'4=6", 1))


BAD = {
    a_table: "its SCI extension is no image",
    a_picture: "is not a FITS file",
    a_guide_star: "is a guide-star exposure",
    a_broken_keyword: "the keyword INTEND in its header cannot be read",
    not_fits: "is not a FITS file",
    empty: "is empty",
    truncated: "truncated",
    truncated_gzip: "truncated or damaged",
    without_sci: "it has no SCI extension",
    an_image: "is not a ramp exposure",
    axes_that_disagree: "GROUPDQ",
    without_timing: "no TGROUP",
}


def test_a_bad_file_gives_one_sentence_and_leaves_the_open_one(
    application, hand, small, tmp_path
):
    hand.open(small, pixel=Pixel(30, 31))
    session = application.session
    for k, (damage, reason) in enumerate(BAD.items()):
        shown, name = hand.shown.copy(), f"{damage.__name__}_ramp.fits"
        with fits.open(small.ramp, memmap=False) as hdus:
            damage(tmp_path / name, hdus)
        application.window.file_dropped.emit(tmp_path / name)
        hand.until(lambda name=name: name in hand.error())
        assert reason in hand.error()
        assert "\n" not in hand.error()
        assert not hand.dialogs()
        assert session.exposure.path == small.ramp
        assert same(hand.shown, shown)
        assert application.ramp.shown().pixel == Pixel(30, 31)
        session.set_threshold(7.0 + k)  # still usable
        hand.settle()
        assert session.run.recipe.jump.rejection_threshold == 7.0 + k


@pytest.mark.parametrize("name", ["not_there_ramp.fits", ""])
def test_a_missing_file_or_a_folder_gives_one_sentence(application, hand, tmp_path, name):
    application.open(tmp_path / name)
    assert tmp_path.name in hand.wait_error()
    assert application.session.exposure is None


def test_a_sentence_goes_away_when_a_file_opens(application, hand, small, tmp_path):
    application.open(tmp_path / "not_there_ramp.fits")
    hand.wait_error()
    hand.open(small)
    assert hand.message() == ""


def test_a_pixel_of_the_command_line_is_selected(application, hand, small):
    hand.open(small, pixel=Pixel(row=40, col=12))
    assert application.ramp.shown().pixel == (40, 12)


def test_a_pixel_is_selected_in_a_file_given_by_a_relative_path(
    application, hand, small, monkeypatch
):
    monkeypatch.chdir(small.ramp.parent)
    hand.open(small._replace(ramp=Path(small.ramp.name)), pixel=Pixel(row=40, col=12))
    assert application.ramp.shown().pixel == (40, 12)


def test_parameters_that_stay_for_another_file_are_named(application, hand, files, small):
    hand.open(files)
    assert hand.message() == ""
    hand.type_threshold("5.5")
    hand.settle()
    hand.open(small)
    assert hand.message() == (
        "The parameters stay as you set them: rejection_threshold 5.5."
    )


def test_before_a_file_is_open_no_run_can_be_chosen(application, hand, small):
    buttons = application.processing.run_bar.findChildren(QPushButton)
    actions = [application.window.action(name) for name in ("as_delivered", "live")]
    assert len(buttons) == 2
    assert not any(part.isEnabled() for part in (*buttons, *actions))
    hand.open(small)
    assert all(part.isEnabled() for part in (*buttons, *actions))


def test_before_a_file_is_open_no_threshold_can_be_set(application, hand, small):
    assert not hand.slider.isEnabled()
    assert not hand.box.isEnabled()
    assert application.processing.threshold._reason.text() == "Open an exposure first"
    hand.open(small)
    assert hand.slider.isEnabled()
    assert hand.box.isEnabled()
    assert not application.processing.threshold._reason.isVisible()


def test_a_pixel_outside_of_the_frame_is_said(application, hand, small):
    hand.open(small, pixel=Pixel(row=64, col=3))
    assert "x 3 y 64" in hand.error()
    assert "64 x 64" in hand.error()
    assert application.ramp.shown() is None
    assert application.session.run is not None


def test_the_sentence_on_a_pixel_outside_goes_when_one_inside_is_chosen(
    application, hand, small
):
    hand.open(small, pixel=Pixel(row=64, col=3))
    hand.wait_error()
    hand.click(20, 21)
    assert hand.message() == ""
    assert application.exposure_line.isVisible()


def test_the_pixel_of_a_file_that_failed_is_not_selected_in_another(
    application, hand, small, tmp_path
):
    application.open(tmp_path / "not_there_ramp.fits", pixel=Pixel(40, 12))
    hand.wait_error()
    application.window.file_dropped.emit(small.ramp)
    hand.give_references(1.8, 12.5)
    hand.wait_opened()
    assert application.session._focus.selected is None


def test_the_pixel_is_kept_while_references_are_asked_for(application, hand, lonely):
    application.open(lonely.ramp, pixel=Pixel(40, 12))
    hand.give_references(1.8, 12.5)
    hand.wait_opened()
    assert application.session._focus.selected == (40, 12)


def test_nothing_of_the_first_exposure_reaches_the_screen_of_the_second(
    application, hand, files, tmp_path
):
    first = write_simulated(tmp_path / "first", size=192, seed=8)
    hand.open(files)
    session = application.session
    session.set_threshold(9.0)
    hand.open(first, wait=False)
    seen = []
    session.exposure_changed.connect(lambda _exposure: seen.clear())
    session.first.rows_changed.connect(
        lambda a, b: seen.append((a, b, hand.shown[a:b].copy()))
    )
    hand.wait_opened(session.prepared)
    exposure = rampviewer.open(first.ramp, first.gain, first.readnoise)
    assert session.exposure.path == first.ramp
    sigma = session.recipe.jump.rejection_threshold
    jump = rampviewer.JumpParameters(rejection_threshold=sigma)
    rate = rampviewer.process(exposure, jump).fit.rate.slope
    assert seen
    for start, stop, values in seen:
        assert same(values, rate[start:stop])
    assert same(hand.shown, rate)


def prepared_of(files):
    exposure = rampviewer.open(files.ramp, gain=files.gain, readnoise=files.readnoise)
    return Prepared.of(exposure)


def test_an_exposure_comes_a_turn_after_its_image_has_its_place(application, hand, files):
    shown = []
    application.session.exposure_changed.connect(shown.append)
    prepared = prepared_of(files)
    application.opening.opened.emit(prepared)
    assert application.image.view.isVisible()
    assert shown == []
    hand.until(lambda: shown != [])
    assert shown == [prepared.exposure]


def test_of_two_exposures_that_come_at_once_the_first_is_never_shown(
    application, hand, files, small
):
    shown = []
    application.session.exposure_changed.connect(shown.append)
    both = [prepared_of(given) for given in (files, small)]
    for prepared in both:
        application.opening.opened.emit(prepared)
    hand.until(lambda: shown != [])
    assert shown == [both[1].exposure]


def test_an_exposure_that_comes_before_the_window_closes_is_not_shown(
    application, hand, files, qapp
):
    application.opening.opened.emit(prepared_of(files))
    application.window.close()
    qapp.processEvents()
    assert application.session.exposure is None


def test_nothing_is_painted_before_all_of_another_exposure_is_set(
    application, hand, files, small
):
    hand.open(files)
    first = application.session.prepared
    hand.open(small)
    paints = Paints(hand.viewport)
    application.show_prepared(first)
    QCoreApplication.sendPostedEvents()
    assert paints.n == 0
    hand.until(lambda: paints.n > 0)


def test_of_two_files_opened_at_once_the_second_is_shown(application, hand, files, small):
    application.open(files.ramp, files.gain, files.readnoise)
    application.open(small.ramp, small.gain, small.readnoise)
    hand.wait_opened()
    assert application.session.exposure.path == small.ramp
    assert not application.reading.is_busy


def test_the_selection_does_not_outlive_its_exposure(application, hand, files, small):
    hand.open(files)
    hand.click(150, 160)
    hand.open(small)
    assert application.ramp.shown() is None
    hand.click(20, 21)
    assert application.ramp.shown().pixel == (20, 21)


def test_a_message_can_be_closed(application, hand, tmp_path):
    application.open(tmp_path / "not_there_ramp.fits")
    hand.wait_error()
    close = application.messages.findChild(type(application.processing.threshold._reset))
    hand.qtbot.mouseClick(close, LEFT)
    assert hand.message() == ""


# Files that carry jump flags


@pytest.fixture
def flagged(tmp_path, small):
    exposure = rampviewer.open(small.ramp, small.gain, small.readnoise)
    return write_exposure(tmp_path / "flagged", with_jump_flags(exposure), "f_jump.fits")


@pytest.fixture
def runs(flagged):
    """Return the rates that the two runs must have: as delivered, and fresh."""
    exposure = rampviewer.open(flagged.ramp, flagged.gain, flagged.readnoise)
    cleared = replace(exposure, groupdq=exposure.groupdq & np.uint8(255 - 4))
    delivered = rampviewer.fit_ramps(
        exposure.sci,
        exposure.groupdq,
        exposure.pixeldq,
        exposure.gain,
        exposure.readnoise,
        exposure.timing,
        rampviewer.RampFitParameters(),
        instrument=exposure.instrument,
    )
    return delivered.rate.slope, rampviewer.process(cleared).fit.rate.slope


def test_both_runs_of_a_flagged_file_are_made(application, hand, flagged, runs):
    hand.open(flagged)
    assert "run 0" in hand.message()
    hand.until(lambda: set(application.session.runs) == {0, 1})
    assert same(application.session.runs[0].rate.slope, runs[0])
    assert same(application.session.runs[1].rate.slope, runs[1])
    assert same(hand.shown, runs[1])


def test_the_runs_are_switched_by_keys_and_say_their_recipe(
    application, hand, flagged, runs
):
    hand.open(flagged, pixel=Pixel(30, 31))
    window = application.window
    hand.qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    assert same(hand.shown, runs[0])
    assert "as delivered" in application.image._title.text()
    text = application.pixel_panel.text()
    assert "As delivered: the flags are those of the file, rampviewer searched" in text
    assert application.session.shown_recipe.delivered_jumps == "as_delivered"
    hand.qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    assert same(hand.shown, runs[1])
    assert "as delivered" not in application.image._title.text()
    assert "Branch: iterative" in application.pixel_panel.text()
    assert application.session.shown_recipe.delivered_jumps == "drop"


def test_a_file_without_jumps_opens_with_the_live_run(application, hand, small):
    hand.open(small)
    assert application.session.shown_recipe.delivered_jumps == "keep"
    assert hand.message() == ""


@pytest.mark.parametrize("plane", [Plane.RATE, Plane.JUMPS])
def test_limits_are_those_of_the_finished_image(application, hand, files, plane):
    application.session.first.set_plane(plane)
    hand.open(files)
    opened = application.image._limits.limits
    hand.qtbot.mouseClick(application.image._bar._reset, LEFT)
    assert application.image._limits.limits == opened
