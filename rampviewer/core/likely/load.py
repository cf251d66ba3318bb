"""The ramp of one pixel, as the likelihood fit takes it."""

import numpy as np

from rampviewer.core._jit import borrowing_kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.row_data import FitInputs
from rampviewer.core.likely.settings import LikelySettings
from rampviewer.core.likely.work import LikelyWork

DO_NOT_USE = np.uint8(Dq.DO_NOT_USE)


@borrowing_kernel
def load_ramp(
    inputs: FitInputs,
    i: int,
    row: int,
    col: int,
    settings: LikelySettings,
    work: LikelyWork,
) -> None:
    """Write signal, flags and differences of integration `i` of a pixel to `work`.

    A zero frame becomes a group before the first, with the flags of the first.
    """
    n_groups = inputs.sci.shape[1]
    start = 1 if settings.has_zeroframe else 0
    dq_row = row - inputs.dq_row_start
    for g in range(n_groups):
        work.signal[start + g] = inputs.sci[i, g, row, col]
        flags = inputs.groupdq[i, g, dq_row, col]
        is_out = g < settings.first_used or g > settings.last_used
        work.groupdq[start + g] = flags | DO_NOT_USE if is_out else flags
    if settings.has_zeroframe:
        # What is left of the mean of the first group is the mean of its other frames.
        n_frames = np.float32(settings.n_frames)
        zeroframe = inputs.zeroframe[i, row, col]
        others = work.signal[1] * n_frames - zeroframe
        work.signal[0] = zeroframe
        work.signal[1] = others / (n_frames - np.float32(1))
        work.groupdq[0] = work.groupdq[1]
    for k in range(work.diffs.size):
        step = np.float64(work.signal[k + 1] - work.signal[k])
        work.diffs[k] = step / settings.pattern.delta_t[k]
        work.use[k] = work.groupdq[k] == 0 and work.groupdq[k + 1] == 0
