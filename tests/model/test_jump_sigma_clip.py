from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.dq import Dq
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_decision import flags_of_pixel
from rampviewer.model.runs.jump_detection import (
    detect_exposure,
    detect_jumps,
    jump_settings,
    with_wiped_groups,
)
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.timing import Timing
from tests.deciding import decision_at
from tests.jump_cases import TIMING, random_arrays, random_parameters, random_timing
from tests.reference_jump import reference_jumps

JUMP = Dq.JUMP_DET
SEEDS = st.integers(0, 2**32 - 1)
CLIP = JumpParameters(minimum_sigclip_groups=3, flag_4_neighbors=False)


def clip_case(seed, only_use_ints, n_ints=None, n_groups=None):
    """Return (arrays, timing, parameters) of a small exposure that is sigma clipped.

    In many of them a whole group of an integration lies far off, so that all its pixels
    are flagged; some hold infinite data.
    """
    rng = np.random.default_rng(seed)
    n_ints = n_ints or int(rng.integers(3, 15))
    n_groups = n_groups or int(rng.integers(3, 8))
    frame = int(rng.integers(1, 8)), int(rng.integers(1, 9))
    dirt = rng.choice([0.0, 0.05, 0.2])
    arrays = random_arrays(rng, n_ints, n_groups, dirt=dirt, frame=frame)
    if rng.random() < 0.5:
        i, group = rng.integers(n_ints), rng.integers(n_groups)
        arrays[0][i, group:] += 10 ** rng.uniform(2, 6)
    if rng.random() < 0.2:
        arrays[0][rng.random(arrays[0].shape) < 0.03] = rng.choice([np.inf, -np.inf])
    parameters = replace(
        random_parameters(rng),
        only_use_ints=only_use_ints,
        minimum_sigclip_groups=int(rng.integers(2, n_ints + 1)),
    )
    timing = random_timing(rng)
    if rng.random() < 0.2:
        times = tuple((3.0 * g, 3.0 * g + 1.0) for g in range(n_groups))
        timing = Timing(frame_time=1.0, group_time=2.0, read_times=times)
    return arrays, timing, parameters


def assert_equal_to_reference(arrays, timing, parameters):
    groupdq, pixeldq, n_primary = reference_jumps(*arrays, timing, parameters)
    result = detect_jumps(*arrays, timing, parameters)
    np.testing.assert_array_equal(result.groupdq, groupdq)
    np.testing.assert_array_equal(result.pixeldq, pixeldq)
    assert result.n_primary == n_primary
    return result


def branch_of(arrays, timing, parameters):
    exposure = Exposure.from_arrays(*arrays, timing)
    return decision_at(exposure, Pixel(0, 0), parameters).branch


def flat_exposure(sci, groupdq=None, **calibration):
    """Return an exposure of `sci` with a gain and read noise of 1 where not given."""
    frame = sci.shape[2:]
    groupdq = np.zeros(sci.shape, np.uint8) if groupdq is None else groupdq
    gain = np.full(frame, calibration.get("gain", 1.0))
    readnoise = np.full(frame, calibration.get("readnoise", 1.0))
    return Exposure.from_arrays(
        sci, groupdq, np.zeros(frame, np.uint32), gain, readnoise, TIMING
    )


@given(seed=SEEDS, only_use_ints=st.booleans())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_flags_equal_the_reference(seed, only_use_ints):
    case = clip_case(seed, only_use_ints)
    assert_equal_to_reference(*case)


def test_the_cases_are_sigma_clipped():
    branches = [branch_of(*clip_case(seed, bool(seed % 2))) for seed in range(60)]
    assert branches.count("sigma clip") > 50


@pytest.mark.parametrize("only_use_ints", [True, False])
@pytest.mark.parametrize("threshold", [1.2, 2.5, 4.0])
def test_many_integrations_equal_the_reference(only_use_ints, threshold):
    rng = np.random.default_rng(3)
    arrays = random_arrays(rng, 120, 5, dirt=0.01, frame=(4, 300))
    parameters = JumpParameters(rejection_threshold=threshold, only_use_ints=only_use_ints)
    assert assert_equal_to_reference(arrays, TIMING, parameters).n_primary > 1000


