"""Writes values into the planes of runs while the window goes on."""

from collections.abc import Callable
from concurrent.futures import Future

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.work.background import background_thread


class PlaneWriter(QObject):
    """Does one piece of work after the other, in a thread of its own.

    Whoever reads what it writes to calls `settle` first, in any thread, or comes back when
    it `is_settled`. All other methods are called by one thread: between two calls nothing
    new is written.

    Signals
    -------
    settled : nothing
        All work is done, for now.
    """

    settled = pyqtSignal()
    _ended = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = background_thread()
        self._last: Future[None] | None = None
        self._ended.connect(self._tell)  # queued: the other thread emits it

    @property
    def is_settled(self) -> bool:
        """Whether `settle` need not wait."""
        return self._last is None or self._last.done()

    def write(self, work: Callable[[], None]) -> None:
        """Have work done, after all that was given before."""
        self._last = self._executor.submit(_after, self._last, work)
        self._executor.submit(self._ended.emit)

    def settle(self) -> None:
        """Wait until all is done.

        Raises
        ------
        Exception
            What any work raised; that given after it was not done.
        """
        last = self._last
        failure = None if last is None else last.exception()
        if failure is not None:
            self._last = None
            raise failure

    def close(self) -> None:
        """Finish, and do no more."""
        self._executor.shutdown(wait=True)

    def _tell(self) -> None:
        if self.is_settled:
            self.settled.emit()


def _after(last: Future[None] | None, work: Callable[[], None]) -> None:
    if last is not None:
        last.result()
    work()
