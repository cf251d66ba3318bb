"""The work as stcal does it in a single process, called as the official steps call it."""

import time

import numpy as np

from tests.reference_fit import reference_fit
from tests.reference_jump import reference_jumps

JUMP_DET = 4


def work(exposure):
    """Yield (work, seconds, packed jump flags and rate or None)."""
    arrays = (exposure.pixeldq, exposure.gain, exposure.readnoise, exposure.timing)
    started = time.perf_counter()
    groupdq, pixeldq, _ = reference_jumps(exposure.sci, exposure.groupdq, *arrays)
    jump = time.perf_counter() - started
    yield "jump", jump, None
    started = time.perf_counter()
    rate, _, _ = reference_fit(exposure.sci, groupdq, pixeldq, *arrays[1:])
    fit = time.perf_counter() - started
    yield "fit", fit, None
    flags = np.packbits(groupdq & JUMP_DET, axis=-1)
    yield "jump + fit", jump + fit, (flags, rate["slope"])
