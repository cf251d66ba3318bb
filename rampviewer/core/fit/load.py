"""The ramps of one pixel, copied out of the exposure, with the rules for bad groups."""

import math
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U8, U32, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.segments import COUNTED, JUMP
from rampviewer.core.fit.settings import Calibration, FitSettings
from rampviewer.core.fit.work import FIRST_GROUP, ORDINARY, ZEROFRAME, RampWork

Scalar = TypeVar("Scalar", bound=np.generic)

DO_NOT_USE = np.uint8(Dq.DO_NOT_USE)
SATURATED = np.uint8(Dq.SATURATED)
UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
NO_GAIN = np.uint32(Dq.DO_NOT_USE | Dq.NO_GAIN_VALUE)


class FitInputs(NamedTuple):
    """The arrays of an exposure, C-contiguous; none is written to.

    `groupdq` may hold fewer rows than the others: its row 0 is row `dq_row_start` of them.
    """

    sci: F32  # (n_ints, n_groups, n_rows, n_cols) [DN]
    groupdq: U8  # (n_ints, n_groups, n_dq_rows, n_cols)
    dq_row_start: int
    pixeldq: U32  # (n_rows, n_cols)
    gain: F32  # (n_rows, n_cols) [electron/DN]
    readnoise: F32  # (n_rows, n_cols) CDS [DN]
    zeroframe: F32  # (n_ints, n_rows, n_cols) [DN], or (0, 0, 0)
    dark_current: F32  # (n_rows, n_cols) [electron/s], or (0, 0)


def fit_inputs(
    sci: F32,
    groupdq: U8,
    dq_row_start: int,
    pixeldq: U32,
    gain: F32,
    readnoise: F32,
    zeroframe: F32 | None,
    dark_current: F32 | None,
) -> FitInputs:
    """Return the arrays as the kernels take them, as read-only views."""
    if zeroframe is None:
        zeroframe = np.empty((0, 0, 0), np.float32)
    if dark_current is None:
        dark_current = np.empty((0, 0), np.float32)
    return FitInputs(
        _locked(sci),
        _locked(groupdq),
        dq_row_start,
        _locked(pixeldq),
        _locked(gain),
        _locked(readnoise),
        _locked(zeroframe),
        _locked(dark_current),
    )


def _locked(array: NDArray[Scalar]) -> NDArray[Scalar]:
    # An array that may be written to is another type for numba: one of the two is enough.
    view = array.view()
    view.flags.writeable = False
    return view


@kernel
def load_calibration(
    inputs: FitInputs, row: int, col: int, settings: FitSettings
) -> Calibration:
    """Return what the fit needs of pixel (row, col) besides its ramp."""
    gain = np.float64(inputs.gain[row, col])
    # Rounded as the reference rounds it: a product in double, kept in single precision.
    noise = np.float32(
        np.float64(inputs.readnoise[row, col]) * (gain / settings.noise_divisor)
    )
    dark = 0.0
    if inputs.dark_current.size > 0:
        dark = np.float64(inputs.dark_current[row, col])
    pixeldq = inputs.pixeldq[row, col]
    if gain <= 0.0 or math.isnan(gain):
        pixeldq = pixeldq | NO_GAIN
    return Calibration(float(gain), float(noise), float(dark), int(pixeldq))


@kernel
def load_flags(
    inputs: FitInputs, i: int, row: int, col: int, settings: FitSettings, work: RampWork
) -> int:
    """Copy the flags of integration `i`; return how many of them are 0."""
    dq_row = row - inputs.dq_row_start
    n_single = 0
    for group in range(inputs.sci.shape[1]):
        flags = inputs.groupdq[i, group, dq_row, col]
        if group < settings.first_used or group > settings.last_used:
            flags |= DO_NOT_USE
        n_single += flags & COUNTED == 0
        if settings.first <= group < settings.stop:
            work.given[i, group - settings.first] = flags
    suppressed = settings.suppress_one_group and n_single == 1
    n_good = 0
    for g in range(work.dq.shape[1]):
        flags = work.given[i, g]
        if suppressed:
            flags |= DO_NOT_USE
        if g == 0 and settings.drop_first_jump:
            flags &= ~JUMP
        work.dq[i, g] = flags
        n_good += flags == 0
    return n_good


@kernel
def load_ramp(
    inputs: FitInputs, i: int, row: int, col: int, settings: FitSettings, work: RampWork
) -> None:
    """Copy integration `i` and count its bad groups."""
    n_good = load_flags(inputs, i, row, col, settings, work)
    seen = np.uint8(0)
    n_saturated = 0
    n_unusable = 0
    for g in range(work.dq.shape[1]):
        flags = work.dq[i, g]
        seen |= flags
        n_unusable += flags & UNUSABLE != 0
        if flags & SATURATED:
            n_saturated += 1
            work.ramp[i, g] = math.nan
        else:
            work.ramp[i, g] = inputs.sci[i, settings.first + g, row, col]
    work.seen[i] = seen
    work.n_saturated[i] = n_saturated
    work.n_unusable[i] = n_unusable
    work.single[i] = ORDINARY
    if not settings.suppress_one_group:
        if n_good == 1 and work.dq[i, 0] == 0:
            work.single[i] = FIRST_GROUP
        elif n_good == 0 and inputs.zeroframe.size > 0:
            use_zeroframe(np.float64(inputs.zeroframe[i, row, col]), i, work)


@kernel
def use_zeroframe(value: float, i: int, work: RampWork) -> None:
    """Let the first frame stand for an integration without a good group, unless it is 0."""
    if value == 0.0:
        return
    work.ramp[i, 0] = value
    work.dq[i, 0] = 0
    work.n_unusable[i] -= 1
    if work.n_saturated[i] == work.dq.shape[1]:
        work.n_saturated[i] -= 1
    work.single[i] = ZEROFRAME
