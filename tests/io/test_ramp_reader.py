import gzip

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.io.asdf_tree import tree_hdu
from rampviewer.io.ramp_reader import read_exposure


def read(path):
    return read_exposure(path, gain=2.0, readnoise=10.0)


def test_every_array_arrives_unchanged(write_ramp, images):
    exposure = read(write_ramp())
    np.testing.assert_array_equal(exposure.sci, images["SCI"])
    np.testing.assert_array_equal(exposure.groupdq, images["GROUPDQ"])
    np.testing.assert_array_equal(exposure.pixeldq, images["PIXELDQ"])
    np.testing.assert_array_equal(exposure.zeroframe, images["ZEROFRAME"])
    np.testing.assert_array_equal(exposure.dark_current, images["AVDRKCUR"])
    assert exposure.notes == ()


def test_arrays_are_native_and_no_view_of_the_file(write_ramp):
    exposure = read(write_ramp())
    arrays = (exposure.sci, exposure.groupdq, exposure.pixeldq, exposure.zeroframe)
    assert [str(a.dtype) for a in arrays] == ["float32", "uint8", "uint32", "float32"]
    for array in arrays:
        assert array.dtype.isnative
        assert type(array) is np.ndarray
        assert array.flags.c_contiguous
        assert array.flags.writeable  # else every kernel is compiled a second time


def test_keywords_give_timing_instrument_and_what_is_shown(write_ramp):
    exposure = read(write_ramp())
    timing = exposure.timing
    assert (timing.frame_time, timing.group_time) == (1.5, 7.5)
    assert (timing.n_frames, timing.groupgap, timing.drop_frames1) == (4, 1, 2)
    assert timing.read_times is None
    assert (exposure.instrument, exposure.detector) == ("NIRCAM", "NRCA1")
    assert exposure.keywords["READPATT"] == "SHALLOW4"
    assert exposure.keywords["SUBSTRT1"] == 11


def test_counts_that_are_absent_have_their_plain_values(write_ramp):
    counts = ("NINTS", "NGROUPS", "NFRAMES", "GROUPGAP", "DRPFRMS1")
    timing = read(write_ramp(without=counts)).timing
    assert (timing.n_frames, timing.groupgap, timing.drop_frames1) == (1, 0, 0)


def test_timing_in_the_header_of_sci_is_found(write_ramp):
    path = write_ramp(without=("TFRAME", "TGROUP"))
    fits.setval(path, "TFRAME", value=3.0, ext=1)
    fits.setval(path, "TGROUP", value=6.0, ext=1)
    assert read(path).timing.group_time == 6.0


def test_read_times_come_from_the_tree(write_ramp):
    times = [[1.0, 2.0], [4.0], [6.0], [9.0], [12.0]]
    tree = {"meta": {"exposure": {"read_times": times}}}
    exposure = read(write_ramp(extra=[tree_hdu(tree, None)]))
    assert exposure.timing.read_times == ((1.0, 2.0), (4.0,), (6.0,), (9.0,), (12.0,))


@pytest.mark.parametrize(
    "content", [b"no tree at all", b"#ASDF 1.0.0\n%YAML 1.1\n--- {a: [\n"]
)
def test_a_broken_tree_does_not_matter(write_ramp, content):
    data = np.frombuffer(content, np.uint8)[None, :]
    column = fits.Column(name="ASDF_METADATA", format=f"{len(content)}B", array=data)
    broken = fits.BinTableHDU.from_columns([column], name="ASDF")
    assert read(write_ramp(extra=[broken])).n_groups == 5


def test_an_old_error_extension_is_ignored(write_ramp, images):
    error = fits.ImageHDU(np.ones((2, 5, 6, 7), np.float32), name="ERR")
    exposure = read(write_ramp(extra=[error]))
    np.testing.assert_array_equal(exposure.sci, images["SCI"])


@pytest.mark.parametrize("dtype", [">f8", "<f4", "u2", ">i4"])
def test_other_number_types_of_sci_become_float32(write_ramp, images, dtype):
    sci = images["SCI"].astype(dtype)
    exposure = read(write_ramp(SCI=sci))
    assert exposure.sci.dtype == np.float32
    np.testing.assert_array_equal(exposure.sci, sci.astype(np.float32))


def test_missing_flags_are_zero_and_noted(write_ramp):
    exposure = read(write_ramp(without=("GROUPDQ", "PIXELDQ", "ZEROFRAME", "AVDRKCUR")))
    assert not exposure.groupdq.any()
    assert not exposure.pixeldq.any()
    assert exposure.zeroframe is None
    assert exposure.dark_current is None
    assert [note.split()[3] for note in exposure.notes] == ["GROUPDQ", "PIXELDQ"]


def test_a_wrong_number_of_groups_in_the_header_is_noted(write_ramp):
    (note,) = read(write_ramp(keywords={"NGROUPS": 9})).notes
    assert "NGROUPS says 9, SCI has 5" in note


