"""One move of the parameters, made in the pixels that it changes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.jump import JumpSettings
from rampviewer.model.errors import CancelledError
from rampviewer.model.live.live_excerpt import Detected, Excerpt, LayerIndex
from rampviewer.model.live.live_reach import around, follows_after, unique, without
from rampviewer.model.live.live_trimming import Trimming
from rampviewer.model.runs.bands import over_bands
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.passes import FlagSource, Pass, shares_planes
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Recipe, Run

I64 = NDArray[np.int64]
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
    is_cancelled : callable
    """

    def __init__(
        self,
        prepared: Prepared,
        old: Stand,
        new: Stand,
        n_threads: int,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._prepared, self._exposure = prepared, prepared.exposure
        self._old, self._new = old, new
        self._threads, self._is_cancelled = n_threads, is_cancelled
        n_words = new.spread.shape[-1]
        self._spread = new.spread.reshape(-1, n_words)  # by pixels
        self._before = np.empty(0, np.int64), np.empty((0, n_words), np.uint32)
        self._n_primary = old.n_primary
        self._searched: tuple[Excerpt, Detected] | None = None

    def search(self, pixels: I64) -> I64:
        """Search for jumps in some pixels; return those to rebuild.

        They are all that get other flags by that, and perhaps some more.

        Raises
        ------
        CancelledError
            When cancelled.
        """
        self._check()
        old, new = self._old.settings, self._new.settings
        if pixels.size == 0 or old is None or new is None:
            return pixels
        excerpt = self._excerpt(pixels)
        found = excerpt.compare(old, new, self._threads)
        is_other, after = found.is_other, found.detected
        self._n_primary += found.n_more
        spread = after.spread.reshape(-1, after.spread.shape[-1])[: pixels.size]
        self._before = pixels, self._spread.take(pixels, axis=0)
        self._spread[pixels] = spread
        if follows_after(old, new):
            is_other[:] = True
        sources = pixels[(spread != self._before[1]).any(axis=1)]
        neighbors = around(sources, self._exposure.n_rows, self._exposure.n_cols)
        if 2 * np.count_nonzero(is_other) > pixels.size:
            # Quicker than to pick those alone.
            self._searched = excerpt, after
            return np.concatenate((pixels, without(pixels, unique([neighbors]))))
        return unique([pixels[is_other], neighbors])

    def rebuild(self, pixels: I64) -> Run | None:
        """Return the run of the pixels of `search`; None when it depends on all others.

        Raises
        ------
        CancelledError
            When cancelled.
        """
        self._check()
        new, searched, detected = self._new, self._searched, None
        if searched is not None and searched[0].n_pixels == pixels.size:
            excerpt, detected = searched
        else:
            known = searched[0] if searched is not None else None
            excerpt = self._excerpt(pixels, known)
        groupdq = excerpt.exposure.groupdq
        if pixels.size > 0 and new.settings is not None:
            detected = detected or excerpt.detect(new.settings, self._threads, searched)
            excerpt.complete(new.settings, new.spread, detected, self._threads)
            if new.layer is not None:
                excerpt.put_layer(new.layer, detected)
            groupdq = detected.flags.reshape(groupdq.shape)
        if not new.trimming.stays(groupdq, pixels):
            return None
        exposure = excerpt.exposure
        flags = FlagSource(exposure, None, groupdq, self._n_primary, large=new.large)
        work = Pass.of(
            new.recipe,
            NUMBER,
            flags,
            new.trimming.settings,
            shared=shares_planes(self._prepared),
        )
        for _ in over_bands(
            work.do_rows, excerpt.blocks, self._threads, self._is_cancelled
        ):
            pass
        return work.finished()

    def undo(self) -> None:
        """Leave everything as it was before `search`."""
        pixels, spread = self._before
        self._spread[pixels] = spread

    def _excerpt(self, pixels: I64, known: Excerpt | None = None) -> Excerpt:
        flags = self._prepared.any_group.of_exposure
        return Excerpt.of(self._exposure, pixels, self._threads, known, flags)

    def _check(self) -> None:
        if self._is_cancelled():
            raise CancelledError
