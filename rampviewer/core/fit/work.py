"""Room to work in for one pixel after the other, so that no pixel allocates."""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, I64, U8, U32, borrowing_kernel, kernel
from rampviewer.core.fit.settings import FitSettings

# Columns of `RampWork.fits`; the rows are the integrations, then the exposure.
SLOPE, VAR_POISSON, VAR_RNOISE, ERR = 0, 1, 2, 3

# What the one good group of an integration is, in `RampWork.single`.
ORDINARY, FIRST_GROUP, ZEROFRAME = 0, 1, 2


class RampWork(NamedTuple):
    """The ramps of one pixel and what was made of them.

    Groups are those that are left after trimming.
    """

    ramp: F64  # (n_ints, n_groups) [DN]; NaN where saturated
    dq: U8  # (n_ints, n_groups) flags the fit sees
    given: U8  # (n_ints, n_groups) flags before the one-group and first-jump rules
    n_saturated: I64  # (n_ints,)
    n_unusable: I64  # (n_ints,) groups that are saturated or DO_NOT_USE
    single: I64  # (n_ints,) ORDINARY, FIRST_GROUP or ZEROFRAME
    seen: U8  # (n_ints,) all flags of the groups together
    n_fitted: I64  # (n_ints,) segments
    n_counted: I64  # (n_ints,) segments on the segment axis of the products
    starts: I64  # (n_ints, n_groups) first group of each segment
    stops: I64  # (n_ints, n_groups) one past its last group
    spare_starts: I64  # (n_groups,)
    spare_stops: I64  # (n_groups,)
    ordered: F64  # (n_groups,) room to sort in
    fits: F64  # (n_ints + 1, 4)
    flags: U32  # (n_ints + 1,)


@kernel
def ramp_work(n_ints: int, n_groups: int) -> RampWork:
    """Return uninitialised room for pixels of `n_groups` groups after trimming."""
    shape = (n_ints, n_groups)
    return RampWork(
        np.empty(shape, np.float64),
        np.empty(shape, np.uint8),
        np.empty(shape, np.uint8),
        np.empty(n_ints, np.int64),
        np.empty(n_ints, np.int64),
        np.empty(n_ints, np.int64),
        np.empty(n_ints, np.uint8),
        np.empty(n_ints, np.int64),
        np.empty(n_ints, np.int64),
        np.empty(shape, np.int64),
        np.empty(shape, np.int64),
        np.empty(n_groups, np.int64),
        np.empty(n_groups, np.int64),
        np.empty(n_groups, np.float64),
        np.empty((n_ints + 1, 4), np.float64),
        np.empty(n_ints + 1, np.uint32),
    )


@borrowing_kernel
def lone_group_time(i: int, settings: FitSettings, work: RampWork) -> float:
    """Return the time in which a segment of one group was collected [s]."""
    if work.single[i] == FIRST_GROUP:
        return settings.first_group_time
    if work.single[i] == ZEROFRAME:
        return settings.frame_time
    return settings.group_time
