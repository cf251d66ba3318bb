"""Time rampviewer and stcal side by side on the same simulated exposures.

usage: python -m tests.bench.bench [--quick] [--seed N] [--case NAME]...

Each side works in a process of its own, one after the other: stcal in a single process,
as its steps run by default, rampviewer on all cores. The median of three runs or more
counts for rampviewer; stcal runs once. Prints a table and writes bench-out/bench.json.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.bench.cases import FULL, QUICK, exposure_of

OUT = Path("bench-out")
LINE = "{:<17} {:<18} {:<9} {:>9} {:>9} {:>8} {:>10} {:>10}"


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def save_exposure(path, case, seed):
    exposure = exposure_of(case, seed)
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


def run_side(side, words, exposure, repeats, result, *part):
    command = [sys.executable, "-m", "tests.bench.worker", side, *words]
    words = [str(exposure), str(repeats), str(result), *part]
    done = subprocess.run([*command, *words], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def differences(one, other):
    """Return how many groups have another jump flag, and how many pixels another rate."""
    with np.load(one) as a, np.load(other) as b:
        flags = rates = 0
        if "jump_bits" in b:
            flags = int(np.bitwise_count(a["jump_bits"] ^ b["jump_bits"]).sum())
        if "slope" in b:
            largest = float(np.nanmax(np.abs(b["slope"])))
            tolerance = {"rtol": 1e-5, "atol": 1e-7 * largest, "equal_nan": True}
            rates = int((~np.isclose(a["slope"], b["slope"], **tolerance)).sum())
    return {"flags": flags, "rates": rates}


def bench(name, case, which, seed, directory):
    exposure = directory / "exposure.npz"
    save_exposure(exposure, case, seed)
    results = {side: directory / f"{side}.npz" for side in ("stcal", "ours")}
    words = (name, which)
    stcal = run_side("stcal", words, exposure, 1, results["stcal"])
    ours = run_side("ours", words, exposure, 3, results["ours"])
    if "both" in case.parts:
        # The memory of that alone, in a process that has done nothing else.
        once = run_side("ours", words, exposure, 1, directory / "once.npz", "both")
        ours["peak"] = once["peak"]
    different = differences(results["ours"], results["stcal"])
    seconds, mine = stcal["seconds"], ours["seconds"]
    return {
        "case": name,
        "shape": (*case.frame, case.n_groups, case.n_ints),
        "stcal": stcal,
        "ours": ours,
        "ratios": {part: seconds[part] / mine[part] for part in seconds}
        # For any move stcal takes all of its time again.
        | {part: seconds["both"] / mine for part, mine in ours["moves"].items()},
        "different": different,
    }


def versions():
    """Return what was used, by name."""
    packages = ("stcal", "numpy", "numba", "rampviewer")
    return {
        "python": platform.python_version(),
        **{package: metadata.version(package) for package in packages},
    }


def show(case, entry):
    stcal, ours = entry["stcal"], entry["ours"]
    for part, theirs in stcal["seconds"].items():
        mine, ratio = ours["seconds"][part], entry["ratios"][part]
        memory = (f"{side['peak']:.0f} MB" for side in (stcal, ours))
        say(
            LINE.format(
                entry["case"],
                case.shape_text,
                part,
                f"{theirs:.3f}",
                f"{mine:.3f}",
                f"{ratio:.1f}",
                *(memory if part == case.parts[-1] else ("", "")),
            )
        )
    for part, mine in ours["moves"].items():
        theirs, ratio = stcal["seconds"]["both"], entry["ratios"][part]
        numbers = f"{theirs:.3f}", f"{mine:.4f}", f"{ratio:.0f}"
        say(LINE.format(entry["case"], case.shape_text, part, *numbers, "", ""))
    different = entry["different"]
    if any(different.values()):
        say(
            f"{'':<17} other flags in {different['flags']} groups, "
            f"other rate in {different['rates']} pixels"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small frames, seconds")
    parser.add_argument("--seed", type=int, default=1)
    cases = "one of the cases; may be given several times, all if it is not"
    parser.add_argument("--case", action="append", metavar="NAME", help=cases)
    values = parser.parse_args()
    known = QUICK if values.quick else FULL
    chosen = values.case or list(known)
    if unknown := set(chosen) - set(known):
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    used = versions()
    say(f"{os.cpu_count()} cores, {platform.machine()}")
    say(", ".join(f"{name} {version}" for name, version in used.items()))
    titles = ("case", "size x groups x i", "part", "stcal [s]", "ours [s]", "ratio")
    say(LINE.format(*titles, "peak stcal", "peak ours"))
    entries = []
    with TemporaryDirectory(prefix="rampviewer-bench-") as directory:
        which = "quick" if values.quick else "full"
        for name in chosen:
            entries.append(bench(name, known[name], which, values.seed, Path(directory)))
            show(known[name], entries[-1])
    OUT.mkdir(exist_ok=True)
    found = {"cores": os.cpu_count(), "versions": used, "runs": entries}
    (OUT / "bench.json").write_text(json.dumps(found, indent=1))
    say("Flags and rates are the same on both sides unless a line above says otherwise.")
    say(f"written: {OUT / 'bench.json'}")
    return 1 if any(n for entry in entries for n in entry["different"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
