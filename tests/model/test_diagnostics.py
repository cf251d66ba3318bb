import numpy as np
import pytest

from rampviewer.core.flag_lanes import NO_GROUP
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.runs.diagnostics import Diagnostics, group_numbers
from rampviewer.model.runs.flag_planes import with_jumps
from rampviewer.model.runs.jump_detection import detect_exposure
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.ramp_fitting import fit_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import random_exposure

SHAPES = [(1, 10, 7, 9), (2, 5, 6, 7), (3, 14, 70, 6), (2, 2, 4, 4), (1, 1, 4, 4)]
FITS = [
    {},
    {"suppress_one_group": False},
    {"firstgroup": 1, "lastgroup": 3},
]


def run_of(exposure, delivered="keep", fit=None):
    recipe = Recipe(
        jump=JumpParameters(),
        fit=RampFitParameters(**fit or {}),
        delivered_jumps=delivered,
    )
    prepared = Prepared.of(exposure)
    return prepared, recipe, process_exposure(prepared, recipe)


def first_groups(flagged):
    """Return the earliest group of any integration by counting, the slow way."""
    n_groups = flagged.shape[1]
    number = np.where(flagged, np.arange(n_groups)[:, None, None], NO_GROUP)
    return number.min(axis=(0, 1))


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("delivered", ["keep", "as_delivered"])
def test_flags_are_counted_and_first_groups_found(instrument, shape, delivered):
    exposure = random_exposure(1, shape, instrument, delivered=0.1)
    _, _, run = run_of(exposure, delivered)
    flags = with_jumps(exposure.groupdq, run.jump_bits)
    jump, saturated = (flags & 4) > 0, (flags & 2) > 0
    np.testing.assert_array_equal(run.n_jumps, jump.sum(axis=(0, 1)))
    np.testing.assert_array_equal(run.diagnostics.first_jump, first_groups(jump))
    np.testing.assert_array_equal(run.diagnostics.first_saturated, first_groups(saturated))


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fit", FITS)
def test_segments_are_those_the_fit_of_the_pixel_has(instrument, shape, fit):
    rng = np.random.default_rng(4)
    zeroframe = rng.choice([0.0, 5.0], (shape[0], *shape[2:])).astype(np.float32)
    exposure = random_exposure(2, shape, instrument, zeroframe=zeroframe)
    prepared, recipe, run = run_of(exposure, fit=fit)
    for row, col in np.ndindex(shape[2:]):
        view = inspect_pixel(prepared, recipe, Pixel(row, col))
        n_segments = sum(len(part.segments) for part in view.integrations)
        assert run.diagnostics.n_segments[row, col] == n_segments


@pytest.mark.parametrize("fit", FITS)
def test_good_groups_have_no_flag_but_persistence_and_are_in_the_range(fit):
    exposure = random_exposure(3, (2, 6, 8, 9))
    exposure.groupdq[:, 2, :4] |= 32
    _, _, run = run_of(exposure, fit=fit)
    flags = with_jumps(exposure.groupdq, run.jump_bits)
    last = fit.get("lastgroup", 5)
    good = (flags & 0b11011111) == 0
    used = good[:, fit.get("firstgroup", 0) : last + 1]
    np.testing.assert_array_equal(run.diagnostics.n_good, used.sum(axis=(0, 1)))


def test_where_nothing_is_fitted_no_group_is_good():
    exposure = random_exposure(3, (2, 6, 8, 9))
    exposure.groupdq[...] = 2
    _, _, run = run_of(exposure)
    assert run.nothing_fitted
    assert not run.diagnostics.n_good.any()
    assert not run.diagnostics.n_segments.any()
    assert not run.diagnostics.first_saturated.any()


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
def test_the_ratio_is_there_when_jumps_were_searched_for(instrument):
    exposure = random_exposure(5, (2, 8, 70, 9), instrument)
    _, _, run = run_of(exposure)
    prepared, _, bare = run_of(exposure, "as_delivered")
    assert np.isnan(bare.diagnostics.largest_ratio).all()
    ratio = run.diagnostics.largest_ratio
    recipe = run.recipe
    for row, col in np.ndindex(70, 9):
        decision = inspect_pixel(prepared, recipe, Pixel(row, col)).decision
        first = decision.order == 1 if decision.order.any() else decision.order == 0
        known = decision.ratio[first & ~np.isnan(decision.ratio)]
        expected = known.max() if known.size else np.nan
        np.testing.assert_allclose(ratio[row, col], expected, rtol=1e-5)


