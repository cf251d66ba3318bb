"""Several exposures at a time, each job in a process of its own.

A process that dies, for lack of memory for instance, costs its exposure and no other.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

from rampviewer.batch.order import Order, Outcome
from rampviewer.batch.work import process_file

LEAST_PAUSE: Final = 0.1  # between two messages on progress [s]
PATIENCE: Final = 20.0  # for a process to put away what it was writing [s]


class Audience(Protocol):
    """What hears of the progress of several exposures; `seat` is the number of the job."""

    def begin(self, seat: int, path: Path) -> None:
        """Hear that the work on an exposure begins."""
        ...

    def advance(self, seat: int, part: str, done: int, total: int) -> None:
        """Hear how far a part of it is."""
        ...

    def note(self, seat: int, text: str) -> None:
        """Hear a sentence that cannot wait."""
        ...

    def end(self, seat: int) -> None:
        """Hear that the work on it ended."""
        ...


@dataclass(slots=True)
class _Seat:
    """One process, and the exposure that it works on."""

    number: int
    process: BaseProcess
    connection: Connection
    path: Path | None = None


def process_side_by_side(
    paths: Sequence[Path], order: Order, n_jobs: int, audience: Audience
) -> Iterator[Outcome]:
    """Give the outcome of each exposure as it ends.

    Parameters
    ----------
    paths : sequence of Path
    order : Order
        Threads and memory are what all jobs share.
    n_jobs : int
    audience : Audience
    """
    waiting = deque(paths)
    n_jobs = min(n_jobs, len(paths))
    share = order.shared_by(n_jobs, os.cpu_count() or 1)
    seats = [_start(number, share) for number in range(n_jobs)]
    try:
        for number in range(n_jobs):
            seats[number] = _given(seats[number], waiting, audience, share)
        while any(seat.path is not None for seat in seats):
            for index in _speaking(seats):
                seat = seats[index]
                outcome = _heard(seat, audience)
                if outcome is None:
                    continue
                audience.end(seat.number)
                seats[index] = _given(seat, waiting, audience, share)
                yield outcome
    finally:
        _end(seats)


def _start(number: int, order: Order) -> _Seat:
    context = multiprocessing.get_context("spawn")  # threads do not survive a fork
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, order), daemon=True)
    process.start()
    theirs.close()
    return _Seat(number, process, ours)


def _given(seat: _Seat, waiting: deque[Path], audience: Audience, order: Order) -> _Seat:
    """Return a seat that was given the next exposure, anew where its process is dead."""
    seat.path = None
    if not waiting:
        return seat
    if not seat.process.is_alive():
        seat = _anew(seat, order)
    seat.path = waiting.popleft()
    audience.begin(seat.number, seat.path)
    try:
        seat.connection.send(seat.path)
    except OSError:  # it died in this moment, with nothing to do
        seat = _anew(seat, order)
        with suppress(OSError):  # that no process can live is heard of as its death
            seat.connection.send(seat.path)
    return seat


def _anew(seat: _Seat, order: Order) -> _Seat:
    seat.connection.close()
    return replace(_start(seat.number, order), path=seat.path)


def _speaking(seats: list[_Seat]) -> list[int]:
    """Return which seats have something to say, once one has."""
    at_work = {seat.connection: i for i, seat in enumerate(seats) if seat.path is not None}
    return [
        at_work[found] for found in wait(list(at_work)) if isinstance(found, Connection)
    ]


def _heard(seat: _Seat, audience: Audience) -> Outcome | None:
    """Pass on what a process says; return the outcome when there is one."""
    assert seat.path is not None
    try:
        message = seat.connection.recv()
    except (EOFError, ConnectionResetError):
        seat.process.join()
        return Outcome(
            path=seat.path, state="failed", reason=_death(seat.path, seat.process.exitcode)
        )
    if isinstance(message, Outcome):
        return message
    kind, *words = message
    if kind == "note":
        audience.note(seat.number, *words)
    else:
        audience.advance(seat.number, *words)
    return None


def _death(path: Path, code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        hint = "; was there enough memory?" if name == "SIGKILL" else ""
        return f"{path}: its process was ended by {name}{hint}"
    return f"{path}: its process ended with code {code}"


def _end(seats: list[_Seat]) -> None:
    """Let idle processes leave, and stop those at work."""
    for seat in seats:
        seat.connection.close()
        if seat.path is not None:
            seat.process.terminate()
    for seat in seats:
        seat.process.join(PATIENCE)
        if seat.process.is_alive():
            seat.process.kill()
            seat.process.join()


def _work(connection: Connection, order: Order) -> None:
    """Process what comes through the connection until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides
    signal.signal(signal.SIGTERM, _leave)
    while True:
        try:
            path = connection.recv()
        except EOFError:
            return
        connection.send(process_file(path, order, _Speaker(connection)))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)  # what was being written is put away on the way out


class _Speaker:
    """Tells the first process how far the work is."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._last = connection, 0.0

    def part(self, name: str) -> Callable[[int, int], None]:
        self._connection.send(("advance", name, 0, 1))

        def advance(done: int, total: int) -> None:
            now = time.monotonic()
            if now - self._last > LEAST_PAUSE or done == total:
                self._last = now
                self._connection.send(("advance", name, done, total))

        return advance

    def note(self, text: str) -> None:
        self._connection.send(("note", text))
