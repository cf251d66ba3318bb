"""The ramp fit: from an exposure and its flags to rates."""

import math
import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.facts import groups_wholly
from rampviewer.core.fit.coefficients import Coefficients, coefficients
from rampviewer.core.fit.optional import SegmentOutputs, count_axes, segment_rows
from rampviewer.core.fit.row_data import FitInputs, fit_inputs
from rampviewer.core.fit.rows import FitOutputs, fit_rows
from rampviewer.core.fit.settings import FitSettings
from rampviewer.core.fit.trimming import is_group_used
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory import pages
from rampviewer.model.memory.budget import IN_MEMORY, Room
from rampviewer.model.runs.group_range import used_range
from rampviewer.model.runs.likely_fitting import fit_likely, is_likely
from rampviewer.model.runs.results import FitResult, RatePlanes, Segments
from rampviewer.model.settings.checks import require
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.timing import Timing

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]


def fit_settings(
    groupdq: U8, timing: Timing, parameters: RampFitParameters, instrument: str = ""
) -> FitSettings | None:
    """Return what the fit depends on besides the arrays.

    Parameters
    ----------
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8, C-contiguous
        All flags of the exposure, after jump detection: MIRI groups that no ramp can use
        are trimmed away, and with everything saturated there is nothing to fit.
    timing : Timing
    parameters : RampFitParameters
    instrument : str

    Returns
    -------
    settings : FitSettings or None
        None when nothing of the exposure can be fitted.
    """
    n_groups = groupdq.shape[1]
    suppress = parameters.suppress_one_group and n_groups > 1
    used = used_range(parameters, n_groups)
    first, stop = 0, n_groups
    if instrument.upper() == "MIRI" and n_groups > 1:
        first, stop = _miri_range(groupdq, used, suppress)
        if stop - first < 2:
            return None
    if groups_wholly(groupdq, int(Dq.SATURATED))[:, first].all():
        return None
    frames = timing.n_frames + timing.groupgap
    # The reference keeps the two times in single precision.
    frame_time = float(np.float32(timing.frame_time))
    return FitSettings(
        group_time=float(np.float32(timing.group_time)),
        frame_time=frame_time,
        first_group_time=(timing.n_frames + 1.0) * frame_time / 2.0,
        noise_divisor=math.sqrt(2.0 * timing.n_frames),
        pedestal_groups=((timing.n_frames + 1) / 2.0 + timing.drop_frames1) / frames,
        first=first,
        stop=stop,
        first_used=used[0],
        last_used=used[1],
        suppress_one_group=suppress,
        drop_first_jump=first > 0,
    )


def _miri_range(groupdq: U8, used: tuple[int, int], suppress: bool) -> tuple[int, int]:
    """Return the groups left when leading ones and the last that no ramp uses are cut."""
    n_groups = groupdq.shape[1]
    first = 0
    while first < n_groups and not is_group_used(groupdq, first, *used, suppress):
        first += 1
    if first == n_groups:
        return first, n_groups
    last_is_used = is_group_used(groupdq, n_groups - 1, *used, suppress)
    return first, n_groups if last_is_used else n_groups - 1


def inputs_of(
    exposure: Exposure, groupdq: U8, pixeldq: U32, dq_row_start: int = 0
) -> FitInputs:
    """Return the arrays for the kernels; see `RampFitter.inputs`."""
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


@dataclass(frozen=True, slots=True, eq=False)
class RampFitter:
    """The fit of one exposure, row block by row block, from any number of threads."""

    exposure: Exposure
    settings: FitSettings
    table: Coefficients

    @classmethod
    def of(cls, exposure: Exposure, settings: FitSettings) -> "RampFitter":
        return cls(exposure, settings, coefficients(settings.stop - settings.first))

    def inputs(self, groupdq: U8, pixeldq: U32, dq_row_start: int = 0) -> FitInputs:
        """Return the arrays for the kernels.

        `groupdq` may be a block of rows, the first of which is `dq_row_start`.
        """
        return inputs_of(self.exposure, groupdq, pixeldq, dq_row_start)

    def fit_rows(
        self, inputs: FitInputs, row_start: int, row_stop: int, out: FitOutputs
    ) -> None:
        """Fit rows `row_start` to `row_stop` (exclusive) into the planes `out`."""
        fit_rows(inputs, row_start, row_stop, self.settings, self.table, out)


