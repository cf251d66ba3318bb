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
_FRAMES = "sci", "groupdq", "pixeldq", "gain", "readnoise", "zeroframe", "dark_current"


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """Pixels of an exposure side by side, as an exposure of its own.

    Its last row is filled up with pixels that are DO_NOT_USE throughout.
    """

    exposure: Exposure
    places: I64  # (n_rows, n_cols) where each pixel is in the frame, row x n_cols + column
    n_pixels: int

    @classmethod
    def of(
        cls,
        exposure: Exposure,
        pixels: I64,
        n_threads: int = 1,
        known: "Excerpt | None" = None,
        any_group: U8 | None = None,
    ) -> "Excerpt":
        """Pick pixels from an exposure.

        Parameters
        ----------
        exposure : Exposure
        pixels : (n,) int64
            row x n_cols + column
        n_threads : int
        known : Excerpt, optional
            Of the same exposure; its pixels are the first of `pixels`.
        any_group : (n_rows, n_cols) uint8, optional
            Flags of any group, if they are known: where there is none none is looked for.
        """
        n_cols = max(1, min(pixels.size, LANES))
        n_rows = max(1, -(-pixels.size // n_cols))
        places = np.zeros((n_rows, n_cols), np.int64)
        places.reshape(-1)[: pixels.size] = pixels
        if known is not None and known.places.shape[1] != n_cols:
            known = None
        values = _pick(exposure, places, n_threads, known, any_group)
        groupdq = values["groupdq"]
        groupdq.reshape(*groupdq.shape[:2], -1)[..., pixels.size :] = Dq.DO_NOT_USE
        return cls(replace(exposure, **values), places, pixels.size)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Rows [start, stop) to be worked on at a time."""
        return _blocks(self.exposure.n_rows)

    def detect(
        self,
        settings: JumpSettings,
        n_threads: int,
        known: "tuple[Excerpt, Detected] | None" = None,
    ) -> "Detected":
        """Return what each pixel shows by itself, without what neighbours flag.

        Parameters
        ----------
        settings : JumpSettings
        n_threads : int
        known : Excerpt and Detected, optional
            Whose pixels are the first ones here, and what they show with these settings.
            Their jumps are not counted again.
        """
        found, (data, delivered, noise) = self._room(), self._inputs()
        n_same = 0 if known is None else self._take(known, found)

        def work(start: int, stop: int) -> int:
            rows, out = (start, stop), (found.flags, found.origin, found.spread)
            return int(detect_picked(data, delivered, noise, rows, settings, *out))

        tasks = _blocks(self.exposure.n_rows, n_same)
        return replace(found, n_primary=sum(over_bands(work, tasks, n_threads)))

    def _take(self, known: "tuple[Excerpt, Detected]", found: "Detected") -> int:
        """Copy what is known to `found`, in place; return of how many rows."""
        (excerpt, detected), n_cols = known, self.places.shape[1]
        if excerpt.places.shape[1] != n_cols:
            return 0
        n_same: int = excerpt.n_pixels // n_cols  # whole rows
        found.flags[:, :n_same] = detected.flags[:, :n_same]
        found.origin[:, :n_same] = detected.origin[:, :n_same]
        found.spread[:n_same] = detected.spread[:n_same]
        return n_same

    def compare(self, old: JumpSettings, new: JumpSettings, n_threads: int) -> "Comparison":
        """Return what `detect` does with new settings, and where that differs from old.

        They differ in limits and rules only.
        """
        found, (data, delivered, noise) = self._room(), self._inputs()
        changed = np.empty(self.places.shape, np.uint8)

        def work(start: int, stop: int) -> tuple[int, int]:
            rows, both = (start, stop), (old, new)
            out = found.flags, found.origin, found.spread, changed
            counts: tuple[int, int] = compare_picked(
                data, delivered, noise, rows, both, *out
            )
            return counts

        counts = list(over_bands(work, self.blocks, n_threads))
        n_old, n_new = (sum(part) for part in zip(*counts, strict=True))
        found = replace(found, n_primary=n_new)
        is_other = changed.reshape(-1)[: self.n_pixels].view(bool)
        return Comparison(found, is_other, n_new - n_old)

    def _inputs(self) -> tuple[F32, U8, tuple[F32, F32]]:
        exposure = self.exposure
        noise = exposure.gain, exposure.readnoise
        return _planes(exposure.sci), _planes(exposure.groupdq), noise

    def _room(self) -> "Detected":
        delivered = _planes(self.exposure.groupdq)
        flags, origin = np.empty_like(delivered), np.empty_like(delivered)
        return Detected(flags, origin, empty_spread(*delivered.shape), 0)

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
        n_cols, (data, delivered, _) = self.places.shape[1], self._inputs()
        flags, origin = detected.flags, detected.origin

        def work(start: int, stop: int) -> None:
            flag_from_neighbors(self.places, (start, stop), spread, flags, origin)
            if settings.after_groups_1 > 0 or settings.after_groups_2 > 0:
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
class Comparison:
    """What the pixels of an excerpt show, and which have other flags than before."""

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


def _pick(
    exposure: Exposure,
    places: I64,
    n_threads: int,
    known: Excerpt | None,
    any_group: U8 | None,
) -> dict[str, Any]:
    """Return what an exposure has at some places, by name."""
    n_rows, n_cols = places.shape
    n_same = 0 if known is None else known.n_pixels // n_cols  # whole rows
    picked = {}
    for name in _FRAMES:
        frames = getattr(exposure, name)
        if frames is not None:
            out = np.empty((*frames.shape[:-2], n_rows, n_cols), frames.dtype)
            if known is not None:
                same = getattr(known.exposure, name)
                out[..., :n_same, :] = same[..., :n_same, :]
            picked[name] = frames, out

    def pick(start: int, stop: int) -> None:
        for name, (frames, out) in picked.items():
            planes = _planes(frames), _planes(out)
            if name == "groupdq" and any_group is not None:
                _pick_flags(planes[0], places, (start, stop), planes[1], any_group)
            else:
                pick_planes(planes[0], places, (start, stop), planes[1])

    for _ in over_bands(pick, _blocks(n_rows, n_same), n_threads):
        pass
    return {name: out for name, (_, out) in picked.items()}


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


def _blocks(n_rows: int, first: int = 0) -> list[tuple[int, int]]:
    n_left = n_rows - first
    size = max(1, min(ROWS, -(-n_left // _LEAST_BLOCKS)))
    return [(first + a, first + b) for a, b in bands(n_left, size)]
