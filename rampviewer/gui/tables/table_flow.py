"""Saving a table: dialog, worker."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog

from rampviewer.gui.files.file_work import FileWork, stem_of
from rampviewer.model.exposure import Exposure
from rampviewer.model.tables.column_table import ColumnTable

KEY = "table_folder"
FILTERS = ("CSV (*.csv)", "ECSV, with units and notes (*.ecsv)")

Write = Callable[[ColumnTable, Path], None]


class TableFlow(QObject):
    """Writes tables on a worker that nothing cancels.

    Parameters
    ----------
    write : callable
        Writes a table to a path.
    files : FileWork

    Signals
    -------
    saving : Path
    saved : Path, str
        Which rows they are, "" if the table does not say so.
    failed : str
        One sentence.
    """

    saving = pyqtSignal(object)
    saved = pyqtSignal(object, str)
    failed = pyqtSignal(str)

    def __init__(self, write: Write, files: FileWork) -> None:
        super().__init__(files)
        self._write, self._files = write, files
        self._files.done.connect(lambda what: self.saved.emit(*what))
        self._files.failed.connect(
            lambda why: self.failed.emit(f"The table was not saved: {why}.")
        )

    def ask(self, table: ColumnTable, name: str, exposure: Exposure | None) -> None:
        """Let the user choose a file for a table, whose rows are called `name`."""
        if self._files.is_busy:
            self.failed.emit("A table is being saved; wait until it is done.")
            return
        dialog = self._files.ask_to_write(
            f"Save the {name}",
            FILTERS,
            f"{stem_of(exposure)}_{name}.csv",
            lambda path: self.save(table, path),
        )
        dialog.filterSelected.connect(partial(_take_suffix, dialog))

    def save(self, table: ColumnTable, path: Path) -> None:
        """Write a table; `saved` or `failed` follows."""
        write = self._write
        self.saving.emit(path)

        def work() -> tuple[Path, str]:
            write(table, path)
            return path, table.notes.get("rows", "")

        self._files.begin(path, work)


def _take_suffix(dialog: QFileDialog, chosen: str) -> None:
    """Give the name in a dialog the suffix of the kind of file that was chosen."""
    suffix = "ecsv" if "*.ecsv" in chosen else "csv"
    dialog.setDefaultSuffix(suffix)
    for name in dialog.selectedFiles()[:1]:
        dialog.selectFile(Path(name).with_suffix(f".{suffix}").name)
