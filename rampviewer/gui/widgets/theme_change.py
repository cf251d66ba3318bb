"""Other colours for a window that is in use."""

from typing import Final

from PyQt6 import sip
from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from rampviewer.gui.widgets.painting import paint_again
from rampviewer.gui.widgets.theme import Theme, apply_palette, apply_theme

N_WIDGETS: Final = 120  # in one turn of the event loop: a few milliseconds


class ThemeChange(QObject):
    """Gives all widgets other colours, some in each turn of the event loop.

    Windows are painted as they were until all have them. A style sheet that is put on
    anew has each widget polished once for each of those around it, in one stall.

    Parameters
    ----------
    app : QApplication
    parent : QObject, optional
    """

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._waiting: list[QWidget] = []
        self._held: list[QWidget] = []  # windows that are not painted meanwhile
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether some widgets have the colours of before."""
        return self._timer.isActive()

    def begin(self, theme: Theme) -> None:
        """Go over to a theme, from the middle of another change as well."""
        if not self._app.styleSheet():
            apply_theme(self._app, theme)
            return
        for window in self._app.topLevelWidgets():
            if window.isVisible() and window.updatesEnabled():
                window.setUpdatesEnabled(False)
                self._held.append(window)
        apply_palette(self._app, theme)
        self._waiting = self._app.allWidgets()
        self._timer.start(0)

    def finish(self) -> None:
        """Do all that is left at once."""
        while self.is_busy:
            self._go_on()

    def _go_on(self) -> None:
        now, self._waiting = self._waiting[:N_WIDGETS], self._waiting[N_WIDGETS:]
        style = self._app.style()
        assert style is not None
        for widget in now:
            if not sip.isdeleted(widget):
                style.polish(widget)  # looks its rules up again, with the colours of now
        if not self._waiting:
            self._timer.stop()
            held, self._held = self._held, []
            for window in held:
                if not sip.isdeleted(window):
                    paint_again(window)
