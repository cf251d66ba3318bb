"""Much news, few answers."""

from PyQt6.QtCore import QObject, QTimer, pyqtSignal


class Throttle(QObject):
    """Passes the first of a burst on at once, then at most one per interval.

    The last of a burst is never lost: it is passed on when the interval is over.

    Signals
    -------
    due : nothing
        Time to act on all requests since the last time.
    """

    due = pyqtSignal()

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_waiting(self) -> bool:
        """Whether a request has not been passed on yet."""
        return self._wanted

    def request(self) -> None:
        if self._timer.isActive():
            self._wanted = True
        else:
            self._pass_on()

    def stop(self) -> None:
        """Forget what was requested and not passed on yet."""
        self._wanted = False
        self._timer.stop()

    def _on_timeout(self) -> None:
        if self._wanted:
            self._pass_on()

    def _pass_on(self) -> None:
        self._wanted = False
        self._timer.start()
        self.due.emit()
