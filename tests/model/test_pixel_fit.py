import numpy as np
import pytest

from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.pixel_fit import fit_pixel
from rampviewer.model.runs.ramp_fitting import fit_exposure, fit_settings
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import Timing
from tests.fit_cases import DNU, JUMP, SAT, random_case

TIMING = Timing(frame_time=2.5, group_time=10.0, n_frames=4)


def exposure_of(ramp, flags, instrument="NIRCAM", **more):
    """One row of two pixels, of which the first is always good."""
    ramps = np.stack([np.asarray(ramp, np.float32)] * 2, axis=-1)
    dq = np.zeros(ramps.shape, np.uint8)
    dq[..., 1] = flags
    if instrument == "MIRI":
        dq[:, [0, -1]] |= DNU
    return Exposure.from_arrays(
        ramps[:, :, None],
        dq[:, :, None],
        np.zeros((1, 2), np.uint32),
        2.0,
        10.0,
        TIMING,
        instrument,
        **more,
    )


def fit_of(exposure, pixel, **parameters):
    fit = RampFitParameters(**parameters)
    settings = fit_settings(exposure.groupdq, TIMING, fit, exposure.instrument)
    flags = exposure.groupdq[:, :, pixel.row, pixel.col]
    return fit_pixel(exposure, pixel, flags, settings)


def assert_lines_meet_the_points(segments, ramp):
    for segment in segments:
        (t0, t1), (y0, y1) = segment.line(TIMING.times)
        assert (t0, t1) == tuple(
            10.0 * (g + 1) for g in (segment.first_group, segment.last_group)
        )
        wanted = ramp[segment.first_group], ramp[segment.last_group]
        assert (y0, y1) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
def test_the_drawn_lines_pass_through_the_points(instrument):
    ramp = np.array([5.0, 30.0, 50.0, 70.0, 90.0, 500.0, 504.0, 508.0, 530.0, 600.0])
    flags = [0, 0, 0, 0, 0, JUMP, 0, 0, JUMP, 0]
    exposure = exposure_of(ramp[None], flags, instrument)
    fit = fit_of(exposure, Pixel(0, 1), firstgroup=1)
    (integration,) = fit.integrations
    groups = [(s.first_group, s.last_group) for s in integration.segments]
    ends = [(1, 4), (5, 7)] if instrument == "MIRI" else [(1, 4), (5, 7), (8, 9)]
    assert groups == ends
    assert_lines_meet_the_points(integration.segments, ramp)
    assert [s.slope for s in integration.segments[:2]] == pytest.approx([2.0, 0.4])


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
def test_the_line_of_a_single_group_passes_through_it(instrument):
    ramp = np.array([5.0, 30.0, 50.0, 70.0])
    exposure = exposure_of(ramp[None], [DNU, 0, SAT, SAT], instrument)
    fit = fit_of(exposure, Pixel(0, 1), suppress_one_group=False)
    (segment,) = fit.integrations[0].segments
    assert (segment.first_group, segment.last_group) == (1, 1)
    assert_lines_meet_the_points([segment], ramp)


def test_weights_are_shares_of_the_whole_exposure():
    ramp = np.arange(12.0).reshape(2, 6)
    flags = [[0, 0, 0, JUMP, 0, 0], [0, 0, 0, 0, JUMP, JUMP]]
    fit = fit_of(exposure_of(ramp, flags), Pixel(0, 1))
    shares = [s.weight for i in fit.integrations for s in i.segments]
    wanted = np.array([24.0, 24.0, 60.0])  # n^3 - n
    assert shares == pytest.approx(wanted / wanted.sum())


def test_the_error_of_a_segment_holds_both_variances():
    fit = fit_of(exposure_of([[0.0, 30.0, 60.0]], 0), Pixel(0, 1))
    (segment,) = fit.integrations[0].segments
    assert segment.err**2 == pytest.approx(segment.var_poisson + segment.var_rnoise)
    assert fit.err == pytest.approx(segment.err)


@pytest.mark.parametrize("instrument", ["NIRCAM", "MIRI"])
def test_each_pixel_equals_the_planes_of_the_exposure(instrument):
    rng = np.random.default_rng(8)
    case = random_case(rng, 2, 7, n_rows=5, n_cols=20, dirty=0.8)
    case.groupdq[:, 0] |= DNU
    frame = case.pixeldq.shape
    exposure = Exposure.from_arrays(
        *case,
        TIMING,
        instrument,
        zeroframe=rng.normal(100, 30, (2, *frame)),
        dark_current=rng.uniform(0, 1, frame),
    )
    for suppress in (True, False):
        planes = fit_exposure(exposure, RampFitParameters(suppress_one_group=suppress))
        for row, col in np.ndindex(frame):
            fit = fit_of(exposure, Pixel(row, col), suppress_one_group=suppress)
            wanted = planes.rate.slope[row, col], planes.rate.err[row, col]
            assert (fit.slope, fit.err) == pytest.approx(wanted, rel=1e-6, nan_ok=True)
            assert fit.dq == planes.rate.dq[row, col]
            for i, integration in enumerate(fit.integrations):
                ints = planes.rateints
                wanted = ints.slope[i, row, col], ints.err[i, row, col]
                assert (integration.slope, integration.err) == pytest.approx(
                    wanted, rel=1e-6, nan_ok=True
                )
                assert integration.dq == ints.dq[i, row, col]


def test_flags_of_the_pixel_can_be_given():
    exposure = exposure_of([[0.0, 1.0, 2.0]], 0)
    settings = fit_settings(exposure.groupdq, TIMING, RampFitParameters())
    fit = fit_pixel(exposure, Pixel(0, 1), np.zeros((1, 3), np.uint8), settings, DNU)
    assert np.isnan(fit.slope)
    assert fit.dq == DNU


def test_without_settings_nothing_is_fitted():
    exposure = exposure_of([[0.0, 1.0, 2.0]], SAT)
    fit = fit_pixel(exposure, Pixel(0, 1), np.full((1, 3), SAT, np.uint8), None)
    assert np.isnan(fit.slope)
    assert fit.dq == DNU
    assert fit.integrations[0].segments == ()
