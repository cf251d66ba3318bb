"""Read up-the-ramp exposures."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import DTypeLike, NDArray

from rampviewer.io.asdf_tree import raw_bytes, read_tree
from rampviewer.io.delivered_parameters import delivered_parameters
from rampviewer.io.fits_file import find, open_fits, read_array
from rampviewer.io.irs2 import FULL, rows_in_file, science_rows, trimmed
from rampviewer.io.keywords import read_timing, shown_keywords
from rampviewer.io.quick_look import is_uncalibrated, quick_look, refuse_guide_star
from rampviewer.io.readers.asdf_arrays import is_asdf
from rampviewer.io.readers.choice import foreign_ramp
from rampviewer.io.readers.interface import Ramp, Stated
from rampviewer.io.readers.roman_l1 import roman_ramp
from rampviewer.io.readers.stated import references_of
from rampviewer.io.references import Given, LoadedReference, load_level
from rampviewer.io.saturation import Averages, flag_saturation
from rampviewer.io.series import read_series, segment_note, segments_beside, series_name
from rampviewer.io.sky import sky_of
from rampviewer.io.subarray import Target
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory import SAMPLE, Room
from rampviewer.model.parameter_set import ParameterSet
from rampviewer.model.timing import Timing

DARK_CURRENT = "AVDRKCUR"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RampFile:
    """A ramp exposure on disk, found sound, whose large arrays are not read yet."""

    path: Path
    hdus: fits.HDUList
    header: fits.Header
    shape: tuple[int, int, int, int]  # (n_ints, n_groups, n_rows, n_cols)
    rows: NDArray[np.intp] | None  # those of the frame in the file that are used; None: all
    timing: Timing
    notes: tuple[str, ...]
    delivered: ParameterSet | None  # of steps that were applied before

    @property
    def kind(self) -> str:
        return f"ramp exposure ({self.header.get('DATAMODL') or 'no DATAMODL keyword'})"

    @property
    def sci_header(self) -> fits.Header:
        return self.hdus["SCI"].header

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(hdu.name for hdu in self.hdus[1:])

    @property
    def stated(self) -> Mapping[ReferenceKind, Stated]:
        return {}

    @property
    def has_flags(self) -> bool:
        return find(self.hdus, "GROUPDQ") is not None

    @property
    def target(self) -> Target:
        return Target(self.path, self.header, (self.shape[2], self.shape[3]))

    @property
    def is_uncalibrated(self) -> bool:
        return is_uncalibrated(self.path, self.header)

    @property
    def averages(self) -> Averages:
        is_irs2 = self.rows is not None
        return Averages.of_pattern(self.shape[1], self.timing.n_frames, is_irs2=is_irs2)

    def array(
        self,
        name: str,
        dtype: DTypeLike,
        room: Room,
        progress: Callable[[int], None] = lambda _n_bytes: None,
    ) -> NDArray[Any] | None:
        """Return the data of an extension in native byte order, None where it is absent.

        Parameters
        ----------
        name : str
        dtype : data type
        room, progress
            As of `read_array`.
        """
        hdu = find(self.hdus, name)
        if hdu is None or not hdu.shape:
            return None
        return read_array(self.path, hdu, dtype, room, progress, self.rows)


def read_exposure(
    path: str | os.PathLike[str],
    *,
    gain: Given = None,
    readnoise: Given = None,
    saturation: Given = None,
    fetch_references: bool = False,
    memory_budget: int | None = None,
    whole_series: bool = False,
    announce: Callable[[str], None] = lambda _text: None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Exposure:
    """Read a ramp exposure with its gain and read noise.

    Parameters
    ----------
    path : path
        A JWST file with a 4-D SCI extension, as the pipeline and its steps write them, or
        an IMA file of HST WFC3/IR, plain or gzipped; or an L1 file of Roman WFI. A 4-D ERR
        extension of older files is ignored.
    gain, readnoise : path, number or None
        A reference file, a number for all pixels [electron/DN] and [DN, CDS noise], or
        None: the file that R_GAIN or R_READNO names, or CRDS_CONTEXT chooses, in the
        local CRDS cache.
    saturation : path, number or None
        Where groups of an uncalibrated exposure are saturated [DN], in the same way; not
        needed, and not used for other exposures.
    fetch_references : bool
        Whether the CRDS server may be asked for what the cache lacks.
    memory_budget : int, optional
        Memory to work in [byte], half of what is free if not given. An exposure that is
        too large for it lives in scratch files.
    whole_series : bool
        Whether all segments (`-seg001`, ...) beside a segment are read as one exposure.
    announce : callable
        Gets a sentence with sizes before such an exposure is read.
    progress : callable
        Gets (bytes read, bytes) of the ramps now and then; what it raises ends the reading.

    Raises
    ------
    MissingReferenceError
        When a reference is neither given nor in the cache.
    ValueError
        When the file is not a ramp exposure, axes disagree, timing is missing, or a
        reference does not fit.
    OSError
        When a file is missing, truncated or not FITS, or scratch files find no room.
    """
    paths = segments_beside(Path(path))
    if whole_series and paths:
        read = partial(
            read_exposure,
            gain=gain,
            readnoise=readnoise,
            saturation=saturation,
            fetch_references=fetch_references,
        )
        return _read_series(paths, read, memory_budget, announce, progress)
    with open_ramp(path) as ramp:
        fetch = fetch_references
        references = references_of(ramp, gain, readnoise, fetch=fetch)
        level, notes = load_level(
            saturation, ramp.target, wanted=ramp.is_uncalibrated, fetch=fetch
        )
        room = Room.within(ramp.shape, memory_budget)
        if text := room.sentence(ramp.path.name, ramp.shape):
            announce(text)
        exposure = _exposure(ramp, *references, level, room, progress)
    notes = (*exposure.notes, *notes)
    if not paths:
        return replace(exposure, notes=notes)
    note = segment_note(Path(path), paths)
    return replace(exposure, is_segment=True, notes=(*notes, note))


def _read_series(
    paths: tuple[Path, ...],
    read: Callable[..., Exposure],
    memory_budget: int | None,
    announce: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Exposure:
    shapes = []
    for path in paths:
        with open_ramp(path) as ramp:
            shapes.append(ramp.shape)
    n_ints = sum(shape[0] for shape in shapes)
    whole = (n_ints, *shapes[0][1:])
    room = Room.within(whole, memory_budget)
    if text := room.sentence(series_name(paths[0]), whole):
        announce(text)

    def read_one(path: Path, advance: Callable[[int, int], None]) -> Exposure:
        return read(path, memory_budget=memory_budget, progress=advance)

    return read_series(paths, shapes, room, read_one, progress)


def _exposure(
    ramp: Ramp,
    gain: LoadedReference,
    readnoise: LoadedReference,
    level: LoadedReference | None,
    room: Room,
    progress: Callable[[int, int], None],
) -> Exposure:
    n_done, n_bytes = 0, SAMPLE * math.prod(ramp.shape)

    def count(n_new: int) -> None:
        nonlocal n_done
        n_done += n_new
        progress(n_done, n_bytes)

    sci = ramp.array("SCI", np.float32, room, count)
    groupdq = ramp.array("GROUPDQ", np.uint8, room, count)
    pixeldq = ramp.array("PIXELDQ", np.uint32, room)
    zeroframe = ramp.array("ZEROFRAME", np.float32, room)
    assert sci is not None  # else the file is no ramp
    has_flags = groupdq is not None
    if groupdq is None:
        groupdq = room.zeros(ramp.shape, np.uint8)
    if level is not None:
        flag_saturation(sci, groupdq, level.data, zeroframe, ramp.averages)
    reference = None if level is None else level.reference
    level_name = str(reference or "")
    look = quick_look(level_name, has_flags=has_flags) if ramp.is_uncalibrated else ""
    return Exposure(
        sci=sci,
        groupdq=groupdq,
        pixeldq=np.zeros(ramp.shape[2:], np.uint32) if pixeldq is None else pixeldq,
        gain=gain.data,
        readnoise=readnoise.data,
        timing=ramp.timing,
        instrument=str(ramp.header.get("INSTRUME", "")).strip(),
        detector=str(ramp.header.get("DETECTOR", "")).strip(),
        zeroframe=zeroframe,
        dark_current=ramp.array(DARK_CURRENT, np.float32, room),
        path=ramp.path.absolute(),  # products are written from it, perhaps from elsewhere
        keywords=shown_keywords(ramp.header),
        gain_reference=gain.reference,
        readnoise_reference=readnoise.reference,
        saturation_reference=reference,
        quick_look=look,
        notes=(*([look] if look else []), *ramp.notes, *gain.notes, *readnoise.notes),
        delivered=ramp.delivered,
        sky=sky_of(ramp.header, ramp.sci_header),
        room=room,
    )


@contextmanager
def open_ramp(path: str | os.PathLike[str]) -> Iterator[Ramp]:
    """Give a ramp exposure whose axes and timing were checked; its content says what it is.

    Raises
    ------
    ValueError, OSError
        As `read_exposure`.
    """
    path = Path(path)
    if is_asdf(path):
        yield roman_ramp(path)
        return
    with open_fits(path) as hdus:
        yield foreign_ramp(path, hdus) or _jwst_ramp(path, hdus)


def _jwst_ramp(path: Path, hdus: fits.HDUList) -> RampFile:
    refuse_guide_star(path, hdus[0].header)
    whole = _ramp_shape(path, hdus)
    _check_axes(path, hdus, whole)
    header = _merged_header(hdus)
    shape, rows = _used(path, header, whole)
    tree = read_tree(raw_bytes(hdus))
    return RampFile(
        path=path,
        hdus=hdus,
        header=header,
        shape=shape,
        rows=rows,
        timing=read_timing(path, header, _read_times(tree)),
        notes=tuple(_notes(path, hdus, header, whole)),
        delivered=delivered_parameters(hdus[0].header, tree),
    )


def _ramp_shape(path: Path, hdus: fits.HDUList) -> tuple[int, int, int, int]:
    hdu = find(hdus, "SCI")
    if hdu is None:
        names = ", ".join(extension.name for extension in hdus[1:] if extension.name)
        raise ValueError(
            f"{path.name} is not a ramp exposure: it has no SCI extension"
            + (f" (it has {names})" if names else "")
        )
    shape = tuple(hdu.shape)
    if len(shape) != 4 or 0 in shape:
        model = hdus[0].header.get("DATAMODL")
        raise ValueError(
            f"{path.name} is not a ramp exposure: its SCI extension has the shape {shape}, "
            "a ramp has (integrations, groups, rows, columns)"
            + (f"; its header calls it {model}" if model else "")
        )
    return shape


def _used(
    path: Path, header: fits.Header, whole: tuple[int, int, int, int]
) -> tuple[tuple[int, int, int, int], NDArray[np.intp] | None]:
    """Return the shape of what is used of an exposure, and the rows it is made of."""
    rows = rows_in_file(path, header, whole)
    n_ints, n_groups, n_rows, n_cols = trimmed(whole, rows)
    return (n_ints, n_groups, n_rows, n_cols), rows


def _check_axes(path: Path, hdus: fits.HDUList, shape: tuple[int, int, int, int]) -> None:
    n_ints, _, n_rows, n_cols = shape
    wanted: dict[str, tuple[int, ...]] = {
        "GROUPDQ": shape,
        "PIXELDQ": (n_rows, n_cols),
        "ZEROFRAME": (n_ints, n_rows, n_cols),
        DARK_CURRENT: (n_rows, n_cols),
    }
    for name, need in wanted.items():
        hdu = find(hdus, name)
        if hdu is not None and hdu.shape and tuple(hdu.shape) != need:
            raise ValueError(
                f"{path.name} has axes that disagree: {name} has the shape "
                f"{tuple(hdu.shape)}, but SCI {shape} needs {need}"
            )


def _merged_header(hdus: fits.HDUList) -> fits.Header:
    """Return the primary header, completed by keywords that only SCI has."""
    header = hdus[0].header.copy()
    header.extend(hdus["SCI"].header, unique=True, strip=True)
    return header


def _read_times(tree: dict[str, Any]) -> Any:
    node: Any = tree
    for key in ("meta", "exposure", "read_times"):
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _notes(
    path: Path, hdus: fits.HDUList, header: fits.Header, shape: tuple[int, int, int, int]
) -> Iterable[str]:
    flags = {name: find(hdus, name) for name in ("GROUPDQ", "PIXELDQ")}
    absent = [name for name, hdu in flags.items() if hdu is None or not hdu.shape]
    if science_rows(header, shape) is not None:
        yield (
            f"Reference pixels between the rows (IRS2) are left out: {FULL} rows of "
            f"{shape[2]} are used."
        )
    for name in [] if is_uncalibrated(path, header) else absent:  # as it should be there
        yield f"There is no {name} extension: every flag counts as unset."
    stated = header.get("NGROUPS")
    if stated not in (None, "") and stated != shape[1]:
        yield f"NGROUPS says {stated}, SCI has {shape[1]} groups; SCI counts."
