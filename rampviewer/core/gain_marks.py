"""Pixels without a usable gain, and those that are unusable as delivered."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core._jit import F32, U32, kernel
from rampviewer.core.dq import Dq

_UNUSABLE = np.uint32(Dq.DO_NOT_USE)
_NO_GAIN = np.uint32(Dq.NO_GAIN_VALUE | Dq.DO_NOT_USE)


@kernel
def mark_gain(pixeldq: U32, gain: F32, marked: U32, unusable: NDArray[np.bool_]) -> None:
    """Mark the pixels of some rows whose gain is zero, negative or NaN.

    Parameters
    ----------
    pixeldq : (n_rows, n_cols) uint32
        As delivered.
    gain : (n_rows, n_cols) float32
        [electron/DN]
    marked : (n_rows, n_cols) uint32
        Filled: `pixeldq` with NO_GAIN_VALUE and DO_NOT_USE where the gain is unusable.
    unusable : (n_rows, n_cols) bool
        Filled: where `pixeldq` has DO_NOT_USE.
    """
    zero = np.float32(0.0)
    for row in range(len(pixeldq)):
        flags, known = pixeldq[row], gain[row]
        out, out_unusable = marked[row], unusable[row]
        for x in range(flags.size):
            bad = np.uint32(not known[x] > zero)
            out[x] = flags[x] | np.uint32(bad * _NO_GAIN)
        for x in range(flags.size):
            out_unusable[x] = (flags[x] & _UNUSABLE) != 0
