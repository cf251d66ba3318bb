"""Ramps of Roman WFI: the resultants of an L1 file, or those of a later ramp, in ASDF."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from astropy.io import fits
from numpy.typing import DTypeLike, NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.asdf_tree import asdf_bytes
from rampviewer.io.readers.asdf_arrays import StoredArray, read_asdf_tree, stored_array
from rampviewer.io.readers.interface import NoRampError, Stated
from rampviewer.io.readers.roman_flags import drop_own_bits
from rampviewer.io.readers.roman_header import header_of, plain, timing_of
from rampviewer.io.saturation import Averages
from rampviewer.io.subarray import Target
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release
from rampviewer.model.timing import Timing

BORDER: Final = 4  # reference pixels on every side [pixel]
_ARRAYS: Final = {
    "SCI": ("data",),
    "GROUPDQ": ("groupdq", "resultantdq"),
    "PIXELDQ": ("pixeldq",),
    "REFERENCE": ("reference_read",),
}
_OFFSET: Final = "data_encoding_offset"
_GROUND: Final = ("TvacModel", "FpsModel")  # of tests, where it was not subtracted
_LAYOUT_NOTE: Final = (
    "Products are FITS files with the layout that DATAMODL names, but stay Roman: the "
    "official data models of JWST open them and warn of names that JWST has not (INSTRUME, "
    "DETECTOR, FILTER, EXP_TYPE)."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RomanRamp:
    """The resultants of a file as one integration; see `Ramp`."""

    path: Path
    kind: str
    meta: Mapping[str, Any]
    arrays: Mapping[str, StoredArray]
    header: fits.Header
    shape: tuple[int, int, int, int]
    timing: Timing
    notes: tuple[str, ...]
    extensions: tuple[str, ...]
    stated: Mapping[ReferenceKind, Stated] = field(
        default_factory=lambda: MappingProxyType({})
    )

    delivered = None

    @property
    def sci_header(self) -> fits.Header:
        return fits.Header()

    @property
    def has_flags(self) -> bool:
        return "GROUPDQ" in self.arrays

    @property
    def is_uncalibrated(self) -> bool:
        return "groupdq" not in self.extensions  # which the first step adds

    @property
    def averages(self) -> Averages:
        return Averages(self.meta["exposure"]["read_pattern"])

    @property
    def unused_pixels(self) -> NDArray[np.bool_]:
        # romancal cuts them off in the end, with the jumps that were found in them.
        return _border(self.shape[2:])

    @property
    def target(self) -> Target:
        return Target(self.path, self.header, (self.shape[2], self.shape[3]))

    def array(
        self,
        name: str,
        dtype: DTypeLike,
        room: Room,
        progress: Callable[[int], None] = lambda _n_bytes: None,
    ) -> NDArray[Any] | None:
        """Return SCI [DN], GROUPDQ or PIXELDQ."""
        stored = self.arrays.get(name)
        if name == "PIXELDQ":
            return self._pixel_flags(stored, room).astype(dtype)
        if name == "GROUPDQ":
            return self._group_flags(stored, dtype, room, progress)
        if stored is None:
            return None
        data = stored.read(dtype, room, self.shape, progress)
        return self._as_read(data, room) if name == "SCI" else data

    def _as_read(self, data: NDArray[Any], room: Room) -> NDArray[Any]:
        """Return resultants as the detector gave them, not as they were sent to Earth."""
        if self.is_as_read:
            return data
        reference = self.arrays.get("REFERENCE")
        added = np.zeros(self.shape[2:], data.dtype)
        if reference is not None:
            added += reference.read(data.dtype, room, self.shape[2:])
        added -= self.encoding_offset
        for k in range(self.shape[1]):
            data[0, k] += added
            release(data)
        return data

    @property
    def is_as_read(self) -> bool:
        """Whether the file holds resultants as the detector gave them."""
        return "REFERENCE" not in self.arrays and self.encoding_offset == 0

    @property
    def encoding_offset(self) -> float:
        """What was added to resultants so that none is below 0 [DN]."""
        instrument = self.meta.get("instrument")
        stated = instrument.get(_OFFSET) if isinstance(instrument, Mapping) else None
        return float(stated) if stated and self.is_uncalibrated else 0.0

    def _group_flags(
        self,
        stored: StoredArray | None,
        dtype: DTypeLike,
        room: Room,
        progress: Callable[[int], None],
    ) -> NDArray[Any]:
        flags = (
            room.zeros(self.shape, dtype)
            if stored is None
            else stored.read(dtype, room, self.shape, progress)
        )
        for k in range(self.shape[1]):
            drop_own_bits(flags[0, k])
            release(flags)
        return flags

    def _pixel_flags(self, stored: StoredArray | None, room: Room) -> NDArray[np.uint32]:
        frame = self.shape[2:]
        if stored is None:
            flags = np.zeros(frame, np.uint32)
        else:
            flags = stored.read(np.uint32, room, frame)
            drop_own_bits(flags)
        flags[_border(frame)] |= np.uint32(Dq.REFERENCE_PIXEL)
        return flags


def _border(frame: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pixels are reference pixels."""
    mask = np.ones(frame, np.bool_)
    mask[BORDER:-BORDER, BORDER:-BORDER] = False
    return mask


