import numpy as np
import pytest
from skimage.measure import label, regionprops

from rampviewer.core.large.areas import all_areas, cut_out, filled_area, large_enough
from rampviewer.core.large.ellipses import Shapes, first_inside


def masks():
    rng = np.random.default_rng(7)
    for density in (0.0, 0.02, 0.2, 0.45, 0.7, 1.0):
        for shape in ((1, 1), (3, 200), (40, 64), (70, 131)):
            yield (rng.random(shape) < density).astype(np.uint8)
    rings = np.hypot(*(np.indices((60, 70)) - 30)) % 6 < 3
    yield rings.astype(np.uint8)


@pytest.mark.parametrize("mask", list(masks()))
def test_areas_are_those_of_scikit_image(mask):
    areas = all_areas(mask)
    regions = regionprops(label(mask))
    assert len(areas.n_pixels) == len(regions)
    for k, region in enumerate(regions):
        top, left, bottom, right = region.bbox
        np.testing.assert_array_equal(areas.box[k], [top, bottom, left, right])
        np.testing.assert_array_equal(cut_out(areas, k), region.image)
        assert areas.n_pixels[k] == region.area
        assert tuple(areas.centre[k]) == region.centroid
        assert filled_area(cut_out(areas, k)) == region.area_filled


@pytest.mark.parametrize("least", [0, 1, 3, 8.5, 9, 30])
def test_holes_count_when_areas_are_compared_with_a_limit(least):
    for mask in masks():
        regions = regionprops(label(mask))
        expected = [region.area_filled >= least for region in regions]
        np.testing.assert_array_equal(large_enough(all_areas(mask), least), expected)


def test_the_smallest_hole_counts():
    mask = np.ones((3, 3), np.uint8)
    mask[1, 1] = 0
    assert large_enough(all_areas(mask), 9)[0]
    assert not large_enough(all_areas(mask), 9.5)[0]


def test_fast_and_exact_ellipses_agree():
    for mask in masks():
        areas, shapes = all_areas(mask), Shapes()
        for k in range(len(areas.n_pixels)):
            exact = shapes.ellipse(areas, k)
            fast = areas.axes[k]
            np.testing.assert_allclose(fast, [exact.minor, exact.major], atol=1e-5)
            if fast[1] - fast[0] > 0.1:
                turn = np.degrees(areas.angle[k]) - exact.angle
                assert abs((turn + 90) % 180 - 90) < 1e-6


def test_exact_ellipses_are_those_of_scikit_image():
    mask = (np.random.default_rng(1).random((60, 60)) < 0.3).astype(np.uint8)
    areas, shapes = all_areas(mask), Shapes()
    for k, region in enumerate(regionprops(label(mask))):
        ellipse = shapes.ellipse(areas, k)
        assert (ellipse.y, ellipse.x) == region.centroid
        assert ellipse.minor == region.axis_minor_length - 1
        assert ellipse.major == region.axis_major_length - 1
        assert ellipse.angle == np.degrees(region.orientation)
    assert 1 < len(shapes.known) < len(areas.n_pixels)  # equal ones are measured once


def test_the_fast_search_for_a_point_is_right_or_unsure():
    rng = np.random.default_rng(3)
    mask = (rng.random((60, 60)) < 0.25).astype(np.uint8)
    areas, shapes = all_areas(mask), Shapes()
    points = np.round(rng.uniform(0, 60, (900, 2)) * 2) / 2
    points = points[np.argsort(points[:, 0])]
    rows = points[:, 0].copy()
    n_sure = n_unsure = 0
    for k in range(len(areas.n_pixels)):
        found, unsure = first_inside(areas, k, points, rows)
        ellipse = shapes.ellipse(areas, k)
        inside = [ellipse.contains(col, row) for row, col in points]
        if found >= 0:
            assert inside[found]
            n_sure += 1
        elif unsure:
            n_unsure += 1
        else:
            assert not any(inside)
    assert n_sure > 20
    assert n_unsure > 0
