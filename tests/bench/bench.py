"""Time rampviewer and stcal side by side on the same simulated exposures.

usage: python -m tests.bench.bench [--quick] [--seed N]

Each side works in a process of its own, one after the other: stcal in a single process,
as its steps run by default, rampviewer on all cores. The median of three counts for
rampviewer; stcal runs once. Prints a table and writes bench-out/bench.json.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rampviewer.model.simulate import SimulationSettings, simulate

FULL = ((2048, 10, 1), (2048, 5, 1))
QUICK = ((512, 10, 1), (512, 5, 1), (256, 12, 2))
OUT = Path("bench-out")
LINE = "{:<20} {:<11} {:>9} {:>9} {:>8} {:>10} {:>10}"


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def save_exposure(path, shape, seed):
    size, n_groups, n_ints = shape
    settings = SimulationSettings(size=size, n_groups=n_groups, n_ints=n_ints, seed=seed)
    exposure = simulate(settings).exposure
    timing = exposure.timing
    np.savez(
        path,
        sci=exposure.sci,
        groupdq=exposure.groupdq,
        pixeldq=exposure.pixeldq,
        gain=exposure.gain,
        readnoise=exposure.readnoise,
        timing=[timing.frame_time, timing.group_time, timing.groupgap],
    )


def run_side(side, exposure, repeats, result):
    command = [sys.executable, "-m", "tests.bench.worker"]
    words = [side, str(exposure), str(repeats), str(result)]
    done = subprocess.run([*command, *words], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def differences(one, other):
    """Return how many groups have another jump flag, and how many pixels another rate."""
    with np.load(one) as a, np.load(other) as b:
        flags = int(np.bitwise_count(a["jump_bits"] ^ b["jump_bits"]).sum())
        largest = float(np.nanmax(np.abs(b["slope"])))
        same = np.isclose(a["slope"], b["slope"], 1e-5, 1e-7 * largest, equal_nan=True)
    return {"flags": flags, "rates": int((~same).sum())}


def bench(shape, seed, directory):
    exposure = directory / "exposure.npz"
    save_exposure(exposure, shape, seed)
    results = {side: directory / f"{side}.npz" for side in ("stcal", "ours")}
    stcal = run_side("stcal", exposure, 1, results["stcal"])
    ours = run_side("ours", exposure, 3, results["ours"])
    different = differences(results["ours"], results["stcal"])
    return {"shape": shape, "stcal": stcal, "ours": ours, "different": different}


def show(entry):
    size, n_groups, n_ints = entry["shape"]
    stcal, ours = entry["stcal"], entry["ours"]
    for work, theirs in stcal["seconds"].items():
        mine = ours["seconds"][work]
        memory = (f"{side['peak']:.0f} MB" for side in (stcal, ours))
        say(
            LINE.format(
                f"{size}x{size}x{n_groups}x{n_ints}",
                work,
                f"{theirs:.3f}",
                f"{mine:.3f}",
                f"{theirs / mine:.1f}",
                *(memory if work == "jump + fit" else ("", "")),
            )
        )
    different = entry["different"]
    say(
        f"{'':<20} other flags in {different['flags']} groups, "
        f"other rate in {different['rates']} pixels"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small frames, seconds")
    parser.add_argument("--seed", type=int, default=1)
    values = parser.parse_args()
    say(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}")
    titles = ("size x groups x ints", "work", "stcal [s]", "ours [s]", "ratio")
    say(LINE.format(*titles, "peak stcal", "peak ours"))
    entries = []
    with TemporaryDirectory(prefix="rampviewer-bench-") as directory:
        for shape in QUICK if values.quick else FULL:
            entries.append(bench(shape, values.seed, Path(directory)))
            show(entries[-1])
    OUT.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    (OUT / "bench.json").write_text(json.dumps({**machine, "runs": entries}, indent=1))
    say(f"written: {OUT / 'bench.json'}")
    return 1 if any(n for entry in entries for n in entry["different"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
