"""Reference files of Roman: one array in an ASDF file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.readers.asdf_arrays import StoredArray, read_asdf_tree, stored_array
from rampviewer.io.readers.roman_flags import drop_own_bits
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import IN_MEMORY

PER_READ: Final = (
    "{name} holds the noise of one read; times the square root of 2 it is that of a "
    "difference of two."
)


class RomanReference(NamedTuple):
    """An array with units as those of JWST, and sentences on what was done to it.

    A saturation reference has flags of its pixels, too, as bits of `Dq`.
    """

    data: NDArray[np.float32]  # (n_rows, n_cols)
    notes: tuple[str, ...]
    flags: NDArray[np.uint32] | None = None  # (n_rows, n_cols)


def roman_reference(path: Path, kind: ReferenceKind) -> RomanReference:
    """Return gain [electron/DN], CDS read noise [DN] or saturation [DN] of every pixel.

    Where saturation means nothing it is infinite.

    Raises
    ------
    ValueError
        When the file is another reference, or none.
    OSError
        When it cannot be read.
    """
    roman = read_asdf_tree(path).get("roman")
    if not isinstance(roman, Mapping):
        raise ValueError(
            f"{path.name} is not a {kind} reference: it is an ASDF file without data of "
            "Roman"
        )
    meta = roman.get("meta")
    reftype = meta.get("reftype") if isinstance(meta, Mapping) else None
    stated = str(reftype or kind).strip().lower()
    if stated != kind:
        raise ValueError(
            f"{path.name} is a {stated} reference (reftype), not a {kind} reference"
        )
    stored = stored_array(path, ("roman", "data"), roman.get("data"))
    if stored is None or len(stored.shape) != 2:
        raise ValueError(f"{path.name} is not a {kind} reference: it has no 2-D data")
    data = stored.read(np.float32, IN_MEMORY, stored.shape)
    if kind == "readnoise":
        data *= np.float32(np.sqrt(2))
        return RomanReference(data, (PER_READ.format(name=path.name),))
    if kind == "saturation":
        dq = stored_array(path, ("roman", "dq"), roman.get("dq"))
        flags = _flags(dq, data)
        data[(flags & np.uint32(Dq.NO_SAT_CHECK)) > 0] = np.inf
        return RomanReference(data, (), flags)
    return RomanReference(data, ())


def _flags(dq: StoredArray | None, level: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return the flags of pixels; NO_SAT_CHECK is set where the level is NaN, too."""
    flags = np.zeros(level.shape, np.uint32)
    if dq is not None and dq.shape == level.shape:
        flags = dq.read(np.uint32, IN_MEMORY, dq.shape)
        drop_own_bits(flags)
    flags[np.isnan(level)] |= np.uint32(Dq.NO_SAT_CHECK)
    return flags
