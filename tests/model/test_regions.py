import numpy as np
import pytest

from rampviewer.model.regions.area import Area
from rampviewer.model.regions.region import KINDS, Region, Regions, new_shape
from rampviewer.model.regions.shapes import Circle, Place, pixels_of

A, B, C = (Circle(row, 5, 2) for row in (10, 20, 30))


def names(regions):
    return [item.name for item in regions.items]


def test_new_regions_are_numbered_and_selected():
    regions = Regions().add(A).add(B)
    assert names(regions) == ["region 1", "region 2"]
    assert regions.current == Region("region 2", B)


def test_a_free_number_is_used_again():
    regions = Regions().add(A).add(B).remove(0).add(C)
    assert names(regions) == ["region 2", "region 1"]


def test_a_name_that_is_taken_gets_a_number():
    regions = Regions().add(A, "star").add(B, "star").add(C, "sky")
    assert names(regions) == ["star", "star 1", "sky"]
    assert names(regions.rename(2, "star 1")) == ["star", "star 1", "star 2"]
    assert regions.rename(2, "  ") == regions


def test_changing_a_region_selects_it():
    regions = Regions().add(A).add(B).change(0, C)
    assert regions.selected == 0
    assert regions.current == Region("region 1", C)


def test_removing_selects_the_next_or_the_one_before():
    regions = Regions().add(A).add(B).add(C)
    assert regions.remove(0).current == Region("region 2", B)
    assert regions.remove(2).current == Region("region 2", B)
    assert regions.remove(0).remove(0).remove(0).current is None


def test_steps_go_round():
    regions = Regions().add(A).add(B)
    assert [regions.step(1).selected, regions.step(-1).selected] == [0, 0]
    assert [regions.select(-1).step(n).selected for n in (1, -1)] == [0, 1]
    assert Regions().step(1) == Regions()


def test_a_region_needs_a_name():
    with pytest.raises(ValueError, match="needs a name"):
        Region(" ", A)


@pytest.mark.parametrize("size", [1, 4, 7])
def test_a_new_rectangle_holds_whole_pixels_about_its_place(size):
    mask = pixels_of(new_shape("rectangle", Place(10, 12), size), Area(0, 20, 0, 24))
    assert np.count_nonzero(mask) == size**2
    assert mask[10, 12]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_made_in_any_size(kind):
    for size in (0.1, 1, 30.7):
        shape = new_shape(kind, Place(10, 12), size)
        assert shape.kind == kind
        assert pixels_of(shape, Area(0, 20, 0, 24))[10, 12]


def test_no_other_kind_can_be_made():
    with pytest.raises(
        ValueError, match="one of rectangle, circle, polygon, got 'hexagon'"
    ):
        new_shape("hexagon", Place(0, 0), 3)
