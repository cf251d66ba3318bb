"""A move of the live run, as a job for a worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rampviewer.model.live.live_delta import Delta
from rampviewer.model.live.live_move import NUMBER
from rampviewer.model.live.live_run import LiveRun
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import Tile
from rampviewer.model.runs.run import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class LiveJob:
    """Moves a live run, then makes it ready for the next move.

    It yields what it has as soon as it is there: rows of a pass, if there is one, the
    `Delta` of the move, and where large events are wanted those of the search for them.

    Parameters
    ----------
    prepared : Prepared
    live : LiveRun
        Of the same exposure, used by no other thread while the job runs.
    recipe : Recipe
    first_rows : (int, int)
        Rows [start, stop) that are wanted first.
    """

    prepared: Prepared
    live: LiveRun
    recipe: Recipe
    first_rows: tuple[int, int] = (0, 0)

    @property
    def number(self) -> int:
        """The number of the run."""
        return NUMBER

    def steps(
        self,
        is_cancelled: Callable[[], bool] = lambda: False,
        is_outdated: Callable[[], bool] = lambda: False,
    ) -> Iterator[Tile | Delta]:
        """Move.

        Raises
        ------
        UnsupportedOptionError
            When the recipe asks for an algorithm that is not there.
        CancelledError
            When `is_cancelled` or `is_outdated`: see `LiveRun.steps`.
        """
        is_stale = False
        for item in self.live.steps(
            self.recipe, self.first_rows, is_cancelled, is_outdated
        ):
            yield item
            is_stale = item.run.is_large_stale
        self.live.prepare(is_cancelled=is_cancelled)

        def is_unwanted() -> bool:
            return is_cancelled() or is_outdated()

        if is_stale:
            yield from self.live.refresh_steps(is_unwanted, self.first_rows)
        self.live.extend(is_unwanted)