def roman_ramp(path: Path) -> RomanRamp:
    """Return the ramp of a Roman file.

    Raises
    ------
    NoRampError
        When it is something else than a ramp of Roman.
    ValueError
        When its timing is missing, or its parts disagree.
    OSError
        When it is truncated.
    """
    tree = read_asdf_tree(path)
    roman = tree.get("roman")
    if not isinstance(roman, Mapping):
        keys = ", ".join(key for key in tree if key not in ("asdf_library", "history"))
        raise NoRampError(
            f"{path.name} is not a ramp exposure: it is an ASDF file without data of Roman"
            + (f" (it has {keys})" if keys else "")
        )
    meta = plain(roman.get("meta") or {})
    arrays = _arrays(path, roman)
    is_ground = _model(meta) in _GROUND or "groupdq" in roman
    if is_ground:
        arrays.pop("REFERENCE", None)
    n_groups, n_rows, n_cols = _cube(path, roman, meta, arrays)
    shape = (1, n_groups, n_rows, n_cols)
    timing, timing_note = timing_of(path, meta, n_groups)
    return RomanRamp(
        path=path,
        kind=f"Roman {_model(meta) or 'ramp'}",
        meta=meta,
        arrays=arrays,
        header=header_of(meta, shape, timing),
        shape=shape,
        timing=timing,
        notes=tuple(filter(None, _notes(meta, timing_note, arrays))),
        extensions=tuple(key for key in roman if key != "meta"),
    )


def metadata(ramp: RomanRamp) -> bytes:
    """Return an ASDF file with the metadata, as text and numbers without tags.

    They are where Roman has them: below `meta` stands what is said in the words of JWST.
    """
    return asdf_bytes({"roman": {"meta": dict(ramp.meta)}})


def _arrays(path: Path, roman: Mapping[str, Any]) -> dict[str, StoredArray]:
    found = {}
    for name, keys in _ARRAYS.items():
        for key in keys:
            stored = stored_array(path, ("roman", key), roman.get(key))
            if stored is not None:
                found[name] = stored
    return found


def _cube(
    path: Path,
    roman: Mapping[str, Any],
    meta: Mapping[str, Any],
    arrays: Mapping[str, StoredArray],
) -> tuple[int, ...]:
    """Return the shape of the resultants, to which all others fit."""
    what = f"a file of Roman ({_model(meta)})" if _model(meta) else "a file of Roman"
    if "SCI" not in arrays:
        keys = ", ".join(key for key in roman if key != "meta")
        raise NoRampError(
            f"{path.name} is not a ramp exposure but {what}: it has no array data"
            + (f" (it has {keys})" if keys else "")
        )
    shape = arrays["SCI"].shape
    if len(shape) != 3 or 0 in shape:
        raise NoRampError(
            f"{path.name} is not a ramp exposure but {what}: its data have the shape "
            f"{shape}, a ramp has (resultants, rows, columns)"
        )
    frame = shape[1:]
    for name, need in (("GROUPDQ", shape), ("PIXELDQ", frame), ("REFERENCE", frame)):
        stored = arrays.get(name)
        if stored is not None and stored.shape != need:
            raise ValueError(
                f"{path.name} has axes that disagree: {stored.keys[1]} has the shape "
                f"{stored.shape}, but data {shape} need {need}"
            )
    return shape


def _model(meta: Mapping[str, Any]) -> str:
    return str(meta.get("model_type") or "")


def _notes(
    meta: Mapping[str, Any], timing_note: str, arrays: Mapping[str, StoredArray]
) -> Iterator[str]:
    yield timing_note
    if "REFERENCE" in arrays:
        yield "The reference read, which was subtracted on board, is added to all groups."
    yield f"Reference pixels, a border of {BORDER}, are DO_NOT_USE."
    exposure = meta.get("exposure")
    if isinstance(exposure, Mapping) and exposure.get("truncated") is True:
        yield "Its multi-accumulation table was cut short (truncated)."
    yield _LAYOUT_NOTE
