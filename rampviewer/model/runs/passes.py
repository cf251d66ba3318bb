"""One pass over an exposure: rows flagged and fitted in one go, from any thread."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.jump import TOO_FEW_GROUPS, JumpSettings, detect_rows
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory import pages
from rampviewer.model.memory.scratch import release
from rampviewer.model.runs.band_fit import BandFit
from rampviewer.model.runs.diagnostics import Diagnostics, diagnose, empty_counts
from rampviewer.model.runs.jump_detection import (
    LEAST_GROUPS,
    NOT_COUNTED,
    jump_settings,
    with_wiped_groups,
)
from rampviewer.model.runs.large_events import LargeLayer, apply_to_all, find_large_events
from rampviewer.model.runs.missing_gain import without_gain
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.ramp_fitting import fit_settings, inputs_of
from rampviewer.model.runs.run import Recipe, Run
from rampviewer.model.settings.parameters import RampFitParameters

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]


class Flags(NamedTuple):
    """GROUPDQ of some rows: that of `row` is `groupdq[:, :, row - first_row]`.

    So is `ratio`, the largest ratio of each pixel, None when no jump was searched for.
    """

    groupdq: U8
    first_row: int
    n_primary: int
    ratio: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FlagSource:
    """Gives the flags of any rows under one recipe.

    Without `settings` no jump is searched for, `complete` holds all the flags and `ratio`,
    if any jump was searched for before, all the ratios.
    """

    exposure: Exposure
    settings: JumpSettings | None
    complete: U8 | None = None
    n_primary: int = 0  # of `complete`
    ratio: NDArray[np.float32] | None = None
    large: LargeLayer | None = None  # already part of `complete`
    spread: U32 | None = None  # `detect_rows` fills it, if there is one

    @classmethod
    def of(cls, prepared: Prepared, recipe: Recipe) -> "FlagSource":
        """Return the source that a recipe asks for."""
        exposure = prepared.exposure
        if recipe.delivered_jumps == "as_delivered":
            return cls(exposure, None, exposure.groupdq)
        keep = recipe.delivered_jumps == "keep"
        settings = jump_settings(prepared.facts, exposure.timing.even, recipe.jump, keep)
        if exposure.n_groups >= LEAST_GROUPS:
            settings = with_wiped_groups(settings, exposure, prepared.facts)
            return cls(exposure, settings)
        if keep:
            return cls(exposure, None, exposure.groupdq)
        complete = exposure.room.empty(exposure.groupdq.shape, np.uint8)
        for flags, out in zip(exposure.groupdq, complete, strict=True):
            np.bitwise_and(flags, np.uint8(255 - Dq.JUMP_DET), out=out)
            release(complete, exposure.groupdq)
        return cls(exposure, None, complete)

    def rows(
        self, start: int, stop: int, ratio: NDArray[np.float32] | None = None
    ) -> Flags:
        """Return the flags of rows `start` to `stop` (exclusive).

        `ratio` is these rows of a plane, filled when jumps are searched for.
        """
        exposure = self.exposure
        if self.settings is None:
            assert self.complete is not None
            return Flags(self.complete, 0, 0, self.ratio)
        shape = (exposure.n_ints, exposure.n_groups, stop - start, exposure.n_cols)
        groupdq = pages.empty(shape, np.uint8)
        ratio = np.empty(shape[2:], np.float32) if ratio is None else ratio
        n_primary = detect_rows(
            exposure.sci,
            exposure.groupdq,
            exposure.gain,
            exposure.readnoise,
            start,
            stop,
            self.settings,
            groupdq,
            None,
            ratio,
            self.spread,
        )
        if self.settings.branch == TOO_FEW_GROUPS:
            n_primary = 0
        return Flags(groupdq, start, int(n_primary), ratio)

    def completed(
        self,
        tasks: list[tuple[int, int]],
        n_threads: int,
        is_cancelled: Callable[[], bool],
    ) -> "FlagSource":
        """Return a source that holds the flags of all rows instead of searching them.

        Parameters
        ----------
        tasks : list of (start, stop)
            Bands of rows, in the order to be worked on.
        n_threads : int
        is_cancelled : callable

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        exposure = self.exposure
        groupdq = exposure.room.empty(exposure.groupdq.shape, np.uint8)
        ratio = pages.empty(groupdq.shape[2:], np.float32)

        def work(start: int, stop: int) -> int:
            block = self.rows(start, stop, ratio[start:stop])
            groupdq[:, :, start:stop] = block.groupdq
            return block.n_primary

        counts = exposure.over_bands(
            work, n_threads, is_cancelled, tasks=tasks, made=[groupdq]
        )
        n_primary = self.first_count + sum(counts)
        return FlagSource(exposure, None, groupdq, n_primary, ratio)

    def with_large_events(
        self,
        recipe: Recipe,
        *,
        searched: bool,
        is_cancelled: Callable[[], bool],
    ) -> "FlagSource":
        """Return a source whose flags, all complete, have those of large events too.

        Raises
        ------
        CancelledError
            When `is_cancelled`.
        """
        assert self.complete is not None
        layer = find_large_events(
            self.exposure,
            self.complete,
            pixeldq_of(self.exposure, recipe),
            recipe.jump,
            searched=searched,
            is_cancelled=is_cancelled,
        )
        return self.with_layer(layer)

    def with_layer(self, layer: LargeLayer) -> "FlagSource":
        """Return a source whose flags, all complete, have those of a layer too."""
        groupdq = self.complete
        assert groupdq is not None
        apply_to_all(layer, groupdq, self.exposure.bands(n_threads=1))
        return replace(self, large=layer)

    def fit_settings(self, parameters: RampFitParameters) -> FitSettings | None:
        """Return what the fit depends on; of MIRI `complete` flags are needed for it."""
        exposure = self.exposure
        deciding = exposure.groupdq if self.complete is None else self.complete
        found = fit_settings(deciding, exposure.timing, parameters, exposure.instrument)
        release(deciding)
        return found

    @property
    def is_searched(self) -> bool:
        """Whether any difference is looked at."""
        return self.settings is not None and self.settings.branch != TOO_FEW_GROUPS

    @property
    def first_count(self) -> int:
        """What the count of primary jumps starts from."""
        too_few = self.settings is not None and not self.is_searched
        return NOT_COUNTED if too_few else self.n_primary


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """A run in the making: each call of `do_rows` completes some of its rows."""

    flags: FlagSource
    fit: BandFit
    run: Run
    counts: list[int] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        recipe: Recipe,
        number: int,
        flags: FlagSource,
        settings: FitSettings | None,
        *,
        pixeldq: U32 | None = None,
        shared: bool = False,
        keeps_jumps: bool = False,
    ) -> "Pass":
        """Make room for the results of a recipe.

        Parameters
        ----------
        recipe : Recipe
        number : int
            Of the run.
        flags : FlagSource
        settings : FitSettings or None
            Of `FlagSource.fit_settings`, for the whole exposure.
        pixeldq : (n_rows, n_cols) uint32, optional
            Of the exposure without jump detection, if it is known: see `Prepared`.
        shared : bool
            Of `shares_planes`.
        keeps_jumps : bool
            Whether there are delivered jumps; they stay where the recipe keeps them.
        """
        exposure = flags.exposure
        pixeldq = pixeldq_of(exposure, recipe, pixeldq)
        fit = (
            BandFit.left_out(exposure, settings)
            if "ramp_fit" in recipe.skipped
            else BandFit.of(exposure, recipe.fit, settings, pixeldq, shared=shared)
        )
        n_ints, n_groups, n_rows, n_cols = exposure.shape
        packed = n_ints, n_groups, n_rows, (n_cols + 7) // 8
        run = Run(
            number=number,
            recipe=recipe,
            rate=fit.rate,
            rateints=fit.rateints,
            pixeldq=pixeldq,
            jump_bits=exposure.room.empty(packed, np.uint8),
            n_jumps=empty_counts(exposure.sci.shape),
            diagnostics=Diagnostics.empty(exposure.sci.shape),
            large=flags.large,
            n_primary=flags.first_count,
            n_extended=flags.large.n_extended if flags.large else 0,
            jump_skipped=exposure.n_groups < LEAST_GROUPS,
            nothing_fitted=fit.fit_rows is None,
            keeps_jumps=keeps_jumps and recipe.delivered_jumps == "keep",
        )
        return cls(flags, fit, run)

    def do_rows(self, start: int, stop: int) -> tuple[int, int]:
        """Flag and fit rows `start` to `stop` (exclusive); return the two."""
        largest = self.run.diagnostics.largest_ratio[start:stop]
        groupdq, first_row, n_primary, ratio = self.flags.rows(start, stop, largest)
        self.counts.append(n_primary)
        inputs = inputs_of(self.flags.exposure, groupdq, self.run.pixeldq, first_row)
        run = self.run
        planes = run.diagnostics, run.n_jumps, run.jump_bits
        diagnose(inputs, (start, stop), self.fit.settings, *planes)
        if ratio is not largest:
            known = None if ratio is None else ratio[start - first_row : stop - first_row]
            largest[...] = np.nan if known is None else known
        if self.fit.fit_rows is not None:
            self.fit.fit_rows(inputs, start, stop)
        return start, stop

    @property
    def made(self) -> list[NDArray[Any] | None]:
        """Every array that rows are written to."""
        rateints = self.run.rateints
        planes = [getattr(rateints, item.name) for item in fields(rateints)]
        return [self.run.jump_bits, self.flags.complete, *planes]

    def finished(self) -> Run:
        """Return the run, every row of which is complete now."""
        return replace(self.run, n_primary=self.run.n_primary + sum(self.counts))


def pixeldq_of(exposure: Exposure, recipe: Recipe, marked: U32 | None = None) -> U32:
    """Return PIXELDQ after jump detection: as delivered where that is skipped.

    `marked` is that of `without_gain`, if it is known.
    """
    searched = recipe.delivered_jumps != "as_delivered"
    if not searched or exposure.n_groups < LEAST_GROUPS:
        return exposure.pixeldq
    return without_gain(exposure.pixeldq, exposure.gain) if marked is None else marked


def shares_planes(prepared: Prepared) -> bool:
    """Whether rate and rateints of an exposure are the same but for the error.

    So it is with an only integration. The read noise of ramps with CHARGELOSS is found
    again in two ways, which differ where it is no number.
    """
    return prepared.exposure.n_ints == 1 and Dq.CHARGELOSS not in prepared.seen
