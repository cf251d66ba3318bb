import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.jump_detection import (
    NOT_COUNTED,
    detect_exposure,
    detect_jumps,
)
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing
from tests.jump_cases import (
    TIMING,
    ramp_exposure,
    random_arrays,
    random_exposure,
    random_parameters,
)
from tests.reference_jump import reference_jumps

JUMP, SATURATED, DO_NOT_USE = Dq.JUMP_DET, Dq.SATURATED, Dq.DO_NOT_USE
SEEDS = st.integers(0, 2**32 - 1)


def jumps_in(exposure, parameters=None, **options):
    """Return (n_pixels, n_groups) bool for an exposure of `ramp_exposure`."""
    result = detect_exposure(exposure, parameters or JumpParameters(), **options)
    return (result.groupdq[0, :, 0, :] & JUMP).astype(bool).T


# Once the largest is left out the median is 12: with a read variance of 4 the noise is 4.
@pytest.mark.parametrize(("step", "found"), [(15.99, False), (16.0, False), (16.01, True)])
def test_only_a_jump_above_the_rejection_threshold_is_flagged(step, found):
    exposure = ramp_exposure([12, 11, 12, 12 + step, 13], readnoise=2.0)
    np.testing.assert_array_equal(
        jumps_in(exposure), [[False, False, False, False, found, False]]
    )


# The median of three is 8, and with a read variance of 1 the noise is 3.
@pytest.mark.parametrize(("step", "found"), [(14.99, False), (15.01, True)])
def test_four_groups_have_a_threshold_of_their_own(step, found):
    exposure = ramp_exposure([8, 8 + step, 7])
    np.testing.assert_array_equal(jumps_in(exposure), [[False, False, found, False]])


# The smaller of two is 3, and with a read variance of 1 the noise is 2.
@pytest.mark.parametrize(("step", "found"), [(11.99, False), (12.01, True)])
def test_three_groups_have_a_threshold_of_their_own(step, found):
    exposure = ramp_exposure([3, 3 + step])
    np.testing.assert_array_equal(jumps_in(exposure), [[False, False, found]])


def test_the_threshold_changes_with_the_differences_that_are_left():
    # 4 differences: 900 goes at 4 sigma; 3 are left: their median is 8, the noise 3, and
    # 8 + 14.9 stays below 5 sigma although it is above 4.
    stays, goes = [8, 22.9, 7, 900], [8, 23.1, 7, 900]
    found = jumps_in(ramp_exposure([stays, goes]), JumpParameters(flag_4_neighbors=False))
    np.testing.assert_array_equal(
        found, [[False, False, False, False, True], [False, False, True, False, True]]
    )


def test_the_largest_and_its_equals_do_not_enter_the_median():
    # Without the three of 6 the median is 0 and the noise 1.
    np.testing.assert_array_equal(
        jumps_in(ramp_exposure([0, 6, 0, 6, 6])), [[False, False, True, False, True, True]]
    )
    assert not jumps_in(ramp_exposure([0, 4, 0, 4, 4])).any()


def test_a_single_pass_takes_the_median_of_all_differences():
    # Median 8, read variance 1, noise 3.
    steps = np.full((2, 11), 8.0)
    steps[0, 4], steps[1, 4] = 8 + 11.99, 8 + 12.01
    found = jumps_in(ramp_exposure(steps), JumpParameters(flag_4_neighbors=False))
    assert found.sum() == 1
    assert found[1, 5]


def test_more_frames_mean_less_read_noise():
    # 4 frames: the read variance is 4 / 4 = 1 electron^2, the noise 3.
    steps = [8, 8 + 15.01, 7]
    assert jumps_in(ramp_exposure(steps, readnoise=2.0, n_frames=4)).any()
    assert not jumps_in(ramp_exposure(steps, readnoise=2.0, n_frames=1)).any()


def test_signal_and_read_noise_are_scaled_by_the_gain():
    # In electrons: 8, 23.01, 7 and a read variance of 1.
    steps = np.array([8, 8 + 15.01, 7]) / 2
    assert jumps_in(ramp_exposure(steps, gain=2.0, readnoise=0.5)).any()
    assert not jumps_in(ramp_exposure(steps, gain=2.0, readnoise=0.6)).any()


def test_no_read_noise_and_no_signal_is_never_a_jump():
    assert not jumps_in(ramp_exposure([0, 0, 0, 0, 500], readnoise=0.0)).any()


