"""Why a rate is NaN or 0, of pixels that the kernels really fitted."""

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.core.dq import Dq
from rampviewer.model.pixel.pixel_reasons import why_integration
from rampviewer.model.pixel.pixel_text import sections

DNU, SAT, JUMP = Dq.DO_NOT_USE, Dq.SATURATED, Dq.JUMP_DET
NAN = float("nan")


def exposure_of(
    groupdq, signal=None, *, instrument="", gain=2.0, readnoise=4.0, pixeldq=0, **planes
):
    """Return an exposure of two pixels with these flags, and a third that is good."""
    flags = np.atleast_2d(np.asarray(groupdq, np.uint8))
    n_ints, n_groups = flags.shape
    groups = np.zeros((n_ints, n_groups, 1, 3), np.uint8)
    groups[..., :2] = flags[:, :, None, None]
    sci = np.broadcast_to(10.0 * np.arange(n_groups)[:, None, None], groups.shape).copy()
    if signal is not None:
        sci[:, :, 0, :2] = np.asarray(signal, float)[..., None]
    maps = np.array([[pixeldq, pixeldq, 0]], np.uint32)
    gains, noises = np.array([[gain, gain, 2.0]]), np.array([[readnoise, readnoise, 4.0]])
    timing = rv.Timing(frame_time=5.0, group_time=10.0)
    arrays = sci, groups, maps, gains, noises
    return rv.Exposure.from_arrays(*arrays, timing, instrument, **planes)


def why(exposure, *, algorithm="OLS_C", **fit):
    """Return why the first pixel has no rate; it must be so in the image too."""
    parameters = rv.RampFitParameters(algorithm=algorithm, **fit)
    result = rv.process(exposure, fit=parameters)
    told = rv.explain(result, 0, 0)
    rate = float(result.fit.rate.slope[0, 0])
    np.testing.assert_equal(told.view.slope, rate)
    assert bool(told.why) == (np.isnan(rate) or rate == 0)
    return told.why


@pytest.mark.parametrize(
    ("groupdq", "reason"),
    [
        ([SAT] * 5, "saturated from group 0"),
        ([SAT, SAT, DNU, 0, 0], "saturated from group 0"),
        ([DNU] * 5, "every group is DO_NOT_USE"),
        ([DNU, DNU, SAT, SAT, SAT], "saturated from group 2, the groups before it are DNU"),
        (
            [0, SAT, SAT, SAT, SAT],
            "saturated from group 1, one good group, suppress_one_group",
        ),
        ([0, DNU, DNU, DNU, DNU], "one good group, suppress_one_group"),
        ([DNU, DNU, 0, DNU, DNU], "one good group, suppress_one_group"),
        ([0, DNU, DNU, 4, DNU], "one good group, suppress_one_group"),
    ],
)
def test_no_group_is_left_to_fit(groupdq, reason):
    reason = reason.replace("DNU", "DO_NOT_USE")
    assert why(exposure_of(groupdq)) == f"rate is NaN: {reason}"


def test_one_good_group_has_a_rate_when_that_is_wanted():
    exposure = exposure_of([0, SAT, SAT, SAT, SAT], [50.0] * 5)
    assert why(exposure, suppress_one_group=False) == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"gain": NAN}, "the gain of this pixel is nan"),
        ({"gain": 0.0}, "the gain of this pixel is 0"),
        ({"readnoise": 0.0}, "the read noise of this pixel is 0"),
        ({"readnoise": NAN}, "the read noise of this pixel is nan"),
        ({"pixeldq": DNU | Dq.HOT}, "PIXELDQ of this pixel is DO_NOT_USE"),
        ({"pixeldq": SAT}, "PIXELDQ of this pixel is SATURATED"),
    ],
)
def test_the_pixel_itself_is_to_blame(changes, reason):
    assert why(exposure_of([0] * 5, **changes)) == f"rate is NaN: {reason}"


def test_infinite_data_give_no_slope():
    exposure = exposure_of([0] * 5, [np.inf] * 5)
    assert why(exposure) == "rate is NaN: a datum is infinite"


