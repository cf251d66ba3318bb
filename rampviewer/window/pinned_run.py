"""A run that is kept, to see how the rates of the live run differ from its own."""

from PyQt6.QtCore import QObject

from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.shell.run_bar import RunBar
from rampviewer.gui.state.run_shelf import LIVE
from rampviewer.gui.state.shown_plane import pinned_text
from rampviewer.model.runs.run import Run
from rampviewer.window.feature import Parts

NOT_YET = "Nothing is pinned: the live run must be shown, and complete."
PINNED = (
    "The live run is {}. To see what a parameter changes from here on, choose Rate, live "
    "minus {} under Show."
)
LET_GO = (
    "The run is let go: differences of rates are those from the run as delivered again."
)


class PinnedRun(QObject):
    """The button and the command that pin the live run, and what that changes."""

    tabs = ()

    def __init__(
        self, run_bar: RunBar, second_bar: PlaneBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._run_bar, self._second_bar = run_bar, second_bar

    def connect(self, parts: Parts) -> None:
        """Connect button and command with what draws the images."""
        self._parts = parts
        self._bars = (parts.plane_bar, self._second_bar)
        self._action = parts.window.action("pin_run")
        self._action.setEnabled(False)
        self._action.triggered.connect(self._pin)
        self._run_bar.pin_clicked.connect(self._pin)
        parts.session.exposure_changed.connect(self._begin)

    def close(self) -> None:
        """Nothing is in progress here."""

    def _begin(self, _exposure: object) -> None:
        self._action.setEnabled(True)
        self._tell(None)  # the images have forgotten it

    def _pin(self, is_wanted: bool) -> None:
        session, messages = self._parts.session, self._parts.messages
        run = session.run if is_wanted else None
        if is_wanted and (run is None or run.number != LIVE):
            self._tell(None)
            messages.show_note(NOT_YET)
            return
        for source in (session.first, session.second):
            source.set_pinned(run)
        self._tell(run)
        text = "" if run is None else pinned_text(run)
        messages.show_note(PINNED.format(text, text) if text else LET_GO)

    def _tell(self, run: Run | None) -> None:
        """Say which run differences are taken to."""
        text = "" if run is None else pinned_text(run)
        for bar in self._bars:
            bar.show_base(text)
        self._run_bar.set_pinned("" if run is None else f"{text}, {run.recipe.summary}")
        self._action.setChecked(run is not None)