def test_more_samples_than_a_network_sorts_equal_the_reference():
    arrays = random_arrays(np.random.default_rng(4), 4200, 3, dirt=0.02, frame=(1, 3))
    for only_use_ints in (True, False):
        assert_equal_to_reference(
            arrays, TIMING, JumpParameters(only_use_ints=only_use_ints)
        )


@pytest.mark.parametrize(
    ("n_ints", "least", "only_use_ints", "branch"),
    [
        (5, 5, True, "sigma clip"),
        (5, 6, True, "iterative"),
        (5, 20, False, "sigma clip"),
        (5, 21, False, "iterative"),
        (1, 4, False, "sigma clip"),
    ],
)
def test_the_limit_counts_integrations_or_groups(n_ints, least, only_use_ints, branch):
    arrays = random_arrays(np.random.default_rng(5), n_ints, 4, dirt=0.0)
    parameters = JumpParameters(minimum_sigclip_groups=least, only_use_ints=only_use_ints)
    assert branch_of(arrays, TIMING, parameters) == branch
    assert_equal_to_reference(arrays, TIMING, parameters)


@pytest.mark.parametrize("n_unusable", [1, 2, 3])
@pytest.mark.parametrize("only_use_ints", [True, False])
def test_few_usable_groups_do_not_stop_sigma_clipping(n_unusable, only_use_ints):
    arrays = random_arrays(np.random.default_rng(6), 8, 4, dirt=0.02)
    arrays[1][2, :n_unusable] |= np.uint8(Dq.DO_NOT_USE)
    for least in (3, 8, 9, 29, 32, 33):
        parameters = JumpParameters(
            minimum_sigclip_groups=least,
            only_use_ints=only_use_ints,
            rejection_threshold=2.0,
        )
        assert_equal_to_reference(arrays, TIMING, parameters)


def test_uneven_groups_are_not_sigma_clipped():
    arrays = random_arrays(np.random.default_rng(7), 6, 4, dirt=0.0)
    uneven = replace(TIMING, read_times=((1.0,), (2.0,), (4.0,), (5.0,)))
    assert branch_of(arrays, uneven, CLIP) == "iterative"
    even = replace(TIMING, read_times=((1.0,), (3.0,), (5.0,), (7.0,)))
    assert branch_of(arrays, even, CLIP) == "sigma clip"


def test_each_group_is_compared_with_itself_or_with_all():
    # In each integration the first difference is 10 and the second 1000.
    steps = np.tile([0.0, 10.0, 1000.0], (40, 1)) + np.arange(40)[:, None] % 2
    sci = np.repeat(steps.cumsum(axis=1)[:, :, None, None], 2, axis=3)
    sci[7, 1:, 0, 0] += 200.0
    parameters = replace(CLIP, rejection_threshold=3.0)
    found = np.argwhere(detect_exposure(flat_exposure(sci), parameters).groupdq)
    np.testing.assert_array_equal(found, [[7, 1, 0, 0]])
    together = replace(parameters, only_use_ints=False)
    assert not detect_exposure(flat_exposure(sci), together).groupdq.any()


