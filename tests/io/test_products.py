import gzip
import io
from dataclasses import replace

import asdf
import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.io.asdf_tree import asdf_bytes
from rampviewer.io.products import write_products
from rampviewer.io.ramp_reader import read_exposure

RATE_ORDER = ["PRIMARY", "SCI", "ERR", "DQ", "VAR_POISSON", "VAR_RNOISE", "ASDF"]


def primary(path):
    return fits.getheader(path)


def contents(path):
    with fits.open(path, memmap=False) as hdus:
        hdus.verify("exception")
        names = [hdu.name for hdu in hdus]
        arrays = {hdu.name: np.array(hdu.data) for hdu in hdus[1:] if hdu.name != "ASDF"}
        return names, arrays, [hdu.header.copy() for hdu in hdus]


def test_no_converter_of_another_package_is_loaded(opened, make_run, tmp_path, monkeypatch):
    def refuse(config):
        raise AssertionError("the packages that are installed were asked")

    monkeypatch.setattr(asdf.config.AsdfConfig, "extensions", property(refuse))
    run, _ = make_run(opened)
    assert len(write_products(opened, run, tmp_path / "out")) == 3
    assert len(rampviewer.write_parameters(tmp_path, jump=rampviewer.JumpParameters())) == 1


@pytest.mark.parametrize("version", [*map(str, asdf.versioning.supported_versions), ""])
def test_the_library_reads_each_tree_as_it_was_given(version):
    tree = {
        "text": "a: µ",
        "none": None,
        "number": np.float32(2.5),
        "list": [1, [2, 3]],
        "yes": "yes",
        "place": {"x": -1e-30, "n": np.int64(7)},
    }
    with asdf.open(io.BytesIO(asdf_bytes(tree, version))) as file:
        assert {name: file.tree[name] for name in tree} == tree
        file.validate()
        assert version in ("", str(file.version))
        assert file.tree["asdf_library"]["name"] == "rampviewer"


def test_rate_planes_arrive_in_the_official_order_types_and_units(
    opened, make_run, tmp_path
):
    run, _ = make_run(opened)
    _, rate_path, ints_path = write_products(opened, run, tmp_path / "out")
    ints_order = [*RATE_ORDER[:4], "INT_TIMES", *RATE_ORDER[4:]]
    for path, order, planes in (
        (rate_path, RATE_ORDER, run.rate),
        (ints_path, ints_order, run.rateints),
    ):
        names, arrays, headers = contents(path)
        assert names == order
        np.testing.assert_array_equal(arrays["SCI"], planes.slope)
        np.testing.assert_array_equal(arrays["ERR"], planes.err)
        np.testing.assert_array_equal(arrays["DQ"], planes.dq)
        np.testing.assert_array_equal(arrays["VAR_POISSON"], planes.var_poisson)
        np.testing.assert_array_equal(arrays["VAR_RNOISE"], planes.var_rnoise)
        assert arrays["DQ"].dtype == np.uint32
        assert [h["BITPIX"] for h in headers[1:4]] == [-32, -32, 32]
        assert [h.get("BUNIT") for h in headers[1:4]] == ["DN/s", "DN/s", None]
        assert all(h["EXTVER"] == 1 for h in headers[1:4])
    assert arrays["INT_TIMES"]["mid"].tolist() == [59000.25, 59000.5]


def test_the_jump_product_keeps_all_but_the_flags(opened, make_run, images, tmp_path):
    run, groupdq = make_run(opened)
    paths = write_products(opened, run, tmp_path / "out", which=["jump"])
    names, arrays, headers = contents(paths[0])
    order = ["SCI", "PIXELDQ", "GROUPDQ", "ZEROFRAME", "AVDRKCUR", "ERR", "INT_TIMES"]
    assert names == ["PRIMARY", *order, "MYSTERY", "ASDF"]
    np.testing.assert_array_equal(arrays["GROUPDQ"], groupdq)
    np.testing.assert_array_equal(arrays["PIXELDQ"], run.pixeldq)
    for name in ("SCI", "ZEROFRAME", "AVDRKCUR"):
        np.testing.assert_array_equal(arrays[name], images[name])
    assert (arrays["ERR"] == 3).all()
    assert arrays["MYSTERY"].tolist() == list(range(12))
    assert headers[1]["BUNIT"] == "DN"


def test_flags_that_the_file_lacked_go_behind_the_science_data(write_ramp, write):
    path = write_ramp(without=("GROUPDQ", "PIXELDQ"))
    written = write(read_exposure(path, gain=1, readnoise=1))
    names, arrays, _ = contents(written["jump"])
    assert names == [
        "PRIMARY",
        "SCI",
        "PIXELDQ",
        "GROUPDQ",
        "ZEROFRAME",
        "AVDRKCUR",
        "ASDF",
    ]
    assert arrays["GROUPDQ"].any()


def test_science_data_of_another_type_become_float32(write_ramp, write, images):
    path = write_ramp("x_uncal.fits", SCI=images["SCI"].astype(np.uint16))
    written = write(read_exposure(path, gain=1, readnoise=1))
    _, arrays, headers = contents(written["jump"])
    assert headers[1]["BITPIX"] == -32
    np.testing.assert_array_equal(arrays["SCI"], images["SCI"].astype(np.uint16))


