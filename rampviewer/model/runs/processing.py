"""Both steps over a whole exposure: bands of rows, jumps and fit in one go."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.fit.settings import FitSettings
from rampviewer.model.errors import CancelledError
from rampviewer.model.runs.bands import bands, cores
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.passes import FlagSource, Pass, shares_planes
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe, Run

WORTH_FINISHING = 0.25  # a pass with less than this to go [s] is finished, if it may be
SLOW_ROWS = 16  # of a band whose fit takes long
SHORT_BAND, SLOW_SHARE = 450_000, 8  # samples of a band that nobody waits for
LEAST_ROWS = 8  # of one: rows beside it are looked at as well
REPORT_INTERVAL = 0.03  # between two tiles [s]: no screen shows more of them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tile:
    """Some rows of `run` are complete, and those of earlier tiles; others may not be."""

    run: Run
    bands: tuple[tuple[int, int], ...]  # rows [start, stop)
    n_done: int  # rows complete so far, of n_rows
    n_rows: int


@dataclass(slots=True, eq=False)
class PassTrace:
    """What a pass leaves behind for those who go on from it.

    `spread` is filled by the pass, see `detect_rows`, where it searches for jumps with
    neighbours; `fit_settings` are those of its fit.
    """

    spread: NDArray[np.uint32]  # (n_rows, n_cols, n_words)
    fit_settings: FitSettings | None = None


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
    trace : PassTrace, optional
        Filled.
    search_large : bool
        Whether to search for the large events that the recipe asks for.
    large : LargeLayer, optional
        Put onto the flags as it is, where they are not searched for.
    gives_way : bool
        Whether to give way to a newer job at once, however little is left to do.
    begin_at : int
        Of the rows that are wanted first, those from here on come before the others.
    """

    prepared: Prepared
    recipe: Recipe
    number: int = 1
    first_rows: tuple[int, int] = (0, 0)
    n_threads: int | None = None
    trace: PassTrace | None = None
    search_large: bool = True
    large: LargeLayer | None = None
    gives_way: bool = False
    begin_at: int = 0

    def steps(
        self,
        is_cancelled: Callable[[], bool] = lambda: False,
        is_outdated: Callable[[], bool] = lambda: False,
    ) -> Iterator[Tile | Run]:
        """Process the exposure.

        Raises
        ------
        CancelledError
            When `is_cancelled` or, with much left to do or if it `gives_way`,
            `is_outdated`. What rows are complete by then were yielded.
        """
        threads = self.n_threads or cores()
        tasks = self._in_order(self._bands(threads))

        def is_unwanted() -> bool:
            return is_cancelled() or (self.gives_way and is_outdated())

        flags = self._flags(tasks, threads, is_unwanted)
        fitting = flags.fit_settings(self.recipe.fit)
        shared = shares_planes(self.prepared)
        work = Pass.of(
            self.recipe,
            self.number,
            flags,
            fitting,
            pixeldq=self.prepared.pixeldq,
            shared=shared,
            keeps_jumps=self.prepared.has_delivered_jumps,
        )
        yield from self._tiles(work, tasks, is_cancelled, is_outdated)
        if self.trace is not None:
            self.trace.fit_settings = fitting
        yield work.finished()

    def _tiles(
        self,
        work: Pass,
        tasks: list[tuple[int, int]],
        is_cancelled: Callable[[], bool],
        is_outdated: Callable[[], bool],
    ) -> Iterator[Tile]:
        """Do all rows; tell of them now and then, and of the last before giving way."""
        exposure, threads = self.prepared.exposure, self.n_threads or cores()
        started = reported = time.perf_counter()
        n_done, n_rows, ready = 0, exposure.n_rows, []
        parts = exposure.over_bands(
            work.do_rows, threads, is_cancelled, tasks=tasks, made=work.made
        )
        with closing(parts):  # which waits for the bands in progress
            for start, stop in parts:
                ready.append((start, stop))
                n_done += stop - start
                now = time.perf_counter()
                is_over = is_outdated() and self._is_given_up(now - started, n_done)
                if n_done < n_rows and now - reported < REPORT_INTERVAL and not is_over:
                    continue
                yield Tile(run=work.run, bands=tuple(ready), n_done=n_done, n_rows=n_rows)
                if is_over:
                    raise CancelledError
                reported, ready = now, []

    def _is_given_up(self, spent: float, n_done: int) -> bool:
        """Return whether to give way after a time [s] in which some rows were completed."""
        n_left = self.prepared.exposure.n_rows - n_done
        if self.gives_way or n_left == 0:
            return n_left > 0
        # The first rows take longest: what they let expect would end every pass.
        return spent > REPORT_INTERVAL and spent * n_left / n_done > WORTH_FINISHING

    def _flags(
        self, tasks: list[tuple[int, int]], threads: int, is_cancelled: Callable[[], bool]
    ) -> FlagSource:
        """Return where the flags come from; complete where a frame decides as a whole."""
        source = FlagSource.of(self.prepared, self.recipe)
        if source.settings is None:
            return source
        if self.trace is not None:
            source = replace(source, spread=self.trace.spread)
        is_wanted = self.search_large and self.recipe.wants_large
        # Trimming of MIRI groups depends on all flags, too.
        is_miri = self.prepared.exposure.instrument == "MIRI"
        if not is_wanted and self.large is None and not is_miri:
            return source
        complete = source.completed(tasks, threads, is_cancelled)
        if is_wanted:
            return complete.with_large_events(
                self.recipe, searched=source.is_searched, is_cancelled=is_cancelled
            )
        return complete if self.large is None else complete.with_layer(self.large)

    def _bands(self, threads: int) -> list[tuple[int, int]]:
        """Return bands of rows, none of which takes long to wait for."""
        exposure = self.prepared.exposure
        usual, is_slow = exposure.bands(threads), self.recipe.fit.algorithm == "LIKELY"
        most = SLOW_ROWS if is_slow else usual[0][1]
        if self.gives_way and not exposure.room.on_disk:
            n_ints, n_groups, _, n_cols = exposure.shape
            short = SHORT_BAND // (n_ints * n_groups * n_cols)
            most = min(most // SLOW_SHARE if is_slow else most, max(short, LEAST_ROWS))
        return usual if usual[0][1] <= most else bands(exposure.n_rows, most)

    def _in_order(self, tasks: list[tuple[int, int]]) -> list[tuple[int, int]]:
        first, last = self.first_rows

        def rank(band: tuple[int, int]) -> int:
            if not (band[1] > first and band[0] < last):
                return 2
            return int(band[1] <= self.begin_at)

        return sorted(tasks, key=rank)


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
