"""The run that follows the parameters while they move."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.jump import ITERATIVE, SINGLE_PASS
from rampviewer.core.jump.sources import empty_spread
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.live.live_events import EventIndex
from rampviewer.model.live.live_excerpt import LayerIndex
from rampviewer.model.live.live_move import NUMBER, LocalMove, Stand
from rampviewer.model.live.live_reach import (
    is_known_move,
    most_pixels,
    neighbors_expected,
    pixels_to_search,
)
from rampviewer.model.live.live_trimming import Trimming
from rampviewer.model.runs.bands import cores
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.likely_fitting import is_likely
from rampviewer.model.runs.passes import FlagSource
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import PassTrace, ProcessJob, Tile
from rampviewer.model.runs.run import Recipe, Run

I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]
FLOOR = 3.0  # lowest threshold of the first event index [sigma]
LOWER_FLOORS = 2.0, 1.5, 1.0  # of those made when there is time
PIXELS_PER_EVENT = 4  # with more events there is none with a lower floor


class LiveRun:
    """Follows the parameters; what a move changes comes as a `Delta`.

    It holds no planes: those belong to whoever applies the deltas, in their order. A move
    works on the pixels it can change by the kernels of the pass over all of them, so that
    the result is the same in every bit, or it is such a pass, when that is quicker. Only
    large events stay as they were last found until `refresh`: see `Run.is_large_stale`.

    Used by one thread. A move that is cancelled, or fails, leaves it where it was.

    Parameters
    ----------
    prepared : Prepared
    n_threads : int, optional
        All cores by default.
    most_pixels : int, optional
        With more pixels to look at a pass over all of them is made. If not given, that is
        where it is quicker: see `live_reach.most_pixels`.
    """

    def __init__(
        self,
        prepared: Prepared,
        *,
        n_threads: int | None = None,
        most_pixels: int | None = None,
    ) -> None:
        self._prepared = prepared
        self._threads = n_threads or cores()
        size = prepared.exposure.pixeldq.size
        self._most_pixels = most_pixels
        self._marks = np.zeros(size, np.uint8)  # of `list_once`
        self._stand: Stand | None = None
        self._index: EventIndex | None = None
        self._generation = 0
        self._reached = 0  # row up to which a pass came that was given up

    @property
    def recipe(self) -> Recipe | None:
        """The parameters it stands at; None before the first move."""
        return self._stand.recipe if self._stand else None

    def prepare(
        self, floor: float = FLOOR, is_cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Learn which pixels change at which thresholds from `floor` [sigma] on.

        Moves to lower thresholds, and before this call all moves, are passes over the
        whole exposure. Nothing is done where jumps are not found pixel by pixel, where the
        exposure is worked on from disk, or when all is known already.

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        settings = self._stand.settings if self._stand else None
        if settings is None or settings.branch not in (ITERATIVE, SINGLE_PASS):
            return
        index, exposure = self._index, self._prepared.exposure
        if exposure.room.on_disk:
            return
        if index is None or index.branch != settings.branch or index.floor > floor:
            self._index = EventIndex.of(
                exposure, settings, floor, self._threads, is_cancelled
            )

    def extend(self, is_cancelled: Callable[[], bool] = lambda: False) -> None:
        """Learn of lower thresholds than `prepare` does, while there is time.

        Each step is kept. None is made when the last one found so many events that moves
        are hardly quicker than passes; an event takes 4 bytes.

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        for floor in LOWER_FLOORS:
            index = self._index
            size = self._prepared.exposure.pixeldq.size
            if index is None or index.pixels.size * PIXELS_PER_EVENT > size:
                return
            self.prepare(floor, is_cancelled)

    def move_to(
        self, recipe: Recipe, is_cancelled: Callable[[], bool] = lambda: False
    ) -> Delta:
        """Go to other parameters; return what that changes.

        Raises
        ------
        CancelledError
            When `is_cancelled`: it stands where it was.
        """
        for item in self.steps(recipe, is_cancelled=is_cancelled):
            if isinstance(item, Delta):
                return item
        raise AssertionError("a move ends with its delta")

    def refresh(self, is_cancelled: Callable[[], bool] = lambda: False) -> Delta:
        """Search for the large events of the parameters it stands at.

        Raises
        ------
        CancelledError
            When `is_cancelled`: it stands where it was.
        """
        for item in self.refresh_steps(is_cancelled):
            if isinstance(item, Delta):
                return item
        raise AssertionError("a pass ends with its delta")

    def steps(
        self,
        recipe: Recipe,
        first_rows: tuple[int, int] = (0, 0),
        is_cancelled: Callable[[], bool] = lambda: False,
        is_outdated: Callable[[], bool] = lambda: False,
    ) -> Iterator[Tile | Delta]:
        """Do the same as `move_to`, and yield rows of a pass as they are completed.

        A pass gives way when `is_outdated`: at once, unless it was only made because it is
        quicker than a move, and will soon be done. The next one goes on in the rows that
        this one has not reached.
        """
        delta = self._local(recipe, is_cancelled)
        if delta is not None:
            yield delta
        else:
            yield from self._pass(recipe, first_rows, is_cancelled, is_outdated)

    def refresh_steps(
        self,
        is_cancelled: Callable[[], bool] = lambda: False,
        first_rows: tuple[int, int] = (0, 0),
    ) -> Iterator[Tile | Delta]:
        """Do the same as `refresh`, and yield rows as they are completed."""
        if self._stand is None:
            raise ValueError("a live run is somewhere only after its first move")
        yield from self._pass(self._stand.recipe, first_rows, is_cancelled, search=True)

    def _pass(
        self,
        recipe: Recipe,
        first_rows: tuple[int, int],
        is_cancelled: Callable[[], bool],
        is_outdated: Callable[[], bool] = lambda: False,
        *,
        search: bool = False,
    ) -> Iterator[Tile | Delta]:
        """Process the whole exposure; keep large events unless they are searched for."""
        exposure = self._prepared.exposure
        large = None if search else self._kept_layer(recipe)
        trace = PassTrace(
            empty_spread(exposure.sci[:, :, 0, 0].size, exposure.n_rows, exposure.n_cols)
        )
        job = ProcessJob(
            self._prepared,
            recipe,
            NUMBER,
            first_rows,
            self._threads,
            trace=trace,
            search_large=search,
            large=large,
            gives_way=search or not self._is_chosen(recipe),
            begin_at=self._reached,
        )
        for item in job.steps(is_cancelled, is_outdated):
            if isinstance(item, Tile):
                self._reached = item.bands[-1][1]
                yield item
                continue
            self._reached = 0
            self._stand = self._stand_at(item, trace.spread, trace.fit_settings)
            yield self._delta(item)

    def _is_chosen(self, recipe: Recipe) -> bool:
        """Return whether pixels could be moved one by one, but would take longer."""
        stand = self._stand
        if stand is None or not self._is_local(stand, recipe):
            return False
        settings = FlagSource.of(self._prepared, recipe).settings
        return is_known_move(self._index, stand.settings, settings)

    def _kept_layer(self, recipe: Recipe) -> LargeLayer | None:
        stand = self._stand
        if stand is None or not recipe.wants_large:
            return None
        is_same = stand.recipe.delivered_jumps == recipe.delivered_jumps
        return stand.large if is_same else None

    def _stand_at(self, run: Run, spread: U32, settings: FitSettings | None) -> Stand:
        exposure, large = self._prepared.exposure, run.large
        return Stand(
            recipe=run.recipe,
            settings=FlagSource.of(self._prepared, run.recipe).settings,
            spread=spread,
            trimming=Trimming.of(exposure, run, settings),
            large=large,
            layer=self._layer_of(large),
            n_primary=run.n_primary,
        )

    def _layer_of(self, large: LargeLayer | None) -> LayerIndex | None:
        if large is None:
            return None
        stand = self._stand
        if stand is not None and stand.large is large:
            return stand.layer
        return LayerIndex.of(large, self._prepared.exposure.n_cols)

    def _delta(self, run: Run, pixels: I64 | None = None) -> Delta:
        self._generation += 1
        return Delta(generation=self._generation, run=run, pixels=pixels)

    def _local(self, recipe: Recipe, is_cancelled: Callable[[], bool]) -> Delta | None:
        """Move by the pixels that change; None when a pass is to be made."""
        stand = self._stand
        if stand is None or not self._is_local(stand, recipe):
            return None
        settings = FlagSource.of(self._prepared, recipe).settings
        old, index, marks = stand.settings, self._index, self._marks
        most = self._most(recipe)
        pixels = pixels_to_search(
            self._prepared, index, stand.spread, old, settings, most, marks
        )
        if pixels is None:
            return None
        new = replace(stand, recipe=recipe, settings=settings)
        move = LocalMove(self._prepared, stand, new, self._threads, marks, is_cancelled)
        run = None
        try:
            expected = neighbors_expected(index, old, settings, pixels.size)
            touched = move.search(pixels, expected)
            if touched.size <= 2 * most:  # half of the work is done
                run = move.rebuild(touched)
        finally:
            if run is None:
                move.undo()
        if run is None:
            return None
        self._stand = replace(new, n_primary=run.n_primary)
        return self._delta(run, touched)

    def _most(self, recipe: Recipe) -> int:
        """Return for how many pixels a move is quicker than a pass."""
        if self._most_pixels is not None:
            return self._most_pixels
        exposure = self._prepared.exposure
        likely = is_likely(exposure.n_groups, exposure.timing, recipe.fit)
        return most_pixels(exposure, likely=likely)

    def _is_local(self, stand: Stand, recipe: Recipe) -> bool:
        """Return whether a move may leave any pixel as it is."""
        old = stand.recipe
        if self._prepared.exposure.room.on_disk:
            # The run on screen would have to be copied, all of it in memory.
            return False
        if old.fit != recipe.fit or old.delivered_jumps != recipe.delivered_jumps:
            return False
        return stand.large is None or recipe.wants_large
