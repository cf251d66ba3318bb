import numpy as np
import pytest

from rampviewer.core.fit.coefficients import (
    CLASS_LIMITS,
    POWERS,
    coefficients,
    pair_offset,
    power_class,
)


@pytest.mark.parametrize("length", [3, 4, 9, 40])
@pytest.mark.parametrize("c", range(6))
def test_the_pairs_give_the_slope_of_a_weighted_line(length, c):
    values = np.random.default_rng(length).normal(0, 100, length)
    groups = np.arange(length)
    middle = (length - 1) / 2
    weights = np.abs((groups - middle) / middle) ** POWERS[c]
    wanted = np.polyfit(groups, values, 1, w=np.sqrt(weights))[0]
    table = coefficients(40)
    pairs = table.pair[c, pair_offset(length) :][: (length + 1) // 2]
    differences = (values[::-1] - values)[: pairs.size]
    assert pairs @ differences == pytest.approx(wanted, rel=1e-6)
    assert table.weight_sum[c, length] == pytest.approx(weights.sum(), rel=1e-6)
    spread = np.sum(weights * (groups - middle) ** 2)
    assert table.moment[c, length] == pytest.approx(spread, rel=1e-6)


def test_lengths_do_not_overlap_in_the_table():
    for length in range(1, 30):
        assert pair_offset(length) + (length + 1) // 2 == pair_offset(length + 1)


@pytest.mark.parametrize(("c", "limit"), list(enumerate(CLASS_LIMITS)))
def test_a_class_ends_just_below_its_limit(c, limit):
    assert power_class(np.nextafter(limit, 0.0)) == c
    assert power_class(limit) == c + 1


def test_a_ratio_without_a_value_has_the_highest_class():
    assert power_class(np.nan) == 5
    assert power_class(-1.0) == 0
