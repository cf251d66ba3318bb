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

from rampviewer.core.dq import Dq
from rampviewer.io.keywords import shown_keywords
from rampviewer.io.quick_look import SaturationRule, quick_look
from rampviewer.io.ramp_file import DARK_CURRENT, RampFile, open_ramp
from rampviewer.io.readers.interface import Ramp
from rampviewer.io.readers.stated import references_of
from rampviewer.io.references import Given, LoadedReference, load_level
from rampviewer.io.saturation import Averages, flag_saturation
from rampviewer.io.series import read_series, segment_note, segments_beside, series_name
from rampviewer.io.sky import sky_of
from rampviewer.model.exposure import Exposure
from rampviewer.model.memory.budget import SAMPLE, Room


def read_exposure(
    path: str | os.PathLike[str],
    *,
    gain: Given = None,
    readnoise: Given = None,
    saturation: Given = None,
    use_readpatt: bool = True,
    n_pix_grow_sat: int = 1,
    skip_saturation: bool = False,
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
    use_readpatt : bool
        Whether groups of it are also judged by the frames that were averaged into them.
    n_pix_grow_sat : int
        How far around a saturated pixel its neighbours count as saturated [pixel].
    skip_saturation : bool
        Whether nothing of it is flagged as saturated, whatever level is given or found.
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
    if n_pix_grow_sat < 0:
        raise ValueError(f"n_pix_grow_sat must be 0 or more, got {n_pix_grow_sat}")
    rule = SaturationRule(use_readpatt, n_pix_grow_sat, skip_saturation)
    paths = segments_beside(Path(path))
    if whole_series and paths:
        read = partial(
            read_exposure,
            gain=gain,
            readnoise=readnoise,
            saturation=saturation,
            fetch_references=fetch_references,
            **rule._asdict(),
        )
        return _read_series(paths, read, memory_budget, announce, progress)
    with open_ramp(path) as ramp:
        fetch = fetch_references
        references = references_of(ramp, gain, readnoise, fetch=fetch)
        level, notes = _level(ramp, saturation, rule, fetch=fetch)
        room = Room.within(ramp.shape, memory_budget)
        if text := room.sentence(ramp.path.name, ramp.shape):
            announce(text)
        exposure = _exposure(ramp, *references, level, rule, room, progress)
    notes = (*exposure.notes, *notes)
    if not paths:
        return replace(exposure, notes=notes)
    note = segment_note(Path(path), paths)
    return replace(exposure, is_segment=True, notes=(*notes, note))


def _level(
    ramp: Ramp, given: Given, rule: SaturationRule, *, fetch: bool
) -> tuple[LoadedReference | None, tuple[str, ...]]:
    """Return the saturation level, of each position where integrations have several."""
    targets = [ramp.target]
    if isinstance(ramp, RampFile) and ramp.turns is not None:
        targets = ramp.turns.targets(ramp.path, ramp.header_of_file or ramp.header)
    if rule.skip_saturation and ramp.is_uncalibrated:
        return None, ()
    wanted = ramp.is_uncalibrated
    found = [load_level(given, target, wanted=wanted, fetch=fetch) for target in targets]
    level, notes = found[0]
    if level is None or len(targets) == 1:
        return level, notes
    all_levels = [one for one, _ in found if one is not None]
    flags = [one.flags for one in all_levels if one.flags is not None]
    return level._replace(
        data=np.stack([one.data for one in all_levels]),
        flags=np.stack(flags) if flags else None,
    ), notes


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
    rule: SaturationRule,
    room: Room,
    progress: Callable[[int, int], None],
) -> Exposure:
    arrays = _arrays(ramp, level, rule, room, progress)
    look = _quick_look(ramp, level, rule)
    return Exposure(
        **arrays,
        gain=gain.data,
        readnoise=readnoise.data,
        timing=ramp.timing,
        instrument=str(ramp.header.get("INSTRUME", "")).strip(),
        detector=str(ramp.header.get("DETECTOR", "")).strip(),
        dark_current=ramp.array(DARK_CURRENT, np.float32, room),
        path=ramp.path.absolute(),  # products are written from it, perhaps from elsewhere
        is_rearranged=isinstance(ramp, RampFile) and ramp.is_rearranged,
        keywords=shown_keywords(ramp.header),
        gain_reference=gain.reference,
        readnoise_reference=readnoise.reference,
        saturation_reference=None if level is None else level.reference,
        **rule._asdict(),
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
    rule: SaturationRule,
    room: Room,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Return signal and flags, by the names that they have in an exposure."""
    n_done, n_bytes = 0, SAMPLE * math.prod(ramp.shape)

    def count(n_new: int) -> None:
        nonlocal n_done
        n_done += n_new
        progress(n_done, n_bytes)

    turns = ramp.turns if isinstance(ramp, RampFile) else None
    array = ramp.as_read if isinstance(ramp, RampFile) else ramp.array
    sci = array("SCI", np.float32, room, count)
    groupdq = array("GROUPDQ", np.uint8, room, count)
    pixeldq = array("PIXELDQ", np.uint32, room)
    zeroframe = array("ZEROFRAME", np.float32, room)
    assert sci is not None  # else the file is no ramp
    if groupdq is None:
        groupdq = room.zeros(sci.shape, np.uint8)
    if level is not None:
        averages = ramp.averages if rule.use_readpatt else None
        # The official step looks at the extension where the header speaks of it.
        first = zeroframe if ramp.header.get("ZEROFRAM") is True else None
        _flag(sci, groupdq, level.data, first, averages, rule.n_pix_grow_sat)
    if level is not None and level.flags is not None:
        pixeldq = level.flags if pixeldq is None else pixeldq | level.flags
    if ramp.unused_pixels is not None:
        groupdq[..., ramp.unused_pixels] |= np.uint8(Dq.DO_NOT_USE)
    if turns is not None:
        sci, groupdq = turns.ramps(sci, room), turns.ramps(groupdq, room)
        zeroframe = turns.array("ZEROFRAME", zeroframe, room)
        pixeldq = turns.array("PIXELDQ", pixeldq, room)
    return {
        "sci": sci,
        "groupdq": groupdq,
        "pixeldq": np.zeros(ramp.shape[2:], np.uint32) if pixeldq is None else pixeldq,
        "zeroframe": zeroframe,
    }


def _flag(
    sci: NDArray[np.float32],
    groupdq: NDArray[np.uint8],
    level: NDArray[np.float32],
    zeroframe: NDArray[np.float32] | None,
    averages: Averages | None,
    n_grow: int,
) -> None:
    """Flag what is saturated, by one level or by one for each position in turn."""
    levels = level.reshape(-1, *level.shape[-2:])
    for k, frame in enumerate(levels):
        own = slice(k, None, len(levels))
        first = None if zeroframe is None else zeroframe[own]
        flag_saturation(sci[own], groupdq[own], frame, first, averages, n_grow)


def _quick_look(ramp: Ramp, level: LoadedReference | None, rule: SaturationRule) -> str:
    """Return what is not corrected in an uncalibrated exposure, "" for others."""
    if not ramp.is_uncalibrated:
        return ""
    name = "" if level is None else str(level.reference)
    return quick_look(name, rule, has_flags=ramp.has_flags)


def _emptiness(sci: NDArray[np.float32]) -> Iterator[str]:
    """Give a note where there is nothing but NaN; one plane is looked at, as a rule."""
    planes = (plane for integration in sci for plane in integration)
    if not any(np.isfinite(plane).any() for plane in planes):
        yield "Every value of SCI is NaN: there is no signal, and the rates mean nothing."
