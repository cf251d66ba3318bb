"""Loading and saving regions: dialogs, worker."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from rampviewer.gui.call_job import CallJob
from rampviewer.gui.job_runner import Job, JobRunner
from rampviewer.model.exposure import Exposure
from rampviewer.model.regions import RegionFile, Regions

KEY = "region_folder"
FILTER = "DS9 regions (*.reg)"

Read = Callable[[Path], RegionFile]
Write = Callable[[Regions, Path], None]


class RegionFlow(QObject):
    """Reads and writes region files on a worker that nothing cancels.

    Signals
    -------
    loaded : RegionFile
    working, told, failed : str
        One or more sentences.
    """

    loaded = pyqtSignal(object)
    working = pyqtSignal(str)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(
        self,
        read: Read,
        write: Write,
        runner: JobRunner,
        window: QWidget,
        settings: QSettings,
    ) -> None:
        super().__init__(window)
        self._read, self._write, self._runner = read, write, runner
        self._window, self._settings = window, settings
        self._verb = ""  # what failed
        runner.step_done.connect(self._take)
        runner.failed.connect(self._fail)

    def ask_load(self) -> None:
        """Let the user choose a file to take regions from."""
        dialog = self._dialog("Load regions", [FILTER, "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.load(Path(name)))
        dialog.open()

    def ask_save(self, regions: Regions, exposure: Exposure | None) -> None:
        """Let the user choose a file for regions."""
        if not regions.items:
            self.failed.emit("There is no region to save: draw one first.")
            return
        dialog = self._dialog("Save regions", [FILTER])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("reg")
        opened = exposure.name if exposure is not None else "rampviewer"
        dialog.selectFile(f"{opened.removesuffix('.gz').removesuffix('.fits')}.reg")
        dialog.fileSelected.connect(lambda name: self.save(regions, Path(name)))
        dialog.open()

    def load(self, path: Path) -> None:
        """Take regions from a file; `loaded` or `failed` follows."""
        read = self._read
        self._begin(path, f"Reading {path.name} ...", "loaded", lambda: (path, read(path)))

    def save(self, regions: Regions, path: Path) -> None:
        """Write regions; `told` or `failed` follows."""
        write = self._write

        def work() -> tuple[Path, None]:
            write(regions, path)
            return path, None

        self._begin(path, f"Saving {path.name} ...", "saved", work)

    def _dialog(self, title: str, filters: list[str]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, str(self._settings.value(KEY, "")))
        dialog.setNameFilters(filters)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _begin(self, path: Path, text: str, verb: str, work: Callable[[], object]) -> None:
        if self._runner.is_busy:
            self.failed.emit("A region file is in use; wait until that is done.")
            return
        self._settings.setValue(KEY, str(path.parent))
        self._verb = verb
        self.working.emit(text)
        self._runner.request(CallJob(work))

    def _take(self, _job: Job, done: tuple[Path, RegionFile | None]) -> None:
        path, found = done
        if found is None:
            self.told.emit(f"Saved {path}.")
            return
        n = len(found.items)
        number = f"{n} region{'' if n == 1 else 's'}"
        self.loaded.emit(found)
        self.told.emit(" ".join([f"Loaded {number} from {path.name}.", *found.notes]))

    def _fail(self, _job: Job, error: Exception) -> None:
        self.failed.emit(f"The regions were not {self._verb}: {error}.")
        if not isinstance(error, ValueError | OSError):
            raise error
