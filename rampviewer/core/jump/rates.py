"""Differences over the time between their groups, for any read pattern."""

import numpy as np

from rampviewer.core._jit import F32, F64, U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.jump.one_pixel import middle, sort_values
from rampviewer.core.jump.settings import JumpSettings

_UNUSABLE = np.uint8(Dq.DO_NOT_USE | Dq.SATURATED)


@kernel
def rates_of(signal: F32, flags: U8, settings: JumpSettings) -> F64:
    """Return the rate before each plane [electron/s], NaN where it is not usable.

    Parameters
    ----------
    signal : (n_planes,) float32
        [electron]
    flags : (n_planes,) uint8
    """
    n_steps = settings.steps.size
    rates = np.full(signal.size, np.nan)
    for p in range(1, signal.size):
        k = p % (n_steps + 1) - 1
        if k >= 0 and not (flags[p] | flags[p - 1]) & _UNUSABLE:
            rates[p] = np.float64(signal[p] - signal[p - 1]) / settings.steps[k]
    return rates


@kernel
def median_rate(rates: F64) -> float:
    """Return the median of the rates that are not NaN [electron/s]."""
    usable = rates[~np.isnan(rates)]
    sort_values(usable, usable.size)
    return middle(usable, 0, usable.size)