# The signed median is 10, the noise 4.
@pytest.mark.parametrize(
    ("sigmas", "reached"), [(9.99, False), (10.01, True), (999.9, True), (1000.1, False)]
)
def test_neighbours_are_flagged_between_both_limits(sigmas, reached):
    quiet = [10, 9, 10, 11, 10]
    hit = [10, 9, 10, 10 + 4 * sigmas, 11]
    exposure = ramp_exposure([quiet, hit, quiet, quiet], readnoise=math.sqrt(6))
    result = detect_exposure(exposure, JumpParameters())
    none, primary = Origin.NONE, Origin.PRIMARY
    neighbor = Origin.NEIGHBOR if reached else none
    np.testing.assert_array_equal(
        result.origin[0, 4, 0], [neighbor, primary, neighbor, none]
    )
    np.testing.assert_array_equal(result.groupdq != 0, result.origin != 0)
    assert result.n_primary == 1


@pytest.mark.parametrize("blocked", [SATURATED, DO_NOT_USE])
def test_an_unusable_neighbour_is_not_flagged(blocked):
    groupdq = np.zeros((1, 6, 1, 2), np.uint8)
    groupdq[0, 4, 0, 1] = blocked
    steps = [[10, 9, 10, 400, 11], [10, 9, 10, 11, 10]]
    found = jumps_in(ramp_exposure(steps, readnoise=math.sqrt(6), groupdq=groupdq))
    assert found[0, 4]
    assert not found[1].any()


@pytest.mark.parametrize(
    ("dn", "time", "groups"),
    [(489, 2.0, [4, 5, 6]), (490, 2.0, [4, 5, 6]), (491, 2.0, [4]), (0, 0.9, [4])],
)
def test_groups_after_a_large_jump_are_flagged(dn, time, groups):
    # The jump is 500 over a median of 10; one group takes 1 s.
    steps = [10, 9, 10, 500, 11, 10, 11, 10]
    for pair in "12":
        parameters = JumpParameters(
            **{f"after_jump_flag_dn{pair}": dn, f"after_jump_flag_time{pair}": time}
        )
        exposure = ramp_exposure(steps, readnoise=math.sqrt(6))
        result = detect_exposure(exposure, parameters)
        assert list(np.flatnonzero(result.groupdq[0, :, 0, 0])) == groups
        assert set(result.origin[0, groups[1:], 0, 0]) <= {Origin.AFTER_JUMP}
        assert result.n_primary == 1


