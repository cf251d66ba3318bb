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
from rampviewer.core.live.picked import compare_picked, detect_picked, pick_planes
from rampviewer.model.exposure import Exposure
from rampviewer.model.live.live_reach import THRESHOLDS
from rampviewer.model.memory import pages
from rampviewer.model.runs.bands import bands, over_bands
from rampviewer.model.runs.large_events import LargeLayer

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
LANES = 512  # pixels in a row of an excerpt
ROWS = 16  # of an excerpt, in a block of work
_LEAST_BLOCKS = 4
_FEW = 8  # with more pixels than one in so many the flags of all are read
_NONE = np.empty((0, 0, 0), np.uint8)
_FRAMES = "sci", "groupdq", "pixeldq", "gain", "readnoise", "zeroframe", "dark_current"


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """Pixels of an exposure side by side, as an exposure of its own.

    They fill its first rows; the last of these is filled up with pixels that are DO_NOT_USE
    throughout. What follows is room for more, and holds nothing.
    """

    exposure: Exposure
    places: I64  # (n_rows, n_cols) where each pixel is in the frame, row x n_cols + column
    n_pixels: int
    source: Exposure  # that the pixels are picked from
    any_group: U8 | None

    @classmethod
    def of(
        cls,
        exposure: Exposure,
        pixels: I64,
        n_threads: int = 1,
        any_group: U8 | None = None,
        n_more: int = 0,
    ) -> "Excerpt":
        """Pick pixels from an exposure.

        Parameters
        ----------
        exposure : Exposure
        pixels : (n,) int64
            row x n_cols + column
        n_threads : int
        any_group : (n_rows, n_cols) uint8, optional
            Flags of any group, if they are known: where there is none none is looked for.
        n_more : int
            Pixels that there shall be room for.
        """
        n_cols = max(1, min(pixels.size, LANES))
        n_rows = _rounded(max(1, -(-(pixels.size + n_more) // n_cols)))
        frames = {name: getattr(exposure, name) for name in _FRAMES}
        made: dict[str, Any] = {
            name: pages.empty((*frame.shape[:-2], n_rows, n_cols), frame.dtype)
            for name, frame in frames.items()
            if frame is not None
        }
        places = np.zeros((n_rows, n_cols), np.int64)
        empty = cls(replace(exposure, **made), places, 0, exposure, any_group)
        return empty.with_more(pixels, n_threads)

    def has_room(self, n_more: int) -> bool:
        """Return whether so many pixels find room."""
        return self.n_pixels + n_more <= self.places.size

    def with_more(self, pixels: I64, n_threads: int) -> "Excerpt":
        """Return it with more pixels, on the same arrays; there must be room for them."""
        n, n_all = self.n_pixels, self.n_pixels + pixels.size
        self.places.reshape(-1)[n:n_all] = pixels
        whole = replace(self, n_pixels=n_all)
        _pick(whole, n_threads, self.n_full_rows)
        groupdq = _in_row(_planes(whole.exposure.groupdq))
        groupdq[:, n_all : whole.n_rows * self.places.shape[1]] = Dq.DO_NOT_USE
        return whole

    @property
    def n_full_rows(self) -> int:
        """The rows that have no room for another pixel."""
        return self.n_pixels // int(self.places.shape[1])

    @property
    def n_rows(self) -> int:
        """The rows that hold pixels, at least 1."""
        return max(1, -(-self.n_pixels // int(self.places.shape[1])))

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Rows [start, stop) to be worked on at a time."""
        return _blocks(self.n_rows)

    def detect(self, settings: JumpSettings, n_threads: int, out: "Detected") -> None:
        """Fill in what each pixel shows by itself, without what neighbours flag.

        Parameters
        ----------
        settings : JumpSettings
        n_threads : int
        out : Detected
            Of this excerpt; what it knows already stays.
        """
        data, delivered, noise = self._inputs()

        def work(start: int, stop: int) -> None:
            rows = start, stop
            detect_picked(data, delivered, noise, rows, settings, out.flags, out.spread)

        for _ in over_bands(work, _blocks(self.n_rows, out.n_known), n_threads):
            pass

    def compare(self, old: JumpSettings, new: JumpSettings, n_threads: int) -> "Comparison":
        """Return what `detect` does with new settings, and where that differs from old.

        They differ in limits and rules only.
        """
        found, (data, delivered, noise) = self.room(), self._inputs()
        changed = np.empty((self.n_rows, self.places.shape[1]), np.uint8)
        limits = {name: min(getattr(old, name), getattr(new, name)) for name in THRESHOLDS}
        settings = old._replace(flag_neighbors=0), new, new._replace(**limits)

        def work(start: int, stop: int) -> int:
            rows, out = (start, stop), (found.flags, found.spread, changed)
            return int(compare_picked(data, delivered, noise, rows, settings, *out))

        n_more = sum(over_bands(work, self.blocks, n_threads))
        is_other = changed.reshape(-1)[: self.n_pixels].view(bool)
        known = replace(found, n_known=self.n_full_rows)
        return Comparison(known, is_other, n_more)

    def _inputs(self) -> tuple[F32, U8, tuple[F32, F32]]:
        exposure = self.exposure
        noise = exposure.gain, exposure.readnoise
        return _planes(exposure.sci), _planes(exposure.groupdq), noise

    def room(self) -> "Detected":
        """Return room for what is detected."""
        shape = _planes(self.exposure.groupdq).shape
        return Detected(pages.empty(shape, np.uint8), empty_spread(*shape))

    def complete(
        self,
        settings: JumpSettings,
        spread: U32,
        layer: "LayerIndex | None",
        detected: "Detected",
        n_threads: int,
    ) -> None:
        """Add flags that follow from others to `detected`, in place.

        Parameters
        ----------
        settings : JumpSettings
        spread : (n_rows, n_cols, n_words) uint32
            Of the whole frame, see `mark_sources`.
        layer : LayerIndex or None
            The large events, if there are any.
        detected : Detected
        n_threads : int
        """
        n_cols, (data, delivered, _) = self.places.shape[1], self._inputs()
        flags = detected.flags
        has_after = settings.after_groups_1 > 0 or settings.after_groups_2 > 0
        # Nobody asks where they come from.
        origin = pages.empty(flags.shape, np.uint8) if has_after or layer else _NONE

        def work(start: int, stop: int) -> None:
            flag_from_neighbors(self.places, (start, stop), spread, flags, _NONE)
            if has_after:
                follow_even_rows(
                    _in_row(data),
                    _in_row(delivered),
                    self.exposure.gain.reshape(-1),
                    (start * n_cols, stop * n_cols, 0),
                    settings,
                    _in_row(flags),
                    _in_row(origin),
                )

        for _ in over_bands(work, self.blocks, n_threads):
            pass
        flags[:, self.n_rows :] = Dq.DO_NOT_USE
        if layer is not None:
            shape = self.exposure.groupdq.shape
            every = flags.reshape(shape), origin.reshape(shape)
            put(layer.marks_of(self), 0, shape[2], *every)


@dataclass(frozen=True, slots=True, eq=False)
class Detected:
    """Flags, (n_ints x n_groups, n_rows, n_cols) uint8, of an excerpt.

    `spread` (n_rows, n_cols, n_words) uint32 says which groups flag their neighbours, see
    `mark_sources`. The first `n_known` rows of both are filled in.
    """

    flags: U8
    spread: U32
    n_known: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What the pixels of an excerpt show, and which show something else than before."""

    detected: Detected
    is_other: NDArray[np.bool_]  # (n_pixels,)
    n_more: int  # primary jumps than before


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


def _pick(excerpt: Excerpt, n_threads: int, first: int) -> None:
    """Fill the rows of an excerpt, from the row `first` on."""
    places, any_group = excerpt.places, excerpt.any_group
    frames = {
        name: (_planes(frame), _planes(getattr(excerpt.exposure, name)))
        for name in _FRAMES
        if (frame := getattr(excerpt.source, name)) is not None
    }

    def pick(start: int, stop: int) -> None:
        for name, (planes, out) in frames.items():
            if name == "groupdq" and any_group is not None:
                _pick_flags(planes, places, (start, stop), out, any_group)
            else:
                pick_planes(planes, places, (start, stop), out)

    for _ in over_bands(pick, _blocks(excerpt.n_rows, first), n_threads):
        pass


def _pick_flags(
    frames: U8, places: I64, rows: tuple[int, int], out: U8, any_group: U8
) -> None:
    """Do the same as `pick_planes`; read no group of pixels without flags: most of them."""
    start, stop = rows
    flagged = any_group.reshape(-1).take(places[start:stop]) != 0
    if _FEW * np.count_nonzero(flagged) > flagged.size:
        pick_planes(frames, places, rows, out)
        return
    out[:, start:stop] = 0
    row, col = np.nonzero(flagged)
    row += start
    out[:, row, col] = frames.reshape(len(frames), -1)[:, places[row, col]]


def _planes(frames: NDArray[Any]) -> NDArray[Any]:
    return frames.reshape(-1, *frames.shape[-2:])


def _in_row(planes: NDArray[Any]) -> NDArray[Any]:
    return planes.reshape(len(planes), -1)


def _rounded(n_rows: int) -> int:
    """Return a number of rows that others are rounded to as well: `pages` keeps those."""
    step = 1 << max(n_rows.bit_length() - 4, 0)
    return -(-n_rows // step) * step


def _blocks(n_rows: int, first: int = 0) -> list[tuple[int, int]]:
    n_left = n_rows - first
    if n_left <= 0:
        return []
    size = max(1, min(ROWS, -(-n_left // _LEAST_BLOCKS)))
    return [(first + a, first + b) for a, b in bands(n_left, size)]
