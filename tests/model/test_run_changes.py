import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.planes.rate_difference import sigma_difference
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.runs.run_changes import Found, RunChangesJob, run_changes
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.tables.change_table import WORDS
from tests.exposures import random_exposure
from tests.large_cases import snowball_exposure, snowball_parameters

JUMP, SATURATED = int(Dq.JUMP_DET), int(Dq.SATURATED)
FIT = RampFitParameters()


def live(prepared, delivered_jumps="drop", **changes):
    jump = JumpParameters(**changes)
    recipe = Recipe(jump=jump, fit=FIT, delivered_jumps=delivered_jumps)
    return process_exposure(prepared, recipe)


def as_delivered(prepared):
    return process_exposure(prepared, Recipe.as_delivered(FIT))


def word_of(old, new):
    """Return in words what became of one group."""
    words = []
    for bit, gained, lost in (
        (JUMP, "flagged", "unflagged"),
        (SATURATED, "saturated", "unsaturated"),
    ):
        if new & bit and not old & bit:
            words.append(gained)
        if old & bit and not new & bit:
            words.append(lost)
    return {
        ("flagged", "unsaturated"): "saturated to jump",
        ("unflagged", "saturated"): "jump to saturated",
        ("flagged", "saturated"): "both set",
        ("unflagged", "unsaturated"): "both cleared",
    }.get(tuple(words), words[0])


def assert_lists_all_changes(prepared, before, after, changes):
    """Compare with flags put together group by group, and with single pixels."""
    exposure = prepared.exposure
    old, new = (flags_of_run(exposure, run) for run in (before, after))
    changed = ((old ^ new) & (JUMP | SATURATED)) != 0
    np.testing.assert_array_equal(changes.n_changed, changed.sum(axis=(0, 1)))
    assert changes.n_groups == len(changes.table) == changed.sum() > 0
    table, counted = changes.table, np.zeros(changed.shape, int)
    keys = [table[name] for name in ("integration", "group", "y", "x")]
    np.add.at(counted, tuple(keys), 1)
    np.testing.assert_array_equal(counted, changed)
    for row, (i, group, y, x) in enumerate(
        zip(*(key.tolist() for key in keys), strict=True)
    ):
        flags = int(old[i, group, y, x]), int(new[i, group, y, x])
        assert WORDS[table["change"][row]] == word_of(*flags)
        signal = exposure.sci[i, :, y, x].astype(float)
        step = signal[group] - signal[group - 1] if group else np.nan
        np.testing.assert_equal(table["step"][row], step)
        rates = before.rate.slope[y, x], after.rate.slope[y, x]
        np.testing.assert_equal((table["before"][row], table["after"][row]), rates)


def assert_origins(prepared, before, after, changes, n=60):
    """Compare origin, ratio and limit with what the ramp panel shows of some pixels."""
    table = changes.table
    for row in np.linspace(0, len(table) - 1, min(n, len(table))).astype(int):
        x, y, i, group = (int(table[k][row]) for k in ("x", "y", "integration", "group"))
        old, new = (
            inspect_pixel(prepared, run.recipe, Pixel(y, x), run.large)
            for run in (before, after)
        )
        word = WORDS[table["change"][row]]
        is_new = word.startswith(("flagged", "saturated", "jump to", "both set"))
        view = (new if is_new else old).integrations[i]
        is_full = word in {"saturated", "jump to saturated", "both set"}
        expected = view.origin_of(group, SATURATED if is_full else JUMP)
        assert table["origin"][row] == expected, (word, row)
        if group:
            decision = new.decision
            np.testing.assert_equal(table["ratio"][row], decision.ratio[i, group - 1])
            np.testing.assert_equal(table["threshold"][row], decision.limit[i, group - 1])


@pytest.mark.parametrize("seed", range(4))
def test_flags_as_delivered_against_those_of_the_live_run(seed):
    prepared = Prepared.of(random_exposure(seed))
    before, after = as_delivered(prepared), live(prepared)
    changes = run_changes(prepared, before, after)
    assert_lists_all_changes(prepared, before, after, changes)
    assert_origins(prepared, before, after, changes)


def test_two_thresholds():
    prepared = Prepared.of(random_exposure(7, delivered=0))
    before, after = live(prepared), live(prepared, rejection_threshold=9.0)
    changes = run_changes(prepared, before, after)
    assert_lists_all_changes(prepared, before, after, changes)
    numbers = changes.numbers
    assert numbers.unflagged[Origin.PRIMARY] > 0
    back = run_changes(prepared, after, before)
    np.testing.assert_array_equal(back.numbers.flagged, numbers.unflagged)
    assert back.numbers.n_above_1 == numbers.n_above_1
    np.testing.assert_array_equal(
        np.sort(back.table["difference"]), np.sort(-changes.table["difference"])
    )


@pytest.mark.parametrize("seed", range(4))
def test_snowballs_against_none(seed):
    rng = np.random.default_rng(seed)
    exposure = snowball_exposure(rng)
    prepared = Prepared.of(exposure)
    jump = snowball_parameters(rng)
    before = live(prepared, delivered_jumps="keep")
    recipe = Recipe(jump=jump, fit=FIT, delivered_jumps="keep")
    after = process_exposure(prepared, recipe)
    changes = run_changes(prepared, before, after)
    assert_lists_all_changes(prepared, before, after, changes)
    assert_origins(prepared, before, after, changes)
    assert set(changes.table["origin"]) >= {Origin.SNOWBALL}


def test_saturation_by_a_core_is_counted_and_named():
    words, n_saturated = set(), 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        prepared = Prepared.of(snowball_exposure(rng))
        before = live(prepared, delivered_jumps="keep")
        recipe = Recipe(jump=snowball_parameters(rng), fit=FIT, delivered_jumps="keep")
        changes = run_changes(prepared, before, process_exposure(prepared, recipe))
        words |= {WORDS[kind] for kind in changes.table["change"]}
        n_saturated += changes.numbers.n_saturated
        assert changes.numbers.n_unsaturated == 0
    assert {"flagged", "saturated", "jump to saturated"} <= words
    assert n_saturated > 0


def test_numbers_are_those_of_all_groups_and_pixels():
    prepared = Prepared.of(random_exposure(3))
    before, after = as_delivered(prepared), live(prepared)
    old, new = (flags_of_run(prepared.exposure, run) for run in (before, after))
    numbers = run_changes(prepared, before, after).numbers
    gained, lost, kept = (
        int(((flags & JUMP) != 0).sum()) for flags in (new & ~old, old & ~new, new & old)
    )
    sums = tuple(int(values.sum()) for values in numbers[:3])
    assert sums == (gained, lost, kept)
    assert numbers.unflagged[Origin.DELIVERED] == lost
    assert numbers.flagged[Origin.DELIVERED] == 0
    away = np.abs(sigma_difference(before.rate, after.rate))
    assert numbers.n_above_1 == (away > 1).sum() > numbers.n_above_3 == (away > 3).sum()
    nan = np.isnan(before.rate.slope), np.isnan(after.rate.slope)
    assert numbers.n_newly_nan == (nan[1] & ~nan[0]).sum() > 0
    assert numbers.n_no_longer_nan == (nan[0] & ~nan[1]).sum()
    back = run_changes(prepared, after, before).numbers
    assert back.n_no_longer_nan == numbers.n_newly_nan


def test_a_rate_difference_is_in_units_of_the_larger_error():
    prepared = Prepared.of(random_exposure(3))
    before, after = as_delivered(prepared).rate, live(prepared).rate
    found = sigma_difference(before, after)
    for place in np.ndindex(found.shape):
        change = after.slope[place] - before.slope[place]
        err = max(before.err[place], after.err[place])
        expected = 0 if change == 0 else change / err
        np.testing.assert_allclose(found[place], expected, rtol=1e-6)
    assert np.isnan(found[np.isnan(before.slope)]).all()
    rows, cols = np.array([3, 60]), np.array([5, 0])
    np.testing.assert_array_equal(
        sigma_difference(before, after, (rows, cols)), found[rows, cols]
    )
    np.testing.assert_array_equal(
        sigma_difference(before, after, slice(33, 70)), found[33:70]
    )


def test_equal_runs_have_no_changes():
    prepared = Prepared.of(random_exposure(3))
    run = live(prepared)
    changes = run_changes(prepared, run, run)
    assert changes.n_groups == len(changes.table) == 0
    assert not changes.n_changed.any()
    assert changes.numbers.n_above_1 == 0


@pytest.mark.parametrize("n_threads", [1, 3])
def test_of_too_many_those_are_listed_whose_rate_changed_most(n_threads):
    exposure = random_exposure(3, shape=(2, 8, 200, 9))  # of several bands
    prepared = Prepared.of(exposure)
    before, after = as_delivered(prepared), live(prepared)
    whole = run_changes(prepared, before, after)
    part = run_changes(prepared, before, after, most=100, n_threads=n_threads)
    assert part.n_groups == whole.n_groups > 1000
    assert len(part.table) == 100
    for column in part.table.columns:
        np.testing.assert_array_equal(
            part.table[column.name], whole.table[column.name][:100]
        )


def test_rates_that_came_or_went_are_first_and_equal_ones_by_place():
    prepared = Prepared.of(random_exposure(3))
    table = run_changes(prepared, as_delivered(prepared), live(prepared)).table
    one_nan = np.isnan(table["before"]) ^ np.isnan(table["after"])
    n = one_nan.sum()
    assert n > 0
    assert one_nan[:n].all()
    away = np.abs(table["difference"][n:])
    away[np.isnan(away)] = -1
    assert (np.diff(away) <= 0).all()


def test_the_first_of_many_do_not_depend_on_how_they_come():
    rng = np.random.default_rng(0)
    score = rng.integers(0, 4, 200).astype(np.float32)
    place = rng.permutation(200)
    kind = np.zeros(200, np.uint8)
    expected = np.lexsort((place, -score))[:30]
    found = Found(place, kind, kind, score).first(30).in_order()
    np.testing.assert_array_equal(found.place, place[expected])


@pytest.mark.parametrize("n_groups", [1, 2, 3])
def test_few_groups(n_groups):
    prepared = Prepared.of(random_exposure(3, shape=(2, n_groups, 20, 9), delivered=0.2))
    before, after = as_delivered(prepared), live(prepared)
    changes = run_changes(prepared, before, after)
    assert_lists_all_changes(prepared, before, after, changes)


def test_all_kinds_of_change_have_a_word():
    assert word_of(JUMP | SATURATED, 0) in WORDS
    assert {word_of(a, b) for a in (0, 2, 4, 6) for b in (0, 2, 4, 6) if a != b} == set(
        WORDS
    )


def test_a_job_ends_when_nobody_wants_it_any_more():
    prepared = Prepared.of(random_exposure(1, shape=(1, 6, 300, 4)))
    run, calls = live(prepared), []

    def after_a_while():
        calls.append(1)
        return len(calls) > 2  # in the midst of the bands

    job = RunChangesJob(prepared, run, run)
    with pytest.raises(CancelledError):
        next(job.steps(after_a_while, lambda: False))
