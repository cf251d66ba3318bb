"""Everything a fit depends on besides the arrays, in types that never change."""

from typing import NamedTuple


class FitSettings(NamedTuple):
    """Times, the part of the ramp that is used, and switches.

    One of these is made for an exposure; since each field always has the same type, each
    kernel is compiled once.
    """

    group_time: float  # [s], rounded to single precision
    frame_time: float  # [s], rounded to single precision
    first_group_time: float  # mean time of the frames of the first group [s]
    noise_divisor: float  # CDS read noise -> read noise of one group
    pedestal_groups: float  # from the start of the integration to the first group [group]
    first: int  # first group that exists for the fit; earlier ones are trimmed away
    stop: int  # one past the last group that exists for the fit
    first_used: int  # groups before this one count as DO_NOT_USE
    last_used: int  # groups after this one count as DO_NOT_USE
    suppress_one_group: bool
    drop_first_jump: bool  # the first group after trimmed ones cannot be a jump


class Calibration(NamedTuple):
    """What a fit needs to know about one pixel besides its ramp."""

    gain: float  # [electron/DN]
    noise: float  # read noise of one group [electron]
    dark_current: float  # [electron/s]
    pixeldq: int
