"""IMA files of HST WFC3/IR: one set of extensions for each read, the last read first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from astropy.io import fits
from numpy.typing import DTypeLike, NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.fits_file import find, is_image, read_array
from rampviewer.io.readers.interface import Stated
from rampviewer.io.readers.wfc3_flags import (
    BAD,
    BORDER,
    SATURATED,
    UNMAPPED,
    border,
    group_flags,
    pixel_flags,
)
from rampviewer.io.readers.wfc3_header import as_ramp_header, as_sci_header, stated_values
from rampviewer.io.readers.wfc3_times import Cadence, cadence_of
from rampviewer.io.saturation import Averages
from rampviewer.io.subarray import Target
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release
from rampviewer.model.timing import Timing

IMSET: Final = ("SCI", "ERR", "DQ", "SAMP", "TIME")
KIND: Final = "HST WFC3/IR IMA"
# Whether a unit is of electrons, and whether it is a rate.
_UNITS: Final = {
    "ELECTRONS": (True, False),
    "ELECTRONS/S": (True, True),
    "COUNTS": (False, False),
    "COUNTS/S": (False, True),
    "DN": (False, False),
    "DN/S": (False, True),
}
_CALIBRATION: Final = ("BLEVCORR", "DARKCORR", "NLINCORR")
_LAYOUT_NOTE: Final = (
    "Products have the layout that DATAMODL names, but stay HST: the official data models "
    "open them and warn of names that JWST has not (INSTRUME, DETECTOR, FILTER)."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImaRamp:
    """The reads of an IMA file as a ramp in DN; see `Ramp`."""

    path: Path
    hdus: fits.HDUList
    versions: tuple[int, ...]  # EXTVER of every read, in the order of time
    header: fits.Header
    sci_header: fits.Header
    shape: tuple[int, int, int, int]
    cadence: Cadence
    notes: tuple[str, ...]
    stated: Mapping[ReferenceKind, Stated]

    kind = KIND
    delivered = None
    unused_pixels = None  # its flags of groups say so
    has_flags = True
    is_uncalibrated = False  # its notes say what calwf3 left out

    @property
    def timing(self) -> Timing:
        return self.cadence.timing

    @property
    def extensions(self) -> tuple[str, ...]:
        return (f"{len(self.versions)} sets of {', '.join(IMSET)}",)

    @property
    def averages(self) -> Averages:
        return Averages.of_pattern(self.shape[1], 1)

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
        if name == "PIXELDQ":
            return pixel_flags(self._dq, len(self.versions)).astype(dtype)
        if name not in ("SCI", "GROUPDQ"):
            return None
        array = room.zeros(self.shape, dtype)
        always_bad = self._always_bad() if name == "GROUPDQ" else None
        for k in range(len(self.versions)):
            array[0, k] = (
                self._signal(k) if always_bad is None else self._flags(k, always_bad)
            )
            release(array)
            progress(array[0, k].nbytes)
        return array

    def _signal(self, k: int) -> NDArray[np.float64]:
        """Return the accumulated signal of a read [DN]."""
        if k == 0 and self.header.get("ZOFFCORR") == "COMPLETE":
            return np.zeros(self.shape[2:])
        in_electrons, is_rate = _unit(self.path, self._hdu("SCI", k))
        signal = self._plane("SCI", k, np.float64)
        if is_rate:  # the time was not taken out of reference pixels
            signal[~border(signal.shape)] *= self._time(k)[~border(signal.shape)]
        return signal / self.stated["gain"].value if in_electrons else signal

    def _time(self, k: int) -> NDArray[np.float64]:
        """Return the time that a rate was made with [s]."""
        if self._has("TIME", k) and self._hdu("TIME", k).shape:
            return self._plane("TIME", k, np.float64)
        time = _sample_time(self._hdu("SCI", k)) or float(self.header.get("SAMPZERO", 0.0))
        return np.full(self.shape[2:], time)

    def _flags(self, k: int, always_bad: NDArray[np.bool_]) -> NDArray[np.int16]:
        flags = group_flags(self._dq, k, always_bad)
        # calwf3 cuts them off in the end. Those beside the light jump up and down from read
        # to read, which would have the nearest rows of the sky flagged as neighbours.
        flags[border(flags.shape)] |= int(Dq.DO_NOT_USE)
        if k == 0 and self.cadence.without_zeroth:
            flags |= int(Dq.DO_NOT_USE)
        elif k == 0:
            flags[saturates_at_once(self._dq)] |= int(Dq.DO_NOT_USE)
        return flags

    def _always_bad(self) -> NDArray[np.bool_]:
        always: NDArray[np.bool_] = (self._dq(0) & BAD) != 0
        for k in range(1, len(self.versions)):
            always &= (self._dq(k) & BAD) != 0
        return always

    def _dq(self, k: int) -> NDArray[np.int16]:
        if not self._has("DQ", k):
            return np.zeros(self.shape[2:], np.int16)
        return self._plane("DQ", k, np.int16)

    def _plane(self, name: str, k: int, dtype: DTypeLike) -> NDArray[Any]:
        hdu = self._hdu(name, k)
        if hdu.shape:
            return read_array(self.path, hdu, dtype)
        return np.full(self.shape[2:], hdu.header.get("PIXVALUE", 0), dtype)

    def _has(self, name: str, k: int) -> bool:
        return (name, self.versions[k]) in self.hdus and is_image(self._hdu(name, k))

    def _hdu(self, name: str, k: int) -> Any:
        return self.hdus[name, self.versions[k]]


def is_ima(hdus: fits.HDUList) -> bool:
    """Return whether a file holds the reads of WFC3/IR one by one."""
    header = hdus[0].header
    stated = [str(header.get(key, "")).strip() for key in ("TELESCOP", "DETECTOR")]
    n_sci = sum(hdu.name == "SCI" and is_image(hdu) for hdu in hdus[1:])
    return stated == ["HST", "IR"] and n_sci > 1 and find(hdus, "TIME") is not None


def ima_ramp(path: Path, hdus: fits.HDUList) -> ImaRamp:
    """Return the ramp of an IMA file.

    Raises
    ------
    ValueError
        When reads differ in shape, lack a time or a known unit, or make no ramp.
    """
    header = hdus[0].header
    versions = _in_time(path, hdus)
    reads = [hdus["SCI", version] for version in versions]
    frame = _frame(path, reads)
    sequence = str(header.get("SAMP_SEQ", "")).strip()
    cadence = cadence_of(path, sequence, [_sample_time(read) for read in reads])
    shape = (1, len(reads), *frame)
    stated = stated_values(header)
    for read in reads:
        in_electrons, _ = _unit(path, read)
        if in_electrons and "gain" not in stated:
            raise ValueError(
                f"{path.name} is in electrons and states no gain (ATODGNA to D, CCDGAIN)"
            )
    ramp = ImaRamp(
        path=path,
        hdus=hdus,
        versions=versions,
        header=as_ramp_header(header, shape, cadence.timing),
        sci_header=as_sci_header(reads[-1].header),
        shape=shape,
        cadence=cadence,
        notes=(),
        stated=MappingProxyType(stated),
    )
    return _with_notes(ramp)


def saturates_at_once(dq: Callable[[int], NDArray[np.int16]]) -> NDArray[np.bool_]:
    """Return where the zeroth read is the only one below saturation: it tells nothing."""
    saturated: NDArray[np.bool_] = (dq(1) & ~dq(0) & SATURATED) != 0
    return saturated


def _in_time(path: Path, hdus: fits.HDUList) -> tuple[int, ...]:
    """Return EXTVER of the reads in the order of time, whatever that in the file is."""
    reads = [hdu for hdu in hdus[1:] if hdu.name == "SCI"]
    for hdu in reads:
        if not isinstance(hdu.header.get("SAMPTIME"), int | float):
            raise ValueError(
                f"{path.name} lacks timing: its read SCI,{hdu.ver} has no SAMPTIME"
            )
    return tuple(int(hdu.ver) for hdu in sorted(reads, key=_sample_time))


def _sample_time(hdu: Any) -> float:
    return float(hdu.header["SAMPTIME"])


def _frame(path: Path, reads: list[Any]) -> tuple[int, int]:
    shapes = {
        tuple(read.shape) or (read.header.get("NPIX2"), read.header.get("NPIX1"))
        for read in reads
    }
    if len(shapes) > 1:
        raise ValueError(f"{path.name} has reads of different shapes: {sorted(shapes)}")
    n_rows, n_cols = shapes.pop()
    if not n_rows or not n_cols or min(n_rows, n_cols) <= 2 * BORDER:
        raise ValueError(f"{path.name} has reads without pixels between its borders")
    return int(n_rows), int(n_cols)


def _unit(path: Path, hdu: Any) -> tuple[bool, bool]:
    unit = str(hdu.header.get("BUNIT", "")).strip().upper()
    if unit not in _UNITS:
        raise ValueError(
            f"{path.name} has reads in {unit or 'no unit'} (BUNIT): known are "
            f"{', '.join(_UNITS)}"
        )
    return _UNITS[unit]


def _with_notes(ramp: ImaRamp) -> ImaRamp:
    return replace(ramp, notes=tuple(filter(None, _notes(ramp))))


def _notes(ramp: ImaRamp) -> Iterator[str]:
    header, n_reads = ramp.header, len(ramp.versions)
    yield ramp.cadence.note
    yield _unit_note(ramp)
    absent = [step for step in _CALIBRATION if header.get(step) != "COMPLETE"]
    if absent:
        yield f"This exposure is uncalibrated: {', '.join(absent)} of calwf3 did not run."
    if header.get("ZOFFCORR") == "COMPLETE":
        yield "The zeroth read is exactly 0 (ZOFFCORR)."
    yield f"Reference pixels, a border of {BORDER}, are DO_NOT_USE."
    n_lost = 0 if ramp.cadence.without_zeroth else int(saturates_at_once(ramp._dq).sum())
    if n_lost:
        yield (
            f"{_pixels(n_lost)} saturated at once: the zeroth read alone tells no rate and "
            "is DO_NOT_USE."
        )
    if header.get("NSAMP") not in (None, n_reads):
        yield f"NSAMP says {header['NSAMP']}, the file has {n_reads} reads; they count."
    yield _unmapped(ramp)
    yield _LAYOUT_NOTE


def _unit_note(ramp: ImaRamp) -> str:
    hdu = ramp._hdu("SCI", -1)
    in_electrons, is_rate = _unit(ramp.path, hdu)
    means = ["time"] * is_rate
    if in_electrons:
        means.append(f"gain {ramp.stated['gain'].value:.4g}")
    if not means:
        return ""
    return f"{hdu.header['BUNIT']} became DN by {' and '.join(means)}."


def _unmapped(ramp: ImaRamp) -> str:
    dq = ramp._dq(len(ramp.versions) - 1)
    counts = {name: int(((dq & bit) != 0).sum()) for bit, name in UNMAPPED.items()}
    found = [f"{name} ({_pixels(n)})" for name, n in counts.items() if n]
    if not found:
        return ""
    return f"Flags left out, as JWST has none such: {', '.join(found)}."


def _pixels(n: int) -> str:
    return f"{n} pixel" + ("" if n == 1 else "s")
