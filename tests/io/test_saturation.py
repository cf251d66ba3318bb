"""Flags of saturation are those of the official functions, for any ramp."""

import numpy as np
import pytest
from astropy.io import fits

from rampviewer.core.dq import Dq
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.saturation import BEYOND, Averages, flag_saturation, reference_flags
from tests.foreign_files import l1_data, l1_meta, write_l1

stcal = pytest.importorskip("stcal.saturation.saturation")

FRAME = (14, 11)
PATTERNS = {
    "one frame": [[1], [2], [3], [4], [5]],
    "four frames": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]],
    "two groups": [[1, 2, 3], [4, 5, 6]],
    "uneven": [[1], [2, 3], [5, 6, 7], [10, 11, 12, 13], [20]],
}


def ramps(rng, pattern):
    """Return averages of frames, some of which are driven to the converter by a ray."""
    n_reads = pattern[-1][-1]
    reads = np.cumsum(rng.uniform(-50, 60_000 / n_reads, (2, n_reads, *FRAME)), axis=1)
    at = rng.integers(0, n_reads, (2, 1, *FRAME))
    hit = (rng.random(at.shape) < 0.15) & (np.arange(n_reads)[None, :, None, None] >= at)
    reads = np.clip(reads + 65_000 * hit, 0, 62_000)
    groups = [reads[:, np.array(group) - 1].mean(axis=1) for group in pattern]
    return np.rint(np.stack(groups, axis=1)).astype(np.float32)


def official(sci, groupdq, level, pattern):
    from stdatamodels.jwst.datamodels import dqflags  # noqa: PLC0415 - slow to import

    flags, _, zeroframe = stcal.flag_saturated_pixels(
        sci.copy(),
        groupdq.copy(),
        np.zeros(FRAME, np.uint32),
        level.copy(),
        np.zeros(FRAME, np.uint32),
        BEYOND - 1,
        dqflags.pixel,
        zframe=sci[:, 0].copy(),
        read_pattern=pattern,
    )
    return flags, zeroframe


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("is_used", [True, False])
def test_flags_of_random_ramps_are_the_official_ones(rng, name, is_used):
    pattern = PATTERNS[name]
    for _ in range(5):
        sci = ramps(rng, pattern)
        level = rng.uniform(45_000, 61_000, FRAME).astype(np.float32)
        level[rng.random(FRAME) < 0.1] = np.nan
        groupdq = np.where(rng.random(sci.shape) < 0.05, Dq.DO_NOT_USE, 0).astype(np.uint8)
        expected, zeroframe = official(sci, groupdq, level, pattern if is_used else None)
        ours, frame = groupdq.copy(), sci[:, 0].copy()
        flag_saturation(
            sci,
            ours,
            np.where(np.isnan(level), np.inf, level).astype(np.float32),
            frame,
            Averages(pattern) if is_used else None,
        )
        np.testing.assert_array_equal(ours, expected)
        np.testing.assert_array_equal(frame, zeroframe)


@pytest.mark.parametrize("n_frames", [1, 5])
def test_frames_count_on_through_the_groups_as_in_the_official_step(n_frames):
    averages = Averages.of_pattern(3, n_frames)
    numbers = [number for group in averages.frames for number in group]
    assert numbers == list(range(1, 3 * n_frames + 1))
    assert {len(group) for group in averages.frames} == {n_frames}


def test_a_group_whose_last_frame_saturated_is_not_used(rng):
    pattern = PATTERNS["four frames"]
    sci = np.full((1, 4, *FRAME), 1000, np.float32)
    sci[0, 1, 5, 5], sci[0, 2:, 5, 5] = 50_000, 60_000  # (3 * 46 667 + 60 000) / 4
    level = np.full(FRAME, 60_000, np.float32)
    without, with_it = np.zeros((2, *sci.shape), np.uint8)
    flag_saturation(sci, without, level)
    flag_saturation(sci, with_it, level, averages=Averages(pattern))
    assert not without[0, 1].any()
    assert (with_it[0, 1, 4:7, 4:7] == Dq.DO_NOT_USE).all()
    np.testing.assert_array_equal(with_it[0, 2:], without[0, 2:])


def test_resultants_of_roman_are_searched_with_their_own_reads(tmp_path, rng):
    pattern = PATTERNS["uneven"]
    path, data = tmp_path / "r_uncal.asdf", l1_data()
    frame = data.shape[1:]
    data[:] = rng.uniform(20_000, 60_000, (5, *frame))
    write_l1(path, data, meta=l1_meta(pattern))
    exposure = read_exposure(path, gain=1.8, readnoise=9.0, saturation=58_000)
    flags = np.zeros((1, 5, *frame), np.uint8)
    level = np.full(frame, 58_000, np.float32)
    flag_saturation(exposure.sci, flags, level, averages=Averages(pattern))
    border = (exposure.pixeldq & Dq.REFERENCE_PIXEL) > 0
    flags[..., border] |= np.uint8(Dq.DO_NOT_USE)
    np.testing.assert_array_equal(exposure.groupdq, flags)
    plain = np.zeros_like(flags)
    flag_saturation(exposure.sci, plain, level)
    assert (flags != plain).any()


def test_files_say_how_many_frames_were_averaged(write_ramp):
    sci = np.full((1, 4, 6, 7), 1000, np.float32)
    sci[0, 1, 3, 3], sci[0, 2:, 3, 3] = 50_000, 60_000
    path = write_ramp("x_uncal.fits", SCI=sci, without=["GROUPDQ", "ZEROFRAME"])
    for n_frames, expected in ((1, 0), (4, Dq.DO_NOT_USE)):
        fits.setval(path, "NFRAMES", value=n_frames)
        exposure = read_exposure(path, gain=2.0, readnoise=9.0, saturation=60_000)
        assert exposure.groupdq[0, 1, 3, 3] == expected


def test_the_highest_bit_of_a_reference_is_known_in_a_signed_column_too(tmp_path):
    path, level = tmp_path / "level.fits", np.ones((3, 4), np.float32)
    dq = np.zeros(level.shape, np.uint32)
    dq[1, 2] = 1 << 31
    value = np.array([-(1 << 31)], np.int32)
    table = fits.BinTableHDU.from_columns(
        [fits.Column("VALUE", "J", array=value), fits.Column("NAME", "40A", array=["HOT"])],
        name="DQ_DEF",
    )
    arrays = fits.ImageHDU(level, name="SCI"), fits.ImageHDU(dq, name="DQ")
    fits.HDUList([fits.PrimaryHDU(), *arrays, table]).writeto(path)
    with fits.open(path) as hdus:
        flags = reference_flags(path, hdus, level)
    assert flags[1, 2] == Dq.HOT
    assert np.count_nonzero(flags) == 1
