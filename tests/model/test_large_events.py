from dataclasses import replace

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.jump_detection import detect_exposure
from rampviewer.model.runs.large_events import apply, find_large_events
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing
from tests.large_cases import (
    shower_exposure,
    shower_parameters,
    snowball_exposure,
    snowball_parameters,
)
from tests.reference_jump import reference_with_events

ARRAYS = ("sci", "groupdq", "pixeldq", "gain", "readnoise")


def assert_equal_to_reference(exposure, parameters):
    arrays = [getattr(exposure, name) for name in ARRAYS]
    groupdq, pixeldq, _, n_events = reference_with_events(
        *arrays, exposure.timing, parameters
    )
    result = detect_exposure(exposure, parameters)
    np.testing.assert_array_equal(result.groupdq, groupdq)
    np.testing.assert_array_equal(result.pixeldq, pixeldq)
    assert result.n_extended == n_events
    return result


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_snowballs_equal_the_reference(first):
    n_events = n_carried = n_cores = 0
    for seed in range(first, first + 20):
        rng = np.random.default_rng(seed)
        result = assert_equal_to_reference(snowball_exposure(rng), snowball_parameters(rng))
        n_events += result.n_extended
        n_carried += np.count_nonzero(result.origin == Origin.CARRIED_OVER)
        n_cores += np.count_nonzero(result.origin == Origin.SNOWBALL_CORE)
    assert n_events > 1000
    assert n_carried > 100
    assert n_cores > 1000


@pytest.mark.parametrize("first", range(0, 40, 20))
def test_showers_equal_the_reference(first):
    n_events = n_flagged = 0
    for seed in range(first, first + 20):
        rng = np.random.default_rng(seed)
        result = assert_equal_to_reference(shower_exposure(rng), shower_parameters(rng))
        n_events += result.n_extended
        n_flagged += np.count_nonzero(result.origin == Origin.SHOWER)
    assert n_events > 200
    assert n_flagged > 10_000


def test_snowballs_before_showers_equal_the_reference():
    n_snowballs = n_showers = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        exposure = (snowball_exposure if seed % 2 else shower_exposure)(rng)
        parameters = snowball_parameters(rng, find_showers=True, extend_min_area=10)
        result = assert_equal_to_reference(exposure, parameters)
        n_snowballs += np.count_nonzero(result.origin == Origin.SNOWBALL)
        n_showers += np.count_nonzero(result.origin == Origin.SHOWER)
    assert n_snowballs > 1000
    assert n_showers > 1000


def two_point_flags(exposure):
    return detect_exposure(exposure, JumpParameters())


def test_showers_with_clipped_steps_equal_the_reference():
    n_showers = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        exposure = shower_exposure(rng, (14, 5, 40, 35))
        parameters = shower_parameters(
            rng, minimum_sigclip_groups=12, extend_min_area=20, extend_snr_threshold=1.0
        )
        n_showers += assert_equal_to_reference(exposure, parameters).n_extended
    assert n_showers > 20


def test_holes_count_to_the_area():
    groupdq = np.zeros((1, 3, 40, 40), np.uint8)
    groupdq[0, 1, 10:17, 10:17] = 4
    groupdq[0, 1, 12:15, 12:15] = 0
    for least, n_events in ((49, 1), (50, 0)):
        parameters = JumpParameters(
            expand_large_events=True, min_jump_area=least, edge_size=40
        )
        exposure = quiet_exposure(groupdq)
        assert assert_equal_to_reference(exposure, parameters).n_extended == n_events


def quiet_exposure(groupdq, group_time=10.0):
    sci = np.zeros(groupdq.shape, np.float32)
    timing = Timing(frame_time=group_time, group_time=group_time)
    frame = groupdq.shape[2:]
    return Exposure.from_arrays(
        sci, groupdq, np.zeros(frame, np.uint32), np.ones(frame), np.ones(frame), timing
    )


def one_snowball(n_ints=2, n_groups=5):
    """Return flags with a jump of radius 6 and a core of radius 4 in group 2."""
    groupdq = np.zeros((n_ints, n_groups, 60, 60), np.uint8)
    y, x = np.indices((60, 60)) - 30
    groupdq[0, 2, np.hypot(y, x) <= 6] = 4
    groupdq[0, 2:, np.hypot(y, x) <= 4] = 2
    return groupdq


def test_a_core_replaces_all_flags_of_its_groups():
    groupdq = one_snowball()
    groupdq[0, :, 33, 33] |= 32 + 1  # in the core when that is extended
    result = assert_equal_to_reference(
        quiet_exposure(groupdq), JumpParameters(expand_large_events=True)
    )
    np.testing.assert_array_equal(result.groupdq[0, :, 33, 33], [33, 33, 2, 2, 2])
    np.testing.assert_array_equal(result.origin[0, 2:, 33, 33], [Origin.SNOWBALL_CORE] * 3)


@pytest.mark.parametrize(
    ("time", "carried"), [(9, []), (19, []), (20, [1]), (30, [1, 2]), (4000, [1, 2, 3, 4])]
)
def test_cores_are_carried_over_to_the_next_integration_for_a_time(time, carried):
    parameters = JumpParameters(
        expand_large_events=True, snowball_time_masked_next_int=time
    )
    result = assert_equal_to_reference(quiet_exposure(one_snowball(3)), parameters)
    groups = np.flatnonzero(result.origin[1, :, 30, 30] == Origin.CARRIED_OVER)
    np.testing.assert_array_equal(groups, carried)
    assert not result.groupdq[2].any()


