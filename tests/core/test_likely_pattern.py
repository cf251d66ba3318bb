"""The closed forms against sums over single reads and against plain linear algebra."""

import numpy as np
import pytest

from rampviewer.core.likely.covariance import covariance_scales, set_covariance
from rampviewer.core.likely.omissions import omit
from rampviewer.core.likely.settings import even_reads, read_pattern
from rampviewer.core.likely.solution import chisq_of, solve
from rampviewer.core.likely.work import likely_work

PATTERNS = {
    "single reads": even_reads(7, 1, 0, 2.5),
    "averaged": even_reads(6, 4, 1, 2.5),
    "uneven": [np.array(t) for t in ([1.0], [2.0, 4.5], [5.0], [7.0, 7.5, 9.0], [12.0])],
}
RATE, GAIN, NOISE = 30.0, 1.7, 9.0


def covariance(groups):
    """Return the covariance matrix of the rates between groups, read by read."""
    times = np.concatenate(groups)
    reads = RATE / GAIN * np.minimum.outer(times, times) + NOISE**2 * np.eye(times.size)
    means = np.zeros((len(groups), times.size))
    start = 0
    for g, group in enumerate(groups):
        means[g, start : start + group.size] = 1 / group.size
        start += group.size
    steps = (means[1:] - means[:-1]) / np.diff(means @ times)[:, None]
    return steps @ reads @ steps.T


def solved(groups, use=None):
    """Return work and sums for a ramp with noise, and its scale."""
    pattern = read_pattern(groups)
    n = pattern.delta_t.size
    work = likely_work(1, n)
    work.diffs[:] = RATE + np.random.default_rng(n).normal(0, 20, n)
    work.use[:] = 1 if use is None else use
    one = np.array([RATE]), np.array([GAIN]), np.array([NOISE])
    scale = covariance_scales(*one, pattern)[0]
    set_covariance(RATE, GAIN, NOISE, scale, pattern, work)
    return work, solve(work), scale


def dense_fit(matrix, data, kept):
    """Return rate, variance and chi-square of a constant through some of the data."""
    inverse = np.linalg.inv(matrix[np.ix_(kept, kept)])
    variance = 1 / inverse.sum()
    rate = variance * (inverse @ data[kept]).sum()
    residual = data[kept] - rate
    return rate, variance, residual @ inverse @ residual


@pytest.mark.parametrize("name", PATTERNS)
def test_the_covariance_is_that_of_the_single_reads(name):
    groups = PATTERNS[name]
    work, _, scale = solved(groups)
    beside = scale * work.beta[: work.diffs.size - 1]
    matrix = np.diag(scale * work.alpha) + np.diag(beside, 1) + np.diag(beside, -1)
    np.testing.assert_allclose(matrix, covariance(groups), rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("name", PATTERNS)
def test_the_scale_brings_the_determinant_to_one(name):
    groups = PATTERNS[name]
    _, _, scale = solved(groups)
    assert np.linalg.det(covariance(groups) / scale) == pytest.approx(1)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("gap", [None, 0, 2])
def test_rate_error_and_chi_square_are_those_of_least_squares(name, gap):
    groups = PATTERNS[name]
    n = len(groups) - 1
    kept = [k for k in range(n) if k != gap]
    work, sums, scale = solved(groups, np.isin(np.arange(n), kept))
    expected = dense_fit(covariance(groups), work.diffs, kept)
    rate = sums.data_ones / sums.ones_ones
    variance = scale / sums.ones_ones
    np.testing.assert_allclose((rate, variance, chisq_of(sums, scale)), expected)


@pytest.mark.parametrize("name", PATTERNS)
def test_omissions_are_fits_without_those_differences(name):
    groups = PATTERNS[name]
    matrix, n = covariance(groups), len(groups) - 1
    work, sums, scale = solved(groups)
    omit(sums, chisq_of(sums, scale), scale, work)
    for k in range(n):
        rate, _, chisq = dense_fit(matrix, work.diffs, [j for j in range(n) if j != k])
        np.testing.assert_allclose((work.rate_one[k], work.chisq_one[k]), (rate, chisq))
    for k in range(n - 1):
        kept = [j for j in range(n) if j not in (k, k + 1)]
        rate, _, chisq = dense_fit(matrix, work.diffs, kept)
        np.testing.assert_allclose((work.rate_two[k], work.chisq_two[k]), (rate, chisq))
