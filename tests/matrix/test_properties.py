"""What slopes, errors and flags are worth on ramps whose truth is known."""

import numpy as np
import pytest

import rampviewer as rv
from tests.fit_cases import Case

N_PIXELS = 20_000
READ_NOISE = 8.0  # of one read [electron]
N_SIGMAS = 4.0  # what statistics alone may do
RATES = [0.5, 5.0, 60.0, 1000.0, 20_000.0]  # [electron per read]


def simulated(rate, n_groups, n_frames=1, n_pixels=N_PIXELS):
    """Return ramps with photon and read noise, one row, unit gain, and their seed's rng."""
    rng = np.random.default_rng([int(rate), n_groups, n_frames])
    photons = rng.poisson(rate, (n_groups * n_frames, n_pixels)).cumsum(axis=0)
    reads = photons + rng.normal(0, READ_NOISE, photons.shape)
    groups = reads.reshape(n_groups, n_frames, n_pixels).mean(axis=1)
    shape = (1, n_groups, 1, n_pixels)
    case = Case(
        groups.reshape(shape).astype(np.float32),
        np.zeros(shape, np.uint8),
        np.zeros(shape[2:], np.uint32),
        np.ones(shape[2:], np.float32),
        np.full(shape[2:], READ_NOISE * np.sqrt(2.0), np.float32),
    )
    return case, rng


def fitted(rate, n_groups, algorithm, n_frames=1):
    case, _ = simulated(rate, n_groups, n_frames)
    timing = rv.Timing(frame_time=1.0, group_time=float(n_frames), n_frames=n_frames)
    return rv.fit_ramps(*case, timing, rv.RampFitParameters(algorithm=algorithm)).rate


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n_groups", [2, 5, 12])
@pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])
def test_slopes_are_unbiased(algorithm, n_groups, rate):
    misses = fitted(rate, n_groups, algorithm).slope[0] - np.float64(rate)
    assert abs(misses.mean()) < N_SIGMAS * misses.std() / np.sqrt(N_PIXELS)


# The errors suppose the photon noise of the rate that each ramp seems to have, so a ramp
# that came out high has a larger error: pulls lean to below zero by some hundredths.
PULL_LEANS = 0.06
# The variances of least squares are those of equal weights (read noise) and of the end
# points (photons); the weights lie between the two where neither noise dominates.
SPREAD = {"OLS_C": 0.08, "LIKELY": 0.04}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("n_groups", [5, 12])
@pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])
def test_pulls_have_a_mean_of_zero_and_a_width_of_one(algorithm, n_groups, rate):
    result = fitted(rate, n_groups, algorithm)
    pulls = (result.slope[0] - np.float64(rate)) / result.err[0]
    dominated = rate == RATES[-1]
    leans, spread = (0.0, 0.0) if dominated else (PULL_LEANS, SPREAD[algorithm])
    assert abs(pulls.mean()) < N_SIGMAS / np.sqrt(N_PIXELS) + leans
    assert abs(pulls.std() - 1) < N_SIGMAS / np.sqrt(2 * N_PIXELS) + spread


@pytest.mark.parametrize("n_frames", [1, 4])
@pytest.mark.parametrize("rate", [5.0, 60.0, 1000.0])
def test_likelihood_fits_have_true_errors_and_chi_squares(rate, n_frames):
    n_groups = 12
    result = fitted(rate, n_groups, "LIKELY", n_frames)
    misses = result.slope[0] - rate
    degrees = n_groups - 2  # the differences less the slope
    n = np.sqrt(N_PIXELS)
    assert abs(misses.std() / np.sqrt(np.mean(result.err**2)) - 1) < 0.02
    # Some ramps lose a difference to noise, and chi-square with it.
    spread = N_SIGMAS * np.sqrt(2 * degrees) / n
    assert abs(result.chisq.mean() - degrees) < spread + 0.05


TIMING = rv.Timing(frame_time=1.0, group_time=1.0)
SIZES = [2, 3, 4, 5, 6, 8, 12]  # of a jump, in sigmas of one difference


def share_found(rate, n_groups, size, threshold=4.0):
    """Return which share of jumps, one in each ramp, is flagged in its own group."""
    case, rng = simulated(rate, n_groups)
    groups = rng.integers(1, n_groups, N_PIXELS)
    sigma = np.sqrt(rate + 2 * READ_NOISE**2)
    case.sci[0, :, 0] += size * sigma * (np.arange(n_groups)[:, None] >= groups)
    parameters = rv.JumpParameters(rejection_threshold=threshold, flag_4_neighbors=False)
    flags = rv.detect_jumps(*case, TIMING, parameters).groupdq[0, :, 0] & 4
    return np.mean(flags[groups, np.arange(N_PIXELS)] != 0)


@pytest.mark.parametrize("rate", [5.0, 200.0])
@pytest.mark.parametrize("n_groups", [5, 8, 14, 30])
def test_the_larger_a_jump_the_surer_it_is_found(n_groups, rate):
    found = [share_found(rate, n_groups, size) for size in SIZES]
    assert np.all(np.diff(found[:-1]) > 0)
    assert found[SIZES.index(2)] < 0.1
    assert 0.3 < found[SIZES.index(4)] < 0.6  # a jump as large as the threshold
    assert found[SIZES.index(8)] > 0.99
    assert found[SIZES.index(12)] > 0.9999


# Shares of all differences, at 3, 4 and 5 sigma. Few groups have an uncertain median, which
# makes sigma uncertain too where photons dominate: more are flagged than a Gaussian has in
# its tails (2.7e-3, 6e-5, 6e-7).
FALSE_POSITIVES = {5: (2e-2, 2e-3, 2e-4), 8: (1e-2, 6e-4, 5e-5), 14: (6e-3, 2.5e-4, 2e-5)}


@pytest.mark.parametrize("rate", [5.0, 200.0])
@pytest.mark.parametrize("n_groups", FALSE_POSITIVES)
def test_noise_alone_is_seldom_a_jump_and_less_so_with_a_higher_threshold(n_groups, rate):
    case, _ = simulated(rate, n_groups, n_pixels=100_000)
    shares = []
    for threshold in (3.0, 4.0, 5.0):
        parameters = rv.JumpParameters(
            rejection_threshold=threshold, flag_4_neighbors=False
        )
        n_found = rv.detect_jumps(*case, TIMING, parameters).n_primary
        shares.append(n_found / (100_000 * (n_groups - 1)))
    assert np.all(np.array(shares) < FALSE_POSITIVES[n_groups])
    assert shares[0] > 5 * shares[1] >= 25 * shares[2]
