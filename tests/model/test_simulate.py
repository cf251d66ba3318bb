from dataclasses import replace

import numpy as np
import pytest
from numpy.random import SeedSequence, default_rng

from rampviewer.core.dq import Dq
from rampviewer.model.simulate import SimulationSettings, simulate
from rampviewer.model.simulate.detector import BORDER, make_detector
from rampviewer.model.simulate.exposure import TIMING, group_seconds
from rampviewer.model.simulate.particles import Deposits, deposits
from rampviewer.model.simulate.readout import Readout, read_out

SETTINGS = SimulationSettings(size=256, n_groups=8, n_ints=2, seed=3)


@pytest.fixture(scope="module")
def simulated():
    return simulate(SETTINGS)


@pytest.fixture(scope="module")
def quiet(simulated):
    """Pixels that nothing disturbed: good, never saturated and never hit."""
    exposure = simulated.exposure
    good = (exposure.pixeldq == 0) & ~np.isnan(exposure.gain)
    good &= ~(exposure.groupdq & Dq.SATURATED).any(axis=(0, 1))
    for integration in simulated.deposits:
        for deposit in integration:
            good.flat[deposit.pixels] = False
    return good


def test_equal_settings_give_equal_exposures(simulated):
    again = simulate(SETTINGS)
    for name in ("sci", "groupdq", "pixeldq", "gain", "readnoise"):
        np.testing.assert_array_equal(
            getattr(simulated.exposure, name), getattr(again.exposure, name)
        )


def test_another_seed_gives_another_exposure(simulated):
    other = simulate(SimulationSettings(size=256, n_groups=8, n_ints=2, seed=4))
    assert np.median(np.abs(other.exposure.sci - simulated.exposure.sci)) > 1.0
    assert (other.exposure.pixeldq != simulated.exposure.pixeldq).any()


def test_more_groups_look_at_the_same_sky(simulated):
    longer = simulate(SimulationSettings(size=256, n_groups=9, n_ints=1, seed=3))
    np.testing.assert_array_equal(longer.rate, simulated.rate)


def test_the_number_of_threads_changes_nothing():
    detector = make_detector(160, default_rng(1))
    readout = Readout(
        detector=detector,
        rate=detector.efficiency,
        seconds=(10.0, 20.0),
        particles=((deposits(160, 300.0, [], default_rng(2)),) * 2,),
    )
    one = read_out(readout, SeedSequence(5), n_threads=1)
    three = read_out(readout, SeedSequence(5), n_threads=3)
    np.testing.assert_array_equal(one[0], three[0])
    np.testing.assert_array_equal(one[1], three[1])


def test_ramps_follow_the_true_rate(simulated, quiet):
    exposure = simulated.exposure
    seconds = np.cumsum(group_seconds(SETTINGS))
    measured = (exposure.sci[:, -1] - exposure.sci[:, 0]).mean(0) / (
        seconds[-1] - seconds[0]
    )
    assert np.median((measured - simulated.rate)[quiet]) == pytest.approx(0.0, abs=0.005)
    bright = quiet & (simulated.rate > 8)
    assert bright.sum() > 50
    assert np.median(measured[bright] / simulated.rate[bright]) == pytest.approx(
        1.0, abs=0.01
    )


def test_noise_is_poisson_noise_and_read_noise(simulated, quiet):
    exposure = simulated.exposure
    expected = (
        simulated.rate * TIMING.group_time / exposure.gain
        + exposure.readnoise.astype(float) ** 2
    )
    difference = np.diff(exposure.sci, axis=1) - simulated.rate * TIMING.group_time
    pull = (difference**2 / expected)[..., quiet]
    assert pull.mean() == pytest.approx(1.0, abs=0.02)
    bright = quiet & (simulated.rate > 8)
    assert (difference**2 / expected)[..., bright].mean() == pytest.approx(1.0, abs=0.15)


def test_the_border_is_reference_pixels_without_light(simulated):
    exposure = simulated.exposure
    border = np.ones(exposure.pixeldq.shape, bool)
    border[BORDER:-BORDER, BORDER:-BORDER] = False
    assert (exposure.pixeldq[border] == Dq.REFERENCE_PIXEL).all()
    assert not (exposure.pixeldq[~border] & Dq.REFERENCE_PIXEL).any()
    steps = np.diff(exposure.sci[..., border], axis=1)
    assert abs(steps.mean()) < 0.05
    assert (np.abs(steps) < 8 * exposure.readnoise[border]).all()