def empty_planes(
    n_ints: int, n_rows: int, n_cols: int, room: Room = IN_MEMORY, *, shared: bool = False
) -> FitOutputs:
    """Return uninitialised planes for the rates of an exposure and its integrations.

    With `shared` those that an only integration has in common with the exposure are not
    made twice.
    """
    types = (np.float32, np.uint32, np.float32, np.float32, np.float32)
    frame = [pages.empty((n_rows, n_cols), kind) for kind in types]
    shapes = [(0, 0, 0) if shared else (n_ints, n_rows, n_cols)] * 4
    shapes += [(n_ints, n_rows, n_cols)]
    cube = [room.empty(shape, kind) for shape, kind in zip(shapes, types, strict=True)]
    return FitOutputs._make(frame + cube)


def planes_of(out: FitOutputs) -> tuple[RatePlanes, RatePlanes]:
    """Return the filled planes as rate and rateints; what is shared is in both."""
    if out.int_slope.size == 0:
        out = out._replace(
            int_slope=out.slope[None],
            int_dq=out.dq[None],
            int_var_poisson=out.var_poisson[None],
            int_var_rnoise=out.var_rnoise[None],
        )
    rate = RatePlanes(
        slope=out.slope,
        dq=out.dq,
        var_poisson=out.var_poisson,
        var_rnoise=out.var_rnoise,
        err=out.err,
    )
    rateints = RatePlanes(
        slope=out.int_slope,
        dq=out.int_dq,
        var_poisson=out.int_var_poisson,
        var_rnoise=out.int_var_rnoise,
        err=out.int_err,
    )
    return rate, rateints


def nothing_fitted(n_ints: int, pixeldq: U32, room: Room = IN_MEMORY) -> FitResult:
    """Return the result of an exposure of which no ramp can be fitted."""
    n_rows, n_cols = pixeldq.shape
    out = empty_planes(n_ints, n_rows, n_cols, room)
    for plane in out:
        plane[...] = (
            pixeldq | np.uint32(Dq.DO_NOT_USE) if plane.dtype == np.uint32 else np.nan
        )
    rate, rateints = planes_of(out)
    return FitResult(rate=rate, rateints=rateints, nothing_fitted=True)


def fit_exposure(
    exposure: Exposure,
    parameters: RampFitParameters,
    *,
    groupdq: U8 | None = None,
    pixeldq: U32 | None = None,
    segments: bool = False,
    n_threads: int | None = None,
) -> FitResult:
    """Fit the ramps of an exposure.

    As in the official step, uneven read times are fitted by likelihood whatever the
    algorithm asked for, and ramps of fewer than four groups by least squares.

    Parameters
    ----------
    exposure : Exposure
    parameters : RampFitParameters
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8, optional
        Flags to fit with, C-contiguous; those of the exposure if not given.
    pixeldq : (n_rows, n_cols) uint32, optional
        Likewise.
    segments : bool
        Whether to return the fits of the single segments too; likelihood fits have none.
    n_threads : int, optional
        All cores if not given.

    Raises
    ------
    ValueError
        When the read times do not fit the groups.
    """
    if is_likely(exposure.n_groups, exposure.timing, parameters):
        return fit_likely(
            exposure, parameters, groupdq=groupdq, pixeldq=pixeldq, n_threads=n_threads
        )
    groupdq = exposure.groupdq if groupdq is None else groupdq
    pixeldq = exposure.pixeldq if pixeldq is None else pixeldq
    settings = fit_settings(groupdq, exposure.timing, parameters, exposure.instrument)
    if settings is None:
        return nothing_fitted(exposure.n_ints, pixeldq, exposure.room)
    fitter = RampFitter.of(exposure, settings)
    inputs = fitter.inputs(groupdq, pixeldq)
    threads = n_threads or os.cpu_count() or 1
    out = empty_planes(exposure.n_ints, exposure.n_rows, exposure.n_cols, exposure.room)
    for _ in exposure.over_bands(
        lambda a, b: fitter.fit_rows(inputs, a, b, out), threads, made=[groupdq, *out]
    ):
        pass
    rate, rateints = planes_of(out)
    packed = _segments(fitter, inputs, threads) if segments else None
    return FitResult(rate=rate, rateints=rateints, segments=packed)


