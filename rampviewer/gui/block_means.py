"""The mean of the detector pixels that meet on a pixel of the screen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Equal windows of detector pixels, one below each pixel of the screen.

    They overlap a little where the screen does not divide the detector evenly: each has as
    many pixels as any other, so that noise looks the same everywhere. Each begins at an
    item of `rows` and `cols`, and has `height` x `width` pixels.
    """

    rows: Index  # (n_screen_rows,)
    cols: Index  # (n_screen_cols,)
    height: int
    width: int

    @classmethod
    def around(
        cls,
        row_places: NDArray[np.float64],
        col_places: NDArray[np.float64],
        size: int,
        shape: tuple[int, ...],
    ) -> "Windows":
        """Lay windows of `size` pixels around places of the detector, within `shape`."""
        height, width = (min(size, n) for n in shape)
        starts = [
            np.clip(np.ceil(places - side / 2).astype(np.intp), 0, n - side)
            for places, side, n in zip(
                (row_places, col_places), (height, width), shape, strict=True
            )
        ]
        return cls(starts[0], starts[1], height, width)

    def equals(self, other: "Windows") -> bool:
        """Return whether both lie at the same places."""
        return (
            (self.height, self.width) == (other.height, other.width)
            and np.array_equal(self.rows, other.rows)
            and np.array_equal(self.cols, other.cols)
        )


class BlockMeans:
    """Means of windows of a frame, kept until values or windows change.

    NaN counts as no pixel: a mean is NaN only where all pixels of the window are.

    Parameters
    ----------
    values : (n_rows, n_cols) float32 or unsigned
    """

    def __init__(self, values: NDArray[Any]) -> None:
        self._values = values
        self._kept: tuple[Windows, F32] | None = None
        self._stale: tuple[int, int] | None = None

    def mark_rows(self, start: int, stop: int) -> None:
        """Say that the values of rows start to stop (exclusive) have changed."""
        if self._stale is not None:
            start, stop = min(start, self._stale[0]), max(stop, self._stale[1])
        self._stale = (start, stop)

    def under(self, windows: Windows) -> F32:
        """Return the mean of each window: (n_screen_rows, n_screen_cols)."""
        if self._kept is None or not windows.equals(self._kept[0]):
            self._kept = (windows, self._means(windows.rows, windows))
        elif self._stale is not None:
            start, stop = self._stale
            touched = (windows.rows < stop) & (windows.rows + windows.height > start)
            if touched.any():
                self._kept[1][touched] = self._means(windows.rows[touched], windows)
        self._stale = None
        return self._kept[1]

    def _means(self, starts: Index, windows: Windows) -> F32:
        first = int(starts.min())
        band = self._values[first : int(starts.max()) + windows.height]
        rows = starts - first
        missing = np.isnan(band) if band.dtype.kind == "f" else None
        n_pixels: F32 | np.float32 = np.float32(windows.height * windows.width)
        if missing is not None and missing.any():
            band = np.where(missing, np.float32(0), band)
            n_pixels -= _sums(missing.view(np.uint8), rows, windows)
        # Infinite values give an infinite mean; 0 / 0 is the NaN that is wanted.
        with np.errstate(over="ignore", invalid="ignore"):
            means: F32 = _sums(band, rows, windows) / n_pixels
        return means


def _sums(band: NDArray[Any], rows: Index, windows: Windows) -> F32:
    by_rows = np.empty((rows.size, band.shape[1]), np.float32)
    for total, row in zip(by_rows, rows.tolist(), strict=True):
        np.add.reduce(band[row : row + windows.height], axis=0, out=total)
    sums = by_rows.take(windows.cols, axis=1)
    for step in range(1, windows.width):
        sums += by_rows.take(windows.cols + step, axis=1)
    return sums
