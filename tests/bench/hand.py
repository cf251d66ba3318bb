"""What a hand does with the window, and how long the window takes to show it."""

import math
import time

from PyQt6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication, QStyle, QStyleOptionSlider

from rampviewer.gui.parameters.threshold_bar import STEPS, step_of

STEP = 0.016  # [s] between two events of a mouse
BEAT_MS = 2
LONGEST = 120.0  # [s]
NOT_PAINTED = 0.1  # [s]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
Kind = QEvent.Type


def send(widget, kind, place, button=NONE, buttons=NONE):
    here, everywhere = QPointF(place), QPointF(widget.mapToGlobal(place))
    modifier = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, here, everywhere, button, buttons, modifier)
    QApplication.sendEvent(widget, event)


def click(widget, place):
    send(widget, Kind.MouseButtonPress, place, LEFT, LEFT)
    send(widget, Kind.MouseButtonRelease, place, LEFT, NONE)


def turn():
    """Let the window do what there is to do; sleep, as it does, until there is."""
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def until(condition):
    """Needs a `Pulse` that beats: it wakes what waits for the condition."""
    end = time.perf_counter() + LONGEST
    while not condition():
        turn()
        if time.perf_counter() > end:
            raise RuntimeError("nothing came of it")


def wait(seconds):
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() >= end)


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
        first = session.first
        for signal in (first.pixels_changed, first.rows_changed, first.image_changed):
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
        self.pauses, self._last = [], time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def take(self):
        """Return the pauses [s] since the last call."""
        pauses, self.pauses = self.pauses, []
        return pauses

    def _beat(self):
        now = time.perf_counter()
        self.pauses.append(max(now - self._last - BEAT_MS / 1e3, 0.0))
        self._last = now


class SliderHand:
    """Holds the handle of the threshold slider."""

    def __init__(self, slider):
        self._slider = slider
        option = QStyleOptionSlider()
        slider.initStyleOption(option)
        kind, style = QStyle.ComplexControl.CC_Slider, slider.style()
        handle, groove = (
            style.subControlRect(kind, option, part, slider)
            for part in (
                QStyle.SubControl.SC_SliderHandle,
                QStyle.SubControl.SC_SliderGroove,
            )
        )
        self._start, self._from = handle.center(), slider.value()
        self._per_step = (groove.width() - handle.width()) / STEPS
        self._place = self._start
        send(slider, Kind.MouseButtonPress, self._start, LEFT, LEFT)

    def move(self, sigma, shift=0):
        """Drag the handle to a threshold, and so many pixels of the screen further."""
        along = (step_of(sigma) - self._from) * self._per_step
        x = self._start.x() + round(along) + shift
        self._place = QPoint(x, self._start.y())
        send(self._slider, Kind.MouseMove, self._place, NONE, LEFT)

    def release(self):
        send(self._slider, Kind.MouseButtonRelease, self._place, LEFT, NONE)


def wide(k, n):
    """Return a threshold on the way from 4 to 20, down to 2 and back to 4 sigma."""
    start = math.log10(2)  # of the way from 2 to 20
    place = (start + 2 * k / n) % 2
    return 2 * 10 ** (place if place <= 1 else 2 - place)


def near(k, _n):
    """Return a threshold on a way to and fro about 4 sigma."""
    return 4 * (1 + 0.1 * math.sin(k / 12))
