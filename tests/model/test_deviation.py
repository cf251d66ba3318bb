import numpy as np
import pytest

from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.deviation import (
    AppliedThreshold,
    applied_thresholds,
    branch_text,
    compared_text,
    deviations,
    residuals,
    stayed_text,
    step_sigma,
)
from rampviewer.model.pixel.pixel_view import Decision
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import GroupTimes
from tests.deciding import decision_at
from tests.jump_cases import ramp_exposure
from tests.pixel_views import GROUP_TIME, make_decision, make_view, two_jumps

REJECTION = "rejection_threshold"
FOUR = "four_group_rejection_threshold"
THREE = "three_group_rejection_threshold"


def decide(steps, **parameters):
    exposure = ramp_exposure(steps)
    return decision_at(exposure, Pixel(0, 0), JumpParameters(**parameters))


def test_a_negative_jump_lies_above_where_sizes_are_compared():
    decision = decide([10, 10, 10, -500, 10, 10])
    assert decision.branch == "iterative"
    found = deviations(decision)
    np.testing.assert_array_equal(np.abs(found), decision.ratio)
    assert found[0, 3] > 100


def test_a_negative_jump_lies_below_where_signs_count():
    decision = decide([10.0] * 5 + [-500, 9] + [11.0] * 6)
    assert decision.branch == "single pass"
    found = deviations(decision)
    np.testing.assert_array_equal(np.abs(found), decision.ratio)
    assert found[0, 5] < -100
    assert found[0, 6] < 0 < found[0, 8]


def test_one_threshold_applies_while_four_differences_are_left():
    decision = decide([10, 11, 500, 9, 10, 12])
    assert applied_thresholds(decision) == (AppliedThreshold(REJECTION, 4.0),)


def test_those_for_few_differences_follow_when_jumps_are_removed():
    decision = decide([10, 900, 11, 500, 9])
    assert applied_thresholds(decision) == (
        AppliedThreshold(REJECTION, 4.0),
        AppliedThreshold(FOUR, 5.0),
    )


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([10, 11, 12], [(FOUR, 5.5)]),
        ([10, 500, 12], [(FOUR, 5.5), (THREE, 6.5)]),
        ([10, 500], [(THREE, 6.5)]),
        ([10.0] * 12, [(REJECTION, 4.5)]),
    ],
)
def test_each_line_has_the_value_of_its_parameter(steps, wanted):
    parameters = {REJECTION: 4.5, FOUR: 5.5, THREE: 6.5}
    found = applied_thresholds(decide(steps, **parameters))
    assert [(line.name, line.sigma) for line in found] == wanted
    limits = decide(steps, **parameters).limit
    assert {line.sigma for line in found} == set(limits[np.isfinite(limits)].tolist())


@pytest.mark.parametrize("branch", ["as delivered", "skipped"])
def test_nothing_is_said_to_apply_where_nothing_was_searched(branch):
    decision = Decision(
        branch=branch,
        n_differences=0,
        threshold=np.nan,
        threshold_name="",
        **dict.fromkeys(
            ("difference", "ratio", "median", "sigma", "limit"), np.full((1, 4), np.nan)
        ),
        order=np.zeros((1, 4), np.int64),
    )
    assert applied_thresholds(decision) == ()
    assert compared_text(decision) == stayed_text(decision) == ""
    assert "no jump" in branch_text(decision) or "skipped" in branch_text(decision)
    assert np.isnan(step_sigma(make_view(np.arange(5.0), decision=decision)))


def test_the_branch_is_told_with_its_counts():
    iterative = decide([10, 900, 11, 500, 9])
    assert branch_text(iterative) == "iterative, 5 of 5 differences usable, 2 removed"
    assert compared_text(iterative) == "|step| \N{MINUS SIGN} median"
    single = decide([10.0] * 6 + [900] + [10.0] * 5)
    assert branch_text(single) == "single pass, 12 of 12 differences usable, 1 above"
    assert compared_text(single) == "step \N{MINUS SIGN} median"


def test_median_and_sigma_are_those_of_what_stayed():
    decision = decide([10, 900, 11, 500, 9])
    sigma = decision.sigma[0, 0]
    assert stayed_text(decision) == f"median 10.0, sigma {sigma:.2f} electron"
    view = make_view(np.arange(6.0), decision=decision)
    assert step_sigma(view) == sigma / view.gain


def test_sigmas_that_differ_are_not_given_as_one():
    sigma = np.array([[5.0, 6.0, 7.0]])
    decision = make_decision(np.arange(4.0)[None], np.zeros((1, 4), int), sigma=sigma)
    assert stayed_text(decision) == ""
    assert step_sigma(make_view(np.arange(4.0), decision=decision)) == 3.0


def test_residuals_are_taken_to_the_segment_of_the_group():
    item = two_jumps().integrations[0]
    np.testing.assert_allclose(residuals(item, GroupTimes(GROUP_TIME)), 0, atol=1e-3)
    (item,) = make_view([0.0, 1.0, 5.0, 3.0, 90.0], [0, 0, 0, 0, 1]).integrations
    found = residuals(item, GroupTimes(GROUP_TIME))
    np.testing.assert_allclose(found[:4], [-0.3, -0.6, 2.1, -1.2], atol=1e-6)
    assert np.isnan(found[4])
