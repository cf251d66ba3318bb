"""Gain and read noise of an exposure: given, from the CRDS cache, or stated."""

import math
import os
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.io.crds_cache import cache_folder, file_name, find_in_cache
from rampviewer.io.fits_file import find, open_fits, read_array
from rampviewer.io.subarray import Target, cut_to_subarray
from rampviewer.model.errors import MissingReferenceError
from rampviewer.model.exposure import Reference

Kind = Literal["gain", "readnoise"]
Given = str | os.PathLike[str] | float | NDArray[np.floating[Any]] | None

KEYWORD: Final[dict[Kind, str]] = {"gain": "R_GAIN", "readnoise": "R_READNO"}


class LoadedReference(NamedTuple):
    """A reference cut to the exposure; `data` is (n_rows, n_cols) float32."""

    data: NDArray[np.float32]
    reference: Reference
    notes: tuple[str, ...]


def load_reference(kind: Kind, given: Given, target: Target) -> LoadedReference:
    """Return the gain [electron/DN] or CDS read noise [DN] of every pixel.

    Parameters
    ----------
    kind : "gain" or "readnoise"
    given : path, number, array of the shape of the exposure, or None
        None: look for the file that R_GAIN or R_READNO names in the local CRDS cache.
    target : Target

    Raises
    ------
    MissingReferenceError
        When nothing is given and the cache does not have it.
    ValueError
        When a number is unusable, a file is of another kind, or an array does not fit.
    TypeError
        When something else is given.
    OSError
        When a file cannot be read.
    """
    if isinstance(given, int | float | np.number):
        return _stated(kind, float(given), target)
    if isinstance(given, np.ndarray):
        return _from_array(kind, given, target)
    if given is not None and not isinstance(given, str | os.PathLike):
        raise TypeError(
            f"{kind} must be a file, a number or an array, got a {type(given).__name__}"
        )
    if given is not None:
        return _from_file(kind, Path(given), "file", target)
    return _from_file(kind, _cached(kind, target), "crds", target)


def load_references(
    gain: Given, readnoise: Given, target: Target
) -> tuple[LoadedReference, LoadedReference]:
    """Return gain and read noise; when both are missing, the error says so of both.

    Raises
    ------
    MissingReferenceError, ValueError, OSError
        As `load_reference`.
    """
    try:
        loaded = load_reference("gain", gain, target)
    except MissingReferenceError as error:
        try:
            load_reference("readnoise", readnoise, target)
        except MissingReferenceError:
            text = f"{error}; the same holds for the read noise (--readnoise NUMBER)"
            raise MissingReferenceError("gain", text, also=("readnoise",)) from None
        raise
    return loaded, load_reference("readnoise", readnoise, target)


def _stated(kind: Kind, value: float, target: Target) -> LoadedReference:
    least_ok = value > 0 if kind == "gain" else value >= 0
    if not (least_ok and math.isfinite(value)):
        wanted = "positive" if kind == "gain" else "0 or more"
        raise ValueError(f"{kind} must be {wanted}, got {value:g}")
    data = np.full(target.frame, value, np.float32)
    return LoadedReference(data, Reference.of_value(kind, value), ())


def _from_array(
    kind: Kind, values: NDArray[np.floating[Any]], target: Target
) -> LoadedReference:
    if values.ndim == 0:
        return _stated(kind, float(values), target)
    if values.shape != target.frame:
        raise ValueError(
            f"{kind} has the shape {values.shape}, but {target.path.name} needs "
            f"{target.frame}"
        )
    data = np.array(values, np.float32)
    return LoadedReference(data, Reference.of_value(kind, values), ())


def _from_file(
    kind: Kind, path: Path, source: Literal["file", "crds"], target: Target
) -> LoadedReference:
    with open_fits(path) as hdus:
        hdu = find(hdus, "SCI")
        if hdu is None or len(hdu.shape) != 2:
            raise ValueError(f"{path.name} is not a {kind} reference: it has no 2-D SCI")
        header = hdus[0].header
        stated = str(header.get("REFTYPE", kind)).strip().lower()
        if stated != kind:
            raise ValueError(
                f"{path.name} is a {stated} reference (REFTYPE), not a {kind} reference"
            )
        whole = read_array(path, hdu, np.float32)
        factor = header.get("GAINFACT")
    data, notes = cut_to_subarray(whole, header, path, target)
    reference = Reference(
        kind=kind,
        source=source,
        name=str(path),
        gain_factor=float(factor) if kind == "gain" and factor is not None else None,
    )
    return LoadedReference(data, reference, notes)


def _cached(kind: Kind, target: Target) -> Path:
    """Return the file in the CRDS cache that the header of the exposure names."""
    keyword = KEYWORD[kind]
    value = str(target.header.get(keyword) or "").strip()
    name = file_name(value)
    folder = cache_folder()
    if not name:
        why = f"{keyword} is {value}" if value else f"its header has no {keyword}"
    elif folder is None:
        why = f"{keyword} names {name}, but CRDS_PATH is not set"
    elif (path := find_in_cache(name, folder)) is not None:
        return path
    else:
        why = f"{keyword} names {name}, which is not in the CRDS cache {folder}"
    words = {"gain": "gain", "readnoise": "read noise"}
    raise MissingReferenceError(
        kind,
        f"{target.path.name} has no {words[kind]}: {why}; give a file "
        f"(--override-{kind} FILE), state a number (--{kind} NUMBER), or set CRDS_PATH to "
        "a cache that holds the file named in the header",
    )
