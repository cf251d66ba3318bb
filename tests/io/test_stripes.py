"""References for exposures read out in stripes are cut as by the official steps."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.stripes import FULL
from rampviewer.io.subarray import Target, cut_to_subarray

datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")

REFERENCE = Path("gain.fits")
WHOLE = np.arange(FULL * FULL, dtype=np.float32).reshape(FULL, FULL)
PLACE = {"SUBSTRT1": 1, "SUBSTRT2": 1, "SUBSIZE1": FULL, "SUBSIZE2": FULL}
META = {
    "MSTR_RD1": "multistripe_reads1",
    "MSTR_SK1": "multistripe_skips1",
    "MSTR_RD2": "multistripe_reads2",
    "MSTR_SK2": "multistripe_skips2",
    "MSTR_RPT": "repeat_stripe",
    "MSTR_ILV": "interleave_reads1",
    "SSTR_NST": "num_superstripe",
    "SSTR_STP": "superstripe_step",
    "FASTAXIS": "fastaxis",
    "SLOWAXIS": "slowaxis",
    "SUBSTRT1": "xstart",
    "SUBSTRT2": "ystart",
    "SUBSIZE1": "xsize",
    "SUBSIZE2": "ysize",
    "SUBARRAY": "name",
}
# SUB164STRIPE4_DHS of NIRCam: a row of reference pixels before each of four stripes.
DHS = {
    "INSTRUME": "NIRCAM",
    "SUBARRAY": "SUB164STRIPE4_DHS",
    "MSTR_RD1": 1,
    "MSTR_SK1": 1526,
    "MSTR_RD2": 40,
    "MSTR_SK2": 85,
    "MSTR_RPT": 1,
    "MSTR_ILV": 1,
    "SSTR_NST": 0,
    "SSTR_STP": 0,
    "FASTAXIS": -1,
    "SLOWAXIS": 2,
    **PLACE,
    "SUBSIZE2": 164,
}


def frame_of(header):
    return header["SUBSIZE2"], header["SUBSIZE1"]


def cut(header, data=WHOLE, place=PLACE):
    target = Target(Path("x_ramp.fits"), header, frame_of(header))
    part, notes = cut_to_subarray(data, place, REFERENCE, target)
    assert notes == ()
    return part


@lru_cache(maxsize=1)
def official_reference():
    return with_keywords(datamodels.GainModel(WHOLE), PLACE)


def with_keywords(model, keywords):
    model.meta.instrument.name = "NIRCAM"
    for keyword, value in keywords.items():
        if keyword in META:
            setattr(model.meta.subarray, META[keyword], value)
    return model


def official(header):
    from jwst.lib.reffile_utils import (  # noqa: PLC0415 - slow to import
        get_subarray_model,
        ref_matches_sci,
    )

    science = with_keywords(datamodels.RampModel((1, 1, *frame_of(header))), header)
    reference = official_reference()
    assert not ref_matches_sci(science, reference)
    return get_subarray_model(science, reference).data


def random_stripes(rng):
    """Return a striped readout that fits on the detector, in any orientation."""
    n_stripes, slow = int(rng.integers(1, 5)), int(rng.integers(1, 3))
    reads1, reads2 = int(rng.integers(0, 4)), int(rng.integers(1, 60))
    skips1, skips2 = int(rng.integers(0, 300)), int(rng.integers(0, 90))
    repeats = int(rng.integers(0, 2))
    n_lines = n_stripes * (reads2 + reads1 * repeats) + reads1 * (1 - repeats)
    is_reversed = bool(rng.integers(0, 2))
    start, first_fast = int(rng.integers(1, 900)), int(rng.integers(1, 1000))
    return {
        "SUBARRAY": "SUB164STRIPE4_DHS" if rng.random() < 0.2 else "SUB64P",
        "MSTR_RD1": reads1,
        "MSTR_SK1": skips1,
        "MSTR_RD2": reads2,
        "MSTR_SK2": skips2,
        "MSTR_RPT": repeats,
        "MSTR_ILV": int(rng.integers(0, 2)),
        "SSTR_NST": 0,
        "SSTR_STP": 0,
        "FASTAXIS": int(rng.choice([-1, 1])) * (3 - slow),
        "SLOWAXIS": (-1 if is_reversed else 1) * slow,
        f"SUBSTRT{slow}": FULL + 1 - start if is_reversed and start > 9 else start,
        f"SUBSTRT{3 - slow}": first_fast,
        f"SUBSIZE{slow}": n_lines,
        f"SUBSIZE{3 - slow}": int(rng.integers(5, 1000)),
    }


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_references_are_cut_to_any_stripes_as_by_the_official_steps():
    rng = np.random.default_rng(20261126)
    n_cut = 0
    for _ in range(60):
        header = random_stripes(rng)
        try:
            expected = official(header)
        except ValueError:  # such stripes leave the detector
            with pytest.raises(
                ValueError, match=r"gain\.fits cannot be cut to the stripes"
            ):
                cut(header)
            continue
        np.testing.assert_array_equal(cut(header), expected)
        n_cut += 1
    assert n_cut > 40


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_stripes_of_the_dispersed_hartmann_sensor_are_cut_as_by_the_official_steps():
    part = cut(DHS)
    np.testing.assert_array_equal(part, official(DHS))
    np.testing.assert_array_equal(part[:42], WHOLE[[0, *range(1527, 1567), 0]])


def test_a_reference_that_is_cut_to_the_same_stripes_is_used_as_it_is():
    own = {key: DHS[key] for key in PLACE}
    data = np.ones(frame_of(DHS), np.float32)
    np.testing.assert_array_equal(cut(DHS, data, own), data)


def test_a_reference_without_keywords_is_a_full_frame_when_it_has_that_size():
    np.testing.assert_array_equal(cut(DHS, place={"INSTRUME": "NIRCAM"}), cut(DHS))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"MSTR_SK2": None}, r"x_ramp\.fits: it lacks MSTR_SK2$"),
        ({"SLOWAXIS": None}, r"it lacks SLOWAXIS$"),
        ({"MSTR_RD2": 0}, r"its stripes have no lines"),
        ({"MSTR_RD2": 38}, r"make 195 lines, it has 164$"),
        ({"MSTR_SK1": 2000}, r"leave the 2048 lines there are$"),
    ],
)
def test_stripes_that_are_not_explained_are_refused_with_the_reason(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        cut({**DHS, **changes})


def test_a_reference_without_all_lines_does_not_cover_stripes():
    place = {**PLACE, "SUBSTRT2": 3, "SUBSIZE2": FULL - 2}
    with pytest.raises(
        ValueError, match=r"gain\.fits \(columns 1 to 2048, rows 3 to 2048\)"
    ):
        cut(DHS, WHOLE[2:], place)


def test_an_exposure_in_stripes_opens_with_full_frame_references(write_ramp, tmp_path):
    keywords = {**DHS, "SUBSTRT1": 11, "SUBSIZE1": 7, "MSTR_RD2": 2, "SUBSIZE2": 6}
    keywords["MSTR_SK1"], keywords["MSTR_SK2"] = 100, 50  # two stripes of two rows
    path = write_ramp(keywords=keywords)
    primary = fits.PrimaryHDU()
    primary.header.update({**PLACE, "REFTYPE": "GAIN"})
    gain = tmp_path / "full_gain.fits"
    fits.HDUList([primary, fits.ImageHDU(WHOLE + 1, name="SCI")]).writeto(gain)
    exposure = read_exposure(path, gain=gain, readnoise=9.0)
    rows = [0, 101, 102, 0, 153, 154]
    np.testing.assert_array_equal(exposure.gain, WHOLE[rows, 10:17] + 1)
    assert exposure.notes == ()
