"""Flags of a run, put together from the delivered ones and its packed jumps."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.model.memory import pages

U8 = NDArray[np.uint8]
JUMP = np.uint8(Dq.JUMP_DET)
ROWS: Final = 64  # at a time: what is kept in between stays near the processor


def with_jumps(delivered: U8, jump_bits: U8) -> U8:
    """Return `delivered` (..., n_rows, n_cols) with its JUMP_DET as in the packed ones."""
    flags = pages.empty(delivered.shape, np.uint8)
    for frame in np.ndindex(delivered.shape[:-2]):
        for start in range(0, delivered.shape[-2], ROWS):
            part = (*frame, slice(start, start + ROWS))
            jumps = np.unpackbits(jump_bits[part], axis=-1, count=delivered.shape[-1])
            mark_jumps(jumps, delivered[part])
            flags[part] = jumps
    return flags


def mark_jumps(jumps: U8, delivered: U8) -> None:
    """Make 1 where there is a jump, else 0, the flags: other bits as delivered."""
    jumps *= JUMP
    jumps |= delivered & ~JUMP