def test_bad_pixels_are_marked_and_few(simulated):
    exposure = simulated.exposure
    inside = exposure.pixeldq[BORDER:-BORDER, BORDER:-BORDER]
    for bit in (Dq.DO_NOT_USE, Dq.DEAD, Dq.HOT, Dq.WARM, Dq.TELEGRAPH, Dq.LOW_QE):
        assert 0 < (inside & bit > 0).mean() < 0.01
    assert 0 < np.isnan(exposure.gain).sum() < 10


def test_saturation_stays_although_a_telegraph_pixel_steps_back():
    detector = make_detector(64, default_rng(1))
    frame = (64, 64)
    nothing = Deposits(pixels=np.zeros(0, np.int64), charge=np.zeros(0))
    readout = Readout(
        detector=replace(detector, telegraph=np.full(frame, 20_000.0, np.float32)),
        rate=0.95 * detector.saturation * detector.gain,
        seconds=(1.0, *[1e-6] * 9),
        particles=((nothing,) * 10,),
    )
    sci, groupdq = read_out(readout, SeedSequence(5), n_threads=1)
    assert (np.diff(sci, axis=1) < -2_000).any()
    assert not (groupdq[:, :-1] > groupdq[:, 1:]).any()


def test_saturation_reaches_the_eight_neighbours():
    detector = make_detector(64, default_rng(1))
    rate = np.zeros((64, 64), np.float32)
    rate[30, 40] = 1e6
    nothing = Deposits(pixels=np.zeros(0, np.int64), charge=np.zeros(0))
    readout = Readout(
        detector=detector, rate=rate, seconds=(0.01, 1.0), particles=((nothing, nothing),)
    )
    _, groupdq = read_out(readout, SeedSequence(5), n_threads=1)
    assert not groupdq[0, 0].any()
    expected = np.zeros((64, 64), np.uint8)
    expected[29:32, 39:42] = Dq.SATURATED
    np.testing.assert_array_equal(groupdq[0, 1], expected)


def test_each_integration_has_a_snowball_with_a_saturated_core(simulated):
    for integration, flags in zip(
        simulated.deposits, simulated.exposure.groupdq, strict=True
    ):
        group, core = max(
            ((g, d.pixels[d.charge > 1e6]) for g, d in enumerate(integration)),
            key=lambda item: len(item[1]),
        )
        assert 0 < group < SETTINGS.n_groups - 1
        assert len(core) > 9
        assert (flags[group].reshape(-1)[core] & Dq.SATURATED).all()
        assert not (flags[group - 1].reshape(-1)[core] & Dq.SATURATED).all()


def test_cosmic_rays_come_at_the_rate_of_the_second_lagrange_point():
    deposit = deposits(512, 1000.0, [], default_rng(7))
    visible = (deposit.charge > 60).sum() / 512**2 / 1000.0
    assert 3e-5 < visible < 1.5e-4  # [1 / pixel / s]


def test_cosmic_rays_spread_to_neighbours():
    deposit = deposits(512, 30.0, [], default_rng(8))
    charge = np.zeros(512**2)
    charge[deposit.pixels] = deposit.charge
    frame = charge.reshape(512, 512)
    row, col = np.argwhere(frame[1:-1, 1:-1] > 2000).T + 1
    assert len(row) > 5
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        assert (frame[row + dy, col + dx] > 30).all()


def test_deposits_between_two_pixels_count_from_the_first():
    deposit = Deposits(pixels=np.array([3, 10, 11, 19, 20]), charge=np.arange(1.0, 6.0))
    pixels, charge = deposit.between(10, 20)
    assert pixels.tolist() == [0, 1, 9]
    assert charge.tolist() == [2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("name", "value"), [("size", 63), ("n_groups", 0), ("n_ints", 0), ("seed", -1)]
)
def test_a_number_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be at least"):
        SimulationSettings(**{name: value})
