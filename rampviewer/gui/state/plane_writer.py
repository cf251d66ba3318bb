"""Writes values into the planes of runs while the window goes on."""

from collections.abc import Callable
from concurrent.futures import Future

from rampviewer.gui.work.background import background_thread


class PlaneWriter:
    """Does one piece of work after the other, in a thread of its own.

    Whoever reads what it writes to calls `settle` first. All its methods are called by one
    thread: between two calls nothing new is written.
    """

    def __init__(self) -> None:
        self._executor = background_thread()
        self._last: Future[None] | None = None

    def write(self, work: Callable[[], None]) -> None:
        """Have work done, after all that was given before."""
        self._last = self._executor.submit(_after, self._last, work)

    def settle(self) -> None:
        """Wait until all is done.

        Raises
        ------
        Exception
            What any work raised; that given after it was not done.
        """
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def close(self) -> None:
        """Finish, and do no more."""
        self._executor.shutdown(wait=True)


def _after(last: Future[None] | None, work: Callable[[], None]) -> None:
    if last is not None:
        last.result()
    work()