def test_a_gzipped_file_is_the_same(write_ramp, images):
    path = write_ramp()
    zipped = path.with_suffix(".fits.gz")
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    exposure = read(zipped)
    np.testing.assert_array_equal(exposure.sci, images["SCI"])
    np.testing.assert_array_equal(exposure.pixeldq, images["PIXELDQ"])


def test_the_path_stays_true_when_the_folder_changes(write_ramp, tmp_path, monkeypatch):
    write_ramp()
    monkeypatch.chdir(tmp_path)
    assert read("x_ramp.fits").path == tmp_path / "x_ramp.fits"


def test_a_rate_image_is_named_as_such(write_ramp):
    path = write_ramp(SCI=np.zeros((6, 7), np.float32), keywords={"DATAMODL": "ImageModel"})
    with pytest.raises(
        ValueError, match=r"x_ramp\.fits is not a ramp.*\(6, 7\).*ImageModel"
    ):
        read(path)


def test_a_file_without_sci_is_not_a_ramp(write_ramp):
    with pytest.raises(
        ValueError, match=r"x_ramp\.fits .* no SCI extension \(it has PIXELDQ"
    ):
        read(write_ramp(without=("SCI",)))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("GROUPDQ", (2, 4, 6, 7)),
        ("PIXELDQ", (7, 6)),
        ("ZEROFRAME", (1, 6, 7)),
        ("AVDRKCUR", (6, 8)),
    ],
)
def test_axes_that_disagree_are_named(write_ramp, name, shape):
    path = write_ramp(**{name: np.zeros(shape, np.uint8)})
    with pytest.raises(ValueError, match=rf"x_ramp\.fits has axes that disagree: {name}"):
        read(path)


@pytest.mark.parametrize("absent", [("TGROUP",), ("TFRAME",), ("TFRAME", "TGROUP")])
def test_absent_timing_is_named(write_ramp, absent):
    expected = rf"x_ramp\.fits lacks timing: .* no {' and no '.join(absent)}$"
    with pytest.raises(ValueError, match=expected):
        read(write_ramp(without=absent))


@pytest.mark.parametrize("keywords", [{"TGROUP": -1.0}, {"TFRAME": "soon"}, {"NFRAMES": 0}])
def test_unusable_timing_names_the_file(write_ramp, keywords):
    with pytest.raises(ValueError, match=r"x_ramp\.fits has unusable timing"):
        read(write_ramp(keywords=keywords))


def test_every_cut_short_of_the_last_byte_is_noticed(write_ramp, tmp_path):
    whole = write_ramp(extra=[tree_hdu({"meta": {}}, None)]).read_bytes()
    with fits.open(tmp_path / "x_ramp.fits") as hdus:
        starts = [hdu.fileinfo()["hdrLoc"] for hdu in hdus]
    path = tmp_path / "cut_ramp.fits"
    lengths = [n for n in range(1, len(whole), 700) if n not in starts]
    for length in [*lengths, len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(OSError, match=r"cut_ramp\.fits is (truncated|not a FITS file)"):
            read(path)


def test_a_cut_gzip_file_is_noticed(write_ramp):
    path = write_ramp()
    content = gzip.compress(path.read_bytes())
    path = path.with_suffix(".fits.gz")
    for length in (20, len(content) // 2, len(content) - 4):
        path.write_bytes(content[:length])
        with pytest.raises(OSError, match=r"x_ramp\.fits\.gz is truncated or damaged"):
            read(path)


def test_what_is_not_a_fits_file_gets_its_own_sentence(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a FITS file\n" * 500)
    with pytest.raises(OSError, match=r"^notes\.txt is not a FITS file$"):
        read(path)
    path.write_bytes(b"")
    with pytest.raises(OSError, match=r"^notes\.txt is empty"):
        read(path)
    with pytest.raises(IsADirectoryError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"absent_ramp\.fits does not exist"):
        read(tmp_path / "absent_ramp.fits")


@pytest.mark.parametrize(
    ("name", "keywords", "is_noted"),
    [
        ("x_uncal.fits", {}, True),
        ("x.fits", {"DATAMODL": "Level1bModel"}, True),
        ("x_ramp.fits", {}, False),
        ("x_uncal.fits", {"S_LINEAR": "COMPLETE"}, False),
        ("x_uncal.fits", {"S_LINEAR": "SKIPPED"}, True),
    ],
)
def test_an_uncalibrated_exposure_is_noted(write_ramp, name, keywords, is_noted):
    notes = read(write_ramp(name, keywords=keywords)).notes
    assert any("uncalibrated" in note for note in notes) is is_noted


def test_that_an_uncalibrated_exposure_has_no_flags_is_part_of_its_only_note(write_ramp):
    (note,) = read(write_ramp("x_uncal.fits", without=["GROUPDQ", "PIXELDQ"])).notes
    assert note.endswith("and nothing is flagged as saturated.")
    (note,) = read(write_ramp("x_uncal.fits")).notes
    assert note.endswith("and saturation was not searched for.")
