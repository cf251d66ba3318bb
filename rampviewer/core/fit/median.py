"""The typical rate of a pixel, on which its Poisson noise rests."""

import math

import numpy as np

from rampviewer.core._jit import F64, U8, borrowing_kernel
from rampviewer.core.dq import Dq

UNUSABLE = np.uint8(Dq.DO_NOT_USE)
JUMP = np.uint8(Dq.JUMP_DET)


@borrowing_kernel
def median_of_sorted(values: F64, n: int) -> float:
    """Return the median of the first `n` of sorted values; NaN when there is none."""
    if n == 0:
        return math.nan
    middle = n // 2
    if n % 2 == 1:
        return float(values[middle])
    return float((values[middle - 1] + values[middle]) / 2.0)


@borrowing_kernel
def median_rate(ramp: F64, dq: U8, group_time: float, ordered: F64) -> float:
    """Return the median difference of one integration of two or more groups.

    Parameters
    ----------
    ramp : (n_groups,) float64
        [DN]; NaN where saturated.
    dq : (n_groups,) uint8
    group_time : float
        [s]
    ordered : (n_groups,) float64
        Room to sort in.

    Returns
    -------
    rate : float
        [DN/s]. With no usable difference the first group stands for one; NaN if it is
        flagged or NaN too.
    """
    n = 0
    earlier = math.nan if dq[0] & UNUSABLE else ramp[0] / group_time
    first = earlier
    for group in range(1, ramp.size):
        later = math.nan if dq[group] & UNUSABLE else ramp[group] / group_time
        step = later - earlier
        if not (dq[group] & JUMP) and not math.isnan(step):
            k = n
            while k > 0 and ordered[k - 1] > step:
                ordered[k] = ordered[k - 1]
                k -= 1
            ordered[k] = step
            n += 1
        earlier = later
    return first if n == 0 else median_of_sorted(ordered, n)
