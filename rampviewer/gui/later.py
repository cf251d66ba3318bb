"""What can wait until the screen shows what cannot."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

AFTER = 5  # [ms]; a timer of no time runs in the turn that paints, before the next event


class Later(QObject):
    """Calls `act` once for all requests of a turn, after what changed has been painted.

    Parameters
    ----------
    act : callable
    parent : QObject, optional
    """

    def __init__(self, act: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._act = act
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(act)

    def request(self) -> None:
        self._timer.start(AFTER)

    def act_now(self) -> None:
        """Do at once what was requested, if anything was."""
        if self._timer.isActive():
            self._timer.stop()
            self._act()
