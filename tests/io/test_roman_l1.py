"""Ramps of Roman WFI, in ASDF files with tags that are not known here."""

import sys
from dataclasses import replace

import asdf
import numpy as np
import pytest
from asdf.tagged import TaggedDict
from astropy.io import fits

from rampviewer.core.dq import Dq
from rampviewer.io.asdf_tree import raw_bytes, read_tree
from rampviewer.io.export import export_run
from rampviewer.io.info import describe
from rampviewer.io.ramp_reader import read_exposure
from rampviewer.io.siblings import find_siblings, open_sibling
from rampviewer.model.errors import MissingReferenceError
from rampviewer.model.exposure import Pixel
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.foreign_files import l1_data, l1_meta, write_l1

DEFAULTS = Recipe(jump=JumpParameters(), fit=RampFitParameters())
UNIT = "tag:stsci.edu:asdf/unit/quantity-9.9.9"
UNEVEN = [[1], [2, 3], [5, 6, 7], [10, 11], [12]]


@pytest.fixture
def data():
    return l1_data()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "r01_wfi07_f158_uncal.asdf"


def read(path):
    return read_exposure(path, gain=1.8, readnoise=9.0)


def process(exposure, **changes):
    return process_exposure(Prepared.of(exposure), replace(DEFAULTS, **changes))


@pytest.mark.parametrize("compression", [None, "zlib", "bzp2"])
def test_resultants_are_the_groups_of_one_integration(path, data, compression):
    exposure = read(write_l1(path, data, compression=compression))
    np.testing.assert_array_equal(exposure.sci, data[None].astype(np.float32))
    assert not exposure.groupdq[..., 4:-4, 4:-4].any()
    border = (exposure.pixeldq & Dq.REFERENCE_PIXEL) > 0
    assert (exposure.groupdq[..., border] == Dq.DO_NOT_USE).all()
    assert not process(exposure).n_jumps[border].any()
    assert (exposure.instrument, exposure.detector) == ("WFI", "WFI07")
    assert exposure.keywords["FILTER"] == "F158"
    assert "EFFEXPTM" not in exposure.keywords  # it says that it is unknown
    assert any("uncalibrated" in note for note in exposure.notes)


def test_values_in_other_byte_order_or_with_a_unit_are_read(path, data):
    quantity = TaggedDict(
        {"value": data.astype(">u2"), "unit": "DN"},
        UNIT,
    )
    exposure = read(write_l1(path, quantity))
    np.testing.assert_array_equal(exposure.sci[0], data)


def test_the_file_is_read_by_parts_within_a_memory_budget(path, data):
    write_l1(path, data)
    done = []
    exposure = read_exposure(
        path,
        gain=1.8,
        readnoise=9.0,
        memory_budget=2000,
        progress=lambda now, total: done.append((now, total)),
    )
    assert exposure.room.on_disk
    np.testing.assert_array_equal(exposure.sci[0], data)
    assert len(done) == 5
    assert done[-1][0] <= done[-1][1]


def test_reference_pixels_are_the_border(path, data):
    exposure = read(write_l1(path, data))
    inside = np.zeros((16, 20), bool)
    inside[4:-4, 4:-4] = True
    np.testing.assert_array_equal(
        (exposure.pixeldq & np.uint32(Dq.REFERENCE_PIXEL)) == 0, inside
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ([[1], [2], [3], [4], [5]], (1, 0, 0, 3.0)),
        ([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], (2, 0, 0, 6.0)),
        ([[3, 4], [8, 9], [13, 14], [18, 19], [23, 24]], (2, 3, 2, 15.0)),
    ],
)
def test_an_even_read_pattern_becomes_frames_and_gaps(path, data, pattern, expected):
    timing = read(write_l1(path, data, meta=l1_meta(pattern))).timing
    found = (timing.n_frames, timing.groupgap, timing.drop_frames1, timing.group_time)
    assert found == expected
    assert timing.frame_time == 3.0
    assert timing.read_times is None


@pytest.mark.parametrize("pattern", [UNEVEN, [[1, 3], [5, 7], [9, 11], [13, 15], [17, 19]]])
def test_another_read_pattern_becomes_read_times(path, data, pattern):
    exposure = read(write_l1(path, data, meta=l1_meta(pattern)))
    expected = tuple(tuple(3.0 * read for read in group) for group in pattern)
    assert exposure.timing.read_times == expected
    assert any("UNEVEN" in note for note in exposure.notes)


