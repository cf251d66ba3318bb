"""Describe a ramp exposure in words, for the command line."""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set
from rampviewer.io.keywords import shown_keywords
from rampviewer.io.ramp_reader import RampFile, open_ramp
from rampviewer.io.references import Given, Kind, load_reference
from rampviewer.model.memory import Room
from rampviewer.model.scratch import release

UNITS: dict[Kind, str] = {"gain": "electron/DN", "readnoise": "DN (CDS)"}


def describe(
    path: str | os.PathLike[str], *, gain: Given = None, readnoise: Given = None
) -> dict[str, str]:
    """Return label and text for everything worth knowing about a ramp exposure.

    It works without references too and then says what is missing.

    Parameters
    ----------
    path, gain, readnoise
        As for `read_exposure`.

    Raises
    ------
    ValueError, OSError
        When the file is not a sound ramp exposure.
    """
    with open_ramp(path) as ramp:
        n_ints, n_groups, n_rows, n_cols = ramp.shape
        words = shown_keywords(ramp.header)
        lines = {
            "file": str(ramp.path),
            "kind": f"ramp exposure ({words.get('DATAMODL', 'no DATAMODL keyword')})",
            "size": f"{_many(n_ints, 'integration')}, {_many(n_groups, 'group')}, "
            f"{_many(n_rows, 'row')}, {_many(n_cols, 'column')}",
            "instrument": _joined(
                words, "INSTRUME", "DETECTOR", "FILTER", "PUPIL", "GRATING"
            ),
            "exposure": _joined(words, "EXP_TYPE", "TARGNAME", "DATE-OBS", "TIME-OBS"),
            "timing": _timing(ramp, words),
            "subarray": _subarray(words),
            "extensions": ", ".join(hdu.name for hdu in ramp.hdus[1:]),
            **_flags(ramp),
            "jump step": str(words.get("S_JUMP", "not run")),
            "made with": _delivered(ramp),
            "gain": _reference(ramp, "gain", gain),
            "readnoise": _reference(ramp, "readnoise", readnoise),
            "notes": " ".join(ramp.notes),
        }
    return {label: text for label, text in lines.items() if text}


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _joined(words: dict[str, Any], *keys: str) -> str:
    return " ".join(str(words[key]) for key in keys if key in words)


def _timing(ramp: RampFile, words: dict[str, Any]) -> str:
    timing = ramp.timing
    text = (
        f"{words.get('READPATT', '')} group {timing.group_time:g} s, "
        f"frame {timing.frame_time:g} s, {_many(timing.n_frames, 'frame')} per group, "
        f"{timing.groupgap} dropped between groups, {timing.drop_frames1} before the first"
    )
    uneven = ", uneven read times" if timing.read_times else ""
    return text.strip() + uneven


def _subarray(words: dict[str, Any]) -> str:
    keys = ("SUBSTRT1", "SUBSIZE1", "SUBSTRT2", "SUBSIZE2")
    name = str(words.get("SUBARRAY", ""))
    if any(key not in words for key in keys):
        return name
    col, n_cols, row, n_rows = (int(words[key]) for key in keys)
    place = f"columns {col} to {col + n_cols - 1}, rows {row} to {row + n_rows - 1}"
    return f"{name} {place} of the detector, counted from 1".strip()


def _flags(ramp: RampFile) -> dict[str, str]:
    room = Room.within(ramp.shape, None)
    groupdq = ramp.array("GROUPDQ", np.uint8, room)
    pixeldq = ramp.array("PIXELDQ", np.uint32, room)
    lines = {}
    if groupdq is not None:
        jumps = _groups_and_pixels(groupdq, Dq.JUMP_DET)
        lines["delivered jumps"] = jumps or "none"
        lines["saturated"] = _groups_and_pixels(groupdq, Dq.SATURATED) or "none"
        lines["groups not used"] = _groups_and_pixels(groupdq, Dq.DO_NOT_USE) or "none"
    if pixeldq is not None:
        unusable = int(any_set(pixeldq, Dq.DO_NOT_USE).sum())
        reference = int(any_set(pixeldq, Dq.REFERENCE_PIXEL).sum())
        lines["pixels not used"] = f"{unusable} of {pixeldq.size}"
        lines["reference pixels"] = str(reference)
    return lines


def _delivered(ramp: RampFile) -> str:
    """Return the parameters of the steps that were applied before, "" if unknown."""
    if ramp.delivered is None:
        return ""
    return ". ".join([ramp.delivered.summary, *ramp.delivered.notes])


def _groups_and_pixels(groupdq: NDArray[np.uint8], bit: Dq) -> str:
    """Return how many groups carry the bit and in how many pixels, "" for none."""
    groups, pixels = 0, np.zeros(groupdq.shape[2:], np.bool_)
    for ramp in groupdq:
        for plane in ramp:
            flagged = any_set(plane, bit)
            groups += int(flagged.sum())
            pixels |= flagged
        release(groupdq)
    return f"{_many(groups, 'group')} in {_many(int(pixels.sum()), 'pixel')}" * (groups > 0)


def _reference(ramp: RampFile, kind: Kind, given: Given) -> str:
    try:
        data, reference, notes = load_reference(kind, given, ramp.target)
    except (ValueError, OSError) as error:
        return f"not available: {error}"
    parts = [str(reference)]
    if reference.source != "scalar" and np.isfinite(data).any():
        parts.append(f"median {np.nanmedian(data):.4g} {UNITS[kind]}")
    if reference.gain_factor is not None:
        parts.append(f"GAINFACT {reference.gain_factor:g}")
    return ". ".join([", ".join(parts), *notes])
