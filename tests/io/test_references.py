import numpy as np
import pytest

from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.errors import MissingReferenceError

GAIN_NAME = "jwst_nircam_gain_0092.fits"
NOISE_NAME = "jwst_nircam_readnoise_0241.fits"
NAMED = {"R_GAIN": f"crds://{GAIN_NAME}", "R_READNO": f"crds://{NOISE_NAME}"}
PLACE = {"SUBSTRT1": 11, "SUBSTRT2": 21, "SUBSIZE1": 7, "SUBSIZE2": 6}


def test_stated_numbers_fill_the_frame_and_say_so(write_ramp):
    exposure = read_exposure(write_ramp(), gain=1.8, readnoise=np.float32(12.5))
    assert exposure.gain.shape == (6, 7)
    assert (exposure.gain == np.float32(1.8)).all()
    assert (exposure.readnoise == 12.5).all()
    assert str(exposure.gain_reference) == "1.8 electron/DN (stated)"
    assert str(exposure.readnoise_reference) == "12.5 DN (stated)"


def test_given_files_win_over_the_cache(write_ramp, write_reference, tmp_path, monkeypatch):
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "cache"))
    write_reference(
        f"cache/references/jwst/nircam/{GAIN_NAME}", np.full((6, 7), 9), **PLACE
    )
    gain = write_reference("gain.fits", np.full((6, 7), 2), GAINFACT=1.5, **PLACE)
    exposure = read_exposure(write_ramp(keywords=NAMED), gain=str(gain), readnoise=1)
    assert (exposure.gain == 2).all()
    assert exposure.gain.dtype.isnative
    reference = exposure.gain_reference
    assert (reference.source, reference.name) == ("file", str(gain))
    assert reference.gain_factor == 1.5


@pytest.mark.parametrize("layout", ["nircam/", ""])
def test_both_layouts_of_the_cache_are_searched(
    write_ramp, write_reference, tmp_path, monkeypatch, layout
):
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "cache"))
    folder = f"cache/references/jwst/{layout}"
    write_reference(folder + GAIN_NAME, np.full((6, 7), 2), **PLACE)
    write_reference(folder + NOISE_NAME, np.full((6, 7), 8), GAINFACT=3.0, **PLACE)
    exposure = read_exposure(write_ramp(keywords=NAMED))
    assert (exposure.gain == 2).all()
    assert (exposure.readnoise == 8).all()
    assert exposure.gain_reference.source == "crds"
    assert str(exposure.readnoise_reference) == f"{NOISE_NAME} (CRDS cache)"
    assert exposure.readnoise_reference.gain_factor is None


@pytest.mark.parametrize(
    ("keywords", "cache", "reason"),
    [
        ({}, "cache", "its header has no R_GAIN"),
        ({"R_GAIN": "N/A"}, "cache", "R_GAIN is N/A"),
        (NAMED, None, f"R_GAIN names {GAIN_NAME}, but CRDS_PATH is not set"),
        (NAMED, "cache", f"R_GAIN names {GAIN_NAME}, which is not in the CRDS cache cache"),
    ],
)
def test_a_missing_reference_says_why_and_what_can_be_done(
    write_ramp, monkeypatch, keywords, cache, reason
):
    if cache is None:
        monkeypatch.delenv("CRDS_PATH", raising=False)
    else:
        monkeypatch.setenv("CRDS_PATH", cache)
    with pytest.raises(MissingReferenceError) as caught:
        read_exposure(write_ramp(keywords=keywords), readnoise=10)
    assert caught.value.kind == "gain"
    cache = (
        "set CRDS_PATH to a cache that holds the file named in the header, or let it be "
        "fetched (--fetch-references)"
        if keywords is NAMED
        else "let the rules of CRDS_CONTEXT choose a file in CRDS_PATH"
    )
    assert str(caught.value) == (
        f"x_ramp.fits has no gain: {reason}; give a file (--override-gain FILE), state a "
        f"number (--gain NUMBER), or {cache}"
    )


def test_when_both_are_missing_both_are_named(write_ramp, monkeypatch):
    monkeypatch.delenv("CRDS_PATH", raising=False)
    with pytest.raises(MissingReferenceError, match=r"no gain.*read noise") as caught:
        read_exposure(write_ramp())
    assert caught.value.kinds == ("gain", "readnoise")


def test_missing_read_noise_is_told_apart(write_ramp, monkeypatch):
    monkeypatch.delenv("CRDS_PATH", raising=False)
    with pytest.raises(
        MissingReferenceError, match=r"no read noise.*--override-readnoise"
    ) as e:
        read_exposure(write_ramp(), gain=2)
    assert e.value.kind == "readnoise"
    assert e.value.kinds == ("readnoise",)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"gain": 0, "readnoise": 1}, "gain must be positive, got 0"),
        ({"gain": float("nan"), "readnoise": 1}, "gain must be positive, got nan"),
        ({"gain": 1, "readnoise": -1}, "readnoise must be 0 or more, got -1"),
        ({"gain": 1, "readnoise": float("inf")}, "readnoise must be 0 or more, got inf"),
    ],
)
def test_impossible_numbers_are_refused(write_ramp, given, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_exposure(write_ramp(), **given)


def test_swapped_references_are_noticed(write_ramp, write_reference):
    noise = write_reference("noise.fits", np.ones((6, 7)), REFTYPE="READNOISE", **PLACE)
    with pytest.raises(ValueError, match=r"noise\.fits is a readnoise reference"):
        read_exposure(write_ramp(), gain=noise, readnoise=1)


def test_a_reference_that_is_no_image_is_refused(write_ramp, write_reference):
    cube = write_reference("cube.fits", np.ones((2, 6, 7)), **PLACE)
    with pytest.raises(ValueError, match=r"cube\.fits is not a gain reference"):
        read_exposure(write_ramp(), gain=cube, readnoise=1)


def test_an_absent_reference_file_is_named(write_ramp, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.fits does not exist"):
        read_exposure(write_ramp(), gain=tmp_path / "nowhere.fits", readnoise=1)


def test_notes_of_a_reference_reach_the_exposure(write_ramp, write_reference):
    bare = write_reference("bare.fits", np.full((6, 7), 2))
    exposure = read_exposure(write_ramp(), gain=bare, readnoise=1)
    assert (exposure.gain == 2).all()
    assert len(exposure.notes) == 1
    assert "bare.fits lacks SUBSTRT" in exposure.notes[0]


def test_an_array_is_taken_as_it_is_and_copied(write_ramp):
    gain = np.arange(42, dtype=">f8").reshape(6, 7)
    exposure = read_exposure(write_ramp(), gain=gain, readnoise=np.array(9.0))
    np.testing.assert_array_equal(exposure.gain, gain)
    assert str(exposure.gain_reference) == "array in memory"
    assert str(exposure.readnoise_reference) == "9.0 DN (stated)"
    gain[:] = 0
    assert exposure.gain[5, 6] == 41


@pytest.mark.parametrize(
    ("gain", "kind", "said"),
    [
        (
            np.ones((7, 6)),
            ValueError,
            r"gain has the shape \(7, 6\), but x_ramp.fits needs",
        ),
        ([1.0], TypeError, "gain must be a file, a number or an array, got a list"),
    ],
)
def test_what_cannot_be_a_reference_is_refused_in_a_sentence(write_ramp, gain, kind, said):
    with pytest.raises(kind, match=said):
        read_exposure(write_ramp(), gain=gain, readnoise=1)
