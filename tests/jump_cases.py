"""Random exposures that go through every rule of jump detection."""

from dataclasses import replace

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing

FRAME = (6, 7)
TIMING = Timing(frame_time=2.7, group_time=10.7)


def random_arrays(rng, n_ints, n_groups, *, dirt=0.1, frame=FRAME):
    """Return (sci, groupdq, pixeldq, gain, readnoise): ramps with jumps up and down.

    `dirt` is the share of groups with random flags; with any of it there are also NaN
    data, groups that are unusable all over the frame, delivered jumps and bad references.
    About half the pixels hold whole numbers, so that many differences are equal.
    """
    shape = (n_ints, n_groups, *frame)
    flux = 10 ** rng.uniform(-0.5, 3.2, frame)
    steps = rng.poisson(flux, shape).astype(float)
    hit = rng.random(shape) < 0.12
    sizes = 10 ** rng.uniform(0.5, 4.5, hit.sum())
    steps[hit] += sizes * rng.choice([1, 1, 1, -1], hit.sum())
    sci = steps.cumsum(axis=1)
    noise = rng.normal(0, 8, shape)
    sci = np.where(rng.random(frame) < 0.5, sci + noise, np.round(sci)).astype(np.float32)
    groupdq = np.zeros(shape, np.uint8)
    pixeldq = rng.integers(0, 2**31, frame).astype(np.uint32)
    gain = rng.uniform(0.8, 3.0, frame).astype(np.float32)
    readnoise = rng.uniform(3.0, 15.0, frame).astype(np.float32)
    if dirt:
        sci[rng.random(shape) < dirt / 5] = np.nan
        flagged = rng.random(shape) < dirt
        groupdq[flagged] = rng.integers(0, 256, flagged.sum())
        groupdq[rng.random(shape) < dirt / 2] |= 4
        groupdq[rng.random((n_ints, n_groups)) < dirt / 2] |= 1
        for bad in (np.nan, 0.0, -1.5):
            gain[rng.random(frame) < dirt / 4] = bad
        readnoise[rng.random(frame) < dirt / 2] = 0.0
    return sci, groupdq, pixeldq, gain, readnoise


def random_timing(rng):
    return replace(TIMING, n_frames=int(rng.choice([1, 1, 4, 8])))


def uneven_timing(rng, n_groups):
    """Return read times with 1 to 5 reads in a group and gaps between the groups."""
    clock, groups = 0.0, []
    for n_reads in rng.integers(1, 6, n_groups):
        clock += rng.choice([0.0, 2.7, 8.1])
        groups.append(tuple(clock + 2.7 * (k + 1) for k in range(n_reads)))
        clock = groups[-1][-1]
    return replace(TIMING, read_times=tuple(groups))


def random_parameters(rng):
    return JumpParameters(
        rejection_threshold=rng.choice([4.0, 2.5, 12.0, 3.0, 1.2, 0.5, 0.0]),
        four_group_rejection_threshold=rng.choice([5.0, 2.5]),
        three_group_rejection_threshold=rng.choice([6.0, 3.0]),
        flag_4_neighbors=bool(rng.random() < 0.8),
        min_jump_to_flag_neighbors=rng.choice([10.0, 3.0, 0.0]),
        max_jump_to_flag_neighbors=rng.choice([1000.0, 50.0]),
        after_jump_flag_dn1=rng.choice([0.0, 30.0, 300.0, -5.0]),
        after_jump_flag_time1=rng.choice([0.0, 0.0, 25.0, 1e4]),
        after_jump_flag_dn2=rng.choice([0.0, 1000.0]),
        after_jump_flag_time2=rng.choice([0.0, 0.0, 11.0, 60.0]),
        min_diffs_single_pass=int(rng.choice([10, 10, 10, 3, 50])),
    )


def random_exposure(rng, n_ints, n_groups, *, dirt=0.1, frame=FRAME):
    arrays = random_arrays(rng, n_ints, n_groups, dirt=dirt, frame=frame)
    return Exposure.from_arrays(*arrays, random_timing(rng))


def ramp_exposure(steps, *, readnoise=1.0, gain=1.0, groupdq=None, n_frames=1):
    """Return one pixel per entry of `steps` (n_pixels, n_differences) [DN], in one row.

    Every ramp starts at 0. With gain and read noise of 1 the variance of a difference by
    reading is 1 electron^2.
    """
    steps = np.atleast_2d(np.asarray(steps, float))
    ramps = np.concatenate([np.zeros((len(steps), 1)), steps.cumsum(axis=1)], axis=1)
    sci = ramps.T[None, :, None, :]
    flags = np.zeros(sci.shape, np.uint8) if groupdq is None else groupdq
    return Exposure.from_arrays(
        sci,
        flags,
        np.zeros(sci.shape[2:], np.uint32),
        np.full(sci.shape[2:], gain),
        np.full(sci.shape[2:], readnoise),
        Timing(frame_time=1.0, group_time=1.0, n_frames=n_frames),
    )
