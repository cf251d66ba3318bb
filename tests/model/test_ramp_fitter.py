"""Rows in blocks, and pixels fitted in a row against pixels fitted on their own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rampviewer.core.fit.optional import count_axes, segment_rows
from rampviewer.core.fit.rows import fit_rows
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.ramp_fitting import (
    RampFitter,
    empty_planes,
    fit_exposure,
    fit_ramps,
    fit_settings,
    planes_of,
)
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import Timing
from tests.fit_cases import Case, assert_fits, assert_same, random_case
from tests.reference_fit import reference_fit

TIMING = Timing(frame_time=3.0, group_time=12.0, n_frames=2, groupgap=2)
PLANES = ("slope", "dq", "var_poisson", "var_rnoise", "err")
FLAGS = st.sampled_from([0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 5, 32, 36, 128, 129, 64])


def exposure_of(case):
    return Exposure.from_arrays(*case, TIMING, "NIRCAM")


@pytest.mark.parametrize("start", [0, 3, 11])
@pytest.mark.parametrize("n_rows", [1, 5])
def test_a_block_of_rows_with_its_own_flags_equals_the_whole(start, n_rows):
    case = random_case(np.random.default_rng(7), 2, 6, n_rows=16)
    exposure = exposure_of(case)
    whole = fit_exposure(exposure, RampFitParameters())
    fit = fit_settings(exposure.groupdq, TIMING, RampFitParameters())
    fitter, stop = RampFitter.of(exposure, fit), start + n_rows
    out = empty_planes(2, exposure.n_rows, exposure.n_cols)
    for plane in out:
        plane[:] = 77
    block = np.ascontiguousarray(exposure.groupdq[:, :, start:stop])
    inputs = fitter.inputs(block, exposure.pixeldq, dq_row_start=start)
    fitter.fit_rows(inputs, start, stop, out)
    for ours, wanted in zip(planes_of(out), (whole.rate, whole.rateints), strict=True):
        for name in PLANES:
            plane = getattr(ours, name)
            np.testing.assert_array_equal(
                plane[..., start:stop, :], getattr(wanted, name)[..., start:stop, :]
            )
            assert (np.delete(plane, range(start, stop), axis=-2) == 77).all()


@pytest.mark.parametrize("n_groups", [3, 4, 9, 30])
def test_pixels_of_a_row_equal_pixels_on_their_own(n_groups):
    case = random_case(np.random.default_rng(n_groups), 2, n_groups, dirty=0.2)
    exposure = exposure_of(case)
    in_rows = fit_exposure(exposure, RampFitParameters())
    # A flag that the fit does not look at takes every pixel out of the row arithmetic.
    flags = exposure.groupdq.copy()
    is_clean = ~flags.any(axis=(0, 1))
    flags[:, 1] |= np.where(is_clean, 32, 0).astype(np.uint8)
    alone = fit_exposure(exposure, RampFitParameters(), groupdq=flags)
    for name in ("slope", "var_poisson", "var_rnoise", "err"):
        assert_same(getattr(in_rows.rate, name), getattr(alone.rate, name), name)
        assert_same(getattr(in_rows.rateints, name), getattr(alone.rateints, name), name)


@pytest.mark.parametrize("limit", [5.0, 10.0, 20.0, 50.0, 100.0])
@pytest.mark.parametrize("n_groups", [3, 8])
def test_ramps_at_the_limits_of_the_classes_equal_the_reference(limit, n_groups):
    n_cols = 400
    gain, readnoise = np.float32(1.7), np.float32(9.0)
    noise2 = float(readnoise) ** 2 * float(gain) ** 2 / (2 * TIMING.n_frames)
    # signal / sqrt(noise2 + signal) = limit
    signal = (limit**2 + np.sqrt(limit**4 + 4 * limit**2 * noise2)) / 2
    steps = signal / float(gain) * (1 + np.linspace(-1e-5, 1e-5, n_cols))
    shape = np.random.default_rng(1).uniform(0, 1, (n_groups, n_cols))
    shape[0], shape[-1] = 0, 1
    sci = (shape * steps)[None, :, None, :].astype(np.float32)
    frame = (1, n_cols)
    case = Case(
        sci,
        np.zeros(sci.shape, np.uint8),
        np.zeros(frame, np.uint32),
        np.full(frame, gain),
        np.full(frame, readnoise),
    )
    result = fit_ramps(*case, TIMING, RampFitParameters())
    assert_fits(result, reference_fit(*case, TIMING))


@pytest.mark.parametrize("what", ["gain", "readnoise"])
@pytest.mark.parametrize(
    "value", [0.0, -2.0, np.nan, np.inf, 1e-30, 1e-12, 1e12, 1e30, 3e3, 3e4]
)
def test_strange_calibrations_of_unflagged_pixels_equal_the_reference(what, value):
    case = random_case(np.random.default_rng(9), 2, 5, dirty=0.0)
    getattr(case, what)[:, ::2] = value
    result = fit_ramps(*case, TIMING, RampFitParameters())
    assert_fits(result, reference_fit(*case, TIMING))


@pytest.mark.parametrize("what", ["var_poisson", "var_rnoise"])
def test_variances_about_the_largest_reported_equal_the_reference(what):
    case = random_case(np.random.default_rng(12), 2, 5, n_rows=1, n_cols=300, dirty=0.0)
    scan = np.geomspace(1e4, 1e7, 300).astype(np.float32)
    if what == "var_rnoise":
        case.readnoise[:] = scan
    else:
        case.gain[:] = 1.0
        case.sci[:] = scan * 400 * np.arange(5)[:, None, None]
    result = fit_ramps(*case, TIMING, RampFitParameters())
    assert_fits(result, reference_fit(*case, TIMING))
    assert 0 < np.count_nonzero(getattr(result.rate, what)) < 300


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_data_that_are_no_numbers_equal_the_reference(value):
    rng = np.random.default_rng(10)
    case = random_case(rng, 2, 5, dirty=0.1)
    case.sci[rng.random(case.sci.shape) < 0.1] = value
    result = fit_ramps(*case, TIMING, RampFitParameters())
    assert_fits(result, reference_fit(*case, TIMING))


def test_one_compiled_version_serves_all_exposures():
    case = random_case(np.random.default_rng(11), 2, 6)
    frame = case.pixeldq.shape
    for array in case:
        array.setflags(write=False)
    ways = [{}, {"zeroframe": np.ones((2, *frame))}, {"dark_current": np.ones(frame)}]
    for more in ways:
        for fit in (RampFitParameters(), RampFitParameters(firstgroup=1, lastgroup=4)):
            fit_ramps(*case, TIMING, fit, instrument="MIRI", segments=True, **more)
    fit_ramps(*random_case(np.random.default_rng(1), 1, 1), TIMING, fit, segments=True)
    for compiled in (fit_rows, segment_rows, count_axes):
        assert len(compiled.signatures) == 1


@given(
    flags=st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(FLAGS, min_size=n, max_size=n), min_size=1, max_size=2)
    ),
    suppress=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_flags_of_a_pixel_equal_the_reference(flags, suppress, seed):
    dq = np.array(flags, np.uint8)
    case = random_case(np.random.default_rng(seed), *dq.shape, n_rows=1, n_cols=6, dirty=0)
    case.groupdq[..., :3] = dq[:, :, None, None]
    parameters = RampFitParameters(suppress_one_group=suppress)
    result = fit_ramps(*case, TIMING, parameters, segments=True, n_threads=1)
    reference = reference_fit(*case, TIMING, suppress_one_group=suppress, segments=True)
    assert_fits(result, reference)
