import numpy as np
import pytest

from rampviewer.core.fit.median import median_rate
from tests.fit_cases import DNU, JUMP


def rate(values, flags=None, group_time=2.0):
    ramp = np.array(values, np.float64)
    dq = np.zeros(ramp.size, np.uint8) if flags is None else np.array(flags, np.uint8)
    return median_rate(ramp, dq, group_time, np.empty(ramp.size))


def test_an_odd_number_of_steps_has_a_middle_one():
    assert rate([0, 2, 8, 12]) == 2.0


def test_an_even_number_of_steps_gives_the_mean_of_the_middle_two():
    assert rate([0, 2, 8, 12, 112]) == 2.5


def test_the_step_to_a_jump_is_left_out():
    assert rate([0, 100, 104, 106], [0, JUMP, 0, 0]) == 1.5


def test_both_steps_at_an_unusable_group_are_left_out():
    assert rate([0, 2, 50, 4, 10], [0, 0, DNU, 0, 0]) == 2.0


def test_nan_leaves_out_its_steps():
    assert rate([0, np.nan, 50, 54]) == 2.0


def test_without_steps_the_first_group_stands_for_one():
    assert rate([6, 8, 9], [0, JUMP, JUMP]) == 3.0


@pytest.mark.parametrize(("first", "flag"), [(np.nan, 0), (6.0, DNU)])
def test_without_steps_and_first_group_there_is_no_rate(first, flag):
    assert np.isnan(rate([first, 8, 9], [flag, JUMP, JUMP]))
