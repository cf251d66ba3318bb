"""Bands of detector rows, worked on by a small pool of threads."""

import math
import os
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeVar

from rampviewer.model.errors import CancelledError

T = TypeVar("T")
ROWS_PER_BAND, LEAST_ROWS = 64, 32
LEAST_BANDS = 4
SHARES = 4  # of each thread in simple work
WORTH_THREADS = 2**21  # pixels; simple work on fewer takes less time than to share it out


class _Kept(threading.local):
    """The pools of a thread, by their size; None where it keeps none."""

    pools: dict[int, ThreadPoolExecutor] | None = None


_KEPT = _Kept()


@contextmanager
def kept_threads() -> Iterator[None]:
    """Let `over_bands`, wherever this thread calls it meanwhile, begin threads only once.

    To begin one while others are at work already takes longer than small work by itself.
    """
    if _KEPT.pools is not None:
        yield
        return
    pools = _KEPT.pools = {}
    try:
        yield
    finally:
        _KEPT.pools = None
        for pool in pools.values():
            pool.shutdown()


@contextmanager
def _pool_of(n_threads: int) -> Iterator[ThreadPoolExecutor]:
    kept = _KEPT.pools
    if kept is None:
        with ThreadPoolExecutor(n_threads) as pool:
            yield pool
        return
    if n_threads not in kept:
        kept[n_threads] = ThreadPoolExecutor(n_threads)
    yield kept[n_threads]


def cores(maximum_cores: str | int = "all") -> int:
    """Return the number of threads for an official `maximum_cores` value.

    Parameters
    ----------
    maximum_cores : "none", "quarter", "half", "all" or a whole number

    Raises
    ------
    ValueError
        For any other word, or a number below 1.
    """
    available = os.cpu_count() or 1
    shares = {
        "none": 1,
        "quarter": available // 4,
        "half": available // 2,
        "all": available,
    }
    word = str(maximum_cores).strip().lower()
    if word in shares:
        return max(1, shares[word])
    if word.isdecimal() and int(word) >= 1:
        return min(int(word), available)
    raise ValueError(
        "maximum_cores must be none, quarter, half, all or a whole number, "
        f"got {maximum_cores!r}"
    )


def bands(n_rows: int, rows_per_band: int | None = None) -> list[tuple[int, int]]:
    """Return (start, stop) of each band, in order.

    They are of 64 rows, or fewer where a small frame would leave threads without work.
    """
    if rows_per_band is None:
        fair_share = math.ceil(n_rows / LEAST_BANDS)
        rows_per_band = min(max(fair_share, LEAST_ROWS), ROWS_PER_BAND)
    return [(a, min(a + rows_per_band, n_rows)) for a in range(0, n_rows, rows_per_band)]


def over_bands(
    work: Callable[[int, int], T],
    tasks: list[tuple[int, int]],
    n_threads: int,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Generator[T, None, None]:
    """Yield what `work(start, stop)` returns for every band, as each is completed.

    `work` must release the interpreter lock to gain from more than one thread. Whoever
    wants no more of it closes the generator, which waits for the bands in progress.

    Raises
    ------
    CancelledError
        As soon as `is_cancelled()` is true; bands in progress are waited for.
    """
    if len(tasks) == 1 and not is_cancelled():  # not worth a thread
        yield work(*tasks[0])
        return
    with _pool_of(n_threads) as pool:
        yield from _done_by(pool, work, tasks, n_threads + 1, is_cancelled)


def _done_by(
    pool: ThreadPoolExecutor,
    work: Callable[[int, int], T],
    tasks: list[tuple[int, int]],
    most: int,
    is_cancelled: Callable[[], bool],
) -> Generator[T, None, None]:
    """Hand out at most so many bands at a time, and leave none behind."""
    waiting = iter(tasks)
    running: set[Future[T]] = set()
    done: SimpleQueue[Future[T]] = SimpleQueue()  # quicker to wait for than all futures
    try:
        while True:
            if is_cancelled():
                raise CancelledError
            while len(running) < most and (band := next(waiting, None)) is not None:
                future = pool.submit(work, *band)
                running.add(future)
                future.add_done_callback(done.put)
            if not running:
                return
            future = done.get()
            running.remove(future)
            yield future.result()
    finally:
        wait([future for future in running if not future.cancel()])


def do_in_bands(work: Callable[[int, int], None], n_rows: int, n_cols: int) -> None:
    """Let all cores do simple work on every band of a frame, if it is worth it."""
    is_worth = n_rows * n_cols >= WORTH_THREADS
    shares = math.ceil(n_rows / (SHARES * cores())) if is_worth else n_rows
    tasks = bands(n_rows, max(shares, 1))
    for _ in over_bands(work, tasks, cores()):
        pass
