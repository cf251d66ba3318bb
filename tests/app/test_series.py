"""A time series in segments, in the window."""

import shutil

import pytest

from tests.exposure_files import write_simulated


@pytest.fixture
def segments(tmp_path):
    first = write_simulated(tmp_path, "a-seg001_ramp.fits", n_groups=5, n_ints=2)
    shutil.copy2(first.ramp, tmp_path / "a-seg002_ramp.fits")
    return first


def test_all_segments_are_opened_as_one_from_the_menu(application, hand, segments):
    action = application.window.action("series")
    assert not action.isEnabled()
    hand.open(segments)
    assert action.isEnabled()
    assert "segment 1 of 2" in hand.message()
    before = application.session.prepared
    hand.trigger("series")
    hand.wait_opened(before)
    exposure = application.session.exposure
    assert exposure.n_ints == 4
    assert exposure.name == "a-seg001_ramp.fits and 1 more"
    assert str(exposure.gain_reference).startswith("a-seg001_gain.fits")
    assert not action.isEnabled()


def test_a_file_alone_offers_no_segments(application, hand, files):
    hand.open(files)
    assert not application.window.action("series").isEnabled()
