"""What is done with the window, and the times it takes."""

import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
from PyQt6.QtCore import QPoint, QPointF
from PyQt6.QtWidgets import QTabWidget

import rampviewer as rv
from rampviewer.app import Application, keep_responsive
from rampviewer.gui.image.stretch import Stretch
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.model.exposure import Pixel
from rampviewer.model.kernels.warm_up import Ready
from rampviewer.model.regions.shapes import Circle
from rampviewer.model.runs.processing import process_exposure
from tests.bench.hand import (
    LEFT,
    NONE,
    STEP,
    Answers,
    Kind,
    Paints,
    Pulse,
    SliderHand,
    click,
    near,
    send,
    turn,
    until,
    wait,
    wide,
)
from tests.bench.row import Row
from tests.bench.series import write_series
from tests.bench.targets import needed_in_quick_succession, taken_up

N_STEPS, N_HOVERS, N_PINS = 200, 200, 12
BIG = 10**8  # of a file [byte]
FRAME = {"median": 50.0, "95 %": 100.0}
PANEL = {"95 %": 16.0}
STALL = {"95 %": 10.0, "longest": 10.0}
SECOND = {"longest": 1000.0}


class Window:
    """The window with an exposure in it."""

    def __init__(self, files, settings, **options):
        settings.setValue("second_image", False)  # whatever the screen
        self.app = Application(settings)
        keep_responsive(self.app)
        self.app.window.resize(1400, 900)
        self.app.window.show()
        self.session, self.live = self.app.session, self.app.processing.live
        self.pulse = Pulse()
        until(lambda: self.session.ready is Ready.EVERYTHING)
        view = self.app.image._view._plot
        self.viewport = view.viewport()
        self.image = Paints(self.viewport)
        self.ramp = Paints(self.app.ramp.grid.viewport())
        self.pulse.take()
        self.opened = self.seconds_of(lambda: self._open(files, **options))

    def _open(self, files, memory_budget=None):
        self.app.opening.memory_budget = memory_budget
        before = self.image.n
        self.app.open(files.ramp, files.gain, files.readnoise)
        until(lambda: self.session.is_complete and self.image.n > before)

    def seconds_of(self, act):
        started = time.perf_counter()
        act()
        return time.perf_counter() - started

    def settle(self):
        until(lambda: self.session.is_complete and not self.live.is_busy)

    def look_at(self, **look):
        image = self.app.image
        image.set_look(replace(image._bar.look(), **look))
        wait(0.5)
        self.pulse.take()

    def tab(self, title):
        tabs = self.app.window.findChild(QTabWidget)
        names = [tabs.tabText(k) for k in range(tabs.count())]
        tabs.setCurrentIndex(names.index(title))

    def place(self, row, col):
        view = self.app.image._view._view
        return view.mapViewToScene(QPointF(col, row)).toPoint()

    def set_jump(self, **changes):
        jump = replace(self.session.recipe.jump, **changes)
        self.session.set_jump_parameters(jump)

    def drag(self, sigma_of):
        """Drag; return the delay [s] from each step to its image, or a later one.

        Then the number of images, the time from the end until all is complete, and the
        stalls; what is shown at the end is compared with a run of its own.
        """
        app, answers = self.app, Answers(self.session, self.image)
        waiting, delays, frames = {}, [], set()

        def look():
            level = answers.painted()
            same = [k for k, (_, sigma) in waiting.items() if sigma == level]
            for k in [k for k in waiting if same and k <= same[-1]]:
                delays.append(time.perf_counter() - waiting.pop(k)[0])
                frames.add(same[-1])

        self.pulse.take()
        hand = SliderHand(app.processing.threshold._slider)
        for k in range(N_STEPS):
            now = time.perf_counter()
            hand.move(sigma_of(k, N_STEPS), k % 2)
            waiting[k] = now, app.processing.threshold.value()
            while time.perf_counter() < now + STEP:
                turn()
                look()
        hand.release()
        released = time.perf_counter()
        until(lambda: look() or not waiting)
        stalls = self.pulse.take()
        until(lambda: self.session.is_complete)
        completed = time.perf_counter() - released
        self.check()
        return delays, len(frames), completed, stalls

    def check(self):
        """Compare what is on screen with a run that knows of no other."""
        recipe, prepared = self.session.recipe, self.session.prepared
        wanted = process_exposure(prepared, recipe).rate.slope
        if not np.array_equal(self.app.image._values, wanted, equal_nan=True):
            raise RuntimeError("what is on screen is not the run of what is set")
        self.pulse.take()

    def hover(self, rng, *, act=None, busy=False):
        """Return the delays [s] from moves over the image to the painted ramp."""
        delays, frame = [], self.session.exposure.pixeldq.shape
        for _ in range(N_HOVERS):
            if busy and not self.live.is_busy:
                self.session.set_threshold(float(rng.uniform(3.0, 20.0)))
                wait(0.02)
            # Not at the edge, where the nearest place on the screen may be outside.
            row, col = (int(rng.integers(n // 64, n - n // 64)) for n in frame)
            point = self.place(row, col)
            before, now = self.ramp.n, time.perf_counter()
            if act is None:
                send(self.viewport, Kind.MouseMove, point)
            else:
                act(self.viewport, point)
            until(lambda before=before: self.ramp.n > before)
            delays.append(time.perf_counter() - now)
            wait(0.01)
        self.settle()
        return delays

    def close(self):
        self.app.close()
        self.app.window.close()
        self.app.window.deleteLater()
        turn()


@contextmanager
def window(files, settings, **options):
    opened = Window(files, settings, **options)
    try:
        yield opened
    finally:
        opened.close()


def opening_and_drag(files, settings):
    with window(files, settings) as user:
        yield Row("open from warm disk to painted rate", [user.opened], {"longest": 1500.0})
        yield Row("stalls while opening", user.pulse.take(), STALL)
        answers = Answers(user.session, user.image)
        user.session.set_threshold(4.1)
        ready = user.seconds_of(lambda: until(lambda: answers.painted() == 4.1))
        yield Row("first rate to first step of a drag", [ready], {"longest": 500.0})
        user.settle()
        user.session.set_threshold(4.0)
        user.settle()
        user.look_at(stretch=Stretch.LOG)
        for name, way in (("near 4", near), ("2 to 20", wide)):
            delays, n_frames, _, stalls = user.drag(way)
            yield Row(f"drag {name} sigma, {n_frames} images", delays, FRAME)
            yield Row("stalls meanwhile", stalls, STALL)
            user.session.set_threshold(4.0)
            user.settle()


def hover(files, settings):
    with window(files, settings) as user:
        user.settle()
        rng = np.random.default_rng(1)
        user.look_at(stretch=Stretch.LOG)
        yield Row("move of the mouse to painted ramp", user.hover(rng), PANEL)
        yield Row("click to painted ramp", user.hover(rng, act=click), PANEL)
        yield Row("stalls meanwhile", user.pulse.take(), STALL)
        yield Row("move to painted ramp, worker busy", user.hover(rng, busy=True), PANEL)
        yield Row("stalls meanwhile", user.pulse.take(), STALL)
        everything(user, rng)
        yield Row("move, everything shown", user.hover(rng), PANEL)
        yield Row("move, everything shown, worker busy", user.hover(rng, busy=True), PANEL)


def everything(user, rng):
    """Switch everything on that follows the pixel or the run."""
    app, frame = user.app, user.session.exposure.pixeldq.shape
    app.window.action("second_image").setChecked(True)
    app.ramp.set_look(RampLook(steps=True, residuals=True, bars=True))
    for size in (20, 40, 60):
        row, col = (int(rng.integers(n // 4, 3 * n // 4)) for n in frame)
        store = app.regions.store
        store.put(store.regions.add(Circle(row, col, size)))
    pins = app.pins.pins
    for _ in range(N_PINS):
        pins = pins.toggled(Pixel(*(int(rng.integers(n)) for n in frame)))
    app.pins._set(pins, "")
    user.tab("Region")
    wait(1.0)
    user.settle()
    user.pulse.take()


def long_ramps(files, settings):
    with window(files, settings) as user:
        user.settle()
        rng, exposure = np.random.default_rng(1), user.session.exposure
        name = f"{exposure.n_groups} groups x {exposure.n_ints}"
        yield Row(f"move to painted ramp, {name}", user.hover(rng), PANEL)
        yield Row(f"click, {name}", user.hover(rng, act=click), PANEL)
        everything(user, rng)
        yield Row(f"move, everything shown, {name}", user.hover(rng), PANEL)


def snowballs(files, settings):
    with window(files, settings) as user:
        user.settle()
        user.look_at(stretch=Stretch.LOG)
        user.set_jump(expand_large_events=True)
        user.settle()
        delays, n_frames, completed, _ = user.drag(near)
        yield Row(f"drag near 4 sigma, snowballs, {n_frames} images", delays, FRAME)
        yield Row("end of the drag to new large events", [completed], SECOND)


def newer_targets(files, settings):
    """Disturb passes that are needed, and those that are only quicker than a move."""
    with window(files, settings) as user:
        user.settle()
        session = user.session

        def needed(k, algorithm):
            session.set_fit_parameters(
                replace(
                    session.recipe.fit, algorithm=algorithm, suppress_one_group=k % 2 == 0
                )
            )

        kinds = [
            (f"needed pass of {name}", partial(needed, algorithm=name), {"95 %": 20.0})
            for name in ("LIKELY", "OLS_C")
        ]
        kinds.append(("pass only chosen", lambda _k: session.set_threshold(1.7), {}))
        for name, begin, limits in kinds:
            taken = taken_up(user, begin)
            if taken:  # else each pass was over before it was disturbed
                yield Row(f"newer target taken up, {name}", taken, limits)
        what, last = needed_in_quick_succession(user, partial(needed, algorithm="OLS_C"))
        yield Row(what, [last], SECOND)


def lists(files, settings):
    with window(files, settings) as user:
        user.settle()
        tables, threshold = user.app.tables, 4.0
        while int(user.session.runs[1].n_jumps.sum()) < 3_000_000 and threshold > 1.2:
            threshold = round(threshold - 0.4, 1)
            user.session.set_threshold(threshold)
            user.settle()
        user.pulse.take()
        user.tab("Jumps")
        made = user.seconds_of(lambda: until(lambda: tables.listing.table is not None))
        until(lambda: tables.jumps.view.model().rowCount() > 0)
        n_rows = len(tables.listing.table)
        yield Row(f"list of {n_rows} jumps", [made])
        yield Row("stalls meanwhile", user.pulse.take(), STALL)
        heads, seconds = tables.jumps.view.horizontalHeader(), []
        for column in range(tables.jumps.view.model().columnCount()):
            x = heads.sectionViewportPosition(column) + heads.sectionSize(column) // 2

            def sort(x=x):
                click(heads.viewport(), QPoint(x, heads.height() // 2))
                until(lambda: not tables.jumps.is_arranging)

            seconds.append(user.seconds_of(sort))
        yield Row("clicked heading to sorted list", seconds, SECOND)
        yield Row("stalls meanwhile", user.pulse.take(), STALL)


def changes(files, settings):
    exposure = rv.open(files.ramp, gain=files.gain, readnoise=files.readnoise)
    folder = files.ramp.parent / "products"
    jump = rv.JumpParameters(rejection_threshold=5.0)
    rv.process(exposure, jump=jump).save(folder)
    path = next(folder.glob("*_jump.fits"))
    with window(files._replace(ramp=path), settings) as user:
        user.settle()
        work = user.app.changes.work
        user.pulse.take()
        user.tab("Changes")
        made = user.seconds_of(lambda: until(lambda: work.result is not None))
        yield Row(f"list of {work.result.n_groups} changes", [made], SECOND)
        wait(0.3)
        yield Row("stalls meanwhile", user.pulse.take(), STALL)


def regions(files, settings):
    with window(files, settings) as user:
        user.settle()
        n = user.session.exposure.n_rows
        store, follower = user.app.regions.store, user.app.regions.follower
        user.tab("Region")
        for radius in (n / 20, n / 4):
            store.put(store.regions.add(Circle(n / 2, n / 2, radius)))
            until(lambda: follower._is_current)
            wait(0.3)
            user.pulse.take()
            start = user.place(n / 2, n / 2)
            send(user.viewport, Kind.MouseMove, start)
            send(user.viewport, Kind.MouseButtonPress, start, LEFT, LEFT)
            for k in range(N_STEPS // 2):
                now = time.perf_counter()
                place = user.place(n / 2 + k * n / 1000, n / 2)
                send(user.viewport, Kind.MouseMove, place, NONE, LEFT)
                until(lambda now=now: time.perf_counter() > now + STEP)
            send(user.viewport, Kind.MouseButtonRelease, place, LEFT, NONE)
            if store.regions.current.shape.row < n / 2 + 1:
                raise RuntimeError("the region did not move")
            last = user.seconds_of(lambda: until(lambda: follower._is_current))
            size = f"radius {radius:.0f}"
            yield Row(f"end of a drag of a region to its ramp, {size}", [last], SECOND)
            yield Row("stalls meanwhile", user.pulse.take(), STALL)


def series(files, settings):
    is_small = files.ramp.stat().st_size < BIG
    paths = write_series(files.ramp.parent, *((128, 40) if is_small else (512, 40)))
    files = type(files)(*paths)
    budget = files.ramp.stat().st_size // 4
    with window(files, settings, memory_budget=budget) as user:
        yield Row("series larger than its memory: open to rate", [user.opened])
        yield Row("stalls meanwhile", user.pulse.take(), STALL)
        user.set_jump(minimum_sigclip_groups=5)
        user.settle()
        yield Row("stalls while it is processed", user.pulse.take(), STALL)


SCENES = {
    "drag": opening_and_drag,
    "hover": hover,
    "hover long": long_ramps,
    "snowballs": snowballs,
    "target": newer_targets,
    "list": lists,
    "changes": changes,
    "regions": regions,
    "series": series,
}
OF_LONG_RAMPS = (long_ramps,)
