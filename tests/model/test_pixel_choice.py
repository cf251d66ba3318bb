import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.pixel_choice import Choice, choose


def frame(shape=(30, 60), **bad):
    pixeldq = np.zeros(shape, np.uint32)
    for name, where in bad.items():
        pixeldq[where] = Dq[name]
    return pixeldq


@pytest.mark.parametrize("bit", ["DO_NOT_USE", "REFERENCE_PIXEL", "NON_SCIENCE"])
def test_random_pixels_are_usable_and_different(bit):
    pixeldq = frame((6, 6), **{bit: (slice(1, None), slice(None))})
    found = choose(Choice("random", 12, 3), pixeldq, None)
    assert len(set(found)) == 6
    assert {pixel.row for pixel in found} == {0}


def test_a_seed_gives_the_same_pixels_and_a_shorter_list_is_its_beginning():
    pixeldq = frame()
    nine = choose(Choice("random", 9, 4), pixeldq, None)
    assert choose(Choice("random", 9, 4), pixeldq, None) == nine
    assert choose(Choice("random", 5, 4), pixeldq, None) == nine[:5]
    assert choose(Choice("random", 9, 5), pixeldq, None) != nine


def test_the_grid_stands_in_the_middles_of_nine_parts():
    found = choose(Choice("grid"), frame(), None)
    assert found == tuple(Pixel(row, col) for row in (5, 15, 25) for col in (10, 30, 50))


def test_a_bad_pixel_of_the_grid_gives_way_to_the_nearest_good_one():
    pixeldq = frame(DO_NOT_USE=(slice(10, 21), slice(20, 43)))
    pixeldq[15, 30:40] = Dq.DO_NOT_USE
    found = choose(Choice("grid"), pixeldq, None)
    rows, cols = np.nonzero(pixeldq == 0)
    away = np.hypot(rows - 15, cols - 30)
    assert np.hypot(found[4].row - 15, found[4].col - 30) == away.min()


def test_a_frame_without_a_good_pixel_has_no_list():
    pixeldq = frame(DO_NOT_USE=(slice(None), slice(None)))
    for rule in ("random", "grid", "brightest"):
        assert choose(Choice(rule), pixeldq, np.ones(pixeldq.shape, np.float32)) in ((),)


def test_the_highest_values_come_first_without_bad_ones_and_nan():
    values = np.zeros((30, 60), np.float32)
    values[3, 4], values[5, 6], values[7, 8], values[9, 9] = 5, 9, 7, np.nan
    pixeldq = frame(DO_NOT_USE=(5, 6))
    found = choose(Choice("brightest", 12), pixeldq, values)
    assert found == (Pixel(7, 8), Pixel(3, 4))  # what is 0 is no place to look at


def test_equal_values_stand_in_the_order_of_the_frame():
    values = np.full((30, 60), 2, np.uint32)
    values[20, 20] = 3
    found = choose(Choice("jumps", 3), frame(), values)
    assert found == (Pixel(20, 20), Pixel(0, 0), Pixel(0, 1))