def far_off_exposure(n_rows=70, bits=None):
    """Return an exposure whose group 2 of integration 4 is off in every pixel."""
    rng = np.random.default_rng(8)
    sci = rng.normal(100.0, 3.0, (30, 4, n_rows, 5)).cumsum(axis=1)
    sci[4, 2:] += 5000.0
    groupdq = np.zeros(sci.shape, np.uint8)
    if bits is not None:
        groupdq[4, 2, 60, 3] = bits
    return flat_exposure(sci, groupdq)


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (None, 0),
        (JUMP, 0),
        (Dq.DO_NOT_USE, Dq.DO_NOT_USE),
        (Dq.PERSISTENCE, Dq.PERSISTENCE | JUMP),
        (Dq.DO_NOT_USE | JUMP, Dq.DO_NOT_USE),
        (Dq.SATURATED | JUMP, Dq.SATURATED),
    ],
)
def test_a_group_in_which_every_pixel_is_flagged_loses_its_flags(bits, expected):
    exposure = far_off_exposure(bits=bits)
    result = detect_exposure(exposure, CLIP)
    group = result.groupdq[4, 2]
    assert group[60, 3] == expected
    assert np.count_nonzero(group) == (expected != 0)
    np.testing.assert_array_equal(result.origin != 0, (result.groupdq & JUMP) != 0)
    reference = reference_jumps(
        exposure.sci,
        exposure.groupdq,
        exposure.pixeldq,
        exposure.gain,
        exposure.readnoise,
        TIMING,
        CLIP,
    )
    np.testing.assert_array_equal(result.groupdq, reference[0])
    assert result.n_primary == reference[2]


def test_one_pixel_that_is_not_flagged_keeps_the_flags_of_all():
    exposure = far_off_exposure()
    saved = far_off_exposure(bits=Dq.SATURATED)  # neither a jump nor DO_NOT_USE
    assert not detect_exposure(exposure, CLIP).groupdq[4, 2].any()
    group = detect_exposure(saved, CLIP).groupdq[4, 2]
    assert np.count_nonzero(group == JUMP) == group.size - 1


def test_a_pixel_alone_has_the_flags_of_the_whole_once_the_facts_are_known():
    exposure = far_off_exposure()
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    pixel = Pixel(33, 2)

    def alone():
        options = jump_settings(facts, exposure.timing, CLIP)
        return flags_of_pixel(exposure, pixel, options)[0][4, 2]

    assert alone() == JUMP
    assert decision_at(exposure, pixel, CLIP, facts=facts).order[4, 1] == 1
    detect_exposure(exposure, CLIP, facts=facts)
    assert alone() == 0
    assert decision_at(exposure, pixel, CLIP, facts=facts).order[4, 1] == 0


@given(seed=SEEDS, only_use_ints=st.booleans(), keep=st.booleans())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_one_pixel_has_the_flags_and_the_decision_of_the_whole(seed, only_use_ints, keep):
    arrays, timing, parameters = clip_case(seed, only_use_ints)
    exposure = Exposure.from_arrays(*arrays, timing)
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    whole = detect_exposure(
        exposure, parameters, delivered_jumps="keep" if keep else "drop", facts=facts
    )
    options = jump_settings(facts, timing, parameters, keep)
    for row, col in np.ndindex(exposure.n_rows, exposure.n_cols):
        groupdq, origin = flags_of_pixel(exposure, Pixel(row, col), options)
        np.testing.assert_array_equal(groupdq, whole.groupdq[:, :, row, col])
        np.testing.assert_array_equal(origin, whole.origin[:, :, row, col])
        decision = decision_at(exposure, Pixel(row, col), parameters, keep, facts=facts)
        found = decision.order > 0
        np.testing.assert_array_equal(found, origin[:, 1:] == Origin.PRIMARY)
        assert np.all(decision.ratio[found] > decision.limit[found] * (1 - 1e-9))


def test_the_decision_gives_the_numbers_of_the_last_round():
    steps = np.array([9.0, 11.0, 10.0, 10.0, 9.0, 11.0, 10.0, 10.0, 900.0])
    sci = np.stack([np.zeros(9), steps, 2 * steps], axis=1)[:, :, None, None]
    decision = decision_at(
        flat_exposure(sci, gain=2.0), Pixel(0, 0), replace(CLIP, rejection_threshold=2.0)
    )
    assert decision.branch == "sigma clip"
    assert decision.threshold_name == "rejection_threshold"
    assert decision.threshold == 2.0
    np.testing.assert_array_equal(decision.order[:, 0], [0] * 8 + [1])
    sigma = 2 * np.sqrt(0.5)
    np.testing.assert_allclose(decision.median, 20.0)
    np.testing.assert_allclose(decision.sigma, sigma)
    np.testing.assert_allclose(decision.ratio[-1], 1780 / sigma)
    np.testing.assert_array_equal(decision.limit, 2.0)


