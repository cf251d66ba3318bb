"""What differs between two runs of one exposure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.jump.listing import FlagList, list_flags
from rampviewer.core.origin import Origin
from rampviewer.model.errors import CancelledError
from rampviewer.model.planes.rate_difference import sigma_difference
from rampviewer.model.runs.bands import cores
from rampviewer.model.runs.passes import FlagSource
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import Run
from rampviewer.model.runs.run_flags import flags_of_rows
from rampviewer.model.tables.change_table import KIND_OF, change_table
from rampviewer.model.tables.column_table import ColumnTable
from rampviewer.model.tables.jump_table import flag_origins, undecided

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
MOST_LISTED: Final = 100_000  # a longer list helps nobody, and takes long to sort
_JUMP, _SATURATED = np.uint8(Dq.JUMP_DET), np.uint8(Dq.SATURATED)
_N_ORIGINS = len(Origin)


class Numbers(NamedTuple):
    """How many of something changed, and between which flags; they can be added.

    The first three are groups by the `Origin` of their JUMP_DET, the next two groups that
    became SATURATED or are no longer; the others are pixels, by how far their rate moved
    [sigma] and by whether it is NaN.
    """

    flagged: I64  # (n_origins,)
    unflagged: I64
    kept: I64  # JUMP_DET in both runs, by the origin in the later one
    n_saturated: int = 0
    n_unsaturated: int = 0
    n_above_1: int = 0
    n_above_3: int = 0
    n_newly_nan: int = 0
    n_no_longer_nan: int = 0

    @classmethod
    def none(cls) -> "Numbers":
        return cls(*np.zeros((3, _N_ORIGINS), np.int64))

    def plus(self, other: "Numbers") -> "Numbers":
        pairs: Any = zip(self, other, strict=True)
        return Numbers(*(a + b for a, b in pairs))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunChanges:
    """What changed from one run to another.

    Attributes
    ----------
    n_changed : (n_rows, n_cols) uint16 or uint32
        Groups of each pixel whose JUMP_DET or SATURATED is another one.
    numbers : Numbers
    n_groups : int
        All such groups.
    table : ColumnTable
        A row for each of them, pixels of which the rate changed most first; of more than
        `most` only the first.
    """

    n_changed: NDArray[np.unsignedinteger[Any]]
    numbers: Numbers
    n_groups: int
    table: ColumnTable


class Found(NamedTuple):
    """Groups that changed, (n,) each; `place` is (row x n_cols + column) x planes + plane.

    `score` is how far the rate of the pixel moved [sigma]: infinite when it is NaN in one
    run only, -1 when in both.
    """

    place: I64
    kind: U8  # see `change_table`
    origin: U8
    score: NDArray[np.float32]

    def first(self, n: int) -> "Found":
        """Return those with the largest scores, of equal ones those at the first places."""
        if self.score.size <= n:
            return self
        cut = np.partition(self.score, -n)[-n]
        above, tied = np.flatnonzero(self.score > cut), np.flatnonzero(self.score == cut)
        left = n - above.size
        tied = tied[np.argpartition(self.place[tied], left - 1)[:left]]
        chosen = np.concatenate([above, tied])
        return self.rows(chosen)

    def in_order(self) -> "Found":
        return self.rows(np.lexsort((self.place, -self.score)))

    def rows(self, chosen: I64) -> "Found":
        return Found(*(values[chosen] for values in cast("Any", self)))

    def joined(self, other: "Found") -> "Found":
        pairs: Any = zip(self, other, strict=True)
        return Found(*(np.concatenate(pair) for pair in pairs))


def run_changes(
    prepared: Prepared,
    before: Run,
    after: Run,
    *,
    most: int = MOST_LISTED,
    n_threads: int | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> RunChanges:
    """Return what changed from run `before` to run `after`, both of one exposure.

    Parameters
    ----------
    prepared : Prepared
    before, after : Run
        Complete.
    most : int
        Rows of the table.
    n_threads : int, optional
        All cores by default.

    Raises
    ------
    CancelledError
        When `is_cancelled`.
    """
    exposure, n_threads = prepared.exposure, n_threads or cores()
    comparison = Comparison.of(prepared, before, after)
    numbers, found = Numbers.none(), _nothing()
    for part, changes in exposure.over_bands(comparison.band, n_threads, is_cancelled):
        numbers = numbers.plus(part)
        found = found.joined(changes).first(most)
    found = found.in_order()
    listed = comparison.listed(found, n_threads, is_cancelled)
    n_changed = comparison.n_changed
    return RunChanges(
        n_changed=n_changed,
        numbers=numbers,
        n_groups=int(n_changed.sum()),
        table=change_table(prepared, before, after, found, listed),
    )


def _nothing() -> Found:
    nothing = np.empty(0, np.uint8)
    return Found(np.empty(0, np.int64), nothing, nothing, np.empty(0, np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two runs, with where their flags come from."""

    prepared: Prepared
    before: Run
    after: Run
    sources: tuple[FlagSource, FlagSource]
    n_changed: NDArray[np.unsignedinteger[Any]]  # filled band by band

    @classmethod
    def of(cls, prepared: Prepared, before: Run, after: Run) -> "Comparison":
        exposure = prepared.exposure
        is_short = exposure.n_ints * exposure.n_groups < 2**16
        n_changed = np.zeros(exposure.pixeldq.shape, np.uint16 if is_short else np.uint32)
        old, new = (FlagSource.of(prepared, run.recipe) for run in (before, after))
        return cls(prepared, before, after, (old, new), n_changed)

    def band(self, start: int, stop: int) -> tuple[Numbers, Found]:
        """Compare some rows."""
        exposure = self.prepared.exposure
        runs = self.before, self.after
        old, new = (flags_of_rows(exposure, run, start, stop) for run in runs)
        by = [
            flag_origins(self.prepared, run, source, start, stop)
            for run, source in zip(runs, self.sources, strict=True)
        ]
        old &= _JUMP | _SATURATED
        new &= _JUMP | _SATURATED
        changed = old != new
        self.n_changed[start:stop] = changed.sum(axis=(0, 1))
        moved = sigma_difference(self.before.rate, self.after.rate, slice(start, stop))
        numbers = _numbers(old, new, by, moved, self._nan(start, stop))
        return numbers, self._found(start, np.nonzero(changed), (old, new), by, moved)

    def _nan(self, start: int, stop: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        old, new = (np.isnan(r.rate.slope[start:stop]) for r in (self.before, self.after))
        return old, new

    def _found(
        self,
        start: int,
        changed: tuple[I64, ...],
        flags: tuple[U8, U8],
        by: list[U8],
        moved: NDArray[np.float32],
    ) -> Found:
        _, n_groups, _, n_cols = self.prepared.exposure.shape
        n_planes = self.prepared.exposure.n_ints * n_groups
        i, g, row, col = changed
        old, new = (values[changed] for values in flags)
        kind = KIND_OF[2 * old + (new >> 1)]
        origin = np.where(new & ~old, by[1][changed], by[0][changed])
        # What the core of a snowball left of its group is of the core before it.
        is_jump = (old ^ new) == _JUMP
        origin[is_jump & (origin == Origin.SNOWBALL_CORE)] = Origin.CARRIED_OVER
        is_nan_before, is_nan_after = self._nan(start, start + len(moved))
        score = np.nan_to_num(np.abs(moved), posinf=np.inf)
        score[is_nan_before ^ is_nan_after] = np.inf
        score[is_nan_before & is_nan_after] = -1
        place = ((start + row) * n_cols + col) * n_planes + i * n_groups + g
        return Found(place, kind, origin, score[row, col])

    def listed(
        self, found: Found, n_threads: int, is_cancelled: Callable[[], bool]
    ) -> FlagList:
        """Return what the two-point differences say of the groups found, in their order."""
        exposure = self.prepared.exposure
        n_ints, n_groups, _, n_cols = exposure.shape
        n_planes = n_ints * n_groups
        settings = self.sources[1].settings or self.sources[0].settings
        settings = settings or undecided(self.prepared, self.after)
        in_place = np.sort(found.place)

        def work(start: int, stop: int) -> tuple[int, FlagList]:
            ends = np.searchsorted(in_place, np.array((start, stop)) * n_cols * n_planes)
            pixel, plane = np.divmod(in_place[ends[0] : ends[1]], n_planes)
            marked = np.zeros((n_planes, stop - start, n_cols), np.uint8)
            marked[plane, pixel // n_cols - start, pixel % n_cols] = _JUMP
            shaped = marked.reshape(n_ints, n_groups, *marked.shape[1:])
            noise = exposure.gain, exposure.readnoise
            return start, list_flags(
                exposure.sci, exposure.groupdq, noise, start, settings, shaped
            )

        parts = sorted(
            exposure.over_bands(work, n_threads, is_cancelled), key=lambda part: part[0]
        )
        joined = zip(*(item for _, item in parts), strict=True)
        # They are listed by their places.
        back = np.empty(found.place.size, np.int64)
        back[np.argsort(found.place)] = np.arange(back.size)
        return FlagList(*(np.concatenate(values)[back] for values in joined))


def _numbers(
    old: U8,
    new: U8,
    by: list[U8],
    moved: NDArray[np.float32],
    nan: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> Numbers:
    gained, lost, both = new & ~old, old & ~new, old & new

    def jumps(flags: U8, origin: U8) -> I64:
        found = origin[(flags & _JUMP) != 0]
        found[found == Origin.SNOWBALL_CORE] = Origin.CARRIED_OVER
        return np.bincount(found, minlength=_N_ORIGINS)

    away = np.abs(moved)
    return Numbers(
        flagged=jumps(gained, by[1]),
        unflagged=jumps(lost, by[0]),
        kept=jumps(both, by[1]),
        n_saturated=int(np.count_nonzero(gained & _SATURATED)),
        n_unsaturated=int(np.count_nonzero(lost & _SATURATED)),
        n_above_1=int(np.count_nonzero(away > 1)),
        n_above_3=int(np.count_nonzero(away > 3)),
        n_newly_nan=int(np.count_nonzero(nan[1] & ~nan[0])),
        n_no_longer_nan=int(np.count_nonzero(nan[0] & ~nan[1])),
    )


@dataclass(frozen=True, slots=True, eq=False)
class RunChangesJob:
    """Yields the `run_changes` of two runs, unless something newer is wanted first."""

    prepared: Prepared
    before: Run
    after: Run

    def steps(
        self, is_cancelled: Callable[[], bool], is_outdated: Callable[[], bool]
    ) -> Iterator[RunChanges]:
        def is_over() -> bool:
            return is_cancelled() or is_outdated()

        if is_over():
            raise CancelledError
        yield run_changes(self.prepared, self.before, self.after, is_cancelled=is_over)
