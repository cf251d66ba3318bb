"""Other products of an exposure, found beside it by name, and single ramps in them."""

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from rampviewer.io.fits_file import find_image, open_fits, read_array
from rampviewer.io.irs2 import rows_in_file, trimmed
from rampviewer.io.keywords import read_timing
from rampviewer.io.names import root_of
from rampviewer.io.readers.choice import open_foreign
from rampviewer.io.readers.interface import NoRampError, Ramp
from rampviewer.io.readers.roman_l1 import RomanRamp
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.memory.budget import IN_MEMORY
from rampviewer.model.sibling_ramps import Sibling, SiblingRamp
from rampviewer.model.timing import Timing

FILE_NAME: Final = re.compile(r"(?i)\.((fits|fit|fts)(\.gz)?|asdf)$")
# Products in the order in which the pipeline makes them; others follow by name.
_ORDER: Final = (
    "uncal",
    "ima",
    "group_scale",
    "dq_init",
    "emicorr",
    "saturation",
    "ipc",
    "firstframe",
    "lastframe",
    "reset",
    "superbias",
    "refpix",
    "linearity",
    "rscd",
    "dark_current",
    "darkcurrent",
    "persistence",
    "charge_migration",
    "jump",
    "ramp",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiblingCube:
    """The SCI of a sibling: in memory where the file is compressed, else on disk.

    The file is opened for each ramp only, so that none stays open and nothing of it is
    kept. `stamp` is its size and time when it was looked into.
    """

    sibling: Sibling
    shape: tuple[int, int, int, int]  # in the file
    at: NDArray[np.float64]
    stamp: tuple[int, int]
    data: NDArray[np.float32] | None = None
    offset: int = 0  # of the data in the file [byte]
    dtype: str = ">f4"
    scale: tuple[float, float] = (1.0, 0.0)  # BSCALE, BZERO
    blank: int | None = None
    rows: NDArray[np.intp] | None = None  # of the file that are those of the exposure

    def ramp(self, pixel: Pixel) -> SiblingRamp:
        """Return the ramps of one pixel in all integrations.

        Raises
        ------
        OSError
            When the file is gone, was replaced since, or cannot be read.
        """
        row = pixel.row if self.rows is None else int(self.rows[pixel.row])
        if self.data is not None:
            signal = self.data[:, :, row, pixel.col].copy()
        else:
            signal = self._scaled(self._raw(row, pixel.col))
        return SiblingRamp(sibling=self.sibling, pixel=pixel, signal=signal, at=self.at)

    def _raw(self, row: int, col: int) -> NDArray[Any]:
        path = self.sibling.path
        n_ints, n_groups, n_rows, n_cols = self.shape
        size = np.dtype(self.dtype).itemsize
        first = self.offset + size * (row * n_cols + col)
        parts = []
        try:
            # Not a map of the file: if that is cut meanwhile, a map ends the process.
            with path.open("rb", buffering=0) as stream:
                if _stamp(os.fstat(stream.fileno())) != self.stamp:
                    raise OSError(f"{path.name} was replaced since: tick it anew")
                for plane in range(n_ints * n_groups):
                    stream.seek(first + plane * size * n_rows * n_cols)
                    parts.append(stream.read(size))
        except FileNotFoundError as error:
            raise FileNotFoundError(f"{path.name} is no longer there") from error
        if any(len(part) != size for part in parts):
            raise OSError(f"{path.name} is truncated")
        return np.frombuffer(b"".join(parts), self.dtype).reshape(n_ints, n_groups)

    def _scaled(self, raw: NDArray[Any]) -> NDArray[np.float32]:
        slope, zero = self.scale
        signal: NDArray[np.float32] = (raw.astype(np.float64) * slope + zero).astype(
            np.float32
        )
        if self.blank is not None:
            signal[raw == self.blank] = np.nan
        return signal


def find_siblings(exposure: Exposure) -> tuple[Sibling, ...]:
    """Return the ramps beside the file of an exposure whose names begin as its own.

    They are in the order in which the pipeline makes them. Files that hold no ramp, such
    as rates, are none; a ramp that cannot be drawn says why in its `reason`.

    Raises
    ------
    OSError
        When the folder cannot be read.
    """
    if exposure.path is None:
        return ()
    opened = exposure.path
    root = root_of(opened.name)
    known = [
        (path, name[len(root) + 1 :])
        for path in sorted(opened.parent.iterdir())
        if (name := FILE_NAME.sub("", path.name)) != path.name
        and re.match(f"{re.escape(root)}[_-].", name)
        and not _is_same(path, opened)
    ]
    found = [_look_into(exposure, path, name) for path, name in known]
    siblings = [sibling for sibling in found if sibling is not None]
    return tuple(sorted(siblings, key=lambda sibling: _rank(sibling.name)))


def open_sibling(exposure: Exposure, sibling: Sibling) -> SiblingCube:
    """Return the ramps of a sibling; what is compressed is read as a whole.

    Raises
    ------
    ValueError, OSError
        One sentence that names the file, when its ramps cannot be drawn.
    """
    path = sibling.path
    with open_foreign(path) as ramp:
        if ramp is not None:
            return _foreign_cube(exposure, sibling, ramp)
    with open_fits(path) as hdus:
        hdu = find_image(hdus, "SCI")
        if hdu is None:
            raise ValueError(f"{path.name} has no SCI extension any more")
        rows = rows_in_file(path, hdus[0].header, hdu.shape)
        common = {
            "sibling": sibling,
            "shape": hdu.shape,
            "at": _places(exposure, path, trimmed(hdu.shape, rows), _timing(path, hdus)),
            "stamp": _stamp(path.stat()),
            "rows": rows,
        }
        if path.suffix.lower() == ".gz" or isinstance(hdu, fits.CompImageHDU):
            return SiblingCube(**common, data=read_array(path, hdu, np.float32))
        return SiblingCube(**common, **_layout(path, hdu))


def _look_into(exposure: Exposure, path: Path, name: str) -> Sibling | None:
    """Return a sibling, None for a file that holds no ramp."""
    try:
        known = _shape_and_timing(path)
        if known is None:
            return None
        at = _places(exposure, path, *known)
    except (OSError, ValueError) as error:
        return Sibling(path=path, name=name, reason=f"{error}.")
    n_groups = exposure.n_groups
    same = at.size == n_groups and np.array_equal(at, np.arange(n_groups))
    return Sibling(path=path, name=name, note="" if same else f"{at.size} groups")


def _shape_and_timing(path: Path) -> tuple[tuple[int, ...], Timing | None] | None:
    """Return the shape of the ramps of a file and their times, None where it has none."""
    try:
        with open_foreign(path) as ramp:
            if ramp is not None:
                return ramp.shape, ramp.timing
    except NoRampError:
        return None
    with open_fits(path) as hdus:
        hdu = find_image(hdus, "SCI")
        if hdu is None or len(hdu.shape) != 4 or 0 in hdu.shape:
            return None
        rows = rows_in_file(path, hdus[0].header, hdu.shape)
        return trimmed(hdu.shape, rows), _timing(path, hdus)


def _foreign_cube(exposure: Exposure, sibling: Sibling, ramp: Ramp) -> SiblingCube:
    """Return ramps of another layout: read as a whole, unless they can be found on disk."""
    path = sibling.path
    common: dict[str, Any] = {
        "sibling": sibling,
        "shape": ramp.shape,
        "at": _places(exposure, path, ramp.shape, ramp.timing),
        "stamp": _stamp(path.stat()),
    }
    if isinstance(ramp, RomanRamp) and ramp.is_as_read:
        stored = ramp.arrays["SCI"]
        if stored.offset is not None:
            return SiblingCube(**common, offset=stored.offset, dtype=stored.dtype)
    return SiblingCube(**common, data=ramp.array("SCI", np.float32, IN_MEMORY))


def _places(
    exposure: Exposure, path: Path, shape: tuple[int, ...], theirs: Timing | None
) -> NDArray[np.float64]:
    """Return where the groups of a sibling stand among those of the exposure.

    Raises
    ------
    ValueError
        When its frame or its integrations are others, or the times of its groups unknown.
    """
    n_ints, n_groups, n_rows, n_cols = shape
    if (n_rows, n_cols) != exposure.shape[2:]:
        raise ValueError(
            f"{path.name} has a frame of {n_cols} x {n_rows} pixels, "
            f"not of {exposure.n_cols} x {exposure.n_rows}"
        )
    if n_ints != exposure.n_ints:
        raise ValueError(f"{path.name} has {n_ints} integrations, not {exposure.n_ints}")
    ours = exposure.timing
    is_like = theirs is None or math.isclose(theirs.group_time, ours.group_time)
    if n_groups == exposure.n_groups and is_like:
        return np.arange(n_groups, dtype=np.float64)
    if theirs is None or ours.read_times or theirs.read_times:
        raise ValueError(
            f"{path.name} has {n_groups} groups, not {exposure.n_groups}, "
            "and does not say at which even times they were read"
        )
    start = _first_time(theirs) - _first_time(ours)
    at = (start + np.arange(n_groups) * theirs.group_time) / ours.group_time
    return np.asarray(at, np.float64)


def _timing(path: Path, hdus: fits.HDUList) -> Timing | None:
    try:
        return read_timing(path, hdus[0].header, None)
    except ValueError:
        return None


def _first_time(timing: Timing) -> float:
    """Return the mean time of the frames of the first group [s]."""
    return (timing.drop_frames1 + (timing.n_frames + 1) / 2) * timing.frame_time


def _layout(path: Path, hdu: Any) -> dict[str, Any]:
    """Return how the data of an extension are written in a file."""
    kinds = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
    header = _written_header(path, hdu)
    return {
        "offset": int(hdu.fileinfo()["datLoc"]),
        "dtype": kinds[header["BITPIX"]],
        "scale": (float(header.get("BSCALE", 1.0)), float(header.get("BZERO", 0.0))),
        "blank": header.get("BLANK") if header["BITPIX"] > 0 else None,
    }


def _written_header(path: Path, hdu: Any) -> fits.Header:
    """Return the header as it is in the file: the library may have adapted its own."""
    place = hdu.fileinfo()
    with path.open("rb") as stream:
        stream.seek(place["hdrLoc"])
        text = stream.read(place["datLoc"] - place["hdrLoc"])
    return fits.Header.fromstring(text)


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _is_same(path: Path, opened: Path) -> bool:
    return path.is_dir() or path.resolve() == opened.resolve()


def _rank(name: str) -> tuple[int, str]:
    base = name.lower()
    place = next((n for n, known in enumerate(_ORDER) if base == known), len(_ORDER))
    return place, base
