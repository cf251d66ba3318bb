"""A test for each row of the table of cases in which the reference surprises."""

import logging
import re
from pathlib import Path

import numpy as np
import pytest
from jwst.jump import JumpStep
from stdatamodels.jwst import datamodels

import rampviewer as rv
from rampviewer.model.exposure import Exposure
from tests.fit_cases import CHARGELOSS, DNU, JUMP, PERSISTENCE, SAT, Case
from tests.matrix.both_ways import arrays_of, check_fit, check_jumps
from tests.reference_fit import reference_likely

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "rampviewer" / "core" / "REFERENCE.md"
EVEN = rv.Timing(frame_time=2.0, group_time=10.0, n_frames=4, groupgap=1)
PLAIN = rv.Timing(frame_time=1.0, group_time=1.0)
OLS = rv.RampFitParameters()
LIKELY = rv.RampFitParameters(algorithm="LIKELY")


def rows_of_table():
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in rows if row[0] != "what"]


def test_every_row_of_the_table_names_tests_that_exist():
    rows = rows_of_table()
    assert len(rows) > 20
    for row in rows:
        assert len(row) == 4, row
        named = re.findall(r"`(\w+)\.py::(\w+)`", row[3])
        assert named, row
        for module, function in named:
            (path,) = (ROOT / "tests").rglob(f"{module}.py")
            assert f"def {function}(" in path.read_text(), row[3]


def test_every_test_here_is_named_in_the_table():
    own = re.findall(r"^def (test_\w+)", Path(__file__).read_text(), re.MULTILINE)
    table = TABLE.read_text()
    missing = [name for name in own if name not in table and "_table" not in name]
    assert not missing


def row_of(ramps, flags=0, gain=2.0, readnoise=5.0):
    """Return the arrays of an exposure of one row: (n_ints, n_groups, n_pixels)."""
    sci = np.array(ramps, np.float32)
    sci = sci.reshape((1,) * (3 - sci.ndim) + sci.shape)[:, :, None]
    groupdq = np.zeros(sci.shape, np.uint8)
    groupdq[:] = np.reshape(np.array(flags, np.uint8), (*np.shape(flags), 1, 1))
    frame = sci.shape[2:]
    return Case(
        sci,
        groupdq,
        np.zeros(frame, np.uint32),
        np.broadcast_to(np.array(gain, np.float32), frame).copy(),
        np.broadcast_to(np.array(readnoise, np.float32), frame).copy(),
    )


def one_pixel(values, flags=0, **calibration):
    return row_of(np.array(values, np.float32)[..., None], flags, **calibration)


def noise(shape=(1, 8, 6, 7), seed=0):
    rng = np.random.default_rng(seed)
    frame = shape[2:]
    return Case(
        rng.normal(30, 10, shape).cumsum(axis=1).astype(np.float32),
        np.zeros(shape, np.uint8),
        np.zeros(frame, np.uint32),
        np.ones(frame, np.float32),
        np.full(frame, 8.0, np.float32),
    )


# The jump step


def reference_file(model, values):
    n_rows, n_cols = values.shape
    made = model(data=values)
    made.meta.subarray.instance.update(xstart=1, ystart=1, xsize=n_cols, ysize=n_rows)
    return made


@pytest.fixture
def official_step(monkeypatch):
    """Return a function that runs the official jump step on an exposure."""
    monkeypatch.setattr("stpipe.crds_client.get_context_used", lambda *_, **__: "OFFLINE")

    def run(exposure, **parameters):
        timing = exposure.timing
        model = datamodels.RampModel(
            data=exposure.sci, groupdq=exposure.groupdq, pixeldq=exposure.pixeldq
        )
        model.meta.instrument.name = "MIRI"
        model.meta.exposure.nframes = timing.n_frames
        model.meta.exposure.group_time = timing.group_time
        if timing.read_times:
            model.meta.exposure.read_times = [list(times) for times in timing.read_times]
        sizes = {"xsize": exposure.n_cols, "ysize": exposure.n_rows}
        model.meta.subarray.instance.update(xstart=1, ystart=1, **sizes)
        logging.disable(logging.CRITICAL)
        try:
            return JumpStep.call(
                model,
                override_gain=reference_file(datamodels.GainModel, exposure.gain),
                override_readnoise=reference_file(
                    datamodels.ReadnoiseModel, exposure.readnoise
                ),
                **parameters,
            )
        finally:
            logging.disable(logging.NOTSET)

    return run


