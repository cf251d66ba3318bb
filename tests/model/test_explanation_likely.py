"""What the likelihood fit decided, told pixel by pixel."""

from dataclasses import replace

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.model.pixel.pixel_text import sections
from tests.exposures import random_exposure
from tests.jump_cases import ramp_exposure

LIKELY = rv.RampFitParameters(algorithm="LIKELY")
FEW_FLAGS = rv.JumpParameters(rejection_threshold=500.0, flag_4_neighbors=False)
THRESHOLD_ONE, THRESHOLD_TWO = 20.25, 23.8  # of the reference


@pytest.mark.parametrize("with_zeroframe", [False, True])
def test_every_pixel_is_what_the_image_shows(with_zeroframe):
    changes = {}
    if with_zeroframe:
        sci = random_exposure(5, (2, 9, 12, 10)).sci
        changes["zeroframe"] = sci[:, 0] * np.float32(0.4)
    exposure = random_exposure(5, (2, 9, 12, 10), delivered=0.05, **changes)
    result = rv.process(exposure, FEW_FLAGS, LIKELY)
    n_left_out = 0
    for y, x in np.ndindex(12, 10):
        told = rv.explain(result, x, y)
        parts = [(told.view, result.fit.rate, (y, x))]
        for i, item in enumerate(told.view.integrations):
            parts.append((item, result.fit.rateints, (i, y, x)))
            likely = item.likely
            value = result.fit.rateints.chisq[i, y, x]
            np.testing.assert_array_equal(np.float32(likely.chisq), value)
            np.testing.assert_array_equal(likely.order > 0, likely.left_out)
            np.testing.assert_array_equal(item.groupdq, result.jumps.groupdq[i, :, y, x])
            assert np.all(likely.fall[likely.left_out] > likely.limit[likely.left_out])
            assert not np.any(likely.fall[~likely.left_out] > THRESHOLD_ONE)
            n_left_out += likely.left_out.sum()
        np.testing.assert_array_equal(
            np.float32(told.view.chisq), result.fit.rate.chisq[y, x]
        )
        for part, planes, place in parts:
            assert part.dq == planes.dq[place]
            for name in ("slope", "err", "var_poisson", "var_rnoise"):
                value = getattr(planes, name)[place]
                np.testing.assert_array_equal(np.float32(getattr(part, name)), value)
    assert n_left_out > 50


def chi_square(rates, used, typical, noise):
    """Return chi-square of a constant rate in single reads 1 s apart, the dense way."""
    n = rates.size
    matrix = (typical + 2 * noise**2) * np.eye(n)
    matrix -= noise**2 * (np.eye(n, k=1) + np.eye(n, k=-1))
    inverse = np.linalg.inv(matrix[np.ix_(used, used)])
    data, ones = rates[used], np.ones(len(used))
    squared = (data @ inverse @ ones) ** 2 / (ones @ inverse @ ones)
    return data @ inverse @ data - squared


def test_the_fall_of_chi_square_is_that_without_the_difference():
    rng = np.random.default_rng(4)
    rates = 100.0 + rng.normal(0, 10, 12)
    rates[[3, 8]] += [200.0, 500.0]
    # Steps of whole DN stay exact in single precision.
    rates = np.round(rates)
    exposure = ramp_exposure(rates, readnoise=4.0)
    told = rv.explain(exposure, 0, 0, jump=FEW_FLAGS, fit=LIKELY)
    assert not told.flags
    (likely,) = told.likely
    np.testing.assert_array_equal(np.flatnonzero(likely.left_out), [3, 8])
    np.testing.assert_array_equal(likely.order[[3, 8]], [2, 1])
    np.testing.assert_array_equal(likely.limit, THRESHOLD_ONE)
    typical, noise = np.median(rates), 4.0 / np.sqrt(2)
    left = list(range(12))
    for removed in (8, 3):
        before = chi_square(rates, left, typical, noise)
        left.remove(removed)
        after = chi_square(rates, left, typical, noise)
        assert likely.fall[removed] == pytest.approx(before - after)
    last = chi_square(rates, left, typical, noise)
    for k in left:
        without = chi_square(rates, [j for j in left if j != k], typical, noise)
        assert likely.fall[k] == pytest.approx(last - without)


def test_two_differences_in_a_row_go_together():
    # A jump inside a group of several reads is in the differences on both sides of it.
    exposure = ramp_exposure([50.0] * 4 + [450.0, 450.0] + [50.0] * 6, n_frames=4)
    (likely,) = rv.explain(exposure, 0, 0, jump=FEW_FLAGS, fit=LIKELY).likely
    np.testing.assert_array_equal(np.flatnonzero(likely.left_out), [4, 5])
    np.testing.assert_array_equal(likely.order[[4, 5]], 1)
    np.testing.assert_array_equal(likely.limit[[4, 5]], THRESHOLD_TWO)
    assert likely.fall[4] == likely.fall[5]