def test_numbers_of_many_groups_are_kept_in_words():
    assert Diagnostics.empty((1, 254, 2, 2)).n_good.dtype == np.uint8
    assert Diagnostics.empty((1, 255, 2, 2)).n_good.dtype == np.uint32


@pytest.mark.parametrize("shape", [(1, 254, 3, 5), (1, 255, 3, 5), (130, 2, 3, 5)])
def test_numbers_are_right_on_both_sides_of_what_a_byte_holds(shape):
    exposure = random_exposure(6, shape)
    exposure.groupdq[...] = 0
    exposure.groupdq[:, :, 0, 0] = 2
    exposure.groupdq[:, -1, 0, 1] = 6
    exposure.groupdq[:, 1:, 0, 2] = 4
    _, _, run = run_of(exposure, "as_delivered")
    flags = with_jumps(exposure.groupdq, run.jump_bits)
    jump, saturated = (flags & 4) > 0, (flags & 2) > 0
    np.testing.assert_array_equal(run.n_jumps, jump.sum(axis=(0, 1)))
    np.testing.assert_array_equal(run.diagnostics.n_good, (flags == 0).sum(axis=(0, 1)))
    for plane, flagged in (("first_jump", jump), ("first_saturated", saturated)):
        found = group_numbers(getattr(run.diagnostics, plane))
        np.testing.assert_array_equal(np.isnan(found), ~flagged.any(axis=(0, 1)))
        some = flagged.any(axis=(0, 1))
        expected = flagged.any(axis=0).argmax(axis=0)
        np.testing.assert_array_equal(found[some], expected[some])


def test_an_only_integration_has_its_planes_in_common_with_the_exposure():
    exposure = random_exposure(7, (1, 6, 8, 9))
    exposure.groupdq[...] &= 127
    _, _, run = run_of(exposure)
    assert np.shares_memory(run.rate.slope, run.rateints.slope)
    assert not np.shares_memory(run.rate.err, run.rateints.err)


@pytest.mark.parametrize("seed", range(4))
def test_planes_in_common_are_those_of_a_fit_without_any(seed):
    exposure = random_exposure(seed, (1, 7, 40, 30))
    exposure.groupdq[...] &= 127
    _, _, run = run_of(exposure)
    jumps = detect_exposure(exposure, JumpParameters())
    dq = {"groupdq": jumps.groupdq, "pixeldq": jumps.pixeldq}
    apart = fit_exposure(exposure, RampFitParameters(), **dq)
    for name in ("slope", "dq", "var_poisson", "var_rnoise", "err"):
        for part in ("rate", "rateints"):
            ours, wanted = (getattr(getattr(x, part), name) for x in (run, apart))
            np.testing.assert_array_equal(ours, wanted)


def test_charge_loss_keeps_the_planes_of_an_integration_apart():
    exposure = random_exposure(7, (1, 6, 8, 9))
    exposure.groupdq[0, 5, 2, 2] = 129
    exposure.readnoise[2, 2] = np.nan
    _, _, run = run_of(exposure)
    assert not np.shares_memory(run.rate.slope, run.rateints.slope)
    apart = fit_exposure(exposure, RampFitParameters())
    np.testing.assert_array_equal(
        run.rateints.var_rnoise[0, 2, 2], apart.rateints.var_rnoise[0, 2, 2]
    )
