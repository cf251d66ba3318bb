import numpy as np
import pytest

from rampviewer.gui.image.frame_copies import ROWS, FrameCopies

FRAME = np.arange(12, dtype=np.float32).reshape(3, 4)


def copy_of(frame, copies=None):
    return (copies or FrameCopies()).copy(frame.shape, frame.__getitem__)


@pytest.mark.parametrize("n_rows", [3, ROWS, 2 * ROWS + 1])
def test_a_copy_is_equal_and_apart(n_rows):
    frame = np.arange(4 * n_rows, dtype=np.float32).reshape(n_rows, 4)
    copy = copy_of(frame)
    np.testing.assert_array_equal(copy, frame)
    assert not np.shares_memory(copy, frame)
    assert copy.flags.c_contiguous


def test_the_next_copy_takes_the_place_of_the_last_one():
    copies = FrameCopies()
    first = copy_of(FRAME, copies)
    assert copy_of(FRAME + 1, copies) is first
    np.testing.assert_array_equal(first, FRAME + 1)


@pytest.mark.parametrize("kind", [np.uint32, np.uint8])
def test_another_type_takes_the_memory_of_the_last_one(kind):
    copies = FrameCopies()
    first = copy_of(FRAME, copies)
    second = copy_of(FRAME.astype(kind), copies)
    np.testing.assert_array_equal(second, FRAME)
    assert (second.dtype, second.flags.c_contiguous) == (kind, True)
    assert np.shares_memory(first, second)


def test_a_larger_frame_has_room():
    copies = FrameCopies()
    for frame in (FRAME, FRAME[:2], np.tile(FRAME, (2, 2))):
        np.testing.assert_array_equal(copy_of(frame, copies), frame)


def test_a_repeated_value_can_be_copied_and_written_to():
    copy = copy_of(np.broadcast_to(np.float32(np.nan), (3, 4)))
    copy[1, 2] = 5
    assert np.count_nonzero(copy == 5) == 1
