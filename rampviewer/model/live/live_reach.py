"""Which pixels a move of the parameters can change."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.jump import ITERATIVE, SINGLE_PASS, TOO_FEW_GROUPS, JumpSettings
from rampviewer.core.live.reach import list_once
from rampviewer.model.exposure import Exposure
from rampviewer.model.live.live_events import EventIndex
from rampviewer.model.runs.prepared import Prepared

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
SAMPLES = 80
WORTH_MARKS = 256  # one pixel in so many: to sort them takes longer than to mark them

THRESHOLDS = frozenset({"threshold", "threshold_3", "threshold_2"})
_NEIGHBORS = {"flag_neighbors", "min_to_neighbors", "max_to_neighbors"}
_AFTER = {"after_limit_1", "after_groups_1", "after_limit_2", "after_groups_2"}
_ELSEWHERE = {"by_integration", "wiped"}  # matter to sigma clipping only


def changed_fields(old: JumpSettings, new: JumpSettings) -> set[str]:
    """Return the names of the fields in which two settings differ."""
    return {
        name
        for name in JumpSettings._fields
        if not np.array_equal(getattr(old, name), getattr(new, name))
    }


def follows_after(old: JumpSettings, new: JumpSettings) -> bool:
    """Return whether another rule flags the groups after large jumps."""
    return bool(changed_fields(old, new) & _AFTER)


def is_known_move(
    index: EventIndex | None, old: JumpSettings | None, new: JumpSettings | None
) -> bool:
    """Return whether only thresholds differ, and all that they change is known."""
    if index is None or old is None or new is None:
        return False
    is_known = index.covers(old) and index.covers(new)
    return is_known and changed_fields(old, new) <= THRESHOLDS


def pixels_to_search(
    prepared: Prepared,
    index: EventIndex | None,
    spread: U32,
    old: JumpSettings | None,
    new: JumpSettings | None,
    most: int,
    marks: U8,
) -> I64 | None:
    """Return the pixels in which jumps must be searched for anew, in order.

    Every other pixel keeps its jumps, but for what neighbours flag.

    Parameters
    ----------
    prepared : Prepared
    index : EventIndex or None
    spread : (n_rows, n_cols, n_words) uint32
        The groups that flag their neighbours, see `mark_sources`.
    old, new : JumpSettings or None
        None where no jump is searched for.
    most : int
        When there are more pixels than this, a pass over all of them is quicker.
    marks : (n_rows x n_cols,) uint8
        See `list_once`.

    Returns
    -------
    pixels : (n,) int64, or None
        row x n_cols + column; None when all pixels are to be searched.
    """
    if old is None or new is None:
        return _NOTHING if old is new else None
    changed = changed_fields(old, new)
    if old.branch != new.branch or old.branch == TOO_FEW_GROUPS:
        searched = old.branch != new.branch or "keep_delivered" in changed
        return None if searched else _NOTHING
    if old.branch in (ITERATIVE, SINGLE_PASS):
        changed -= _ELSEWHERE
    if not changed:
        return _NOTHING
    is_known = index is not None and index.covers(old) and index.covers(new)
    if index is None or not is_known or changed - THRESHOLDS - _NEIGHBORS - _AFTER:
        return None
    parts = index.between(old, new)
    if changed & (_NEIGHBORS | _AFTER):
        parts += index.above(new)  # what only the old thresholds flag is between them
        if new.keep_delivered:
            parts.append(np.flatnonzero(prepared.any_group.of_exposure & Dq.JUMP_DET))
    if changed & _AFTER:  # a neighbour's flag is followed by others, too
        sources = np.flatnonzero(spread.any(axis=2))
        parts.append(around(sources, spread.shape[0], spread.shape[1]))
    return _joined(parts, most, marks)


def most_pixels(exposure: Exposure, *, likely: bool) -> int:
    """Return for how many pixels a move takes about as long as a pass over all.

    A pass takes so long for each sample. In a move, where each sample of a pixel has to be
    fetched from another place, two of them take as long, and a pixel `SAMPLES` more. Of
    likelihood fits (`likely`) nearly all is the fit itself.
    """
    n_samples = exposure.n_ints * exposure.n_groups
    size = exposure.pixeldq.size
    return size // 2 if likely else size * n_samples // (SAMPLES + 2 * n_samples)


def neighbors_expected(
    index: EventIndex | None, old: JumpSettings | None, new: JumpSettings | None, n: int
) -> int:
    """Return how many pixels more than the `n` to search a move may reach.

    It is a guess, rather too large, for moves of thresholds only.
    """
    if index is None or old is None or new is None or not new.flag_neighbors:
        return 0
    return 4 * index.n_between(old, new, new.min_to_neighbors) + n // 8


def _joined(parts: list[I64], most: int, marks: U8) -> I64 | None:
    if max((part.size for part in parts), default=0) > 2 * most:
        return None  # a pixel has hardly more than one event between two thresholds
    if sum(part.size for part in parts) * WORTH_MARKS > marks.size:
        pixels: I64 = list_once(np.concatenate(parts), marks)
    else:
        pixels = unique(parts)
    return pixels if pixels.size <= most else None


def unique(parts: Iterable[I64]) -> I64:
    """Return every pixel of some lists once, in order."""
    pixels = np.sort(np.concatenate([_NOTHING, *parts]))
    is_first = np.ones(pixels.size, bool)
    is_first[1:] = pixels[1:] != pixels[:-1]
    return pixels[is_first]


def around(pixels: I64, n_rows: int, n_cols: int) -> I64:
    """Return the four neighbours of each pixel that lie within the frame."""
    rows, cols = np.divmod(pixels, n_cols)
    return np.concatenate(
        [
            pixels[rows > 0] - n_cols,
            pixels[rows < n_rows - 1] + n_cols,
            pixels[cols > 0] - 1,
            pixels[cols < n_cols - 1] + 1,
        ]
    )


_NOTHING = np.empty(0, np.int64)
