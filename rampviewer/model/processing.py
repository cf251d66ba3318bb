"""Both steps over a whole exposure: bands of rows, jumps and fit in one go."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rampviewer.model.bands import bands, cores, over_bands
from rampviewer.model.errors import CancelledError
from rampviewer.model.passes import FlagSource, Pass
from rampviewer.model.prepared import Prepared
from rampviewer.model.run import Recipe, Run

WORTH_FINISHING = 0.25  # a pass that needs less than this [s] is not given up
REPORT_INTERVAL = 0.03  # between two tiles [s]: no screen shows more of them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tile:
    """Some rows of `run` are complete, and those of earlier tiles; others may not be."""

    run: Run
    bands: tuple[tuple[int, int], ...]  # rows [start, stop)
    n_done: int  # rows complete so far, of n_rows
    n_rows: int


@dataclass(frozen=True, slots=True, eq=False)
class ProcessJob:
    """One pass: yields a `Tile` now and then, and at last the complete `Run`.

    Parameters
    ----------
    prepared : Prepared
    recipe : Recipe
    number : int
        Number of the run.
    first_rows : (int, int)
        Rows [start, stop) that are wanted first.
    n_threads : int, optional
        All cores by default.
    """

    prepared: Prepared
    recipe: Recipe
    number: int = 1
    first_rows: tuple[int, int] = (0, 0)
    n_threads: int | None = None

    def steps(
        self,
        is_cancelled: Callable[[], bool] = lambda: False,
        is_outdated: Callable[[], bool] = lambda: False,
    ) -> Iterator[Tile | Run]:
        """Process the exposure.

        Raises
        ------
        CancelledError
            When `is_cancelled` or, with much left to do, `is_outdated`.
        """
        exposure, threads = self.prepared.exposure, self.n_threads or cores()
        tasks = self._in_order(bands(exposure.n_rows))
        flags = self._flags(tasks, threads, is_cancelled)
        work = Pass.of(self.prepared, self.recipe, self.number, flags)
        started = reported = time.perf_counter()
        n_done, ready = 0, []
        for start, stop in over_bands(work.do_rows, tasks, threads, is_cancelled):
            ready.append((start, stop))
            n_done += stop - start
            now = time.perf_counter()
            if n_done < exposure.n_rows and now - reported < REPORT_INTERVAL:
                continue
            yield Tile(
                run=work.run, bands=tuple(ready), n_done=n_done, n_rows=exposure.n_rows
            )
            reported, ready = now, []
            left = (now - started) * (exposure.n_rows / n_done - 1)
            if left > WORTH_FINISHING and is_outdated():
                raise CancelledError
        yield work.finished()

    def _flags(
        self, tasks: list[tuple[int, int]], threads: int, is_cancelled: Callable[[], bool]
    ) -> FlagSource:
        """Return where the flags come from; complete where a frame decides as a whole."""
        source, jump = FlagSource.of(self.prepared, self.recipe), self.recipe.jump
        if source.settings is None:
            return source
        wants_large = jump.expand_large_events or jump.find_showers
        # Trimming of MIRI groups depends on all flags, too.
        if not wants_large and self.prepared.exposure.instrument != "MIRI":
            return source
        blocks = over_bands(source.rows, tasks, threads, is_cancelled)
        complete = source.completed(blocks)
        if not wants_large:
            return complete
        return complete.with_large_events(
            self.recipe, searched=source.is_searched, is_cancelled=is_cancelled
        )

    def _in_order(self, tasks: list[tuple[int, int]]) -> list[tuple[int, int]]:
        first, last = self.first_rows
        return sorted(tasks, key=lambda band: not (band[1] > first and band[0] < last))


def process_exposure(
    prepared: Prepared,
    recipe: Recipe,
    *,
    n_threads: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Run:
    """Return the complete run of `recipe`; `progress` gets (rows done, rows)."""
    for item in ProcessJob(prepared, recipe, n_threads=n_threads).steps():
        if isinstance(item, Run):
            return item
        progress(item.n_done, item.n_rows)
    raise AssertionError("a pass ends with its run")
