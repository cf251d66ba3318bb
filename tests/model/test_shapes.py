import math

import numpy as np
import pytest

from rampviewer.model.regions.area import Area
from rampviewer.model.regions.shapes import (
    Circle,
    Place,
    Polygon,
    Rectangle,
    area_of,
    pixels_of,
)

STAR = Polygon(
    tuple(
        Place(10 + 8.3 * math.sin(a), 12 + 8.3 * math.cos(a))
        for a in np.arange(5) * 0.8 * np.pi
    )
)
SHAPES = [
    Rectangle(10, 12, 5, 3),
    Rectangle(9.5, 11.5, 4, 6),
    Rectangle(10.2, 12.1, 9, 4, 30),
    Rectangle(10, 12, 9, 4, 90),
    Circle(10, 12, 4.5),
    Circle(1, 1, 5),
    Polygon((Place(2, 3), Place(4, 18), Place(15, 11))),
    Polygon((Place(2.5, 3.5), Place(2.5, 9.5), Place(8.5, 9.5), Place(8.5, 3.5))),
    STAR,
    Rectangle(100, 100, 5, 5),
]


def inside(shape, row, col):
    """Say whether a point is in a shape, by the textbook."""
    if isinstance(shape, Circle):
        return math.hypot(row - shape.row, col - shape.col) <= shape.radius
    if isinstance(shape, Rectangle):
        turn = complex(col - shape.col, row - shape.row)
        turn *= complex(
            *(round(part(math.radians(-shape.angle)), 15) for part in (math.cos, math.sin))
        )
        half = shape.width / 2, shape.height / 2
        return -half[0] <= turn.real < half[0] and -half[1] <= turn.imag < half[1]
    n_left = 0
    for (r0, c0), (r1, c1) in zip(
        shape.corners, (*shape.corners[1:], shape.corners[0]), strict=True
    ):
        if min(r0, r1) <= row < max(r0, r1):
            n_left += c0 + (row - r0) * (c1 - c0) / (r1 - r0) <= col
    return n_left % 2 == 1


@pytest.mark.parametrize("shape", SHAPES)
def test_pixels_are_those_whose_centre_is_inside(shape):
    frame = np.zeros((20, 24), bool)
    area = area_of(shape, *frame.shape)
    frame[area.rows, area.cols] = pixels_of(shape, area)
    wanted = [[inside(shape, row, col) for col in range(24)] for row in range(20)]
    np.testing.assert_array_equal(frame, wanted)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_of_pixels_is_judged_as_the_grid(shape):
    rows, cols = np.divmod(np.arange(20 * 24), 24)
    grid = pixels_of(shape, Area(0, 20, 0, 24))
    np.testing.assert_array_equal(shape.contains(rows, cols), grid.ravel())


def test_a_rectangle_on_whole_pixels_holds_height_times_width():
    assert np.count_nonzero(pixels_of(Rectangle(9.5, 12, 4, 7), Area(0, 20, 0, 24))) == 28


def test_a_star_is_hollow():
    assert not STAR.contains(np.array([10]), np.array([12]))[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_move_takes_the_pixels_along(shape):
    before = pixels_of(shape, Area(0, 20, 0, 24))
    after = pixels_of(shape.moved(3, -2), Area(3, 23, -2, 22))
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_handle_goes_where_it_is_dragged(shape):
    for number in range(len(shape.handles)):
        row, col = shape.handles[number]
        away = Place(row + (row - shape.center.row) / 2, col + (col - shape.center.col) / 2)
        dragged = shape.dragged(number, away)
        np.testing.assert_allclose(dragged.handles[number], away, atol=1e-9)


def test_the_corner_opposite_to_a_dragged_one_stays():
    shape = Rectangle(10, 12, 6, 4, 25)
    dragged = shape.dragged(2, Place(30, 31))
    np.testing.assert_allclose(dragged.handles[0], shape.handles[0])
    assert dragged.angle == 25


def test_a_side_dragged_beyond_the_opposite_one_leaves_a_thin_rectangle():
    dragged = Rectangle(10, 12, 6, 4).dragged(6, Place(-50, 12))
    assert dragged.height == 0.5
    assert dragged.handles[4].row == pytest.approx(7)


def test_growing_keeps_the_centre():
    assert Rectangle(10, 12, 6, 4).grown(2, 0) == Rectangle(10, 12, 8, 4)
    assert Circle(10, 12, 3).grown(0, 2) == Circle(10, 12, 4)
    grown = Polygon((Place(0, 0), Place(0, 4), Place(4, 4))).grown(4, 0)
    assert grown.corners == (Place(-2, 0), Place(-2, 4), Place(6, 4))


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_shrinks_to_nothing(shape):
    assert shape.grown(-1000, -1000) == shape


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Circle(1, 1, 0), "radius of a circle must be positive, got 0"),
        (lambda: Rectangle(1, 1, 3, -2), "width of a rectangle must be positive"),
        (lambda: Rectangle(1, math.nan, 3, 2), "must be finite"),
        (lambda: Polygon((Place(0, 0), Place(1, 1))), "needs 3 corners, got 2"),
    ],
)
def test_what_is_no_shape_is_refused(make, match):
    with pytest.raises(ValueError, match=match):
        make()
