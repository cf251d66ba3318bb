"""Time the window as its user has it, on the display that is there.

usage: python -m tests.bench.window [--quick]

From the click to the painted pixel: start of a process, opening, 200 steps of a drag of the
threshold, moves of the mouse over the image, at rest and while the worker is busy. Prints a
table and writes bench-out/window.json.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, QSettings, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication, QStyle, QStyleOptionSlider

from rampviewer.app import Application, keep_responsive
from rampviewer.gui.stretch import Stretch
from rampviewer.io.demo import demo_files, write_demo
from rampviewer.model.simulate import SimulationSettings, simulate
from rampviewer.model.warm_up import Ready
from tests.bench.start import first_start, starts

OUT = Path("bench-out")
N_STEPS, N_HOVERS = 200, 200
STEP = 0.016  # [s] between two events of a mouse
LONGEST = 60.0  # [s]
NOT_PAINTED = 0.1  # [s]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
LINE = "{:<48} {:>9} {:>9} {:>9} {:>6}"


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def send(widget, kind, place, button=NONE, buttons=NONE):
    here, everywhere = QPointF(place), QPointF(widget.mapToGlobal(place))
    modifier = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, here, everywhere, button, buttons, modifier)
    QApplication.sendEvent(widget, event)


class Paints(QObject):
    """Counts the paint events of a widget."""

    def __init__(self, widget):
        super().__init__()
        self.n = 0
        widget.installEventFilter(self)

    def eventFilter(self, _widget, event):  # noqa: N802 - overrides Qt
        self.n += event.type() == QEvent.Type.Paint
        return False


class Answers:
    """Which threshold the image on screen belongs to."""

    def __init__(self, session, paints):
        self._paints, self._level, self._needed = paints, None, 0
        self._done = 0.0
        self._has_changed = False
        for signal in (session.pixels_changed, session.rows_changed, session.image_changed):
            signal.connect(lambda *_: setattr(self, "_has_changed", True))
        session.run_completed.connect(self._complete)

    def painted(self):
        """Return the threshold [sigma] whose run is painted; None while it is not."""
        # What changes only pixels that the screen does not show is not painted again.
        is_late = time.perf_counter() - self._done > NOT_PAINTED
        return self._level if self._paints.n >= self._needed or is_late else None

    def _complete(self, run):
        self._level = run.recipe.jump.rejection_threshold
        self._needed = self._paints.n + self._has_changed
        self._done = time.perf_counter()
        self._has_changed = False


class Pulse(QObject):
    """Beats every few milliseconds; its longest pause is the longest stall."""

    def __init__(self):
        super().__init__()
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(2)

    def take(self):
        """Return the longest pause [s] since the last call."""
        longest, self.longest = self.longest, 0.0
        return longest

    def _beat(self):
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


def until(condition):
    end = time.perf_counter() + LONGEST
    while not condition():
        QApplication.processEvents()
        if time.perf_counter() > end:
            raise RuntimeError("nothing came of it")


def wait(seconds):
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() >= end)


class Bench:
    """The window with an exposure in it."""

    def __init__(self, files, settings):
        settings.setValue("second_image", False)  # whatever the screen
        self.app = Application(settings)
        keep_responsive(self.app)
        self.app.window.resize(1400, 900)
        self.app.window.show()
        session, image = self.app.session, self.app.image
        until(lambda: session.ready is Ready.EVERYTHING)
        image.set_look(replace(image._bar.look(), stretch=Stretch.LOG))
        self.viewport = image._view._plot.viewport()
        self.image, self.ramp = Paints(self.viewport), Paints(self.app.ramp.grid.viewport())
        self.pulse = Pulse()
        started, before = time.perf_counter(), self.image.n
        self.app.open(files.ramp, files.gain, files.readnoise)
        until(lambda: session.is_complete and self.image.n > before)
        self.opened = time.perf_counter() - started
        until(lambda: not self.app.processing.live.is_busy)
        wait(0.5)
        self.stall_opening = self.pulse.take()

    def drag(self):
        """Return the delays [s] from each step of a drag to its image, or a later one."""
        app, slider = self.app, self.app.processing.threshold._slider
        option = QStyleOptionSlider()
        slider.initStyleOption(option)
        kind, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        start = slider.style().subControlRect(kind, option, part, slider).center()
        answers, waiting, delays, frames = Answers(app.session, self.image), {}, [], set()

        def look():
            level = answers.painted()
            same = [k for k, (_, sigma) in waiting.items() if sigma == level]
            for k in [k for k in waiting if same and k <= same[-1]]:
                delays.append(time.perf_counter() - waiting.pop(k)[0])
                frames.add(same[-1])

        send(slider, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
        for k in range(N_STEPS):
            x = start.x() + round(60 * np.sin(k / 12.0)) + k % 2
            now = time.perf_counter()
            send(slider, QEvent.Type.MouseMove, QPoint(x, start.y()), NONE, LEFT)
            waiting[k] = now, app.processing.threshold.value()
            while time.perf_counter() < now + STEP:
                QApplication.processEvents()
                look()
        send(slider, QEvent.Type.MouseButtonRelease, QPoint(x, start.y()), LEFT, NONE)
        until(lambda: look() or not waiting)
        until(lambda: app.session.is_complete)
        return delays, len(frames)

    def hover(self, rng, busy=False):
        """Return the delays [s] from a move over the image to the painted ramp."""
        delays, frame = [], self.app.session.exposure.pixeldq.shape
        for _ in range(N_HOVERS):
            if busy and not self.app.processing.live.is_busy:
                sigma = float(rng.uniform(3.0, 20.0))
                self.app.session.set_threshold(sigma)
                wait(0.02)
            # Not at the edge, where the nearest place on the screen may be outside.
            row, col = (int(rng.integers(n // 64, n - n // 64)) for n in frame)
            point = self.app.image._view._view.mapViewToScene(QPointF(col, row))
            before, now = self.ramp.n, time.perf_counter()
            send(self.viewport, QEvent.Type.MouseMove, point.toPoint())
            until(lambda before=before: self.ramp.n > before)
            delays.append(time.perf_counter() - now)
        until(lambda: self.app.session.is_complete and not self.app.processing.live.is_busy)
        return delays

    def close(self):
        self.app.close()
        self.app.window.close()


def measure(size, *, first):
    found = {}
    with TemporaryDirectory(prefix="rampviewer-bench-") as folder:
        files = demo_files(Path(folder) / "demo_ramp.fits")
        write_demo(files.ramp, simulate(SimulationSettings(size=size)))
        paths = files.ramp, files.gain, files.readnoise
        found.update(starts(Path(folder), paths))
        if first:
            found.update(first_start(Path(folder), paths))
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        bench, rng = Bench(files, settings), np.random.default_rng(1)
        found["open from warm disk to painted rate"] = [bench.opened]
        found["longest stall while opening"] = [bench.stall_opening]
        found["move of the mouse to painted ramp"] = bench.hover(rng)
        delays, n_frames = bench.drag()
        found[f"step of a drag to painted image, {n_frames} frames"] = delays
        found["longest stall while moving and dragging"] = [bench.pulse.take()]
        found["move to painted ramp, worker busy"] = bench.hover(rng, busy=True)
        found["longest stall while the worker is busy"] = [bench.pulse.take()]
        bench.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no first start")
    is_quick = parser.parse_args().quick
    size = 256 if is_quick else 2048
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    application = QApplication(["rampviewer"])
    say(f"{os.cpu_count()} cores, {application.platformName()}, {size} x {size} x 10")
    say(LINE.format("milliseconds", "median", "95 %", "longest", "n"))
    found = measure(size, first=not is_quick)
    for name, seconds in found.items():
        parts = np.percentile(seconds, [50, 95, 100]) * 1e3
        say(LINE.format(name, *(f"{part:.1f}" for part in parts), len(seconds)))
    OUT.mkdir(exist_ok=True)
    (OUT / "window.json").write_text(json.dumps(found, indent=1))
    say(f"written: {OUT / 'window.json'}")


if __name__ == "__main__":
    main()
