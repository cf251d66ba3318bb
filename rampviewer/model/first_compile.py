"""The first start ever: what the first rate needs is compiled by two processes at once.

In one process only one kernel is compiled at a time, on however many threads. So a second
process compiles the fit while this one compiles the search for jumps; from its cache on
disk the fit is then loaded in no time. Likewise with what is rarely needed, after that.
"""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np

from rampviewer.core.compiler import is_kept, only_this_thread_compiles
from rampviewer.core.fit.rows import fit_rows
from rampviewer.model.exposure import Exposure
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.passes import FlagSource, Pass
from rampviewer.model.prepared import Prepared
from rampviewer.model.run import Recipe
from rampviewer.model.timing import Timing

_LONGEST_WAIT = 300.0  # [s]


def smallest_exposure(n_groups: int = 5) -> Exposure:
    """Return an exposure of a few pixels, one of them with a jump."""
    shape = (1, n_groups, 3, 4)
    sci = np.arange(12 * n_groups, dtype=np.float32).reshape(shape)
    sci[:, 2:, 1, 1] += 100
    return Exposure.from_arrays(
        sci=sci,
        groupdq=np.zeros(shape, np.uint8),
        pixeldq=np.zeros(shape[2:], np.uint32),
        gain=1.0,
        readnoise=1.0,
        timing=Timing(frame_time=1.0, group_time=1.0),
    )


def start_first_helper() -> subprocess.Popen[bytes] | None:
    """Return a process that compiles the fit; None where it is in the cache."""
    return None if is_kept(fit_rows) else start_helper("fit")


def compile_first(prepared: Prepared, helper: subprocess.Popen[bytes] | None) -> None:
    """Compile what the first rate needs beside a helper; does nothing without one.

    Other threads that need a kernel wait: they would compile what the helper is about to
    deliver.

    Parameters
    ----------
    prepared : Prepared
        Of `smallest_exposure`.
    helper : process or None
        Of `start_first_helper`.
    """
    if helper is None:
        return
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    with only_this_thread_compiles():
        source = FlagSource.of(prepared, recipe)
        whole = Pass.of(recipe, 0, source, source.fit_settings(recipe.fit))
        without_fit = replace(whole, fit=replace(whole.fit, fit_rows=None))
        without_fit.do_rows(0, prepared.exposure.n_rows)
        wait_for(helper)
        whole.do_rows(0, prepared.exposure.n_rows)  # others, for a pixel, wait for longer


def start_helper(task: str) -> subprocess.Popen[bytes] | None:
    """Return a process for a task of `compile_helper`; None where there can be none."""
    if getattr(sys, "frozen", False) or (os.cpu_count() or 1) == 1:
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "rampviewer.model.compile_helper", task],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def wait_for(helper: subprocess.Popen[bytes]) -> None:
    """Wait for a helper; if it failed its kernels are compiled here when needed."""
    try:
        helper.wait(_LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        helper.kill()
        helper.wait()
