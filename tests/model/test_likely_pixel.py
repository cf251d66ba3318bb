import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.likely_pixel import LinePiece, fit_likely_pixel
from rampviewer.model.runs.likely_fitting import LikelyFitter, fit_likely
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import GroupTimes, Timing
from tests.likely_cases import likely_case


def pixel_fit(exposure, row=0, col=0, **group_range):
    settings = LikelyFitter.of(exposure, RampFitParameters(**group_range)).settings
    flags = exposure.groupdq[:, :, row, col]
    return fit_likely_pixel(exposure, Pixel(row, col), flags, settings)


def one_pixel(*ramps, **options):
    """Return an exposure of one pixel with low noise."""
    sci = np.array(ramps, np.float32)[:, :, None, None]
    groupdq = np.zeros(sci.shape, np.uint8)
    pixeldq = np.zeros((1, 1), np.uint32)
    timing = Timing(frame_time=2.0, group_time=2.0)
    return Exposure.from_arrays(sci, groupdq, pixeldq, 2.0, 4.0, timing, "", **options)


@pytest.mark.parametrize("seed", range(4, 12))
def test_a_pixel_is_what_the_planes_show(seed):
    case, timing, planes, group_range = likely_case(seed)
    exposure = Exposure.from_arrays(*case, timing, "", **planes)
    whole = fit_likely(exposure, RampFitParameters(**group_range))
    for row, col in np.ndindex(8, 20):
        fit = pixel_fit(exposure, row, 2 * col, **group_range)
        parts = [(whole.rate, (row, 2 * col), fit)]
        parts += [
            (whole.rateints, (i, row, 2 * col), part)
            for i, part in enumerate(fit.integrations)
        ]
        for plane, here, part in parts:
            for name in ("slope", "err", "chisq", "dq"):
                value = getattr(plane, name)[here]
                np.testing.assert_array_equal(value, getattr(part, name), name)


def test_a_jump_leaves_a_difference_out_and_breaks_the_line_in_two():
    ramp = 100.0 * np.arange(1, 9) + 5.0
    ramp[5:] += 5000.0
    fit = pixel_fit(one_pixel(ramp)).integrations[0]
    np.testing.assert_array_equal(np.flatnonzero(fit.left_out), [4])
    np.testing.assert_array_equal(np.flatnonzero(fit.used), [0, 1, 2, 3, 5, 6])
    assert fit.dq == Dq.JUMP_DET
    assert fit.slope == pytest.approx(50.0)
    assert fit.degrees == 5
    assert fit.chisq == pytest.approx(0.0, abs=1e-3)
    assert fit.pieces == (
        LinePiece(0, 4, pytest.approx(5.0, abs=0.01)),
        LinePiece(5, 7, pytest.approx(5005.0, abs=0.01)),
    )
    (segment,) = fit.segments
    assert (segment.first_group, segment.last_group) == (0, 7)
    assert segment.weight == 1.0
    assert segment.err == pytest.approx(
        np.sqrt(segment.var_poisson + segment.var_rnoise), rel=1e-5
    )
    times, values = segment.line(GroupTimes(2.0))
    assert times == (2.0, 16.0)
    assert values == pytest.approx((105.0, 805.0), abs=0.01)


def test_flagged_groups_are_neither_used_nor_left_out():
    exposure = one_pixel(30.0 * np.arange(8))
    exposure.groupdq[0, 6:] = Dq.SATURATED
    fit = pixel_fit(exposure, firstgroup=1).integrations[0]
    np.testing.assert_array_equal(np.flatnonzero(fit.used), [1, 2, 3, 4])
    assert not fit.left_out.any()
    assert [piece[:2] for piece in fit.pieces] == [(1, 5)]


def test_an_unusable_integration_has_no_segment_and_no_share():
    good, bad = 30.0 * np.arange(6), np.full(6, np.nan)
    fit = pixel_fit(one_pixel(good, bad, good))
    first, second, third = fit.integrations
    assert second.segments == second.pieces == ()
    assert not second.used.any()
    assert np.isnan([second.slope, second.chisq, fit.chisq]).all()
    assert fit.slope == pytest.approx(15.0)
    assert first.segments[0].weight == pytest.approx(0.5)
    assert third.segments[0].weight == pytest.approx(0.5)


def test_with_a_zero_frame_differences_still_belong_to_groups():
    exposure = one_pixel(
        30.0 * np.arange(1, 7), zeroframe=np.full((1, 1, 1), 15.0, np.float32)
    )
    timing = Timing(frame_time=1.0, group_time=2.0, n_frames=2)
    averaged = Exposure.from_arrays(
        exposure.sci,
        exposure.groupdq,
        exposure.pixeldq,
        exposure.gain,
        exposure.readnoise,
        timing,
        zeroframe=exposure.zeroframe,
    )
    fit = pixel_fit(averaged).integrations[0]
    assert fit.used.shape == (5,)
    assert [piece[:2] for piece in fit.pieces] == [(0, 5)]
