"""Starts of the window, each in a process of its own."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import rampviewer

PACKAGE = Path(rampviewer.__file__).parent
NAMES = {
    "window": "window on screen, cold process",
    "pixels": "kernels ready, cold process",
    "rate": "rate on screen, cold process",
}
# What `rampviewer FILE` does, and when; the image is painted in the turn of the event loop
# that follows, so what a timer of no time does comes after it.
CODE = """
import os, sys, time
started, settings, *files = float(sys.argv[1]), *sys.argv[2:]
from pathlib import Path
from PyQt6.QtCore import QSettings, QTimer
from rampviewer import app as a
from rampviewer.gui.qt_application import make_qt_application
qt = make_qt_application(["rampviewer"], "0")
made = a.Application(QSettings(settings, QSettings.Format.IniFormat))
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
made.preparing.step_done.connect(lambda *_: tell("pixels"))
made.session.run_completed.connect(complete)
made.window.resize(1400, 900)
made.window.show()
if files:
    made.open(*(Path(file) for file in files))
qt.processEvents()
tell("window")
qt.exec()
"""


def start(folder, files=(), tree=PACKAGE.parent):
    """Return the seconds from the start of a process to its window, pixels and rate."""
    words = [sys.executable, "-c", CODE, str(time.time()), str(folder / "settings.ini")]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(
        [*words, *map(str, files)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    )
    words = done.stdout.split()
    return dict(zip(words[::2], map(float, words[1::2]), strict=True))


def starts(folder, files, n=3):
    """Return the seconds of `n` starts, without and with an exposure to open, by name."""
    found = {}
    for given in ((), files):
        start(folder, given)  # fills the caches of the disk
        with_file = ", with a file" if given else ""
        several = [start(folder, given) for _ in range(n)]
        for part, name in NAMES.items():
            if part in several[0]:
                found[name + with_file] = [one[part] for one in several]
    return found


def first_start(folder, files):
    """Return the same for the first start ever: nothing is compiled yet."""
    tree = folder / "tree"
    shutil.copytree(PACKAGE, tree / "rampviewer", ignore=shutil.ignore_patterns("*.nb[ci]"))
    shutil.copytree(PACKAGE.parent / "resources", tree / "resources")
    found = start(folder, files, tree)
    return {f"{name}, first start ever": [found[part]] for part, name in NAMES.items()}
