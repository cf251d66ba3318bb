"""When work will end, judged by how far it has come."""

import time
from collections.abc import Callable

LONG = 2.0  # work that ends within this time needs no estimate, and gets none before it [s]


class TimeLeft:
    """Estimates how long work will go on.

    Parameters
    ----------
    clock : callable
        Returns a time [s].
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.start()

    def start(self) -> None:
        """Say that work begins."""
        self._started = self._clock()

    def text(self, done: float, total: float) -> str:
        """Return how long it will take as "1:05 left", "" for what is unknown or short."""
        elapsed = self._clock() - self._started
        if done <= 0 or elapsed < LONG:
            return ""
        left = elapsed * (total / done - 1)
        if left < LONG:
            return ""
        minutes, seconds = divmod(round(left), 60)
        return f"{minutes}:{seconds:02d} left"
