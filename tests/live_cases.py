"""Walks of the parameters, and the comparison of what they lead to."""

from dataclasses import fields, replace

import numpy as np

from rampviewer.model.exposure import Pixel
from rampviewer.model.jump_detection import decide_pixel
from rampviewer.model.live import LiveRun
from rampviewer.model.live_delta import apply, copy_of
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.prepared import Prepared
from rampviewer.model.run import Recipe
from tests.jump_cases import random_exposure, uneven_timing

DEFAULT = Recipe(jump=JumpParameters(), fit=RampFitParameters())
ALL_PIXELS = 10**9  # however many there are, no pass is made for their number


def live_run(exposure, **options):
    return LiveRun(Prepared.of(exposure), **{"most_pixels": ALL_PIXELS, **options})


def dirty_exposure(rng, frame=(9, 11)):
    """Return one of 3 to 40 groups, of the iterative or the single-pass branch."""
    n_groups = int(rng.choice([3, 4, 5, 8, 10, 11, 12, 17, 40]))
    n_ints = int(rng.integers(1, 3 if n_groups > 12 else 4))
    dirt = rng.choice([0.0, 0.1, 0.3])
    exposure = random_exposure(rng, n_ints, n_groups, dirt=dirt, frame=frame)
    if rng.random() < 0.3:
        exposure = replace(exposure, instrument="MIRI")
    if rng.random() < 0.1:
        exposure = replace(exposure, timing=uneven_timing(rng, n_groups))
    if rng.random() < 0.3:
        first = rng.choice([0.0, 50.0], (n_ints, *frame)).astype(np.float32)
        dark = rng.uniform(0, 2, frame).astype(np.float32)
        exposure = replace(exposure, zeroframe=first, dark_current=dark)
    return exposure


def some_threshold(rng, exposure, recipe):
    """Return a threshold, often one that a ratio is exactly equal to."""
    if rng.random() < 0.5:
        return float(rng.choice([4.0, 4.1, 5.0, 20.0, 60.0, rng.uniform(1.0, 20.0)]))
    pixel = Pixel(*(int(rng.integers(n)) for n in exposure.sci.shape[2:]))
    decision = decide_pixel(exposure, pixel, recipe.jump)
    ratios = decision.ratio[np.isfinite(decision.ratio)]
    return float(rng.choice(ratios)) if ratios.size else 4.0


def next_recipe(rng, exposure, recipe):
    """Return a recipe in which some parameter is another one."""
    jump, fit = recipe.jump, recipe.fit
    name = rng.choice([*(["threshold"] * 5), "three", "four", "near", "after", "rest"])
    threshold = some_threshold(rng, exposure, recipe)
    last = exposure.n_groups - 1
    changes = {
        "threshold": {"rejection_threshold": threshold},
        "three": {"three_group_rejection_threshold": threshold},
        "four": {"four_group_rejection_threshold": threshold},
        "near": {
            "flag_4_neighbors": bool(rng.random() < 0.8),
            "min_jump_to_flag_neighbors": float(rng.choice([10.0, 5.0, 3.0, threshold])),
            "max_jump_to_flag_neighbors": float(rng.choice([1000.0, 50.0])),
        },
        "after": {
            "after_jump_flag_dn1": float(rng.choice([0.0, 30.0, -5.0])),
            "after_jump_flag_time1": float(rng.choice([0.0, 25.0, 1e4])),
            "after_jump_flag_time2": float(rng.choice([0.0, 11.0])),
        },
    }
    if name != "rest":
        return replace(recipe, jump=replace(jump, **changes[name]))
    which = rng.integers(5)
    if which == 0:
        keep = str(rng.choice(["keep", "drop", "as_delivered"]))
        return replace(recipe, delivered_jumps=keep)
    if which == 1:
        n = int(rng.choice([10, 2, 50]))
        return replace(recipe, jump=replace(jump, min_diffs_single_pass=n))
    if which == 2:
        fit = replace(fit, algorithm=str(rng.choice(["OLS_C", "LIKELY"])))
    elif which == 3:
        fit = replace(fit, suppress_one_group=not fit.suppress_one_group)
    else:
        fit = replace(fit, firstgroup=int(rng.integers(0, 3)), lastgroup=int(last))
    return replace(recipe, fit=fit)


def walk(rng, exposure, n_moves):
    """Return recipes, one after the other."""
    recipes = [DEFAULT]
    for _ in range(n_moves):
        recipes.append(next_recipe(rng, exposure, recipes[-1]))
    return recipes


def applied(delta, run):
    """Return the run that a move leads to, and leave the one before as it was."""
    return apply(delta, None if run is None else copy_of(run))


def assert_same_run(one, other):
    """Check every element of every plane, and all counters."""
    for name in ("rate", "rateints", "diagnostics"):
        parts = getattr(one, name), getattr(other, name)
        for item in fields(parts[0]):
            assert_same(*(getattr(part, item.name) for part in parts), item.name)
    for name in ("jump_bits", "n_jumps", "pixeldq"):
        assert_same(getattr(one, name), getattr(other, name), name)
    for name in ("recipe", "n_primary", "n_extended", "jump_skipped", "nothing_fitted"):
        assert getattr(one, name) == getattr(other, name), name


def assert_same(one, other, name):
    if one is None or other is None:
        assert one is other, name
        return
    assert one.dtype == other.dtype, name
    np.testing.assert_array_equal(one, other, name)
