"""What is shown of the selected region, kept up with everything it depends on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.gui.work.throttle import Throttle
from rampviewer.model.regions.region_summary import RegionJob

LIVE_SAMPLES = 600_000  # groups of pixels that take a few 10 ms: they follow a drag
LIVE_MS = 40  # from one to the next
REST_MS = 200  # without news before a larger region is worked on

Source = Callable[[], RegionJob | None]


@dataclass(frozen=True, slots=True, eq=False)
class SettledJob:
    """Yields the summary of a region once what it is made of has all its values."""

    job: RegionJob
    settle: Callable[[], None]

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[object]:
        self.settle()
        yield from self.job.steps(is_cancelled, is_outdated)


class RegionFollower(QObject):
    """Has summaries made on a worker: of small regions at once, of large ones at rest.

    Parameters
    ----------
    source : callable
        Gives the work for what is on screen, None without a region.
    runner : JobRunner
        A lane of its own.
    settle : callable
        Waits, on the worker, until what there is to summarise has all its values.

    Signals
    -------
    outdated : nothing
        What is shown is of something else; `summary_changed` follows, in a while.
    summary_changed : RegionSummary
    """

    outdated = pyqtSignal()
    summary_changed = pyqtSignal(object)

    def __init__(
        self,
        source: Source,
        runner: JobRunner,
        settle: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._runner, self._settle = source, runner, settle
        self._job: SettledJob | None = None
        self._is_wanted = self._is_current = False
        self._is_older = False  # the job than what is on screen
        self._live = Throttle(LIVE_MS, self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._live.due.connect(self._begin)
        self._rest.timeout.connect(self._begin)
        runner.step_done.connect(self._take)
        runner.failed.connect(self._fail)

    def set_wanted(self, is_wanted: bool) -> None:
        """Make summaries, or only once somebody wants them."""
        self._is_wanted = is_wanted
        if is_wanted and not self._is_current:
            self.renew()

    def renew(self) -> None:
        """Make a summary anew: something that it depends on changed."""
        self._is_current, self._is_older = False, True
        job = self._source() if self._is_wanted else None
        if job is not None and job.n_samples <= LIVE_SAMPLES:
            self._rest.stop()
            self._live.request()
            return
        self._drop()
        if job is not None:
            self.outdated.emit()
            self._rest.start()

    def stop(self) -> None:
        """Make no more: the window closes."""
        self._is_wanted = False
        self._rest.stop()

    def _drop(self) -> None:
        self._runner.drop()
        self._job = None

    def _begin(self) -> None:
        self._drop()
        self._is_older = False
        job = self._source() if self._is_wanted else None
        if job is not None:
            self._job = SettledJob(job, self._settle)
            self._runner.request(self._job)

    def _take(self, job: Job, summary: object) -> None:
        if job is self._job:  # else nobody wants it any more
            self._job, self._is_current = None, not self._is_older
            self.summary_changed.emit(summary)

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook
