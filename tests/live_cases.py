"""Walks of the parameters, and the comparison of what they lead to."""

import re
from dataclasses import fields, replace

import numpy as np

from rampviewer.model.exposure import Pixel
from rampviewer.model.live.live_delta import apply, fill, room_like
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.deciding import decision_at
from tests.jump_cases import random_exposure, uneven_timing
from tests.large_cases import shower_parameters, snowball_parameters

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
    decision = decision_at(exposure, pixel, recipe.jump)
    ratios = decision.ratio[np.isfinite(decision.ratio)]
    return float(rng.choice(ratios)) if ratios.size else 4.0


LARGE = re.compile(
    "expand_|min_sat|min_jump_area|use_|sat_|edge_|mask_|snowball|find_|max_shower|extend_"
    "|time_masked|max_extended"
)


def large_choice(rng):
    """Return every parameter of snowballs and showers, by name."""
    make = snowball_parameters if rng.random() < 0.5 else shower_parameters
    made = make(
        rng,
        use_ellipses=bool(rng.random() < 0.5),
        use_max_shower_amplitude=bool(rng.random() < 0.5),
        max_shower_amplitude=rng.choice([4.0, 1.0, 20.0]),
    )
    return {
        item.name: getattr(made, item.name)
        for item in fields(made)
        if LARGE.match(item.name)
    }


def jump_choices(rng, exposure, recipe):
    """Return other parameters of the jump step, by what they are about."""
    threshold = some_threshold(rng, exposure, recipe)
    is_wanted = recipe.wants_large
    return {
        "threshold": {"rejection_threshold": threshold},
        "three": {"three_group_rejection_threshold": threshold},
        "four": {"four_group_rejection_threshold": threshold},
        "near": {
            "flag_4_neighbors": bool(rng.random() < 0.8),
            "min_jump_to_flag_neighbors": float(rng.choice([10.0, 5.0, 3.0, threshold])),
            "max_jump_to_flag_neighbors": float(rng.choice([1000.0, 50.0, threshold])),
        },
        "after": {
            "after_jump_flag_dn1": float(rng.choice([0.0, 30.0, -5.0])),
            "after_jump_flag_time1": float(rng.choice([0.0, 25.0, 1e4])),
            "after_jump_flag_dn2": float(rng.choice([0.0, 1000.0])),
            "after_jump_flag_time2": float(rng.choice([0.0, 11.0])),
        },
        "branch": {"min_diffs_single_pass": int(rng.choice([10, 2, 50]))},
        "clip": {
            "minimum_sigclip_groups": int(rng.choice([100, 1, 3])),
            "only_use_ints": bool(rng.random() < 0.5),
        },
        "groups": {"minimum_groups": int(rng.choice([3, 2, 5, 50]))},
        "large": large_choice(rng),
        "no large": {"expand_large_events": False, "find_showers": False}
        if is_wanted
        else {},
    }


def fit_choices(rng, exposure, recipe):
    """Return other parameters of the fit, by what they are about."""
    last = exposure.n_groups - 1
    return {
        "algorithm": {"algorithm": str(rng.choice(["OLS_C", "LIKELY"]))},
        "suppress": {"suppress_one_group": not recipe.fit.suppress_one_group},
        "range": {
            "firstgroup": int(rng.integers(0, 3)),
            "lastgroup": int(rng.integers(last - 1, last + 1)),
        },
    }


def next_recipe(rng, exposure, recipe):
    """Return a recipe in which some parameter is another one."""
    jump, fit = jump_choices(rng, exposure, recipe), fit_choices(rng, exposure, recipe)
    name = rng.choice([*(["threshold"] * 9), *jump, "after", "near", *fit, "delivered"])
    if name == "delivered":
        keep = str(rng.choice(["keep", "drop", "as_delivered"]))
        return replace(recipe, delivered_jumps=keep)
    if name in fit:
        return replace(recipe, fit=replace(recipe.fit, **fit[name]))
    return replace(recipe, jump=replace(recipe.jump, **jump[name]))


def settled(live, delta, run, *stop):
    """Return the run that a move leads to, with the large events that belong to it."""
    run = applied(delta, run)
    return applied(live.refresh(*stop), run) if run.is_large_stale else run


def walk(rng, exposure, n_moves, first=DEFAULT):
    """Return recipes, one after the other."""
    recipes = [first]
    for _ in range(n_moves):
        recipes.append(next_recipe(rng, exposure, recipes[-1]))
    return recipes


def applied(delta, run):
    """Return the run that a move leads to, and leave the one before as it was."""
    if run is None:
        return apply(delta, run)
    copy = room_like(run)
    fill(copy, run)
    return apply(delta, copy)


def assert_same_run(one, other):
    """Check every element of every plane, and all counters."""
    for name in ("rate", "rateints", "diagnostics"):
        parts = getattr(one, name), getattr(other, name)
        for item in fields(parts[0]):
            assert_same(*(getattr(part, item.name) for part in parts), item.name)
    for name in ("jump_bits", "n_jumps", "pixeldq"):
        assert_same(getattr(one, name), getattr(other, name), name)
    assert_same_layer(one.large, other.large)
    for name in ("recipe", "n_primary", "n_extended", "jump_skipped", "nothing_fitted"):
        assert getattr(one, name) == getattr(other, name), name


def assert_same_layer(one, other):
    """Check flags and origins of large events."""
    if one is None or other is None:
        assert one is other
        return
    assert (one.parameters, one.n_extended) == (other.parameters, other.n_extended)
    for name, ours, theirs in zip(one.marks._fields, one.marks, other.marks, strict=True):
        assert_same(ours, theirs, name)


def assert_same(one, other, name):
    if one is None or other is None:
        assert one is other, name
        return
    assert one.dtype == other.dtype, name
    np.testing.assert_array_equal(one, other, name)
