import numpy as np
import pytest

from rampviewer.model.exposure import Exposure, Reference
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.timing import Timing

TIMING = Timing(frame_time=1, group_time=2)


def make(**changes):
    shape = (2, 5, 3, 4)
    arrays = {
        "sci": np.ones(shape, np.float32),
        "groupdq": np.zeros(shape, np.uint8),
        "pixeldq": np.zeros(shape[2:], np.uint32),
        "gain": 1.8,
        "readnoise": 12.0,
        "timing": TIMING,
    }
    return Exposure.from_arrays(**{**arrays, **changes})


def test_sizes():
    exposure = make()
    sizes = (exposure.n_ints, exposure.n_groups, exposure.n_rows, exposure.n_cols)
    assert sizes == (2, 5, 3, 4)


def test_scalars_fill_the_frame_and_are_named_as_stated():
    exposure = make()
    np.testing.assert_array_equal(exposure.gain, np.full((3, 4), 1.8, np.float32))
    assert str(exposure.gain_reference) == "1.8 electron/DN (stated)"
    assert str(exposure.readnoise_reference) == "12.0 DN (stated)"


@pytest.mark.parametrize("dtype", [">f4", "<f8", np.uint16])
def test_any_type_and_byte_order_is_converted_once(dtype):
    exposure = make(sci=np.arange(120).reshape(2, 5, 3, 4).astype(dtype))
    assert exposure.sci.dtype == np.dtype("f4")
    assert exposure.sci.dtype.isnative
    assert exposure.sci[1, 4, 2, 3] == 119


def test_any_layout_is_made_contiguous():
    sci = np.zeros((4, 3, 5, 2), np.float32).T
    assert make(sci=sci).sci.flags.c_contiguous


def test_arrays_that_fit_are_not_copied():
    sci = np.zeros((2, 5, 3, 4), np.float32)
    assert make(sci=sci).sci is sci


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("groupdq", (1, 5, 3, 4)),
        ("pixeldq", (4, 3)),
        ("gain", (3, 5)),
        ("zeroframe", (3, 4)),
        ("dark_current", (2, 3, 4)),
    ],
)
def test_axes_that_disagree_are_named(name, shape):
    with pytest.raises(ValueError, match=rf"{name}|broadcast|shape"):
        make(**{name: np.zeros(shape)})


@pytest.mark.parametrize("shape", [(5, 3, 4), (0, 5, 3, 4)])
def test_sci_needs_four_axes_with_something_on_them(shape):
    with pytest.raises(ValueError, match="sci must have the axes"):
        make(sci=np.zeros(shape))


def test_delivered_jumps_are_found_by_their_bit():
    groupdq = np.zeros((2, 5, 3, 4), np.uint8)
    assert not Prepared.of(make(groupdq=groupdq + 2)).has_delivered_jumps
    groupdq[1, 4, 2, 3] = 4 | 1
    assert Prepared.of(make(groupdq=groupdq)).has_delivered_jumps


def test_a_file_is_named_without_its_folder():
    reference = Reference(kind="gain", source="file", name="/a/b/gain.fits")
    assert str(reference) == "gain.fits (given)"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"group_time": 0}, "group_time must be a positive time"),
        ({"frame_time": float("nan")}, "frame_time must be a positive time"),
        ({"n_frames": 0}, "n_frames must be at least 1"),
        ({"groupgap": -1}, "groupgap must be at least 0"),
    ],
)
def test_a_read_pattern_that_cannot_be_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Timing(**{"frame_time": 1, "group_time": 1, **change})
