"""Both steps over a whole exposure: bands of rows, jumps and fit in one go."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from rampviewer.core.facts import ExposureFacts
from rampviewer.model.bands import bands, cores, over_bands
from rampviewer.model.errors import CancelledError
from rampviewer.model.exposure import Exposure
from rampviewer.model.flag_planes import pack_jumps
from rampviewer.model.run import Recipe, Run

WORTH_FINISHING = 0.25  # a pass that needs less than this [s] is not given up


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """An exposure with what is global to it, found once for all passes."""

    exposure: Exposure
    facts: ExposureFacts
    has_delivered_jumps: bool

    @classmethod
    def of(cls, exposure: Exposure) -> "Prepared":
        """Look through an exposure; takes as long as reading its flags once."""
        return cls(
            exposure=exposure,
            facts=ExposureFacts.of(exposure.groupdq, exposure.gain),
            has_delivered_jumps=exposure.has_delivered_jumps(),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tile:
    """Rows [start, stop) of `run` are complete; the other rows may not be."""

    run: Run
    start: int
    stop: int
    n_done: int  # rows complete so far, of n_rows
    n_rows: int


@dataclass(frozen=True, slots=True, eq=False)
class ProcessJob:
    """One pass: yields a `Tile` for each band of rows and at last the complete `Run`.

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
        UnsupportedOptionError
            When the recipe asks for an algorithm that is not there.
        CancelledError
            When `is_cancelled` or, with much left to do, `is_outdated`.
        """
        work = Pass(self.prepared, self.recipe, self.number)
        started, n_done = time.perf_counter(), 0
        n_rows = self.prepared.exposure.n_rows
        tasks = self._in_order(bands(n_rows))
        for start, stop in over_bands(
            work.do_rows, tasks, self.n_threads or cores(), is_cancelled
        ):
            n_done += stop - start
            yield Tile(run=work.run, start=start, stop=stop, n_done=n_done, n_rows=n_rows)
            left = (time.perf_counter() - started) * (n_rows / n_done - 1)
            if left > WORTH_FINISHING and is_outdated():
                raise CancelledError
        yield work.finished()

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
