import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.likely_fitting import (
    LikelyFitter,
    empty_likely_planes,
    fit_likely,
    is_likely,
)
from rampviewer.model.runs.ramp_fitting import fit_ramps
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import Timing
from tests.fit_cases import Case, assert_fits, random_case
from tests.likely_cases import in_pairs, likely_case, uneven_timing
from tests.reference_fit import reference_fit, reference_likely

EVEN = Timing(frame_time=3.0, group_time=3.0)
AVERAGED = Timing(frame_time=2.0, group_time=10.0, n_frames=4, groupgap=1)


def fit(case, timing, parameters=None, **planes):
    exposure = Exposure.from_arrays(*case, timing, "NIRCAM", **planes)
    return fit_likely(exposure, parameters or RampFitParameters(algorithm="LIKELY"))


def assert_equal_to_reference(case, timing, group_range=None, **planes):
    parameters = RampFitParameters(algorithm="LIKELY", **(group_range or {}))
    ours = fit(case, timing, parameters, **planes)
    reference = reference_likely(*case, timing, **planes, **(group_range or {}))
    assert_fits(ours, reference)


@pytest.mark.parametrize("seed", range(60))
def test_every_element_equals_the_reference(seed):
    case, timing, planes, group_range = likely_case(seed)
    assert_equal_to_reference(case, timing, group_range, **planes)


def noisy(rng, n_ints, n_groups, n_pixels):
    """Return clean ramps, one row, each pixel twice."""
    return random_case(rng, n_ints, n_groups, 1, n_pixels, dirty=0.0)


@pytest.mark.parametrize("timing", [EVEN, AVERAGED])
@pytest.mark.parametrize("bit", [Dq.SATURATED, Dq.JUMP_DET, Dq.DO_NOT_USE])
@pytest.mark.parametrize("n_groups", [4, 5, 6, 9, 12, 20])
def test_flags_on_each_group_from_each_on_and_on_every_other(timing, bit, n_groups):
    rng = np.random.default_rng(n_groups)
    case = noisy(rng, 2, n_groups, 8 * n_groups)
    bit = np.uint8(bit)
    for g in range(n_groups):
        case.groupdq[0, g, 0, g] = bit
        case.groupdq[1, g:, 0, n_groups + g] |= bit
        case.groupdq[:, : g + 1, 0, 2 * n_groups + g] |= bit
        case.groupdq[0, g % 2 :: 2, 0, 3 * n_groups + g] |= bit
        keep = [max(g - 1, 0), g]  # a single usable difference
        case.groupdq[:, :, 0, 4 * n_groups + g] |= bit
        case.groupdq[:, keep, 0, 4 * n_groups + g] = 0
        keep = [max(g - 2, 0), max(g - 1, 1), g]  # two next to each other
        case.groupdq[:, :, 0, 5 * n_groups + g] |= bit
        case.groupdq[:, keep, 0, 5 * n_groups + g] = 0
    assert_equal_to_reference(in_pairs(case), timing)


