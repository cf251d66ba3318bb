"""Copies of frames without fresh memory, which takes longer to get than to fill."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.memory.pages import empty


class FrameCopies:
    """Holds one copy for each type of value: the next copy of that type replaces it."""

    def __init__(self) -> None:
        self._copies: dict[str, NDArray[Any]] = {}

    def copy(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return a copy; it takes the place of the last one of this type and shape."""
        copy = self._copies.get(values.dtype.char)
        if copy is None or copy.shape != values.shape:
            copy = self._copies[values.dtype.char] = empty(values.shape, values.dtype)
        np.copyto(copy, values)
        return copy
