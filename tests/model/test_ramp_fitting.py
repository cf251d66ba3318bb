import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.runs.ramp_fitting import fit_ramps
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import Timing
from tests.fit_cases import (
    CHARGELOSS,
    DNU,
    JUMP,
    SAT,
    Case,
    assert_fits,
    assert_same,
    random_case,
    random_timing,
)
from tests.reference_fit import reference_fit

TIMING = Timing(frame_time=2.0, group_time=10.0, n_frames=4, groupgap=1)
PLANES = ("slope", "dq", "var_poisson", "var_rnoise", "err")


def check(case, timing=TIMING, **options):
    """Fit both ways and compare every element."""
    names = ("suppress_one_group", "firstgroup", "lastgroup")
    parameters = RampFitParameters(**{k: options[k] for k in names if k in options})
    more = {k: v for k, v in options.items() if k not in names}
    result = fit_ramps(*case, timing, parameters, **more)
    reference = reference_fit(*case, timing, **options)
    if reference[0] is None:
        assert result.nothing_fitted
        return result
    assert not result.nothing_fitted
    assert_fits(result, reference)
    return result


def one_pixel(values, flags=None, gain=2.0, readnoise=5.0, pixeldq=0) -> Case:
    sci = np.array(values, np.float32)
    sci = sci.reshape((1,) * (2 - sci.ndim) + sci.shape + (1, 1))
    dq = np.zeros(sci.shape, np.uint8)
    if flags is not None:
        dq[:] = np.array(flags, np.uint8).reshape(sci.shape)
    return Case(
        sci,
        dq,
        np.full((1, 1), pixeldq, np.uint32),
        np.full((1, 1), gain, np.float32),
        np.full((1, 1), readnoise, np.float32),
    )


@pytest.mark.parametrize("n_ints", [1, 2, 3])
@pytest.mark.parametrize("n_groups", [1, 2, 3, 4, 5, 6, 8, 10, 11, 17, 40])
@pytest.mark.parametrize("dirty", [0.1, 0.9])
def test_random_exposures_equal_the_reference(n_ints, n_groups, dirty):
    rng = np.random.default_rng([n_ints, n_groups, int(10 * dirty)])
    for _ in range(4):
        case = random_case(rng, n_ints, n_groups, dirty=dirty)
        check(case, random_timing(rng), suppress_one_group=bool(rng.integers(0, 2)))


@pytest.mark.parametrize("suppress", [True, False])
@pytest.mark.parametrize("n_groups", [1, 2, 3, 6, 13])
def test_zeroframe_dark_current_and_segments_equal_the_reference(n_groups, suppress):
    rng = np.random.default_rng([n_groups, suppress])
    for n_ints in (1, 3):
        case = random_case(rng, n_ints, n_groups)
        frame = case.pixeldq.shape
        zeroframe = rng.normal(100, 80, (n_ints, *frame)).astype(np.float32)
        zeroframe[rng.random(zeroframe.shape) < 0.2] = 0
        check(
            case,
            random_timing(rng),
            suppress_one_group=suppress,
            zeroframe=zeroframe,
            dark_current=rng.choice([0.0, 0.02, 1.5, -0.5], frame).astype(np.float32),
            segments=True,
        )


@pytest.mark.parametrize("n_groups", [2, 3, 5, 10, 40])
def test_segments_equal_the_reference(n_groups):
    rng = np.random.default_rng(n_groups)
    for n_ints in (1, 2):
        check(random_case(rng, n_ints, n_groups), random_timing(rng), segments=True)


@pytest.mark.parametrize(
    ("first", "last"),
    [(2, None), (None, 4), (1, 5), (6, 2), (3, 3), (-2, 30), (None, 0), (9, 12), (0, -1)],
)
def test_the_range_of_groups_equals_the_reference(first, last):
    case = random_case(np.random.default_rng(1), 2, 8)
    check(case, firstgroup=first, lastgroup=last, segments=True)


@pytest.mark.parametrize("n_groups", [1, 2, 3, 6, 12])
@pytest.mark.parametrize(("n_first", "n_last"), [(0, 1), (1, 1), (3, 0), (2, 2)])
@pytest.mark.parametrize("suppress", [True, False])
def test_miri_groups_that_no_ramp_can_use_are_trimmed(n_groups, n_first, n_last, suppress):
    case = random_case(np.random.default_rng([n_groups, n_first]), 2, n_groups)
    case.groupdq[:, :n_first] |= DNU
    case.groupdq[:, n_groups - n_last :] |= DNU
    check(case, instrument="MIRI", suppress_one_group=suppress, segments=True)


def test_miri_groups_are_trimmed_when_the_ramps_that_use_them_are_suppressed():
    flags = [[0, JUMP, JUMP, JUMP], [DNU, JUMP, 0, 0]]
    case = one_pixel([[1.0, 5.0, 9.0, 30.0], [2.0, 6.0, 11.0, 15.0]], flags)
    result = check(case, instrument="MIRI", segments=True)
    assert np.isnan(result.rateints.slope[0, 0, 0])


def test_miri_range_and_trimming_work_together():
    case = random_case(np.random.default_rng(5), 2, 9)
    case.groupdq[:, -1] |= DNU
    check(case, instrument="MIRI", firstgroup=2, lastgroup=6, segments=True)


