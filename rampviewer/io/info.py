"""What is in a ramp exposure: as facts, and in words for the command line."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set
from rampviewer.io.keywords import shown_keywords
from rampviewer.io.quick_look import SaturationRule, quick_look
from rampviewer.io.ramp_file import open_ramp
from rampviewer.io.readers.interface import Ramp
from rampviewer.io.readers.stated import reference_of
from rampviewer.io.references import Given, LoadedReference, load_level
from rampviewer.io.series import segment_note, segments_beside
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.memory.budget import Room
from rampviewer.model.memory.scratch import release
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.text.number_text import many

UNITS: Final[dict[ReferenceKind, str]] = {
    "gain": "electron/DN",
    "readnoise": "DN (CDS)",
    "saturation": "DN",
}
GROUP_FLAGS: Final = {
    "delivered jumps": Dq.JUMP_DET,
    "saturated": Dq.SATURATED,
    "groups not used": Dq.DO_NOT_USE,
}
Facts = dict[str, Any]


def facts_of(
    path: str | os.PathLike[str],
    *,
    gain: Given = None,
    readnoise: Given = None,
    saturation: Given = None,
    use_readpatt: bool = True,
    n_pix_grow_sat: int = 1,
    skip_saturation: bool = False,
    fetch_references: bool = False,
) -> Facts:
    """Return everything worth knowing about a ramp exposure, in types that JSON has.

    It works without references too and then says what is missing.

    Parameters
    ----------
    path, gain, readnoise, saturation, fetch_references
        As for `read_exposure`.
    use_readpatt, n_pix_grow_sat, skip_saturation
        As for `read_exposure`.

    Returns
    -------
    facts : dict
        `file`, `kind`, `model`, `shape`, `keywords`, `timing` [s], `extensions`,
        `group_flags` and `pixel_flags` (how many carry each, None without that
        extension), `delivered` (parameters of earlier steps, or None), `gain`,
        `readnoise`, `saturation` (of an uncalibrated exposure), `notes`.

    Raises
    ------
    ValueError, OSError
        When the file is not a sound ramp exposure.
    """
    rule = SaturationRule(use_readpatt, n_pix_grow_sat, skip_saturation)
    with open_ramp(path) as ramp:
        return {
            "file": str(ramp.path),
            "kind": ramp.kind,
            "model": str(ramp.header.get("DATAMODL", "")),
            "shape": dict(
                zip(("n_ints", "n_groups", "n_rows", "n_cols"), ramp.shape, strict=True)
            ),
            "keywords": shown_keywords(ramp.header),
            "timing": asdict(ramp.timing),
            "extensions": list(ramp.extensions),
            "group_flags": _group_flags(ramp),
            "pixel_flags": _pixel_flags(ramp),
            "delivered": _set_facts(ramp.delivered),
            "gain": _reference(ramp, "gain", gain, fetch_references),
            "readnoise": _reference(ramp, "readnoise", readnoise, fetch_references),
            **_saturation(ramp, saturation, rule, fetch_references),
        }


def _set_facts(delivered: ParameterSet | None) -> Facts | None:
    if delivered is None:
        return None
    return {
        "summary": delivered.summary,
        "parameters": {step: dict(values) for step, values in delivered.values.items()},
        "notes": list(delivered.notes),
    }


def describe(path: str | os.PathLike[str], **given: Any) -> dict[str, str]:
    """Return label and text for the same, for people.

    Raises
    ------
    ValueError, OSError
        As `facts_of`.
    """
    return in_words(facts_of(path, **given))


def in_words(facts: Facts) -> dict[str, str]:
    """Return label and text for each of the facts that there are."""
    words, shape = facts["keywords"], facts["shape"]
    lines = {
        "file": facts["file"],
        "kind": facts["kind"],
        "size": f"{many(shape['n_ints'], 'integration')}, "
        f"{many(shape['n_groups'], 'group')}, {many(shape['n_rows'], 'row')}, "
        f"{many(shape['n_cols'], 'column')}",
        "instrument": _joined(words, "INSTRUME", "DETECTOR", "FILTER", "PUPIL", "GRATING"),
        "exposure": _joined(
            words, "EXP_TYPE", "OBSTYPE", "TARGNAME", "DATE-OBS", "TIME-OBS"
        ),
        "timing": _timing(
            facts["timing"], _joined(words, "READPATT", "SAMP_SEQ", "MATABNAM")
        ),
        "subarray": _subarray(words),
        "extensions": ", ".join(facts["extensions"]),
        **_flags(facts),
        "jump step": str(words.get("S_JUMP", "not run")),
        "made with": _delivered(facts["delivered"]),
        "gain": _reference_text(facts["gain"]),
        "readnoise": _reference_text(facts["readnoise"]),
        "saturation": _reference_text(facts["saturation"]) if facts["saturation"] else "",
        "notes": " ".join(facts["notes"]),
    }
    return {label: text for label, text in lines.items() if text}


def _joined(words: Mapping[str, Any], *keys: str) -> str:
    return " ".join(str(words[key]) for key in keys if key in words)


def _timing(timing: Facts, pattern: str) -> str:
    text = (
        f"{pattern} group {timing['group_time']:g} s, "
        f"frame {timing['frame_time']:g} s, {many(timing['n_frames'], 'frame')} per group, "
        f"{timing['groupgap']} dropped between groups, {timing['drop_frames1']} before the "
        "first"
    )
    return text.strip() + (", uneven read times" if timing["read_times"] else "")


def _subarray(words: Mapping[str, Any]) -> str:
    keys = ("SUBSTRT1", "SUBSIZE1", "SUBSTRT2", "SUBSIZE2")
    name = _joined(words, "SUBARRAY", "SUBTYPE")
    if "MSTR_RD2" in words:
        return f"{name} stripes of {words['MSTR_RD2']} lines of the detector".strip()
    if not all(isinstance(words.get(key), int) for key in keys):
        return name
    col, n_cols, row, n_rows = (words[key] for key in keys)
    place = f"columns {col} to {col + n_cols - 1}, rows {row} to {row + n_rows - 1}"
    return f"{name} {place} of the detector, counted from 1".strip()


def _flags(facts: Facts) -> dict[str, str]:
    lines = {}
    for label, bit in GROUP_FLAGS.items() if facts["group_flags"] is not None else ():
        found = facts["group_flags"][bit.name]
        groups, pixels = many(found["groups"], "group"), many(found["pixels"], "pixel")
        lines[label] = f"{groups} in {pixels}" if found["groups"] else "none"
    if (found := facts["pixel_flags"]) is not None:
        shape = facts["shape"]
        n_pixels = shape["n_rows"] * shape["n_cols"]
        lines["pixels not used"] = f"{found['DO_NOT_USE']} of {n_pixels}"
        lines["reference pixels"] = str(found["REFERENCE_PIXEL"])
    return lines


def _delivered(delivered: Facts | None) -> str:
    """Return the parameters of the steps that were applied before, "" if unknown."""
    if delivered is None:
        return ""
    return ". ".join([delivered["summary"], *delivered["notes"]])


def _reference_text(found: Facts) -> str:
    if error := found.get("error"):
        return f"not available: {error}"
    parts = [found["text"]]
    if found["source"] not in ("scalar", "header") and found["median"] is not None:
        parts.append(f"median {found['median']:.4g} {found['unit']}")
    if found["gain_factor"] is not None:
        parts.append(f"GAINFACT {found['gain_factor']:g}")
    return ". ".join([", ".join(parts), *found["notes"]])


def _group_flags(ramp: Ramp) -> Facts | None:
    groupdq = ramp.array("GROUPDQ", np.uint8, Room.within(ramp.shape, None))
    if groupdq is None:
        return None
    return {str(bit.name): _groups_and_pixels(groupdq, bit) for bit in GROUP_FLAGS.values()}


def _groups_and_pixels(groupdq: NDArray[np.uint8], bit: Dq) -> dict[str, int]:
    """Return how many groups carry the bit, and in how many pixels."""
    groups, pixels = 0, np.zeros(groupdq.shape[2:], np.bool_)
    for ramp in groupdq:
        for plane in ramp:
            flagged = any_set(plane, bit)
            groups += int(flagged.sum())
            pixels |= flagged
        release(groupdq)
    return {"groups": groups, "pixels": int(pixels.sum())}


def _pixel_flags(ramp: Ramp) -> dict[str, int] | None:
    pixeldq = ramp.array("PIXELDQ", np.uint32, Room.within(ramp.shape, None))
    if pixeldq is None:
        return None
    bits = (Dq.DO_NOT_USE, Dq.REFERENCE_PIXEL)
    return {str(bit.name): int(any_set(pixeldq, bit).sum()) for bit in bits}


def _saturation(ramp: Ramp, given: Given, rule: SaturationRule, fetch: bool) -> Facts:
    """Return the saturation level, None where there is none, and all notes."""
    level: LoadedReference | None = None
    notes: tuple[str, ...] = ()
    raw = ramp.is_uncalibrated
    if not (raw and rule.skip_saturation):
        level, notes = load_level(given, ramp.target, wanted=raw, fetch=fetch)
    name = "" if level is None else str(level.reference)
    sentence = quick_look(name, rule, has_flags=ramp.has_flags)
    look = sentence if raw else ""
    segments = segments_beside(ramp.path)
    part = segment_note(ramp.path, segments) if segments else ""
    return {
        "saturation": None if level is None else _described("saturation", level),
        "notes": [*filter(None, (look, part)), *ramp.notes, *notes],
    }


def _reference(ramp: Ramp, kind: ReferenceKind, given: Given, fetch: bool) -> Facts:
    try:
        loaded = reference_of(ramp, kind, given, fetch=fetch)
    except (ValueError, OSError) as error:
        return {"error": str(error)}
    return _described(kind, loaded)


def _described(kind: ReferenceKind, loaded: LoadedReference) -> Facts:
    data, reference, notes = loaded.data, loaded.reference, loaded.notes
    return {
        "text": str(reference),
        "source": reference.source,
        "name": reference.name,
        "median": float(np.nanmedian(data)) if np.isfinite(data).any() else None,
        "unit": UNITS[kind],
        "gain_factor": reference.gain_factor,
        "notes": list(notes),
    }
