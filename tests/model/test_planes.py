from dataclasses import dataclass, replace

import numpy as np
import pytest

from rampviewer.core.dq import Dq
from rampviewer.core.flag_lanes import NO_GROUP
from rampviewer.model.exposure import Exposure
from rampviewer.model.planes.plane import Plane, group_flags, plane_values
from rampviewer.model.runs.diagnostics import Diagnostics
from rampviewer.model.runs.results import RatePlanes
from rampviewer.model.timing import Timing

SHAPE = (2, 4, 3, 5)  # 15 pixels: a plane does not start at a whole byte


@dataclass(frozen=True, eq=False)
class FakeRun:
    rate: RatePlanes
    rateints: RatePlanes
    jump_bits: np.ndarray
    n_jumps: np.ndarray
    diagnostics: Diagnostics
    large: None = None


def planes_of(shape, start):
    names = ("slope", "var_poisson", "var_rnoise", "err")
    size = int(np.prod(shape))
    floats = {
        name: (start + 100 * i + np.arange(size)).reshape(shape).astype(np.float32)
        for i, name in enumerate(names)
    }
    return RatePlanes(dq=np.full(shape, start, np.uint32), **floats)


@pytest.fixture
def exposure():
    rng = np.random.default_rng(5)
    groupdq = rng.integers(0, 8, SHAPE, dtype=np.uint8)
    return Exposure.from_arrays(
        rng.normal(size=SHAPE).astype(np.float32).cumsum(axis=1),
        groupdq,
        np.arange(15, dtype=np.uint32).reshape(3, 5),
        1.0,
        5.0,
        Timing(frame_time=1.0, group_time=1.0, n_frames=1),
    )


@pytest.fixture
def jumps():
    return np.random.default_rng(6).random(SHAPE) < 0.4


@pytest.fixture
def run(jumps):
    return FakeRun(
        planes_of(SHAPE[2:], 0),
        planes_of((2, 3, 5), 1000),
        np.packbits(jumps, axis=-1),
        jumps.sum(axis=(0, 1)).astype(np.uint32),
        Diagnostics(
            first_jump=np.arange(15, dtype=np.uint16).reshape(3, 5),
            first_saturated=np.full((3, 5), NO_GROUP),
            n_good=np.full((3, 5), 7, np.uint16),
            n_segments=np.full((3, 5), 2, np.uint16),
            largest_ratio=np.full((3, 5), 4.5, np.float32),
        ),
    )


@pytest.fixture
def delivered(run):
    return replace(run, rate=planes_of(SHAPE[2:], 7))


def test_a_group_is_a_view_of_the_exposure(exposure, run):
    values = plane_values(exposure, run, Plane.GROUP, 1, 2)
    assert np.shares_memory(values, exposure.sci)
    np.testing.assert_array_equal(values, exposure.sci[1, 2])


def test_a_group_difference_is_the_step_from_the_group_before(exposure, run):
    values = plane_values(exposure, run, Plane.GROUP_DIFFERENCE, 1, 3)
    np.testing.assert_array_equal(values, exposure.sci[1, 3] - exposure.sci[1, 2])


def test_group_zero_has_no_difference_and_says_so(exposure, run):
    values = plane_values(exposure, run, Plane.GROUP_DIFFERENCE, 1, 0)
    assert values.shape == (3, 5)
    assert values.dtype == np.float32
    assert np.isnan(values).all()
    assert "none before it" in Plane.GROUP_DIFFERENCE.heading(1, 0)


@pytest.mark.parametrize("minus", [0, 1, 2, 3])
def test_any_group_can_be_taken_from_any_other(exposure, run, minus):
    values = plane_values(exposure, run, Plane.GROUP_DIFFERENCE, 1, 2, minus=minus)
    np.testing.assert_array_equal(values, exposure.sci[1, 2] - exposure.sci[1, minus])
    heading = Plane.GROUP_DIFFERENCE.heading(1, 2, minus)
    assert heading.endswith(f"group 2 \N{MINUS SIGN} group {minus}")


@pytest.mark.parametrize(
    ("plane", "name"),
    [(Plane.RATE, "slope"), (Plane.ERROR, "err"), (Plane.DQ, "dq")],
)
def test_planes_of_the_exposure_are_those_of_the_run(exposure, run, plane, name):
    values = plane_values(exposure, run, plane, 1, 1)
    np.testing.assert_array_equal(values, getattr(run.rate, name))
    assert np.shares_memory(values, getattr(run.rate, name))


@pytest.mark.parametrize(
    ("plane", "name"),
    [
        (Plane.RATEINTS, "slope"),
        (Plane.RATEINTS_ERROR, "err"),
        (Plane.RATEINTS_DQ, "dq"),
    ],
)
def test_planes_of_an_integration_follow_it(exposure, run, plane, name):
    values = plane_values(exposure, run, plane, 1, 0)
    np.testing.assert_array_equal(values, getattr(run.rateints, name)[1])
    assert np.shares_memory(values, getattr(run.rateints, name))


def test_jumps_are_counted_over_groups_and_integrations(exposure, run, jumps):
    values = plane_values(exposure, run, Plane.JUMPS)
    assert values.dtype == np.uint32
    np.testing.assert_array_equal(values, jumps.sum(axis=(0, 1)))


