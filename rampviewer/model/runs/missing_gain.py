"""Pixels without a usable gain."""

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.gain_marks import mark_gain
from rampviewer.model.exposure import U32
from rampviewer.model.memory import pages
from rampviewer.model.runs.bands import do_in_bands


def without_gain(pixeldq: U32, gain: NDArray[np.float32]) -> U32:
    """Return a copy of PIXELDQ with pixels whose gain is unusable marked as such.

    NO_GAIN_VALUE and DO_NOT_USE are set where the gain is zero, negative or NaN.
    """
    marked = pages.empty(pixeldq.shape, np.uint32)

    def mark(start: int, stop: int) -> None:
        rows = marked[start:stop]
        unusable = np.empty(rows.shape, np.bool_)  # that is not asked for here
        mark_gain(pixeldq[start:stop], gain[start:stop], rows, unusable)

    do_in_bands(mark, len(pixeldq), pixeldq[:1].size)
    return marked
