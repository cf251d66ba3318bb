"""Data-quality bits of groups and pixels, with the values of the JWST convention."""

from enum import IntFlag
from typing import Final

import numpy as np
from numpy.typing import NDArray


class Dq(IntFlag):
    """Data-quality bits; GROUPDQ holds the first eight, PIXELDQ and rate DQ all."""

    DO_NOT_USE = 1 << 0
    SATURATED = 1 << 1
    JUMP_DET = 1 << 2
    DROPOUT = 1 << 3
    OUTLIER = 1 << 4
    PERSISTENCE = 1 << 5
    AD_FLOOR = 1 << 6
    CHARGELOSS = 1 << 7
    UNRELIABLE_ERROR = 1 << 8
    NON_SCIENCE = 1 << 9
    DEAD = 1 << 10
    HOT = 1 << 11
    WARM = 1 << 12
    LOW_QE = 1 << 13
    RC = 1 << 14
    TELEGRAPH = 1 << 15
    NONLINEAR = 1 << 16
    BAD_REF_PIXEL = 1 << 17
    NO_FLAT_FIELD = 1 << 18
    NO_GAIN_VALUE = 1 << 19
    NO_LIN_CORR = 1 << 20
    NO_SAT_CHECK = 1 << 21
    UNRELIABLE_BIAS = 1 << 22
    UNRELIABLE_DARK = 1 << 23
    UNRELIABLE_SLOPE = 1 << 24
    UNRELIABLE_FLAT = 1 << 25
    OPEN = 1 << 26
    ADJ_OPEN = 1 << 27
    FLUX_ESTIMATED = 1 << 28
    MSA_FAILED_OPEN = 1 << 29
    OTHER_BAD_PIXEL = 1 << 30
    REFERENCE_PIXEL = 1 << 31


SENTENCES: Final[dict[Dq, str]] = {
    Dq.DO_NOT_USE: "Bad; must not be used.",
    Dq.SATURATED: "The signal reached saturation.",
    Dq.JUMP_DET: "A jump was detected between this group and the one before.",
    Dq.DROPOUT: "Data were lost in transmission.",
    Dq.OUTLIER: "Rejected as an outlier.",
    Dq.PERSISTENCE: "High persistence from an earlier illumination.",
    Dq.AD_FLOOR: "The signal is below the floor of the A/D converter.",
    Dq.CHARGELOSS: "Charge migrated to neighbours of this pixel.",
    Dq.UNRELIABLE_ERROR: "The uncertainty exceeds the quoted error.",
    Dq.NON_SCIENCE: "Not on the science part of the detector.",
    Dq.DEAD: "Dead pixel.",
    Dq.HOT: "Hot pixel.",
    Dq.WARM: "Warm pixel.",
    Dq.LOW_QE: "Low quantum efficiency.",
    Dq.RC: "RC pixel.",
    Dq.TELEGRAPH: "Telegraph-noise pixel.",
    Dq.NONLINEAR: "Highly nonlinear pixel.",
    Dq.BAD_REF_PIXEL: "A reference pixel that cannot be used.",
    Dq.NO_FLAT_FIELD: "The flat field cannot be measured.",
    Dq.NO_GAIN_VALUE: "The gain cannot be measured.",
    Dq.NO_LIN_CORR: "No linearity correction is available.",
    Dq.NO_SAT_CHECK: "No saturation check is available.",
    Dq.UNRELIABLE_BIAS: "The bias varies too much.",
    Dq.UNRELIABLE_DARK: "The dark varies too much.",
    Dq.UNRELIABLE_SLOPE: "The slope varies too much.",
    Dq.UNRELIABLE_FLAT: "The flat varies too much.",
    Dq.OPEN: "Open pixel; its counts move to its neighbours.",
    Dq.ADJ_OPEN: "Next to an open pixel.",
    Dq.FLUX_ESTIMATED: "The flux was estimated for a missing or rejected datum.",
    Dq.MSA_FAILED_OPEN: "Sees light from a failed-open shutter.",
    Dq.OTHER_BAD_PIXEL: "Bad for a reason of its own.",
    Dq.REFERENCE_PIXEL: "Reference pixel.",
}


def names_of(value: int) -> list[str]:
    """Return the names of the bits that are set in `value`, lowest bit first."""
    return [bit.name for bit in Dq if value & bit and bit.name]


def describe(value: int) -> str:
    """Return the names of the set bits joined by a comma, or "good" when none is set."""
    return ", ".join(names_of(value)) or "good"


def any_set(dq: NDArray[np.unsignedinteger], bits: Dq) -> NDArray[np.bool_]:
    """Return where at least one of `bits` is set; same shape as `dq`."""
    set_bits: NDArray[np.bool_] = (dq & dq.dtype.type(int(bits))) != 0
    return set_bits
