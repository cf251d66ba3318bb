"""The record of how jump detection decided about one pixel."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, I64, kernel


class PixelTrace(NamedTuple):
    """Differences of one pixel and the numbers of the stage that decided each of them.

    All are (n_planes,), at the later group of each difference; NaN, and order 0, where
    nothing was decided.
    """

    difference: F64  # signed, usable ones [electron]
    ratio: F64  # [sigma]
    median: F64  # [electron]
    sigma: F64  # [electron]
    limit: F64  # [sigma]
    order: I64  # number of the removal, from 1; 0 where the difference stayed


@kernel
def empty_trace(n_planes: int) -> PixelTrace:
    """Return a trace in which nothing was decided."""
    nothing = np.full((5, n_planes), np.nan)
    order = np.zeros(n_planes, np.int64)
    return PixelTrace(nothing[0], nothing[1], nothing[2], nothing[3], nothing[4], order)
