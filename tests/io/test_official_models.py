"""The official data models read, validate and save the products."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import asdf
import numpy as np
import pytest
from astropy.io import fits

from rampviewer.io.asdf_tree import tree_hdu
from rampviewer.io.products import write_products
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.results import Segments
from rampviewer.model.runs.run import Run
from tests.random_runs import random_run, random_segments

datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
SHAPE = (2, 5, 6, 7)
CLASSES = {
    "jump": "RampModel",
    "rate": "ImageModel",
    "rateints": "CubeModel",
    "fitopt": "RampFitOutputModel",
}


def official_ramp(path, rng, *, exp_type="NRC_IMAGE"):
    model = datamodels.RampModel(
        data=rng.normal(1000, 10, SHAPE).astype(np.float32),
        groupdq=rng.integers(0, 3, SHAPE, np.uint8),
        pixeldq=rng.integers(0, 1 << 32, SHAPE[2:], np.uint32),
    )
    model.zeroframe = np.full((2, 6, 7), 9, np.float32)
    model.average_dark_current = np.full((6, 7), 0.25, np.float32)
    times = model.get_dtype("int_times")
    model.int_times = np.array([(i, *[59000.0 + i] * 6) for i in (1, 2)], times)
    meta = model.meta
    meta.telescope, meta.instrument.name, meta.instrument.detector = (
        "JWST",
        "NIRCAM",
        "NRCA1",
    )
    meta.exposure.type, meta.exposure.readpatt = exp_type, "RAPID"
    meta.observation.date, meta.observation.time = "2024-01-01", "00:00:00"
    meta.exposure.frame_time = meta.exposure.group_time = 10.7
    meta.exposure.nframes, meta.exposure.groupgap, meta.exposure.drop_frames1 = 1, 0, 0
    meta.exposure.nints, meta.exposure.ngroups = SHAPE[:2]
    meta.subarray.xstart, meta.subarray.ystart = 5, 3
    meta.subarray.xsize, meta.subarray.ysize = 7, 6
    meta.wcsinfo.ra_ref, meta.bunit_data = 80.5, "DN"
    meta.cal_step.linearity = "COMPLETE"
    model.add_history_entry("made for a test")
    model.save(str(path))
    model.close()
    return path


def write(path, make_run, segments, folder):
    exposure = read_exposure(path, gain=1.8, readnoise=12.5)
    run, groupdq = make_run(exposure)
    paths = write_products(exposure, run, folder, segments=segments)
    return exposure, run, groupdq, dict(zip(CLASSES, paths, strict=True))


@dataclass(frozen=True)
class Written:
    exposure: Exposure
    run: Run
    groupdq: np.ndarray
    segments: Segments
    paths: dict[str, Path]


@pytest.fixture(scope="module")
def products(tmp_path_factory):
    """Return products of an official ramp; nobody may write to them."""
    rng, folder = np.random.default_rng(20240101), tmp_path_factory.mktemp("official")
    path = official_ramp(folder / "jw01_nrca1_ramp.fits", rng)
    segments = random_segments(rng, SHAPE)
    made = write(path, partial(random_run, rng), segments, folder / "out")
    *first, paths = made
    return Written(*first, segments, paths)


def test_an_official_ramp_is_read_whole(products):
    exposure = products.exposure
    with datamodels.open(str(exposure.path)) as model:
        np.testing.assert_array_equal(exposure.sci, model.data)
        np.testing.assert_array_equal(exposure.groupdq, model.groupdq)
        np.testing.assert_array_equal(exposure.pixeldq, model.pixeldq)
        np.testing.assert_array_equal(exposure.zeroframe, model.zeroframe)
        np.testing.assert_array_equal(exposure.dark_current, model.average_dark_current)
    assert exposure.timing.group_time == 10.7
    assert exposure.notes == ()


@pytest.mark.parametrize("name", list(CLASSES))
def test_each_product_opens_as_its_model_and_validates(products, name):
    paths = products.paths
    with datamodels.open(str(paths[name])) as model:
        assert type(model).__name__ == CLASSES[name]
        model.validate()
        assert model.meta.filename == paths[name].name == f"jw01_nrca1_{name}.fits"
        assert model.meta.model_type == CLASSES[name]
        assert model.meta.exposure.group_time == 10.7
        assert model.meta.subarray.xstart == 5
        assert model.meta.cal_step.linearity == "COMPLETE"
        assert model.meta.cal_step.jump == "COMPLETE"
        fitted = "COMPLETE" if name.startswith("rate") else None
        assert model.meta.cal_step.ramp_fit == fitted
        assert model.meta.ref_file.gain.name == "N/A"


@pytest.mark.parametrize("name", ["rate", "rateints"])
def test_the_models_hold_the_planes_of_the_run(products, name):
    run, paths = products.run, products.paths
    planes = run.rate if name == "rate" else run.rateints
    with datamodels.open(str(paths[name])) as model:
        np.testing.assert_array_equal(model.data, planes.slope)
        np.testing.assert_array_equal(model.err, planes.err)
        np.testing.assert_array_equal(model.dq, planes.dq)
        np.testing.assert_array_equal(model.var_poisson, planes.var_poisson)
        np.testing.assert_array_equal(model.var_rnoise, planes.var_rnoise)
        assert (model.meta.bunit_data, model.meta.bunit_err) == ("DN/s", "DN/s")
        assert model.meta.wcsinfo.ra_ref == 80.5
        if name == "rateints":
            assert model.int_times["int_mid_MJD_UTC"].tolist() == [59001.0, 59002.0]


def test_the_jump_model_holds_the_new_flags_and_the_old_rest(products):
    exposure, run, paths = products.exposure, products.run, products.paths
    with datamodels.open(str(paths["jump"])) as model:
        np.testing.assert_array_equal(model.data, exposure.sci)
        np.testing.assert_array_equal(model.groupdq, products.groupdq)
        np.testing.assert_array_equal(model.pixeldq, run.pixeldq)
        assert (model.zeroframe == 9).all()
        assert (model.average_dark_current == 0.25).all()
        assert len(model.int_times) == 2
        assert model.meta.bunit_data == "DN"


def test_the_optional_model_holds_the_segments(products):
    paths, segments = products.paths, products.segments
    with datamodels.open(str(paths["fitopt"])) as model:
        for name in ("slope", "sigslope", "yint", "weights", "pedestal", "crmag"):
            np.testing.assert_array_equal(getattr(model, name), getattr(segments, name))
        about_science_data = ("wcsinfo", "bunit_data")
        assert not any(model.meta.hasattr(name) for name in about_science_data)


def test_the_chi_square_of_a_likelihood_fit_is_an_image(tmp_path, rng, make_run):
    path = official_ramp(tmp_path / "jw01_nrca1_ramp.fits", rng)
    exposure = read_exposure(path, gain=1.8, readnoise=12.5)
    run, _ = make_run(exposure)
    with pytest.raises(ValueError, match="likely_chisq needs a likelihood fit"):
        write_products(exposure, run, tmp_path, which=["likely_chisq"])
    chisq = rng.normal(size=SHAPE[2:]).astype(np.float32)
    run = replace(run, rate=replace(run.rate, chisq=chisq))
    (path,) = write_products(exposure, run, tmp_path, which=["likely_chisq"])
    assert path.name == "jw01_nrca1_likely_chisq.fits"
    with datamodels.open(str(path)) as model:
        model.validate()
        assert type(model) is datamodels.ImageModel
        np.testing.assert_array_equal(model.data, chisq)
        assert model.meta.bunit_data is None  # it is a pure number
        assert model.meta.cal_step.jump == "COMPLETE"
    with fits.open(path) as hdus:
        assert [hdu.name for hdu in hdus] == ["PRIMARY", "SCI", "ASDF"]


@pytest.mark.parametrize("name", list(CLASSES))
def test_an_official_copy_is_the_same(products, tmp_path, name):
    paths = products.paths
    copy = tmp_path / "copy.fits"
    with datamodels.open(str(paths[name])) as model:
        model.save(str(copy))
    with fits.open(paths[name]) as ours, fits.open(copy) as theirs:
        assert sorted(hdu.name for hdu in ours) == sorted(hdu.name for hdu in theirs)
        for hdu in ours[1:-1]:
            np.testing.assert_array_equal(hdu.data, theirs[hdu.name].data)
            assert hdu.header["BITPIX"] == theirs[hdu.name].header["BITPIX"]
        kept = {
            key for key in ours[0].header if key not in ("", "HISTORY", "DATE", "FILENAME")
        }
        for key in kept:
            assert ours[0].header[key] == theirs[0].header[key], key
        lines = list(ours[0].header["HISTORY"])
        assert lines[0] == "made for a test"
        assert lines == list(theirs[0].header["HISTORY"])


def test_ifu_exposures_open_as_ifu_images(tmp_path, rng, make_run, segments):
    path = official_ramp(tmp_path / "a_ramp.fits", rng, exp_type="MIR_MRS")
    *_, paths = write(path, make_run, segments, tmp_path / "out")
    with datamodels.open(str(paths["rate"])) as model:
        assert type(model).__name__ == "IFUImageModel"
        model.validate()


def test_a_file_without_a_tree_gives_valid_products(
    write_ramp, make_run, segments, tmp_path
):
    *_, paths = write(write_ramp(), make_run, segments, tmp_path / "out")
    for name, path in paths.items():
        with datamodels.open(str(path)) as model:
            assert type(model).__name__ == CLASSES[name]
            model.validate()
            assert model.meta.exposure.group_time == 7.5


def test_an_exposure_of_arrays_gives_valid_products(exposure, make_run, tmp_path):
    run, _ = make_run(exposure)
    exposure = replace(exposure, keywords={"TARGPROP": "Comète", "EXP_TYPE": "NRC_IMAGE"})
    for path in write_products(exposure, run, tmp_path):
        with datamodels.open(str(path)) as model:
            model.validate()
            assert model.meta.instrument.name == "NIRCAM"
            assert model.meta.target.proposer_name == r"Com\xe8te"


def test_binary_blocks_and_unknown_tags_of_the_tree_survive(write_ramp, make_run, tmp_path):
    buffer = asdf.tagged.TaggedDict({"a": 1}, "tag:example.org:thing-1.0.0")
    tree = {"meta": {"table": np.arange(1000.0), "thing": buffer, "note": "kept"}}
    binary = tmp_path / "tree.asdf"
    asdf.AsdfFile(tree).write_to(binary)
    content = np.frombuffer(binary.read_bytes(), np.uint8)[None, :]
    column = fits.Column(name="ASDF_METADATA", format=f"{content.size}B", array=content)
    hdu = fits.BinTableHDU.from_columns([column], name="ASDF")
    exposure = read_exposure(write_ramp(extra=[hdu]), gain=1, readnoise=1)
    run, _ = make_run(exposure)
    for path in write_products(exposure, run, tmp_path / "out"):
        with fits.open(path) as hdus:
            raw = hdus["ASDF"].data.tobytes()
        (tmp_path / "out.asdf").write_bytes(raw)
        with asdf.open(tmp_path / "out.asdf", ignore_unrecognized_tag=True) as written:
            assert written["meta"]["note"] == "kept"
            assert written["meta"]["thing"]["a"] == 1
            np.testing.assert_array_equal(written["meta"]["table"], np.arange(1000.0))


def test_a_hash_of_the_old_headers_does_not_hide_the_new_ones(
    write_ramp, make_run, tmp_path
):
    stale = tree_hdu({"_fits_hash": "0" * 64, "meta": {"filename": "old.fits"}}, None)
    exposure = read_exposure(write_ramp(extra=[stale]), gain=1, readnoise=1)
    run, _ = make_run(exposure)
    for path in write_products(exposure, run, tmp_path / "out"):
        with datamodels.open(str(path)) as model:
            assert model.meta.filename == path.name


@pytest.mark.parametrize("version", ["1.3.0", "1.5.0", "1.6.0"])
def test_an_older_tree_stays_in_its_own_standard(write_ramp, make_run, tmp_path, version):
    tag = "1.1.0" if version == "1.6.0" else "1.0.0"
    shape = [2, 5, 6, 7]
    link = {
        "source": "fits:ERR,1",
        "datatype": "float32",
        "byteorder": "big",
        "shape": shape,
    }
    tree = {"err": asdf.tagged.TaggedDict(link, f"tag:stsci.edu:asdf/core/ndarray-{tag}")}
    error = fits.ImageHDU(np.full(shape, 3, np.float32), name="ERR")
    source = tree_hdu(tree, f"#ASDF 1.0.0\n#ASDF_STANDARD {version}\n".encode())
    exposure = read_exposure(write_ramp(extra=[error, source]), gain=1, readnoise=1)
    run, groupdq = make_run(exposure)
    (path,) = write_products(exposure, run, tmp_path / "out", which=["jump"])
    with fits.open(path) as hdus:
        assert f"#ASDF_STANDARD {version}".encode() in hdus["ASDF"].data.tobytes()
    with datamodels.open(str(path)) as model:
        model.validate()
        np.testing.assert_array_equal(model.groupdq, groupdq)
        assert (model.extra_fits.ERR.data == 3).all()
