"""Products beside an exposure, and the ramps of single pixels in them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.exposure import Pixel


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """A file beside an exposure whose name begins as its own.

    Attributes
    ----------
    name : str
        What the file name has beyond that of the exposure, such as "uncal".
    reason : str
        Why it cannot be drawn, as a sentence that names the file; "" if it can be.
    note : str
        What is different about its groups, "" if nothing is.
    """

    path: Path
    name: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiblingRamp:
    """The ramps of one pixel in a sibling."""

    sibling: Sibling
    pixel: Pixel
    signal: NDArray[np.float32]  # (n_ints, n_groups) [DN], of the sibling
    # (n_groups,): where its groups stand among those of the exposure, as fractions.
    at: NDArray[np.float64]
