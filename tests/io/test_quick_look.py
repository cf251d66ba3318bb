"""Uncalibrated exposures: flagged as by the official step, raw frames, said loudly."""

import gzip

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.io.info import describe
from rampviewer.io.irs2 import science_rows
from rampviewer.io.quick_look import GUIDING
from rampviewer.io.ramp_reader import read_exposure

LEVEL = 50_000.0
SHAPE = (2, 6, 24, 30)


def raw_ramps(rng, shape=SHAPE):
    """Return raw ramps: some saturate, some pixels are stuck at 0."""
    _, n_groups, *frame = shape
    slope = rng.uniform(10, 500, frame)
    slope[rng.random(frame) < 0.03] = 12_000
    steps = np.arange(n_groups)[None, :, None, None]
    sci = 10_000 + slope * steps + rng.normal(0, 9, shape)
    sci[:, :, rng.random(frame) < 0.01] = 0
    return np.clip(np.rint(sci), 0, 65535).astype(np.uint16)


def averaged_ramps(rng, shape, n_frames):
    """Return raw ramps of averaged frames: rays drive some pixels up to the converter."""
    n_ints, n_groups, *frame = shape
    frames = np.cumsum(rng.uniform(0, 900, (n_ints, n_groups * n_frames, *frame)), axis=1)
    at = rng.integers(0, n_groups * n_frames, (n_ints, 1, *frame))
    is_hit = rng.random(at.shape) < 0.1
    later = np.arange(n_groups * n_frames)[None, :, None, None] >= at
    frames += np.where(is_hit & later, 70_000, 0)
    frames = np.clip(frames, 0, 60_000).reshape(n_ints, n_groups, n_frames, *frame)
    return np.rint(frames.mean(axis=2)).astype(np.uint16)