def _segments(fitter: RampFitter, inputs: FitInputs, threads: int) -> Segments:
    """Return the segments of all pixels: first the lengths of the axes, then the values."""
    settings, table, exposure = fitter.settings, fitter.table, fitter.exposure
    counts = exposure.over_bands(
        lambda a, b: count_axes(inputs, a, b, settings), threads, made=[inputs.groupdq]
    )
    n_segments, n_crs = np.max(list(counts), axis=0)
    n_ints, _, n_rows, n_cols = inputs.sci.shape
    shape = (n_ints, int(n_segments), n_rows, n_cols)
    shapes = [*[shape] * 7, (n_ints, n_rows, n_cols), (n_ints, int(n_crs), n_rows, n_cols)]
    out = SegmentOutputs._make(exposure.room.zeros(one, np.float32) for one in shapes)
    for _ in exposure.over_bands(
        lambda a, b: segment_rows(inputs, a, b, settings, table, out),
        threads,
        made=[inputs.groupdq, *out],
    ):
        pass
    return Segments(**out._asdict())


def fit_ramps(
    sci: "ArrayLike",
    groupdq: "ArrayLike",
    pixeldq: "ArrayLike",
    gain: "ArrayLike",
    readnoise: "ArrayLike",
    timing: Timing,
    parameters: RampFitParameters,
    *,
    instrument: str = "",
    zeroframe: "ArrayLike | None" = None,
    dark_current: "ArrayLike | None" = None,
    segments: bool = False,
    n_threads: int | None = None,
) -> FitResult:
    """Fit ramps given as arrays of any byte order and layout.

    Parameters
    ----------
    sci : (n_ints, n_groups, n_rows, n_cols)
        Accumulated signal [DN].
    groupdq : same shape
        Flags of the groups, after jump detection.
    pixeldq : (n_rows, n_cols)
    gain : (n_rows, n_cols) or number
        [electron/DN]
    readnoise : (n_rows, n_cols) or number
        CDS read noise [DN].
    timing : Timing
    parameters : RampFitParameters
    instrument : str
        "MIRI" has groups trimmed that no ramp can use.
    zeroframe : (n_ints, n_rows, n_cols), optional
        First frame of each integration [DN].
    dark_current : (n_rows, n_cols), optional
        Average dark current [electron/s], part of the Poisson noise.
    segments : bool
        Whether to return the fits of the single segments too; likelihood fits have none.
    n_threads : int, optional
        All cores if not given.

    Returns
    -------
    result : FitResult
        With `nothing_fitted` and NaN planes when no ramp of the exposure can be fitted.

    Raises
    ------
    ValueError, TypeError
        When the shapes, or the read times, do not fit each other, or an argument is not
        what it must be.

    References
    ----------
    Fixsen et al. 2000, PASP 112, 1350 (least squares); Brandt 2024, PASP 136, 045004 and
    045005 (likelihood).
    """
    require("parameters", parameters, RampFitParameters, "RampFitParameters()")
    exposure = Exposure.from_arrays(
        sci,
        groupdq,
        pixeldq,
        gain,
        readnoise,
        timing,
        instrument,
        zeroframe=zeroframe,
        dark_current=dark_current,
    )
    return fit_exposure(exposure, parameters, segments=segments, n_threads=n_threads)
