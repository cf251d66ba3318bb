"""Flags of a run, put together from the delivered ones and its packed jumps."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq

U8 = NDArray[np.uint8]
JUMP = np.uint8(Dq.JUMP_DET)


def with_jumps(delivered: U8, jump_bits: U8) -> U8:
    """Return `delivered` (..., n_cols) with its JUMP_DET replaced by the packed ones."""
    jumps = np.unpackbits(jump_bits, axis=-1, count=delivered.shape[-1])
    jumps *= JUMP
    jumps |= delivered & ~JUMP
    return jumps
