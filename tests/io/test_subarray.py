from pathlib import Path

import numpy as np
import pytest

from rampviewer.io.subarray import Target, cut_to_subarray

REFERENCE = Path("gain.fits")


def place(col, row, n_cols, n_rows):
    return {"SUBSTRT1": col, "SUBSTRT2": row, "SUBSIZE1": n_cols, "SUBSIZE2": n_rows}


def target(header, frame=(6, 7)):
    return Target(Path("x_ramp.fits"), header, frame)


def numbered(n_rows, n_cols):
    return np.arange(n_rows * n_cols, dtype=np.float32).reshape(n_rows, n_cols)


def cut(data, header, exposure):
    return cut_to_subarray(data, header, REFERENCE, exposure)


def test_a_full_frame_is_cut_at_the_corner_of_the_exposure():
    data = numbered(100, 120)
    header = place(1, 1, 120, 100)
    part, notes = cut(data, header, target(place(11, 21, 7, 6)))
    np.testing.assert_array_equal(part, data[20:26, 10:17])
    assert notes == ()


def test_the_corner_of_the_reference_counts_too():
    data = numbered(30, 40)
    part, _ = cut(data, place(5, 15, 40, 30), target(place(11, 21, 7, 6)))
    np.testing.assert_array_equal(part, data[6:12, 6:13])


def test_sizes_come_from_the_arrays_not_from_the_keywords():
    data = numbered(6, 7)
    part, _ = cut(data, place(11, 21, 999, 1), target(place(11, 21, 2048, 2048)))
    np.testing.assert_array_equal(part, data)


def test_rows_beyond_subsize_are_kept_where_reference_pixels_are_interleaved():
    data = numbered(3200, 8)
    exposure = target(place(1, 1, 2048, 2048), frame=(3200, 8))
    part, _ = cut(data, place(1, 1, 2048, 2048), exposure)
    assert part.shape == (3200, 8)


@pytest.mark.parametrize(
    ("instrument", "shape"), [("MIRI", (1024, 1032)), ("NIRCAM", (2048, 2048))]
)
def test_a_reference_of_full_frame_size_needs_no_keywords(instrument, shape):
    data = numbered(*shape)
    part, notes = cut(data, {"INSTRUME": instrument}, target(place(11, 21, 7, 6)))
    np.testing.assert_array_equal(part, data[20:26, 10:17])
    assert notes == ()


def test_a_miri_frame_is_no_full_frame_of_another_instrument():
    with pytest.raises(ValueError, match=r"gain\.fits lacks SUBSTRT1, SUBSTRT2, SUBSIZE1"):
        cut(numbered(1024, 1032), {"INSTRUME": "NIRCAM"}, target(place(11, 21, 7, 6)))


@pytest.mark.parametrize("reference", [place(12, 21, 40, 30), place(11, 22, 40, 30)])
def test_a_reference_that_starts_behind_the_exposure_does_not_cover_it(reference):
    with pytest.raises(ValueError, match=r"gain\.fits \(col.*does not cover x_ramp\.fits"):
        cut(numbered(30, 40), reference, target(place(11, 21, 7, 6)))


@pytest.mark.parametrize("shape", [(5, 7), (6, 6)])
def test_a_reference_that_ends_before_the_exposure_does_not_cover_it(shape):
    sentence = r"\(columns 11 to 17, rows 21 to 26\)$"
    with pytest.raises(ValueError, match=sentence):
        cut(numbered(*shape), place(11, 21, 7, 6), target(place(11, 21, 7, 6)))


def test_an_unplaced_exposure_takes_a_reference_of_its_shape_with_a_note():
    part, (note,) = cut(numbered(6, 7), place(11, 21, 7, 6), target({}))
    assert part.shape == (6, 7)
    assert note.startswith(
        "x_ramp.fits lacks SUBSTRT and SUBSIZE; gain.fits is used as it is"
    )


def test_an_unplaced_exposure_cannot_take_another_shape():
    with pytest.raises(ValueError, match=r"gain\.fits \(30, 40\) cannot be cut to x_ramp"):
        cut(numbered(30, 40), place(1, 1, 40, 30), target({}))


def test_corners_count_from_one():
    with pytest.raises(ValueError, match=r"x_ramp\.fits has an impossible subarray corner"):
        cut(numbered(6, 7), place(1, 1, 7, 6), target(place(0, 1, 7, 6)))


