"""Gain, read noise and saturation of an exposure: given, from the CRDS cache, or stated."""

import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq
from rampviewer.io.crds_choice import choose, is_named
from rampviewer.io.fits_file import find_image, open_fits, read_array
from rampviewer.io.observatory import NotInCrdsError
from rampviewer.io.readers.asdf_arrays import is_asdf
from rampviewer.io.readers.roman_reference import roman_reference
from rampviewer.io.saturation import reference_flags
from rampviewer.io.subarray import Target, cut_to_subarray
from rampviewer.model.errors import (
    REFERENCE_NAMES,
    MissingReferenceError,
    ReferenceKind,
)
from rampviewer.model.exposure import Reference

Given = str | os.PathLike[str] | float | NDArray[np.floating[Any]] | None


class LoadedReference(NamedTuple):
    """A reference cut to the exposure; `data` is (n_rows, n_cols) float32.

    A saturation reference in a file has flags, too: (n_rows, n_cols) uint32.
    """

    data: NDArray[np.float32]
    reference: Reference
    notes: tuple[str, ...]
    flags: NDArray[np.uint32] | None = None


def load_reference(
    kind: ReferenceKind,
    given: Given,
    target: Target,
    *,
    fetch: bool = False,
    by_rules: bool = False,
) -> LoadedReference:
    """Return gain [electron/DN], CDS read noise [DN] or saturation [DN] of every pixel.

    Parameters
    ----------
    kind : "gain", "readnoise" or "saturation"
    given : path, number, array of the shape of the exposure, or None
        None: look for the file of CRDS, see `choose`.
    target : Target
    fetch : bool
        Whether the CRDS server may be asked for what the local cache lacks.
    by_rules : bool
        Whether only the rules of a context count, whatever file the header names.

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
    return _from_crds(kind, target, fetch, by_rules)


def load_references(
    gain: Given, readnoise: Given, target: Target, *, fetch: bool = False
) -> tuple[LoadedReference, LoadedReference]:
    """Return gain and read noise; when both are missing, the error says so of both.

    Raises
    ------
    MissingReferenceError, ValueError, OSError
        As `load_reference`.
    """
    try:
        loaded = load_reference("gain", gain, target, fetch=fetch)
    except MissingReferenceError as error:
        try:
            load_reference("readnoise", readnoise, target, fetch=fetch)
        except MissingReferenceError:
            raise MissingReferenceError(
                error.reason,
                ("gain", "readnoise"),
                is_named=error.is_named,
                in_crds=error.in_crds,
            ) from None
        raise
    return loaded, load_reference("readnoise", readnoise, target, fetch=fetch)


def load_level(
    given: Given, target: Target, *, wanted: bool, fetch: bool = False
) -> tuple[LoadedReference | None, tuple[str, ...]]:
    """Return where groups of an exposure are saturated [DN], None if unknown; and notes.

    Parameters
    ----------
    given, target, fetch
        As for `load_reference`.
    wanted : bool
        Whether the exposure is uncalibrated; a level is not used for others.
    """
    if not wanted:
        unused = (
            f"The saturation level is not used: {target.path.name} is not uncalibrated, "
            "its own flags count."
        )
        return None, () if given is None else (unused,)
    try:
        level = load_reference("saturation", given, target, fetch=fetch)
    except MissingReferenceError:
        return None, ()
    return level, level.notes


def _stated(kind: ReferenceKind, value: float, target: Target) -> LoadedReference:
    least_ok = value >= 0 if kind == "readnoise" else value > 0
    if not (least_ok and math.isfinite(value)):
        wanted = "0 or more" if kind == "readnoise" else "positive"
        raise ValueError(f"{kind} must be {wanted}, got {value:g}")
    data = np.full(target.frame, value, np.float32)
    return LoadedReference(data, Reference.of_value(kind, value), ())


def _from_array(
    kind: ReferenceKind, values: NDArray[np.floating[Any]], target: Target
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
    kind: ReferenceKind, path: Path, source: Literal["file", "crds"], target: Target
) -> LoadedReference:
    if is_asdf(path):
        return _from_asdf(kind, path, source, target)
    with open_fits(path) as hdus:
        hdu = find_image(hdus, "SCI")
        if hdu is None or len(hdu.shape) != 2:
            raise ValueError(f"{path.name} is not a {kind} reference: it has no 2-D SCI")
        header = hdus[0].header
        stated = str(header.get("REFTYPE", kind)).strip().lower()
        if stated != kind:
            raise ValueError(
                f"{path.name} is a {stated} reference (REFTYPE), not a {kind} reference"
            )
        whole = read_array(path, hdu, np.float32)
        flags = reference_flags(path, hdus, whole) if kind == "saturation" else None
        factor = header.get("GAINFACT")
    if flags is not None:
        whole[(flags & np.uint32(Dq.NO_SAT_CHECK)) > 0] = np.inf
        flags = cut_to_subarray(flags, header, path, target)[0]
    data, notes = cut_to_subarray(whole, header, path, target)
    reference = Reference(
        kind=kind,
        source=source,
        name=str(path),
        gain_factor=float(factor) if kind == "gain" and factor is not None else None,
    )
    return LoadedReference(data, reference, notes, flags)


def _from_asdf(
    kind: ReferenceKind, path: Path, source: Literal["file", "crds"], target: Target
) -> LoadedReference:
    """Return a reference of Roman, which has the frame of its exposures."""
    data, notes, flags = roman_reference(path, kind)
    if data.shape != target.frame:
        raise ValueError(
            f"{path.name} has the shape {data.shape}, but {target.path.name} needs "
            f"{target.frame}"
        )
    reference = Reference(kind=kind, source=source, name=str(path))
    return LoadedReference(data, reference, notes, flags)


def _from_crds(
    kind: ReferenceKind, target: Target, fetch: bool, by_rules: bool
) -> LoadedReference:
    """Return the reference that CRDS has for the exposure."""
    try:
        chosen = choose(kind, target, fetch=fetch, by_rules=by_rules)
    except LookupError as error:
        reason = f"{target.path.name} has no {REFERENCE_NAMES[kind]}: {error}"
        raise MissingReferenceError(
            reason,
            (kind,),
            is_named=is_named(kind, target),
            in_crds=not isinstance(error, NotInCrdsError),
        ) from None
    loaded = _from_file(kind, chosen.path, "crds", target)
    reference = replace(loaded.reference, context=chosen.context)
    return loaded._replace(reference=reference, notes=(*chosen.notes, *loaded.notes))
