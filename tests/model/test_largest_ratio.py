from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.facts import ExposureFacts
from rampviewer.core.jump import detect_rows
from rampviewer.model.exposure import Pixel
from rampviewer.model.runs.jump_detection import jump_settings
from rampviewer.model.settings.parameters import JumpParameters
from tests.deciding import decision_at
from tests.jump_cases import (
    ramp_exposure,
    random_exposure,
    random_parameters,
    uneven_timing,
)

SEEDS = st.integers(0, 2**32 - 1)


def largest_ratios(exposure, parameters, rows=None):
    start, stop = rows or (0, exposure.n_rows)
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    options = jump_settings(facts, exposure.timing, parameters)
    shape = (exposure.n_ints, exposure.n_groups, stop - start, exposure.n_cols)
    flags, origin = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
    ratio = np.full(shape[2:], -1, np.float32)
    arrays = exposure.sci, exposure.groupdq, exposure.gain, exposure.readnoise
    detect_rows(*arrays, start, stop, options, flags, origin, ratio)
    return ratio


def expected_ratio(decision):
    """Return the largest ratio of the first stage, as the pixel alone has it."""
    first = decision.order == 1 if decision.order.any() else ~np.isnan(decision.ratio)
    found = decision.ratio[first & ~np.isnan(decision.ratio)]
    return found.max() if found.size else np.nan


@given(
    seed=SEEDS, n_ints=st.integers(1, 3), n_groups=st.integers(3, 14), even=st.booleans()
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_largest_ratio_is_that_of_the_pixel_alone(seed, n_ints, n_groups, even):
    rng = np.random.default_rng(seed)
    exposure, parameters = random_exposure(rng, n_ints, n_groups), random_parameters(rng)
    if not even:
        exposure = replace(exposure, timing=uneven_timing(rng, n_groups))
    ratio = largest_ratios(exposure, parameters)
    facts = ExposureFacts.of(exposure.groupdq, exposure.gain)
    for row, col in np.ndindex(ratio.shape):
        decision = decision_at(exposure, Pixel(row, col), parameters, facts=facts)
        np.testing.assert_allclose(ratio[row, col], expected_ratio(decision), rtol=1e-5)


def test_the_ratio_of_a_quiet_pixel_keeps_its_digits_at_a_high_level():
    steps = np.round(1e5 + np.array([0.0, 0.25, 0.5, -0.25, 0.125, 0.375]), 3)
    exposure = ramp_exposure(steps)
    decision = decision_at(exposure, Pixel(0, 0), JumpParameters())
    ratio = largest_ratios(exposure, JumpParameters())
    np.testing.assert_allclose(ratio[0, 0], expected_ratio(decision), rtol=1e-5)


@pytest.mark.parametrize("n_groups", [8, 12])
def test_the_ratios_do_not_depend_on_how_rows_are_cut(n_groups):
    exposure = random_exposure(np.random.default_rng(3), 2, n_groups)
    whole = largest_ratios(exposure, JumpParameters())
    for start in range(exposure.n_rows):
        part = largest_ratios(exposure, JumpParameters(), (start, start + 1))
        np.testing.assert_array_equal(part[0], whole[start])


@pytest.mark.parametrize("steps", [[8, 9, 8, 700, 8], [8, 9, 8, 700, 8] * 3])
def test_the_ratio_is_by_hand(steps):
    exposure = ramp_exposure(steps, readnoise=1.0)
    # Median 8 in both branches, and a variance of 8 + 1.
    assert largest_ratios(exposure, JumpParameters())[0, 0] == pytest.approx(692 / 3)


def test_equals_of_the_largest_difference_leave_the_median_too():
    ratio = largest_ratios(ramp_exposure([8, 9, 8, 9, 300, 300]), JumpParameters())
    # The median of 8, 8, 9, 9, and a variance of 8.5 + 1.
    assert ratio[0, 0] == pytest.approx(291.5 / 9.5**0.5)