def test_uneven_resultants_are_fitted_with_their_times(path, tmp_path):
    times = np.array([np.mean(group) * 3.0 for group in UNEVEN])
    data = np.full((5, 16, 20), 1000) + np.round(times * 40)[:, None, None]
    exposure = read(write_l1(path, data.astype(np.uint16), meta=l1_meta(UNEVEN)))
    run = process(exposure, delivered_jumps="as_delivered")
    assert run.rate.slope[8, 9] == pytest.approx(40.0, rel=1e-3)
    jump = export_run(exposure, run, tmp_path / "out", products=("jump",))[0]
    assert read(jump).timing.read_times == exposure.timing.read_times


def test_flags_of_resultants_are_kept_where_they_mean_the_same(path, data):
    flags = np.zeros(data.shape, np.uint8)
    flags[2, 8, 9] = 2
    flags[3, 8, 9] = 2 | 16 | 128  # both are of Roman alone
    exposure = read(write_l1(path, data, resultantdq=flags))
    assert exposure.groupdq[0, :, 8, 9].tolist() == [0, 0, 2, 2, 0]
    assert any("saturation was not searched for" in note for note in exposure.notes)


def test_a_later_ramp_is_read_with_its_flags(path, data):
    groupdq, pixeldq = np.zeros(data.shape, np.uint8), np.zeros((16, 20), np.uint32)
    groupdq[1, 8, 9], pixeldq[8, 9] = 4, 2048
    meta = {**l1_meta(), "model_type": "RampModel"}
    written = write_l1(
        path, data.astype(np.float32), meta=meta, groupdq=groupdq, pixeldq=pixeldq
    )
    exposure = read(written)
    assert exposure.groupdq[0, 1, 8, 9] == int(Dq.JUMP_DET)
    assert exposure.pixeldq[8, 9] == int(Dq.HOT)
    assert not any("uncalibrated" in note for note in exposure.notes)


def test_gain_and_read_noise_are_asked_for(path, data):
    with pytest.raises(MissingReferenceError) as caught:
        read_exposure(write_l1(path, data))
    assert set(caught.value.kinds) == {"gain", "readnoise"}


def test_content_decides_and_not_the_name(tmp_path, data):
    written = write_l1(tmp_path / "x_ramp.fits", data)
    np.testing.assert_array_equal(read(written).sci[0], data)
    (tmp_path / "y.asdf").write_bytes(b"nothing of the sort")
    with pytest.raises(OSError, match=r"^y\.asdf is not an ASDF file$"):
        read(tmp_path / "y.asdf")


def image(path, data):
    write_l1(path, data[0], meta={**l1_meta(), "model_type": "ImageModel"})


def guide_window(path, data):
    meta = {**l1_meta(), "model_type": "L1FaceGuidewindowModel"}
    write_l1(path, meta=meta, face_data={"pedestal_resultants": data})


def parameters(path, _data):
    asdf.AsdfFile({"class": "jwst.jump.JumpStep", "parameters": {}}).write_to(path)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (image, r"but a file of Roman \(ImageModel\): its data have the shape \(16, 20\)"),
        (guide_window, r"\(L1FaceGuidewindowModel\): .* \(it has face_data\)"),
        (parameters, r"ASDF file without data of Roman \(it has class, parameters\)"),
    ],
)
def test_another_asdf_file_is_called_what_it_is(path, data, write, words):
    write(path, data)
    with pytest.raises(ValueError, match=f"r01.*asdf is not a ramp exposure.*{words}"):
        read(path)


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        (l1_meta(frame_time=-999999.0), "lacks timing"),
        (l1_meta([]), "lacks timing"),
        (l1_meta([[1], [2]]), "read_pattern of 2 resultants, its data have 5"),
        (l1_meta([[1], [3], [2], [4], [5]]), "does not increase"),
    ],
)
def test_timing_must_be_there_and_fit(path, data, meta, words):
    with pytest.raises(ValueError, match=f"asdf (lacks|has).*{words}|{words}"):
        read(write_l1(path, data, meta=meta))


