"""The window of references: what is in use, from where, and how it is replaced."""

import numpy as np
import pytest
from astropy.io import fits
from PyQt6.QtWidgets import QLabel

import rampviewer
from rampviewer.gui.files.open_flow import FETCH_KEY
from rampviewer.gui.files.reference_memory import KEY, ReferenceMemory
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.io import crds_package
from rampviewer.model.settings.reference_choices import ReferenceChoices
from tests.app.hand import same


def texts(dialog):
    found = [*dialog.findChildren(QLabel), *dialog.findChildren(ElidedLabel)]
    labels = [label for label in found if label.isVisible()]
    return "\n".join(label.text() for label in labels)


def ask(hand):
    hand.trigger("references")
    return hand.dialog(ReferencesDialog)


@pytest.fixture
def cached(small, tmp_path, monkeypatch):
    """Return an exposure whose gain lies in a CRDS cache."""
    folder = tmp_path / "cache" / "references" / "jwst" / "nircam"
    folder.mkdir(parents=True)
    small.gain.rename(folder / "jwst_nircam_gain_0092.fits")
    with fits.open(small.ramp, mode="update") as hdus:
        hdus[0].header["R_GAIN"] = "crds://jwst_nircam_gain_0092.fits"
        hdus[0].header["CRDS_CTX"] = "jwst_1303.pmap"
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "cache"))
    return small._replace(gain=None)


def test_files_in_use_and_where_they_are_from_are_shown(application, hand, cached):
    hand.open(cached)
    dialog = ask(hand)
    shown = texts(dialog)
    assert (
        "jwst_nircam_gain_0092.fits, from the CRDS cache, context jwst_1303.pmap" in shown
    )
    assert "small_readnoise.fits, a file that was given" in shown
    assert str(cached.readnoise.parent) in shown
    assert "CRDS_CONTEXT is not set" in shown
    assert dialog.gain_edit.text() == ""
    assert dialog.readnoise_edit.text() == str(cached.readnoise)
    assert not dialog.saturation.isVisible()
    dialog.reject()


def test_a_number_is_shown_as_one(application, hand, small):
    hand.open(small._replace(gain=2.5))
    dialog = ask(hand)
    assert "2.5 for all pixels, a number that was given" in texts(dialog)
    dialog.reject()


def test_a_reference_that_is_replaced_is_used_at_once(application, hand, cached):
    hand.open(cached)
    before = application.session.prepared
    ask(hand)
    hand.give_references(2.5, cached.readnoise)
    hand.wait_opened(before)
    exposure = rampviewer.open(cached.ramp, 2.5, cached.readnoise)
    assert same(hand.shown, rampviewer.process(exposure).fit.rate.slope)
    assert "gain: 2.5 electron/DN (stated)" in application.exposure_line.text()


def test_the_cache_is_used_again_when_the_line_is_emptied(application, hand, cached):
    hand.open(cached._replace(gain=2.5))
    before = application.session.prepared
    dialog = ask(hand)
    dialog.gain_edit.clear()
    hand.press(dialog, "OK")
    hand.wait_opened(before)
    assert "jwst_nircam_gain_0092.fits (CRDS cache" in application.exposure_line.text()


def test_nothing_is_fetched_until_the_switch_is_on(
    application, hand, cached, settings, monkeypatch
):
    gain = cached.ramp.parent / "fetched_gain.fits"
    asked = []

    def fetch_file(name, _observatory, context):
        asked.append(name)
        there = application.session.exposure
        image = fits.ImageHDU(np.full(there.sci.shape[2:], 3, np.float32), name="SCI")
        fits.HDUList([fits.PrimaryHDU(), image]).writeto(gain)
        return gain

    monkeypatch.setattr(crds_package, "is_installed", lambda: True)
    monkeypatch.setattr(crds_package, "fetch_file", fetch_file)
    with fits.open(cached.ramp, mode="update") as hdus:
        hdus[0].header["R_GAIN"] = "crds://jwst_nircam_gain_0093.fits"
    hand.open(cached._replace(gain=2.5))
    dialog = ask(hand)
    assert dialog.fetch.isEnabled()
    assert not dialog.fetch.isChecked()
    dialog.gain_edit.clear()
    hand.press(dialog, "OK")
    hand.until(lambda: not application.reading.is_busy and hand.dialogs() != [dialog])
    assert asked == []
    before = application.session.prepared
    dialog = hand.dialog(ReferencesDialog)
    dialog.fetch.click()
    hand.press(dialog, "OK")
    hand.wait_opened(before)
    assert asked == ["jwst_nircam_gain_0093.fits"]
    assert (application.session.exposure.gain == 3).all()
    assert settings.value(FETCH_KEY, type=bool)


