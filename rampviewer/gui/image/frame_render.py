"""From a frame of values to the colours of the screen, at the cost of the screen.

Enlarged, only the values in sight are looked up. Reduced, the frame is read as a whole, for
the mean or the brightest of the pixels that meet on one of the screen; these are kept until
the values change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.gui.image.block_means import BlockMeans, Windows
from rampviewer.gui.image.color_tables import N_LEVELS
from rampviewer.gui.image.frame_changes import FrameChanges
from rampviewer.gui.image.stretch import Limits

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
Index = NDArray[np.intp]

OUTLINED_FROM = 6.0  # screen pixels that a detector pixel must span to have an outline
OUTLINE = 0xFF10_1010
_MANY = 8  # a block by itself takes this many times longer than one of all


@dataclass(frozen=True, slots=True)
class ScreenAxis:
    """Pixels of the screen along one axis, and the detector pixel at the centre of each.

    `first` is the number of the first screen pixel, `index` (n_screen,) the detector
    pixels, `places` (n_screen,) where on the detector the centres of the screen pixels are,
    and `step` how many detector pixels one screen pixel spans.
    """

    first: int
    index: Index
    step: float
    places: NDArray[np.float64]

    @classmethod
    def of(
        cls, scale: float, offset: float, n_pixels: int, visible: tuple[float, float]
    ) -> "ScreenAxis":
        """Sample an axis on which screen = scale * detector + offset.

        Parameters
        ----------
        scale : float
            Screen pixels for each detector pixel; negative when it runs the other way.
        offset : float
            Screen position of the centre of detector pixel 0.
        n_pixels : int
            Detector pixels of the frame.
        visible : (float, float)
            Screen positions between which anything is to be drawn.
        """
        ends = sorted((offset - 0.5 * scale, offset + (n_pixels - 0.5) * scale))
        low, high = max(ends[0], visible[0]), min(ends[1], visible[1])
        # A pixel of the screen belongs to the frame when its centre does.
        first, last = int(np.ceil(low - 0.5)), int(np.ceil(high - 0.5))
        pixels = np.arange(first, max(first, last), dtype=np.float64)
        places: NDArray[np.float64] = np.divide(pixels + 0.5 - offset, scale)
        index = np.floor(places + 0.5).astype(np.intp)
        return cls(first, np.clip(index, 0, n_pixels - 1), 1 / abs(scale), places)


class BlockPeaks:
    """What stands out in each block of k x k pixels, kept until values change.

    Pixels that fill no block at the upper ends belong to the last one.

    Parameters
    ----------
    values : (n_rows, n_cols) float32 or unsigned
    join : numpy function
        `np.fmax` for the largest value and `np.fmin` for the smallest (NaN only where all
        are NaN), `np.bitwise_or` for the flags of all.
    """

    def __init__(self, values: NDArray[Any], join: np.ufunc = np.fmax) -> None:
        self._values = values
        self._join = join
        self._size = 0
        self._peaks: NDArray[Any] = values[:0]
        self._changes = FrameChanges(len(values))

    def mark_rows(self, start: int, stop: int) -> None:
        """Say that the values of rows start to stop (exclusive) have changed."""
        self._changes.mark_rows(start, stop)

    def mark_pixels(self, rows: Index, cols: Index) -> None:
        """Say that the values of some pixels have changed."""
        self._changes.mark_pixels(rows, cols)

    def of(self, size: int) -> NDArray[Any]:
        """Return (n_rows // size, n_cols // size) values, but at least one; up to date."""
        if size != self._size:
            self._size, self._peaks = size, self._reduced(self._values, size)
        else:
            self._revise(*self._changes.pixels())
        self._changes.clear()
        return self._peaks

    def _revise(self, rows: Index, cols: Index) -> None:
        """Join anew where values have changed, these pixels among them."""
        size, (n_blocks, n_across) = self._size, self._peaks.shape
        if _MANY * rows.size > self._peaks.size:
            self._changes.mark_rows(0, len(self._values))
        elif rows.size > 0:
            i, j = (
                np.minimum(rows // size, n_blocks - 1),
                np.minimum(cols // size, n_across - 1),
            )
            self._peaks[i, j] = self._single(i, j)
        if self._changes.rows is not None:
            start, stop = self._changes.rows
            first = min(start // size, n_blocks - 1)
            last = min(-(-stop // size), n_blocks)
            end = last * size if last < n_blocks else None
            band = self._values[first * size : end]
            self._peaks[first:last] = self._reduced(band, size)

    def _single(self, i: Index, j: Index) -> NDArray[Any]:
        """Return the blocks in some rows and columns of blocks, each by itself."""
        places = []
        for block, n, n_blocks in zip(
            (i, j), self._values.shape, self._peaks.shape, strict=True
        ):
            stop = np.where(block == n_blocks - 1, n, (block + 1) * self._size)
            reach = np.arange(n - (n_blocks - 1) * self._size)  # of the last, the largest
            places.append(
                np.minimum(block[:, None] * self._size + reach, stop[:, None] - 1)
            )
        values = self._values[places[0][:, :, None], places[1][:, None, :]]
        joined: NDArray[Any] = self._join.reduce(values, axis=(1, 2))
        return joined

    def under(self, rows: ScreenAxis, cols: ScreenAxis) -> NDArray[Any]:
        """Return (n_screen_rows, n_screen_cols): the block at each pixel of the screen."""
        size = block_size(rows, cols)
        peaks = self.of(size)
        indices = (
            np.minimum(axis.index // size, n - 1)
            for axis, n in zip((rows, cols), peaks.shape, strict=True)
        )
        return _sampled(peaks, *indices)

    def _reduced(self, values: NDArray[Any], size: int) -> NDArray[Any]:
        by_rows = self._joined(values, size)
        return self._joined(by_rows.T, size).T

    def _joined(self, values: NDArray[Any], size: int) -> NDArray[Any]:
        peaks = values[::size].copy(order="K")  # keeps the layout of a transposed one
        for i in range(1, size):
            part = values[i::size]
            self._join(peaks[: len(part)], part, out=peaks[: len(part)])
        if len(values) % size and len(peaks) > 1:
            self._join(peaks[-2], peaks[-1], out=peaks[-2])
            peaks = peaks[:-1]
        return peaks


def block_size(rows: ScreenAxis, cols: ScreenAxis) -> int:
    """Return the least whole block that leaves no detector pixel between two samples."""
    return int(np.ceil(max(rows.step, cols.step) - 1e-6))


def levels_of(values: NDArray[Any], limits: Limits) -> NDArray[np.int32]:
    """Return the entry of a value table for each value: 0 for NaN, else 1 to N_LEVELS - 1.

    Infinite values are beyond the limits, not NaN.
    """
    # A limit and a value may lie at opposite ends of the range of float32.
    with np.errstate(over="ignore", invalid="ignore"):
        scale = np.float32((N_LEVELS - 2) / (limits.high - limits.low))
        places = np.subtract(values, np.float32(limits.low), dtype=np.float32)
        places *= scale
    places += 1.5  # the cast below rounds down
    np.clip(places, 1, N_LEVELS - 1, out=places)
    np.fmax(places, 0, out=places)  # NaN, which clip leaves alone
    levels: NDArray[np.int32] = places.astype(np.int32)
    return levels


def highest_bits(flags: NDArray[Any]) -> Index:
    """Return 0 where no bit is set, else 1 + the number of the highest set bit."""
    # The exponent of a float64 is the number of the highest bit.
    numbers = flags.astype(np.float64).view(np.int64)
    numbers >>= 52
    numbers -= 1022
    np.maximum(numbers, 0, out=numbers)
    return numbers.astype(np.intp, copy=False)


def colors_of_values(
    values: NDArray[Any],
    means: BlockMeans,
    rows: ScreenAxis,
    cols: ScreenAxis,
    limits: Limits,
    table: U32,
    peaks: BlockPeaks | None = None,
    troughs: BlockPeaks | None = None,
) -> U32:
    """Return (n_screen_rows, n_screen_cols) colours of a frame of values.

    Each pixel of the screen shows the value at its centre, or the mean where several
    detector pixels meet on it. With `peaks`, the largest values, it is drawn with the last
    colour wherever one of them is beyond the upper limit, so that none is overlooked; with
    `troughs`, the smallest, with the first colour below the lower limit.
    """
    size = block_size(rows, cols)
    if size <= 1:
        return _enlarged(
            values, rows, cols, lambda part: table.take(levels_of(part, limits))
        )
    windows = Windows.around(rows.places, cols.places, size, values.shape)
    levels = levels_of(means.under(windows), limits)
    if troughs is not None:
        levels[troughs.under(rows, cols) <= limits.low] = 1
    if peaks is not None:
        levels[peaks.under(rows, cols) >= limits.high] = N_LEVELS - 1
    return table.take(levels)


def colors_of_flags(
    flags: NDArray[Any],
    joined: BlockPeaks,
    rows: ScreenAxis,
    cols: ScreenAxis,
    mask: int,
    table: U32,
) -> U32:
    """Return (n_screen_rows, n_screen_cols) colours of the highest flag within `mask`.

    Each pixel of the screen shows the flag at its centre. Where several detector pixels
    meet on it and that one has none, a flag of the others shows faintly: the picture is as
    full as the frame is, and no flag is lost. `table` is a `flag_table`.
    """

    def numbers(part: NDArray[Any]) -> Index:
        return highest_bits(part & part.dtype.type(mask))

    size = block_size(rows, cols)
    if size <= 1:
        return _enlarged(flags, rows, cols, lambda part: table.take(numbers(part)))
    own = _sampled(flags, rows.index, cols.index) & flags.dtype.type(mask)
    is_clear = own == 0
    seen = np.where(is_clear, joined.under(rows, cols), own)
    entries = numbers(seen)
    np.add(entries, len(table) // 2, out=entries, where=is_clear)
    return table.take(entries)


def colors_of_overlay(
    groupdq: U8, joined: BlockPeaks, rows: ScreenAxis, cols: ScreenAxis, table: U32
) -> U32:
    """Return (n_screen_rows, n_screen_cols) premultiplied colours of a GROUPDQ plane.

    Areas with the same flag have an outline where pixels are large; flags are faint as in
    `colors_of_flags` where pixels are small. `table` is an `overlay_table`.
    """
    size = block_size(rows, cols)
    if size > 1:
        own = table.take(_sampled(groupdq, rows.index, cols.index))
        faint = table[len(table) // 2 :].take(joined.under(rows, cols))
        return np.where(own > 0, own, faint)
    colors = _enlarged(groupdq, rows, cols, table.take)
    if max(rows.step, cols.step) < 1 / OUTLINED_FROM:
        colors[_edges(colors) & (colors > 0)] = OUTLINE
    return colors


def _edges(colors: U32) -> NDArray[np.bool_]:
    # The pixels of the screen on both sides of a change of colour.
    edges = np.zeros(colors.shape, bool)
    down, right = colors[1:] != colors[:-1], colors[:, 1:] != colors[:, :-1]
    edges[1:] |= down
    edges[:-1] |= down
    edges[:, 1:] |= right
    edges[:, :-1] |= right
    return edges


def _sampled(values: NDArray[Any], rows: Index, cols: Index) -> NDArray[Any]:
    taken: NDArray[Any] = values.take(rows, axis=0).take(cols, axis=1)
    return taken


def _enlarged(
    values: NDArray[Any],
    rows: ScreenAxis,
    cols: ScreenAxis,
    colors: Callable[[NDArray[Any]], U32],
) -> U32:
    # Colour each visible detector pixel once, then repeat it.
    if not (rows.index.size and cols.index.size):
        return np.empty((rows.index.size, cols.index.size), np.uint32)
    top, left = rows.index.min(), cols.index.min()
    part = values[top : rows.index.max() + 1, left : cols.index.max() + 1]
    return _sampled(colors(part), rows.index - top, cols.index - left)
