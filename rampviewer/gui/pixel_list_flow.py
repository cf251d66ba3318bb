"""Loading and saving a list of pixels: dialogs, worker."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from rampviewer.gui.call_job import CallJob
from rampviewer.gui.job_runner import Job, JobRunner
from rampviewer.model.exposure import Exposure, Pixel

KEY = "pixel_list_folder"
FILTER = "Lists of pixels (*.csv *.txt *.ecsv);;All files (*)"

Read = Callable[[Path], tuple[Pixel, ...]]
Write = Callable[[Path, Sequence[Pixel]], None]


class PixelListFlow(QObject):
    """Reads and writes lists of pixels on a worker that nothing cancels.

    Parameters
    ----------
    read, write : callable
    runner : JobRunner
        A lane of its own.

    Signals
    -------
    loaded : Path, tuple of Pixel
    saved : Path
    failed : str
        One sentence.
    """

    loaded = pyqtSignal(object, object)
    saved = pyqtSignal(object)
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
        runner.step_done.connect(self._deliver)
        runner.failed.connect(self._fail)

    def ask_load(self) -> None:
        """Let the user choose a list; `loaded` or `failed` follows."""
        dialog = self._dialog("Load a list of pixels")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.load(Path(name)))
        dialog.open()

    def ask_save(self, pixels: Sequence[Pixel], exposure: Exposure | None) -> None:
        """Let the user choose where a list goes; `saved` or `failed` follows."""
        dialog = self._dialog("Save the pinned pixels")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        opened = exposure.name if exposure is not None else "rampviewer"
        stem = opened.removesuffix(".gz").removesuffix(".fits")
        dialog.selectFile(f"{stem}_pixels.csv")
        dialog.fileSelected.connect(lambda name: self.save(Path(name), pixels))
        dialog.open()

    def load(self, path: Path) -> None:
        """Read a list."""
        read = self._read
        self._start(path, lambda: ("loaded", path, read(path)))

    def save(self, path: Path, pixels: Sequence[Pixel]) -> None:
        """Write a list."""
        write = self._write

        def work() -> tuple[str, Path, None]:
            write(path, pixels)
            return "saved", path, None

        self._start(path, work)

    def _start(self, path: Path, work: Callable[[], object]) -> None:
        if self._runner.is_busy:
            self.failed.emit(
                "Another list is being read or written; wait until it is done."
            )
            return
        self._settings.setValue(KEY, str(path.parent))
        self._runner.request(CallJob(work))

    def _dialog(self, title: str) -> QFileDialog:
        folder = str(self._settings.value(KEY, ""))
        dialog = QFileDialog(self._window, title, folder, FILTER)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _deliver(self, _job: Job, done: tuple[str, Path, tuple[Pixel, ...] | None]) -> None:
        kind, path, pixels = done
        if kind == "loaded":
            self.loaded.emit(path, pixels)
        else:
            self.saved.emit(path)

    def _fail(self, _job: Job, error: Exception) -> None:
        self.failed.emit(f"{error}.".replace("..", "."))
        if not isinstance(error, ValueError | OSError):
            raise error
