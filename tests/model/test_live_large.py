from dataclasses import replace

import numpy as np
import pytest

from rampviewer.model.errors import CancelledError
from rampviewer.model.runs.jump_detection import detect_exposure
from rampviewer.model.runs.large_events import apply
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.ramp_fitting import fit_exposure
from rampviewer.model.runs.run_flags import flags_of_run
from tests.large_cases import (
    shower_exposure,
    shower_parameters,
    snowball_exposure,
    snowball_parameters,
)
from tests.live_cases import (
    DEFAULT,
    applied,
    assert_same_run,
    dirty_exposure,
    live_run,
)

KINDS = [(snowball_exposure, snowball_parameters), (shower_exposure, shower_parameters)]


def case(kind, seed):
    """Return (exposure, recipe, the same without large events)."""
    make, parameters = kind
    rng = np.random.default_rng(seed)
    exposure, jump = make(rng), parameters(rng)
    plain = replace(jump, expand_large_events=False, find_showers=False)
    return exposure, replace(DEFAULT, jump=jump), replace(DEFAULT, jump=plain)


def with_threshold(recipe, threshold):
    return replace(recipe, jump=replace(recipe.jump, rejection_threshold=threshold))


def assert_layer_is_on_top(exposure, run, plain):
    """Check flags and rates: two-point jumps of `plain`, the layer of the run above."""
    jumps = detect_exposure(exposure, plain.jump)
    apply(run.large, jumps.groupdq, jumps.origin, 0, exposure.n_rows)
    np.testing.assert_array_equal(flags_of_run(exposure, run), jumps.groupdq)
    fit = fit_exposure(exposure, plain.fit, groupdq=jumps.groupdq, pixeldq=jumps.pixeldq)
    for name in ("slope", "dq", "var_poisson", "var_rnoise", "err"):
        for ours, theirs in ((run.rate, fit.rate), (run.rateints, fit.rateints)):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    assert (run.n_primary, run.n_extended) == (jumps.n_primary, run.large.n_extended)


@pytest.mark.parametrize("kind", KINDS, ids=["snow", "rain"])
@pytest.mark.parametrize("seed", range(6))
def test_large_events_stay_and_are_stale_until_they_are_searched_for(kind, seed):
    exposure, recipe, plain = case(kind, seed)
    live = live_run(exposure)
    first = applied(live.move_to(recipe), None)
    assert first.large is None
    assert first.is_large_stale
    run = applied(live.refresh(), first)
    assert not run.is_large_stale
    assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))
    live.prepare(1.0)
    layer, wholes = run.large, []
    for threshold in (4.3, 9.0, 0.9, 6.0, 5.0):
        delta = live.move_to(with_threshold(recipe, threshold))
        wholes.append(delta.pixels is None)
        run = applied(delta, run)
        assert run.large is layer
        assert run.is_large_stale
        assert_layer_is_on_top(exposure, run, with_threshold(plain, threshold))
    assert wholes == [False, False, True, True, False]
    run = applied(live.refresh(), run)
    recipe = with_threshold(recipe, 5.0)
    assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))


def test_large_events_that_are_wanted_no_more_are_gone():
    exposure, recipe, plain = case(KINDS[0], 1)
    live = live_run(exposure)
    live.move_to(recipe)
    run = applied(live.refresh(), None)
    assert run.n_extended > 0
    run = applied(live.move_to(plain), run)
    assert not run.is_large_stale
    assert_same_run(run, process_exposure(Prepared.of(exposure), plain))


def test_large_events_of_other_delivered_flags_are_not_kept():
    exposure, recipe, plain = case(KINDS[0], 2)
    live = live_run(exposure)
    live.move_to(recipe)
    live.refresh()
    run = applied(live.move_to(replace(recipe, delivered_jumps="drop")), None)
    assert run.large is None
    assert run.is_large_stale
    plain = replace(plain, delivered_jumps="drop")
    other = process_exposure(Prepared.of(exposure), plain)
    np.testing.assert_array_equal(run.rate.slope, other.rate.slope)


def test_a_cancelled_search_leaves_all_as_it_was():
    exposure, recipe, plain = case(KINDS[0], 3)
    live = live_run(exposure)
    run = applied(live.move_to(recipe), None)
    with pytest.raises(CancelledError):
        live.refresh(lambda: True)
    live.prepare(1.0)
    run = applied(live.move_to(with_threshold(recipe, 4.2)), run)
    other = process_exposure(Prepared.of(exposure), with_threshold(plain, 4.2))
    np.testing.assert_array_equal(run.rate.slope, other.rate.slope)


@pytest.mark.parametrize("few", [1, 2])
def test_where_no_jump_is_searched_for_no_large_event_is_stale(few):
    exposure, recipe, _ = case(KINDS[0], 4)
    short = {"sci": exposure.sci[:, :few], "groupdq": exposure.groupdq[:, :few]}
    run = applied(live_run(replace(exposure, **short)).move_to(recipe), None)
    assert not run.is_large_stale
    delivered = replace(recipe, delivered_jumps="as_delivered")
    assert not applied(live_run(exposure).move_to(delivered), None).is_large_stale


def test_sigma_clipping_takes_a_pass_for_what_matters_to_it():
    exposure, _, plain = case(KINDS[0], 5)
    jump = replace(plain.jump, minimum_sigclip_groups=1)
    live, run = live_run(exposure), None
    recipes = [
        replace(plain, jump=replace(jump, rejection_threshold=t)) for t in (4.0, 4.5)
    ]
    other = replace(recipes[1].jump, three_group_rejection_threshold=9.0)
    wholes = []
    for recipe in (*recipes, replace(plain, jump=other), recipes[0]):
        delta = live.move_to(recipe)
        live.prepare()
        run = applied(delta, run)
        wholes.append(delta.pixels is None)
        assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))
    assert wholes == [True, True, True, True]


@pytest.mark.parametrize("seed", range(8))
def test_a_likelihood_fit_is_made_of_the_pixels_that_change(seed):
    rng = np.random.default_rng(seed)
    exposure = dirty_exposure(rng, (12, 60))
    exposure = replace(exposure, sci=exposure.sci[:, :12], groupdq=exposure.groupdq[:, :12])
    fit = replace(DEFAULT.fit, algorithm="LIKELY")
    live, run, wholes = live_run(exposure), None, []
    for threshold in (4.0, 4.5, 12.0, 5.0):
        recipe = with_threshold(replace(DEFAULT, fit=fit), threshold)
        delta = live.move_to(recipe)
        live.prepare()
        run = applied(delta, run)
        wholes.append(delta.pixels is None)
        assert_same_run(run, process_exposure(Prepared.of(exposure), recipe))
    assert wholes == [True, False, False, False]
