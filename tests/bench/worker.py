"""Times one side on one exposure, in a process of its own; prints one line of JSON.

usage: python -m tests.bench.worker ours|stcal EXPOSURE.npz REPEATS RESULT.npz
"""

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median

import numpy as np

from rampviewer.model.exposure import Exposure
from rampviewer.model.timing import Timing


def load(path):
    """Return the exposure that the bench has saved."""
    with np.load(path) as saved:
        arrays = {
            name: saved[name] for name in ("sci", "groupdq", "pixeldq", "gain", "readnoise")
        }
        frame_time, group_time, groupgap = saved["timing"].tolist()
    timing = Timing(frame_time=frame_time, group_time=group_time, groupgap=int(groupgap))
    return Exposure.from_arrays(**arrays, timing=timing, instrument="NIRCAM")


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


def main(side, path, repeats, result):
    """Time `side`; the median of `repeats` counts, compiling and loading do not."""
    # Only one side is loaded, so that the memory is its own.
    work = import_module(f"tests.bench.{side}_side").work
    exposure = load(path)
    # What is loaded or compiled at first use is not the work itself.
    corner = (..., slice(0, 64), slice(0, 64))
    small = Exposure.from_arrays(
        sci=exposure.sci[corner],
        groupdq=exposure.groupdq[corner],
        pixeldq=exposure.pixeldq[corner],
        gain=exposure.gain[corner],
        readnoise=exposure.readnoise[corner],
        timing=exposure.timing,
        instrument="NIRCAM",
    )
    started = time.perf_counter()
    list(work(small))
    first = time.perf_counter() - started
    before, times = peak_memory(), {}
    for _ in range(repeats):
        for name, seconds, made in work(exposure):
            times.setdefault(name, []).append(seconds)
            if made is not None:
                jump_bits, slope = made
        del made
    np.savez(result, jump_bits=jump_bits, slope=slope)
    answer = {
        "seconds": {name: median(values) for name, values in times.items()},
        "first_use": first,
        "before": before,
        "peak": peak_memory(),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
