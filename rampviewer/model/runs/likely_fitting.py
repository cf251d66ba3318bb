"""The likelihood fit: from an exposure and its flags to rates and chi-square."""

import os
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.fit.row_data import FitInputs, fit_inputs
from rampviewer.core.likely.outputs import LikelyOutputs
from rampviewer.core.likely.rows import fit_rows
from rampviewer.core.likely.settings import (
    MIN_GROUPS,
    THRESHOLD_ONE,
    THRESHOLD_TWO,
    LikelySettings,
    even_reads,
    read_pattern,
)
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory import pages
from rampviewer.model.memory.budget import IN_MEMORY, Room
from rampviewer.model.runs.group_range import used_range
from rampviewer.model.runs.results import FitResult, RatePlanes
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import Timing

F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]


def is_likely(n_groups: int, timing: Timing, parameters: RampFitParameters) -> bool:
    """Return whether the fit is by likelihood.

    As in the official step, uneven read times ask for it like the parameter does, and
    fewer than four groups are fitted by least squares all the same.
    """
    wanted = parameters.algorithm == "LIKELY" or bool(timing.read_times)
    return wanted and n_groups >= MIN_GROUPS


def optional_product(
    n_groups: int, timing: Timing, parameters: RampFitParameters
) -> Literal["fitopt", "likely_chisq"]:
    """Return the product that the official step writes with `save_opt`."""
    return "likely_chisq" if is_likely(n_groups, timing, parameters) else "fitopt"


def group_reads(n_groups: int, timing: Timing) -> list[F64]:
    """Return the times of the reads of every group [s].

    Raises
    ------
    ValueError
        When uneven read times are given for another number of groups, or a group has none.
    """
    if not timing.read_times:
        return even_reads(n_groups, timing.n_frames, timing.groupgap, timing.frame_time)
    if len(timing.read_times) != n_groups:
        raise ValueError(
            f"read_times has {len(timing.read_times)} groups, the ramps have {n_groups}"
        )
    return [np.array(times) for times in timing.read_times]


def likely_settings(
    n_groups: int, timing: Timing, used: tuple[int, int], has_zeroframe: bool = False
) -> LikelySettings:
    """Return what the fit depends on besides the arrays.

    Parameters
    ----------
    n_groups : int
    timing : Timing
    used : (int, int)
        First and last group that may be used.
    has_zeroframe : bool
        Whether there is a first frame that could be a group of its own: it is one where
        the first group has several reads.

    Raises
    ------
    ValueError
        When the read times do not fit the groups.
    """
    reads = group_reads(n_groups, timing)
    is_split = has_zeroframe and len(reads[0]) > 1
    if is_split:
        reads = [reads[0][:1], reads[0][1:], *reads[1:]]
    return LikelySettings(
        pattern=read_pattern(reads),
        has_zeroframe=is_split,
        n_frames=float(timing.n_frames),
        first_used=used[0],
        last_used=used[1],
        threshold_one=THRESHOLD_ONE,
        threshold_two=THRESHOLD_TWO,
    )


@dataclass(frozen=True, slots=True, eq=False)
class LikelyFitter:
    """The fit of one exposure, row block by row block, from any number of threads."""

    exposure: Exposure
    settings: LikelySettings

    @classmethod
    def of(cls, exposure: Exposure, parameters: RampFitParameters) -> "LikelyFitter":
        """Return the fitter of an exposure.

        Raises
        ------
        ValueError
            When the read times do not fit the groups.
        """
        used = used_range(parameters, exposure.n_groups)
        has_zeroframe = exposure.zeroframe is not None
        settings = likely_settings(exposure.n_groups, exposure.timing, used, has_zeroframe)
        return cls(exposure, settings)

    def inputs(self, groupdq: U8, pixeldq: U32, dq_row_start: int = 0) -> FitInputs:
        """Return the arrays for the kernels.

        `groupdq` may be a block of rows, the first of which is `dq_row_start`.
        """
        exposure = self.exposure
        return fit_inputs(
            exposure.sci,
            groupdq,
            dq_row_start,
            pixeldq,
            exposure.gain,
            exposure.readnoise,
            exposure.zeroframe,
            exposure.dark_current,
        )

    def fit_rows(
        self, inputs: FitInputs, row_start: int, row_stop: int, out: LikelyOutputs
    ) -> None:
        """Fit rows `row_start` to `row_stop` (exclusive) into the planes `out`."""
        fit_rows(inputs, row_start, row_stop, self.settings, out)


def empty_likely_planes(
    n_ints: int, n_rows: int, n_cols: int, room: Room = IN_MEMORY
) -> LikelyOutputs:
    """Return uninitialised planes for the rates of an exposure and its integrations."""
    types = (np.float32, np.uint32, np.float32, np.float32, np.float32, np.float32)
    frame = [pages.empty((n_rows, n_cols), kind) for kind in types]
    cube = [room.empty((n_ints, n_rows, n_cols), kind) for kind in types]
    return LikelyOutputs._make(frame + cube)


def likely_planes_of(out: LikelyOutputs) -> tuple[RatePlanes, RatePlanes]:
    """Return the filled planes as rate and rateints."""
    rate = RatePlanes(
        slope=out.slope,
        dq=out.dq,
        var_poisson=out.var_poisson,
        var_rnoise=out.var_rnoise,
        err=out.err,
        chisq=out.chisq,
    )
    rateints = RatePlanes(
        slope=out.int_slope,
        dq=out.int_dq,
        var_poisson=out.int_var_poisson,
        var_rnoise=out.int_var_rnoise,
        err=out.int_err,
        chisq=out.int_chisq,
    )
    return rate, rateints


def fit_likely(
    exposure: Exposure,
    parameters: RampFitParameters,
    *,
    groupdq: U8 | None = None,
    pixeldq: U32 | None = None,
    n_threads: int | None = None,
) -> FitResult:
    """Fit the ramps of an exposure of at least four groups by likelihood.

    Parameters
    ----------
    exposure : Exposure
    parameters : RampFitParameters
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8, optional
        Flags to fit with, C-contiguous; those of the exposure if not given.
    pixeldq : (n_rows, n_cols) uint32, optional
        Likewise.
    n_threads : int, optional
        All cores if not given.

    Raises
    ------
    ValueError
        When the read times do not fit the groups.
    """
    groupdq = exposure.groupdq if groupdq is None else groupdq
    pixeldq = exposure.pixeldq if pixeldq is None else pixeldq
    fitter = LikelyFitter.of(exposure, parameters)
    inputs = fitter.inputs(groupdq, pixeldq)
    frame = exposure.n_rows, exposure.n_cols
    out = empty_likely_planes(exposure.n_ints, *frame, exposure.room)
    threads = n_threads or os.cpu_count() or 1
    for _ in exposure.over_bands(
        lambda a, b: fitter.fit_rows(inputs, a, b, out), threads, made=[groupdq, *out]
    ):
        pass
    rate, rateints = likely_planes_of(out)
    return FitResult(rate=rate, rateints=rateints)
