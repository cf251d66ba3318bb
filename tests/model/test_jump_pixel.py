import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.dq import Dq
from rampviewer.core.facts import ExposureFacts
from rampviewer.core.origin import Origin
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.pixel_decision import flags_of_pixel
from rampviewer.model.runs.jump_detection import detect_exposure, jump_settings
from rampviewer.model.settings.parameters import JumpParameters
from tests.deciding import decision_at
from tests.jump_cases import (
    ramp_exposure,
    random_exposure,
    random_parameters,
    uneven_timing,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(seed=SEEDS, n_groups=st.integers(3, 13), keep=st.booleans())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_one_pixel_alone_has_the_flags_of_the_whole(seed, n_groups, keep):
    rng = np.random.default_rng(seed)
    exposure, parameters = random_exposure(rng, 2, n_groups), random_parameters(rng)
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    options = jump_settings(facts, exposure.timing, parameters, keep)
    whole = detect_exposure(
        exposure, parameters, delivered_jumps="keep" if keep else "drop"
    )
    for row, col in np.ndindex(exposure.n_rows, exposure.n_cols):
        groupdq, origin = flags_of_pixel(exposure, Pixel(row, col), options)
        np.testing.assert_array_equal(groupdq, whole.groupdq[:, :, row, col])
        np.testing.assert_array_equal(origin, whole.origin[:, :, row, col])


@given(
    seed=SEEDS, n_ints=st.integers(1, 3), n_groups=st.integers(3, 13), even=st.booleans()
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_the_decision_about_a_pixel_is_that_of_its_flags(seed, n_ints, n_groups, even):
    rng = np.random.default_rng(seed)
    exposure, parameters = random_exposure(rng, n_ints, n_groups), random_parameters(rng)
    if not even:
        exposure = replace(exposure, timing=uneven_timing(rng, n_groups))
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    origin = detect_exposure(exposure, parameters).origin
    for row, col in np.ndindex(exposure.n_rows, exposure.n_cols):
        decision = decision_at(exposure, Pixel(row, col), parameters, facts=facts)
        found = origin[:, 1:, row, col] == Origin.PRIMARY
        np.testing.assert_array_equal(decision.order > 0, found)
        above = decision.ratio > decision.limit
        # A difference that is not the most deviant of its stage may be above the limit.
        assert np.all(above[found])
        if not found.all():
            largest = np.nanmax(np.where(found, -1.0, decision.ratio), initial=-1.0)
            limit = np.nanmax(np.where(found, np.nan, decision.limit), initial=0.0)
            assert largest <= limit or decision.n_differences < 2


def test_a_decision_gives_the_numbers_of_each_stage():
    exposure = ramp_exposure([8, 23.25, 7, -900])
    decision = decision_at(exposure, Pixel(0, 0), JumpParameters())
    assert decision.branch == "iterative"
    assert decision.n_differences == 4
    assert decision.threshold_name == "rejection_threshold"
    assert decision.threshold == 4.0
    np.testing.assert_allclose(decision.difference, [[8, 23.25, 7, -900]], rtol=1e-6)
    np.testing.assert_array_equal(decision.order, [[0, 2, 0, 1]])
    # First 900 against the median of 7, 8, 23.25, then 23.25 against that of 7, 8, 23.25;
    # at last 8 against the smaller of two.
    np.testing.assert_array_equal(decision.median, [[7, 8, 7, 8]])
    np.testing.assert_allclose(decision.sigma, [[8**0.5, 3, 8**0.5, 3]])
    np.testing.assert_allclose(
        decision.ratio, [[1 / 8**0.5, 15.25 / 3, 0, 892 / 3]], rtol=1e-6
    )
    np.testing.assert_array_equal(decision.limit, [[6, 5, 6, 4]])


@pytest.mark.parametrize(
    ("steps", "name", "threshold"),
    [
        ([8, 9, 7], "four_group_rejection_threshold", 5.0),
        ([8, 9], "three_group_rejection_threshold", 6.0),
        ([8, 9, 8, 7, 8, 9, 8, 9, 8, 9], "rejection_threshold", 4.0),
    ],
)
def test_the_threshold_that_applied_is_named(steps, name, threshold):
    decision = decision_at(ramp_exposure(steps), Pixel(0, 0), JumpParameters())
    assert (decision.threshold_name, decision.threshold) == (name, threshold)
    assert decision.n_differences == len(steps)
    assert decision.branch == ("single pass" if len(steps) == 10 else "iterative")


def test_a_pixel_without_usable_differences_has_no_threshold():
    groupdq = np.zeros((1, 5, 1, 2), np.uint8)
    groupdq[0, 1:, 0, 0] = Dq.DO_NOT_USE
    exposure = ramp_exposure([[8, 9, 8, 9], [8, 9, 8, 9]], groupdq=groupdq)
    decision = decision_at(exposure, Pixel(0, 0), JumpParameters())
    assert decision.threshold_name == ""
    assert math.isnan(decision.threshold)
    assert np.isnan(decision.ratio).all()
    assert (
        decision_at(ramp_exposure([8.0]), Pixel(0, 0), JumpParameters()).branch == "skipped"
    )
