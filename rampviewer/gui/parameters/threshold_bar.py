"""The jump rejection threshold, and how far the work with it has come."""

import math

from PyQt6.QtCore import QSignalBlocker, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.gui.widgets.number_box import ExactBox
from rampviewer.gui.work.throttle import Throttle
from rampviewer.gui.work.time_left import TimeLeft
from rampviewer.model.settings.parameters import JumpParameters

LOW, HIGH = 1.0, 50.0  # of the slider [sigma]; the box takes any value
STEPS = 1000
DELAY_MS = 150  # before work is shown of which nothing is done
NEWS_MS = 100  # between two changes of what is shown
LONGEST_WORK = "run 1 (12.34 sigma)"  # is shown whole, longer texts are cut
PROGRESS_MARGIN = 12  # around the text in the progress bar [screen pixels]
DEFAULT = JumpParameters().rejection_threshold
TIP = (
    "Threshold above which a two-point difference is a jump [sigma]\n"
    f"rejection_threshold, default {DEFAULT:g}"
)


def sigma_of(step: int) -> float:
    """Return the threshold at a position of the slider, finer where it is lower [sigma]."""
    sigma = LOW * math.pow(HIGH / LOW, step / STEPS)
    return round(sigma, 2 if sigma < 10 else 1)


def step_of(sigma: float) -> int:
    """Return the position of the slider for a threshold, at its end beyond its range."""
    within = min(max(sigma, LOW), HIGH)
    return round(STEPS * math.log(within / LOW) / math.log(HIGH / LOW))


class ThresholdBar(QWidget):
    """A slider and a box for `rejection_threshold`, progress and a way to cancel.

    Signals
    -------
    threshold_edited : float
        The user moved the threshold, also while dragging [sigma].
    cancel_clicked
    """

    threshold_edited = pyqtSignal(float)
    cancel_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, left: TimeLeft | None = None) -> None:
        super().__init__(parent)
        self._sigma, self._left = DEFAULT, left or TimeLeft()
        self._label = QLabel("Jump threshold")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, STEPS)
        self._slider.setPageStep(25)
        self._slider.setMinimumWidth(120)
        self._slider.setAccessibleName("Jump rejection threshold")
        self._box = ExactBox("sigma")
        self._box.setAccessibleName("Jump rejection threshold in sigma")
        self._box.setMinimumWidth(self._box.fontMetrics().horizontalAdvance("0" * 11))
        self._reset = QToolButton()
        self._reset.setText("Reset")
        self._reset.setToolTip(f"Back to the default, {DEFAULT:g} sigma")
        self._reset.setAccessibleName("Reset the threshold")
        self._label.setBuddy(self._box)
        for widget in (self._label, self._slider, self._box):
            widget.setToolTip(TIP)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self._show_work)
        self._done = (0, 1, "")  # of the work: how much, of how much, what it is
        self._news = Throttle(NEWS_MS, self)
        self._news.due.connect(self._show_progress)
        self._reason = ElidedLabel()
        self._reason.hide()
        self._lay_out()
        self.set_value(DEFAULT)
        self.set_idle()
        self._slider.valueChanged.connect(lambda step: self._edit(sigma_of(step)))
        self._box.valueChanged.connect(self._edit)
        self._reset.clicked.connect(lambda: self._edit(DEFAULT))
        self._cancel.clicked.connect(self.cancel_clicked)

    def value(self) -> float:
        """Return the threshold, exactly as it was set or typed [sigma]."""
        return self._sigma

    def set_value(self, sigma: float) -> None:
        self._sigma = sigma
        with QSignalBlocker(self._slider), QSignalBlocker(self._box):
            if sigma_of(self._slider.value()) != sigma:  # else it stays under the hand
                self._slider.setValue(step_of(sigma))
            self._box.setValue(sigma)
        self._reset.setEnabled(sigma != DEFAULT and self._slider.isEnabled())

    def set_progress(self, done: int, total: int, text: str) -> None:
        """Show how much of the work is done, what it is, and the way to cancel it.

        Work of which nothing is done is shown only when it takes a while, and news of it
        only a few times a second.
        """
        self._done = (done, total, text)
        if done == 0:
            self._left.start()
            self._news.stop()
        self._news.request()

    def _show_progress(self) -> None:
        done, total, text = self._done
        left = self._left.text(done, total)
        end = f"%p% {left}".strip()
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        width = self._progress.fontMetrics().horizontalAdvance
        room = width(LONGEST_WORK + " ") - width(left)
        shown = self._progress.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, room
        )
        self._progress.setFormat(f"{shown} {end}" if text else end)
        self._progress.setToolTip(", ".join(filter(None, (text, left))))
        if done == 0:  # a bar that flashes up for each step of a drag helps nobody
            self._delay.start()
        else:
            self._show_work()

    def set_idle(self) -> None:
        """Show that nothing is under way."""
        self._delay.stop()
        self._news.stop()
        self._work.setCurrentIndex(0)

    def _show_work(self) -> None:
        self._delay.stop()
        self._work.setCurrentIndex(1)

    def set_enabled_with_reason(self, enabled: bool, reason: str = "") -> None:
        """Grey the threshold and say why, or make it usable again."""
        for widget in (self._label, self._slider, self._box):
            widget.setEnabled(enabled)
            widget.setToolTip(TIP if enabled else reason)
        self._reset.setEnabled(enabled and self._sigma != DEFAULT)
        self._reason.set_text("" if enabled else reason)
        self._reason.setVisible(not enabled and bool(reason))

    def _edit(self, sigma: float) -> None:
        if sigma != self._sigma:
            self.set_value(sigma)
            self.threshold_edited.emit(sigma)

    def _lay_out(self) -> None:
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Progress")
        self._cancel = QPushButton("Cancel")
        self._cancel.setToolTip("Stop the work and go back to the last complete result")
        busy = QWidget()
        row = QHBoxLayout(busy)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._progress, 1)
        row.addWidget(self._cancel)
        self._work = QStackedWidget()  # keeps its width: nothing jumps when work begins
        self._work.addWidget(QWidget())
        self._work.addWidget(busy)
        text = self._progress.fontMetrics().horizontalAdvance(f"{LONGEST_WORK} 100%")
        beside = self._cancel.sizeHint().width() + row.spacing() + PROGRESS_MARGIN
        self._work.setFixedWidth(text + beside)
        bar = QHBoxLayout()
        bar.addWidget(self._label)
        bar.addSpacing(4)
        bar.addWidget(self._slider, 1)
        for widget in (self._box, self._reset, self._work):
            bar.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 2)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._reason)
