import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.dq import Dq
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.runs.jump_detection import detect_jumps
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing
from tests.deciding import decision_at
from tests.jump_cases import (
    TIMING,
    random_arrays,
    random_parameters,
    random_timing,
    uneven_timing,
)
from tests.reference_jump import reference_jumps


def assert_equal_to_reference(arrays, timing, parameters):
    groupdq, pixeldq, n_primary = reference_jumps(*arrays, timing, parameters)
    result = detect_jumps(*arrays, timing, parameters)
    np.testing.assert_array_equal(result.groupdq, groupdq)
    np.testing.assert_array_equal(result.pixeldq, pixeldq)
    if not result.skipped:
        assert result.n_primary == n_primary


@given(
    seed=st.integers(0, 2**32 - 1),
    n_ints=st.integers(1, 3),
    n_groups=st.integers(1, 13) | st.sampled_from([20, 40]),
    dirt=st.sampled_from([0.0, 0.05, 0.2]),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_flags_equal_the_reference(seed, n_ints, n_groups, dirt):
    rng = np.random.default_rng(seed)
    arrays = random_arrays(rng, n_ints, n_groups, dirt=dirt)
    assert_equal_to_reference(arrays, random_timing(rng), random_parameters(rng))


@given(
    seed=st.integers(0, 2**32 - 1),
    n_ints=st.integers(1, 2),
    n_groups=st.integers(3, 13),
    dirt=st.sampled_from([0.0, 0.05, 0.2]),
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_uneven_read_times_equal_the_reference(seed, n_ints, n_groups, dirt):
    rng = np.random.default_rng(seed)
    arrays = random_arrays(rng, n_ints, n_groups, dirt=dirt)
    timing = uneven_timing(rng, n_groups)
    assert_equal_to_reference(arrays, timing, random_parameters(rng))


def test_even_read_times_equal_the_reference():
    rng = np.random.default_rng(11)
    for n_groups in (3, 5, 12):
        arrays = random_arrays(rng, 2, n_groups)
        times = tuple((2.0 * g, 2.0 * g + 1.0) for g in range(n_groups))
        timing = Timing(frame_time=1.0, group_time=2.0, read_times=times)
        assert_equal_to_reference(arrays, timing, random_parameters(rng))


@pytest.mark.parametrize("n_groups", [3, 4, 5, 10, 11, 40])
@pytest.mark.parametrize("n_ints", [1, 2])
def test_flags_equal_the_reference_where_most_pixels_are_quiet(n_groups, n_ints):
    rng = np.random.default_rng(n_groups)
    shape = (n_ints, n_groups, 24, 32)
    steps = rng.poisson(10 ** rng.uniform(0, 5, shape[2:]), shape).astype(float)
    steps[rng.random(shape) < 0.01] += 400
    sci = steps.cumsum(axis=1) + rng.normal(0, 8, shape)
    flat = np.ones(shape[2:])
    arrays = sci, np.zeros(shape, np.uint8), np.zeros(shape[2:], np.uint32), flat, 8 * flat
    for threshold in (2.5, 4.0):
        parameters = JumpParameters(rejection_threshold=threshold)
        assert_equal_to_reference(arrays, TIMING, parameters)


@pytest.mark.parametrize("n_groups", [7, 10, 12])
def test_a_jump_is_found_wherever_it_is_and_wherever_a_datum_is_missing(n_groups):
    rng = np.random.default_rng(n_groups)
    places = np.indices((n_groups, n_groups))
    steps = rng.normal(100.0, 3.0, (1, n_groups, n_groups, n_groups))
    jump, missing = places
    group = np.arange(n_groups)[:, None, None]
    steps[0] += 400.0 * (group == jump)
    sci = steps.cumsum(axis=1)
    sci[0][group == missing] = np.nan
    flat = np.ones((n_groups, n_groups))
    for bit in (0, Dq.SATURATED):
        groupdq = np.zeros(sci.shape, np.uint8)
        groupdq[0][group == missing] = bit
        arrays = sci, groupdq, np.zeros(flat.shape, np.uint32), flat, 3 * flat
        assert_equal_to_reference(arrays, TIMING, JumpParameters(flag_4_neighbors=False))


def test_infinite_data_are_flagged_as_in_the_reference():
    rng = np.random.default_rng(5)
    for n_groups in (4, 6, 14):
        arrays = random_arrays(rng, 2, n_groups, dirt=0.05)
        arrays[0][rng.random(arrays[0].shape) < 0.05] = np.inf
        arrays[0][rng.random(arrays[0].shape) < 0.05] = -np.inf
        assert_equal_to_reference(arrays, TIMING, JumpParameters())


@pytest.mark.parametrize("n_unusable", [2, 3, 4, 5])
def test_wholly_unusable_groups_equal_the_reference(n_unusable):
    rng = np.random.default_rng(7)
    for n_groups in (5, 6, 13, 15):
        arrays = random_arrays(rng, 2, n_groups, dirt=0.05)
        arrays[1][1, -n_unusable:] |= np.uint8(Dq.DO_NOT_USE)
        assert_equal_to_reference(arrays, TIMING, JumpParameters())


@pytest.mark.parametrize(
    ("n_groups", "removal"), [(6, 1), (6, 2), (8, 1), (8, 2), (10, 3), (11, 1), (14, 1)]
)
@pytest.mark.parametrize("even", [True, False])
def test_flags_change_at_the_very_last_digit_of_a_ratio(n_groups, removal, even):
    n_tried = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        arrays = random_arrays(rng, 1, n_groups, dirt=0.0, frame=(1, 1))
        timing = TIMING if even else uneven_timing(rng, n_groups)
        exposure = Exposure.from_arrays(*arrays, timing)
        decision = decision_at(
            exposure, Pixel(0, 0), JumpParameters(rejection_threshold=1.0)
        )
        ratio = decision.ratio[decision.order == removal]
        if not ratio.size:
            continue
        n_tried += 1
        groupdq = []
        for threshold in (ratio[0], np.nextafter(ratio[0], 0.0)):
            parameters = JumpParameters(rejection_threshold=threshold)
            assert_equal_to_reference(arrays, timing, parameters)
            groupdq.append(detect_jumps(*arrays, timing, parameters).groupdq)
        if removal == 1 and decision.branch == "iterative":
            assert not groupdq[0].any()
            assert groupdq[1].any()
    assert n_tried > 20
