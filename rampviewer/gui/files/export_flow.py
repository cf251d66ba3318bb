"""Exporting the run on screen: dialog, question, worker."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal
from PyQt6.QtWidgets import QMessageBox, QWidget

from rampviewer.gui.files.export_dialog import ExportDialog
from rampviewer.gui.shell.sentences import exported_sentence
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.gui.work.reporter import Advance, Reporter
from rampviewer.model.runs.likely_fitting import optional_product
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe, Run

KEY = "export_folders"
MOST_FOLDERS = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExportOrder:
    """What is exported, fixed when the user asks for it, and where to.

    `run` is the complete run of `recipe`, None when it has to be made first.
    """

    prepared: Prepared
    recipe: Recipe
    run: Run | None
    folder: Path
    products: tuple[str, ...]
    overwrite: bool


Write = Callable[[ExportOrder, Advance], Sequence[Path]]
PathOf = Callable[[Prepared, Path, str], Path]


class ExportFlow(QObject):
    """Writes products on a worker that no slider cancels.

    Parameters
    ----------
    write : callable
        Writes an `ExportOrder` and returns the paths; takes (bytes written, bytes) that may
        cancel it.
    path_of : callable
        Gives the path of a product of an exposure in a folder; raises ValueError where that
        must not be written.
    runner : JobRunner
        A lane of its own.

    Signals
    -------
    exporting
    progressed : str
        How far long writing has come.
    exported : tuple of Path
    told : str
        What was exported, in one sentence.
    failed : str
        One sentence.
    """

    exporting = pyqtSignal()
    progressed = pyqtSignal(str)
    exported = pyqtSignal(object)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(
        self,
        write: Write,
        path_of: PathOf,
        runner: JobRunner,
        window: QWidget,
        settings: QSettings,
    ) -> None:
        super().__init__(window)
        self._write, self._path_of = write, path_of
        self._runner, self._window, self._settings = runner, window, settings
        self._order: ExportOrder | None = None  # the last one that was begun
        self.dialog: ExportDialog | None = None
        self.question: QMessageBox | None = None
        self._reporter = Reporter(self)
        self._reporter.told.connect(self.progressed)
        runner.step_done.connect(self._deliver)
        runner.failed.connect(self._fail)

    def ask(self, prepared: Prepared | None, recipe: Recipe, run: Run | None) -> None:
        """Let the user choose folder and products for what is on screen now."""
        if prepared is None:
            self.failed.emit("Open an exposure first: there is nothing to export.")
            return
        if self._runner.is_busy:
            self.failed.emit("An export is being written; wait until it is done.")
            return
        path = prepared.exposure.path
        folder = path.parent if path else Path.cwd()
        folder = self._folders().get(str(path), folder)
        name = f"{recipe.title} of {prepared.exposure.name}"
        timing, n_groups = prepared.exposure.timing, prepared.exposure.n_groups
        optional = optional_product(n_groups, timing, recipe.fit)
        dialog = ExportDialog(
            lambda where, product: self._path_of(prepared, where, product),
            folder,
            name,
            ("jump", "rate", "rateints", optional),
            self._window,
        )
        self.dialog = dialog
        dialog.export_clicked.connect(lambda: self._confirm(dialog, prepared, recipe, run))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, order: ExportOrder) -> None:
        """Write `order`; `exported` or `failed` follows."""
        self._remember(order)
        self._order, write = order, self._write
        self.exporting.emit()
        job = self._reporter.job("Exporting", lambda _, advance: write(order, advance))
        self._runner.request(job)

    def cancel(self) -> bool:
        """Write no further; return whether anything was being written."""
        self._reporter.forget()
        return self._runner.drop()

    def _confirm(
        self, dialog: ExportDialog, prepared: Prepared, recipe: Recipe, run: Run | None
    ) -> None:
        existing = dialog.existing()
        order = ExportOrder(
            prepared=prepared,
            recipe=recipe,
            run=run,
            folder=dialog.folder(),
            products=tuple(dialog.chosen()),
            overwrite=bool(existing),
        )
        if not existing:
            dialog.accept()
            self.start(order)
            return
        names = "\n".join(path.name for path in existing)
        question = QMessageBox(
            QMessageBox.Icon.Question,
            "Replace files?",
            f"These files exist in {order.folder} and would be replaced:\n\n{names}",
            parent=dialog,
        )
        replace = question.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.finished.connect(question.deleteLater)
        if replace is not None:
            replace.clicked.connect(dialog.accept)
            replace.clicked.connect(lambda: self.start(order))
        self.question = question
        question.open()

    def _folders(self) -> dict[str, Path]:
        """Return where the exposures exported last went to, by their paths."""
        stored = json.loads(str(self._settings.value(KEY, "{}")))
        return {path: Path(folder) for path, folder in stored.items()}

    def _remember(self, order: ExportOrder) -> None:
        folders, path = self._folders(), str(order.prepared.exposure.path)
        folders.pop(path, None)  # the newest one stands last
        folders[path] = order.folder
        newest = {key: str(folders[key]) for key in list(folders)[-MOST_FOLDERS:]}
        self._settings.setValue(KEY, json.dumps(newest))

    def _deliver(self, _job: Job, paths: Sequence[Path]) -> None:
        self._reporter.forget()
        n_wanted = len(self._order.products) if self._order is not None else 0
        if paths:
            self.told.emit(exported_sentence(paths, n_wanted))
        else:
            self.failed.emit("Nothing was exported: no rate could be fitted.")
        self.exported.emit(tuple(paths))

    def _fail(self, _job: Job, error: Exception) -> None:
        self._reporter.forget()
        self.failed.emit(f"Nothing was exported: {error}")
        if not isinstance(error, ValueError | OSError):
            raise error
