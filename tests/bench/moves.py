"""Moves of the threshold, which stcal has to process the whole exposure for."""

import time
from dataclasses import replace
from statistics import median

from rampviewer.model.live.live_delta import apply
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe

N_SMALL = 20
FAR = (20.0, 3.0, 10.0, 4.0, 3.5, 12.0, 5.0, 20.0, 4.5, 3.0, 7.0)


def moves(case, exposure):
    """Return the seconds of each kind of move, and the run that they end at.

    `prepare` is what makes the moves quick, once for an exposure, `move 0.1` the median of
    those between 4 and 4.1 sigma, `move 3-20` the longest of all between 3 and 20 sigma,
    `pass there` a pass over the whole exposure with the threshold that it led to.
    """
    live, run = LiveRun(Prepared.of(exposure)), None

    def timed(act, *values):
        started = time.perf_counter()
        return act(*values), time.perf_counter() - started

    def move(threshold):
        nonlocal run
        jump = replace(case.jump, rejection_threshold=threshold)
        delta, seconds = timed(live.move_to, Recipe(jump=jump, fit=case.fit))
        run = apply(delta, run)
        return seconds

    move(4.0)
    _, prepared = timed(live.prepare)
    small = [move(4.1 if k % 2 == 0 else 4.0) for k in range(N_SMALL)]
    far = [move(threshold) for threshold in FAR]
    move(case.jump.rejection_threshold)
    longest = max(far)
    jump = replace(case.jump, rejection_threshold=FAR[far.index(longest)])
    recipe = Recipe(jump=jump, fit=case.fit)
    passes = [timed(process_exposure, Prepared.of(exposure), recipe)[1] for _ in range(3)]
    seconds = {"prepare": prepared, "move 0.1": median(small), "move 3-20": longest}
    seconds["pass there"] = median(passes)
    return seconds, {"jump_bits": run.jump_bits, "slope": run.rate.slope}
