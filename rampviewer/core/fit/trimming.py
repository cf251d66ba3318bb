"""Which groups any ramp of an exposure uses, which a block of rows cannot know."""

import numpy as np

from rampviewer.core._jit import U8, kernel
from rampviewer.core.dq import Dq
from rampviewer.core.fit.segments import COUNTED

DO_NOT_USE = np.uint8(Dq.DO_NOT_USE)


@kernel
def user_of_group(
    groupdq: U8, group: int, first_used: int, last_used: int, suppress_one_group: bool
) -> int:
    """Return the first pixel with a ramp that has `group` without DO_NOT_USE.

    Parameters
    ----------
    groupdq : (n_ints, n_groups, n_rows, n_cols) uint8
    group : int
    first_used, last_used : int
        Groups outside count as DO_NOT_USE.
    suppress_one_group : bool
        Whether a ramp with a single good group counts as DO_NOT_USE throughout.

    Returns
    -------
    pixel : int
        row x n_cols + column, -1 when there is none.
    """
    n_ints, n_groups, n_rows, n_cols = groupdq.shape
    if group < first_used or group > last_used:
        return -1
    for i in range(n_ints):
        for row in range(n_rows):
            for col in range(n_cols):
                if groupdq[i, group, row, col] & DO_NOT_USE:
                    continue
                n_good = 2
                if suppress_one_group:
                    n_good = 0
                    for g in range(first_used, min(last_used + 1, n_groups)):
                        n_good += groupdq[i, g, row, col] & COUNTED == 0
                if n_good != 1:
                    return int(row * n_cols + col)
    return -1


def is_group_used(
    groupdq: U8, group: int, first_used: int, last_used: int, suppress_one_group: bool
) -> bool:
    """Return whether any ramp has `group` without DO_NOT_USE; see `user_of_group`."""
    used = first_used, last_used, suppress_one_group
    return bool(user_of_group(groupdq, group, *used) >= 0)
