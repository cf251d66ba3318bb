import numpy as np
import pytest

from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.runs.flag_planes import with_jumps
from rampviewer.model.runs.jump_detection import detect_exposure
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import random_exposure

SHAPES = [(1, 10, 7, 9), (2, 5, 6, 7), (3, 14, 5, 6), (2, 2, 4, 4), (1, 1, 4, 4)]


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("delivered", ["keep", "drop", "as_delivered"])
def test_each_pixel_alone_is_what_the_image_shows(instrument, shape, delivered):
    exposure = random_exposure(1, shape, instrument, delivered=0.1)
    prepared = Prepared.of(exposure)
    recipe = Recipe(
        jump=JumpParameters(), fit=RampFitParameters(), delivered_jumps=delivered
    )
    run = process_exposure(prepared, recipe)
    groupdq = with_jumps(exposure.groupdq, run.jump_bits)
    for row, col in np.ndindex(shape[2:]):
        view = inspect_pixel(prepared, recipe, Pixel(row, col))
        assert view.dq == run.rate.dq[row, col]
        np.testing.assert_allclose(view.slope, run.rate.slope[row, col], rtol=2e-6)
        np.testing.assert_allclose(view.err, run.rate.err[row, col], rtol=2e-6)
        for i, part in enumerate(view.integrations):
            np.testing.assert_array_equal(part.groupdq, groupdq[i, :, row, col])
            np.testing.assert_array_equal(part.signal, exposure.sci[i, :, row, col])
            np.testing.assert_array_equal(part.origin > 0, (part.groupdq & 4) > 0)
            assert part.dq == run.rateints.dq[i, row, col]
            np.testing.assert_allclose(
                part.slope, run.rateints.slope[i, row, col], rtol=2e-6
            )


def test_the_origins_are_those_of_the_array_call():
    exposure = random_exposure(2, (2, 8, 6, 7), delivered=0.1)
    prepared = Prepared.of(exposure)
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    origin = detect_exposure(exposure, recipe.jump).origin
    for row, col in np.ndindex(6, 7):
        view = inspect_pixel(prepared, recipe, Pixel(row, col))
        for i, part in enumerate(view.integrations):
            np.testing.assert_array_equal(part.origin, origin[i, :, row, col])
    assert set(np.unique(origin)) >= {0, 1, 2, 3}


def test_the_recipe_is_told_in_one_line():
    recipe = Recipe(
        jump=JumpParameters(rejection_threshold=3.75),
        fit=RampFitParameters(firstgroup=1),
        delivered_jumps="drop",
    )
    assert recipe.summary == (
        "delivered jumps: drop, rejection_threshold=3.75, firstgroup=1"
    )
    assert recipe.title == "run 1 (3.75 sigma)"


@pytest.mark.parametrize(
    ("share", "delivered", "sigma", "text"),
    [
        (0.0, "keep", 4.0, "default parameters"),
        (0.0, "keep", 5.0, "rejection_threshold=5.0"),
        (0.0, "as_delivered", 4.0, "jumps as delivered"),
        (0.3, "keep", 4.0, "delivered jumps: keep"),
        (0.3, "drop", 5.0, "delivered jumps: drop, rejection_threshold=5.0"),
    ],
)
def test_delivered_jumps_are_kept_only_where_there_are_any(share, delivered, sigma, text):
    exposure = random_exposure(1, (1, 5, 4, 4), delivered=share)
    recipe = Recipe(
        jump=JumpParameters(rejection_threshold=sigma),
        fit=RampFitParameters(),
        delivered_jumps=delivered,
    )
    view = inspect_pixel(Prepared.of(exposure), recipe, Pixel(1, 2))
    assert view.parameters_text == text


@pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])
@pytest.mark.parametrize(
    "jump",
    [
        {"expand_large_events": True, "min_jump_area": 3, "sat_required_snowball": False},
        {"find_showers": True, "extend_min_area": 5},
        {"minimum_sigclip_groups": 2},
    ],
    ids=["snow", "rain", "clip"],
)
def test_each_pixel_alone_is_what_the_image_shows_with_any_algorithm(jump, algorithm):
    exposure = random_exposure(3, (2, 8, 30, 20), delivered=0.1)
    prepared = Prepared.of(exposure)
    recipe = Recipe(jump=JumpParameters(**jump), fit=RampFitParameters(algorithm=algorithm))
    run = process_exposure(prepared, recipe)
    groupdq = flags_of_run(exposure, run)
    result = detect_exposure(exposure, recipe.jump)
    for row, col in np.ndindex(30, 20):
        view = inspect_pixel(prepared, recipe, Pixel(row, col), run.large)
        assert view.dq == run.rate.dq[row, col]
        np.testing.assert_allclose(view.slope, run.rate.slope[row, col], rtol=2e-6)
        for i, part in enumerate(view.integrations):
            np.testing.assert_array_equal(part.groupdq, groupdq[i, :, row, col])
            np.testing.assert_array_equal(part.origin, result.origin[i, :, row, col])
