"""Reference files of Roman: one array in an ASDF file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.readers.asdf_arrays import read_asdf_tree, stored_array
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import IN_MEMORY

PER_READ: Final = (
    "{name} holds the noise of one read; times the square root of 2 it is that of a "
    "difference of two."
)


class RomanReference(NamedTuple):
    """An array with units as those of JWST, and sentences on what was done to it."""

    data: NDArray[np.float32]  # (n_rows, n_cols)
    notes: tuple[str, ...]


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
        if dq is not None and dq.shape == data.shape:
            flags = dq.read(np.uint32, IN_MEMORY, dq.shape)
            data[(flags & np.uint32(Dq.NO_SAT_CHECK)) > 0] = np.inf
        data[np.isnan(data)] = np.inf
    return RomanReference(data, ())
