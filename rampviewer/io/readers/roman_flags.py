"""Flags of Roman: their bits are those of JWST, but for two."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_OWN: Final = 1 << 4 | 1 << 7  # that mean something else to JWST


def drop_own_bits(flags: NDArray[np.unsignedinteger[Any]]) -> None:
    """Clear, in place, the bits that mean something else to JWST."""
    flags &= ~np.asarray(_OWN, flags.dtype)
