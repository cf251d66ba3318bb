"""The table of jumps, kept up with the run on screen."""

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from rampviewer.gui.job_runner import Job, JobRunner
from rampviewer.model.column_table import ColumnTable
from rampviewer.model.jump_table import JumpTableJob
from rampviewer.model.prepared import Prepared
from rampviewer.model.run import Run

REST_MS = 250  # without news before the jumps are listed: not during a drag
MOST_ROWS = 5_000_000  # a longer list helps nobody, and takes long to sort

Source = Callable[[], tuple[Prepared, Run] | None]


class JumpListing(QObject):
    """Has the table made when it is wanted and its run is complete and at rest.

    Parameters
    ----------
    source : callable
        Gives the exposure and the complete run of what is set, None while that is being
        made. Its planes may change later on: what is needed of them is copied.
    runner : JobRunner
        A lane of its own.

    Signals
    -------
    outdated : nothing
        The table is not that of what is set; `table_changed` or `refused` follows.
    work_begun : nothing
        It is being made.
    table_changed : ColumnTable, Run
        It is that of the complete run on screen.
    refused : int
        There are too many flags to list, so many.
    """

    outdated = pyqtSignal()
    work_begun = pyqtSignal()
    table_changed = pyqtSignal(object, object)
    refused = pyqtSignal(int)

    def __init__(
        self, source: Source, runner: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._source, self._runner = source, runner
        self._listed: tuple[Run, ColumnTable] | None = None
        self._job: JumpTableJob | None = None
        self._run: Run | None = None  # of the job
        self._is_current = self._is_wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._begin)
        runner.step_done.connect(self._take)
        runner.failed.connect(self._fail)

    @property
    def table(self) -> ColumnTable | None:
        """The table of what is set, None while there is none."""
        return self._listed[1] if self._listed and self._is_current else None

    def set_wanted(self, is_wanted: bool) -> None:
        """Make the table, and keep it up, or only once somebody wants it."""
        self._is_wanted = is_wanted
        if is_wanted and not self._is_current and not self._timer.isActive():
            self._begin()

    def forget(self) -> None:
        """Drop the table: another exposure is open."""
        self._listed = None
        self.renew()

    def renew(self) -> None:
        """Make the table anew: the run on screen may be another one, or none."""
        if self._is_current:
            self._is_current = False
            self.outdated.emit()
        self._runner.drop()
        self._job = None
        self._timer.start()

    def stop(self) -> None:
        """Make no more tables: the window closes."""
        self._timer.stop()
        self._is_wanted = False

    def _begin(self) -> None:
        is_needed = self._is_wanted and self._job is None
        source = self._source() if is_needed else None
        if source is None:
            return
        prepared, run = source
        n_flags = int(run.n_jumps.sum())
        if self._listed is not None and self._listed[0] is run:
            self._tell(*self._listed)
        elif n_flags > MOST_ROWS:
            self.refused.emit(n_flags)
        else:
            kept = replace(run, jump_bits=run.jump_bits.copy())
            self._job, self._run = JumpTableJob(prepared, kept), run
            self.work_begun.emit()
            self._runner.request(self._job)

    def _take(self, job: Job, table: ColumnTable) -> None:
        if job is self._job and self._run is not None:
            self._listed, self._job = (self._run, table), None
            self._tell(*self._listed)

    def _tell(self, run: Run, table: ColumnTable) -> None:
        self._is_current = True
        self.table_changed.emit(table, run)

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook
