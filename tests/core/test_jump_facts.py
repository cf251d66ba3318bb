import math

import numpy as np
import pytest

from rampviewer.core.facts import ExposureFacts, groups_wholly, median_gain


@pytest.fixture
def groupdq():
    """Three groups: wholly bad, bad but for the last pixel, bad but for the first."""
    groupdq = np.zeros((2, 3, 4, 5), np.uint8)
    groupdq[0] = 1 | 16
    groupdq[0, 1, -1, -1] = 16
    groupdq[0, 2, 0, 0] = 2
    return groupdq


def test_a_group_counts_only_when_every_pixel_has_the_bit(groupdq):
    np.testing.assert_array_equal(
        groups_wholly(groupdq, 1), [[True, False, False], [False, False, False]]
    )


def test_any_of_several_bits_counts(groupdq):
    np.testing.assert_array_equal(groups_wholly(groupdq, 3)[0], [True, False, True])


def test_the_worst_integration_decides_how_many_groups_are_usable(groupdq):
    facts = ExposureFacts.of(groupdq, np.ones((4, 5), np.float32))
    assert (facts.n_ints, facts.n_groups) == (2, 3)
    assert facts.n_usable_groups == 2
    assert facts.n_usable_groups_in_all == 5


def test_pixels_without_a_gain_do_not_count_in_its_median():
    assert median_gain(np.array([[1.5, np.nan], [2.5, -1.0]], np.float32)) == 1.5
    assert math.isnan(median_gain(np.full((2, 2), np.nan, np.float32)))
