"""Random exposures with everything in them that real ones have."""

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.timing import Timing


def packed_jumps(groupdq):
    """Return JUMP_DET of flags, packed along the columns."""
    return np.packbits(groupdq & 4, axis=-1)


def random_exposure(
    seed=0, shape=(2, 8, 70, 9), instrument="NIRCAM", delivered=0.02, **changes
):
    """Return ramps with noise, jumps, saturation, NaN, bad gain and delivered flags."""
    rng = np.random.default_rng(seed)
    n_ints, n_groups, n_rows, n_cols = shape
    frame = (n_rows, n_cols)
    rate = rng.uniform(0, 60, frame)
    steps = rng.poisson(np.broadcast_to(rate, shape)) + rng.normal(0, 9, shape)
    steps += rng.choice([0, 0, 0, 0, 0, 0, 0, 0, 0, 400, 4000], shape)
    groupdq = np.zeros(shape, np.uint8)
    groupdq[rng.random(shape) < delivered] |= 4
    groupdq[rng.random(shape) < 0.01] |= 1
    full = rng.random((n_ints, *frame)) < 0.05
    for i in range(n_ints):
        groupdq[i, rng.integers(0, n_groups) :, full[i]] |= 2
    if instrument == "MIRI":
        groupdq[:, [0, -1]] |= 1
    sci = steps.cumsum(axis=1).astype(np.float32)
    sci[rng.random(shape) < 0.002] = np.nan
    gain = rng.normal(1.8, 0.1, frame).astype(np.float32)
    gain[rng.random(frame) < 0.01] = np.nan
    gain[rng.random(frame) < 0.01] = -1
    pixeldq = np.where(rng.random(frame) < 0.02, 1, 0).astype(np.uint32)
    arrays = {
        "sci": sci,
        "groupdq": groupdq,
        "pixeldq": pixeldq,
        "gain": gain,
        "readnoise": rng.uniform(5, 15, frame).astype(np.float32),
        "timing": Timing(frame_time=2.7, group_time=10.7, n_frames=4),
        "instrument": instrument,
    }
    return Exposure.from_arrays(**{**arrays, **changes})
