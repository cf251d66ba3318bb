"""Starts of the window, each in a process of its own."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import rampviewer
from tests.bench.row import Row

PACKAGE = Path(rampviewer.__file__).parent
NAMES = {
    "window": "window on screen, cold process",
    "pixels": "kernels ready after that",
    "rate": "rate on screen, cold process",
}
LIMITS = {"window": {"median": 1500.0}, "pixels": {"median": 1000.0}}
FIRST = {"rate": {"longest": 20_000.0}}  # of the first start ever
# What `rampviewer FILE` does, and when; the image is painted in the turn of the event loop
# that follows, so what a timer of no time does comes after it.
CODE = """
import os, sys, time
started, settings, *files = float(sys.argv[1]), *sys.argv[2:]
from pathlib import Path
from PyQt6.QtCore import QSettings, QTimer
from rampviewer import app as a
from rampviewer.gui.shell.qt_application import make_qt_application
qt = make_qt_application(["rampviewer"], "0")
made = a.make_application(qt, QSettings(settings, QSettings.Format.IniFormat))
a.keep_responsive(made)
seen = []
def tell(part):
    if part not in seen:
        seen.append(part)
        print(part, time.time() - started, flush=True)
    if len(seen) == 2 + bool(files):
        os._exit(0)
def complete(run):
    if made.session.is_complete:
        QTimer.singleShot(0, lambda: tell("rate"))
made.window.painted.connect(lambda: tell("window"))
made.preparing.step_done.connect(lambda *_: tell("pixels"))
made.session.run_completed.connect(complete)
made.window.resize(1400, 900)
made.window.show()
if files:
    made.open(*(Path(file) for file in files))
qt.exec()
"""


def start(folder, files=(), tree=PACKAGE.parent):
    """Return the seconds from the start of a process to its window and rate.

    Those of the kernels, "pixels", count from the window on.
    """
    words = [sys.executable, "-c", CODE, str(time.time()), str(folder / "settings.ini")]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    done = subprocess.run(
        [*words, *map(str, files)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    )
    words = done.stdout.split()
    found = dict(zip(words[::2], map(float, words[1::2]), strict=True))
    found["pixels"] = max(found["pixels"] - found["window"], 0.0)
    return found


def starts(folder, files, n=3):
    """Yield rows of `n` starts, without and with an exposure to open."""
    os.sync()  # the exposure has just been written, which slows the first ones down
    for given in ((), files):
        start(folder, given)  # fills the caches of the disk
        with_file = ", with a file" if given else ""
        several = [start(folder, given) for _ in range(n)]
        for part, name in NAMES.items():
            if part in several[0]:
                seconds = [one[part] for one in several]
                yield Row(name + with_file, seconds, LIMITS.get(part, {}))


def first_start(folder, files):
    """Yield the same for the first start ever: nothing is compiled yet."""
    tree = folder / "tree"
    shutil.copytree(PACKAGE, tree / "rampviewer", ignore=shutil.ignore_patterns("*.nb[ci]"))
    shutil.copytree(PACKAGE.parent / "resources", tree / "resources")
    found = start(folder, files, tree)
    for part, name in NAMES.items():
        yield Row(f"{name}, first start ever", [found[part]], FIRST.get(part, {}))
