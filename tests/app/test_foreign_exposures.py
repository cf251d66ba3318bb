"""Exposures of HST WFC3/IR and Roman WFI in the window."""

import numpy as np
import pytest
from astropy.io import fits
from PyQt6.QtWidgets import QFileDialog, QLabel

from rampviewer.gui.files.open_flow import FILTER
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.model.exposure import Pixel
from tests.foreign_files import (
    GAIN,
    ima_ramp,
    l1_data,
    l1_meta,
    write_ima,
    write_l1,
)

TIMES = (0.0, 0.5, 1.0, 1.5, 2.0)
JUMPED = (20, 30)  # row, column


@pytest.fixture
def ima(tmp_path):
    """Return an IMA file with a cosmic ray in read 3 of a pixel."""
    ramp = ima_ramp(n_rows=74, n_cols=74)
    ramp[3:, 20, 30] += 4000
    return write_ima(tmp_path / "x_ima.fits", ramp, TIMES), ramp


@pytest.fixture
def roman(tmp_path):
    """Return an L1 file with a cosmic ray in resultant 3 of a pixel."""
    data = l1_data(n_rows=64, n_cols=64)
    data[3:, 20, 30] += 4000
    return write_l1(tmp_path / "r01_wfi07_uncal.asdf", data), data


def test_an_ima_file_opens_with_the_gain_that_it_states(application, hand, ima, tmp_path):
    path, ramp = ima
    hand.drop(application.window, path)
    hand.wait_opened()
    assert application.session.exposure.path == path
    assert "2.5 electron/DN (header)" in application.exposure_line.text()
    assert "WFC3 IR F126N" in application.exposure_line.text()
    assert "exactly 0" in hand.message()
    hand.click(*JUMPED)
    view = application.session.view_of(Pixel(*JUMPED))
    np.testing.assert_allclose(view.integrations[0].signal, ramp[:, 20, 30], rtol=1e-6)
    assert view.integrations[0].groupdq.tolist() == [0, 0, 0, 4, 0]
    hand.export(tmp_path / "out", "rate")
    with fits.open(tmp_path / "out" / "x_rate.fits") as hdus:
        assert hdus[0].header["TELESCOP"] == "HST"
        expected = ramp[4, 25, 25] / 2.0
        assert hdus["SCI"].data[25, 25] == pytest.approx(expected, rel=0.1)
        assert hdus[0].header["RV_GAIN"] == pytest.approx(GAIN)


def test_an_l1_file_is_chosen_and_asks_for_gain_and_read_noise(application, hand, roman):
    path, data = roman
    assert "*.asdf" in FILTER
    hand.trigger("open")
    assert "*.asdf" in " ".join(hand.dialog(QFileDialog).nameFilters())
    hand.choose_file(path)
    dialog = hand.dialog(ReferencesDialog)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    why = "its header has no R_GAIN (meta.ref_file.gain). Choose a file"
    assert f"r01_wfi07_uncal.asdf has no gain and no read noise: {why}" in texts
    hand.give_references(1.8, 9.0)
    hand.wait_opened()
    assert "uncalibrated" in hand.message()
    assert "WFI WFI07 F158" in application.exposure_line.text()
    hand.click(*JUMPED)
    view = application.session.view_of(Pixel(*JUMPED))
    np.testing.assert_array_equal(view.integrations[0].signal, data[:, 20, 30])


def test_a_file_without_a_ramp_is_refused_with_its_kind(application, hand, tmp_path):
    meta = {**l1_meta(), "model_type": "ImageModel"}
    path = write_l1(tmp_path / "r01_cal.asdf", l1_data()[0], meta=meta)
    hand.drop(application.window, path)
    hand.until(lambda: hand.error() != "")
    assert "r01_cal.asdf is not a ramp exposure but a file of Roman (ImageModel)" in (
        hand.error()
    )
