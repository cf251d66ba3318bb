"""The mean of the detector pixels that meet on a pixel of the screen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.window_means import fill_means, is_ready
from rampviewer.gui.image.frame_changes import FrameChanges

F32 = NDArray[np.float32]
# Pixels; fewer take less time than to begin another thread and wait for it: while workers
# are busy that takes longer than all the means of 2048 x 2048 pixels.
_WORTH_THREAD = 2**23
_MANY = 40  # a window by itself takes this many times longer than one of all
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

    def holding(self, rows: Index, cols: Index) -> tuple[Index, Index]:
        """Return row and column of each window, among all, that holds any of the pixels."""
        held = np.zeros((self.rows.size, self.cols.size), np.bool_)
        # Either axis of the screen may run against that of the detector.
        up, back = _direction(self.rows), _direction(self.cols)
        found = held[::up, ::back]
        top, bottom = _reach(self.rows[::up], self.height, rows)
        left, right = _reach(self.cols[::back], self.width, cols)
        for down in range(int((bottom - top).max(initial=0))):
            for along in range(int((right - left).max(initial=0))):
                i, j = top + down, left + along
                is_held = (i < bottom) & (j < right)
                found[i[is_held], j[is_held]] = True
        i, j = np.nonzero(held)
        return i, j

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
        self._changes = FrameChanges(len(values))

    def mark_rows(self, start: int, stop: int) -> None:
        """Say that the values of rows start to stop (exclusive) have changed."""
        self._changes.mark_rows(start, stop)

    def mark_pixels(self, rows: Index, cols: Index) -> None:
        """Say that the values of some pixels have changed."""
        self._changes.mark_pixels(rows, cols)

    def under(self, windows: Windows) -> F32:
        """Return the mean of each window: (n_screen_rows, n_screen_cols)."""
        if self._kept is None or not windows.equals(self._kept[0]):
            self._kept = (windows, self._means(windows.rows, windows))
        else:
            self._revise(*self._kept)
        self._changes.clear()
        return self._kept[1]

    def _revise(self, windows: Windows, means: F32) -> None:
        """Take the means anew where values have changed."""
        rows, cols = self._changes.pixels()
        if _MANY * rows.size > means.size:
            self._changes.mark_rows(0, len(self._values))
        elif rows.size > 0:
            i, j = windows.holding(rows, cols)
            if _MANY * i.size > means.size:
                self._changes.mark_rows(0, len(self._values))
            else:
                means[i, j] = self._single_means(windows.rows[i], windows.cols[j], windows)
        if self._changes.rows is not None:
            start, stop = self._changes.rows
            touched = (windows.rows < stop) & (windows.rows + windows.height > start)
            if touched.any():
                means[touched] = self._means(windows.rows[touched], windows)

    def _single_means(self, rows: Index, cols: Index, windows: Windows) -> F32:
        """Return the means of the windows that begin at some pixels, each by itself.

        They are those of `_means` to the last bit: summed up in the same order.
        """
        down, along = np.arange(windows.height), np.arange(windows.width)
        i, j = rows[:, None, None] + down[:, None], cols[:, None, None] + along
        values = self._values[i, j]
        good = ~np.isnan(values)
        values = np.where(good, values, np.float32(0))
        with np.errstate(over="ignore", invalid="ignore"):
            by_rows = sum(np.moveaxis(values, 1, 0), np.zeros(j.shape[::2], np.float32))
            sums = sum(by_rows.T, np.zeros(len(rows), np.float32))
            means: F32 = sums / good.sum(axis=(1, 2), dtype=np.float32)
        return means

    def _means(self, starts: Index, windows: Windows) -> F32:
        """Return the means of whole rows of windows, which begin in some rows."""
        values, cols = self._values, windows.cols
        if not any(values.strides) and np.isnan(values[0, 0]):  # nothing is made yet
            return np.full((starts.size, cols.size), np.nan, np.float32)
        is_usual = values.dtype == np.float32 and values.flags.carray
        if not (is_usual and is_ready()):
            return _means_without_kernel(values, starts, windows)
        means = np.empty((starts.size, cols.size), np.float32)

        def fill(part: slice) -> None:
            height, width = windows.height, windows.width
            fill_means(values, starts[part], cols, height, width, means[part])

        half = starts.size // 2
        if starts.size * windows.height * values.shape[1] < _WORTH_THREAD:
            fill(slice(None))
            return means
        with ThreadPoolExecutor(1) as other:
            future = other.submit(fill, slice(half))
            fill(slice(half, None))
            future.result()
        return means


def _means_without_kernel(values: NDArray[Any], starts: Index, windows: Windows) -> F32:
    """Do the same, to the last bit, while the kernel is compiled, or for other values."""
    first = int(starts.min())
    band = values[first : int(starts.max()) + windows.height]
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


def _direction(starts: Index) -> int:
    return -1 if starts[-1] < starts[0] else 1


def _reach(starts: Index, size: int, places: Index) -> tuple[Index, Index]:
    """Return the first window over each place along an axis, and one past the last."""
    first = np.searchsorted(starts, places - size, "right")
    return first, np.searchsorted(starts, places, "right")


def _sums(band: NDArray[Any], rows: Index, windows: Windows) -> F32:
    by_rows = np.empty((rows.size, band.shape[1]), np.float32)
    for total, row in zip(by_rows, rows.tolist(), strict=True):
        np.add.reduce(band[row : row + windows.height], axis=0, out=total)
    sums = by_rows.take(windows.cols, axis=1)
    for step in range(1, windows.width):
        sums += by_rows.take(windows.cols + step, axis=1)
    return sums
