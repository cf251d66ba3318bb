"""Copies of frames without fresh memory, which takes longer to get than to fill."""

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.model.memory.pages import empty

ROWS: Final = 64  # so many at a time: what is computed for them stays in the cache


class FrameCopies:
    """Holds one copy: the next one takes its memory."""

    def __init__(self) -> None:
        self._room = np.empty(0, np.uint8)
        self._copy: NDArray[Any] = np.empty((0, 0), np.uint8)

    def copy(
        self, shape: tuple[int, ...], values_of: Callable[[slice], NDArray[Any]]
    ) -> NDArray[Any]:
        """Return a copy; one of the same type and shape is the same array as the last one.

        Parameters
        ----------
        shape : (n_rows, n_cols)
        values_of : callable
            Returns the values of some rows; those of all together may need fresh memory.
        """
        values = values_of(slice(0, ROWS))
        copy = self._made_for(shape, values.dtype)
        copy[:ROWS] = values
        for start in range(ROWS, shape[0], ROWS):
            rows = slice(start, start + ROWS)
            copy[rows] = values_of(rows)
        return copy

    def _made_for(self, shape: tuple[int, ...], kind: np.dtype[Any]) -> NDArray[Any]:
        if (self._copy.shape, self._copy.dtype) != (shape, kind):
            n_bytes = math.prod(shape) * kind.itemsize
            if self._room.size < n_bytes:
                self._room = empty((n_bytes,), np.uint8)
            self._copy = self._room[:n_bytes].view(kind).reshape(shape)
        return self._copy
