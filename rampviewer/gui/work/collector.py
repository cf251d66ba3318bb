"""Python's collector of garbage, kept to the thread of the window."""

import gc
import sys

from PyQt6.QtCore import QObject, QTimer

PAUSE_MS = 2_000
MANY = 20_000  # objects made since the last time, before they are looked at


class Collector(QObject):
    """Collects on a timer what Python would collect in whatever thread makes objects.

    A widget that is collected in a thread of its own aborts the process: workers make many
    objects while kernels are compiled. What is there at the start is not looked at again,
    which would halt the window for 0.1 s.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()
        gc.disable()
        self._n_modules = len(sys.modules)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(PAUSE_MS)

    def keep(self) -> None:
        """Never look again at what there is now: libraries and kernels stay anyway."""
        self._n_modules = len(sys.modules)
        gc.freeze()

    def close(self) -> None:
        """Leave the work to Python again."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        if len(sys.modules) != self._n_modules:
            self.keep()
        elif gc.get_count()[0] > MANY:
            gc.collect()
