"""Whole exposures in which everything that is rare in real ones is common."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing
from tests.fit_cases import CHARGELOSS, DNU, JUMP, SAT, Case, dirty_pixel

READ_NOISE = 4.0  # [DN], of pixels at a limit: a power of two, so that sigma is exact
AT_LIMITS = 8  # one pixel in so many


def gallery(
    rng: np.random.Generator,
    shape: tuple[int, int, int, int],
    timing: Timing,
    parameters: JumpParameters,
    dirt: float,
) -> Case:
    """Return the arrays of an exposure.

    A third of the pixels hold whole numbers, so that many differences are equal. A share
    `dirt` has a pattern of flags, bad data or bad references; some lie exactly at a limit
    of the parameters, and some groups are unusable all over the frame.
    """
    frame = shape[2:]
    is_flat = rng.random() < 0.3
    case = Case(
        _ramps(rng, shape).astype(np.float32),
        np.zeros(shape, np.uint8),
        np.zeros(frame, np.uint32),
        np.where(is_flat, 2.0, rng.uniform(0.8, 6.0, frame)).astype(np.float32),
        np.where(is_flat, READ_NOISE, rng.uniform(2.0, 20.0, frame)).astype(np.float32),
    )
    for row, col in np.argwhere(rng.random(frame) < dirt):
        dirty_pixel(case, row, col, rng)
    _put_at_limits(rng, case, timing, parameters)
    if dirt:
        _flag_whole_groups(rng, case.groupdq)
    return case


def _ramps(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return ramps, rising and falling, with jumps up and down."""
    frame = shape[2:]
    steps = rng.poisson(10.0 ** rng.uniform(-1, 3.5, frame), shape)
    steps *= rng.choice([1, 1, 1, 1, -1], frame)
    hit = rng.random(shape) < 0.08
    sizes = 10.0 ** rng.uniform(0.5, 4.5, hit.sum())
    steps[hit] += sizes.astype(int) * rng.choice([1, 1, 1, -1], hit.sum())
    ramps = steps.cumsum(axis=1) + rng.integers(-100, 100, (shape[0], 1, *frame))
    return np.where(rng.random(frame) < 0.3, ramps, ramps + rng.normal(0, 8, shape))


def _put_at_limits(
    rng: np.random.Generator, case: Case, timing: Timing, parameters: JumpParameters
) -> None:
    """Put steps exactly at, just below and just above a limit into some flat ramps.

    Half of them have a much larger step besides, as a pixel whose largest is no jump may
    never be looked at closely.
    """
    n_ints, n_groups, n_rows, n_cols = case.sci.shape
    steps = list(_limits(parameters, READ_NOISE / np.sqrt(timing.n_frames)))
    for step in rng.choice(steps, n_rows * n_cols // AT_LIMITS):
        i, row, col = rng.integers(n_ints), rng.integers(n_rows), rng.integers(n_cols)
        case.sci[:, :, row, col] = 0.0
        case.sci[i, rng.integers(n_groups) :, row, col] = step
        if rng.random() < 0.5:
            case.sci[i, rng.integers(n_groups) :, row, col] += 2.0**15
        case.readnoise[row, col] = READ_NOISE
        case.gain[row, col] = rng.choice([1.0, case.gain[row, col]])


def _limits(parameters: JumpParameters, sigma: float) -> Iterator[np.float32]:
    """Yield the step of each limit [DN], where the median step is 0, and its neighbours."""
    for item in fields(parameters):
        is_in_sigma = item.name.endswith(("rejection_threshold", "flag_neighbors"))
        if is_in_sigma or "flag_dn" in item.name:
            value = getattr(parameters, item.name)
            step = np.float32(value * sigma if is_in_sigma else value)
            yield step
            yield np.nextafter(step, np.float32(-np.inf))
            yield np.nextafter(step, np.float32(np.inf))


def _flag_whole_groups(rng: np.random.Generator, groupdq: np.ndarray) -> None:
    """Flag whole groups in some exposures, and all of them in a few."""
    n_ints, n_groups = groupdq.shape[:2]
    kind = rng.integers(0, 12)
    if kind == 0:
        groupdq[:, [0, -1]] |= DNU
    elif kind == 1:
        groupdq[rng.integers(n_ints), rng.random(n_groups) < 0.4] |= DNU
    elif kind == 2:
        groupdq[:, -1] |= rng.choice(np.array([DNU, SAT, CHARGELOSS | DNU], np.uint8))
    elif kind == 3:
        groupdq[:, rng.integers(n_groups) :] |= DNU
    elif kind == 4:
        bits = rng.choice(np.array([DNU, SAT, SAT | DNU, JUMP], np.uint8))
        groupdq[: rng.integers(n_ints + 1)] |= bits