def test_the_events_say_where_they_are():
    exposure = quiet_exposure(one_snowball())
    parameters = JumpParameters(expand_large_events=True)
    flags = two_point_flags(exposure)
    layer = find_large_events(exposure, flags.groupdq, flags.pixeldq, parameters)
    core, ball = layer.events
    assert (core.kind, ball.kind) == (Origin.SNOWBALL_CORE, Origin.SNOWBALL)
    assert layer.n_extended == 1
    assert layer.parameters == parameters
    for event in (core, ball):
        assert (event.integration, event.group) == (0, 2)
        assert (event.drawn.x, event.drawn.y) == (30, 30)
    assert core.n_pixels == 49
    assert core.drawn.radius_1 == core.drawn.radius_2 == 5
    assert ball.core_radius == pytest.approx(np.sqrt(49 / np.pi))
    assert ball.drawn.radius_1 > 6


def test_a_layer_goes_onto_any_block_of_rows():
    rng = np.random.default_rng(8)
    exposure = snowball_exposure(rng)
    parameters = JumpParameters(expand_large_events=True)
    expected = detect_exposure(exposure, parameters)
    flags = two_point_flags(exposure)
    layer = find_large_events(exposure, flags.groupdq, flags.pixeldq, parameters)
    for start in range(0, exposure.n_rows, 7):
        stop = min(start + 7, exposure.n_rows)
        block = np.ascontiguousarray(flags.groupdq[:, :, start:stop])
        origin = np.ascontiguousarray(flags.origin[:, :, start:stop])
        apply(layer, block, origin, start, stop)
        np.testing.assert_array_equal(block, expected.groupdq[:, :, start:stop])
        np.testing.assert_array_equal(origin, expected.origin[:, :, start:stop])


def test_a_jump_keeps_the_origin_it_had():
    rng = np.random.default_rng(3)
    exposure = snowball_exposure(rng)
    before = two_point_flags(exposure)
    after = detect_exposure(exposure, JumpParameters(expand_large_events=True))
    had = ((before.groupdq & Dq.JUMP_DET) != 0) & (after.origin != Origin.SNOWBALL_CORE)
    assert np.count_nonzero(after.origin == Origin.SNOWBALL) > 0
    np.testing.assert_array_equal(after.origin[had], before.origin[had])


@pytest.mark.parametrize("name", ["expand_large_events", "find_showers"])
def test_inputs_are_not_written_to(name):
    rng = np.random.default_rng(2)
    exposure = (snowball_exposure if name.startswith("e") else shower_exposure)(rng)
    flags = two_point_flags(exposure)
    arrays = [*(getattr(exposure, key) for key in ARRAYS), flags.groupdq, flags.pixeldq]
    for array in arrays:
        array.flags.writeable = False
    before = [array.copy() for array in arrays]
    parameters = JumpParameters(**{name: True, "extend_min_area": 10})
    layer = find_large_events(exposure, flags.groupdq, flags.pixeldq, parameters)
    assert layer.events
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_the_number_of_threads_does_not_matter():
    exposure = shower_exposure(np.random.default_rng(1))
    parameters = JumpParameters(find_showers=True, extend_min_area=10)
    flags = two_point_flags(exposure)
    layers = [
        find_large_events(
            exposure, flags.groupdq, flags.pixeldq, parameters, n_threads=n_threads
        )
        for n_threads in (1, 3)
    ]
    assert layers[0].events
    assert layers[0].events == layers[1].events
    for ours, other in zip(layers[0].marks, layers[1].marks, strict=True):
        np.testing.assert_array_equal(ours, other)


def bright_shower():
    """Return noise with a shower of 15 electron per pixel in group 6 of 12."""
    rng = np.random.default_rng(5)
    steps = rng.normal(0, 3, (1, 12, 50, 50))
    steps[0, 6, 15:35, 15:35] += 15
    shape = steps.shape[2:]
    return Exposure.from_arrays(
        steps.cumsum(axis=1),
        np.zeros(steps.shape, np.uint8),
        np.zeros(shape, np.uint32),
        np.ones(shape),
        np.full(shape, 10.0),
        Timing(frame_time=1.0, group_time=1.0),
    )


def test_the_amplitude_of_the_user_counts_only_when_asked_for():
    exposure, flags = bright_shower(), two_point_flags(bright_shower())
    n_marks = {}
    for is_used in (False, True):
        for amplitude in (0.1, 4.0):
            parameters = JumpParameters(
                find_showers=True,
                max_shower_amplitude=amplitude,
                use_max_shower_amplitude=is_used,
                time_masked_after_shower=0,
            )
            layer = find_large_events(
                exposure,
                flags.groupdq,
                flags.pixeldq,
                parameters,
            )
            n_marks[is_used, amplitude] = len(layer.marks.place)
    assert n_marks[False, 0.1] == n_marks[False, 4.0] > 300
    assert n_marks[True, 0.1] < n_marks[True, 4.0] // 4


@pytest.mark.parametrize("name", ["expand_large_events", "find_showers"])
def test_it_can_be_cancelled(name):
    exposure = bright_shower()
    parameters = JumpParameters(**{name: True})
    with pytest.raises(CancelledError):
        find_large_events(
            exposure,
            exposure.groupdq,
            exposure.pixeldq,
            parameters,
            is_cancelled=lambda: True,
        )


def test_showers_where_the_two_point_search_was_skipped_equal_the_reference():
    n_showers = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        exposure = shower_exposure(rng, (3, 12, 40, 40))
        groupdq = exposure.groupdq.copy()
        groupdq[0, 2:] |= 1
        parameters = shower_parameters(rng, extend_min_area=10)
        result = assert_equal_to_reference(replace(exposure, groupdq=groupdq), parameters)
        assert result.n_primary == -99
        n_showers += result.n_extended
    assert n_showers > 20