def test_flags_of_another_shape_are_refused(path, data):
    write_l1(path, data, resultantdq=np.zeros((2, 16, 20), np.uint8))
    with pytest.raises(ValueError, match="axes that disagree: resultantdq"):
        read(path)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("left", [0.1, 0.4, 0.7])
def test_a_cut_file_is_called_truncated(path, data, compression, left):
    write_l1(path, data, compression=compression)
    content = path.read_bytes()
    path.write_bytes(content[: int(left * len(content))])
    with pytest.raises(OSError, match=r"uncal\.asdf is truncated"):
        read(path)


def test_a_package_that_unpacking_needs_is_named(path, data, monkeypatch):
    write_l1(path, data, compression="zlib")
    path.write_bytes(path.read_bytes().replace(b"zlib", b"lz4\0"))
    monkeypatch.setitem(sys.modules, "lz4", None)
    monkeypatch.setitem(sys.modules, "lz4.block", None)
    with pytest.raises(OSError, match=r"pip install rampviewer\[roman\]"):
        read(path)


def test_what_is_packed_with_lz4_is_read(path, data):
    exposure = read(write_l1(path, data, compression="lz4"))
    np.testing.assert_array_equal(exposure.sci[0], data)


def test_products_are_files_of_fits_that_say_what_was_known(path, tmp_path, data):
    exposure = read(write_l1(path, data))
    folder = tmp_path / "out"
    for product in export_run(exposure, process(exposure), folder):
        with fits.open(product, checksum=True) as hdus:
            hdus.verify("exception")
            header, tree = hdus[0].header, read_tree(raw_bytes(hdus))
        assert (header["TELESCOP"], header["INSTRUME"]) == ("ROMAN", "WFI")
        assert (header["DATE-OBS"], header["TIME-OBS"]) == ("2027-03-01", "10:20:30.500")
        assert (header["NGROUPS"], header["NFRAMES"], header["TGROUP"]) == (5, 2, 6.0)
        assert header["PROGRAM"] == "12"
        assert "OBS_ID" not in header
        assert tree["roman"]["meta"]["exposure"]["ma_table_number"] == 3
        assert tree["meta"]["filename"] == product.name
    names = {product.name for product in folder.iterdir()}
    root = "r01_wfi07_f158"
    assert names == {f"{root}_{kind}.fits" for kind in ("jump", "rate", "rateints")}


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_a_sibling_is_drawn_beside_its_jump_product(path, tmp_path, data, compression):
    exposure = read(write_l1(path, data, compression=compression))
    image(tmp_path / "r01_wfi07_f158_cal.asdf", data)
    jump = export_run(exposure, process(exposure), tmp_path, products=("jump",))[0]
    of_jump = read(jump)
    (sibling,) = find_siblings(of_jump)
    assert sibling.name == "uncal"
    cube = open_sibling(of_jump, sibling)
    assert (cube.data is None) == (compression is None)
    np.testing.assert_array_equal(cube.ramp(Pixel(8, 9)).signal[0], data[:, 8, 9])


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("budget", [None, 2000])
def test_the_reference_read_is_added_and_the_offset_of_encoding_taken_off(
    path, data, compression, budget
):
    rng = np.random.default_rng(3)
    reference = rng.integers(4900, 5100, data.shape[1:], np.uint16)
    meta = l1_meta()
    meta["instrument"]["data_encoding_offset"] = 4000
    arrays = {"reference_read": reference, "reference_amp33": reference}
    sent = (data.astype(int) - reference + 4000).astype(np.uint16)
    write_l1(path, sent, meta=meta, compression=compression, **arrays)
    given = {"gain": 1.8, "readnoise": 9.0, "memory_budget": budget}
    exposure = read_exposure(path, **given)
    np.testing.assert_array_equal(exposure.sci[0], data)
    assert any("is added to all groups" in note for note in exposure.notes)
    jump = export_run(exposure, process(exposure), path.parent, products=("jump",))[0]
    (sibling,) = find_siblings(read(jump))
    cube = open_sibling(read(jump), sibling)
    np.testing.assert_array_equal(cube.ramp(Pixel(8, 9)).signal[0], data[:, 8, 9])
    write_l1(path, sent, meta={**meta, "model_type": "TvacModel"}, **arrays)
    np.testing.assert_array_equal(read(path).sci[0], sent - 4000.0)  # of ground tests
    flags = np.zeros(data.shape, np.uint8)
    write_l1(path, data, meta=meta, groupdq=flags, **arrays)  # a later ramp has it
    np.testing.assert_array_equal(read(path).sci[0], data)
    write_l1(path, sent, meta=meta, reference_read=reference[1:])
    with pytest.raises(ValueError, match="axes that disagree: reference_read"):
        read(path)


