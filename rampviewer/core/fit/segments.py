"""Where a ramp is good: its segments."""

import numpy as np

from rampviewer.core._jit import I64, U8, borrowing_kernel
from rampviewer.core.dq import Dq

JUMP = np.uint8(Dq.JUMP_DET)
COUNTED = np.uint8(0xFF & ~Dq.PERSISTENCE)  # persistence does not make a group bad


@borrowing_kernel
def find_segments(dq: U8, starts: I64, stops: I64) -> tuple[int, int]:
    """Find the runs of good groups of one integration.

    A run may begin with the group of a jump, which is the first sample after the hit. Runs
    of one group count only where no longer one exists, and then only the first is fitted.

    Parameters
    ----------
    dq : (n_groups,) uint8
    starts, stops : (n_groups,) int64
        Filled with the first group of each run and the one after its last.

    Returns
    -------
    n_fitted, n_counted : int
        Runs to fit, and runs that claim a place on the segment axis of the products.
    """
    n_found = 0
    longest = 0
    start = -1
    before = np.uint8(0)
    n_groups = dq.size
    for group in range(n_groups + 1):
        flags = dq[group] & COUNTED if group < n_groups else COUNTED
        if flags == 0:
            if start < 0:
                start = group - 1 if before == JUMP else group
        elif start >= 0:
            length = group - start
            if length > 1 or longest <= 1:
                starts[n_found] = start
                stops[n_found] = group
                n_found += 1
            longest = max(longest, length)
            start = -1
        before = flags
    if longest == 1:
        return 1, n_found
    n_kept = 0
    for k in range(n_found):
        if stops[k] - starts[k] > 1:
            starts[n_kept] = starts[k]
            stops[n_kept] = stops[k]
            n_kept += 1
    return n_kept, n_kept
