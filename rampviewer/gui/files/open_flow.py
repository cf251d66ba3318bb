"""Opening a file: dialog, worker, missing references, errors."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QDialog, QFileDialog, QWidget

from rampviewer.gui.files.memory_setting import remembered_budget
from rampviewer.gui.files.reference_memory import ReferenceMemory
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.gui.shell.sentences import missing_sentence
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.gui.work.reporter import Advance, Announce, Reporter
from rampviewer.model.errors import MissingReferenceError
from rampviewer.model.exposure import Exposure, Reference
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.settings.reference_choices import Choice, CrdsState, ReferenceChoices

Read = Callable[[int | None, Path, ReferenceChoices, bool, Announce, Advance], Prepared]
UNCALIBRATED = "_uncal."  # in the name of a file that may need a saturation level
FILLED_IN = "{} What you gave for it last is filled in."
FETCH_KEY = "fetch_references"
FILTER = "Ramp exposures (*.fits *.fits.gz *.asdf);;All files (*)"


class OpenFlow(QObject):
    """Reads an exposure on a worker; what is open stays open until it has succeeded.

    Parameters
    ----------
    read : callable
        Reads, with a memory budget, a path with what is said about references, and whether
        all segments of a series are wanted; gets what takes a sentence on sizes, and what
        takes (bytes read, bytes) and may cancel it.
    crds : callable
        Says what is set up for references of CRDS.
    runner : JobRunner
        A lane of its own.
    window : QWidget
        Parent of the dialogs.

    Attributes
    ----------
    memory_budget : int or None
        [byte]; None stands for that in the settings.

    Signals
    -------
    opening : Path
    progressed : str
        How far long reading has come.
    opened : Prepared
    failed : str
        One sentence.
    references_missing : str
        The user is asked for gain and read noise, with this sentence.
    """

    opening = pyqtSignal(object)
    progressed = pyqtSignal(str)
    opened = pyqtSignal(object)
    failed = pyqtSignal(str)
    references_missing = pyqtSignal(str)

    def __init__(
        self,
        read: Read,
        crds: Callable[[], CrdsState],
        runner: JobRunner,
        window: QWidget,
        settings: QSettings,
    ) -> None:
        super().__init__(window)
        self._read, self._crds = read, crds
        self._runner, self._window = runner, window
        self._settings, self._reporter = settings, Reporter(self)
        self._memory = ReferenceMemory(settings)
        self.memory_budget: int | None = None
        self._path: Path | None = None
        self._choices = ReferenceChoices()
        self._whole_series = False
        self._is_answer = False  # whether what is read was given in the dialog
        self._dialog: QDialog | None = None
        self._reporter.told.connect(self.progressed)
        runner.step_done.connect(self._deliver)
        runner.failed.connect(self._fail)

    def ask(self) -> None:
        """Let the user choose a file."""
        folder = str(self._settings.value("folder", ""))
        dialog = QFileDialog(self._window, "Open a ramp exposure", folder, FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        self._show(dialog)

    def open(
        self,
        path: Path,
        references: ReferenceChoices | None = None,
        *,
        whole_series: bool = False,
    ) -> None:
        """Read `path`, or all segments of its series; `opened` or `failed` follows.

        Nothing is fetched unless `references` or the switch in the window of references
        says so.
        """
        chosen = references or ReferenceChoices()
        chosen = replace(chosen, fetch=chosen.fetch or self._may_fetch())
        self._path, self._choices, self._is_answer = path, chosen, False
        self._whole_series = whole_series
        self.opening.emit(path)
        read = partial(self._read, self.memory_budget or remembered_budget(self._settings))
        self._runner.replace(
            self._reporter.job(
                f"Reading {path.name}",
                lambda announce, advance: read(
                    path, chosen, whole_series, announce, advance
                ),
            )
        )

    def open_series(self, exposure: Exposure | None) -> None:
        """Read all segments of the series that an exposure belongs to."""
        if exposure is not None and exposure.path is not None:
            self.open(exposure.path, self._said(exposure), whole_series=True)

    def cancel(self) -> bool:
        """Read no further; return whether anything was being read."""
        self._reporter.forget()
        return self._runner.drop()

    def ask_references(self, exposure: Exposure | None) -> None:
        """Show the references of the exposure that is open, and let them be replaced."""
        if exposure is None or exposure.path is None:
            self.failed.emit("Open an exposure first: references belong to it.")
            return
        self._path, self._whole_series = exposure.path, bool(exposure.segments)
        self._choices = self._said(exposure)
        reason = f"{exposure.name} is open with these; others are used at once."
        self._ask(reason).show_exposure(exposure)

    def _ask(self, reason: str) -> ReferencesDialog:
        folder = str(self._path.parent) if self._path else ""
        dialog = ReferencesDialog(reason, folder, self._crds(), self._window)
        dialog.set_choices(self._choices)
        is_raw = self._path is not None and UNCALIBRATED in self._path.name.lower()
        dialog.show_saturation(is_raw=is_raw)
        dialog.accepted.connect(lambda: self._retry(dialog))
        self._show(dialog)
        return dialog

    def _ask_missing(self, path: Path, error: MissingReferenceError) -> None:
        sentence = missing_sentence(path, error)
        filled = self._memory.filled(path, self._choices)
        if filled != self._choices and not self._is_answer:  # else a line was emptied
            self._choices, sentence = filled, FILLED_IN.format(sentence)
        self._ask_again(
            sentence, f"{path.name} was not opened: it needs a gain and a read noise."
        )

    def _ask_again(self, reason: str, without: str) -> None:
        """Ask for references to open the file with; without them it is not opened."""
        self.references_missing.emit(reason)
        self._ask(reason).rejected.connect(lambda: self.failed.emit(without))

    def _show(self, dialog: QDialog) -> None:
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self._dialog = None

    def _retry(self, dialog: ReferencesDialog) -> None:
        choices = dialog.choices()
        self._settings.setValue(FETCH_KEY, choices.fetch)
        if self._path is not None:
            self.open(self._path, choices, whole_series=self._whole_series)
            self._is_answer = True

    def _said(self, exposure: Exposure) -> ReferenceChoices:
        """Return what gives the references of an exposure again."""
        return ReferenceChoices(
            gain=_choice(exposure.gain_reference),
            readnoise=_choice(exposure.readnoise_reference),
            saturation=_choice(exposure.saturation_reference),
            use_readpatt=exposure.use_readpatt,
            n_pix_grow_sat=exposure.n_pix_grow_sat,
            skip_saturation=exposure.skip_saturation,
            fetch=self._may_fetch(),
        )

    def _may_fetch(self) -> bool:
        return bool(self._settings.value(FETCH_KEY, False, type=bool))

    def _deliver(self, _job: Job, prepared: object) -> None:
        self._reporter.forget()
        if self._path is not None:
            self._settings.setValue("folder", str(self._path.parent))
            self._memory.keep(self._path, self._choices)
        self.opened.emit(prepared)

    def _fail(self, _job: Job, error: Exception) -> None:
        self._reporter.forget()
        if isinstance(error, MissingReferenceError) and self._path is not None:
            self._ask_missing(self._path, error)
            return
        if self._is_answer and isinstance(error, ValueError | OSError):
            sentence = str(error)  # most likely on what was entered
            self._ask_again(sentence, sentence)
            return
        self.failed.emit(str(error))
        if not isinstance(error, ValueError | OSError):
            raise error


def _choice(reference: Reference | None) -> Choice:
    """Return what the user would type to get this reference again."""
    if reference is None:
        return None
    if reference.source == "file":
        return Path(reference.name)
    return float(reference.name) if reference.source == "scalar" else None
