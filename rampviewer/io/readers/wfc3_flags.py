"""Flags of WFC3/IR in the convention of JWST."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq

I16 = NDArray[np.int16]
BORDER: Final = 5  # reference pixels on every side of an IMA [pixel]

LOST: Final = 1 | 2  # not transmitted well, or filled in
BAD: Final = 4
SATURATED: Final = 256
COSMIC_RAY: Final = 8192
# What holds for a pixel as such. "Unstable" says that darks differ from each other.
PIXEL_FLAGS: Final[Mapping[int, Dq]] = {
    BAD: Dq.DEAD | Dq.DO_NOT_USE,
    8: Dq.UNRELIABLE_BIAS,
    16: Dq.HOT,
    32: Dq.UNRELIABLE_DARK | Dq.DO_NOT_USE,
    64: Dq.WARM,
    128: Dq.BAD_REF_PIXEL,
    512: Dq.UNRELIABLE_FLAT,
}
UNMAPPED: Final[Mapping[int, str]] = {
    1024: "charge trap",
    2048: "signal in the zeroth read",
    4096: "cosmic ray found by AstroDrizzle",
    16384: "crosstalk",
}


def pixel_flags(read: Callable[[int], I16], n_reads: int) -> NDArray[np.uint32]:
    """Return PIXELDQ; `read` gives the DQ of a read.

    Calibration marks a spike in a single read as a bad pixel: only what is bad in every
    read is one. What else holds for any read holds for the pixel.
    """
    always = read(0).copy()
    ever = always.copy()
    for k in range(1, n_reads):
        dq = read(k)
        always &= dq
        ever |= dq
    flags = np.zeros(ever.shape, np.uint32)
    for bit, meaning in PIXEL_FLAGS.items():
        flags[((always if bit == BAD else ever) & bit) != 0] |= np.uint32(meaning)
    flags[border(flags.shape)] |= np.uint32(Dq.REFERENCE_PIXEL)
    return flags


def group_flags(read: Callable[[int], I16], k: int, always_bad: NDArray[np.bool_]) -> I16:
    """Return the flags of read `k`.

    A cosmic ray stays marked in all reads after it, to say that their signal is too high;
    the jump is in the first of them.
    """
    dq = read(k)
    new = dq & ~read(k - 1) if k else dq
    flags = np.zeros(dq.shape, np.int16)
    flags[(dq & SATURATED) != 0] |= int(Dq.SATURATED)
    flags[(new & COSMIC_RAY) != 0] |= int(Dq.JUMP_DET)
    flags[(dq & LOST) != 0] |= int(Dq.DROPOUT | Dq.DO_NOT_USE)
    flags[((dq & BAD) != 0) & ~always_bad] |= int(Dq.DO_NOT_USE)
    return flags


def border(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return where the reference pixels are."""
    mask = np.ones(shape, np.bool_)
    mask[BORDER:-BORDER, BORDER:-BORDER] = False
    return mask
