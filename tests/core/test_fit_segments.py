import numpy as np
import pytest

from rampviewer.core.fit.segments import find_segments
from tests.fit_cases import CHARGELOSS, DNU, JUMP, PERSISTENCE, SAT


def segments(*flags):
    dq = np.array(flags, np.uint8)
    starts, stops = np.empty(dq.size, np.int64), np.empty(dq.size, np.int64)
    n_fitted, n_counted = find_segments(dq, starts, stops)
    return list(zip(starts[:n_fitted], stops[:n_fitted], strict=True)), n_counted


def test_a_good_ramp_is_one_segment():
    assert segments(0, 0, 0, 0) == ([(0, 4)], 1)


def test_a_jump_starts_the_next_segment():
    assert segments(0, 0, JUMP, 0, 0) == ([(0, 2), (2, 5)], 2)


def test_of_two_jumps_in_a_row_the_second_starts_the_segment():
    assert segments(0, 0, JUMP, JUMP, 0) == ([(0, 2), (3, 5)], 2)


def test_a_jump_in_the_first_group_is_part_of_the_segment():
    assert segments(JUMP, 0, 0) == ([(0, 3)], 1)


def test_a_jump_in_the_last_group_only_ends_the_segment():
    assert segments(0, 0, JUMP) == ([(0, 2)], 1)


@pytest.mark.parametrize("bit", [DNU, SAT, CHARGELOSS, JUMP | DNU, 64])
def test_any_other_flag_ends_a_segment_and_starts_none(bit):
    assert segments(0, 0, bit, 0, 0) == ([(0, 2), (3, 5)], 2)


def test_persistence_does_not_matter():
    assert segments(0, PERSISTENCE, JUMP | PERSISTENCE, 0) == ([(0, 2), (2, 4)], 2)


def test_single_groups_before_and_after_a_longer_segment_are_dropped():
    assert segments(0, DNU, 0, 0, DNU, 0) == ([(2, 4)], 1)


def test_of_single_groups_alone_the_first_is_fitted_and_all_are_counted():
    assert segments(DNU, 0, DNU, 0, DNU, 0) == ([(1, 2)], 3)


def test_without_a_good_group_there_is_no_segment():
    assert segments(JUMP, JUMP, SAT) == ([], 0)