def test_before_any_run_the_flags_are_those_delivered(exposure):
    flags = plane_values(exposure, None, Plane.DQ)
    np.testing.assert_array_equal(flags, exposure.pixeldq)
    assert not plane_values(exposure, None, Plane.JUMPS).any()
    assert np.isnan(plane_values(exposure, None, Plane.RATE)).all()
    np.testing.assert_array_equal(group_flags(exposure, None, 1, 2), exposure.groupdq[1, 2])


@pytest.mark.parametrize("integration", [0, 1])
@pytest.mark.parametrize("group", [0, 1, 3])
def test_flags_of_a_group_have_the_jumps_of_the_run(
    exposure, run, jumps, integration, group
):
    flags = group_flags(exposure, run, integration, group)
    assert flags.dtype == np.uint8
    expected = exposure.groupdq[integration, group] & np.uint8(0xFF - Dq.JUMP_DET)
    expected = expected | jumps[integration, group] * np.uint8(Dq.JUMP_DET)
    np.testing.assert_array_equal(flags, expected)


def test_the_exposure_is_not_written_to(exposure, run):
    before = exposure.groupdq.copy()
    group_flags(exposure, run, 0, 1)
    np.testing.assert_array_equal(exposure.groupdq, before)


@pytest.mark.parametrize("plane", list(Plane))
def test_every_plane_gives_a_frame_and_a_heading(exposure, run, plane):
    values = plane_values(exposure, run, plane, 1, 1)
    assert values.shape == (3, 5)
    is_whole = plane.is_flags or plane.is_count
    assert values.dtype.kind == ("u" if is_whole else "f")
    assert plane.heading(1, 3).startswith(plane.label)
    assert ("integration 1" in plane.heading(1, 3)) == plane.has_integration
    assert ("group 3" in plane.heading(1, 3)) == plane.has_group


def test_rates_share_their_limits_and_errors_do_not():
    assert Plane.RATE.kind == Plane.RATEINTS.kind
    assert Plane.ERROR.kind != Plane.RATEINTS_ERROR.kind


def test_the_difference_is_taken_to_the_run_as_delivered(exposure, run, delivered):
    values = plane_values(exposure, run, Plane.DIFFERENCE, base=delivered)
    np.testing.assert_array_equal(values, run.rate.slope - delivered.rate.slope)


def test_so_is_the_difference_in_sigma(exposure, run, delivered):
    values = plane_values(exposure, run, Plane.SIGMA_DIFFERENCE, base=delivered)
    change = run.rate.slope - delivered.rate.slope
    np.testing.assert_allclose(
        values, change / np.maximum(run.rate.err, delivered.rate.err)
    )


def test_changed_flags_are_those_counted_before(exposure, run, delivered):
    counted = np.arange(15, dtype=np.uint16).reshape(3, 5)
    plane = Plane.CHANGED_FLAGS
    values = plane_values(exposure, run, plane, base=delivered, n_changed=counted)
    np.testing.assert_array_equal(values, counted)
    rows = slice(1, 3)
    part = plane_values(exposure, run, plane, base=delivered, n_changed=counted, rows=rows)
    np.testing.assert_array_equal(part, counted[rows])
    assert not plane_values(exposure, run, plane, base=delivered).any()


@pytest.mark.parametrize("plane", [Plane.DIFFERENCE, Plane.SIGMA_DIFFERENCE])
def test_without_the_run_as_delivered_there_is_no_difference(exposure, run, plane):
    assert np.isnan(plane_values(exposure, run, plane)).all()


@pytest.mark.parametrize("plane", list(Plane))
def test_some_rows_are_those_rows_of_the_plane(exposure, run, delivered, plane):
    whole = plane_values(exposure, run, plane, 1, 2, base=delivered)
    rows = slice(1, 3)
    part = plane_values(exposure, run, plane, 1, 2, base=delivered, rows=rows)
    np.testing.assert_array_equal(part, whole[rows])


@pytest.mark.parametrize(
    ("plane", "name"),
    [
        (Plane.LARGEST_RATIO, "largest_ratio"),
        (Plane.GOOD_GROUPS, "n_good"),
        (Plane.SEGMENTS, "n_segments"),
    ],
)
def test_diagnostic_planes_are_those_of_the_run(exposure, run, plane, name):
    values = plane_values(exposure, run, plane)
    assert np.shares_memory(values, getattr(run.diagnostics, name))


def test_first_groups_are_nan_where_there_is_none(exposure, run):
    values = plane_values(exposure, run, Plane.FIRST_JUMP)
    np.testing.assert_array_equal(values, np.arange(15).reshape(3, 5))
    assert np.isnan(plane_values(exposure, run, Plane.FIRST_SATURATED)).all()


def test_there_is_chi_square_after_a_likelihood_fit_only(exposure, run):
    assert np.isnan(plane_values(exposure, run, Plane.CHISQ)).all()
    chisq = np.full((3, 5), 8.5, np.float32)
    fitted = replace(run, rate=replace(run.rate, chisq=chisq))
    assert plane_values(exposure, fitted, Plane.CHISQ).base is chisq


def test_before_any_run_nothing_is_counted(exposure):
    assert not plane_values(exposure, None, Plane.SEGMENTS).any()
    assert np.isnan(plane_values(exposure, None, Plane.LARGEST_RATIO)).all()
