import numpy as np
from skimage.draw import ellipse

from rampviewer.core.large.drawing import Drawn, expanded
from rampviewer.core.large.ellipses import Ellipse


def test_pixels_are_those_of_scikit_image():
    rng = np.random.default_rng(2)
    angles = (0.0, 45.0, -45.0, 90.0, -90.0, *rng.uniform(-90, 90, 8))
    n_pixels = 0
    for angle in angles:
        for radius_1, radius_2 in (
            (1, 1),
            (5, 5),
            (13, 13),
            (3, 8),
            (9, 2),
            (0, 4),
            (25, 25),
        ):
            x, y = rng.integers(0, 50), rng.integers(0, 40)
            drawn = Drawn(int(x), int(y), radius_1, radius_2, float(angle))
            ours = np.zeros((40, 50), np.uint8)
            top, left, image = drawn.pixels(40, 50)
            ours[top : top + image.shape[0], left : left + image.shape[1]] = image
            expected = np.zeros_like(ours)
            if radius_1 and radius_2:
                turn = np.radians(angle)
                expected[ellipse(y, x, radius_2, radius_1, expected.shape, turn)] = 1
            np.testing.assert_array_equal(ours, expected)
            n_pixels += expected.sum()
    assert n_pixels > 5000


def test_both_axes_grow_by_as_many_pixels():
    drawn = expanded(Ellipse(10.2, 20.7, 8.0, 12.0, 30.0), 2.0, 100)
    assert drawn == Drawn(10, 21, 8, 10, 30.0)


def test_axes_have_a_limit():
    drawn = expanded(Ellipse(10, 20, 8.0, 12.0, 30.0), 2.0, 12)
    assert (drawn.radius_1, drawn.radius_2) == (6, 6)