@pytest.fixture
def write_uncal(tmp_path, rng):
    """Return a function that writes an `_uncal` file by the official model."""
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")

    def write(
        name="x_uncal.fits",
        *,
        shape=SHAPE,
        instrument=("NIRCAM", "NRCA1"),
        exp_type="NRC_IMAGE",
        readpatt="RAPID",
        zeroframe=False,
        refout=False,
        n_frames=1,
    ):
        sci = (
            raw_ramps(rng, shape) if n_frames == 1 else averaged_ramps(rng, shape, n_frames)
        )
        model = datamodels.Level1bModel(data=sci)
        if zeroframe:
            model.zeroframe = sci[:, 0].copy()
        if refout:
            n_ints, n_groups, n_rows, n_cols = shape
            size = (n_ints, n_groups, n_rows, n_cols // 4)
            model.refout = np.full(size, 777, np.uint16)
        meta = model.meta
        meta.telescope, meta.exposure.type = "JWST", exp_type
        meta.instrument.name, meta.instrument.detector = instrument
        exposure, place = meta.exposure, meta.subarray
        exposure.frame_time = exposure.group_time = 10.7
        exposure.nframes, exposure.groupgap, exposure.drop_frames1 = n_frames, 0, 0
        exposure.nints, exposure.ngroups, exposure.readpatt = *shape[:2], readpatt
        exposure.zero_frame = zeroframe
        if instrument[0] == "NIRSPEC":
            exposure.nrs_normal, exposure.nrs_reference = 16, 4
        meta.observation.date, meta.observation.time = "2024-01-01", "00:00:00"
        place.xstart = place.ystart = 1
        place.xsize, place.ysize = shape[3], min(shape[2], 2048)
        model.save(str(tmp_path / name))
        model.close()
        return tmp_path / name

    return write


@pytest.fixture
def write_level(tmp_path):
    """Return a function that writes a SATURATION reference by the official model."""
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")

    def write(level, dq=None, name="saturation.fits"):
        model = datamodels.SaturationModel(data=level.astype(np.float32))
        model.dq = np.zeros(level.shape, np.uint32) if dq is None else dq
        # In this file the bit is not where it is elsewhere.
        model.dq_def = [
            (1, 2, "NO_SAT_CHECK", "not checked"),
            (4, 16, "DO_NOT_USE", "bad"),
            (6, 64, "NEW_NAME", "unknown"),
        ]
        model.meta.telescope, model.meta.instrument.name = "JWST", "NIRCAM"
        place = model.meta.subarray
        place.xstart = place.ystart = 1
        place.ysize, place.xsize = level.shape
        model.save(str(tmp_path / name))
        model.close()
        return tmp_path / name

    return write


def read(path, **options):
    return read_exposure(path, gain=2.0, readnoise=10.0, **options)


def official_flags(path, reference, monkeypatch, **parameters):
    """Return what the official step makes of a file, by its own defaults as a rule."""
    pytest.importorskip("jwst.saturation")
    from jwst.saturation import SaturationStep  # noqa: PLC0415 - slow to import

    monkeypatch.setattr("stpipe.crds_client.get_context_used", lambda *_: "none")
    given = {"override_saturation": str(reference), "override_superbias": "N/A"}
    step = SaturationStep(**given, **parameters)
    return step.run(str(path))


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_flags_are_those_of_the_official_saturation_step(
    write_uncal, write_level, rng, monkeypatch
):
    path = write_uncal(zeroframe=True)
    level = rng.uniform(30_000, 60_000, SHAPE[2:])
    level[3, 4] = np.nan
    level[7] = 20  # everything saturates
    dq = np.zeros(SHAPE[2:], np.uint32)
    dq[7, 5:9] = Dq.NO_SAT_CHECK  # to the bits of DQ_DEF when it is saved
    dq[2:4, 3:6] |= np.uint32(Dq.DO_NOT_USE)
    reference = write_level(level, dq)
    exposure = read(path, saturation=reference)
    official = official_flags(path, reference, monkeypatch)
    np.testing.assert_array_equal(exposure.groupdq, official.groupdq)
    np.testing.assert_array_equal(exposure.pixeldq, official.pixeldq)
    assert {0, Dq.NO_SAT_CHECK, Dq.DO_NOT_USE} < {*exposure.pixeldq.flat}
    np.testing.assert_array_equal(exposure.zeroframe, official.zeroframe)
    saturated = (exposure.groupdq & Dq.SATURATED) > 0
    assert saturated.any()
    assert not saturated.all()


@pytest.mark.filterwarnings("ignore")  # of the official package
@pytest.mark.parametrize(("n_frames", "n_groups"), [(4, 2), (4, 3), (8, 6)])
@pytest.mark.parametrize("use", [True, False])
def test_a_frame_that_saturated_before_its_average_did_is_found_as_by_the_official_step(
    write_uncal, write_level, rng, monkeypatch, n_frames, n_groups, use
):
    shape = (2, n_groups, *SHAPE[2:])
    path = write_uncal(shape=shape, n_frames=n_frames, readpatt="MEDIUM8")
    level = rng.uniform(50_000, 60_000, shape[2:])
    level[3, ::2] = np.nan  # not checked, but neighbours are
    reference = write_level(level)
    exposure = read(path, saturation=reference, use_readpatt=use)
    official = official_flags(path, reference, monkeypatch, use_readpatt=use)
    np.testing.assert_array_equal(exposure.groupdq, official.groupdq)
    hidden = (exposure.groupdq[:, :-1] == Dq.DO_NOT_USE) & (exposure.groupdq[:, 1:] > 0)
    assert hidden.any() == use
    assert ("use_readpatt off" in exposure.quick_look) is not use


@pytest.mark.filterwarnings("ignore")  # of the official package
@pytest.mark.parametrize("n_layers", [0, 2, 3])
@pytest.mark.parametrize("kind", ["averaged", "irs2"])
def test_layers_around_saturated_pixels_are_those_of_the_official_step(
    write_uncal, write_level, rng, monkeypatch, n_layers, kind
):
    if kind == "irs2":
        path = write_uncal(instrument=("NIRSPEC", "NRS1"), **IRS2)
        level = rng.uniform(30_000, 60_000, (2048, 12))
    else:
        path = write_uncal(shape=(1, 4, 40, 30), n_frames=4, zeroframe=True)
        level = rng.uniform(50_000, 60_000, (40, 30))
    reference = write_level(level)
    exposure = read(path, saturation=reference, n_pix_grow_sat=n_layers)
    official = official_flags(path, reference, monkeypatch, n_pix_grow_sat=n_layers)
    flags = official.groupdq
    if kind == "irs2":
        x_irs2 = pytest.importorskip("jwst.saturation.x_irs2")
        flags = x_irs2.from_irs2(flags, x_irs2.make_mask(flags), "NRS1")
    else:
        np.testing.assert_array_equal(exposure.zeroframe, official.zeroframe)
    np.testing.assert_array_equal(exposure.groupdq, flags)
    assert 0 < ((exposure.groupdq & Dq.SATURATED) > 0).mean() < 0.99
    assert f"and {n_layers} pixels around (n_pix_grow_sat)" in exposure.quick_look


def test_one_number_is_a_level_for_all_pixels(write_uncal, write_level):
    path = write_uncal()
    stated = read(path, saturation=LEVEL)
    by_file = read(path, saturation=write_level(np.full(SHAPE[2:], LEVEL)))
    np.testing.assert_array_equal(stated.groupdq, by_file.groupdq)
    assert str(stated.saturation_reference) == "50000.0 DN (stated)"
    assert str(by_file.saturation_reference) == "saturation.fits (given)"


def test_a_saturated_pixel_stays_so_and_flags_its_neighbours(write_uncal):
    exposure = read(write_uncal(), saturation=LEVEL)
    reached = np.logical_or.accumulate(exposure.sci >= LEVEL, axis=1)
    flagged = (exposure.groupdq & Dq.SATURATED) > 0
    assert flagged[reached].all()
    row, col = np.argwhere(reached[0, -1, 1:-1, 1:-1])[0] + 1
    assert flagged[0, -1, row - 1 : row + 2, col - 1 : col + 2].all()


def test_the_file_of_the_cache_is_found_and_recorded(
    write_uncal, write_level, tmp_path, monkeypatch, write
):
    folder = tmp_path / "cache" / "references" / "jwst"
    folder.mkdir(parents=True)
    name = "jwst_nircam_saturation_0097.fits"
    write_level(np.full(SHAPE[2:], LEVEL)).rename(folder / name)
    monkeypatch.setenv("CRDS_PATH", str(tmp_path / "cache"))
    path = write_uncal()
    fits.setval(path, "R_SATURA", value=f"crds://{name}")
    exposure = read(path)
    assert exposure.saturation_reference.source == "crds"
    for product in write(exposure).values():
        assert fits.getheader(product)["R_SATURA"] == f"crds://{name}"


def test_nothing_is_flagged_where_the_step_is_skipped(write_uncal, write_level):
    path, level = write_uncal(), write_level(np.full(SHAPE[2:], LEVEL))
    assert (read(path, saturation=level).groupdq & Dq.SATURATED).any()
    exposure = read(path, saturation=level, skip_saturation=True)
    assert not exposure.groupdq.any()
    assert exposure.saturation_reference is None
    wanted = "saturation was not searched for, as wanted (skip_saturation)."
    assert exposure.quick_look.endswith(wanted)


def test_without_a_level_nothing_is_flagged_and_that_is_said(write_uncal):
    exposure = read(write_uncal())
    assert not exposure.groupdq.any()
    assert exposure.saturation_reference is None
    assert exposure.quick_look.endswith("nothing is flagged as saturated.")


def test_a_level_is_not_used_for_a_calibrated_exposure(write_ramp):
    path = write_ramp(keywords={"S_SATURA": "COMPLETE"})
    plain, given = read(path), read(path, saturation=1.0)
    np.testing.assert_array_equal(plain.groupdq, given.groupdq)
    assert given.quick_look == ""
    assert any("saturation level is not used" in note for note in given.notes)


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_products_say_that_they_are_a_quick_look_and_are_valid(write_uncal, tmp_path):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    path = write_uncal(zeroframe=True)
    exposure = rampviewer.open(path, 2.0, 10.0, saturation=LEVEL)
    result = rampviewer.process(exposure)
    assert result.notes[0].startswith("Quick look only: this exposure is uncalibrated.")
    for product in result.save(tmp_path / "out", save_opt=True):
        header = fits.getheader(product)
        lines = " ".join(header["HISTORY"])
        assert "Quick look only: this exposure is uncalibrated." in lines
        assert "saturation = 50000.0 DN (stated)" in lines
        assert (header["RV_QUICK"], header["RV_SATUR"]) == (True, LEVEL)
        assert "S_SATURA" not in header  # that step was not run
        with datamodels.open(product) as model:
            model.validate()
            assert model.meta.model_type == header["DATAMODL"]
            if header["DATAMODL"] == "RampModel":
                np.testing.assert_array_equal(model.data, exposure.sci)
                np.testing.assert_array_equal(model.zeroframe, exposure.zeroframe)
                assert ((model.groupdq & Dq.SATURATED) > 0).any()


def test_info_tells_the_level_and_what_is_not_corrected(write_uncal):
    lines = describe(write_uncal(), gain=2.0, readnoise=10.0, saturation=LEVEL)
    assert lines["saturation"] == "50000.0 DN (stated)"
    assert lines["notes"].startswith("Quick look only")
    assert "saturation" not in describe(write_uncal("y_uncal.fits"), gain=2, readnoise=1)
    told = describe(write_uncal("z_uncal.fits"), saturation=LEVEL, use_readpatt=False)
    assert "(use_readpatt off)" in told["notes"]
    with pytest.raises(ValueError, match="n_pix_grow_sat must be 0 or more, got -1"):
        read(write_uncal("w_uncal.fits"), n_pix_grow_sat=-1)


IRS2 = {
    "shape": (1, 3, 3200, 12),
    "exp_type": "NRS_FIXEDSLIT",
    "readpatt": "NRSIRS2RAPID",
}


@pytest.mark.filterwarnings("ignore")  # of the official package
@pytest.mark.parametrize(
    ("detector", "n_frames", "use"),
    [
        ("NRS1", 1, True),
        ("NRS2", 1, True),
        ("NRS1", 5, True),
        ("NRS2", 5, True),
        ("NRS1", 5, False),
    ],
)
def test_rows_of_irs2_are_those_of_the_official_steps(
    write_uncal, write_level, monkeypatch, rng, detector, n_frames, use
):
    pytest.importorskip("jwst.saturation")
    from jwst.saturation import x_irs2  # noqa: PLC0415 - slow to import

    path = write_uncal(instrument=("NIRSPEC", detector), n_frames=n_frames, **IRS2)
    level = rng.uniform(30_000, 60_000, (2048, 12))
    reference = write_level(level)
    exposure = read(path, saturation=reference, use_readpatt=use)
    assert exposure.shape == (1, 3, 2048, 12)
    assert exposure.is_rearranged
    assert any("Reference pixels between the rows (IRS2)" in n for n in exposure.notes)
    raw = fits.getdata(path, "SCI").astype(np.float32)
    mask = x_irs2.make_mask(raw)
    np.testing.assert_array_equal(exposure.sci, x_irs2.from_irs2(raw, mask, detector))
    official = official_flags(path, reference, monkeypatch, use_readpatt=use)
    flags = x_irs2.from_irs2(official.groupdq, mask, detector)
    np.testing.assert_array_equal(exposure.groupdq, flags)


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_products_of_irs2_have_the_rows_that_were_used(write_uncal, tmp_path):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    path = write_uncal(instrument=("NIRSPEC", "NRS1"), zeroframe=True, **IRS2)
    exposure = read(path, saturation=LEVEL)
    for product in rampviewer.process(exposure).save(tmp_path / "out"):
        with datamodels.open(product) as model:
            model.validate()
            assert model.data.shape[-2:] == (2048, 12)
            if model.meta.model_type == "RampModel":
                assert model.zeroframe.shape == (1, 2048, 12)
                assert model.groupdq.shape == model.data.shape
    again = read(tmp_path / "out" / "x_jump.fits")
    np.testing.assert_array_equal(again.sci, exposure.sci)


def test_irs2_within_a_small_memory_budget_is_the_same(write_uncal):
    path = write_uncal(instrument=("NIRSPEC", "NRS2"), **IRS2)
    whole, small = (
        read(path, saturation=LEVEL),
        read(path, saturation=LEVEL, memory_budget=1),
    )
    assert small.room.on_disk
    np.testing.assert_array_equal(whole.sci, small.sci)
    np.testing.assert_array_equal(whole.groupdq, small.groupdq)


def test_rows_that_the_header_does_not_explain_are_refused(write_uncal):
    path = write_uncal(
        instrument=("NIRSPEC", "NRS1"), exp_type="NRS_IFU", shape=(1, 2, 3000, 4)
    )
    with pytest.raises(ValueError, match=r"x_uncal\.fits cannot be read: it has 3000 rows"):
        read(path)


def test_frames_of_other_instruments_and_calibrated_ones_are_used_whole():
    assert science_rows({"INSTRUME": "NIRCAM"}, (1, 2, 3200, 8)) is None
    assert science_rows({"INSTRUME": "NIRSPEC"}, (1, 2, 2048, 8)) is None


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_the_reference_output_of_miri_is_kept_beside_the_ramps(write_uncal, tmp_path):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    path = write_uncal(
        instrument=("MIRI", "MIRIMAGE"),
        exp_type="MIR_IMAGE",
        readpatt="FASTR1",
        refout=True,
    )
    exposure = read(path, saturation=LEVEL)
    assert exposure.shape == SHAPE
    jump, *rates = rampviewer.process(exposure).save(tmp_path / "out")
    with datamodels.open(jump) as model:
        model.validate()
        assert model.refout.shape == (2, 6, 24, 7)
        assert (model.refout == 777).all()
    for rate in rates:
        with fits.open(rate) as hdus:
            assert "REFOUT" not in hdus


def test_a_gzipped_raw_file_is_the_same(write_uncal):
    path = write_uncal()
    zipped = path.with_suffix(".fits.gz")
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    plain, other = read(path, saturation=LEVEL), read(zipped, saturation=LEVEL)
    assert other.quick_look == plain.quick_look
    np.testing.assert_array_equal(plain.groupdq, other.groupdq)


@pytest.mark.parametrize("kind", GUIDING)
def test_guide_star_exposures_are_declined_in_one_sentence(write_ramp, kind):
    name = "jw01_gs-fg_2024001000000_uncal.fits"
    path = write_ramp(name, keywords={"EXP_TYPE": kind})
    with pytest.raises(ValueError, match="guide-star exposure") as caught:
        read(path)
    assert str(caught.value).startswith(f"{name} is a guide-star exposure ({kind}): ")
    assert "\n" not in str(caught.value)


def test_a_guide_star_image_without_ramps_is_declined_for_the_same_reason(write_ramp):
    cube = np.zeros((3, 6, 7), np.float32)
    path = write_ramp(SCI=cube, keywords={"EXP_TYPE": "FGS_FINEGUIDE"}, without=["GROUPDQ"])
    with pytest.raises(ValueError, match="guide-star exposure"):
        read(path)


def test_science_exposures_of_the_guider_are_opened(write_ramp):
    keywords = {"INSTRUME": "FGS", "DETECTOR": "GUIDER1", "EXP_TYPE": "FGS_IMAGE"}
    assert read(write_ramp(keywords=keywords)).instrument == "FGS"
