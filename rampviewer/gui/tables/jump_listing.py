"""The table of jumps, kept up with the run on screen."""

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.state.rest_work import RestWork
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.jump_table import JumpTableJob

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
        self.work = work = RestWork(source, self._job_of, runner, self)
        self.set_wanted, self.forget = work.set_wanted, work.forget
        self.renew, self.stop = work.renew, work.stop
        work.outdated.connect(self.outdated)
        work.work_begun.connect(self.work_begun)
        work.made.connect(lambda table, of: self.table_changed.emit(table, of[1]))

    @property
    def table(self) -> ColumnTable | None:
        """The table of what is set, None while there is none."""
        table = self.work.result
        return table if isinstance(table, ColumnTable) else None

    def _job_of(self, prepared: Prepared, run: Run) -> JumpTableJob | None:
        n_flags = int(run.n_jumps.sum())
        if n_flags > MOST_ROWS:
            self.refused.emit(n_flags)
            return None
        kept = replace(run, jump_bits=run.jump_bits.copy())
        return JumpTableJob(prepared, kept)
