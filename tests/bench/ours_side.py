"""The work as rampviewer does it."""

import time

from rampviewer.model.jump_detection import detect_exposure
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.prepared import Prepared
from rampviewer.model.processing import process_exposure
from rampviewer.model.ramp_fitting import fit_exposure
from rampviewer.model.run import Recipe

RECIPE = Recipe(jump=JumpParameters(), fit=RampFitParameters())


def work(exposure):
    """Yield (work, seconds, packed jump flags and rate or None)."""
    started = time.perf_counter()
    jumps = detect_exposure(exposure, RECIPE.jump)
    yield "jump", time.perf_counter() - started, None
    flags = {"groupdq": jumps.groupdq, "pixeldq": jumps.pixeldq}
    started = time.perf_counter()
    fit_exposure(exposure, RECIPE.fit, **flags)
    yield "fit", time.perf_counter() - started, None
    del jumps, flags
    started = time.perf_counter()
    run = process_exposure(Prepared.of(exposure), RECIPE)
    seconds = time.perf_counter() - started
    yield "jump + fit", seconds, (run.jump_bits, run.rate.slope)
