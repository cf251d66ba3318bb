"""Files that are damaged, or something else: one sentence that names the file."""

import os
import zipfile

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.io.fits_file import open_fits
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.siblings import find_siblings
from tests.exposure_files import write_simulated
from tests.foreign_files import ima_ramp, l1_data, write_ima, write_l1


def read(path):
    return read_exposure(path, gain=2.0, readnoise=9.0, saturation=50_000)


def table(name):
    return fits.BinTableHDU.from_columns([fits.Column("a", "J", array=[1])], name=name)


def test_a_table_in_place_of_the_ramps_is_no_ramp(write_ramp):
    path = write_ramp(without=["SCI"])
    with fits.open(path, mode="append") as hdus:
        hdus.append(table("SCI"))
    sentence = r"^x_ramp\.fits is not a ramp exposure: its SCI extension is no image$"
    with pytest.raises(ValueError, match=sentence):
        read(path)


def test_a_table_in_place_of_flags_counts_as_none(write_ramp):
    path = write_ramp(without=["GROUPDQ"])
    with fits.open(path, mode="append") as hdus:
        hdus.append(table("GROUPDQ"))
    exposure = read(path)
    assert not exposure.groupdq.any()
    assert any("no GROUPDQ extension" in note for note in exposure.notes)


def test_a_table_beside_the_exposure_is_no_sibling(write_ramp):
    exposure = read(write_ramp())
    hdus = fits.HDUList([fits.PrimaryHDU(), table("SCI")])
    hdus.writeto(exposure.path.with_name("x_mine.fits"))
    assert find_siblings(exposure) == ()


def test_ramps_of_nothing_but_nan_are_said(write_ramp):
    sci = np.full((2, 5, 6, 7), np.nan, np.float32)
    assert read(write_ramp(SCI=sci)).notes[0].startswith("Every value of SCI is NaN")
    sci[1, 4, 5, 6] = 1
    exposure = read(write_ramp(SCI=sci))
    assert np.isfinite(exposure.sci).sum() == 1
    assert not any("is NaN" in note for note in exposure.notes)


@pytest.mark.parametrize("keyword", ["INTEND", "TGROUP", "PI_NAME"])
def test_a_keyword_that_makes_no_sense_is_named(write_ramp, keyword):
    path = write_ramp(keywords={keyword: 123456})
    content = path.read_bytes()
    path.write_bytes(content.replace(b"123456", b"12'4=6", 1))
    sentence = (
        rf"x_ramp\.fits is damaged: the keyword {keyword} in its header cannot be read"
    )
    with pytest.raises(OSError, match=sentence):
        read(path)


def test_a_number_of_positions_that_is_none_is_named(write_ramp):
    path = write_ramp(keywords={"SSTR_NST": "many"})
    with pytest.raises(ValueError, match=r"^x_ramp\.fits has a number of positions"):
        read(path)


def test_what_is_no_file_is_not_read(tmp_path):
    pipe = tmp_path / "pipe_ramp.fits"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/null"):
        with pytest.raises(OSError, match="is no file with data"):
            read(path)


def test_a_damaged_metadata_extension_is_passed_over(tmp_path):
    files = write_simulated(tmp_path, size=64, n_groups=3)
    content = files.ramp.read_bytes()
    with fits.open(files.ramp) as hdus:
        start = hdus["ASDF"].fileinfo()["hdrLoc"]
    header = content[start:].replace(b"TFORM1  = '", b"TFXRM1  = '", 1)
    files.ramp.write_bytes(content[:start] + header)
    assert read(files.ramp).n_groups == 3


def test_another_archive_is_no_fits_file(tmp_path):
    path = tmp_path / "zip_ramp.fits"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x_ramp.fits", "nothing")
    with pytest.raises(OSError, match=r"^zip_ramp\.fits is not a FITS file$"):
        read(path)


def damaged(content, places, rng):
    """Return a file of which some bytes of the headers, or values of keywords, changed."""
    result = bytearray(content)
    values = [b"-5", b"'abc'", b"0", b"1E99", b"", b"T", b"99999999"]
    for _ in range(rng.integers(1, 4)):
        first, last = places[rng.integers(len(places))]
        at, way = int(rng.integers(first, last - 8)), rng.integers(3)
        if way == 0:
            result[at] = rng.integers(32, 127)
        elif way == 1:
            result[at : at + 8] = rng.bytes(8)
        else:
            card = first + (at - first) // 80 * 80
            result[card + 10 : card + 30] = values[rng.integers(len(values))].rjust(20)
    return bytes(result)


@pytest.mark.parametrize("compression", [None, "zlib", "lz4"])
@pytest.mark.filterwarnings("ignore")  # of libraries, on what they read
def test_whatever_is_damaged_in_a_file_of_roman_gives_a_sentence_or_an_exposure(
    tmp_path, compression
):
    path = write_l1(tmp_path / "damaged_uncal.asdf", l1_data(), compression=compression)
    content, rng = path.read_bytes(), np.random.default_rng(20261127)
    n_refused = 0
    for _ in range(60):
        changed = bytearray(content)
        at = int(rng.integers(0, min(len(content), 4000) - 8))
        changed[at : at + rng.integers(1, 8)] = rng.bytes(1)
        path.write_bytes(changed)
        sentence = refused(path)
        assert sentence is None or (path.name in sentence and "\n" not in sentence)
        n_refused += sentence is not None
    assert 0 < n_refused < 60


def test_a_table_in_place_of_times_of_hst_counts_as_none(tmp_path):
    ramp = ima_ramp()
    path = write_ima(tmp_path / "x_ima.fits", ramp, 5.0 * np.arange(len(ramp)))
    with fits.open(path, mode="update") as hdus:
        place = hdus.index_of(("TIME", 1))
        hdus[place] = table("TIME")
    assert read(path).n_groups > 1


def refused(path):
    """Return why a file is not opened, None if it is."""
    try:
        read(path)
    except (ValueError, OSError) as error:
        return str(error)
    return None


@pytest.mark.filterwarnings("ignore")  # of libraries, on what they read
def test_whatever_is_damaged_in_the_headers_gives_a_sentence_or_an_exposure(tmp_path):
    files = write_simulated(tmp_path, size=64, n_groups=3)
    with open_fits(files.ramp) as hdus:
        info = [hdu.fileinfo() for hdu in hdus]
        places = [(one["hdrLoc"], one["datLoc"]) for one in info]
        tree = info[hdus.index_of("ASDF")]
        places.append((tree["datLoc"], tree["datLoc"] + tree["datSpan"]))
    content, rng = files.ramp.read_bytes(), np.random.default_rng(20261126)
    path = tmp_path / "damaged_ramp.fits"
    n_refused = 0
    for _ in range(60):
        path.write_bytes(damaged(content, places, rng))
        sentence = refused(path)
        assert sentence is None or (path.name in sentence and "\n" not in sentence)
        n_refused += sentence is not None
    assert 0 < n_refused < 60
