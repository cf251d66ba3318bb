"""Read up-the-ramp exposures."""

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.io.keywords import shown_keywords
from rampviewer.io.quick_look import quick_look
from rampviewer.io.ramp_file import DARK_CURRENT, open_ramp
from rampviewer.io.readers.interface import Ramp
from rampviewer.io.readers.stated import references_of
from rampviewer.io.references import Given, LoadedReference, load_level
from rampviewer.io.saturation import flag_saturation
from rampviewer.io.series import read_series, segment_note, segments_beside, series_name
from rampviewer.io.sky import sky_of
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory import SAMPLE, Room


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
    arrays = _arrays(ramp, level, room, progress)
    look = _quick_look(ramp, level)
    return Exposure(
        **arrays,
        gain=gain.data,
        readnoise=readnoise.data,
        timing=ramp.timing,
        instrument=str(ramp.header.get("INSTRUME", "")).strip(),
        detector=str(ramp.header.get("DETECTOR", "")).strip(),
        dark_current=ramp.array(DARK_CURRENT, np.float32, room),
        path=ramp.path.absolute(),  # products are written from it, perhaps from elsewhere
        keywords=shown_keywords(ramp.header),
        gain_reference=gain.reference,
        readnoise_reference=readnoise.reference,
        saturation_reference=None if level is None else level.reference,
        quick_look=look,
        notes=(
            *([look] if look else []),
            *_emptiness(arrays["sci"]),
            *ramp.notes,
            *gain.notes,
            *readnoise.notes,
        ),
        delivered=ramp.delivered,
        sky=sky_of(ramp.header, ramp.sci_header),
        room=room,
    )


def _arrays(
    ramp: Ramp,
    level: LoadedReference | None,
    room: Room,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Return signal and flags, by the names that they have in an exposure."""
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
    if groupdq is None:
        groupdq = room.zeros(ramp.shape, np.uint8)
    if level is not None:
        flag_saturation(sci, groupdq, level.data, zeroframe, ramp.averages)
    return {
        "sci": sci,
        "groupdq": groupdq,
        "pixeldq": np.zeros(ramp.shape[2:], np.uint32) if pixeldq is None else pixeldq,
        "zeroframe": zeroframe,
    }


def _quick_look(ramp: Ramp, level: LoadedReference | None) -> str:
    """Return what is not corrected in an uncalibrated exposure, "" for others."""
    if not ramp.is_uncalibrated:
        return ""
    name = "" if level is None else str(level.reference)
    return quick_look(name, has_flags=ramp.has_flags)


def _emptiness(sci: NDArray[np.float32]) -> Iterator[str]:
    """Give a note where there is nothing but NaN; one plane is looked at, as a rule."""
    planes = (plane for integration in sci for plane in integration)
    if not any(np.isfinite(plane).any() for plane in planes):
        yield "Every value of SCI is NaN: there is no signal, and the rates mean nothing."
