import gzip
import os
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.siblings import find_siblings, open_sibling
from rampviewer.model.exposure import Pixel
from tests.exposure_files import write_simulated

N_INTS, N_GROUPS, SIZE = 2, 6, 64
PIXEL = Pixel(5, 11)


@pytest.fixture
def exposure(tmp_path):
    files = write_simulated(
        tmp_path, "a_nrca1_ramp.fits", size=SIZE, n_groups=N_GROUPS, n_ints=N_INTS
    )
    return read_exposure(files.ramp, gain=files.gain, readnoise=files.readnoise)


def cube(n_groups=N_GROUPS, n_ints=N_INTS, size=SIZE, dtype=np.float32):
    shape = n_ints, n_groups, size, size
    return (np.arange(np.prod(shape)).reshape(shape) % 60_000).astype(dtype)


def write(exposure, ending, data, **keywords):
    """Write a product beside an exposure; `data` is its SCI."""
    path = exposure.path.with_name(f"a_nrca1{ending}")
    primary = fits.PrimaryHDU()
    primary.header.update({key.upper(): value for key, value in keywords.items()})
    hdus = fits.HDUList([primary, fits.ImageHDU(data, name="SCI")])
    if path.suffix == ".gz":
        with gzip.open(path, "wb") as stream:
            hdus.writeto(stream)
    else:
        hdus.writeto(path)
    return path


def ramp_of(exposure, sibling, pixel=PIXEL):
    return open_sibling(exposure, sibling).ramp(pixel)


def test_siblings_stand_in_the_order_of_the_pipeline_and_rates_are_none(exposure):
    for ending in ("_jump.fits", "_linearity.fits", "_uncal.fits", "_dq_init.fits.gz"):
        write(exposure, ending, cube())
    write(exposure, "_rate.fits", np.zeros((SIZE, SIZE), np.float32))
    write(exposure, "_mine_ramp.fits", cube())
    exposure.path.with_name("a_nrca11_uncal.fits").write_bytes(b"of another detector")
    exposure.path.with_name("a_nrca1_log.txt").write_text("no FITS file")
    found = find_siblings(exposure)
    names = [sibling.name for sibling in found]
    assert names == ["uncal", "dq_init", "linearity", "jump", "mine_ramp"]
    assert not any(sibling.reason or sibling.note for sibling in found)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.uint16, np.int32])
@pytest.mark.parametrize("ending", ["_uncal.fits", "_uncal.fits.gz"])
def test_a_ramp_is_that_of_the_file_whatever_its_numbers_are(exposure, dtype, ending):
    data = cube(dtype=dtype)
    write(exposure, ending, data)
    (sibling,) = find_siblings(exposure)
    for pixel in (Pixel(0, 0), PIXEL, Pixel(SIZE - 1, SIZE - 1)):
        ramp = ramp_of(exposure, sibling, pixel)
        assert ramp.signal.dtype == np.dtype("=f4")
        np.testing.assert_array_equal(ramp.signal, data[:, :, pixel.row, pixel.col])
        np.testing.assert_array_equal(ramp.at, np.arange(N_GROUPS))


def test_blank_integers_are_nan(exposure):
    path = write(exposure, "_uncal.fits", cube(dtype=np.int32))
    with fits.open(path, mode="update", do_not_scale_image_data=True) as hdus:
        hdus["SCI"].header["BLANK"] = int(hdus["SCI"].data[0, 2, 5, 11])
    (sibling,) = find_siblings(exposure)
    found = np.argwhere(np.isnan(ramp_of(exposure, sibling).signal))
    np.testing.assert_array_equal(found, [[0, 2]])


