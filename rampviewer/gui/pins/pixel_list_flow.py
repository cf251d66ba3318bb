"""Loading and saving a list of pixels: dialogs, worker."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.files.file_work import FileWork, stem_of
from rampviewer.model.exposure import Exposure, Pixel

KEY = "pixel_list_folder"
FILTERS = ("Lists of pixels (*.csv *.txt *.ecsv)", "All files (*)")

Read = Callable[[Path], tuple[Pixel, ...]]
Write = Callable[[Path, Sequence[Pixel]], None]


class PixelListFlow(QObject):
    """Reads and writes lists of pixels on a worker that nothing cancels.

    Parameters
    ----------
    read, write : callable
    files : FileWork

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

    def __init__(self, read: Read, write: Write, files: FileWork) -> None:
        super().__init__(files)
        self._read, self._write, self._files = read, write, files
        self._files.done.connect(self._deliver)
        self._files.failed.connect(lambda why: self.failed.emit(f"{why}."))

    def ask_load(self) -> None:
        """Let the user choose a list; `loaded` or `failed` follows."""
        self._files.ask_to_read("Load a list of pixels", FILTERS, self.load)

    def ask_save(self, pixels: Sequence[Pixel], exposure: Exposure | None) -> None:
        """Let the user choose where a list goes; `saved` or `failed` follows."""
        name = f"{stem_of(exposure)}_pixels.csv"
        self._files.ask_to_write(
            "Save the pinned pixels", FILTERS, name, lambda path: self.save(path, pixels)
        )

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
        if self._files.is_busy:
            self.failed.emit(
                "Another list is being read or written; wait until it is done."
            )
            return
        self._files.begin(path, work)

    def _deliver(self, done: tuple[str, Path, tuple[Pixel, ...] | None]) -> None:
        kind, path, pixels = done
        if kind == "loaded":
            self.loaded.emit(path, pixels)
        else:
            self.saved.emit(path)
