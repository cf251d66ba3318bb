"""One move of the parameters, made in the pixels that it changes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.jump import JumpSettings
from rampviewer.core.live.reach import exchange_sources, list_others_around
from rampviewer.model.errors import CancelledError
from rampviewer.model.live.live_excerpt import Detected, Excerpt, LayerIndex
from rampviewer.model.live.live_fit import with_quick_fit
from rampviewer.model.live.live_reach import follows_after
from rampviewer.model.live.live_trimming import Trimming
from rampviewer.model.runs.bands import over_bands
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.passes import FlagSource, Pass, shares_planes
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe, Run

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
NUMBER = 1  # of the run that is live


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stand:
    """Where a live run is: parameters, and what the next move starts from."""

    recipe: Recipe
    settings: JumpSettings | None  # None where no jump is searched for
    spread: U32  # (n_rows, n_cols, n_words), see `mark_sources`; moves change it in place
    trimming: Trimming
    large: LargeLayer | None
    layer: LayerIndex | None  # the marks of `large`
    n_primary: int


class LocalMove:
    """A move from one stand to another that share their `spread`.

    First `search`, then `rebuild`; `undo` gives `spread` back its values.

    Parameters
    ----------
    prepared : Prepared
    old, new : Stand
        `new` has the number of jumps of `old` still.
    n_threads : int
    marks : (n_pixels,) uint8
        See `list_others_around`.
    is_cancelled : callable
    """

    def __init__(
        self,
        prepared: Prepared,
        old: Stand,
        new: Stand,
        n_threads: int,
        marks: U8,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._prepared, self._exposure = prepared, prepared.exposure
        self._old, self._new = old, new
        self._threads, self._is_cancelled = n_threads, is_cancelled
        self._marks = marks
        n_words = new.spread.shape[-1]
        self._spread = new.spread.reshape(-1, n_words)  # by pixels
        self._before = np.empty(0, np.int64), np.empty((0, n_words), np.uint32)
        self._n_primary = old.n_primary
        self._searched: tuple[Excerpt, Detected] | None = None

    def search(self, pixels: I64, n_neighbors: int = 0) -> I64:
        """Search for jumps in some pixels; return those to rebuild.

        They are all that get other flags by that, and perhaps some more. When about
        `n_neighbors` of them are not among `pixels` there is room for these.

        Raises
        ------
        CancelledError
            When cancelled.
        """
        self._check()
        old, new = self._old.settings, self._new.settings
        if pixels.size == 0 or old is None or new is None:
            return pixels
        excerpt = self._excerpt(pixels, n_neighbors)
        found = excerpt.compare(old, new, self._threads)
        self._n_primary += found.n_more
        n_words = self._spread.shape[1]
        spread = found.detected.spread.reshape(-1, n_words)
        before = np.empty((pixels.size, n_words), np.uint32)
        sources = exchange_sources(pixels, spread, self._spread, before)
        self._before = pixels, before
        is_most = 2 * np.count_nonzero(found.is_other) > pixels.size
        if is_most or follows_after(old, new):
            # Quicker than to pick those alone.
            self._searched = excerpt, found.detected
        else:
            pixels = pixels[found.is_other]
        frame = self._exposure.n_rows, self._exposure.n_cols
        others = list_others_around(pixels, sources, frame, self._marks)
        return np.concatenate((pixels, others))

    def rebuild(self, pixels: I64) -> Run | None:
        """Return the run of the pixels of `search`; None when it depends on all others.

        Raises
        ------
        CancelledError
            When cancelled.
        """
        self._check()
        new = self._new
        excerpt, detected = self._with_all(pixels)
        groupdq = excerpt.exposure.groupdq
        if pixels.size > 0 and new.settings is not None:
            excerpt.detect(new.settings, self._threads, detected)
            excerpt.complete(new.settings, new.spread, new.layer, detected, self._threads)
            groupdq = detected.flags.reshape(groupdq.shape)
        if not new.trimming.stays(groupdq, pixels):
            return None
        exposure = excerpt.exposure
        flags = FlagSource(exposure, None, groupdq, self._n_primary, large=new.large)
        shared = shares_planes(self._prepared)
        work = Pass.of(new.recipe, NUMBER, flags, new.trimming.settings, shared=shared)
        work = with_quick_fit(work, shared=shared)
        for _ in over_bands(
            work.do_rows, excerpt.blocks, self._threads, self._is_cancelled
        ):
            pass
        return work.finished()

    def undo(self) -> None:
        """Leave everything as it was before `search`."""
        pixels, spread = self._before
        self._spread[pixels] = spread

    def _with_all(self, pixels: I64) -> tuple[Excerpt, Detected]:
        """Return an excerpt of all pixels to rebuild, and what is known of it."""
        if self._searched is not None:
            excerpt, detected = self._searched
            others = pixels[excerpt.n_pixels :]
            if excerpt.has_room(others.size):
                return excerpt.with_more(others, self._threads), detected
        excerpt = self._excerpt(pixels)
        return excerpt, excerpt.room()

    def _excerpt(self, pixels: I64, n_more: int = 0) -> Excerpt:
        flags = self._prepared.any_group.of_exposure
        return Excerpt.of(self._exposure, pixels, self._threads, flags, n_more)

    def _check(self) -> None:
        if self._is_cancelled():
            raise CancelledError
