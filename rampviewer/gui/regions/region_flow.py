"""Loading and saving regions: dialogs, worker."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.files.file_work import FileWork, stem_of
from rampviewer.model.exposure import Exposure
from rampviewer.model.regions.region import RegionFile, Regions

KEY = "region_folder"
FILTER = "DS9 regions (*.reg)"

Read = Callable[[Path], RegionFile]
Write = Callable[[Regions, Path], None]


class RegionFlow(QObject):
    """Reads and writes region files on a worker that nothing cancels.

    Parameters
    ----------
    read, write : callable
    files : FileWork

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

    def __init__(self, read: Read, write: Write, files: FileWork) -> None:
        super().__init__(files)
        self._read, self._write, self._files = read, write, files
        self._verb = ""  # what failed
        self._files.done.connect(self._take)
        self._files.failed.connect(
            lambda why: self.failed.emit(f"The regions were not {self._verb}: {why}.")
        )

    def ask_load(self) -> None:
        """Let the user choose a file to take regions from."""
        self._files.ask_to_read("Load regions", [FILTER, "All files (*)"], self.load)

    def ask_save(self, regions: Regions, exposure: Exposure | None) -> None:
        """Let the user choose a file for regions."""
        if not regions.items:
            self.failed.emit("There is no region to save: draw one first.")
            return
        name = f"{stem_of(exposure)}.reg"
        self._files.ask_to_write(
            "Save regions", [FILTER], name, lambda path: self.save(regions, path)
        )

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

    def _begin(self, path: Path, text: str, verb: str, work: Callable[[], object]) -> None:
        if self._files.is_busy:
            self.failed.emit("A region file is in use; wait until that is done.")
            return
        self._verb = verb
        self.working.emit(text)
        self._files.begin(path, work)

    def _take(self, done: tuple[Path, RegionFile | None]) -> None:
        path, found = done
        if found is None:
            self.told.emit(f"Saved {path}.")
            return
        n = len(found.items)
        number = f"{n} region{'' if n == 1 else 's'}"
        self.loaded.emit(found)
        self.told.emit(" ".join([f"Loaded {number} from {path.name}.", *found.notes]))
