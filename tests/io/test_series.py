"""Segments of a time series as one exposure."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits
from jwst import datamodels

import rampviewer as rv
from rampviewer.cli import main
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.series import joined_table, segments_beside
from tests.exposure_files import simulated_exposure, write_exposure

N_INTS = (3, 2, 2)


@pytest.fixture
def whole():
    """Return an exposure of seven integrations."""
    return simulated_exposure(size=64, n_groups=6, n_ints=sum(N_INTS))


@pytest.fixture
def segments(tmp_path, whole):
    """Write it in three segments, and return their files."""
    files, start = [], 0
    for number, n_ints in enumerate(N_INTS, start=1):
        part = slice(start, start + n_ints)
        exposure = replace(
            whole,
            sci=whole.sci[part],
            groupdq=whole.groupdq[part],
            zeroframe=None,
        )
        name = f"jw01-seg{number:03}_nrca1_ramp.fits"
        file = write_exposure(tmp_path / "data", exposure, name)
        _number(file.ramp, start, n_ints, number)
        files.append(file)
        start += n_ints
    return files


def _number(path, start, n_ints, number):
    values = {
        "NINTS": sum(N_INTS),
        "INTSTART": start + 1,
        "INTEND": start + n_ints,
        "EXSEGNUM": number,
        "EXSEGTOT": len(N_INTS),
    }
    with fits.open(path, mode="update") as hdus:
        hdus[0].header.update(values)
        hdus["INT_TIMES"].data["integration_number"] += start


def read(segments, which=0, **more):
    first = segments[0]
    return read_exposure(
        segments[which].ramp, gain=first.gain, readnoise=first.readnoise, **more
    )


def test_all_segments_are_read_in_order_whichever_is_named(segments, whole):
    for which in range(3):
        exposure = read(segments, which, whole_series=True)
        np.testing.assert_array_equal(exposure.sci, whole.sci)
        np.testing.assert_array_equal(exposure.groupdq, whole.groupdq)
        assert exposure.path == segments[0].ramp
        assert [path.name[8:11] for path in exposure.segments] == ["001", "002", "003"]
        assert not exposure.is_segment


def test_a_segment_alone_says_that_it_is_one(segments):
    exposure = read(segments, 1)
    assert exposure.sci.shape[0] == N_INTS[1]
    assert exposure.is_segment
    assert "segment 2 of 3" in exposure.notes[-1]


def test_an_exposure_without_segments_says_nothing(tmp_path, whole):
    file = write_exposure(tmp_path, whole, "jw01-seg001_ramp.fits")
    exposure = read_exposure(file.ramp, gain=2, readnoise=9, whole_series=True)
    assert not exposure.is_segment
    assert exposure.segments == ()


def test_other_products_and_other_exposures_are_no_segments(segments):
    folder = segments[0].ramp.parent
    for name in ("jw01-seg002_nrca1_uncal.fits", "jw02-seg002_nrca1_ramp.fits"):
        shutil.copy2(segments[1].ramp, folder / name)
    assert len(segments_beside(segments[0].ramp)) == 3
    assert segments_beside(folder / "jw02-seg002_nrca1_ramp.fits") == ()


def test_a_missing_segment_is_named(segments):
    segments[1].ramp.unlink()
    with pytest.raises(ValueError, match="segment 2 is not beside jw01-seg001"):
        read(segments, whole_series=True)


def test_a_segment_of_another_size_is_named(segments):
    other = simulated_exposure(size=64, n_groups=5, n_ints=2)
    write_exposure(segments[1].ramp.parent / "x", other, segments[1].ramp.name)
    shutil.copy2(segments[1].ramp.parent / "x" / segments[1].ramp.name, segments[1].ramp)
    with pytest.raises(ValueError, match=r"jw01-seg002_nrca1_ramp\.fits has other groups"):
        read(segments, whole_series=True)


def test_scratch_files_hold_a_series_too(segments, whole):
    exposure = read(segments, whole_series=True, memory_budget=200_000)
    assert exposure.room.on_disk
    np.testing.assert_array_equal(exposure.sci, whole.sci)


def test_products_hold_all_integrations(segments, whole, tmp_path):
    first, out = segments[0], tmp_path / "out"
    words = ["--override-gain", str(first.gain), "--override-readnoise"]
    words += [str(first.readnoise), "-o", str(out)]
    assert main(["process", str(first.ramp), *words, "--whole-series"]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        f"jw01_nrca1_{product}.fits" for product in ("jump", "rate", "rateints")
    ]
    result = rv.process(read(segments, whole_series=True))
    with datamodels.open(out / "jw01_nrca1_rateints.fits") as model:
        np.testing.assert_array_equal(model.data, result.fit.rateints.slope)
        assert list(model.int_times["integration_number"]) == [1, 2, 3, 4, 5, 6, 7]
        exposure = model.meta.exposure
        assert (exposure.integration_start, exposure.integration_end) == (1, 7)
        assert (exposure.segment_number, exposure.segment_total) == (1, 1)
    with datamodels.open(out / "jw01_nrca1_jump.fits") as model:
        np.testing.assert_array_equal(model.data, whole.sci)
        np.testing.assert_array_equal(model.groupdq, result.jumps.groupdq)
        assert len(model.int_times) == 7
        assert "jw01-seg003" in str(fits.getheader(out / "jw01_nrca1_jump.fits"))
    assert main(["process", str(first.ramp), *words, "--whole-series"]) == 0  # resumed


def test_segments_are_processed_alone_unless_asked_otherwise(segments, tmp_path):
    first = segments[0]
    words = ["--override-gain", str(first.gain), "--override-readnoise"]
    words += [str(first.readnoise), "-o", str(tmp_path / "out")]
    assert main(["process", *(str(s.ramp) for s in segments), *words]) == 0
    for number, n_ints in enumerate(N_INTS, start=1):
        path = tmp_path / "out" / f"jw01-seg{number:03}_nrca1_rateints.fits"
        assert fits.getdata(path, "SCI").shape[0] == n_ints


def test_the_times_of_parts_of_integrations_are_joined_too(tmp_path):
    kinds = [
        ("integration_number", "i4"),
        ("stripe_number", "i4"),
        ("int_mid_MJD_UTC", "f8"),
    ]
    segments = ([(1, 1, 0.1), (1, 2, 0.2)], [(1, 2, 0.2), (2, 1, 0.3), (2, 2, 0.4)])
    paths = []
    for number, rows in enumerate(segments):
        table = fits.BinTableHDU(np.array(rows, kinds), name="INT_TIMES_STRIPE")
        paths.append(tmp_path / f"x-seg00{number + 1}_ramp.fits")
        fits.HDUList([fits.PrimaryHDU(), table]).writeto(paths[-1])
    with joined_table(paths, "INT_TIMES_STRIPE") as joined:
        assert [round(10 * time) for *_, time in joined.data] == [1, 2, 3, 4]
