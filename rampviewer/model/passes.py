"""One pass over an exposure: rows flagged and fitted in one go, from any thread."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.fit.rows import FitOutputs
from rampviewer.core.jump import TOO_FEW_GROUPS, JumpSettings, detect_rows
from rampviewer.model.diagnostics import Diagnostics, diagnose
from rampviewer.model.exposure import Exposure
from rampviewer.model.flag_planes import pack_jumps
from rampviewer.model.jump_detection import (
    LEAST_GROUPS,
    NOT_COUNTED,
    jump_settings,
    with_wiped_groups,
    without_gain,
)
from rampviewer.model.prepared import Prepared
from rampviewer.model.ramp_fitting import (
    RampFitter,
    empty_planes,
    fit_settings,
    inputs_of,
    nothing_fitted,
    planes_of,
)
from rampviewer.model.run import Recipe, Run

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

    @classmethod
    def of(cls, prepared: Prepared, recipe: Recipe) -> "FlagSource":
        """Return the source that a recipe asks for.

        Raises
        ------
        UnsupportedOptionError
            When the recipe asks for an algorithm that is not there.
        """
        exposure = prepared.exposure
        if recipe.delivered_jumps == "as_delivered":
            return cls(exposure, None, exposure.groupdq)
        keep = recipe.delivered_jumps == "keep"
        settings = jump_settings(prepared.facts, exposure.timing, recipe.jump, keep)
        if exposure.n_groups >= LEAST_GROUPS:
            settings = with_wiped_groups(settings, exposure, prepared.facts)
            return cls(exposure, settings)
        if keep:
            return cls(exposure, None, exposure.groupdq)
        return cls(exposure, None, exposure.groupdq & np.uint8(255 - Dq.JUMP_DET))

    def rows(self, start: int, stop: int) -> Flags:
        """Return the flags of rows `start` to `stop` (exclusive)."""
        exposure = self.exposure
        if self.settings is None:
            assert self.complete is not None
            return Flags(self.complete, 0, 0, self.ratio)
        shape = (exposure.n_ints, exposure.n_groups, stop - start, exposure.n_cols)
        groupdq, origin = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
        ratio = np.empty(shape[2:], np.float32)
        n_primary = detect_rows(
            exposure.sci,
            exposure.groupdq,
            exposure.gain,
            exposure.readnoise,
            start,
            stop,
            self.settings,
            groupdq,
            origin,
            ratio,
        )
        if self.settings.branch == TOO_FEW_GROUPS:
            n_primary = 0
        return Flags(groupdq, start, int(n_primary), ratio)

    @property
    def first_count(self) -> int:
        """What the count of primary jumps starts from."""
        too_few = self.settings is not None and self.settings.branch == TOO_FEW_GROUPS
        return NOT_COUNTED if too_few else self.n_primary


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """A run in the making: each call of `do_rows` completes some of its rows."""

    flags: FlagSource
    fitter: RampFitter | None  # None when nothing of the exposure can be fitted
    planes: FitOutputs
    run: Run
    counts: list[int] = field(default_factory=list)

    @classmethod
    def of(
        cls, prepared: Prepared, recipe: Recipe, number: int, flags: FlagSource
    ) -> "Pass":
        """Make room for the results of a recipe."""
        exposure = prepared.exposure
        deciding = exposure.groupdq if flags.complete is None else flags.complete
        settings = fit_settings(deciding, exposure.timing, recipe.fit, exposure.instrument)
        searched = recipe.delivered_jumps != "as_delivered"
        skipped = exposure.n_groups < LEAST_GROUPS
        pixeldq = exposure.pixeldq
        if searched and not skipped:
            pixeldq = without_gain(pixeldq, exposure.gain)
        planes = empty_planes(exposure.n_ints, exposure.n_rows, exposure.n_cols)
        rate, rateints = planes_of(planes)
        if settings is None:
            nothing = nothing_fitted(exposure.n_ints, pixeldq)
            rate, rateints = nothing.rate, nothing.rateints
        n_ints, n_groups, n_rows, n_cols = exposure.sci.shape
        run = Run(
            number=number,
            recipe=recipe,
            rate=rate,
            rateints=rateints,
            pixeldq=pixeldq,
            jump_bits=np.empty((n_ints, n_groups, n_rows, (n_cols + 7) // 8), np.uint8),
            n_jumps=np.empty((n_rows, n_cols), np.uint32),
            diagnostics=Diagnostics.empty(exposure.sci.shape),
            n_primary=flags.first_count,
            n_extended=0,
            jump_skipped=skipped,
            nothing_fitted=settings is None,
        )
        fitter = None if settings is None else RampFitter.of(exposure, settings)
        return cls(flags, fitter, planes, run)

    def do_rows(self, start: int, stop: int) -> tuple[int, int]:
        """Flag and fit rows `start` to `stop` (exclusive); return the two."""
        groupdq, first_row, n_primary, ratio = self.flags.rows(start, stop)
        block = groupdq[:, :, start - first_row : stop - first_row]
        self.run.jump_bits[:, :, start:stop] = pack_jumps(block)
        self.counts.append(n_primary)
        inputs = inputs_of(self.flags.exposure, groupdq, self.run.pixeldq, first_row)
        self._diagnose(inputs, start, stop, ratio, first_row)
        if self.fitter is not None:
            self.fitter.fit_rows(inputs, start, stop, self.planes)
        return start, stop

    def _diagnose(
        self,
        inputs: FitInputs,
        start: int,
        stop: int,
        ratio: NDArray[np.float32] | None,
        first_row: int,
    ) -> None:
        run, settings = self.run, self.fitter.settings if self.fitter else None
        diagnose(inputs, (start, stop), settings, run.diagnostics, run.n_jumps)
        largest = run.diagnostics.largest_ratio
        if ratio is None:
            largest[start:stop] = np.nan
        else:
            largest[start:stop] = ratio[start - first_row : stop - first_row]

    def finished(self) -> Run:
        """Return the run, every row of which is complete now."""
        return replace(self.run, n_primary=self.run.n_primary + sum(self.counts))
