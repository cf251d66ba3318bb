"""Lines of the detector in exposures that were read out in stripes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

FULL: Final = 2048  # lines of a detector that is read so
_NEEDED: Final = (
    "MSTR_RD1",
    "MSTR_SK1",
    "MSTR_RD2",
    "MSTR_SK2",
    "MSTR_RPT",
    "MSTR_ILV",
    "FASTAXIS",
    "SLOWAXIS",
)


def is_striped(path: Path, header: Mapping[str, Any]) -> bool:
    """Return whether an exposure was read out in stripes."""
    return header.get("MSTR_RD1") not in (None, "") or n_positions(path, header) > 0


def n_positions(path: Path, header: Mapping[str, Any]) -> int:
    """Return at how many positions integrations were taken in turn, 0 for one only.

    Raises
    ------
    ValueError
        When the header of the file says what is no number.
    """
    stated = header.get("SSTR_NST") or 0
    try:
        return int(stated)
    except ValueError:
        raise ValueError(
            f"{path.name} has a number of positions that is none (SSTR_NST {stated})"
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripes:
    """How the lines along the slow axis were read.

    Attributes
    ----------
    axis : int
        Of the frame that is the slow one: 0 rows, 1 columns.
    is_reversed : bool
        Whether lines of the frame count against the order in which they are read.
    start : int
        The line of the detector at which every sequence begins, in the order of reading.
    reads, skips : (int, int)
        Lines read at the start (of reference pixels, as a rule) and in each stripe; lines
        passed over before the first stripe, and between stripes.
    repeats : bool
        Whether the start is read again before each stripe.
    interleaves : bool
        Whether these stripes follow each other, instead of being the same.
    n_positions, step : int
        How many integrations begin at different lines in turn (1: all at the same), and how
        many lines lie between them.
    """

    axis: int
    is_reversed: bool
    start: int
    reads: tuple[int, int]
    skips: tuple[int, int]
    repeats: bool
    interleaves: bool
    n_positions: int = 1
    step: int = 0

    @classmethod
    def of_header(cls, header: Mapping[str, Any]) -> Self:
        """Return what the keywords of an exposure say.

        Raises
        ------
        ValueError
            When a keyword is missing, or no line is read.
        """
        start_key = "SUBSTRT2" if abs(int(header.get("FASTAXIS") or 1)) == 1 else "SUBSTRT1"
        lacking = [k for k in (*_NEEDED, start_key) if header.get(k) in (None, "")]
        if lacking:
            raise ValueError(f"it lacks {', '.join(lacking)}")
        value = {key: int(header[key]) for key in (*_NEEDED, start_key)}
        n_turns, step = (int(header.get(key) or 0) for key in ("SSTR_NST", "SSTR_STP"))
        if n_turns > 0 and value["MSTR_RD2"] < 1:
            value["MSTR_RD2"] = step  # each position is one stripe that wide
        if value["MSTR_RD2"] < 1 or min(value[key] for key in _NEEDED[:4]) < 0:
            raise ValueError(
                "its stripes have no lines, or fewer than none are skipped: "
                + ", ".join(f"{key} is {value[key]}" for key in _NEEDED[:4])
            )
        is_reversed = value["SLOWAXIS"] < 0
        return cls(
            axis=0 if abs(value["FASTAXIS"]) == 1 else 1,
            is_reversed=is_reversed,
            start=_start(value[start_key], is_reversed, str(header.get("SUBARRAY") or "")),
            reads=(value["MSTR_RD1"], value["MSTR_RD2"]),
            skips=(value["MSTR_SK1"], value["MSTR_SK2"]),
            repeats=value["MSTR_RPT"] > 0,
            interleaves=value["MSTR_ILV"] != 0,
            n_positions=max(n_turns, 1),
            step=step if n_turns > 0 else 0,
        )

    def lines(self, n_lines: int, position: int = 0) -> NDArray[np.intp]:
        """Return which line of a full frame each of `n_lines` of the exposure is.

        Lines count as in images, from 0; `position` is that of the integration.

        Raises
        ------
        ValueError
            When the stripes make another number of lines, or leave the detector.
        """
        read = [line for part in self.parts(n_lines, position) for line in part.lines]
        found = np.array(read, np.intp)
        return FULL - 1 - found[::-1] if self.is_reversed else found

    def parts(self, n_lines: int, position: int = 0) -> list["Part"]:
        """Return the lines in the order of reading, until there are enough.

        Raises
        ------
        ValueError
            As `lines`.
        """
        parts = self._read(n_lines, position)
        read = [line for part in parts for line in part.lines]
        if len(read) != n_lines:
            raise ValueError(
                f"its stripes (MSTR keywords) make {len(read)} lines, it has {n_lines}"
            )
        if max(read) >= FULL:
            raise ValueError(
                f"its stripes (MSTR keywords) leave the {FULL} lines there are"
            )
        return parts

    def _read(self, n_lines: int, position: int) -> list["Part"]:
        (n_start, n_stripe), (skip, gap) = self.reads, self.skips
        head = range(self.start, self.start + n_start)
        at = head.stop + skip + self.step * position
        parts = [Part(head, is_start=True), Part(range(at, at + n_stripe))]
        n_read = n_start + n_stripe
        if self.repeats and self.interleaves:
            at = head.stop + skip  # there the official steps begin at the first position
        while n_read < n_lines:
            if self.repeats:
                parts.append(Part(head, is_start=True))
                n_read += n_start
            if self.interleaves or not self.repeats:
                at += n_stripe + gap
            parts.append(Part(range(at, at + n_stripe)))
            n_read += n_stripe
        return parts


class Part(NamedTuple):
    """Lines of the detector that were read one after the other.

    `is_start` tells those at the start of a sequence, of reference pixels as a rule.
    """

    lines: range
    is_start: bool = False


def _start(first: int, is_reversed: bool, subarray: str) -> int:
    """Return where reading starts, from the corner of the subarray [pixel, from 1].

    For stripes, that keyword says where reading starts, even where it then goes down.
    Some files have 1 there all the same, and those of the DHS something else: all of them
    start at the edge.
    """
    if "DHS" in subarray.upper() or (is_reversed and first == 1):
        return 0
    return FULL - first if is_reversed else first - 1