def test_the_text_says_what_was_left_out_and_what_came_near():
    exposure = ramp_exposure([20.0, 22.0, 18.0, 90.0, 20.0, 21.0, 25.0], readnoise=2.0)
    told = rv.explain(exposure, 0, 0, jump=FEW_FLAGS, fit=LIKELY)
    (likely,) = told.likely
    near = np.nanargmax(np.where(likely.left_out, np.nan, likely.fall))
    text = str(told)
    assert "Fitted by likelihood." in text
    assert f"chi-square {likely.chisq:.2f}, 5 degrees of freedom; DQ JUMP_DET" in text
    assert (
        "int 0 group 4: a jump for the fit, which leaves out the difference before, "
        f"chi-square falls by {likely.fall[3]:.1f} > 20.25 (removal 1)"
    ) in text
    assert (
        f"int 0 group {near + 1}: the nearest to a jump that the fit kept, "
        f"chi-square would fall by {likely.fall[near]:.1f} < 20.25"
    ) in text


def test_with_few_differences_left_the_search_ends():
    exposure = ramp_exposure([20.0, 22.0, 900.0, 18.0], readnoise=2.0)
    told = rv.explain(exposure, 0, 0, jump=FEW_FLAGS, fit=LIKELY)
    (likely,) = told.likely
    np.testing.assert_array_equal(likely.left_out, [False, False, True, False])
    assert np.isnan(likely.fall[~likely.left_out]).all()
    assert "with the few differences that are left the fit searches no further" in str(told)


def test_fewer_than_four_groups_are_fitted_by_least_squares():
    told = rv.explain(ramp_exposure([20.0, 21.0]), 0, 0, fit=LIKELY)
    assert told.likely == (None,)
    assert told.view.fit.asked == "LIKELY"
    assert not told.view.fit.is_likely
    text = "Fitted by least squares (OLS_C), because the likelihood fit needs 4 groups."
    assert text in str(told)
    plain = rv.explain(ramp_exposure([20.0, 21.0]), 0, 0)
    assert "Fitted by least squares (OLS_C).\n" in str(plain)


def test_uneven_groups_are_fitted_by_likelihood_whatever_was_asked():
    steps = [20.0] * 4
    even = ramp_exposure(steps)
    times = ((1.0,), (2.0,), (4.0,), (5.0,), (6.0,))
    timing = rv.Timing(frame_time=1.0, group_time=1.0, read_times=times)
    arrays = even.sci, even.groupdq, even.pixeldq, even.gain, even.readnoise
    exposure = rv.Exposure.from_arrays(*arrays, timing)
    result = rv.process(exposure)
    told = rv.explain(result, 0, 0)
    assert told.view.slope == pytest.approx(result.fit.rate.slope[0, 0])
    text = str(told)
    assert "Fitted by likelihood, because the exposure has uneven read_times." in text
    assert "The groups count as evenly spaced here" in text
    np.testing.assert_array_equal(told.groupdq, result.jumps.groupdq[:, :, 0, 0])
    assert told.decision.interval is None


def lines_of(told):
    return next(s.lines for s in sections(told.view) if "segments" in s.title)


def test_a_rate_of_one_difference_says_which_one_it_is():
    flags = np.zeros((1, 7, 1, 1), np.uint8)
    flags[0, [0, 1, 4, 5, 6]] = 2
    exposure = ramp_exposure([50.0] * 6, groupdq=flags)
    told = rv.explain(rv.process(exposure, FEW_FLAGS, LIKELY), 0, 0)
    (item,) = told.view.integrations
    assert (item.likely.degrees, np.isnan(item.slope)) == (0, False)
    sentence = "int 0: the rate is the step from group 2 to group 3 alone"
    assert any(line.startswith(sentence) for line in lines_of(told))


def test_a_rate_of_the_zero_frame_says_so():
    flags = np.zeros((1, 7, 1, 1), np.uint8)
    flags[0, 1:] = 2
    plain = ramp_exposure([50.0] * 6, groupdq=flags, n_frames=4)
    zeroframe = np.full((1, 1, 1), -20.0, np.float32)
    exposure = replace(plain, zeroframe=zeroframe)
    told = rv.explain(rv.process(exposure, FEW_FLAGS, LIKELY), 0, 0)
    (item,) = told.view.integrations
    assert not np.isnan(item.slope)
    assert item.likely.degrees == 0
    sentence = "int 0: the rate is the step from the zero frame to group 0 alone"
    assert any(line.startswith(sentence) for line in lines_of(told))


def test_degrees_of_freedom_count_the_difference_within_the_first_group():
    plain = ramp_exposure([50.0] * 6, n_frames=4)
    exposure = replace(plain, zeroframe=np.full((1, 1, 1), -20.0, np.float32))
    told = rv.explain(rv.process(exposure, FEW_FLAGS, LIKELY), 0, 0)
    assert told.view.integrations[0].likely.degrees == 6
