"""Where the groups of an integration stand on a time axis."""

import numpy as np
import pytest

from rampviewer.model.timing import GroupTimes, Timing

EVEN = GroupTimes(10.0)
STAMPED = GroupTimes(10.0, (0.0, 3.0, 13.0, 23.0))


@pytest.mark.parametrize("times", [EVEN, STAMPED])
def test_the_group_at_the_time_of_a_group_is_that_group(times):
    for group in (-1.5, -0.4, 0.0, 0.5, 1.0, 2.25, 3.0, 3.6, 9.0):
        assert times.group_at(float(times.of(group))) == pytest.approx(group)


def test_groups_stand_where_they_were_read():
    np.testing.assert_allclose(EVEN.of(np.arange(3)), [10, 20, 30])
    np.testing.assert_allclose(STAMPED.of(np.arange(4)), [0, 3, 13, 23])
    np.testing.assert_allclose(STAMPED.of(np.array([-1.0, 0.5, 4.0])), [-10, 1.5, 33])


def test_uneven_groups_stand_at_the_mean_of_their_reads():
    timing = Timing(
        frame_time=3.0, group_time=9.0, read_times=((3.0,), (6.0, 9.0), (15.0, 18.0, 21.0))
    )
    assert timing.times == GroupTimes(9.0, (3.0, 7.5, 18.0))
    assert Timing(frame_time=3.0, group_time=9.0).times == GroupTimes(9.0)


def test_stamps_are_of_the_file_and_need_not_be_even():
    timing = Timing(frame_time=10.0, group_time=10.0, stamps=(0.0, 3.0, 13.0))
    assert timing.times == GroupTimes(10.0, (0.0, 3.0, 13.0))
    assert timing.even.times == timing.times