@pytest.mark.parametrize(
    ("groupdq", "reason"),
    [
        ([JUMP] * 5, "every group is a jump"),
        ([JUMP, JUMP, DNU, JUMP, DNU], "no group is good: DO_NOT_USE, JUMP_DET"),
        ([Dq.OUTLIER] * 5, "no group is good: OUTLIER"),
    ],
)
def test_without_a_good_group_the_rate_is_zero(groupdq, reason):
    assert why(exposure_of(groupdq)) == f"rate is 0: {reason}"


def test_a_variance_that_is_too_large_makes_the_rate_zero():
    told = why(exposure_of([0] * 5, readnoise=1e5))
    assert told == (
        "rate is 0: its variance by read noise is 1e6 (DN/s)^2 or more, "
        "from where on the fit takes it, and the slope with it, as 0"
    )


def test_missing_data_count_as_zero():
    assert why(exposure_of([0] * 5, [NAN] * 5)) == (
        "rate is 0: every datum of the fit is NaN, and a NaN datum counted as 0"
    )


@pytest.mark.parametrize(
    ("groupdq", "signal", "group"),
    [
        ([0, 0, DNU, DNU, DNU], [1, NAN, 3, 4, 5], 1),
        ([DNU, DNU, DNU, 0, DNU], [1, 2, 3, NAN, 5], 3),
    ],
)
def test_a_short_segment_cannot_do_without_a_datum(groupdq, signal, group):
    exposure = exposure_of(groupdq, signal)
    assert why(exposure, suppress_one_group=False) == (
        f"rate is NaN: the datum of group {group} is NaN, and a segment of one or two "
        "groups cannot do without"
    )
    fit = rv.RampFitParameters(suppress_one_group=False)
    assert "counted as 0" not in str(rv.explain(exposure, 0, 0, fit=fit))


def test_a_longer_segment_takes_a_missing_datum_as_zero():
    text = str(rv.explain(exposure_of([0] * 5, [NAN, 20, 30, 40, 50]), 0, 0))
    assert "int 0 group 0: the datum is NaN, it counted as 0 in the fit" in text


def test_saturation_counts_from_a_group_that_firstgroup_leaves_out():
    exposure = exposure_of([SAT, DNU, 0, 0, 0])
    assert why(exposure, firstgroup=2) == "rate is NaN: saturated from group 0"
    assert why(exposure, firstgroup=2, algorithm="LIKELY") == ""
    missing = exposure_of([SAT, DNU, 0, 0, 0], [1, 2, 3, NAN, 5])
    told = why(missing, algorithm="LIKELY")
    assert told.startswith("rate is NaN: the datum of group 3 is NaN")


def test_the_first_and_the_last_group_of_miri_are_not_asked():
    # Every group that the fit sees saturates; the first is not there for it.
    exposure = exposure_of([DNU, SAT, SAT, SAT, DNU | SAT], instrument="MIRI")
    exposure.groupdq[:, [0, 4], 0, 2] = DNU
    assert why(exposure) == "rate is NaN: saturated from group 1"
    told = rv.explain(exposure, 2, 0)
    lines = next(s.lines for s in sections(told.view) if "segments" in s.title)
    assert lines[1:3] == (
        "Groups 0, 4 cannot be used in any ramp of this exposure, and are cut off.",
        "Only groups 1 to 3 may be used.",
    )
    (segment,) = told.segments[0]
    assert (segment.first_group, segment.last_group) == (1, 3)


def test_the_range_of_groups_is_told():
    exposure = exposure_of([0, DNU, DNU, DNU, 0])
    assert why(exposure, firstgroup=1, lastgroup=3) == (
        "rate is NaN: every group from 1 to 3 is DO_NOT_USE"
    )
    saturated = exposure_of([0, SAT, SAT, SAT, SAT])
    assert why(saturated, firstgroup=1) == "rate is NaN: saturated from group 1"
    noiseless = exposure_of([0] * 5, readnoise=0.0)
    assert why(noiseless, firstgroup=1) == "rate is NaN: the read noise of this pixel is 0"


def test_nothing_of_the_exposure_can_be_fitted():
    exposure = exposure_of([DNU] * 5, instrument="MIRI")
    exposure.groupdq[:] = DNU
    assert why(exposure) == "rate is NaN: no ramp of this exposure can be fitted"


