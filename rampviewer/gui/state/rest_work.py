"""Something made of what is on screen, once that is complete and at rest."""

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from rampviewer.gui.work.job_runner import Job, JobRunner

REST_MS = 250  # without news before anything is made: not during a drag

Subject = tuple[Any, ...]  # told apart by what is in it, not by values


class RestWork(QObject):
    """Has a job done when it is wanted and its subject is complete and at rest.

    Parameters
    ----------
    subject : callable
        Gives what the job is about, None while that is being made.
    job_of : callable
        Gives the job for a subject, None to leave it; what it yields is the result.
    runner : JobRunner
        A lane of its own.

    Signals
    -------
    outdated : nothing
        The result is not that of what is set; another one follows, or none.
    work_begun : nothing
        It is being made.
    made : object, tuple
        The result and its subject, which is that of now.
    """

    outdated = pyqtSignal()
    work_begun = pyqtSignal()
    made = pyqtSignal(object, object)

    def __init__(
        self,
        subject: Callable[[], Subject | None],
        job_of: Callable[..., Job | None],
        runner: JobRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._subject, self._job_of, self._runner = subject, job_of, runner
        self._last: tuple[Subject, object] | None = None
        self._job: Job | None = None
        self._of: Subject = ()  # what the job is about
        self._is_current = self._is_wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._begin)
        runner.step_done.connect(self._take)
        runner.failed.connect(self._fail)

    @property
    def result(self) -> object | None:
        """What was made of what is set, None while there is nothing."""
        return self._last[1] if self._last and self._is_current else None

    def is_of(self, *subject: object) -> bool:
        """Return whether there is a result, and of this subject."""
        last = self._last
        return last is not None and self._is_current and _is_same(last[0], subject)

    def set_wanted(self, is_wanted: bool) -> None:
        """Make it, and keep it up, or only once somebody wants it."""
        self._is_wanted = is_wanted
        if is_wanted and not self._is_current and not self._timer.isActive():
            self._begin()

    def forget(self) -> None:
        """Drop the result: another exposure is open."""
        self._last = None
        self.renew()

    def renew(self) -> None:
        """Make it anew: what is on screen may be something else, or nothing."""
        if self._is_current:
            self._is_current = False
            self.outdated.emit()
        self._runner.drop()
        self._job = None
        self._timer.start()

    def stop(self) -> None:
        """Make nothing more: the window closes."""
        self._timer.stop()
        self._is_wanted = False

    def _begin(self) -> None:
        is_needed = self._is_wanted and self._job is None and not self._is_current
        subject = self._subject() if is_needed else None
        if subject is None:
            return
        if self._last is not None and _is_same(self._last[0], subject):
            self._tell()
            return
        job = self._job_of(*subject)
        if job is not None:
            self._job, self._of = job, subject
            self.work_begun.emit()
            self._runner.request(job)

    def _take(self, job: Job, result: object) -> None:
        if job is self._job:
            self._last, self._job = (self._of, result), None
            self._tell()

    def _tell(self) -> None:
        assert self._last is not None
        subject, result = self._last
        self._is_current = True
        self.made.emit(result, subject)

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook


def _is_same(a: Subject, b: Subject) -> bool:
    return len(a) == len(b) and all(one is other for one, other in zip(a, b, strict=True))