def test_the_official_step_takes_no_notice_of_read_times(official_step):
    times = tuple((float(t),) for t in (1, 2, 4, 5, 9, 10, 11, 12))
    timing = rv.Timing(frame_time=1, group_time=1, read_times=times)
    exposure = Exposure.from_arrays(*noise(), timing)
    parameters = rv.JumpParameters(rejection_threshold=1.5)
    official = official_step(exposure, rejection_threshold=1.5).groupdq
    np.testing.assert_array_equal(rv.process(exposure, parameters).jumps.groupdq, official)
    # The array call honours them as stcal does.
    ours = check_jumps(arrays_of(exposure), timing, parameters)
    assert (ours.groupdq != official).any()


def test_the_official_step_drops_the_amplitude_of_showers(official_step):
    case = noise((1, 14, 40, 40))
    case.sci[0, 7:, 10:25, 10:25] += 25
    exposure = Exposure.from_arrays(*case, PLAIN, "MIRI")
    given = {"find_showers": True, "extend_snr_threshold": 1.6}
    official = [
        official_step(exposure, max_shower_amplitude=value, **given).groupdq
        for value in (0.01, 1000.0)
    ]
    np.testing.assert_array_equal(*official)
    ours = {
        (value, is_used): rv.process(
            exposure,
            rv.JumpParameters(
                max_shower_amplitude=value, use_max_shower_amplitude=is_used, **given
            ),
        ).jumps.groupdq
        for value in (0.01, 1000.0)
        for is_used in (False, True)
    }
    np.testing.assert_array_equal(ours[0.01, False], official[0])
    np.testing.assert_array_equal(ours[1000.0, False], official[0])
    assert np.count_nonzero(ours[0.01, True]) < np.count_nonzero(ours[1000.0, True])


def test_the_number_of_jumps_not_counted_becomes_a_rate(official_step):
    case = noise((1, 5, 6, 7))
    case.groupdq[:, 2:] |= DNU
    exposure = Exposure.from_arrays(*case, PLAIN)
    official = official_step(exposure)
    assert rv.process(exposure).run.n_primary == -99
    assert official.meta.exposure.primary_cosmic_rays == pytest.approx(-99e3 / 42)


def test_delivered_jumps_count_as_primary_ones():
    case = noise()
    case.groupdq[0, 3] |= JUMP
    quiet = rv.JumpParameters(rejection_threshold=1e6)
    assert check_jumps(case, PLAIN, quiet).n_primary == 42


def test_thresholds_for_few_groups_count_differences_of_all_integrations():
    steps = np.zeros((3, 2))
    steps[1, 1] = 5.0  # sigma, above rejection_threshold and below that of three groups
    ramps = np.concatenate([np.zeros((3, 1)), steps.cumsum(axis=1)], axis=1)
    case = one_pixel(ramps, gain=1.0, readnoise=1.0)
    assert check_jumps(case, PLAIN, rv.JumpParameters()).n_primary == 1
    alone = one_pixel(ramps[1:2], gain=1.0, readnoise=1.0)
    assert check_jumps(alone, PLAIN, rv.JumpParameters()).n_primary == 0


def test_minimum_groups_does_not_act_on_one_core():
    case = noise((1, 4, 6, 7))
    case.sci[0, 2:, 3, 3] += 500
    found = check_jumps(case, PLAIN, rv.JumpParameters(minimum_groups=50))
    assert found.n_primary == 1


def test_limits_after_jumps_are_scaled_by_the_median_gain():
    ramps = np.zeros((6, 3))
    ramps[2:] = 100.0
    case = row_of(ramps, gain=[1.0, 1.0, 4.0], readnoise=1.0)
    parameters = rv.JumpParameters(
        flag_4_neighbors=False, after_jump_flag_dn1=150.0, after_jump_flag_time1=1.0
    )
    flags = check_jumps(case, PLAIN, parameters).groupdq[0, :, 0]
    np.testing.assert_array_equal(flags[2], [JUMP] * 3)
    np.testing.assert_array_equal(flags[3], [0, 0, JUMP])  # 400 electron, of 150 x 1


def test_flags_grow_when_the_step_runs_on_its_own_result():
    case = noise((1, 8, 9, 9))
    case.sci[0, 4:, 4, 4] += 500
    limits = rv.JumpParameters(min_jump_to_flag_neighbors=0.0, rejection_threshold=15.0)
    first = check_jumps(case, PLAIN, limits)
    second = check_jumps(case._replace(groupdq=first.groupdq), PLAIN, limits)
    assert np.count_nonzero(first.groupdq) == 5
    assert np.count_nonzero(second.groupdq) == 13


def test_the_edge_is_measured_in_rows_for_columns_too():
    case = noise((1, 4, 40, 120))
    case.groupdq[0, 2, 18:23, 18:23] |= JUMP
    case.groupdq[0, 2, 18:23, 98:103] |= JUMP  # the mirror image, 40 rows and 18 columns in
    far = rv.JumpParameters(expand_large_events=True, edge_size=10, rejection_threshold=1e6)
    flags = check_jumps(case, PLAIN, far).groupdq[0, 2]
    assert not flags[:, 23:60].any()
    assert np.count_nonzero(flags[:, 60:]) > 25


# The fit by least squares


def test_persistence_counts_where_one_good_group_is_looked_for():
    both = [[SAT if g else bits for g in range(4)] for bits in (0, PERSISTENCE)]
    case = row_of(np.full((4, 2), 30.0))
    case.groupdq[0, :, 0] = np.transpose(both)
    kept = rv.RampFitParameters(suppress_one_group=False)
    slopes = check_fit(case, EVEN, kept, "NIRCAM").rate.slope[0]
    # From the middle of the first group on, or a whole group time.
    np.testing.assert_allclose(slopes, [30 / 5.0, 30 / 10.0])
    assert np.isnan(check_fit(case, EVEN, OLS, "NIRCAM").rate.slope).all()


def test_a_nan_datum_counts_as_zero_but_not_in_two_groups():
    case = row_of(np.transpose([[0, 1, np.nan, 3, 4], [0, 1, np.nan, 3, 4]]))
    case.groupdq[0, [0, 3, 4], 0, 1] = DNU
    slopes = check_fit(case, EVEN, OLS, "NIRCAM").rate.slope[0]
    zero = case._replace(sci=np.nan_to_num(case.sci))
    assert slopes[0] == rv.fit_ramps(*zero, EVEN, OLS).rate.slope[0, 0]
    assert np.isnan(slopes[1])


def test_where_the_read_variance_is_huge_the_slope_is_zero_too():
    result = check_fit(one_pixel([1, 2, 3, 4], readnoise=1e7), EVEN, OLS, "NIRCAM").rate
    assert (result.slope[0, 0], result.var_rnoise[0, 0], result.dq[0, 0]) == (0, 0, 0)


def test_where_the_photon_variance_is_huge_errors_lack_it():
    ramp = 4e7 * np.arange(1, 5)
    alone = check_fit(one_pixel([ramp], gain=0.05), EVEN, OLS, "NIRCAM", segments=True)
    assert alone.segments.var_poisson[0, 0, 0, 0] > 1e6
    assert (alone.rateints.err[0, 0, 0], alone.rate.var_poisson[0, 0]) == (0, 0)
    assert alone.rate.err[0, 0] == pytest.approx(np.sqrt(alone.rate.var_rnoise[0, 0]))
    # The mean of several is better, and its variance may be below the limit.
    three = check_fit(one_pixel([ramp] * 3, gain=0.05), EVEN, OLS, "NIRCAM")
    assert not np.any(three.rateints.err)
    assert 9e2 < three.rate.err[0, 0] < 1e3


def test_without_read_noise_the_missing_rate_has_no_flag():
    result = check_fit(one_pixel([1, 2, 3, 4], readnoise=0.0), EVEN, OLS, "NIRCAM").rate
    assert np.isnan(result.slope[0, 0])
    assert result.dq[0, 0] == 0


def test_the_errors_of_rate_and_integration_differ_for_several_segments():
    case = one_pixel([0, 20, 40, 500, 540], [0, 0, 0, JUMP, 0])
    result = check_fit(case, EVEN, OLS, "NIRCAM", segments=True)
    parts = result.segments
    both = 1 / (parts.var_poisson + parts.var_rnoise)[0, :, 0, 0]
    assert result.rateints.err[0, 0, 0] == pytest.approx(both.sum() ** -0.5)
    sums = result.rate.var_poisson + result.rate.var_rnoise
    assert result.rate.err[0, 0] == pytest.approx(np.sqrt(sums)[0, 0])
    assert result.rate.err[0, 0] != pytest.approx(result.rateints.err[0, 0, 0], 5e-3)


def test_charge_loss_without_do_not_use_rejects_the_group():
    values = [0, 20, 41, 60, 80]
    lost = [0, 0, 0, CHARGELOSS, CHARGELOSS]
    alone = check_fit(one_pixel(values, lost), EVEN, OLS, "NIRCAM").rate
    dropped = check_fit(one_pixel(values, [0, 0, 0, DNU, DNU]), EVEN, OLS, "NIRCAM").rate
    both = [0, 0, 0, CHARGELOSS | DNU, CHARGELOSS | DNU]
    usual = check_fit(one_pixel(values, both), EVEN, OLS, "NIRCAM").rate
    assert alone.var_rnoise == dropped.var_rnoise
    assert usual.var_rnoise < dropped.var_rnoise


def test_sigslope_is_in_electrons_per_group_and_knows_no_photons():
    slow = rv.Timing(frame_time=4.0, group_time=20.0, n_frames=4, groupgap=1)
    values, sigmas = [3, 20, 41, 60], []
    for case in (one_pixel(values), one_pixel(50 * np.array(values))):
        for timing in (EVEN, slow):
            parts = check_fit(case, timing, OLS, "NIRCAM", segments=True).segments
            sigmas.append(parts.sigslope[0, 0, 0, 0])
    assert sigmas[0] == sigmas[1]
    assert sigmas[2] == sigmas[3]
    gained = one_pixel(values, gain=4.0)
    doubled = check_fit(gained, EVEN, OLS, "NIRCAM", segments=True).segments.sigslope
    assert doubled[0, 0, 0, 0] == pytest.approx(2 * sigmas[0])


def test_yint_is_the_value_at_the_first_group_that_is_left():
    values = np.array([900.0, 120.0, 140.0, 160.0, 180.0])
    case = one_pixel(values, [DNU, 0, 0, 0, 0])
    intercept = {
        name: check_fit(case, EVEN, OLS, name, segments=True).segments.yint[0, 0, 0, 0]
        for name in ("MIRI", "NIRCAM")
    }
    assert intercept == {"MIRI": pytest.approx(120), "NIRCAM": pytest.approx(100)}


def test_an_unusable_integration_counts_as_dark_in_the_photon_noise():
    ramps = np.array([[0, 40, 80, 120], [0, 40, 80, 120]])
    whole = check_fit(one_pixel(ramps), EVEN, OLS, "NIRCAM").rateints
    case = one_pixel(ramps)
    case.groupdq[1] = DNU
    half = check_fit(case, EVEN, OLS, "NIRCAM").rateints
    assert half.var_poisson[0, 0, 0] == pytest.approx(whole.var_poisson[0, 0, 0] / 2)


# The fit by likelihood


def test_a_likelihood_fit_knows_no_suppression_and_no_trimming():
    case = row_of(np.tile(np.linspace(0, 100, 6), (1, 1)).T.repeat(2, axis=1))
    case.groupdq[:, 0] |= DNU
    case.groupdq[0, 2:, 0, 0] |= SAT
    rates = [
        check_fit(
            case,
            EVEN,
            rv.RampFitParameters(algorithm="LIKELY", suppress_one_group=suppress),
            name,
        ).rate
        for suppress in (True, False)
        for name in ("MIRI", "NIRCAM")
    ]
    for rate in rates[1:]:
        np.testing.assert_array_equal(rate.slope, rates[0].slope)


def test_a_zero_frame_is_subtracted_by_nframes_whatever_the_read_times():
    times = tuple(tuple(4.0 * g + k for k in range(3)) for g in range(6))
    timing = rv.Timing(frame_time=1.0, group_time=4.0, n_frames=1, read_times=times)
    case = row_of(np.linspace(20, 100, 6)[:, None].repeat(2, axis=1))
    zeroframe = case.sci[:, 0] / 2
    result = check_fit(case, timing, LIKELY, "NIRCAM", zeroframe=zeroframe).rate
    # (1 x first group - zero frame) / (1 - 1) is infinite, and the whole ramp lost.
    assert np.isnan(result.slope).all()
    assert (result.dq == 0).all()
    assert np.isfinite(rv.fit_ramps(*case, timing, LIKELY).rate.slope).all()


def test_chi_square_is_rounding_where_photons_or_jumps_dwarf_the_read_noise():
    flags = [0, JUMP, JUMP, JUMP, 0, 0]
    values = np.array([0.0, -1434.0, -2844.8, -4271.6, -5717.7, -7136.8])
    case = row_of(values[:, None].repeat(2, axis=1), flags, readnoise=1e-4)
    ours = rv.fit_ramps(*case, PLAIN, LIKELY).rate
    reference = reference_likely(*case, PLAIN)[0]
    np.testing.assert_array_equal(ours.slope, reference["slope"])
    assert (ours.chisq < 1).all()  # of a single difference: exactly zero
    assert (np.abs(reference["chisq"]) < 1).all()


def test_a_pixel_searched_alone_has_the_rate_it_has_among_others():
    values = [-300, -650, -1050, -1400, -1800, -2150, -2550, -2900, -3250, -3650]
    flags = [JUMP] + [0] * 9
    calibration = {"gain": 4.114548, "readnoise": 3.5373142}
    alone = one_pixel(values, flags, **calibration)
    pair = row_of(np.transpose([values, values]), flags, **calibration)
    ours = [rv.fit_ramps(*case, PLAIN, LIKELY).rate.slope[0, 0] for case in (alone, pair)]
    assert ours == [reference_likely(*pair, PLAIN)[0]["slope"][0, 0]] * 2
