"""Saving a table: dialog, worker."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from rampviewer.gui.call_job import CallJob
from rampviewer.gui.job_runner import Job, JobRunner
from rampviewer.model.column_table import ColumnTable
from rampviewer.model.exposure import Exposure

KEY = "table_folder"
FILTERS = "CSV (*.csv);;ECSV, with units and notes (*.ecsv)"

Write = Callable[[ColumnTable, Path], None]


class TableFlow(QObject):
    """Writes tables on a worker that nothing cancels.

    Parameters
    ----------
    write : callable
        Writes a table to a path.
    runner : JobRunner
        A lane of its own.

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

    def __init__(
        self, write: Write, runner: JobRunner, window: QWidget, settings: QSettings
    ) -> None:
        super().__init__(window)
        self._write, self._runner = write, runner
        self._window, self._settings = window, settings
        runner.step_done.connect(lambda _job, what: self.saved.emit(*what))
        runner.failed.connect(self._fail)

    def ask(self, table: ColumnTable, name: str, exposure: Exposure | None) -> None:
        """Let the user choose a file for a table, whose rows are called `name`."""
        if self._runner.is_busy:
            self.failed.emit("A table is being saved; wait until it is done.")
            return
        folder = str(self._settings.value(KEY, ""))
        dialog = QFileDialog(self._window, f"Save the {name}", folder, FILTERS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        opened = exposure.name if exposure is not None else "rampviewer"
        stem = opened.removesuffix(".gz").removesuffix(".fits")
        dialog.selectFile(f"{stem}_{name}.csv")
        dialog.filterSelected.connect(partial(_take_suffix, dialog))
        dialog.fileSelected.connect(lambda path: self.save(table, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, table: ColumnTable, path: Path) -> None:
        """Write a table; `saved` or `failed` follows."""
        write = self._write
        self._settings.setValue(KEY, str(path.parent))
        self.saving.emit(path)

        def work() -> tuple[Path, str]:
            write(table, path)
            return path, table.notes.get("rows", "")

        self._runner.request(CallJob(work))

    def _fail(self, _job: Job, error: Exception) -> None:
        self.failed.emit(f"The table was not saved: {error}.")
        if not isinstance(error, ValueError | OSError):
            raise error


def _take_suffix(dialog: QFileDialog, chosen: str) -> None:
    """Give the name in a dialog the suffix of the kind of file that was chosen."""
    suffix = "ecsv" if "*.ecsv" in chosen else "csv"
    dialog.setDefaultSuffix(suffix)
    for name in dialog.selectedFiles()[:1]:
        dialog.selectFile(Path(name).with_suffix(f".{suffix}").name)
