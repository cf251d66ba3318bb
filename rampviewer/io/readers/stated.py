"""Gain and read noise of an exposure whose file may state them itself."""

from dataclasses import replace

from rampviewer.io.readers.interface import Ramp
from rampviewer.io.references import (
    Given,
    LoadedReference,
    load_reference,
    load_references,
)
from rampviewer.model.errors import ReferenceKind


def references_of(
    ramp: Ramp, gain: Given, readnoise: Given, *, fetch: bool = False
) -> tuple[LoadedReference, LoadedReference]:
    """Return gain and read noise; what is given counts more than what the file states.

    Raises
    ------
    MissingReferenceError, ValueError, TypeError, OSError
        As `load_references`.
    """
    loaded = load_references(
        _or_stated(ramp, "gain", gain),
        _or_stated(ramp, "readnoise", readnoise),
        ramp.target,
        fetch=fetch,
    )
    return _named(ramp, "gain", gain, loaded[0]), _named(
        ramp, "readnoise", readnoise, loaded[1]
    )


def reference_of(
    ramp: Ramp, kind: ReferenceKind, given: Given, *, fetch: bool = False
) -> LoadedReference:
    """Return one of them.

    Raises
    ------
    MissingReferenceError, ValueError, TypeError, OSError
        As `load_reference`.
    """
    loaded = load_reference(kind, _or_stated(ramp, kind, given), ramp.target, fetch=fetch)
    return _named(ramp, kind, given, loaded)


def _or_stated(ramp: Ramp, kind: ReferenceKind, given: Given) -> Given:
    stated = ramp.stated.get(kind)
    return (stated.path or stated.value) if given is None and stated is not None else given


def _named(
    ramp: Ramp, kind: ReferenceKind, given: Given, loaded: LoadedReference
) -> LoadedReference:
    """Return a reference that says that its number is of the file."""
    stated = ramp.stated.get(kind)
    if given is not None or stated is None:
        return loaded
    if stated.path is not None:
        return loaded._replace(notes=(*loaded.notes, stated.note))
    reference = replace(loaded.reference, source="header", name=f"{stated.value:.4g}")
    return LoadedReference(loaded.data, reference, (*loaded.notes, stated.note))
