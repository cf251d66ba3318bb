"""Random exposures with snowballs or showers in them."""

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.settings.parameters import JumpParameters
from rampviewer.model.timing import Timing


def random_ellipse(rng, frame, largest):
    """Return how far each pixel is from a centre, in units of the major half axis."""
    n_rows, n_cols = frame
    row, col = rng.uniform(-2, n_rows + 2), rng.uniform(-2, n_cols + 2)
    if rng.random() < 0.4:
        # Symmetric areas have angles that hang on the rounding.
        row, col = round(row), round(col)
    radius, turn = rng.uniform(1, largest), rng.uniform(0, np.pi)
    flatness = rng.choice([1.0, 1.0, rng.uniform(0.4, 1)])
    y, x = np.indices(frame, float)
    y, x = y - row, x - col
    along = y * np.cos(turn) + x * np.sin(turn)
    across = (y * np.sin(turn) - x * np.cos(turn)) / flatness
    return np.hypot(along, across) / radius


def dirty_arrays(rng, steps, groupdq):
    """Return the arrays of an exposure with missing data, flags and bad pixels."""
    shape, frame = steps.shape, steps.shape[2:]
    for bits, share in ((1, 0.003), (32, 0.003), (4, 0.003), (36, 0.001), (16, 0.001)):
        groupdq[rng.random(shape) < share] |= bits
    if rng.random() < 0.2:
        groupdq[:, rng.integers(shape[1])] |= 1
    sci = steps.cumsum(axis=1).astype(np.float32)
    sci[rng.random(shape) < 0.001] = np.nan
    sci[..., : rng.integers(2), : rng.integers(9)] = np.nan
    gain = rng.normal(1.8, 0.05, frame).astype(np.float32)
    gain[rng.random(frame) < 0.003] = rng.choice([np.nan, 0.0, -1.0])
    pixeldq = np.zeros(frame, np.uint32)
    pixeldq[rng.random(frame) < 0.01] |= 1
    pixeldq[:, : rng.integers(4)] |= 1 << 31
    pixeldq[rng.random(frame) < 0.005] |= 1 << 30
    readnoise = rng.uniform(5, 9, frame).astype(np.float32)
    return sci, groupdq, pixeldq, gain, readnoise


def random_timing(rng):
    group_time = float(rng.choice([2.7, 10.7]))
    n_frames = int(rng.choice([1, 4]))
    return Timing(frame_time=2.7, group_time=group_time, n_frames=n_frames)


def random_shape(rng, least_groups, most_groups):
    n_groups = rng.integers(least_groups, most_groups)
    return tuple(map(int, (rng.integers(1, 4), n_groups, *rng.integers(30, 80, 2))))


def snowball_exposure(rng):
    shape = random_shape(rng, 3, 9)
    n_ints, n_groups, *frame = shape
    steps = rng.normal(30, 6, shape)
    steps[rng.random(shape) < 0.01] += 500
    saturated_from = np.full((n_ints, *frame), n_groups)
    for _ in range(rng.integers(1, 40)):
        i, g = rng.integers(n_ints), rng.integers(n_groups)
        distance = random_ellipse(rng, frame, 7)
        steps[i, g, distance < 1] += rng.uniform(200, 5000)
        core = distance < rng.uniform(0, 0.9) * (rng.random() < 0.8)
        late = g + rng.integers(2)
        saturated_from[i, core] = np.minimum(saturated_from[i, core], late)
    groups = np.arange(n_groups)[:, None, None]
    full = (groups >= saturated_from[:, None]).astype(np.uint8)
    return Exposure.from_arrays(*dirty_arrays(rng, steps, 2 * full), random_timing(rng))


def snowball_parameters(rng, **changes):
    return JumpParameters(
        **{
            "expand_large_events": True,
            "min_jump_area": rng.choice([5.0, 5.0, 1.0, 2.0, 15.0, 20.5]),
            "min_sat_area": rng.choice([1.0, 1.0, 3.0, 6.0]),
            "expand_factor": rng.choice([2.0, 2.0, 1.0, 1.3, 3.0]),
            "sat_required_snowball": bool(rng.random() < 0.7),
            "min_sat_radius_extend": rng.choice([2.5, 2.5, 1.0, 0.0, -1.0, 4.0]),
            "sat_expand": int(rng.choice([2, 2, 0, 5])),
            "edge_size": int(rng.choice([25, 0, 5, 60])),
            "mask_snowball_core_next_int": bool(rng.random() < 0.8),
            "snowball_time_masked_next_int": int(rng.choice([4000, 30, 10, 0])),
            "max_extended_radius": int(rng.choice([200, 3, 6])),
        }
        | changes
    )


def shower_exposure(rng, shape=None):
    shape = shape or random_shape(rng, 9, 16)
    n_ints, n_groups, *frame = shape
    steps = rng.normal(30, 9, shape) + rng.uniform(0, 60, frame)
    steps[rng.random(shape) < 0.01] += 500
    for _ in range(rng.integers(1, 12)):
        i, g = rng.integers(n_ints), rng.integers(n_groups)
        shower = random_ellipse(rng, frame, 12) < 1
        steps[i, g, shower] += rng.uniform(10, 60)
        for later in range(g + 1, min(g + 4, n_groups)):
            steps[i, later, shower] += rng.uniform(0, 10)
    groupdq = np.zeros(shape, np.uint8)
    groupdq[:, [0, -1]] |= 1
    for g in range(n_groups):
        groupdq[:, g:, rng.random(frame) < 0.003] |= 2
    arrays = dirty_arrays(rng, steps, groupdq)
    return Exposure.from_arrays(*arrays, random_timing(rng), instrument="MIRI")


def shower_parameters(rng, **changes):
    return JumpParameters(
        **{
            "find_showers": True,
            "rejection_threshold": rng.choice([4.0, 4.0, 8.0]),
            "extend_snr_threshold": rng.choice([1.2, 1.2, 1.0, 1.5, 0.8]),
            "extend_min_area": int(rng.choice([90, 40, 10, 3])),
            "extend_inner_radius": rng.choice([1.0, 0.0, 2.0]),
            "extend_outer_radius": rng.choice([2.6, 2.6, 1.5, 3.0]),
            "extend_ellipse_expand_ratio": rng.choice([1.1, 1.1, 1.0, 1.5]),
            "time_masked_after_shower": rng.choice([15.0, 0.0, 30.0, 200.0]),
            "max_extended_radius": int(rng.choice([200, 4])),
        }
        | changes
    )
