"""The work as stcal does it in a single process, called as the official steps call it."""

import time

import numpy as np

from tests.reference_fit import reference_fit, reference_likely
from tests.reference_jump import reference_jumps

JUMP_DET = 4


def work(case, exposure):
    """Yield (part, seconds, results to compare)."""
    arrays = (exposure.gain, exposure.readnoise, exposure.timing)
    fit = reference_likely if case.fit.algorithm == "LIKELY" else reference_fit
    groupdq, pixeldq, jump = exposure.groupdq, exposure.pixeldq, 0.0
    if "jump" in case.parts:
        started = time.perf_counter()
        groupdq, pixeldq, _ = reference_jumps(
            exposure.sci, groupdq, pixeldq, *arrays, case.jump
        )
        jump = time.perf_counter() - started
        bits = np.packbits(groupdq & JUMP_DET, axis=-1)
        yield "jump", jump, {"jump_bits": bits}
    if "fit" in case.parts:
        started = time.perf_counter()
        delivered = exposure.groupdq, exposure.pixeldq
        rate = fit(exposure.sci, *delivered, *arrays, instrument=case.instrument)[0]
        yield "fit", time.perf_counter() - started, {"slope": rate["slope"]}
    if "both" in case.parts:
        started = time.perf_counter()
        rate = fit(exposure.sci, groupdq, pixeldq, *arrays, instrument=case.instrument)[0]
        seconds = jump + time.perf_counter() - started
        yield "calls", seconds, {}  # there is no other way
        yield "both", seconds, {"jump_bits": bits, "slope": rate["slope"]}
