"""Random exposures for the likelihood fit, with everything the reference knows."""

from typing import Any, NamedTuple

import numpy as np

from rampviewer.model.timing import Timing
from tests.fit_cases import Case, random_case, random_timing


class LikelyCase(NamedTuple):
    """Arguments of both fits."""

    arrays: Case
    timing: Timing
    planes: dict[str, np.ndarray]  # zeroframe, dark_current
    group_range: dict[str, int]  # firstgroup, lastgroup


def in_pairs(case: Case) -> Case:
    """Return the case with each pixel twice.

    The reference sums in another order while it searches a single pixel of a row, which can
    turn 0 / 0 into a number: with a twin no pixel is ever searched alone.
    """
    return Case(*(np.repeat(array, 2, axis=-1) for array in case))


def uneven_timing(rng: np.random.Generator, n_groups: int) -> Timing:
    """Return groups of one to three reads at uneven times."""
    n_reads = rng.integers(1, 4, n_groups)
    times = np.cumsum(rng.uniform(0.5, 4.0, n_reads.sum()))
    groups = np.split(times, np.cumsum(n_reads)[:-1])
    read_times = tuple(tuple(group.tolist()) for group in groups)
    return Timing(frame_time=3.0, group_time=9.0, n_frames=3, read_times=read_times)


def likely_case(seed: int) -> LikelyCase:
    """Return one to three integrations of four to 21 groups; options in every mixture."""
    rng = np.random.default_rng(seed)
    n_ints, n_groups = int(rng.integers(1, 4)), int(rng.integers(4, 22))
    case = in_pairs(random_case(rng, n_ints, n_groups, n_cols=20))
    uneven = rng.random() < 0.2
    timing = uneven_timing(rng, n_groups) if uneven else random_timing(rng)
    planes: dict[str, Any] = {}
    if rng.random() < 0.3:
        planes["zeroframe"] = case.sci[:, 0] * np.float32(rng.uniform(0.1, 0.6))
    if rng.random() < 0.3:
        dark = rng.normal(0, 5, case.gain.shape).astype(np.float32)
        dark[:, 1::2] = dark[:, ::2]
        planes["dark_current"] = dark
    group_range = {}
    if rng.random() < 0.2:
        first, last = rng.integers(0, 3), rng.integers(2, n_groups)
        group_range = {"firstgroup": int(first), "lastgroup": int(last)}
    return LikelyCase(case, timing, planes, group_range)