@pytest.mark.parametrize("instrument", ["MIRI", "NIRCAM"])
def test_with_everything_saturated_nothing_is_fitted(instrument):
    case = random_case(np.random.default_rng(2), 2, 4, n_cols=5, dirty=0)
    case.groupdq[:] |= SAT
    case.pixeldq[0, 0] = 1024
    result = check(case, instrument=instrument)
    for planes in (result.rate, result.rateints):
        assert np.isnan([planes.slope, planes.err, planes.var_poisson]).all()
        assert planes.dq[..., 0, 0].max() == 1025
        assert (planes.dq & DNU == DNU).all()


def test_with_one_usable_miri_group_nothing_is_fitted():
    case = random_case(np.random.default_rng(2), 1, 4, n_cols=5, dirty=0)
    case.groupdq[:, [0, 1, 3]] |= DNU
    assert check(case, instrument="MIRI", suppress_one_group=False).nothing_fitted
    assert not check(case, instrument="NIRCAM", suppress_one_group=False).nothing_fitted


def test_a_straight_ramp_has_the_slope_of_its_line():
    result = fit_ramps(*one_pixel([10, 30, 50, 70]), TIMING, RampFitParameters())
    assert result.rate.slope[0, 0] == pytest.approx(2.0)
    assert result.rate.var_poisson[0, 0] == pytest.approx(2.0 / (10 * 2.0 * 3))
    # 12 (rn / t)^2 / (n^3 - n), read noise of a group: 5 / sqrt(2 x 4)
    assert result.rate.var_rnoise[0, 0] == pytest.approx(12 * 25 / 8 / 100 / 60)


def test_segments_combine_by_their_read_variance():
    values, flags = [0, 20, 40, 500, 540], [0, 0, 0, JUMP, 0]
    result = fit_ramps(*one_pixel(values, flags), TIMING, RampFitParameters())
    weights = np.array([24.0, 6.0])
    assert result.rate.slope[0, 0] == pytest.approx(weights @ [2.0, 4.0] / 30)
    assert result.rate.dq[0, 0] == JUMP


def test_one_good_group_counts_from_the_start_of_the_exposure_unless_suppressed():
    case = one_pixel([25, 900, 900], [0, SAT, SAT])
    kept = fit_ramps(*case, TIMING, RampFitParameters(suppress_one_group=False))
    assert kept.rate.slope[0, 0] == pytest.approx(25 / 5.0)  # (4 + 1) x 2 s / 2
    suppressed = fit_ramps(*case, TIMING, RampFitParameters())
    assert np.isnan(suppressed.rate.slope[0, 0])
    assert suppressed.rate.dq[0, 0] == DNU | SAT


def test_a_ramp_of_jumps_only_has_slope_zero_and_no_flag():
    result = check(one_pixel([1, 2, 3], [JUMP] * 3))
    assert result.rate.slope[0, 0] == 0
    assert result.rate.err[0, 0] == 0
    assert result.rate.dq[0, 0] == JUMP


def test_charge_loss_changes_the_read_variance_but_not_the_error():
    values = [0, 20, 41, 60, 80]
    lost = check(one_pixel(values, [0, 0, 0, CHARGELOSS | DNU, CHARGELOSS | DNU]))
    dropped = check(one_pixel(values, [0, 0, 0, DNU, DNU]))
    whole = check(one_pixel(values))
    assert lost.rate.var_rnoise == whole.rate.var_rnoise
    assert lost.rate.err == dropped.rate.err
    assert lost.rate.slope == dropped.rate.slope


@pytest.mark.parametrize("gain", [0.0, -1.0, np.nan])
def test_a_pixel_without_gain_has_no_rate(gain):
    result = check(one_pixel([1, 2, 3, 4], gain=gain, pixeldq=2048))
    assert np.isnan(result.rate.slope[0, 0])
    assert result.rate.dq[0, 0] == 2048 | DNU | Dq.NO_GAIN_VALUE


def test_inputs_are_never_written():
    case = random_case(np.random.default_rng(3), 2, 6)
    copies = [array.copy() for array in case]
    fit_ramps(*case, TIMING, RampFitParameters(firstgroup=1, lastgroup=4), segments=True)
    for array, copy in zip(case, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_byte_order_and_layout_do_not_matter():
    case = random_case(np.random.default_rng(4), 2, 5)
    big = Case(
        np.asfortranarray(case.sci.astype(">f4")),
        case.groupdq.astype(np.int64),
        case.pixeldq.astype(">u4"),
        case.gain.astype(">f8"),
        np.asfortranarray(case.readnoise),
    )
    ours = fit_ramps(*case, TIMING, RampFitParameters())
    other = fit_ramps(*big, TIMING, RampFitParameters())
    for name in PLANES:
        np.testing.assert_array_equal(getattr(ours.rate, name), getattr(other.rate, name))


def test_the_number_of_threads_changes_nothing():
    case = random_case(np.random.default_rng(6), 2, 7, n_rows=150)
    one = fit_ramps(*case, TIMING, RampFitParameters(), n_threads=1, segments=True)
    three = fit_ramps(*case, TIMING, RampFitParameters(), n_threads=3, segments=True)
    for name in PLANES:
        for plane in ("rate", "rateints"):
            np.testing.assert_array_equal(
                getattr(getattr(one, plane), name), getattr(getattr(three, plane), name)
            )
    np.testing.assert_array_equal(one.segments.yint, three.segments.yint)


def test_the_comparison_notices_a_small_difference():
    plane = np.array([1.0, 2.0, np.nan], np.float32)
    assert_same(plane, plane.copy(), "same")
    with pytest.raises(AssertionError):
        assert_same(plane * np.float32(1.00003), plane, "scaled")
    with pytest.raises(AssertionError):
        assert_same(np.nan_to_num(plane), plane, "NaN lost")
