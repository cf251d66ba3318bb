"""Time rampviewer on time series that are larger than their memory budget.

usage: python -m tests.bench.series [--quick]

Three sizes, 1 : 2 : 4, are read, processed and written, each in a process of its own: time
has to grow with the number of samples, memory must not. The first size is compared with
stcal. Prints a table and writes bench-out/series.json.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import rampviewer as rv
from rampviewer.io.asdf_tree import tree_hdu
from rampviewer.io.demo import write_demo
from rampviewer.io.fits_file import open_fits
from rampviewer.io.hdus import Image, write_hdus
from rampviewer.model.simulate import SimulationSettings, simulate
from tests.bench.bench import OUT, say
from tests.bench.worker import peak_memory
from tests.reference_fit import reference_fit
from tests.reference_jump import reference_jumps

FRAME, N_GROUPS = {"full": 1024, "quick": 192}, 10
N_INTS = {"full": (25, 50, 100), "quick": (10, 20, 40)}
N_SIMULATED = 5  # integrations; the others repeat them
BUDGET = {"full": 10**9, "quick": 10**6}
CLIP = rv.JumpParameters(minimum_sigclip_groups=10)
LINE = "{:>6} {:>10} {:>8} {:>8} {:>8} {:>8} {:>14} {:>10}"


def write_series(folder, size, n_ints):
    """Write a series of any length with the memory of a short one; return its files."""
    settings = SimulationSettings(size=size, n_groups=N_GROUPS, n_ints=N_SIMULATED, seed=1)
    files = write_demo(folder / "short_ramp.fits", simulate(settings), overwrite=True)
    short = rv.open(*files)
    path = folder / f"x{n_ints}_ramp.fits"
    with open_fits(files.ramp) as hdus, path.open("wb") as stream:
        images = [
            repeated(hdus["SCI"], short.sci, n_ints),
            Image.of("PIXELDQ", short.pixeldq),
            repeated(hdus["GROUPDQ"], short.groupdq, n_ints),
        ]
        write_hdus(stream, hdus[0], images, tree_hdu({}, None), lambda _: None)
    return path, files.gain, files.readnoise


def repeated(hdu, data, n_ints):
    numbers = np.arange(n_ints) % len(data)
    return Image(
        name=hdu.name,
        shape=(n_ints, *data.shape[1:]),
        dtype=data.dtype,
        part=lambda index: data[numbers[index[0]]][index[1:]],
        header=hdu.header,
    )


def ours(files, which):
    """Return the seconds of each part of the work, in this process, and its memory."""
    warm_up(files)
    times = [time.perf_counter()]
    exposure = rv.open(*files, memory_budget=BUDGET[which])
    times.append(time.perf_counter())
    result = rv.process(exposure, CLIP)
    times.append(time.perf_counter())
    with TemporaryDirectory(prefix="rampviewer-bench-") as folder:
        result.save(folder)
        times.append(time.perf_counter())
    parts = zip(("read", "process", "write"), np.diff(times).tolist(), strict=True)
    return {**dict(parts), "peak": peak_memory(), "samples": exposure.sci.size}


def warm_up(files):
    """Load and compile what is needed, with the ramps of a few pixels."""
    with TemporaryDirectory(prefix="rampviewer-bench-") as folder:
        exposure = rv.open(*files, memory_budget=BUDGET["quick"])
        corner = (..., slice(0, 64), slice(0, 64))
        names = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
        parts = [getattr(exposure, name)[corner] for name in names]
        small = rv.Exposure.from_arrays(*parts, exposure.timing, exposure.instrument)
        rv.process(small, CLIP).save(folder)


def stcal(files, _which):
    exposure = rv.open(*files)
    arrays = exposure.gain, exposure.readnoise, exposure.timing
    started = time.perf_counter()
    groupdq, pixeldq, _ = reference_jumps(
        exposure.sci, exposure.groupdq, exposure.pixeldq, *arrays, CLIP
    )
    reference_fit(exposure.sci, groupdq, pixeldq, *arrays, instrument=exposure.instrument)
    seconds = time.perf_counter() - started
    return {"process": seconds, "peak": peak_memory()}


def in_child(side, which, files):
    words = [sys.executable, "-m", "tests.bench.series", "--side", side, "--size", which]
    words += [str(file) for file in files]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def bench(which):
    say(
        LINE.format(
            "ints", "samples", "read", "process", "write", "all [s]", "s/1e9", "peak"
        )
    )
    rows = []
    with TemporaryDirectory(prefix="rampviewer-bench-") as folder:
        for n_ints in (N_SIMULATED, *N_INTS[which]):  # the first only fills caches
            files = write_series(Path(folder), FRAME[which], n_ints)
            row = in_child("ours", which, files)
            if n_ints == N_SIMULATED:
                continue
            if n_ints == N_INTS[which][0]:
                row["stcal"] = in_child("stcal", which, files)
            files[0].unlink()
            rows.append(row)
            seconds = [row[part] for part in ("read", "process", "write")]
            numbers = [f"{value:.2f}" for value in (*seconds, sum(seconds))]
            rate, peak = 1e9 * sum(seconds) / row["samples"], f"{row['peak']:.0f} MB"
            say(LINE.format(n_ints, row["samples"], *numbers, f"{rate:.1f}", peak))
    theirs, first = rows[0]["stcal"], rows[0]["process"]
    say(
        f"stcal on the first: {theirs['process']:.2f} s, {theirs['peak']:.0f} MB; "
        f"ratio {theirs['process'] / first:.1f}"
    )
    OUT.mkdir(exist_ok=True)
    (OUT / "series.json").write_text(json.dumps(rows, indent=1))
    say(f"written: {OUT / 'series.json'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small frames, seconds")
    parser.add_argument("--side", choices=("ours", "stcal"), help=argparse.SUPPRESS)
    parser.add_argument("--size", default="quick", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    values = parser.parse_args()
    if values.side is None:
        bench("quick" if values.quick else "full")
    else:
        work = {"ours": ours, "stcal": stcal}[values.side]
        say(json.dumps(work(values.files, values.size)))


if __name__ == "__main__":
    main()
