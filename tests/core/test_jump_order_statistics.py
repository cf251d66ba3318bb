from itertools import product

import numpy as np
import pytest

from rampviewer.core.jump.one_pixel import sort_values
from rampviewer.core.jump.order_statistics import sort_columns, sorting_network


@pytest.mark.parametrize("n", range(1, 11))
def test_a_network_sorts_every_pattern(n):
    # What sorts all patterns of zeros and ones sorts everything.
    patterns = np.array(list(product([0, 1], repeat=n)), np.float32).T.copy()
    expected = np.sort(patterns, axis=0)
    sort_columns(patterns, sorting_network(n, np.ones(n, bool)))
    np.testing.assert_array_equal(patterns, expected)


@pytest.mark.parametrize("n", [11, 18, 32, 33, 39, 64, 78, 117, 512, 810])
def test_a_network_sorts_many_values(n):
    values = np.random.default_rng(n).normal(size=(n, 200)).astype(np.float32)
    expected = np.sort(values, axis=0)
    sort_columns(values, sorting_network(n, np.ones(n, bool)))
    np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize("n", [2, 3, 9, 10, 39, 78])
def test_a_shorter_network_still_gives_the_wanted_places(n):
    wanted = np.zeros(n, bool)
    wanted[[0, (n - 1) // 2, n // 2, n - 1]] = True
    values = np.random.default_rng(n).normal(size=(n, 200)).astype(np.float32)
    expected = np.sort(values, axis=0)[wanted]
    short = sorting_network(n, wanted)
    sort_columns(values, short)
    np.testing.assert_array_equal(values[wanted], expected)
    assert len(short) <= len(sorting_network(n, np.ones(n, bool)))


def test_nine_values_need_no_more_than_26_comparisons():
    assert len(sorting_network(9, np.ones(9, bool))) <= 26


@pytest.mark.parametrize("n", [0, 1, 2, 5, 9, 40, 400])
def test_values_of_one_pixel_are_sorted_up_to_their_count(n):
    values = np.random.default_rng(n).integers(0, 50, n + 3).astype(np.float32)
    expected = np.concatenate([np.sort(values[:n]), values[n:]])
    sort_values(values, n)
    np.testing.assert_array_equal(values, expected)
