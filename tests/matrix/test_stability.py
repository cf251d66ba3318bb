"""What must not matter: who holds the arrays, how many threads, which rows, which order."""

from dataclasses import fields, replace

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.model.runs.jump_detection import detect_exposure
from rampviewer.model.runs.results import RatePlanes
from tests.exposures import random_exposure
from tests.matrix.both_ways import ARRAYS, arrays_of

CLIP = {"minimum_sigclip_groups": 2, "rejection_threshold": 1.2}
SNOWBALLS = {
    "expand_large_events": True,
    "min_jump_area": 3,
    "sat_required_snowball": False,
}
SHOWERS = {"find_showers": True, "extend_min_area": 5}
AFTER = {"after_jump_flag_time1": 25.0, "after_jump_flag_dn1": 10.0}
JUMP = {
    "default": {},
    "after": AFTER,
    "clip": CLIP,
    "clip all": CLIP | {"only_use_ints": False},
    "snow": SNOWBALLS,
    "rain": SHOWERS,
    "rain, clip": SHOWERS | CLIP,
}
LOCAL = ("default", "after", "clip", "clip all")
every_jump = pytest.mark.parametrize("jump", JUMP)
every_fit = pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])


def parameters(jump, algorithm="OLS_C"):
    return rv.JumpParameters(**JUMP[jump]), rv.RampFitParameters(algorithm=algorithm)


def exposure_of(n_groups=8, n_rows=70, n_cols=40, **changes):
    """Return three integrations of everything, with the planes that are optional."""
    rng = np.random.default_rng(n_groups)
    shape = (3, n_groups, n_rows, n_cols)
    exposure = random_exposure(n_groups, shape, "MIRI", **changes)
    return replace(
        exposure,
        zeroframe=exposure.sci[:, 0] / np.float32(2.0),
        dark_current=rng.uniform(0, 1, shape[2:]).astype(np.float32),
    )


def values_of(result):
    """Return every array and number that comes out of both steps."""
    run, jumps = result.run, result.jumps
    values = {"n_primary": run.n_primary, "n_extended": run.n_extended}
    for name in ("groupdq", "origin", "pixeldq"):
        values[name] = getattr(jumps, name)
    for title in ("rate", "rateints"):
        for item in fields(RatePlanes):
            values[f"{title} {item.name}"] = getattr(getattr(run, title), item.name)
    return {name: value for name, value in values.items() if value is not None}


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        np.testing.assert_array_equal(value, other[name], name)


@every_jump
@every_fit
def test_nothing_is_ever_written_to(jump, algorithm):
    exposure = exposure_of()
    names = (*ARRAYS, "zeroframe", "dark_current")
    before = {name: getattr(exposure, name).copy() for name in names}
    for name in names:
        getattr(exposure, name).flags.writeable = False
    jump_parameters, fit = parameters(jump, algorithm)
    free = values_of(rv.process(replace(exposure), jump_parameters, fit))
    held = values_of(rv.process(exposure, jump_parameters, fit))
    rv.detect_jumps(*arrays_of(exposure), exposure.timing, jump_parameters)
    planes = {name: getattr(exposure, name) for name in ("zeroframe", "dark_current")}
    rv.fit_ramps(*arrays_of(exposure), exposure.timing, fit, segments=True, **planes)
    assert_same(free, held)
    for name, copy in before.items():
        np.testing.assert_array_equal(getattr(exposure, name), copy, name)


@every_jump
@every_fit
def test_threads_and_bands_change_nothing(monkeypatch, jump, algorithm):
    exposure, (jump_parameters, fit) = exposure_of(), parameters(jump, algorithm)
    expected = values_of(rv.process(exposure, jump_parameters, fit, n_threads=1))
    for n_threads, rows_per_band in ((1, 1), (2, 3), (5, 64), (3, 200)):
        monkeypatch.setattr(
            "rampviewer.model.exposure.bands",
            lambda n_rows, *_, k=rows_per_band: [
                (start, min(start + k, n_rows)) for start in range(0, n_rows, k)
            ],
        )
        assert exposure.bands(n_threads)[0] == (0, min(rows_per_band, exposure.n_rows))
        result = rv.process(exposure, jump_parameters, fit, n_threads=n_threads)
        assert_same(values_of(result), expected)


def changed(exposure, change):
    """Return the exposure with `change` applied to each array."""
    names = (*ARRAYS, "zeroframe", "dark_current")
    return replace(exposure, **{name: change(getattr(exposure, name)) for name in names})


@pytest.mark.parametrize("axis", [-2, -1])
@pytest.mark.parametrize("jump", LOCAL)
@every_fit
def test_the_order_of_rows_and_columns_changes_nothing(jump, algorithm, axis):
    exposure, given = exposure_of(), parameters(jump, algorithm)

    def reverse(value):
        return value if np.ndim(value) == 0 else np.flip(value, axis)

    forth = values_of(rv.process(exposure, *given))
    back = values_of(rv.process(changed(exposure, reverse), *given))
    assert_same(forth, {name: reverse(value) for name, value in back.items()})


@pytest.mark.parametrize("jump", LOCAL)
@pytest.mark.parametrize(("start", "stop"), [(0, 11), (23, 24), (40, 70)])
def test_some_rows_and_those_beside_them_give_what_the_whole_gives(jump, start, stop):
    # One gain for all, because the limits of flags after jumps hang on its median.
    exposure, given = exposure_of(gain=1.8), parameters(jump)
    whole = values_of(rv.process(exposure, *given))
    first, last = max(start - 1, 0), min(stop + 1, exposure.n_rows)
    part = changed(exposure, lambda array: array[..., first:last, :])
    found = values_of(rv.process(part, *given))
    rows = slice(start - first, stop - first)
    for name in set(whole) - {"n_primary", "n_extended"}:
        np.testing.assert_array_equal(
            found[name][..., rows, :], whole[name][..., start:stop, :], name
        )


def test_a_pixel_without_any_step_is_no_warning_on_any_number_of_threads():
    exposure = exposure_of(n_rows=650, n_cols=9)
    exposure.groupdq[:, :, ::7] |= 1
    jump_parameters, _ = parameters("rain, clip")
    one, many = (detect_exposure(exposure, jump_parameters, n_threads=n) for n in (1, 4))
    np.testing.assert_array_equal(one.groupdq, many.groupdq)


def test_the_jumps_of_a_result_are_those_it_was_fitted_with():
    times = tuple((float(t),) for t in (1, 2, 4, 5, 9, 10, 11, 12))
    timing = rv.Timing(frame_time=1, group_time=1, read_times=times)
    exposure = random_exposure(5, (1, 8, 6, 7), timing=timing)
    result = rv.process(exposure)
    n_jumps = np.count_nonzero(result.jumps.groupdq & 4, axis=(0, 1))
    np.testing.assert_array_equal(result.run.n_jumps, n_jumps)
