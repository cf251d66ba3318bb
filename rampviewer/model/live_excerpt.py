"""Some pixels of an exposure, decided and fitted by the kernels of whole frames."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.core.jump import JumpSettings
from rampviewer.core.jump.follow import follow_even_rows
from rampviewer.core.jump.sources import empty_spread, flag_from_neighbors
from rampviewer.core.large.marks import RowMarks, put
from rampviewer.core.live.picked import detect_picked
from rampviewer.model.bands import bands, over_bands
from rampviewer.model.exposure import Exposure
from rampviewer.model.large_events import LargeLayer

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
LANES = 256  # pixels in a row of an excerpt
ROWS = 4  # of an excerpt, in a block of work


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """Pixels of an exposure side by side, as an exposure of its own.

    Its last row is filled up with pixels that are DO_NOT_USE throughout.
    """

    exposure: Exposure
    places: I64  # (n_rows, n_cols) where each pixel is in the frame, row x n_cols + column
    n_pixels: int

    @classmethod
    def of(cls, exposure: Exposure, pixels: I64) -> "Excerpt":
        """Pick `pixels`, (n,) row x n_cols + column, from an exposure."""
        n_cols = max(1, min(pixels.size, LANES))
        n_rows = max(1, -(-pixels.size // n_cols))
        places = np.zeros((n_rows, n_cols), np.int64)
        places.reshape(-1)[: pixels.size] = pixels

        def pick(frames: NDArray[Any]) -> NDArray[Any]:
            flat = frames.reshape(*frames.shape[:-2], -1)
            return flat.take(places, axis=-1)

        groupdq = pick(exposure.groupdq)
        groupdq.reshape(*groupdq.shape[:2], -1)[..., pixels.size :] = Dq.DO_NOT_USE
        first, dark = exposure.zeroframe, exposure.dark_current
        picked = replace(
            exposure,
            sci=pick(exposure.sci),
            groupdq=groupdq,
            pixeldq=pick(exposure.pixeldq),
            gain=pick(exposure.gain),
            readnoise=pick(exposure.readnoise),
            zeroframe=None if first is None else pick(first),
            dark_current=None if dark is None else pick(dark),
        )
        return cls(picked, places, pixels.size)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Rows [start, stop) to be worked on at a time."""
        return bands(self.exposure.n_rows, ROWS)

    def detect(self, settings: JumpSettings, n_threads: int) -> "Detected":
        """Return what each pixel shows by itself, without what neighbours flag."""
        exposure = self.exposure
        data, delivered = _planes(exposure.sci), _planes(exposure.groupdq)
        flags, origin = np.empty_like(delivered), np.empty_like(delivered)
        spread = empty_spread(*data.shape)
        noise = exposure.gain, exposure.readnoise

        def work(start: int, stop: int) -> int:
            rows = start, stop
            return int(
                detect_picked(data, delivered, noise, rows, settings, flags, origin, spread)
            )

        n_primary = sum(over_bands(work, self.blocks, n_threads))
        return Detected(flags, origin, spread, n_primary)

    def complete(
        self, settings: JumpSettings, spread: U32, detected: "Detected", n_threads: int
    ) -> None:
        """Add flags that follow from others to `detected`, in place.

        Parameters
        ----------
        settings : JumpSettings
        spread : (n_rows, n_cols, n_words) uint32
            Of the whole frame, see `mark_sources`.
        detected : Detected
        n_threads : int
        """
        exposure, (flags, origin) = self.exposure, (detected.flags, detected.origin)
        data, delivered = _planes(exposure.sci), _planes(exposure.groupdq)

        def work(start: int, stop: int) -> None:
            flag_from_neighbors(self.places, (start, stop), spread, flags, origin)
            if settings.after_groups_1 > 0 or settings.after_groups_2 > 0:
                rows = start, stop, 0
                follow_even_rows(
                    data, delivered, exposure.gain, rows, settings, flags, origin
                )

        for _ in over_bands(work, self.blocks, n_threads):
            pass

    def put_layer(self, layer: "LayerIndex", detected: "Detected") -> None:
        """Put the flags of large events onto `detected`, in place."""
        shape = self.exposure.groupdq.shape
        flags, origin = detected.flags.reshape(shape), detected.origin.reshape(shape)
        put(layer.marks_of(self), 0, shape[2], flags, origin)


@dataclass(frozen=True, slots=True, eq=False)
class Detected:
    """Flags and origins, (n_ints x n_groups, n_rows, n_cols) uint8 each, of an excerpt.

    `spread` (n_rows, n_cols, n_words) uint32 says which groups flag their neighbours, see
    `mark_sources`.
    """

    flags: U8
    origin: U8
    spread: U32
    n_primary: int


@dataclass(frozen=True, slots=True, eq=False)
class LayerIndex:
    """The marks of large events, sorted by pixels."""

    pixels: I64  # (n,) row x n_cols + column
    planes: I64  # (n,) group, counted over all integrations
    marks: RowMarks  # those that `order` sorts
    order: I64  # (n,)

    @classmethod
    def of(cls, layer: LargeLayer, n_cols: int) -> "LayerIndex":
        marks = layer.marks
        rows = np.repeat(np.arange(marks.first.size - 1), np.diff(marks.first))
        pixels = rows * n_cols + marks.place % n_cols
        # Marks of one group of one pixel must stay in order.
        order = np.argsort(pixels, kind="stable")
        planes = (marks.place // n_cols).astype(np.int64)
        return cls(pixels[order], planes[order], marks, order)

    def marks_of(self, excerpt: Excerpt) -> RowMarks:
        """Return the marks of the pixels of an excerpt, at their places in it."""
        n_rows, n_cols = excerpt.places.shape
        places = excerpt.places.reshape(-1)[: excerpt.n_pixels]
        starts = np.searchsorted(self.pixels, places, "left")
        stops = np.searchsorted(self.pixels, places, "right")
        counts = stops - starts
        first = np.concatenate(([0], np.cumsum(counts)))
        lanes = np.repeat(np.arange(places.size), counts)
        found = np.arange(first[-1]) - first[lanes] + starts[lanes]
        by_rows = first[np.minimum(np.arange(n_rows + 1) * n_cols, places.size)]
        place = (self.planes[found] * n_cols + lanes % n_cols).astype(np.uint32)
        chosen = self.order[found]
        return RowMarks(by_rows, place, self.marks.bits[chosen], self.marks.origin[chosen])


def _planes(cube: NDArray[Any]) -> NDArray[Any]:
    return cube.reshape(-1, *cube.shape[2:])