def test_averaged_groups_stand_between_those_they_were_made_of(exposure):
    time = exposure.timing
    write(
        exposure,
        "_group_scale.fits",
        cube(n_groups=3),
        tframe=time.frame_time,
        tgroup=2 * time.group_time,
        nframes=2 * round(time.group_time / time.frame_time),
    )
    (sibling,) = find_siblings(exposure)
    assert sibling.note == "3 groups"
    at = ramp_of(exposure, sibling).at
    ours = (time.n_frames + 1) / 2 * time.frame_time
    theirs = (2 * round(time.group_time / time.frame_time) + 1) / 2 * time.frame_time
    np.testing.assert_allclose(at, (theirs - ours) / time.group_time + 2 * np.arange(3))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({"size": 16}, "a_nrca1_uncal.fits has a frame of 16 x 16 pixels, not of 64 x 64."),
        ({"n_ints": 3}, "a_nrca1_uncal.fits has 3 integrations, not 2."),
        (
            {"n_groups": 4},
            "a_nrca1_uncal.fits has 4 groups, not 6, and does not say at which even times "
            "they were read.",
        ),
    ],
)
def test_a_ramp_that_cannot_be_drawn_says_why(exposure, shape, reason):
    write(exposure, "_uncal.fits", cube(**shape))
    (sibling,) = find_siblings(exposure)
    assert sibling.reason == reason


def test_a_damaged_file_is_named_and_spoils_no_other(exposure):
    write(exposure, "_uncal.fits", cube())
    path = write(exposure, "_jump.fits", cube())
    path.write_bytes(path.read_bytes()[:-3000])
    whole, cut = find_siblings(exposure)
    assert not whole.reason
    assert cut.reason.startswith("a_nrca1_jump.fits is truncated")


def test_a_file_that_goes_or_changes_is_named(exposure):
    path = write(exposure, "_uncal.fits", cube())
    (sibling,) = find_siblings(exposure)
    opened = open_sibling(exposure, sibling)
    os.utime(path, ns=(1, 1))
    with pytest.raises(OSError, match=r"a_nrca1_uncal\.fits was replaced since"):
        opened.ramp(PIXEL)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"a_nrca1_uncal\.fits is no longer there"):
        opened.ramp(PIXEL)
    with pytest.raises(FileNotFoundError, match=r"a_nrca1_uncal\.fits does not exist"):
        open_sibling(exposure, sibling)


RAW, FULL, N_COLS = 3200, 2048, 16


@pytest.fixture
def irs2_exposure(tmp_path):
    """Return a calibrated exposure of NIRSpec, whose raw file has rows in between."""
    files = write_simulated(tmp_path, "a_nrca1_ramp.fits", size=SIZE, n_groups=3)
    exposure = read_exposure(files.ramp, gain=files.gain, readnoise=files.readnoise)
    frame = (FULL, N_COLS)
    return replace(
        exposure,
        sci=np.zeros((1, 3, *frame), np.float32),
        groupdq=np.zeros((1, 3, *frame), np.uint8),
        pixeldq=np.zeros(frame, np.uint32),
        gain=np.ones(frame, np.float32),
        readnoise=np.ones(frame, np.float32),
        zeroframe=None,
        dark_current=None,
    )


@pytest.mark.parametrize("detector", ["NRS1", "NRS2"])
@pytest.mark.parametrize("ending", ["_uncal.fits", "_uncal.fits.gz"])
def test_a_raw_file_of_irs2_gives_the_ramp_of_the_same_pixel(
    irs2_exposure, detector, ending
):
    x_irs2 = pytest.importorskip("jwst.saturation.x_irs2")
    shape = (1, 3, RAW, N_COLS)
    data = (np.arange(np.prod(shape)).reshape(shape) % 60_000).astype(np.uint16)
    write(irs2_exposure, ending, data, instrume="NIRSPEC", detector=detector)
    (sibling,) = find_siblings(irs2_exposure)
    assert (sibling.reason, sibling.note) == ("", "")
    opened = open_sibling(irs2_exposure, sibling)
    expected = x_irs2.from_irs2(data, x_irs2.make_mask(data), detector)
    for pixel in (Pixel(0, 0), Pixel(700, 3), Pixel(FULL - 1, N_COLS - 1)):
        ramp = opened.ramp(pixel)
        np.testing.assert_array_equal(ramp.signal, expected[:, :, pixel.row, pixel.col])


def test_a_raw_file_whose_rows_are_not_explained_says_so(irs2_exposure):
    data = np.zeros((1, 3, 3000, N_COLS), np.uint16)
    write(irs2_exposure, "_uncal.fits", data, instrume="NIRSPEC", detector="NRS1")
    (sibling,) = find_siblings(irs2_exposure)
    assert sibling.reason.startswith("a_nrca1_uncal.fits cannot be read: it has 3000 rows")