@pytest.mark.parametrize("timing", [EVEN, AVERAGED, "uneven"])
@pytest.mark.parametrize("n_groups", [4, 7, 13])
def test_steps_and_spikes_in_the_signal_are_left_out_as_by_the_reference(timing, n_groups):
    rng = np.random.default_rng(n_groups)
    if timing == "uneven":
        timing = uneven_timing(rng, n_groups)
    case = noisy(rng, 3, n_groups, 6 * n_groups)
    sigma = case.readnoise[0]
    for g in range(n_groups):
        for kind, size in enumerate([6.0, 60.0, -60.0]):
            step, spike = kind * n_groups + g, (kind + 3) * n_groups + g
            case.sci[0, g:, 0, step] += size * sigma[step]
            case.sci[0, g // 2 :, 0, step] += size * sigma[step]
            case.sci[1, g, 0, spike] += size * sigma[spike]
    assert_equal_to_reference(in_pairs(case), timing)


@pytest.mark.parametrize("timing", [EVEN, AVERAGED])
def test_values_that_are_no_numbers_and_bad_calibration(timing):
    rng = np.random.default_rng(1)
    case = noisy(rng, 2, 8, 64)
    for col, value in enumerate([np.nan, np.inf, -np.inf] * 8):
        case.sci[col % 2, col // 3, 0, col] = value
        case.groupdq[col % 2, col // 3, 0, col] = col % 4
    case.gain[0, 24:32] = [0, -1, np.nan, np.inf, -np.inf, 1e-6, 1e30, -1e-3]
    case.readnoise[0, 32:40] = [0, -3, np.nan, np.inf, 1e-10, 1e8, 1e-30, 1e30]
    case.sci[:, :, 0, 40] = 7
    case.sci[:, :, 0, 41] = np.arange(8) * 50
    case.sci[:, :, 0, 42] = np.arange(8) * -50
    assert_equal_to_reference(in_pairs(case), timing)


def test_everything_unusable_gives_nan_and_do_not_use():
    case = random_case(np.random.default_rng(2), 2, 6, dirty=0.0)
    case.groupdq[...] = Dq.SATURATED
    result = fit(case, EVEN)
    for planes in (result.rate, result.rateints):
        assert np.isnan([planes.slope, planes.err, planes.chisq]).all()
        assert (planes.dq == Dq.SATURATED | Dq.DO_NOT_USE).all()
    assert_equal_to_reference(case, EVEN)


@pytest.mark.parametrize("rows", [[(0, 9)], [(0, 1), (1, 4), (4, 9)], [(6, 9), (0, 6)]])
def test_any_blocks_of_rows_give_the_whole(rows):
    case, timing, planes, _ = likely_case(3)
    case = Case(*(np.concatenate([a, a[..., :1, :]], axis=-2) for a in case))
    planes = {k: np.concatenate([a, a[..., :1, :]], axis=-2) for k, a in planes.items()}
    exposure = Exposure.from_arrays(*case, timing, "", **planes)
    parameters = RampFitParameters()
    whole = fit_likely(exposure, parameters, n_threads=2)
    fitter = LikelyFitter.of(exposure, parameters)
    out = empty_likely_planes(exposure.n_ints, exposure.n_rows, exposure.n_cols)
    for start, stop in rows:
        block = np.ascontiguousarray(exposure.groupdq[:, :, start:stop])
        inputs = fitter.inputs(block, exposure.pixeldq, start)
        fitter.fit_rows(inputs, start, stop, out)
    for name in ("slope", "dq", "var_poisson", "var_rnoise", "err", "chisq"):
        np.testing.assert_array_equal(getattr(out, name), getattr(whole.rate, name))
        ints = getattr(out, f"int_{name}")
        np.testing.assert_array_equal(ints, getattr(whole.rateints, name))


def test_inputs_are_not_written():
    case, timing, planes, group_range = likely_case(11)
    copies = [array.copy() for array in case]
    fit(case, timing, RampFitParameters(**group_range), **planes)
    for array, copy in zip(case, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_few_groups_are_not_for_the_likelihood():
    likely = RampFitParameters(algorithm="LIKELY")
    assert is_likely(4, EVEN, likely)
    assert not is_likely(3, EVEN, likely)
    assert not is_likely(20, EVEN, RampFitParameters())
    uneven = uneven_timing(np.random.default_rng(0), 5)
    assert is_likely(5, uneven, RampFitParameters())


@pytest.mark.parametrize("seed", [7, 8])
def test_the_array_interface_takes_the_algorithm_and_uneven_times(seed):
    rng = np.random.default_rng(seed)
    case = in_pairs(random_case(rng, 2, 6, n_cols=20))
    likely = RampFitParameters(algorithm="LIKELY")
    result = fit_ramps(*case, AVERAGED, likely, segments=True)
    assert_fits(result, reference_likely(*case, AVERAGED))
    np.testing.assert_array_equal(result.chisq, result.rate.chisq)
    uneven = uneven_timing(rng, 6)
    result = fit_ramps(*case, uneven, RampFitParameters())
    assert_fits(result, reference_likely(*case, uneven))


@pytest.mark.parametrize("n_groups", [1, 2, 3])
def test_ramps_of_few_groups_are_fitted_by_least_squares(n_groups):
    case = random_case(np.random.default_rng(n_groups), 2, n_groups)
    likely = RampFitParameters(algorithm="LIKELY")
    result = fit_ramps(*case, EVEN, likely, instrument="NIRCAM")
    assert result.chisq is None
    assert_fits(result, reference_fit(*case, EVEN))


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (((1.0,),) * 5, "read_times has 5 groups, the ramps have 6"),
        (((1.0,), (2.0,), (), (3.0,), (4.0,), (5.0,)), "a group without any read"),
    ],
)
def test_read_times_must_fit_the_groups(times, message):
    case = random_case(np.random.default_rng(2), 1, 6, dirty=0.0)
    timing = Timing(frame_time=1.0, group_time=1.0, read_times=times)
    with pytest.raises(ValueError, match=message):
        fit(case, timing)
