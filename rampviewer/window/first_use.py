"""What takes long the first time only: the compiler is at work, and is said to be."""

from PyQt6.QtCore import QObject, QTimer

from rampviewer.model.kernels.compiling import is_compiling
from rampviewer.window.feature import Parts
from rampviewer.window.processing import Processing

ABOUT = "compiling"  # of messages
TEXT = (
    "Compiling what this needs, the first time only: it may take a minute, the window can "
    "be used meanwhile ..."
)
LOOK_MS = 700  # between two looks; to load what is compiled takes less


class FirstUse(QObject):
    """Looks, while a run is being made, whether that waits for the compiler."""

    tabs = ()

    def __init__(self, processing: Processing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._processing = processing
        self._is_told = False
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_MS)
        self.timer.timeout.connect(self._look)

    def connect(self, parts: Parts) -> None:
        """Connect the worker with the messages."""
        self._messages = parts.messages
        live = self._processing.live
        live.started.connect(lambda _job: self.timer.start())
        for ended in (live.finished, live.failed, live.cancelled):
            ended.connect(lambda *_: self._end())

    def close(self) -> None:
        """Look no more."""
        self.timer.stop()

    def _look(self) -> None:
        if not is_compiling():
            self._tell_end()
        elif not self._is_told:
            self._is_told = True
            self._messages.show_work(TEXT, ABOUT)

    def _end(self) -> None:
        self.timer.stop()
        self._tell_end()

    def _tell_end(self) -> None:
        if self._is_told:
            self._is_told = False
            self._messages.end(ABOUT)
