"""Time the window as its user has it, on the display that is there.

usage: python -m tests.bench.window [--quick] [--only WORD]

From the click to the painted pixel: starts of the process, opening, drags of the threshold,
moves of the mouse over the image, lists, regions and a large series; and how long the
window stood still meanwhile. Prints a table, with what is wanted and whether it holds, and
writes bench-out/window.json.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PyQt6.QtCore import QSettings, Qt
from PyQt6.QtWidgets import QApplication

from rampviewer.io.demo import demo_files, write_demo
from rampviewer.model.simulate import SimulationSettings, simulate
from tests.bench import scenes
from tests.bench.start import first_start, starts

OUT = Path("bench-out")
LINE = "{:<58} {:>8} {:>8} {:>8} {:>6}  {}"
PARTS = ("median", "95 %", "longest")


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tell(row):
    """Print a row; return it for the file."""
    found = dict(zip(PARTS, np.percentile(row.seconds, [50, 95, 100]) * 1e3, strict=True))
    wanted = {part: row.limits[part] for part in PARTS if part in row.limits}
    verdicts = [
        f"{part} <= {limit:g}: {'yes' if found[part] <= limit else 'NO'}"
        for part, limit in wanted.items()
    ]
    numbers = [f"{found[part]:.1f}" for part in PARTS]
    say(LINE.format(row.name, *numbers, len(row.seconds), ", ".join(verdicts)))
    return {"name": row.name, **found, "n": len(row.seconds), "wanted": wanted}


def simulated(folder, name, **settings):
    """Write a simulated exposure with its references; return the files."""
    files = demo_files(folder / f"{name}_ramp.fits")
    write_demo(files.ramp, simulate(SimulationSettings(**settings)))
    return files


def rows(folder, is_quick):
    """Yield the rows of the table, as they are measured."""
    demo = simulated(folder, "demo", size=256 if is_quick else 2048)
    paths = demo.ramp, demo.gain, demo.readnoise
    yield "start", lambda: starts(folder, paths)
    if not is_quick:
        yield "start", lambda: first_start(folder, paths)
    n_ints = 3 if is_quick else 10
    long = simulated(folder, "long", size=128, n_groups=40, n_ints=n_ints)
    settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
    for name, scene in scenes.SCENES.items():
        given = long if scene in scenes.OF_LONG_RAMPS else demo
        yield name, lambda scene=scene, given=given: scene(given, settings)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no first start")
    parser.add_argument("--only", default="", help="parts whose name has this word in it")
    given = parser.parse_args()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    application = QApplication(["rampviewer"])
    size = 256 if given.quick else 2048
    say(f"{os.cpu_count()} cores, {application.platformName()}, {size} x {size} x 10")
    say(LINE.format("milliseconds", *PARTS, "n", "wanted"))
    told = []
    with TemporaryDirectory(prefix="rampviewer-bench-") as folder:
        for name, part in rows(Path(folder), given.quick):
            if given.only in name:
                told += [tell(row) for row in part()]
    OUT.mkdir(exist_ok=True)
    (OUT / "window.json").write_text(json.dumps(told, indent=1))
    say(f"written: {OUT / 'window.json'}")


if __name__ == "__main__":
    main()