def test_integrations_each_have_their_reason():
    exposure = exposure_of([[SAT] * 5, [DNU] * 5])
    assert "each for its own reason" in why(exposure)
    view = rv.explain(exposure, 0, 0).view
    assert why_integration(view, 0) == "slope is NaN: saturated from group 0"
    assert why_integration(view, 1) == "slope is NaN: every group is DO_NOT_USE"
    good = rv.explain(exposure_of([[0] * 5, [DNU] * 5]), 0, 0)
    assert good.why == ""
    assert why_integration(good.view, 1) == "slope is NaN: every group is DO_NOT_USE"


@pytest.mark.parametrize(
    ("groupdq", "signal", "reason"),
    [
        ([0, 0, 0, 0, 0], [0, 1, NAN, 3, 4], "the datum of group 2 is NaN"),
        ([0, DNU, 0, DNU, 0], None, "no two groups in a row are good"),
        ([DNU] * 5, None, "every group is DO_NOT_USE"),
        ([SAT] * 5, None, "saturated from group 0"),
    ],
)
def test_the_likelihood_fit_has_reasons_of_its_own(groupdq, signal, reason):
    told = why(exposure_of(groupdq, signal), algorithm="LIKELY")
    assert told.startswith(f"rate is NaN: {reason}")


def test_the_likelihood_fit_does_not_mind_pixeldq():
    assert why(exposure_of([0] * 5, pixeldq=DNU), algorithm="LIKELY") == ""
    told = why(exposure_of([SAT] * 5, pixeldq=DNU), algorithm="LIKELY")
    assert told == "rate is NaN: saturated from group 0"


def test_a_zero_frame_that_stands_in_is_told():
    zeroframe = np.full((1, 1, 3), 25.0, np.float32)
    exposure = exposure_of([SAT] * 5, [60.0] * 5, zeroframe=zeroframe)
    assert why(exposure, suppress_one_group=False) == ""
    told = rv.explain(exposure, 0, 0, fit=rv.RampFitParameters(suppress_one_group=False))
    assert told.view.integrations[0].rules.zeroframe
    assert told.view.slope == pytest.approx(5.0)
    assert "int 0: no group is good, the zero frame stands for group 0" in str(told)
    assert "zero frame" not in str(rv.explain(exposure, 2, 0))


def test_a_read_noise_that_ignores_lost_groups_is_told():
    exposure = exposure_of([0, 0, 0, Dq.CHARGELOSS | DNU, Dq.CHARGELOSS | DNU])
    result = rv.process(exposure)
    told, plain = rv.explain(result, 0, 0), rv.explain(result, 2, 0)
    item = told.view.integrations[0]
    assert item.rules.chargeloss
    assert item.var_rnoise == pytest.approx(result.fit.rateints.var_rnoise[0, 0, 0])
    assert item.var_rnoise < item.segments[0].var_rnoise
    assert item.var_rnoise == pytest.approx(plain.view.integrations[0].var_rnoise)
    assert f"CHARGELOSS: the read noise variance, {item.var_rnoise:.4g} (DN/s)^2" in str(
        told
    )
    assert "CHARGELOSS" not in str(plain)


def lines_about_errors(n_ints, **calibration):
    ramps = np.tile(4e7 * np.arange(1, 6), (n_ints, 1))
    flags = np.zeros(ramps.shape, np.uint8)
    exposure = exposure_of(flags, ramps, readnoise=5.0, **calibration)
    view = rv.explain(rv.process(exposure), 0, 0).view
    lines = next(s.lines for s in sections(view) if s.title.startswith("Integrations"))
    return [line for line in lines if "1e6" in line], lines


def test_errors_that_lack_a_huge_variance_are_explained():
    of_ints = "its error is written as 0, for its variance is 1e6 (DN/s)^2 or more"
    of_rate = (
        "The error of the exposure holds read noise alone: its variance by photons is "
        "1e6 (DN/s)^2 or more, and written as 0."
    )
    found, lines = lines_about_errors(1, gain=0.05)
    assert found == [f"int 0: {of_ints}", of_rate]
    assert "int 0: 4000000.00 DN/s, error written as 0; 1 segment; DQ good" in lines
    assert lines_about_errors(3, gain=0.05)[0] == [f"int {i}: {of_ints}" for i in range(3)]
    assert lines_about_errors(1, gain=2.0)[0] == []