def test_references_of_roman_are_read_and_their_read_noise_made_that_of_two_reads(
    path, tmp_path, data
):
    frame, dq = data.shape[1:], np.zeros(data.shape[1:], np.uint32)
    dq[8, 9] = 1 << 21
    files = {}
    for kind, value in (("gain", 1.9), ("readnoise", 5.0), ("saturation", 5250.0)):
        files[kind] = tmp_path / f"roman_wfi_{kind}_0001.asdf"
        values = TaggedDict(
            {"value": np.full(frame, value, np.float32), "unit": "DN"}, UNIT
        )
        node = values if kind == "readnoise" else np.full(frame, value, np.float32)
        tree = {"meta": {"reftype": kind.upper()}, "data": node, "dq": dq}
        asdf.AsdfFile({"roman": tree}).write_to(files[kind])
    exposure = read_exposure(write_l1(path, data), **files)
    assert (exposure.gain == np.float32(1.9)).all()
    np.testing.assert_allclose(exposure.readnoise, 5 * 2**0.5, rtol=1e-6)
    assert str(exposure.readnoise_reference) == "roman_wfi_readnoise_0001.asdf (given)"
    assert any("the noise of one read" in note for note in exposure.notes)
    saturated = (exposure.groupdq[0] & Dq.SATURATED) > 0
    assert saturated[-1, 8, 10]
    alone = data[:, 7:10, 8:11] >= 5250
    alone[:, 1, 1] = False  # is not checked, but its neighbours are
    np.testing.assert_array_equal(saturated[:, 8, 9], alone.any(axis=(1, 2)))
    with pytest.raises(
        ValueError, match=r"is a gain reference \(reftype\), not a readnoise"
    ):
        read_exposure(path, gain=1.9, readnoise=files["gain"])
    other = write_l1(tmp_path / "other_uncal.asdf", l1_data(n_rows=18))
    with pytest.raises(ValueError, match=r"has the shape \(16, 20\), but other"):
        read_exposure(other, gain=files["gain"], readnoise=9.0)


def test_flags_of_a_saturation_reference_are_those_of_pixels_too(path, tmp_path, data):
    level, dq = np.full(data.shape[1:], 5250, np.float32), np.zeros((16, 20), np.uint32)
    dq[8, 9], dq[8, 10], dq[8, 11] = 1 << 21, 1, 1 << 7 | 1 << 11
    level[9, 9] = np.nan
    reference = tmp_path / "roman_wfi_saturation_0001.asdf"
    tree = {"meta": {"reftype": "SATURATION"}, "data": level, "dq": dq}
    asdf.AsdfFile({"roman": tree}).write_to(reference)
    path = write_l1(path, data)
    exposure = read_exposure(path, gain=1.8, readnoise=9.0, saturation=reference)
    flags = exposure.pixeldq
    assert flags[8, 9] == flags[9, 9] == Dq.NO_SAT_CHECK
    assert flags[8, 10] == Dq.DO_NOT_USE
    assert flags[8, 11] == Dq.HOT  # the other bit is one of Roman's own
    assert flags[0, 0] == Dq.REFERENCE_PIXEL
    assert not flags[4:8, 4:-4].any()


def test_what_is_in_the_file_is_told(path, data):
    lines = describe(write_l1(path, data), gain=1.8, readnoise=9.0)
    assert lines["kind"] == "Roman ScienceRawModel"
    assert lines["extensions"] == "amp33, data"
    assert lines["exposure"] == "WFI_IMAGE 2027-03-01 10:20:30.500"
    assert lines["timing"].startswith("IM_60_6_S group 6 s, frame 3 s, 2 frames per group")