def test_a_corner_that_is_no_number_is_refused():
    words = {**place(1, 1, 7, 6), "SUBSTRT1": "left"}
    with pytest.raises(ValueError, match=r"x_ramp\.fits has a subarray corner that is no"):
        cut(numbered(6, 7), place(1, 1, 7, 6), target(words))


@pytest.mark.parametrize("col", [1, 5, 11])
def test_the_cut_is_the_official_one(col):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    from jwst.lib.reffile_utils import get_subarray_model  # noqa: PLC0415 - slow to import

    data = numbered(60, 50)
    science, reference = datamodels.RampModel((1, 1, 6, 7)), datamodels.GainModel(data)
    for model, (x, y, n_x, n_y) in (
        (science, (11, 21, 7, 6)),
        (reference, (col, 3, 50, 60)),
    ):
        model.meta.subarray.xstart, model.meta.subarray.ystart = x, y
        model.meta.subarray.xsize, model.meta.subarray.ysize = n_x, n_y
    official = get_subarray_model(science, reference).data
    ours, _ = cut(data, place(col, 3, 50, 60), target(place(11, 21, 7, 6)))
    np.testing.assert_array_equal(ours, official)


# Detector, full frame, and (SUBSTRT1, SUBSTRT2, SUBSIZE1, SUBSIZE2) of subarrays.
NIR, MIR = (2048, 2048), (1024, 1032)
SUBARRAYS = [
    ("NIRCAM", "SUB160", NIR, (1001, 1001, 160, 160)),
    ("NIRCAM", "SUB64P", NIR, (1945, 1945, 64, 64)),
    ("NIRCAM", "SUBGRISM256", NIR, (1, 1, 2048, 256)),
    ("NIRSPEC", "SUB2048", NIR, (1, 1024, 2048, 32)),
    ("NIRSPEC", "SUBS200A1", NIR, (1, 897, 2048, 64)),
    ("NIRISS", "SUBSTRIP96", NIR, (1, 1803, 2048, 96)),
    ("NIRISS", "SUB80", NIR, (1045, 1, 80, 80)),
    ("NIRISS", "WFSS128C", NIR, (1, 1, 128, 2048)),
    ("MIRI", "SUB64", MIR, (1, 779, 72, 64)),
    ("MIRI", "SLITLESSPRISM", MIR, (1, 529, 72, 416)),
    ("MIRI", "BRIGHTSKY", MIR, (457, 51, 512, 512)),
    ("MIRI", "MASKLYOT", MIR, (1, 717, 320, 304)),
    ("FGS", "SUB128LL", NIR, (121, 121, 128, 128)),
    ("FGS", "FULL", NIR, (1, 1, 2048, 2048)),
]


@pytest.mark.parametrize(("instrument", "name", "full", "where"), SUBARRAYS, ids=str)
def test_subarrays_of_every_instrument_are_cut_as_the_official_steps_cut_them(
    instrument, name, full, where
):
    datamodels = pytest.importorskip("stdatamodels.jwst.datamodels")
    from jwst.lib.reffile_utils import (  # noqa: PLC0415 - slow to import
        get_subarray_model,
        ref_matches_sci,
    )

    data, (*_, n_cols, n_rows) = numbered(*full), where
    science = datamodels.RampModel((1, 1, n_rows, n_cols))
    reference = datamodels.GainModel(data)
    for model, (x, y, n_x, n_y) in (
        (science, where),
        (reference, (1, 1, full[1], full[0])),
    ):
        model.meta.instrument.name = instrument
        model.meta.subarray.xstart, model.meta.subarray.ystart = x, y
        model.meta.subarray.xsize, model.meta.subarray.ysize = n_x, n_y
    same = ref_matches_sci(science, reference)
    official = data if same else get_subarray_model(science, reference).data
    header = {**place(*where), "INSTRUME": instrument, "SUBARRAY": name}
    ours, notes = cut(data, place(1, 1, full[1], full[0]), target(header, (n_rows, n_cols)))
    np.testing.assert_array_equal(ours, official)
    bare, _ = cut(data, {"INSTRUME": instrument}, target(header, (n_rows, n_cols)))
    np.testing.assert_array_equal(bare, official)
    assert notes == ()
