"""The ramps of one pixel, copied out of the exposure, with the rules for bad groups."""

import math

import numpy as np

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import RowData
from rampviewer.core.fit.segments import COUNTED, JUMP
from rampviewer.core.fit.settings import Calibration, FitSettings
from rampviewer.core.fit.work import FIRST_GROUP, ORDINARY, ZEROFRAME, RampWork

DO_NOT_USE = np.uint8(Dq.DO_NOT_USE)
SATURATED = np.uint8(Dq.SATURATED)
UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)
NO_GAIN = np.uint32(Dq.DO_NOT_USE | Dq.NO_GAIN_VALUE)


@borrowing_kernel
def load_calibration(row: RowData, col: int, settings: FitSettings) -> Calibration:
    """Return what the fit needs of pixel `col` besides its ramp."""
    gain = np.float64(row.gain[col])
    # Rounded as the reference rounds it: a product in double, kept in single precision.
    noise = np.float32(np.float64(row.readnoise[col]) * (gain / settings.noise_divisor))
    dark = np.float64(row.dark_current[col])
    pixeldq = row.pixeldq[col]
    if gain <= 0.0 or math.isnan(gain):
        pixeldq = pixeldq | NO_GAIN
    return Calibration(gain, np.float64(noise), dark, int(pixeldq))


@borrowing_kernel
def load_flags(
    row: RowData, i: int, col: int, settings: FitSettings, work: RampWork
) -> int:
    """Copy the flags of integration `i`; return how many of them are 0."""
    n_single = 0
    for group in range(row.groupdq.shape[1]):
        flags = row.groupdq[i, group, col]
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


@borrowing_kernel
def load_ramp(
    row: RowData, i: int, col: int, settings: FitSettings, work: RampWork
) -> None:
    """Copy integration `i` and count its bad groups."""
    n_good = load_flags(row, i, col, settings, work)
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
            work.ramp[i, g] = row.sci[i, settings.first + g, col]
    work.seen[i] = seen
    work.n_saturated[i] = n_saturated
    work.n_unusable[i] = n_unusable
    work.single[i] = ORDINARY
    if not settings.suppress_one_group:
        if n_good == 1 and work.dq[i, 0] == 0:
            work.single[i] = FIRST_GROUP
        elif n_good == 0:
            use_zeroframe(np.float64(row.zeroframe[i, col]), i, work)


@borrowing_kernel
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
