import numpy as np
import pytest

from rampviewer.model.regions.area import Area
from rampviewer.model.tables.jump_filter import in_area, matches
from tests.jump_tables import table_of


@pytest.fixture
def table():
    return table_of()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("  ", [0, 1, 2, 3, 4, 5]),
        ("primary", [0, 2]),
        ("Prim", [0, 2]),
        ("jump", [3]),
        ("after", [3]),
        ("snowball", [4]),
        ("origin=neighbour", [1]),
        ("origin = prim ratio<20", [2]),
        ("origin=after-jump", [3]),
        ("after_jump", [3]),
        ("over", [5]),
        ("group=3", [3, 4, 5]),
        ("int=1", [2, 3]),
        ("integration = 1", [2, 3]),
        ("x<4", [0, 2]),
        ("x <= 4 y>=5 group<3", [0, 1]),
        ("ratio=4..6", [2, 4, 5]),
        ("ratio = 4 .. 5.5", [2, 4]),
        ("step<-1e1", [2]),
        ("step>.5e2", [0]),
        ("threshold=5 ratio>5.9", [5]),
        ("3,5", [0, 2]),
        ("3, 5", [0, 2]),
        ("-", [2]),
        ("+ group=2", [0, 1]),
        ("primary neighbour", []),
    ],
)
def test_every_part_of_the_text_must_hold(table, text, rows):
    assert np.flatnonzero(matches(table, text)).tolist() == rows


@pytest.mark.parametrize(
    "text", ["muon", "group", "color=5", "group=", "12", "x=a", "origin=muon", "foo>3"]
)
def test_what_is_not_understood_is_named(table, text):
    with pytest.raises(ValueError, match=f"^{text} is neither an origin nor a condition"):
        matches(table, f"primary {text}")


def test_what_is_understood_is_named_too(table):
    with pytest.raises(ValueError, match=r"primary, neighbour, after jump, .* ratio, thr"):
        matches(table, "foo>3")


def test_a_range_needs_an_equals_sign(table):
    with pytest.raises(ValueError, match=r"ratio<4..6 must have the form ratio=4..6"):
        matches(table, "ratio<4..6")


def test_an_area_includes_its_start_and_excludes_its_stop(table):
    assert np.flatnonzero(in_area(table, Area(1, 5, 4, 10))).tolist() == [4, 5]
    assert np.flatnonzero(in_area(table, Area(5, 6, 3, 4))).tolist() == [0, 2]
