import numpy as np

from rampviewer.gui.image.frame_copies import FrameCopies

FRAME = np.arange(12, dtype=np.float32).reshape(3, 4)


def test_a_copy_is_equal_and_apart():
    copy = FrameCopies().copy(FRAME)
    np.testing.assert_array_equal(copy, FRAME)
    assert not np.shares_memory(copy, FRAME)
    assert copy.flags.c_contiguous


def test_the_next_copy_takes_the_place_of_the_last_one():
    copies = FrameCopies()
    first = copies.copy(FRAME)
    assert copies.copy(FRAME + 1) is first
    np.testing.assert_array_equal(first, FRAME + 1)


def test_another_type_or_shape_is_another_array():
    copies = FrameCopies()
    first = copies.copy(FRAME)
    flags = copies.copy(FRAME.astype(np.uint32))
    assert flags.dtype == np.uint32
    np.testing.assert_array_equal(first, FRAME)
    assert copies.copy(FRAME[:2]).shape == (2, 4)


def test_a_repeated_value_can_be_copied_and_written_to():
    copy = FrameCopies().copy(np.broadcast_to(np.float32(np.nan), (3, 4)))
    copy[1, 2] = 5
    assert np.count_nonzero(copy == 5) == 1
