"""Long work in one call that tells how far it has come, and can be cancelled."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from rampviewer.gui.work.time_left import TimeLeft
from rampviewer.model.errors import CancelledError

Announce = Callable[[str], None]
Advance = Callable[[int, int], None]
Work = Callable[[Announce, Advance], object]


@dataclass(frozen=True, slots=True, eq=False)
class ReportingJob:
    """Calls `work` once and yields what it returns.

    Parameters
    ----------
    work : callable
        Gets what takes a sentence, and what takes (done, total); the latter raises
        `CancelledError` when the job is cancelled.
    post : callable
        Takes (sentence, done, total) on the worker thread.
    """

    work: Work
    post: Callable[[str, int, int], None]

    def steps(
        self, is_cancelled: Callable[[], bool], _is_outdated: Callable[[], bool]
    ) -> Iterator[object]:
        def advance(done: int, total: int) -> None:
            if is_cancelled():
                raise CancelledError
            self.post("", done, total)

        if not is_cancelled():
            yield self.work(lambda text: self.post(text, 0, 0), advance)


class Reporter(QObject):
    """Brings what jobs tell, the newest one only, from the worker to the window.

    Parameters
    ----------
    parent : QObject
    left : TimeLeft, optional

    Signals
    -------
    told : str
        A sentence of the job, if there was one, and the state of long work.
    """

    told = pyqtSignal(str)
    _posted = pyqtSignal(object, str, object, object)

    def __init__(self, parent: QObject, left: TimeLeft | None = None) -> None:
        super().__init__(parent)
        self._left = left or TimeLeft()
        self._title, self._sentence = "", ""
        self._token: object = None
        self._posted.connect(self._deliver)  # queued whenever the worker emits it

    def job(self, title: str, work: Work) -> ReportingJob:
        """Return a job; what others tell is not passed on any more."""
        self._token = token = object()
        self._title, self._sentence = title, ""
        self._left.start()
        return ReportingJob(work, partial(self._posted.emit, token))

    def forget(self) -> None:
        """Pass nothing on any more."""
        self._token = None

    @pyqtSlot(object, str, object, object)
    def _deliver(self, token: object, sentence: str, done: int, total: int) -> None:
        if token is not self._token:
            return
        self._sentence = sentence or self._sentence
        left = self._left.text(done, total)
        if not left and not self._sentence:
            return  # over before it is read
        state = f"{self._title} ..."
        if total:
            parts = (f"{100 * done // total} %", left)
            state = f"{self._title}: {', '.join(filter(None, parts))} (Esc cancels)"
        self.told.emit(f"{self._sentence} {state}".strip())