@pytest.mark.parametrize("only_use_ints", [True, False])
def test_any_blocks_and_threads_give_the_same(only_use_ints):
    rng = np.random.default_rng(9)
    arrays = random_arrays(rng, 6, 4, frame=(150, 5))
    exposure = Exposure.from_arrays(*arrays, TIMING)
    exposure.sci[2, 2:] += 1e5
    parameters = JumpParameters(minimum_sigclip_groups=3, only_use_ints=only_use_ints)
    one, many = (
        detect_exposure(exposure, parameters, n_threads=n_threads) for n_threads in (1, 3)
    )
    np.testing.assert_array_equal(one.groupdq, many.groupdq)
    np.testing.assert_array_equal(one.origin, many.origin)
    assert one.n_primary == many.n_primary


@pytest.mark.parametrize("delivered", ["keep", "drop"])
def test_a_pass_has_the_flags_of_the_array_call(delivered):
    exposure = far_off_exposure(bits=JUMP)
    recipe = Recipe(jump=CLIP, fit=RampFitParameters(), delivered_jumps=delivered)
    run = process_exposure(Prepared.of(exposure), recipe)
    result = detect_exposure(exposure, CLIP, delivered_jumps=delivered)
    np.testing.assert_array_equal(
        run.n_jumps, ((result.groupdq & JUMP) != 0).sum(axis=(0, 1))
    )
    assert run.n_primary == result.n_primary


def test_dropped_jumps_do_not_count_as_flagged():
    exposure = far_off_exposure()
    exposure.sci[4, 2:, 60, 3] -= 5000.0
    exposure.groupdq[4, 2, 60, 3] = JUMP
    kept = detect_exposure(exposure, CLIP)
    dropped = detect_exposure(exposure, CLIP, delivered_jumps="drop")
    assert not kept.groupdq[4, 2].any()
    assert np.count_nonzero(dropped.groupdq[4, 2] == JUMP) == 70 * 5 - 1


def test_the_facts_are_found_again_for_other_parameters():
    exposure = far_off_exposure()
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    loose = replace(CLIP, rejection_threshold=1e4)
    for parameters, n_wiped in ((CLIP, 1), (loose, 0), (CLIP, 1)):
        options = jump_settings(facts, exposure.timing, parameters)
        found = with_wiped_groups(options, exposure, facts).wiped
        assert found.sum() == n_wiped


@pytest.mark.parametrize("only_use_ints", [True, False])
def test_neighbours_reach_across_tiles(only_use_ints):
    rng = np.random.default_rng(10)
    sci = rng.normal(100.0, 5.0, (12, 4, 3, 600)).cumsum(axis=1)
    for col in (0, 255, 256, 257, 511, 599):
        sci[5, 2:, 1, col] += 2000.0
    exposure = flat_exposure(sci, readnoise=5.0)
    arrays = sci, exposure.groupdq, exposure.pixeldq, exposure.gain, exposure.readnoise
    parameters = JumpParameters(
        minimum_sigclip_groups=3, only_use_ints=only_use_ints, rejection_threshold=2.5
    )
    result = assert_equal_to_reference(arrays, TIMING, parameters)
    assert (result.origin[5, 2, 1, [254, 258]] == Origin.NEIGHBOR).all()


def test_inputs_are_not_written_to():
    exposure = far_off_exposure()
    names = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
    before = [getattr(exposure, name).copy() for name in names]
    detect_exposure(exposure, CLIP)
    for name, array in zip(names, before, strict=True):
        np.testing.assert_array_equal(getattr(exposure, name), array)
