"""Where a frame has changed since it was last looked at."""

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
MOST_PIXELS = 100_000  # with more of them all rows count as changed


class FrameChanges:
    """A range of rows, and single pixels, with new values.

    Parameters
    ----------
    n_rows : int
        Of the frame.
    """

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self.clear()

    def clear(self) -> None:
        """Begin anew: all changes have been seen."""
        self.rows: tuple[int, int] | None = None  # [start, stop)
        self._pixels: list[tuple[Index, Index]] = []
        self._n_pixels = 0

    def mark_rows(self, start: int, stop: int) -> None:
        """Add rows start to stop (exclusive), and any between them and those before."""
        if self.rows is not None:
            start, stop = min(start, self.rows[0]), max(stop, self.rows[1])
        self.rows = (start, stop)

    def mark_pixels(self, rows: Index, cols: Index) -> None:
        """Add pixels, given by row and column."""
        self._pixels.append((rows, cols))
        self._n_pixels += rows.size
        if self._n_pixels > MOST_PIXELS:
            self.clear()
            self.mark_rows(0, self._n_rows)

    def pixels(self) -> tuple[Index, Index]:
        """Return rows and columns of all pixels that were added."""
        nothing = np.empty(0, np.int64)
        rows = np.concatenate([nothing, *(rows for rows, _ in self._pixels)])
        return rows, np.concatenate([nothing, *(cols for _, cols in self._pixels)])
