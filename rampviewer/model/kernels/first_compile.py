"""The first start ever: what the first rate needs is compiled by two processes at once.

In one process only one kernel is compiled at a time, on however many threads. So a second
process compiles the fit while this one compiles the search for jumps; from its cache on
disk the fit is then loaded in no time. Likewise with what is rarely needed, after that.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import numpy as np

from rampviewer.core.compiler import is_kept, only_this_thread_compiles
from rampviewer.core.fit.rows import fit_rows
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.runs.passes import FlagSource, Pass
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.timing import Timing

_LONGEST_WAIT = 300.0  # [s]
_LOOK = 0.05  # [s]; between two looks whether anybody still wants what is made
# On Windows a console window would open for it; nowhere else is there such a flag.
_WITHOUT_WINDOW: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def never() -> bool:
    """Return False: nobody cancels."""
    return False


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


def compile_first(
    prepared: Prepared,
    helper: subprocess.Popen[bytes] | None,
    is_cancelled: Callable[[], bool] = never,
) -> None:
    """Compile what the first rate needs beside a helper; does nothing without one.

    Other threads that need a kernel wait: they would compile what the helper is about to
    deliver.

    Parameters
    ----------
    prepared : Prepared
        Of `smallest_exposure`.
    helper : process or None
        Of `start_first_helper`.
    is_cancelled : callable

    Raises
    ------
    CancelledError
        When it is cancelled; the helper is ended.
    """
    if helper is None:
        return
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    with only_this_thread_compiles():
        source = FlagSource.of(prepared, recipe)
        whole = Pass.of(recipe, 0, source, source.fit_settings(recipe.fit))
        without_fit = replace(whole, fit=replace(whole.fit, fit_rows=None))
        without_fit.do_rows(0, prepared.exposure.n_rows)
        wait_for(helper, is_cancelled)
        whole.do_rows(0, prepared.exposure.n_rows)  # others, for a pixel, wait for longer


def start_helper(task: str) -> subprocess.Popen[bytes] | None:
    """Return a process for a task of `compile_helper`; None where there can be none."""
    if getattr(sys, "frozen", False) or (os.cpu_count() or 1) == 1:
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "rampviewer.model.kernels.compile_helper", task],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=_WITHOUT_WINDOW,
        )
    except OSError:
        return None


def wait_for(
    helper: subprocess.Popen[bytes], is_cancelled: Callable[[], bool] = never
) -> None:
    """Wait for a helper; if it failed its kernels are compiled here when needed.

    Raises
    ------
    CancelledError
        When it is cancelled; the helper is ended.
    """
    end = time.monotonic() + _LONGEST_WAIT
    while time.monotonic() < end and not is_cancelled():
        with suppress(subprocess.TimeoutExpired):
            helper.wait(_LOOK)
            return
    helper.kill()  # what it has not written yet is compiled again when needed
    helper.wait()
    if is_cancelled():
        raise CancelledError