def test_fewer_than_three_groups_are_skipped():
    arrays = random_arrays(np.random.default_rng(1), 2, 2, dirt=0.2)
    result = detect_jumps(*arrays, TIMING, JumpParameters())
    assert result.skipped
    np.testing.assert_array_equal(result.groupdq, arrays[1])
    np.testing.assert_array_equal(result.pixeldq, arrays[2])
    np.testing.assert_array_equal(result.origin, (arrays[1] & JUMP) // JUMP)
    dropped = detect_jumps(*arrays, TIMING, JumpParameters(), delivered_jumps="drop")
    np.testing.assert_array_equal(dropped.groupdq, arrays[1] & ~np.uint8(JUMP))


def test_too_few_usable_groups_only_clean_the_flags():
    groupdq = np.zeros((1, 4, 1, 1), np.uint8)
    groupdq[0, :, 0, 0] = [JUMP, JUMP, DO_NOT_USE | JUMP, DO_NOT_USE]
    exposure = ramp_exposure([5, 900, 5], groupdq=groupdq)
    result = detect_exposure(exposure, JumpParameters())
    np.testing.assert_array_equal(
        result.groupdq[0, :, 0, 0], [JUMP, JUMP, DO_NOT_USE, DO_NOT_USE]
    )
    assert result.n_primary == NOT_COUNTED
    assert not result.skipped


@given(seed=SEEDS, n_groups=st.integers(3, 13))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_dropping_delivered_jumps_is_as_if_they_were_not_there(seed, n_groups):
    rng = np.random.default_rng(seed)
    sci, groupdq, *rest = random_arrays(rng, 2, n_groups, dirt=0.2)
    parameters = random_parameters(rng)
    dropped = detect_jumps(sci, groupdq, *rest, TIMING, parameters, delivered_jumps="drop")
    fresh = detect_jumps(sci, groupdq & ~np.uint8(JUMP), *rest, TIMING, parameters)
    np.testing.assert_array_equal(dropped.groupdq, fresh.groupdq)
    np.testing.assert_array_equal(dropped.origin, fresh.origin)
    assert dropped.n_primary == fresh.n_primary
    assert Origin.DELIVERED not in dropped.origin


@given(seed=SEEDS, n_groups=st.integers(3, 13))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_each_flag_has_its_first_cause(seed, n_groups):
    rng = np.random.default_rng(seed)
    sci, groupdq, *rest = random_arrays(rng, 2, n_groups, dirt=0.2)
    parameters = random_parameters(rng)
    result = detect_jumps(sci, groupdq, *rest, TIMING, parameters)
    np.testing.assert_array_equal(result.origin != 0, (result.groupdq & JUMP) != 0)
    alone = JumpParameters(
        flag_4_neighbors=False,
        rejection_threshold=parameters.rejection_threshold,
        three_group_rejection_threshold=parameters.three_group_rejection_threshold,
        four_group_rejection_threshold=parameters.four_group_rejection_threshold,
        min_diffs_single_pass=parameters.min_diffs_single_pass,
    )
    found = reference_jumps(sci, groupdq & ~np.uint8(JUMP), *rest, TIMING, alone)[0] & JUMP
    np.testing.assert_array_equal(result.origin == Origin.PRIMARY, found != 0)
    delivered = (groupdq & JUMP != 0) & (groupdq & (SATURATED | DO_NOT_USE) == 0)
    np.testing.assert_array_equal(
        result.origin == Origin.DELIVERED, delivered & (found == 0)
    )


def test_a_jump_that_was_delivered_and_found_is_primary():
    groupdq = np.zeros((1, 6, 1, 1), np.uint8)
    groupdq[0, [2, 4]] = JUMP
    exposure = ramp_exposure([10, 9, 10, 400, 11], groupdq=groupdq)
    result = detect_exposure(exposure, JumpParameters())
    delivered, primary = Origin.DELIVERED, Origin.PRIMARY
    np.testing.assert_array_equal(
        result.origin[0, :, 0, 0], [0, 0, delivered, 0, primary, 0]
    )
    assert result.n_primary == 2


def test_any_number_of_threads_gives_the_same():
    exposure = random_exposure(np.random.default_rng(2), 1, 8, frame=(150, 5))
    one, many = (
        detect_exposure(exposure, JumpParameters(), n_threads=n_threads)
        for n_threads in (1, 3)
    )
    np.testing.assert_array_equal(one.groupdq, many.groupdq)
    np.testing.assert_array_equal(one.origin, many.origin)
    assert one.n_primary == many.n_primary


def test_inputs_of_any_layout_are_taken_and_not_written_to():
    arrays = random_arrays(np.random.default_rng(3), 2, 6)
    expected = detect_jumps(*arrays, TIMING, JumpParameters())
    foreign = [np.asfortranarray(a.astype(a.dtype.newbyteorder(">"))) for a in arrays]
    for given_arrays in (arrays, foreign):
        before = [a.copy() for a in given_arrays]
        for array in given_arrays:
            array.flags.writeable = False
        result = detect_jumps(*given_arrays, TIMING, JumpParameters())
        for array, copy in zip(given_arrays, before, strict=True):
            np.testing.assert_array_equal(array, copy)
        np.testing.assert_array_equal(result.groupdq, expected.groupdq)
        np.testing.assert_array_equal(result.pixeldq, expected.pixeldq)
        assert result.groupdq.dtype == np.uint8
        assert result.pixeldq.dtype == np.uint32


@pytest.mark.parametrize(
    ("times", "word"),
    [
        ([[1.0], [2.0]], "each of the 3 groups"),
        ([[1.0], [], [3.0]], "each of the 3 groups"),
        ([[1.0], [2.0], [2.0]], "increase"),
    ],
)
def test_read_times_that_do_not_fit_are_refused(times, word):
    arrays = random_arrays(np.random.default_rng(4), 1, 3)
    timing = Timing(frame_time=1.0, group_time=1.0, read_times=times)
    with pytest.raises(ValueError, match=word):
        detect_jumps(*arrays, timing, JumpParameters())


def test_delivered_jumps_are_kept_or_dropped():
    arrays = random_arrays(np.random.default_rng(4), 1, 3)
    with pytest.raises(ValueError, match="keep or drop, got 'maybe'"):
        detect_jumps(*arrays, TIMING, JumpParameters(), delivered_jumps="maybe")


def test_a_gain_that_cannot_be_used_is_marked_in_pixeldq():
    arrays = list(random_arrays(np.random.default_rng(6), 1, 5, dirt=0.0))
    arrays[2][:] = 16
    arrays[3][0, :3] = [np.nan, 0.0, -1.0]
    result = detect_jumps(*arrays, TIMING, JumpParameters())
    marked = 16 | Dq.NO_GAIN_VALUE | DO_NOT_USE
    np.testing.assert_array_equal(result.pixeldq[0, :4], [marked, marked, marked, 16])


def test_shapes_that_do_not_fit_are_refused():
    sci, groupdq, *rest = random_arrays(np.random.default_rng(6), 1, 5)
    with pytest.raises(ValueError, match="groupdq has the shape"):
        detect_jumps(sci, groupdq[:, 1:], *rest, TIMING, JumpParameters())


def test_exposures_are_taken_as_they_are():
    exposure = random_exposure(np.random.default_rng(8), 1, 6)
    assert isinstance(exposure, Exposure)
    arrays = (exposure.sci, exposure.groupdq, exposure.pixeldq, exposure.gain)
    direct = detect_exposure(exposure, JumpParameters())
    by_arrays = detect_jumps(*arrays, exposure.readnoise, exposure.timing, JumpParameters())
    np.testing.assert_array_equal(direct.groupdq, by_arrays.groupdq)
