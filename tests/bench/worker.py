"""Times one side on one exposure, in a process of its own; prints one line of JSON.

usage: python -m tests.bench.worker ours|stcal CASE full|quick EXPOSURE.npz REPEATS RESULT
[PART]
"""

import json
import resource
import sys
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.timing import Timing
from tests.bench.cases import FULL, QUICK, part_of

ENOUGH = {"full": 1.0, "quick": 0.2}  # of repeats [s]


def load(path, case):
    """Return the exposure that the bench has saved."""
    with np.load(path) as saved:
        arrays = {
            name: saved[name] for name in ("sci", "groupdq", "pixeldq", "gain", "readnoise")
        }
        frame_time, group_time, groupgap = saved["timing"].tolist()
    even = Timing(frame_time=frame_time, group_time=group_time, groupgap=int(groupgap))
    timing = case.timing(even)
    return Exposure.from_arrays(**arrays, timing=timing, instrument=case.instrument)


def peak_memory():
    """Return the largest memory this process ever held [MB]."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not `resource`: its number starts at what the parent process held.
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(side, case, path, repeats, result, enough):
    """Time `side`; the median of `repeats` or more counts, compiling and loading do not.

    What is short is repeated for `enough` seconds, unless once is asked for.
    """
    # Only one side is loaded, so that the memory is its own.
    work = import_module(f"tests.bench.{side}_side").work
    exposure = load(path, case)
    started = time.perf_counter()
    # A small part is enough to load and compile what is needed.
    list(work(case, part_of(exposure, 64, 64, case.instrument)))
    first = time.perf_counter() - started
    before, times, results = peak_memory(), {}, {}
    started, n_done = time.perf_counter(), 0
    while n_done < repeats or (repeats > 1 and time.perf_counter() - started < enough):
        n_done += 1
        for name, seconds, made in work(case, exposure):
            times.setdefault(name, []).append(seconds)
            results.update(made)
            del made
    peak, moved = peak_memory(), {}
    if side == "ours" and "both" in case.parts and repeats > 1:
        moves = import_module("tests.bench.moves").moves
        moves(case, part_of(exposure, 64, 64, case.instrument))
        moved, made = moves(case, exposure)
        results.update(made)  # after many moves still equal to stcal
    np.savez(result, **results)
    answer = {
        "seconds": {name: median(values) for name, values in times.items()},
        "moves": moved,
        "first_use": first,
        "before": before,
        "peak": peak,
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    side, name, which, path, repeats, result, *part = sys.argv[1:]
    chosen = (QUICK if which == "quick" else FULL)[name]
    if part:
        chosen = replace(chosen, parts=tuple(part))
    main(side, chosen, path, int(repeats), result, ENOUGH[which])
