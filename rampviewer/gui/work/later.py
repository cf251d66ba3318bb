"""What can wait until the screen shows what cannot."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

AFTER = 5  # [ms]; a timer of no time runs in the turn that paints, before the next event
TURNS = 2  # that one ends late, when what changed took longer than `AFTER`


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
        self._turns = 0  # to wait for
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def request(self) -> None:
        if not self._timer.isActive():  # else the hand that never rests would wait for ever
            self._turns = TURNS
            self._timer.start(AFTER)

    def act_now(self) -> None:
        """Do at once what was requested, if anything was."""
        if self._timer.isActive():
            self._timer.stop()
            self._act()

    def _on_timeout(self) -> None:
        self._turns -= 1
        if self._turns:
            self._timer.start(AFTER)
        else:
            self._act()
