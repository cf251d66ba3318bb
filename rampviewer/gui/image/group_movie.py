"""Plays the groups one after the other."""

from typing import Final

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QHideEvent
from PyQt6.QtWidgets import QMenu, QToolButton, QWidget

SPEEDS: Final = (0.125, 0.2, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # [s] for each group
USUAL_SPEED: Final = 0.2
PLAY, PAUSE = "\N{BLACK RIGHT-POINTING TRIANGLE}", "\N{DOUBLE VERTICAL LINE}"
TIP = "Play the groups, {:g} s each (M); [ and ] are slower and faster"


class GroupMovie(QToolButton):
    """Plays and pauses; the menu has the speeds.

    Signals
    -------
    step_due
        Time for the next group.
    speed_edited : float
        The user chose another time for each group [s].
    """

    step_due = pyqtSignal()
    speed_edited = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None, *, of: str = "") -> None:
        super().__init__(parent)
        self._speed, self._reason = USUAL_SPEED, ""
        self._timer = QTimer(self)
        # The next step is due a while after this one is done: slow painting is not overrun.
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._speeds: dict[float, QAction] = {}
        self._fill(QMenu(self))
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.setAccessibleName(f"Play the groups{of}")
        self.toggled.connect(self._on_toggled)
        self.set_speed(USUAL_SPEED)
        self._on_toggled(False)

    @property
    def is_playing(self) -> bool:
        return self.isChecked()

    @property
    def speed(self) -> float:
        """Time for each group [s]."""
        return self._speed

    @property
    def takes_integrations(self) -> bool:
        """Whether the next integration follows the last group."""
        return self._integrations.isChecked()

    def play(self) -> None:
        """Begin, unless there is nothing to play."""
        self.setChecked(self.isEnabled())

    def stop(self) -> None:
        """Stay where it is."""
        self.setChecked(False)

    def set_speed(self, speed: float) -> None:
        """Take one of `SPEEDS`; any other is the usual one."""
        self._speed = speed if speed in SPEEDS else USUAL_SPEED
        self._speeds[self._speed].setChecked(True)
        self._show_tip()
        if self._timer.isActive():
            self._timer.start(round(1000 * self._speed))

    def change_speed(self, n_steps: int) -> None:
        """Go to a faster (positive) or slower speed, as the user would."""
        at = min(max(SPEEDS.index(self._speed) - n_steps, 0), len(SPEEDS) - 1)
        self._choose(SPEEDS[at])

    def set_acting(self, *, acting: bool, reason: str) -> None:
        """Grey it when there is nothing to play, for the reason given."""
        self._reason = "" if acting else reason
        if not acting:
            self.stop()
        self.setEnabled(acting)
        self._show_tip()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        if event is None or not event.spontaneous():
            self.stop()

    def _fill(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(f"{speed:g} s for each group", menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _on, speed=speed: self._choose(speed))
            group.addAction(action)
            menu.addAction(action)
            self._speeds[speed] = action
        menu.addSeparator()
        self._integrations = QAction("Through all integrations", menu)
        self._integrations.setCheckable(True)
        menu.addAction(self._integrations)
        self.setMenu(menu)

    def _choose(self, speed: float) -> None:
        self.set_speed(speed)
        self.speed_edited.emit(self._speed)

    def _on_toggled(self, is_playing: bool) -> None:
        self.setText(PAUSE if is_playing else PLAY)
        if is_playing:
            self._timer.start(round(1000 * self._speed))
        else:
            self._timer.stop()

    def _on_timeout(self) -> None:
        self.step_due.emit()
        if self.is_playing:
            self._timer.start(round(1000 * self._speed))

    def _show_tip(self) -> None:
        self.setToolTip(self._reason or TIP.format(self._speed))
