"""What jump detection needs to know besides the arrays."""

from typing import Final, NamedTuple

from rampviewer.core._jit import F64, U8

ITERATIVE: Final = 0
SINGLE_PASS: Final = 1
TOO_FEW_GROUPS: Final = 2
SIGMA_CLIP: Final = 3


class JumpSettings(NamedTuple):
    """Parameters and global facts, each of one fixed type.

    A kernel is compiled once for these types: an int where a float was compiled would
    compile a second one, so make them with `model.jump_detection.jump_settings`.
    """

    branch: int  # one of those above, one for the exposure
    threshold: float  # with four or more usable differences, or in one pass [sigma]
    threshold_3: float  # with three usable differences [sigma]
    threshold_2: float  # with two usable differences [sigma]
    flag_neighbors: int  # 1 or 0
    min_to_neighbors: float  # jumps between these limits flag their neighbours [sigma]
    max_to_neighbors: float
    after_limit_1: float  # jumps from this size on flag the groups after them [electron]
    after_groups_1: int  # how many groups
    after_limit_2: float
    after_groups_2: int
    n_reads: float  # reads in the two groups of a difference, when even
    keep_delivered: int  # 1: JUMP_DET of the input stays, 0: as if it were not there
    uneven: int  # 1 when each difference has its own `steps` and `reads`, else 0
    steps: F64  # (n_groups - 1,) time from each group to the next [s]; 1 when even
    reads: F64  # (n_groups - 1,) reads in the two groups of each difference
    by_integration: int  # sigma clipping: 1 compares each group with itself only, else 0
    wiped: U8  # (n_ints x n_groups,) sigma clipping: 1 where every pixel of the frame is
    # flagged, and those that have no other flag lose it