def test_what_keeps_files_from_being_fetched_is_said(application, hand, small, monkeypatch):
    monkeypatch.setattr(crds_package, "is_installed", lambda: False)
    hand.open(small)
    dialog = ask(hand)
    assert not dialog.fetch.isEnabled()
    assert "the package crds is missing" in texts(dialog)
    dialog.reject()


def test_an_uncalibrated_exposure_is_loud_about_it(application, hand, raw):
    hand.open(raw)
    assert hand.message().startswith("Quick look only: this exposure is uncalibrated.")
    assert "nothing is flagged as saturated" in hand.message()
    assert application.exposure_line.text().startswith("QUICK LOOK, UNCALIBRATED")
    assert "saturation: none" in application.exposure_line.text()


def test_a_saturation_level_is_given_in_the_window(application, hand, raw):
    hand.open(raw)
    before = application.session.prepared
    dialog = ask(hand)
    assert dialog.saturation.isVisible()
    assert "In use: nothing" in texts(dialog)
    level = float(np.median(application.session.exposure.sci[:, -1]))
    dialog.saturation.edit.setText(str(level))
    hand.press(dialog, "OK")
    hand.wait_opened(before)
    exposure = application.session.exposure
    assert (exposure.groupdq[exposure.sci >= level] & 2).all()
    assert f"saturation: {level} DN (stated)" in application.exposure_line.text()
    assert "flagged as saturated by one level" in hand.message()
    assert "use_readpatt off" not in hand.message()


def test_saturation_is_skipped_on_demand(application, hand, raw):
    hand.open(raw)
    level = float(np.median(application.session.exposure.sci[:, -1]))
    for is_skipped in (True, False):
        before = application.session.prepared
        dialog = ask(hand)
        assert dialog.skip.isChecked() is not is_skipped
        dialog.skip.click()
        dialog.saturation.edit.setText(str(level))
        assert dialog.saturation.isEnabled() is not is_skipped
        assert dialog.growth.isEnabled() is not is_skipped
        hand.press(dialog, "OK")
        hand.wait_opened(before)
        said = "saturation was not searched for, as wanted (skip_saturation)"
        assert (said in hand.message()) is is_skipped
        assert (application.session.exposure.groupdq & 2).any() == (not is_skipped)


def test_the_frames_of_a_group_are_left_out_of_account_on_demand(application, hand, raw):
    hand.open(raw)
    before = application.session.prepared
    dialog = ask(hand)
    assert dialog.readpatt.isVisible()
    assert dialog.readpatt.isChecked()
    dialog.saturation.edit.setText("50000")
    dialog.readpatt.click()
    hand.press(dialog, "OK")
    hand.wait_opened(before)
    assert "use_readpatt off" in hand.message()
    assert not ask(hand).readpatt.isChecked()


def test_what_was_given_for_an_exposure_is_filled_in_when_it_is_opened_again(
    application, hand, small, files
):
    hand.open(small._replace(readnoise=7.5))
    hand.open(files)  # given other ones, which are not those of the first
    opened = application.session.prepared
    application.window.recent.file_chosen.emit(small.ramp)
    dialog = hand.dialog(ReferencesDialog)
    assert "What you gave for it last is filled in." in texts(dialog)
    assert dialog.gain_edit.text() == str(small.gain)
    assert dialog.readnoise_edit.text() == "7.5"
    dialog.accept()
    hand.wait_opened(opened)
    assert application.session.exposure.path == small.ramp
    assert application.session.exposure.readnoise_reference.name == "7.5"


def test_a_file_that_is_gone_is_not_filled_in(application, hand, small, settings):
    hand.open(small)
    small.gain.unlink()
    small.readnoise.unlink()
    application.opening.open(small.ramp)
    dialog = hand.dialog(ReferencesDialog)
    assert "filled in" not in texts(dialog)
    assert dialog.gain_edit.text() == ""
    dialog.reject()


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"x": 3}', '{"x": {"gain": [1]}}'])
def test_a_memory_that_another_version_wrote_is_no_obstacle(settings, tmp_path, text):
    settings.setValue(KEY, text.replace("x", str(tmp_path / "x.fits")))
    nothing = ReferenceChoices()
    memory = ReferenceMemory(settings)
    assert memory.filled(tmp_path / "x.fits", nothing) == nothing
    memory.keep(tmp_path / "x.fits", ReferenceChoices(gain=2.0))
    assert memory.filled(tmp_path / "x.fits", nothing).gain == 2.0
