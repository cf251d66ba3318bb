from dataclasses import replace

import numpy as np
import pytest

from rampviewer.model.exposure import Pixel
from rampviewer.model.regions.area import Area
from rampviewer.model.tables.plane_table import MOST_VALUES, plane_table
from rampviewer.model.tables.ramp_table import ramp_table
from tests.pixel_views import GROUP_TIME, noisy


def test_every_group_of_every_integration_has_a_row():
    view = noisy(3, 6, [(1, 4, 300)])
    table = ramp_table(view)
    assert len(table) == 18
    np.testing.assert_array_equal(table["integration"], np.repeat([0, 1, 2], 6))
    np.testing.assert_array_equal(table["time"][:6], np.arange(1, 7) * GROUP_TIME)
    np.testing.assert_array_equal(table["signal"][6:12], view.integrations[1].signal)
    assert table["flags"][10] == "JUMP_DET"


def test_pinned_pixels_follow_the_one_shown_which_is_not_told_twice():
    view = noisy(2, 5)
    other = replace(view, pixel=Pixel(view.pixel.row + 1, view.pixel.col + 2))
    table = ramp_table(view, (other, view))
    places = [(view.pixel.col, view.pixel.row)] * 10 + [
        (other.pixel.col, other.pixel.row)
    ] * 10
    assert list(zip(table["x"], table["y"], strict=True)) == places
    np.testing.assert_array_equal(table["signal"][:10], table["signal"][10:])
    assert "pins" in table.notes["pixel"]
    assert "pins" not in ramp_table(view).notes["pixel"]


def test_a_difference_stands_at_the_later_group():
    view = noisy(2, 5)
    table = ramp_table(view)
    ratio = table["ratio"].reshape(2, 5)
    assert np.isnan(ratio[:, 0]).all()
    np.testing.assert_array_equal(ratio[:, 1:], view.decision.ratio)


def test_the_values_of_an_area_keep_their_places():
    values = np.arange(20, dtype=np.float32).reshape(4, 5)
    table = plane_table(values, Area(1, 3, 2, 5), "Rate", "DN/s")
    np.testing.assert_array_equal(table["x"], [2, 3, 4, 2, 3, 4])
    np.testing.assert_array_equal(table["y"], [1, 1, 1, 2, 2, 2])
    np.testing.assert_array_equal(table["value"], values[table["y"], table["x"]])
    values[:] = 0  # the plane goes on changing, the table does not
    assert table["value"].all()
    assert table.columns[2].heading == "Rate [DN/s]"


def test_too_many_values_are_refused_in_words():
    values = np.broadcast_to(np.float32(0), (1, MOST_VALUES + 1))
    with pytest.raises(ValueError, match="zoom in first"):
        plane_table(values, Area(0, 1, 0, MOST_VALUES + 1), "Rate", "DN/s")
