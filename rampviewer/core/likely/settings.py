"""What the likelihood fit depends on besides the arrays of an exposure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, U8

MIN_GROUPS = 4  # with fewer the reference falls back to least squares

# How much chi-square must fall for one difference, or two in a row, to be left out.
THRESHOLD_ONE = 20.25
THRESHOLD_TWO = 23.8


class ReadPattern(NamedTuple):
    """How read noise and photon noise enter the differences between groups.

    The covariance matrix of the differences is tridiagonal: `alpha` its diagonal, `beta`
    what is beside it, each a part per variance of the read noise and one per count rate.
    """

    delta_t: F64  # (n_differences,) time between the mean times of two groups [s]
    alpha_read: F64  # (n_differences,) [1 / s^2]
    alpha_photon: F64  # (n_differences,) [1 / s]
    beta_read: F64  # (n_differences - 1,) [1 / s^2]
    beta_photon: F64  # (n_differences - 1,) [1 / s]
    is_averaged: U8  # (n_differences - 1,) whether the group between two has several reads


class LikelySettings(NamedTuple):
    """Read pattern and options; alike for all pixels."""

    pattern: ReadPattern
    has_zeroframe: bool  # the first frame counts as a group before the first
    n_frames: float  # frames averaged into a group
    first_used: int  # groups before and after these count as DO_NOT_USE
    last_used: int
    threshold_one: float
    threshold_two: float


def even_reads(n_groups: int, n_frames: int, groupgap: int, frame_time: float) -> list[F64]:
    """Return the times of the reads of every group of an even pattern [s]."""
    reads = np.arange(1, n_frames + 1)
    period = n_frames + groupgap
    return [np.float64(frame_time) * (reads + g * period) for g in range(n_groups)]


def read_pattern(read_times: Sequence[Sequence[float] | F64]) -> ReadPattern:
    """Return the pattern of groups that are means of reads at these times [s].

    Raises
    ------
    ValueError
        When a group has no read.
    """
    if any(len(times) == 0 for times in read_times):
        raise ValueError("read_times has a group without any read")
    groups = [np.asarray(times, np.float64) for times in read_times]
    n_reads = np.array([times.size for times in groups])
    mean_t = np.array([np.mean(times) for times in groups])
    tau = np.array([_tau(times) for times in groups])
    delta_t = mean_t[1:] - mean_t[:-1]
    both = delta_t[1:] * delta_t[:-1]
    # As the reference: whole numbers are multiplied into the times in this order.
    return ReadPattern(
        delta_t=delta_t,
        alpha_read=(1 / n_reads[:-1] + 1 / n_reads[1:]) / delta_t**2,
        alpha_photon=(tau[:-1] + tau[1:] - 2 * mean_t[:-1]) / delta_t**2,
        beta_read=-1 / (n_reads[1:-1] * delta_t[1:] * delta_t[:-1]),
        beta_photon=(mean_t[1:-1] - tau[1:-1]) / both,
        is_averaged=(n_reads[1:-1] > 1).astype(np.uint8),
    )


def _tau(times: F64) -> float:
    """Return the mean time of the reads weighted by how many means share their photons."""
    weights = 2 * times.size + 1 - 2 * np.arange(1, times.size + 1)
    return float(np.sum(weights * times) / times.size**2)
