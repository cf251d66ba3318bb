"""What all reading and writing of files for the user has in common."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from rampviewer.gui.work.call_job import CallJob
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.model.exposure import Exposure

OPENED = "folder"  # in the settings: of the exposure that was opened last
Then = Callable[[Path], None]


class FileWork(QObject):
    """Asks for files where the last one was, and works on them where nothing cancels.

    Parameters
    ----------
    runner : JobRunner
        A lane of its own.
    window : QWidget
    settings : QSettings
    key : str
        Where the folder of the last file is remembered; while there was none, files are
        looked for where the exposure was opened.

    Signals
    -------
    done : object
        What the work returned.
    failed : str
        Why there is nothing, without a full stop.
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(str)

    def __init__(
        self, runner: JobRunner, window: QWidget, settings: QSettings, key: str
    ) -> None:
        super().__init__(window)
        self._runner, self._window, self._settings = runner, window, settings
        self._key = key
        self._made: object = None
        runner.step_done.connect(self._keep)
        runner.finished.connect(lambda _job: self.done.emit(self._made))  # no longer busy
        runner.failed.connect(self._fail)

    @property
    def is_busy(self) -> bool:
        return self._runner.is_busy

    def ask_to_read(self, title: str, filters: Sequence[str], then: Then) -> None:
        """Let the user choose a file that is there."""
        dialog = self._dialog(title, filters, then)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def ask_to_write(
        self, title: str, filters: Sequence[str], name: str, then: Then
    ) -> QFileDialog:
        """Let the user choose a file to be; `name` is offered, its suffix is added.

        Returns
        -------
        dialog : QFileDialog
            It is open.
        """
        dialog = self._dialog(title, filters, then)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.selectFile(name)
        dialog.open()
        return dialog

    def begin(self, path: Path, work: Callable[[], object]) -> None:
        """Remember the folder of a file and work on it; `done` or `failed` follows."""
        self._settings.setValue(self._key, str(path.parent))
        self._runner.request(CallJob(work))

    def _dialog(self, title: str, filters: Sequence[str], then: Then) -> QFileDialog:
        opened = self._settings.value(OPENED, "")
        folder = str(self._settings.value(self._key, opened))
        dialog = QFileDialog(self._window, title, folder)
        dialog.setNameFilters(filters)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _keep(self, _job: Job, made: object) -> None:
        self._made = made

    def _fail(self, _job: Job, error: Exception) -> None:
        self.failed.emit(str(error).rstrip("."))
        if not isinstance(error, ValueError | OSError):
            raise error


def stem_of(exposure: Exposure | None) -> str:
    """Return how files about an exposure are called, without suffix."""
    name = exposure.name if exposure is not None else "rampviewer"
    return name.removesuffix(".gz").removesuffix(".fits").removesuffix(".asdf")
