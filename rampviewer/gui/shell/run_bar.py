"""Which run is on screen: the flags as delivered, or the live one."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.model.runs.run import Run
from rampviewer.model.text.number_text import grouped

TEXTS = ("As delivered", "Live")
TIPS = (
    "Run 0: rates fitted with the flags as they are in the file; rampviewer searches for "
    "no jump",
    "Run 1: jumps found with the parameters on screen",
)

PIN_TIP = (
    "Keep the live run as it is, to see what parameters change from there on: Rate, live "
    "minus ... under Show is the difference from it then, not from the run as delivered "
    "(Ctrl+3). Pixels are pinned with Space"
)
PINNED_TIP = (
    "Rate, live minus ... under Show is the difference from this run, until it is let go "
    "(Ctrl+3):\n{}"
)
AS_DELIVERED_TEXT = "flags of the file"  # no wider than a count: the slider stays
AS_DELIVERED_TIP = "None were searched for here"
FOUND_TIP = "JUMP_DET flags before neighbours are added, over all groups and integrations"


class RunBar(QWidget):
    """Two buttons, and what the run on screen has found.

    Signals
    -------
    run_chosen : int
        The user wants to see run 0 or 1.
    pin_clicked : bool
        The user wants to keep the live run to compare with it, or to let it go.
    """

    run_chosen = pyqtSignal(int)
    pin_clicked = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None  # on screen
        self._has_delivered = False
        self._group = QButtonGroup(self)
        self._found = ElidedLabel()
        self._found.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 24))
        self._found.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QLabel("Run"))
        for number, (text, tip) in enumerate(zip(TEXTS, TIPS, strict=True)):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "choice")
            button.setToolTip(tip)
            button.setAccessibleName(f"Run {number}: {text}")
            self._group.addButton(button, number)
            layout.addWidget(button)
        self.pin = QToolButton()
        self.pin.setText("Pin run")  # not a pixel, as under Pins
        self.pin.setCheckable(True)
        self.pin.setProperty("role", "toggle")
        self.pin.setAccessibleName("Pin the live run")
        layout.addWidget(self.pin)
        layout.addWidget(self._found)
        self.pin.clicked.connect(self.pin_clicked)
        self.set_pinned("")
        self._group.idClicked.connect(self.run_chosen)
        self.show_runs((), 1)

    def set_delivered(self, *, has_jumps: bool) -> None:
        """Know whether jumps were delivered: the official count takes them in if kept."""
        self._has_delivered = has_jumps

    def set_pinned(self, what: str) -> None:
        """Show with which parameters a run is kept, "" for none."""
        self.pin.setChecked(bool(what))
        self.pin.setToolTip(PINNED_TIP.format(what) if what else PIN_TIP)

    def set_current(self, is_current: bool) -> None:
        """Grey what was found while the image shows other parameters already."""
        self._found.setEnabled(is_current)

    def show_runs(self, runs: tuple[Run, ...], shown: int) -> None:
        """Check the button of the run shown, and say what it has found."""
        button = self._group.button(shown)
        if button is not None:
            button.setChecked(True)
        self._run = next((run for run in runs if run.number == shown), None)
        self._tell_found("pending")

    def show_failure(self) -> None:
        """Say what will not come, for its pass has failed."""
        self._tell_found("failed")

    def _tell_found(self, pending: str) -> None:
        run = self._run
        found = "" if run is None else found_text(run, pending, self._has_delivered)
        tip = AS_DELIVERED_TIP if found == AS_DELIVERED_TEXT else FOUND_TIP
        self._found.set_text(found, f"{found}\n{tip}".strip())
        self._found.updateGeometry()  # room for all of it, where there is so much


def found_text(run: Run, pending: str = "pending", has_delivered: bool = False) -> str:
    """Return what a run has found, in a few words.

    Parameters
    ----------
    run : Run
    pending : str
        What becomes of large events that are yet to come.
    has_delivered : bool
        Whether the file has jumps: those that are kept are counted, too.
    """
    if run.recipe.delivered_jumps == "as_delivered":
        return AS_DELIVERED_TEXT
    if run.jump_skipped:
        return "skipped: 2 groups or fewer"
    if run.n_primary < 0:
        return "skipped: too few usable groups"
    found = f"{grouped(run.n_primary)} primary jumps"
    if has_delivered and run.recipe.delivered_jumps == "keep":
        found = f"{grouped(run.n_primary)} primary and delivered jumps"
    return f"{found}, large events {pending}" if run.is_large_stale else found
