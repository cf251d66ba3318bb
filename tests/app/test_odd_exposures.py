"""Exposures at the edge of what there is: nothing crashes, and the window says why."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.model.planes.plane import Plane
from tests.app.hand import same
from tests.exposure_files import simulated_exposure, write_exposure


def all_nan():
    exposure = simulated_exposure(n_groups=5)
    return replace(exposure, sci=np.full_like(exposure.sci, np.nan))


def all_saturated():
    exposure = simulated_exposure(n_groups=5)
    return replace(exposure, groupdq=np.full_like(exposure.groupdq, Dq.SATURATED))


def all_unusable():
    exposure = simulated_exposure(n_groups=5)
    return replace(exposure, groupdq=np.full_like(exposure.groupdq, Dq.DO_NOT_USE))


def unevenly_wide():
    exposure = simulated_exposure(n_groups=5, n_ints=2)
    cut = np.s_[..., 3:40, 8:61]
    names = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
    return replace(exposure, **{name: getattr(exposure, name)[cut] for name in names})


ODD = {
    "all NaN": all_nan,
    "all saturated": all_saturated,
    "all unusable": all_unusable,
    "1 group": lambda: simulated_exposure(n_groups=1),
    "2 groups": lambda: simulated_exposure(n_groups=2),
    "3 groups": lambda: simulated_exposure(n_groups=3),
    "3 integrations": lambda: simulated_exposure(n_groups=4, n_ints=3),
    "9 integrations": lambda: simulated_exposure(n_groups=3, n_ints=9),
    "37 x 53 pixels": unevenly_wide,
}


@pytest.fixture(params=ODD)
def odd(request, tmp_path):
    return write_exposure(tmp_path / "odd", ODD[request.param](), "odd_ramp.fits")


def test_an_odd_exposure_is_shown_moved_and_exported(application, hand, odd, tmp_path):
    hand.open(odd)
    session = application.session
    exposure = rampviewer.open(odd.ramp, odd.gain, odd.readnoise)
    assert same(hand.shown, rampviewer.process(exposure).fit.rate.slope)
    hand.hover(20, 21)
    hand.leave()
    hand.click(30, 31)
    assert application.ramp.shown().pixel == (30, 31)
    for plane in Plane:
        session.first.set_plane(plane)
        hand.settle()
        assert hand.shown.shape == exposure.sci.shape[2:]
        assert hand.color(10, 10)
    session.first.set_plane(Plane.RATE)
    for name in ("next_group", "next_integration", "previous_group", "fit"):
        hand.trigger(name)
    application.processing.threshold._slider.setValue(700)
    hand.settle()
    sigma = application.processing.threshold.value()
    jump = rampviewer.JumpParameters(rejection_threshold=sigma)
    assert same(hand.shown, rampviewer.process(exposure, jump).fit.rate.slope)
    hand.export(tmp_path / "out", "jump", "rate", "rateints", "fitopt")
    assert (tmp_path / "out" / "odd_jump.fits").is_file()
    assert hand.error() == ""


def opened(application, hand, tmp_path, name):
    hand.open(write_exposure(tmp_path / "odd", ODD[name](), "odd_ramp.fits"))
    exposure = application.session.exposure
    good = ((exposure.groupdq & Dq.SATURATED) == 0).all(axis=(0, 1)) & (
        exposure.pixeldq == 0
    )
    hand.click(*(np.argwhere(good)[0].tolist() if good.any() else (30, 31)))
    return application.pixel_panel.text()


@pytest.mark.parametrize("name", ["1 group", "2 groups"])
def test_too_few_groups_are_said(application, hand, tmp_path, name):
    text = opened(application, hand, tmp_path, name)
    assert "Jump detection was skipped: the exposure has too few usable groups" in text
    assert "skipped" in application.processing.run_bar._found.text()
    assert not application.processing.threshold._slider.isEnabled()
    application.processing.threshold._reason.text().index("group")


def test_a_threshold_that_can_never_apply_is_said(application, hand, tmp_path):
    text = opened(application, hand, tmp_path, "3 groups")
    assert "rejection_threshold can never apply to this exposure" in text
    assert "three_group_rejection_threshold = 6 sigma" in text


def test_saturated_ramps_are_said(application, hand, tmp_path):
    text = opened(application, hand, tmp_path, "all saturated")
    assert "saturated" in text.lower()
    assert "NaN" in text
    assert "Rate DQ: " in text


def test_data_without_a_number_are_said(application, hand, tmp_path):
    assert "the datum is NaN" in opened(application, hand, tmp_path, "all NaN")


@pytest.mark.parametrize("name", ["all saturated", "all unusable"])
def test_what_cannot_be_fitted_is_said_when_only_rates_are_exported(
    application, hand, tmp_path, name
):
    opened(application, hand, tmp_path, name)
    nothing = application.session.run.nothing_fitted
    hand.press(hand.ask_export(tmp_path / "out", "rate"), "Export")
    hand.until(lambda: not application.writing.is_busy)
    written = list((tmp_path / "out").glob("*.fits"))
    assert bool(written) is not nothing
    if nothing:
        assert hand.error() == "Nothing was exported: no rate could be fitted."
        said = hand.export(tmp_path / "out", "jump", "rate")
        assert "odd_jump.fits" in said
        assert "No rate could be fitted" in said


def test_a_file_of_a_finished_jump_step_is_noted_at_large_events(application, hand, small):
    row = application.processing.parameters.row("expand_large_events")
    fits.setval(small.ramp, "S_JUMP", value="COMPLETE")
    hand.open(small)
    assert "is expanded again" in row.message()
    fits.setval(small.ramp, "S_JUMP", value="SKIPPED")
    hand.open(small)
    assert row.message() == ""
