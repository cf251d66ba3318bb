"""Pixels without a usable gain."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.model import pages
from rampviewer.model.bands import do_in_bands
from rampviewer.model.exposure import U32

_BITS = np.uint32(Dq.NO_GAIN_VALUE | Dq.DO_NOT_USE)


def without_gain(pixeldq: U32, gain: NDArray[np.float32]) -> U32:
    """Return a copy of PIXELDQ with pixels whose gain is unusable marked as such.

    NO_GAIN_VALUE and DO_NOT_USE are set where the gain is zero, negative or NaN.
    """
    marked = pages.empty(pixeldq.shape, np.uint32)

    def mark(start: int, stop: int) -> None:
        mark_rows(pixeldq[start:stop], gain[start:stop], marked[start:stop])

    do_in_bands(mark, len(pixeldq), pixeldq[:1].size)
    return marked


def mark_rows(pixeldq: U32, gain: NDArray[np.float32], marked: U32) -> None:
    """Fill some rows of what `without_gain` returns."""
    marked[...] = pixeldq
    if not gain.min() > 0:  # nor is a NaN
        marked[~(gain > 0)] |= _BITS
