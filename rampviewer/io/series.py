"""Time series that come in segments (`-seg001`, `-seg002`, ...), read as one exposure."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from astropy.io import fits

from rampviewer.io.fits_file import find, open_fits
from rampviewer.model.exposure import F32, Exposure
from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release

SEGMENT: Final = re.compile(r"(?P<before>.+-seg)(?P<number>\d{3})(?P<after>[_.].+)")
NOTE: Final = (
    "{n} segments are one exposure here: sigma clipping compares all its integrations, the "
    "official steps those of a segment."
)

Read = Callable[[Path, Callable[[int, int], None]], Exposure]


def segments_beside(path: Path) -> tuple[Path, ...]:
    """Return all segments of the series that a file belongs to, in order.

    They lie beside it and differ in the number behind `-seg` only. () for a file that is no
    segment, or has no other beside it.
    """
    name = SEGMENT.fullmatch(path.name)
    if name is None:
        return ()
    found = {}
    for other in path.parent.glob(f"*-seg[0-9][0-9][0-9]{name['after']}"):
        match = SEGMENT.fullmatch(other.name)
        if match and match["before"] == name["before"]:
            found[int(match["number"])] = other
    return tuple(found[number] for number in sorted(found)) if len(found) > 1 else ()


def segment_note(path: Path, segments: Sequence[Path]) -> str:
    """Return which part of a series a segment is."""
    number = 1 + [other.name for other in segments].index(path.name)
    return (
        f"This is segment {number} of {len(segments)} of a time series, which can be "
        "opened as one (File > Open all segments as one, --whole-series)."
    )


def series_name(path: Path) -> str:
    """Return the name of a whole series: that of a segment without its number."""
    return re.sub(r"-seg\d{3}", "", path.name)


def read_series(
    paths: Sequence[Path],
    shapes: Sequence[tuple[int, int, int, int]],
    room: Room,
    read: Read,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Exposure:
    """Return the segments of a series as one exposure, their integrations in a row.

    Parameters
    ----------
    paths : sequence of Path
    shapes : sequence of (n_ints, n_groups, n_rows, n_cols)
        Of each segment.
    room : Room
        For the whole.
    read : callable
        Reads one segment; gets its path and what takes (done, total).
    progress : callable
        Gets (integrations read, integrations).

    Raises
    ------
    ValueError
        When a segment is missing, or does not fit the first one.
    OSError
        When one cannot be read.
    """
    _check_numbers(paths)
    n_ints = sum(shape[0] for shape in shapes)
    whole = (n_ints, *shapes[0][1:])
    sci = room.zeros(whole, np.float32)
    groupdq = room.zeros(whole, np.uint8)
    zeroframes: list[F32] = []
    first: Exposure | None = None
    pixeldq: Any = None
    start = 0
    for path, shape in zip(paths, shapes, strict=True):
        part = read(path, _share(progress, start, shape[0], n_ints))
        first = first or part
        _check_fit(path, part, first)
        stop = start + shape[0]
        sci[start:stop], groupdq[start:stop] = part.sci, part.groupdq
        pixeldq = part.pixeldq if pixeldq is None else pixeldq | part.pixeldq
        if part.zeroframe is not None:
            zeroframes.append(part.zeroframe)
        release(sci)
        release(groupdq)
        start = stop
    assert first is not None
    return replace(
        first,
        sci=sci,
        groupdq=groupdq,
        pixeldq=pixeldq,
        zeroframe=np.concatenate(zeroframes) if len(zeroframes) == len(paths) else None,
        segments=tuple(path.absolute() for path in paths),
        is_segment=False,
        notes=(NOTE.format(n=len(paths)), *first.notes[:-1]),  # the last: a part of it
        room=room,
    )


@contextmanager
def joined_table(paths: Sequence[Path], name: str) -> Iterator[Any | None]:
    """Give the INT_TIMES, or INT_TIMES_STRIPE, of all segments as one extension of a file.

    None where a segment has none, or other columns than the first one.
    """
    tables: list[Any] = []
    for path in paths:
        with open_fits(path) as hdus:
            hdu = find(hdus, name)
            if hdu is None or (tables and hdu.data.dtype != tables[0].dtype):
                yield None
                return
            header = hdu.header
            tables.append(np.array(hdu.data))
    rows: Any = np.concatenate(tables)
    # Each segment may hold the times of the whole exposure.
    numbers = [key for key in rows.dtype.names if key.endswith("_number")]
    keys = np.stack([rows[key] for key in numbers or rows.dtype.names[:1]], axis=-1)
    _, places = np.unique(keys, axis=0, return_index=True)
    joined = fits.BinTableHDU(rows[places], header=header, name=name)
    with in_file(joined) as hdu:
        yield hdu


@contextmanager
def in_file(table: fits.BinTableHDU) -> Iterator[Any]:
    """Give a table as an extension of an open file, which can be copied as it is."""
    file = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), table]).writeto(file)
    file.seek(0)
    with fits.open(file, lazy_load_hdus=False) as hdus:
        yield hdus[1]


def _share(
    progress: Callable[[int, int], None], start: int, length: int, n_ints: int
) -> Callable[[int, int], None]:
    """Return what turns the progress of one segment into that of all."""

    def advance(done: int, total: int) -> None:
        progress(round(start + length * done / total), n_ints)

    return advance


def _check_numbers(paths: Sequence[Path]) -> None:
    """Raise when a segment is missing between the first and the last one."""
    numbers = [int(SEGMENT.fullmatch(path.name)["number"]) for path in paths]  # type: ignore[index]
    missing = sorted({*range(1, numbers[-1] + 1)}.difference(numbers))
    if missing:
        raise ValueError(
            f"{series_name(paths[0])} cannot be read as one: segment {missing[0]} is not "
            f"beside {paths[0].name}"
        )


def _check_fit(path: Path, part: Exposure, first: Exposure) -> None:
    """Raise when a segment does not belong to the first one."""
    kinds = {
        "groups, rows or columns": (part.sci.shape[1:], first.sci.shape[1:]),
        "timing": (part.timing, first.timing),
        "detector": (part.detector, first.detector),
    }
    for name, (mine, theirs) in kinds.items():
        if mine != theirs:
            raise ValueError(f"{path.name} has other {name} than the first segment")
