"""Undo and redo of parameters."""

from PyQt6.QtCore import QObject, QTimer

from rampviewer.gui.state.parameter_history import ParameterHistory, Parameters
from rampviewer.model.runs.run import Recipe
from rampviewer.window.feature import Parts

REST_MS = 400  # without a change: a drag is one step


class History(QObject):
    """Remembers parameters when they are at rest, and brings them back."""

    tabs = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._record)

    def connect(self, parts: Parts) -> None:
        """Connect session and menu."""
        self._session, self._window = parts.session, parts.window
        self._history = ParameterHistory(self._now())
        parts.window.action("undo").triggered.connect(lambda: self._step(-1))
        parts.window.action("redo").triggered.connect(lambda: self._step(1))
        parts.session.recipe_changed.connect(self._take)
        self._enable()

    def close(self) -> None:
        """Remember nothing more."""
        self._timer.stop()

    def _now(self) -> Parameters:
        recipe = self._session.recipe
        return Parameters(recipe.jump, recipe.fit)

    def _take(self, _recipe: Recipe) -> None:
        if self._now() != self._history.now:
            self._timer.start()
        else:
            self._timer.stop()  # gone back by hand
        self._enable()

    def _record(self) -> None:
        self._timer.stop()
        self._history.record(self._now())
        self._enable()

    def _step(self, n: int) -> None:
        self._record()  # what was not at rest yet
        there = self._history.step(n)
        self._session.set_jump_parameters(there.jump)
        self._session.set_fit_parameters(there.fit)
        self._enable()

    def _enable(self) -> None:
        history, now = self._history, self._now()
        if now == history.now:
            back, forth = history.change(-1), history.change(1)
        else:  # not at rest yet
            back, forth = history.now.changes(now), ""
        for name, change in (("undo", back), ("redo", forth)):
            action = self._window.action(name)
            action.setEnabled(bool(change))
            action.setToolTip(change or "No other parameters were in use")
