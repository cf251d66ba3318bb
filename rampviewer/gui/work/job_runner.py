"""Runs work off the GUI thread; the newest request of a lane wins."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Final, Protocol

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from rampviewer.model.errors import CancelledError
from rampviewer.model.kernels.compiling import is_compiling
from rampviewer.model.runs.bands import kept_threads

LOOK: Final = 0.05  # [s]; between two looks at a job that is cancelled


class Job(Protocol):
    """Work that yields what it has so far and looks in between whether to go on.

    It raises `CancelledError` when `is_cancelled`, and may do so when `is_outdated`, which
    means that a newer job waits.
    """

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[object]: ...


@dataclass(slots=True, eq=False)
class Ticket:
    """One request: what runs, and whether anybody still wants it."""

    job: Job
    cancelled: Event = field(default_factory=Event)


class JobRunner(QObject):
    """One lane of work: one job runs, the newest of those behind it waits.

    The worker goes on with that by itself, while the window is still busy with what the
    last one has yielded; signals come one job after the other all the same.

    Signals
    -------
    started : Job
    step_done : Job, object
        What the job that runs has yielded.
    finished : Job
        The job is complete.
    failed : Job, Exception
        The job raised.
    cancelled : Job
        The job was cancelled by `cancel`; nothing more of it arrives.
    """

    started = pyqtSignal(object)
    step_done = pyqtSignal(object, object)
    finished = pyqtSignal(object)
    failed = pyqtSignal(object, Exception)
    cancelled = pyqtSignal(object)
    _posted = pyqtSignal(object, object)
    _ended = pyqtSignal(object, object, object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._running: Ticket | None = None  # the one that was told of last
        self._turn = Lock()  # for the next two, which the worker changes as well
        self._waiting: Job | None = None
        self._ahead: list[Ticket] = []  # begun by the worker, not told of yet
        self._future: Future[None] | None = None
        self._posted.connect(self._deliver)  # queued whenever the worker emits it
        self._ended.connect(self._end)

    @property
    def is_busy(self) -> bool:
        return self._running is not None

    def request(self, job: Job) -> None:
        """Run `job` next, in place of one that waits; the one that runs goes on."""
        with self._turn:
            self._waiting = job
        self._start_next()

    def replace(self, job: Job) -> None:
        """Run `job` next and cancel the one that runs."""
        self.cancel()
        self.request(job)

    def cancel(self) -> None:
        """Cancel what runs and what waits; nothing more of it is delivered."""
        running = self._running
        if self.drop() and running is not None:
            self.cancelled.emit(running.job)

    def drop(self) -> bool:
        """Cancel without a word; return whether anything ran."""
        with self._turn:
            self._waiting = None
            for ticket in self._ahead:
                ticket.cancelled.set()
        if self._running is None or self._running.cancelled.is_set():
            return False
        self._running.cancelled.set()
        return True

    def close(self) -> None:
        """Cancel, then wait for the step in progress, unless the compiler has it.

        Nothing halts the compiler, which takes up to a minute: the thread ends after that.
        """
        self.cancel()
        self._executor.shutdown(wait=False, cancel_futures=True)
        future = self._future
        while future is not None and not future.done():
            if is_compiling():
                self.setParent(None)  # lives as long as the worker, which tells it the end
                return
            wait([future], LOOK)
        self._executor.shutdown(wait=True)

    def finish(self) -> None:
        """Wait for what runs; nothing that waits is begun."""
        with self._turn:
            self._waiting = None
        self._executor.shutdown(wait=True)

    def _has_waiting(self) -> bool:
        return self._waiting is not None

    def _take_next(self) -> Ticket | None:
        with self._turn:
            if self._waiting is None:
                return None
            ticket = Ticket(self._waiting)
            self._waiting = None
            self._ahead.append(ticket)
            return ticket

    def _start_next(self) -> None:
        if self._running is not None:
            return
        ticket = self._take_next()
        if ticket is not None:
            self._show_start(ticket)
            self._future = self._executor.submit(self._run, ticket)

    def _show_start(self, ticket: Ticket) -> None:
        self._running = ticket
        with self._turn:
            self._ahead.remove(ticket)
        if not ticket.cancelled.is_set():
            self.started.emit(ticket.job)

    def _run(self, ticket: Ticket) -> None:
        # Worker thread: uses its arguments, emits two signals, touches no widget.
        job: Ticket | None = ticket
        with kept_threads():
            while job is not None:
                job = self._do(job)

    def _do(self, ticket: Ticket) -> Ticket | None:
        """Run a job; return the next one, unless the window is to decide what that is."""
        failure: Exception | None = None
        try:
            for item in ticket.job.steps(ticket.cancelled.is_set, self._has_waiting):
                self._posted.emit(ticket, item)
        except Exception as error:  # noqa: BLE001 - reported through `failed`
            failure = error
        is_well = failure is None or isinstance(failure, CancelledError)
        goes_on = is_well and not ticket.cancelled.is_set()
        following = self._take_next() if goes_on else None
        self._ended.emit(ticket, failure, following)
        failure = None  # it knows this frame, which would keep all that the job has made
        return following

    @pyqtSlot(object, object)
    def _deliver(self, ticket: Ticket, item: object) -> None:
        if not ticket.cancelled.is_set():
            self.step_done.emit(ticket.job, item)

    @pyqtSlot(object, object, object)
    def _end(
        self, ticket: Ticket, error: Exception | None, following: Ticket | None
    ) -> None:
        self._running = following
        gave_way = ticket.cancelled.is_set() or isinstance(error, CancelledError)
        if error is None and not gave_way:
            self.finished.emit(ticket.job)
        elif not gave_way:
            self.failed.emit(ticket.job, error)
        if following is not None:
            self._show_start(following)
        self._start_next()
