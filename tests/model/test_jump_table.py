import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.tables.jump_table import ORIGINS, JumpTableJob, is_near, jump_table
from tests.jump_cases import ramp_exposure, random_exposure, random_parameters
from tests.large_cases import snowball_exposure, snowball_parameters


def recipe_of(jump=None, delivered_jumps="keep"):
    return Recipe(
        jump=jump or JumpParameters(),
        fit=RampFitParameters(),
        delivered_jumps=delivered_jumps,
    )


def made(exposure, recipe):
    """Return (prepared, run, its table)."""
    prepared = Prepared.of(exposure)
    run = process_exposure(prepared, recipe)
    return prepared, run, jump_table(prepared, run)


def flagged(table, shape):
    """Return a cube of how many rows each group has in the table."""
    cube = np.zeros(shape, int)
    np.add.at(cube, tuple(table[k] for k in ("integration", "group", "y", "x")), 1)
    return cube


def assert_as_the_pixels_say(prepared, run, table):
    """Check every row against what the ramp panel shows of its pixel."""
    names = ("x", "y", "integration", "group", "origin", "step", "ratio", "threshold")
    rows = {}
    for x, y, i, group, *values in zip(*(table[k].tolist() for k in names), strict=True):
        rows.setdefault(Pixel(y, x), {})[i, group] = values
    assert rows
    for pixel, found in rows.items():
        view = inspect_pixel(prepared, run.recipe, pixel, run.large)
        expected = {}
        for i, item in enumerate(view.integrations):
            for group in np.flatnonzero(item.groupdq & Dq.JUMP_DET).tolist():
                numbers = [np.nan] * 3
                if group:
                    step = float(item.signal[group]) - float(item.signal[group - 1])
                    of = (view.decision.ratio, view.decision.limit)
                    numbers = [step, *(float(values[i, group - 1]) for values in of)]
                expected[i, group] = [item.origin_of(group, Dq.JUMP_DET), *numbers]
        assert found.keys() == expected.keys()
        for key, values in found.items():
            np.testing.assert_array_equal(values, expected[key])


@pytest.mark.parametrize("delivered", ["keep", "drop", "as_delivered"])
@pytest.mark.parametrize("size", [(1, 8), (2, 5), (1, 14), (3, 3), (1, 2), (1, 1)])
@pytest.mark.parametrize("seed", range(3))
def test_every_flag_of_the_run_is_one_row_with_the_numbers_of_its_pixel(
    seed, size, delivered
):
    rng = np.random.default_rng([seed, *size])
    exposure = random_exposure(rng, *size)
    recipe = recipe_of(random_parameters(rng), delivered)
    prepared, run, table = made(exposure, recipe)
    jumps = (flags_of_run(exposure, run) & Dq.JUMP_DET) != 0
    np.testing.assert_array_equal(flagged(table, jumps.shape), jumps)
    assert len(table) == jumps.sum()
    if jumps.any():
        assert_as_the_pixels_say(prepared, run, table)


@pytest.mark.parametrize("only_use_ints", [True, False])
def test_so_it_is_with_sigma_clipping(only_use_ints):
    rng = np.random.default_rng(4)
    exposure = random_exposure(rng, 12, 4)
    jump = JumpParameters(minimum_sigclip_groups=10, only_use_ints=only_use_ints)
    prepared, run, table = made(exposure, recipe_of(jump))
    assert prepared.facts.n_ints == 12
    np.testing.assert_array_equal(
        flagged(table, exposure.groupdq.shape),
        (flags_of_run(exposure, run) & Dq.JUMP_DET) != 0,
    )
    assert_as_the_pixels_say(prepared, run, table)


@pytest.mark.parametrize("seed", range(4))
def test_flags_of_snowballs_are_listed_with_their_origin(seed):
    rng = np.random.default_rng(seed)
    exposure = snowball_exposure(rng)
    prepared, run, table = made(exposure, recipe_of(snowball_parameters(rng)))
    np.testing.assert_array_equal(
        flagged(table, exposure.groupdq.shape),
        (flags_of_run(exposure, run) & Dq.JUMP_DET) != 0,
    )
    assert set(table["origin"]) >= {Origin.PRIMARY, Origin.SNOWBALL}
    assert_as_the_pixels_say(prepared, run, table)


def test_rows_go_by_y_x_integration_and_group_also_over_bands():
    exposure = random_exposure(np.random.default_rng(1), 2, 6, frame=(150, 5))
    table = made(exposure, recipe_of())[2]
    places = [table[k] for k in ("group", "integration", "x", "y")]
    np.testing.assert_array_equal(np.lexsort(places), np.arange(len(table)))


def test_the_sign_is_that_of_the_step_beyond_the_median():
    # In the second pixel a step of +2 is far below the median of about 100.
    steps = [[10, 10, 90, 10, 11, 9, 10], [100, 100, 2, 101, 99, 100, 100]]
    steps.append([10, 10, -90, 10, 11, 9, 10])
    table = made(ramp_exposure(steps), recipe_of())[2]
    assert table["group"].tolist() == [3, 3, 3]
    assert table["step"].tolist() == [90, 2, -90]
    assert table["sign"].tolist() == [1, -1, -1]


def test_near_the_threshold_is_within_a_fifth_of_the_one_that_applied():
    exposure = random_exposure(np.random.default_rng(3), 2, 9, frame=(30, 30))
    table = made(exposure, recipe_of())[2]
    ratio, threshold = table["ratio"], table["threshold"]
    near = is_near(table)
    assert 0 < near.sum() < len(table)
    np.testing.assert_array_equal(
        near, (ratio >= 0.8 * threshold) & (ratio <= 1.2 * threshold)
    )
    assert not near[np.isnan(ratio)].any()


def test_a_run_without_jumps_is_an_empty_table():
    exposure = ramp_exposure([[5, 5, 5, 5, 5]])
    assert len(made(exposure, recipe_of())[2]) == 0


def test_it_says_what_it_is_of():
    exposure = ramp_exposure([[5, 5, 90, 5, 5]])
    notes = made(exposure, recipe_of(JumpParameters(rejection_threshold=3.5)))[2].notes
    assert notes["run"] == "run 1 (3.5 sigma)"
    assert "rejection_threshold=3.5" in notes["parameters"]


def test_every_origin_has_a_word():
    assert set(ORIGINS) == set(Origin)


@pytest.mark.parametrize("over", ["cancelled", "outdated"])
def test_a_job_ends_when_nobody_wants_it_any_more(over):
    exposure = random_exposure(np.random.default_rng(1), 1, 6, frame=(300, 4))
    prepared = Prepared.of(exposure)
    run = process_exposure(prepared, recipe_of())
    calls = []

    def after_a_while():
        calls.append(1)
        return len(calls) > 2  # in the midst of the bands

    flags = {"cancelled": lambda: False, "outdated": lambda: False, over: after_a_while}
    job = JumpTableJob(prepared, run)
    with pytest.raises(CancelledError):
        next(job.steps(flags["cancelled"], flags["outdated"]))


def test_a_job_yields_the_table():
    prepared, run, table = made(ramp_exposure([[5, 5, 90, 5, 5]]), recipe_of())
    (found,) = JumpTableJob(prepared, run).steps(lambda: False, lambda: False)
    assert len(found) == len(table) == 1
