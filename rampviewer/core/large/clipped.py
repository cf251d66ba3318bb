"""The typical step of each group over many integrations, by sigma clipping."""

import numpy as np

from rampviewer.core._jit import F32
from rampviewer.core.large.deviations import Signal, steps_of_row

_SIGMAS = 5


def clipped_steps(signal: Signal, start: int, stop: int, median: F32, sigma: F32) -> None:
    """Find the median step and its spread for rows `start` to `stop` (exclusive).

    Pixels without any step warn; only the caller, with all threads in one hand, can say
    that this is as it should be.

    Parameters
    ----------
    signal : Signal
    start, stop : int
    median, sigma : (n_groups - 1, n_rows, n_cols) float32
        Filled in [electron]: of the integrations whose step of this group is not clipped.
    """
    # It takes a while to import, and few exposures need it.
    from astropy.stats import sigma_clipped_stats  # noqa: PLC0415

    n_ints, n_groups, _, n_cols = signal.sci.shape
    steps = np.empty((n_ints, n_groups - 1, stop - start, n_cols), np.float32)
    one_row = np.empty((n_ints * (n_groups - 1), n_cols), np.float32)
    for row in range(start, stop):
        steps_of_row(signal, row, one_row)
        steps[:, :, row - start] = one_row.reshape(n_ints, n_groups - 1, n_cols)
    _, middle, spread = sigma_clipped_stats(steps, sigma=_SIGMAS, axis=0)
    median[:, start:stop], sigma[:, start:stop] = middle, spread
