"""The work as rampviewer does it."""

import time

import numpy as np

from rampviewer.model.runs.jump_detection import detect_exposure, detect_jumps
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.ramp_fitting import fit_exposure, fit_ramps
from rampviewer.model.runs.run import Recipe

JUMP_DET = np.uint8(4)


def work(case, exposure):
    """Yield (part, seconds, results to compare)."""
    if "jump" in case.parts:
        started = time.perf_counter()
        jumps = detect_exposure(exposure, case.jump)
        seconds = time.perf_counter() - started
        yield "jump", seconds, {"jump_bits": np.packbits(jumps.groupdq & JUMP_DET, -1)}
        del jumps
    if "fit" in case.parts:
        started = time.perf_counter()
        fit = fit_exposure(exposure, case.fit)
        seconds = time.perf_counter() - started
        yield "fit", seconds, {"slope": fit.rate.slope}
        del fit
    if "calls" in case.parts:
        yield "calls", _calls(case, exposure), {}
    if "both" in case.parts:
        started = time.perf_counter()
        run = process_exposure(Prepared.of(exposure), Recipe(jump=case.jump, fit=case.fit))
        seconds = time.perf_counter() - started
        yield "both", seconds, {"jump_bits": run.jump_bits, "slope": run.rate.slope}


def _calls(case, exposure):
    """Return how long the two array functions take [s]."""
    started = time.perf_counter()
    noise = exposure.gain, exposure.readnoise, exposure.timing
    flags = exposure.groupdq, exposure.pixeldq
    jumps = detect_jumps(exposure.sci, *flags, *noise, case.jump)
    flags, instrument = (jumps.groupdq, jumps.pixeldq), exposure.instrument
    fit_ramps(exposure.sci, *flags, *noise, case.fit, instrument=instrument)
    return time.perf_counter() - started
