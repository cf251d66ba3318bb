import numpy as np
import pytest
from astropy.convolution import Ring2DKernel
from stcal.jump.jump import convolve_fast

from rampviewer.core.large.ring import Ring


def random_values(shape=(60, 70)):
    rng = np.random.default_rng(4)
    values = np.abs(rng.normal(size=shape)).astype(np.float32)
    values[rng.random(shape) < 0.2] = np.nan
    values[10:30, 20:45] = np.nan
    values[50, 50] = np.inf
    return values


@pytest.mark.parametrize(
    ("inner", "width"), [(1.0, 2.6), (0.0, 1.5), (2.0, 4.0), (1.5, 0.7)]
)
def test_the_mean_over_the_ring_is_that_of_the_reference(inner, width):
    values, kernel = random_values(), Ring2DKernel(inner, width).array
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = convolve_fast(values, kernel, copy=True)
    for limit in (0.4, 0.8, 1.0):
        exceeds = Ring(inner, width).exceeds(values, limit)
        np.testing.assert_array_equal(exceeds, mean > limit)


def test_transforms_decide_where_the_mean_is_at_the_limit(monkeypatch):
    ring = Ring(1.0, 2.6)
    asked = []
    by_transforms = ring._by_transforms

    def watched(values, limit):
        asked.append(limit)
        return by_transforms(values, limit)

    monkeypatch.setattr(ring, "_by_transforms", watched)
    values = np.full((40, 40), 0.75, np.float32)
    ring.exceeds(values, 0.75)
    assert asked == [0.75]
    assert not ring.exceeds(values, 0.76).any()
    assert ring.exceeds(values, 0.74)[10:-10, 10:-10].all()
    assert asked == [0.75]


def test_both_ways_agree_away_from_the_limit():
    values, ring = random_values((130, 90)), Ring(1.0, 2.6)
    for limit in (0.5, 0.8, 1.1):
        np.testing.assert_array_equal(
            ring.exceeds(values, limit), ring._by_transforms(values, limit)
        )
