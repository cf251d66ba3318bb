"""Shows which references are in use, and lets them be replaced."""

from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rampviewer.gui.files.reference_row import ReferenceRow
from rampviewer.model.exposure import Exposure
from rampviewer.model.settings.reference_choices import CrdsState, ReferenceChoices

HINT = (
    "Each is a file (FITS, or ASDF of Roman) or one number for all pixels. An empty line "
    "looks for the file in the local CRDS cache."
)
SKIP = "Flag nothing as saturated, whatever le&vel is found (skip_saturation)"
READPATT = "Judge groups also by the frames &averaged into them (use_readpatt)"
READPATT_TIP = (
    "An average stays below a level that its last frames reached; with this, such a group "
    "is not used, as by the official step"
)
GROW = "La&yers of pixels around a saturated one that count, too (n_pix_grow_sat)"
MOST_LAYERS = 99
FETCH = "&Fetch from the CRDS server what the cache lacks"


def _growth() -> tuple[QWidget, QSpinBox]:
    """Return a line that asks for a number of layers, and where it is typed."""
    line, box = QWidget(), QSpinBox()
    box.setRange(0, MOST_LAYERS)
    box.setValue(1)
    label = QLabel(GROW)
    label.setBuddy(box)
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(label)
    layout.addWidget(box)
    layout.addStretch()
    return line, box


def cache_sentence(state: CrdsState) -> str:
    """Return which cache and which rules are used."""
    if state.folder is None:
        return "There is no CRDS cache: CRDS_PATH is not set."
    rules = (
        f"CRDS_CONTEXT chooses by {state.context}."
        if state.context
        else "CRDS_CONTEXT is not set: the files that the header names are used."
    )
    return f"CRDS cache: {state.folder}. {rules}"


class ReferencesDialog(QDialog):
    """A row for each reference; empty means: look for it in CRDS.

    Parameters
    ----------
    reason : str
        Why it is shown.
    folder : str
        Where dialogs for files begin.
    crds : CrdsState
    """

    def __init__(
        self,
        reason: str,
        folder: str = "",
        crds: CrdsState | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        crds = crds or CrdsState()
        self.setWindowTitle("References")
        self.setMinimumWidth(620)
        self.gain, self.readnoise, self.saturation = (
            ReferenceRow(kind, folder) for kind in ("gain", "readnoise", "saturation")
        )
        self.gain_edit, self.readnoise_edit = self.gain.edit, self.readnoise.edit
        self.skip = QCheckBox(SKIP)
        self.readpatt = QCheckBox(READPATT)
        self.readpatt.setChecked(True)
        self.readpatt.setToolTip(READPATT_TIP)
        self.growth, self.grow = _growth()
        for rule in (self.saturation, self.readpatt, self.growth):
            self.skip.toggled.connect(rule.setDisabled)
        self.show_saturation(is_raw=False)
        self.fetch = QCheckBox(FETCH)
        self.fetch.setEnabled(not crds.obstacle)
        self._message, self._cache = QLabel(reason), QLabel(cache_sentence(crds))
        self._obstacle = QLabel(f"Nothing can be fetched: {crds.obstacle}.")
        self._obstacle.setVisible(bool(crds.obstacle))
        self.problem = QLabel()
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._accept_if_valid)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        rows = self._message, self.gain, self.readnoise, self.saturation
        rules = self.skip, self.readpatt, self.growth
        crds = QLabel(HINT), self._cache, self.fetch, self._obstacle
        for widget in (*rows, *rules, *crds, self.problem, buttons):
            if isinstance(widget, QLabel):
                widget.setWordWrap(True)
            layout.addWidget(widget)

    def show_exposure(self, exposure: Exposure) -> None:
        """Show what an open exposure uses."""
        self.gain.show_reference(exposure.gain_reference)
        self.readnoise.show_reference(exposure.readnoise_reference)
        self.saturation.show_reference(exposure.saturation_reference)
        self.show_saturation(is_raw=bool(exposure.quick_look))
        # Rows came along: they would squeeze the others. `adjustSize` takes two thirds of
        # the screen at most.
        self.resize(self.size().expandedTo(self.sizeHint()))

    def show_saturation(self, *, is_raw: bool) -> None:
        """Ask for a saturation level, or do not."""
        self.saturation.setVisible(is_raw)
        self.skip.setVisible(is_raw)
        self.readpatt.setVisible(is_raw)
        self.growth.setVisible(is_raw)

    def set_choices(self, choices: ReferenceChoices) -> None:
        """Fill in what the user said before."""
        self.gain.set_choice(choices.gain)
        self.readnoise.set_choice(choices.readnoise)
        self.saturation.set_choice(choices.saturation)
        self.readpatt.setChecked(choices.use_readpatt)
        self.grow.setValue(choices.n_pix_grow_sat)
        self.skip.setChecked(choices.skip_saturation)
        self.fetch.setChecked(choices.fetch and self.fetch.isEnabled())

    def choices(self) -> ReferenceChoices:
        """Return what is stated; raise ValueError where it can be nothing."""
        return ReferenceChoices(
            gain=self.gain.choice(),
            readnoise=self.readnoise.choice(),
            saturation=self.saturation.choice(),
            use_readpatt=self.readpatt.isChecked(),
            n_pix_grow_sat=self.grow.value(),
            skip_saturation=self.skip.isChecked(),
            fetch=self.fetch.isChecked(),
        )

    def _accept_if_valid(self) -> None:
        try:
            self.choices()
        except ValueError as error:
            self.problem.setText(f"{error}.")
            return
        self.accept()
