"""Exposures whose integrations were taken at several positions of the detector in turn.

The integrations of one turn make one frame.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.headers import with_entries
from rampviewer.io.provenance import Entry
from rampviewer.io.stripes import FULL, Stripes, n_positions
from rampviewer.io.subarray import Target
from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release

WHOLE_AXIS: Final = ("SUB17STRIPE", "SUB60STRIPE", "SUB204STRIPE", "SUB680STRIPE")
TREE: Final = {  # below meta.subarray
    "MSTR_RD1": "multistripe_reads1",
    "MSTR_RD2": "multistripe_reads2",
    "MSTR_SK1": "multistripe_skips1",
    "MSTR_SK2": "multistripe_skips2",
    "MSTR_RPT": "repeat_stripe",
    "MSTR_ILV": "interleave_reads1",
    "SSTR_NST": "num_superstripe",
    "SSTR_STP": "superstripe_step",
}
INT_TIMES: Final = "INT_TIMES"
OF_PARTS: Final = "INT_TIMES_STRIPE"
CLOCK: Final = 1e-5  # from pixel to pixel [s]
ROW_PAD: Final = 12  # pixels of time at the end of a row


class _Place(NamedTuple):
    """Where a part of an integration goes: slices along the slow axis, as it is read."""

    position: int
    repeat: int
    source: slice
    target: slice


@dataclass(frozen=True, slots=True, kw_only=True)
class Superstripes:
    """How integrations become frames.

    Attributes
    ----------
    stripes : Stripes
    shape : (int, int, int, int)
        Of the ramps in the file, (n_ints, n_groups, n_rows, n_cols).
    first, n_lines : int
        The first line of the frames in the order of reading, and how many they have.
    places : tuple of _Place
    n_repeats : int
        How often a place is read within a group: each is a group of its own.
    """

    stripes: Stripes
    shape: tuple[int, int, int, int]
    first: int
    n_lines: int
    places: tuple[_Place, ...]
    n_repeats: int

    @classmethod
    def of_header(
        cls, path: Path, header: Mapping[str, Any], shape: tuple[int, int, int, int]
    ) -> Self | None:
        """Return how an exposure is put together, None where there is nothing to do.

        Raises
        ------
        ValueError
            When its keywords do not explain its lines.
        """
        if n_positions(path, header) < 1:
            return None
        try:
            stripes = Stripes.of_header(header)
            size = shape[2:][stripes.axis]
            read = [stripes.parts(size, k) for k in range(stripes.n_positions)]
        except ValueError as error:
            raise ValueError(
                f"{path.name} cannot be put together from the {header['SSTR_NST']} "
                f"positions at which it was taken: {error}"
            ) from error
        ends = [part.lines for parts in read for part in parts if not part.is_start]
        first, n_lines = min(part.start for part in ends), max(part.stop for part in ends)
        n_lines -= first
        name = str(header.get("SUBARRAY") or "")
        if name.endswith("_SOSS") and name.removesuffix("_SOSS") in WHOLE_AXIS:
            first, n_lines = 0, FULL
        places = tuple(_places(read, first))
        n_repeats = 1 + max(place.repeat for place in places)
        if n_repeats * sum(stripes.reads) != size and n_repeats > 1:
            raise ValueError(
                f"{path.name} cannot be put together from the {stripes.n_positions} "
                "positions at which it was taken: it has several stripes without their "
                "start between them (MSTR_RPT is 0), and such groups have no times"
            )
        return cls(
            stripes=stripes,
            shape=shape,
            first=first,
            n_lines=n_lines,
            places=places,
            n_repeats=n_repeats,
        )

    @property
    def n_positions(self) -> int:
        return self.stripes.n_positions

    @property
    def whole(self) -> tuple[int, int, int, int]:
        """The shape of the ramps that are made, (n_ints, n_groups, n_rows, n_cols)."""
        n_ints, n_groups, *frame = self.shape
        frame[self.stripes.axis] = self.n_lines
        turns = n_ints // self.n_positions
        return turns, n_groups * self.n_repeats, frame[0], frame[1]

    def array(
        self, name: str, data: NDArray[Any] | None, room: Room
    ) -> NDArray[Any] | None:
        """Return what an extension is once it is put together, None where there is none."""
        if name == "PIXELDQ":
            return self.pixel_flags(data)
        if data is None or name == "ZEROFRAME":
            return None if data is None else self.frames(data)
        return self.ramps(data, room) if data.ndim == 4 else data

    def ramps(self, ramps: NDArray[Any], room: Room) -> NDArray[Any]:
        """Return ramps, (n_ints, n_groups, n_rows, n_cols), or their flags, so."""
        out = room.zeros(self.whole, ramps.dtype)
        if ramps.dtype.kind == "f":
            out[...] = np.nan
        for turn in range(len(out)):
            for place in self.places:
                group = slice(place.repeat, None, self.n_repeats)
                integration = ramps[turn * self.n_positions + place.position]
                part = self._as_read(integration)[..., place.source, :]
                self._as_read(out[turn, group])[..., place.target, :] = part
            release(out)
        return out

    def frames(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return frames, (n_ints, n_rows, n_cols), as those of whole turns; NaN between."""
        whole = self.whole
        out = np.full((whole[0], *whole[2:]), np.nan, np.float32)
        for turn in range(len(out)):
            for place in self._in_turn():
                frame = self._as_read(frames[turn * self.n_positions + place.position])
                self._as_read(out[turn])[place.target] = frame[place.source]
        return out

    def pixel_flags(self, flags: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
        """Return flags of pixels, from those of each position or of nothing.

        What is never read has no signal: it counts as reference pixel, as by the official
        step.
        """
        out = np.full(self.whole[2:], np.uint32(Dq.REFERENCE_PIXEL))
        for place in self._in_turn():
            target = self._as_read(out)[place.target]
            if flags is None:
                target[...] = 0
            else:
                target[...] = self._as_read(flags[place.position])[place.source]
        return out

    def changes(self, header: Mapping[str, Any]) -> tuple[Entry, ...]:
        """Return what the keywords say of an exposure once it is put together."""
        _, n_groups, n_rows, n_cols = self.whole
        first = self.first
        if self.stripes.is_reversed:
            first = FULL - self.first - self.n_lines
        axis = ("2", "y") if self.stripes.axis == 0 else ("1", "x")
        of_file = self.shape[0]
        start, end = (
            int(header.get(key) or other)
            for key, other in (("INTSTART", 1), ("INTEND", header.get("NINTS") or of_file))
        )
        stated = int(header.get("NINTS") or of_file)
        numbers = {
            "NINTS": (math.ceil(stated / self.n_positions), ("exposure", "nints")),
            "NGROUPS": (n_groups, ("exposure", "ngroups")),
            "INTSTART": (
                math.ceil(start / self.n_positions),
                ("exposure", "integration_start"),
            ),
            "INTEND": (math.ceil(end / self.n_positions), ("exposure", "integration_end")),
            "SUBSIZE1": (n_cols, ("subarray", "xsize")),
            "SUBSIZE2": (n_rows, ("subarray", "ysize")),
            f"SUBSTRT{axis[0]}": (first + 1, ("subarray", f"{axis[1]}start")),
        }
        gone = [Entry(key, None, "", ("subarray", name)) for key, name in TREE.items()]
        return (*(Entry(key, v, "", path) for key, (v, path) in numbers.items()), *gone)

    def targets(self, path: Path, header: Mapping[str, Any]) -> list[Target]:
        """Return what a reference is cut to for each position."""
        frame = self.shape[2], self.shape[3]
        return [Target(path, header, frame, k) for k in range(self.n_positions)]

    def header(self, header: fits.Header) -> fits.Header:
        """Return a header with these changes."""
        return with_entries(header, self.changes(header), ())

    def times(self, table: Any, header: Mapping[str, Any]) -> list[fits.BinTableHDU]:
        """Return INT_TIMES of the frames, and those of their parts; [] without any."""
        if table is None or table.data is None or len(table.data) == 0:
            return []
        first = int(header.get("INTSTART") or 1)
        rows = np.array(table.data)
        frames = joined_times(rows, self.n_positions, first)
        parts = times_of_parts(rows, self.n_positions, first)
        return [
            fits.BinTableHDU(frames, header=table.header, name=INT_TIMES),
            fits.BinTableHDU(parts, name=OF_PARTS),
        ]

    def read_times(self, header: Mapping[str, Any]) -> list[list[float]] | None:
        """Return when the frames of every group were read [s], None where it is even."""
        if self.n_repeats == 1:
            return None
        return _read_times(header, self.shape, self.stripes)

    @property
    def note(self) -> str:
        n_lost = self.shape[0] % self.n_positions
        lost = f" The last {n_lost} make no whole turn and are left out." if n_lost else ""
        return (
            f"Its integrations were taken at {self.n_positions} positions of the detector "
            "in turn: each turn is put together to one frame. Reference pixels were not "
            f"subtracted before.{lost}"
        )

    def _in_turn(self) -> Iterator[_Place]:
        """Give the places in the order in which later ones count."""
        return iter(sorted(self.places, key=lambda place: (place.repeat, place.position)))

    def _as_read(self, frames: NDArray[Any]) -> NDArray[Any]:
        """Return a view whose last axis but one is the slow one, as it was read."""
        view = frames if self.stripes.axis == 0 else np.swapaxes(frames, -1, -2)
        return view[..., ::-1, :] if self.stripes.is_reversed else view


def joined_times(rows: NDArray[Any], n_positions: int, first: int) -> NDArray[Any]:
    """Return a row of INT_TIMES for each turn, from those of its integrations."""
    n_turns = len(rows) // n_positions
    used = rows[: n_turns * n_positions]
    out = used[::n_positions].copy()
    last = used[n_positions - 1 :: n_positions]
    for scale in ("MJD_UTC", "BJD_TDB"):
        begin, end = out[f"int_start_{scale}"], last[f"int_end_{scale}"]
        out[f"int_end_{scale}"] = end
        out[f"int_mid_{scale}"] = (end - begin) / 2.0 + begin
    out["integration_number"] = math.ceil(first / n_positions) + np.arange(n_turns)
    return out


def times_of_parts(rows: NDArray[Any], n_positions: int, first: int) -> NDArray[Any]:
    """Return the rows of INT_TIMES with the frame that each is part of, and its place."""
    begun = np.arange(len(rows))
    columns = {
        "integration_number": begun // n_positions + math.ceil(first / n_positions),
        "stripe_number": begun % n_positions + 1,
    }
    times = [name for name in rows.dtype.names or () if name.startswith("int_")]
    kinds = [*((name, "i4") for name in columns), *((name, "f8") for name in times)]
    out = np.zeros(len(rows), kinds)
    for name in times:
        out[name] = rows[name]
    for name, numbers in columns.items():
        out[name] = numbers
    return out


def _places(read: list[list[Any]], first: int) -> Iterator[_Place]:
    for position, parts in enumerate(read):
        at, repeat = 0, 0
        for part in parts:
            n_lines = len(part.lines)
            if not part.is_start:
                begin = part.lines.start - first
                target = slice(begin, begin + n_lines)
                yield _Place(position, repeat, slice(at, at + n_lines), target)
                repeat += 1
            at += n_lines


def _read_times(
    header: Mapping[str, Any], shape: tuple[int, int, int, int], stripes: Stripes
) -> list[list[float]]:
    """Return the times by the clock of the detector: resets, rows, pads at their ends."""
    rows, columns = shape[2:] if stripes.axis == 0 else shape[:1:-1]
    n_frames, gap = int(header.get("NFRAMES") or 1), int(header.get("GROUPGAP") or 0)
    outputs = int(header.get("NOUTPUTS") or 1)
    line = columns / outputs + ROW_PAD  # [pixels]
    extra_rows = 2 if outputs == 1 and columns >= 9 else 3
    extra_rows, extra = (1, 1) if outputs == 4 else (extra_rows, 0)
    once = sum(stripes.reads)
    frame = (line * (rows + extra_rows) + extra) * CLOCK
    reset = (line * (once + extra_rows) + extra) * CLOCK
    part = line * once * CLOCK
    steps = [reset, *[part] * (rows // once - 1)]
    times, now = [], 0.0
    for _ in range(shape[1]):
        for step in steps:
            times.append([now + step + k * frame for k in range(n_frames)])
            now += step
        now += frame * (n_frames - 1 + gap)
    return times
