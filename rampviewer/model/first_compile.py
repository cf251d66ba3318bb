"""The first start ever: what the first rate needs is compiled by two processes at once.

In one process only one kernel is compiled at a time, on however many threads. So a second
process compiles the fit while this one compiles the search for jumps; from its cache on
disk the fit is then loaded in no time.
"""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np

from rampviewer.core.compiler import only_this_thread_compiles, was_compiled
from rampviewer.core.facts import groups_wholly
from rampviewer.model.exposure import Exposure
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.passes import FlagSource, Pass
from rampviewer.model.prepared import Prepared
from rampviewer.model.ramp_fitting import fit_exposure
from rampviewer.model.run import Recipe
from rampviewer.model.timing import Timing

_LONGEST_WAIT = 300.0  # [s]


def smallest_exposure() -> Exposure:
    """Return an exposure of a few pixels, one of them with a jump."""
    shape = (1, 5, 3, 4)
    sci = np.arange(60, dtype=np.float32).reshape(shape)
    sci[:, 2:, 1, 1] += 100
    return Exposure.from_arrays(
        sci=sci,
        groupdq=np.zeros(shape, np.uint8),
        pixeldq=np.zeros(shape[2:], np.uint32),
        gain=1.0,
        readnoise=1.0,
        timing=Timing(frame_time=1.0, group_time=1.0),
    )


def compile_first(prepared: Prepared) -> None:
    """Compile what the first rate needs, with help; does nothing when it is in the cache.

    Other threads that need a kernel wait: they would compile what the helper is about to
    deliver.

    Parameters
    ----------
    prepared : Prepared
        Of `smallest_exposure`.
    """
    if not was_compiled(groups_wholly):  # it was needed for `prepared`
        return
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    helper = start_helper()
    with only_this_thread_compiles():
        source = FlagSource.of(prepared, recipe)
        whole = Pass.of(recipe, 0, source, source.fit_settings(recipe.fit))
        without_fit = replace(whole, fit=replace(whole.fit, fit_rows=None))
        without_fit.do_rows(0, prepared.exposure.n_rows)
        if helper is not None:
            _wait(helper)


def start_helper() -> subprocess.Popen[bytes] | None:
    """Return a process that compiles the fit; None where there can be none."""
    if getattr(sys, "frozen", False) or (os.cpu_count() or 1) == 1:
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def _wait(helper: subprocess.Popen[bytes]) -> None:
    """Wait for the helper; if it failed the fit is compiled here when it is needed."""
    try:
        helper.wait(_LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        helper.kill()
        helper.wait()


def compile_fit() -> None:
    """Compile the fit into the cache."""
    fit_exposure(smallest_exposure(), RampFitParameters(), n_threads=1)


if __name__ == "__main__":
    compile_fit()