def test_the_segments_are_written_when_given(opened, make_run, segments, tmp_path):
    run, _ = make_run(opened)
    paths = write_products(opened, run, tmp_path / "out", segments=segments)
    assert paths[-1].name == "x_fitopt.fits"
    names, arrays, _ = contents(paths[-1])
    order = "SLOPE SIGSLOPE VAR_POISSON VAR_RNOISE YINT SIGYINT PEDESTAL WEIGHTS CRMAG"
    assert names == ["PRIMARY", *order.split(), "ASDF"]
    for name in order.split():
        np.testing.assert_array_equal(arrays[name], getattr(segments, name.lower()))
    assert primary(paths[-1])["DATAMODL"] == "RampFitOutputModel"


def test_the_exposure_is_not_touched_while_it_is_written(opened, make_run, tmp_path):
    run, _ = make_run(opened)
    before = run.rate.err.tobytes()
    seen = []

    def look(_done, _total):
        seen.append(run.rate.err.tobytes() == before)

    write_products(opened, run, tmp_path / "out", progress=look)
    assert seen
    assert all(seen)


def test_what_was_written_is_read_back(opened, write):
    again = read_exposure(write()["jump"], gain=1.8, readnoise=12.5)
    np.testing.assert_array_equal(again.sci, opened.sci)
    assert again.timing == opened.timing
    assert (again.groupdq & 4).any()
    assert again.keywords["S_JUMP"] == "COMPLETE"


def test_a_gzipped_exposure_gives_plain_products(write_ramp, write):
    path = write_ramp()
    zipped = path.with_suffix(".fits.gz")
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    paths = write(read_exposure(zipped, gain=1, readnoise=1))
    assert paths["jump"].name == "x_jump.fits"
    names, arrays, _ = contents(paths["jump"])
    assert names[1:4] == ["SCI", "PIXELDQ", "GROUPDQ"]
    np.testing.assert_array_equal(
        arrays["SCI"], read_exposure(path, gain=1, readnoise=1).sci
    )


def test_an_exposure_of_arrays_has_products_too(exposure, write):
    paths = write(exposure)
    assert paths["rate"].name == "exposure_rate.fits"
    names, _, _ = contents(paths["rateints"])
    assert names == RATE_ORDER
    again = read_exposure(paths["jump"], gain=1, readnoise=1)
    np.testing.assert_array_equal(again.sci, exposure.sci)
    assert again.timing == exposure.timing
    assert again.instrument == "NIRCAM"


def test_read_times_survive(exposure, write):
    timing = replace(exposure.timing, read_times=((1.0,), (2.0,), (4.0,), (7.0,), (11.0,)))
    paths = write(replace(exposure, timing=timing, keywords={"SUBSTRT1": 9}))
    again = read_exposure(paths["jump"], gain=1, readnoise=1)
    assert again.timing == timing
    assert again.keywords["SUBSTRT1"] == 9


def test_existing_files_stop_everything_before_it_starts(write, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "x_rate.fits").write_bytes(b"old")
    with pytest.raises(FileExistsError, match=r"x_rate\.fits exists already$"):
        write()
    assert [path.name for path in folder.iterdir()] == ["x_rate.fits"]
    assert (folder / "x_rate.fits").read_bytes() == b"old"
    write(overwrite=True)
    assert primary(folder / "x_rate.fits")["FILENAME"] == "x_rate.fits"


def test_a_failure_half_way_leaves_old_products_and_no_remains(
    write, tmp_path, monkeypatch
):
    before = {name: path.read_bytes() for name, path in write().items()}
    original = fits.HDUList.writeto

    def fail_on_rateints(self, stream, **options):
        original(self, stream, **options)
        if self[0].header["DATAMODL"] == "CubeModel":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(fits.HDUList, "writeto", fail_on_rateints)
    with pytest.raises(OSError, match=r"x_rateints\.fits cannot be written: No space left"):
        write(overwrite=True)
    folder = tmp_path / "out"
    assert sorted(path.name for path in folder.iterdir()) == [
        "x_jump.fits",
        "x_rate.fits",
        "x_rateints.fits",
    ]
    for name, content in before.items():
        assert (folder / f"x_{name}.fits").read_bytes() == content


def test_the_opened_file_is_refused_also_with_overwrite(write_ramp, write):
    path = write_ramp("y_jump.fits")
    content = path.read_bytes()
    exposure = read_exposure(path, gain=1, readnoise=1)
    with pytest.raises(ValueError, match=r"y_jump\.fits is the opened file"):
        write(exposure, folder=path.parent, overwrite=True)
    assert path.read_bytes() == content


def test_a_source_that_is_gone_or_another_is_named(opened, write):
    other = np.zeros((1, 3, 6, 7), np.float32)
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(other, name="SCI")]).writeto(
        opened.path, overwrite=True
    )
    with pytest.raises(
        OSError, match=r"x_ramp\.fits is no longer the file that was opened"
    ):
        write()
    opened.path.unlink()
    with pytest.raises(FileNotFoundError, match=r"x_ramp\.fits does not exist"):
        write()


def test_without_any_fit_only_the_jump_product_is_written(
    opened, make_run, segments, write
):
    run, _ = make_run(opened, nothing_fitted=True)
    assert list(write(run=run, segments=segments)) == ["jump"]


def test_fitopt_needs_segments(write):
    with pytest.raises(ValueError, match="fitopt needs the segments"):
        write(which=["fitopt"])
