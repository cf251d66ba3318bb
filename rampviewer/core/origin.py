"""Where a jump flag came from."""

from enum import IntEnum


class Origin(IntEnum):
    """Origin of the flag of one group; 0 means that the group carries none of ours."""

    NONE = 0
    DELIVERED = 1
    PRIMARY = 2
    NEIGHBOR = 3
    AFTER_JUMP = 4
    SNOWBALL = 5
    SNOWBALL_CORE = 6
    CARRIED_OVER = 7
    SHOWER = 8
    MANUAL = 9
