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
        rows = marked[start:stop]
        rows[...] = pixeldq[start:stop]
        no_gain = ~(gain[start:stop] > 0)
        if no_gain.any():
            rows[no_gain] |= _BITS

    do_in_bands(mark, len(pixeldq), pixeldq[:1].size)
    return marked
