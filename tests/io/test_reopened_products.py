"""A jump product of ours opens again with all that its exposure knew."""

from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.model.errors import MissingReferenceError
from tests.exposure_files import write_simulated
from tests.foreign_files import ima_ramp, l1_data, write_ima, write_l1

SEQUENCES = {
    "RAPID": (0.0, 0.5, 1.0, 1.5, 2.0, 2.5),
    "SPARS10": (0.0, 2.9, 12.9, 22.9, 32.9, 42.9),
    "STEP25": (0.0, 2.9, 5.8, 12.0, 50.0, 80.0),
}


def write_hst(folder, sequence="RAPID"):
    times = SEQUENCES[sequence]
    ramp, keywords = ima_ramp(n_reads=len(times)), {"SAMP_SEQ": sequence, "ATODGNA": 2.41}
    return write_ima(folder / "x_ima.fits", ramp, times, keywords=keywords)


def opened(name, folder):
    """Return an exposure by the name of what it is."""
    if name in SEQUENCES:
        return rampviewer.open(write_hst(folder, name))
    if name == "Roman":
        return rampviewer.open(write_l1(folder / "r_wfi07_uncal.asdf", l1_data()), 2.0, 9.1)
    files = write_simulated(folder, "x_ramp.fits", size=64, n_groups=6)
    if name == "files":
        return rampviewer.open(files.ramp, files.gain, files.readnoise)
    return rampviewer.open(files.ramp, 1.82, 7.7)


@pytest.mark.parametrize("name", [*SEQUENCES, "Roman", "files", "numbers"])
def test_a_round_trip_loses_nothing_and_gives_the_same_again(tmp_path, name):
    exposure = opened(name, tmp_path)
    result = rampviewer.process(exposure)
    jump, *_ = result.save(tmp_path / "out")
    again = rampviewer.open(jump)
    assert again.timing == exposure.timing
    for array in ("sci", "gain", "readnoise"):
        np.testing.assert_array_equal(getattr(again, array), getattr(exposure, array))
    for kind in ("gain_reference", "readnoise_reference"):
        assert str(getattr(again, kind)) == str(getattr(exposure, kind)) or (
            getattr(again, kind).source == "header"
        )
    second = rampviewer.process(again, delivered_jumps="drop")
    np.testing.assert_array_equal(second.jumps.groupdq, result.jumps.groupdq)
    for plane in ("slope", "err", "dq", "var_poisson", "var_rnoise"):
        ours, theirs = getattr(second.fit.rate, plane), getattr(result.fit.rate, plane)
        np.testing.assert_array_equal(ours, theirs, plane)
    third = rampviewer.open(second.save(tmp_path / "third")[0])
    assert third.timing == exposure.timing
    np.testing.assert_array_equal(third.gain, exposure.gain)


def test_without_its_tree_the_header_still_tells_numbers(tmp_path):
    exposure = opened("RAPID", tmp_path)
    jump, *_ = rampviewer.process(exposure).save(tmp_path / "out")
    with fits.open(jump) as hdus:
        del hdus["ASDF"]
        hdus.writeto(tmp_path / "bare_jump.fits")
    again = rampviewer.open(tmp_path / "bare_jump.fits")
    np.testing.assert_array_equal(again.gain, exposure.gain)
    np.testing.assert_array_equal(again.readnoise, exposure.readnoise)
    assert "Gain: that of the product (RV_GAIN)." in again.notes


def test_what_is_given_counts_more_and_leaves_no_old_number_behind(tmp_path):
    jump, *_ = rampviewer.process(opened("numbers", tmp_path)).save(tmp_path / "out")
    files = write_simulated(tmp_path / "given", size=64, n_groups=6)
    given = rampviewer.open(jump, files.gain, 8.5)
    assert given.gain_reference.name == str(files.gain)
    rate = rampviewer.process(given).save(tmp_path / "more")[1]
    header = fits.getheader(rate)
    assert "RV_GAIN" not in header
    assert header["R_GAIN"] == str(files.gain)
    assert header["RV_READN"] == 8.5


def test_a_reference_file_that_is_gone_is_asked_for(tmp_path):
    exposure = opened("files", tmp_path)
    jump, *_ = rampviewer.process(exposure).save(tmp_path / "out")
    (tmp_path / "x_gain.fits").unlink()
    with pytest.raises(MissingReferenceError) as error:
        rampviewer.open(jump)
    assert error.value.kinds == ("gain",)


def test_a_product_of_a_quick_look_stays_one_in_words(tmp_path):
    jump, *_ = rampviewer.process(opened("Roman", tmp_path)).save(tmp_path / "out")
    again = rampviewer.open(jump)
    (said,) = [note for note in again.notes if note.startswith("Made from an uncalib")]
    assert "Quick look only" in said
    third, *_ = rampviewer.process(again).save(tmp_path / "third")
    assert "Made from an uncalibrated exposure." in rampviewer.open(third).notes


def test_where_no_jump_was_searched_for_numbers_are_known_all_the_same(tmp_path):
    exposure = rampviewer.open(write_hst(tmp_path), 2.25, 7.5)
    short = replace(exposure, sci=exposure.sci[:, :2], groupdq=exposure.groupdq[:, :2])
    short = replace(short, path=None, timing=replace(short.timing, stamps=None))
    jump = rampviewer.process(short).save(tmp_path / "out")[0]
    assert fits.getheader(jump)["S_JUMP"] == "SKIPPED"
    again = rampviewer.open(jump)
    assert float(again.gain[0, 0]) == 2.25
