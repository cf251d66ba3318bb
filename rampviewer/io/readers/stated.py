"""Gain and read noise of an exposure whose file may state them itself."""

from dataclasses import replace

from rampviewer.io.crds_choice import wanted_context
from rampviewer.io.readers.interface import Ramp, Stated
from rampviewer.io.references import (
    Given,
    LoadedReference,
    load_reference,
    load_references,
)
from rampviewer.model.errors import (
    REFERENCE_NAMES,
    MissingReferenceError,
    ReferenceKind,
)


def references_of(
    ramp: Ramp, gain: Given, readnoise: Given, *, fetch: bool = False
) -> tuple[LoadedReference, LoadedReference]:
    """Return gain and read noise; what is given counts more than what the file states.

    Raises
    ------
    MissingReferenceError, ValueError, TypeError, OSError
        As `load_references`.
    """
    if not ramp.stated:
        return load_references(gain, readnoise, ramp.target, fetch=fetch)
    return reference_of(ramp, "gain", gain, fetch=fetch), reference_of(
        ramp, "readnoise", readnoise, fetch=fetch
    )


def reference_of(
    ramp: Ramp, kind: ReferenceKind, given: Given, *, fetch: bool = False
) -> LoadedReference:
    """Return one of them.

    What CRDS_CONTEXT chooses counts more than what a product says it was made with, as
    for the official steps.

    Raises
    ------
    MissingReferenceError, ValueError, TypeError, OSError
        As `load_reference`.
    """
    stated = ramp.stated.get(kind)
    if given is not None or stated is None:
        return load_reference(kind, given, ramp.target, fetch=fetch)
    chosen, why_not = _by_context(ramp, kind, stated, fetch)
    if chosen is not None:
        return chosen
    loaded = load_reference(kind, stated.path or stated.value, ramp.target)
    notes = *loaded.notes, stated.note, *why_not
    if stated.path is not None:
        return loaded._replace(notes=notes)
    reference = replace(loaded.reference, source="header", name=f"{stated.value:.4g}")
    return LoadedReference(loaded.data, reference, notes)


def _by_context(
    ramp: Ramp, kind: ReferenceKind, stated: Stated, fetch: bool
) -> tuple[LoadedReference | None, tuple[str, ...]]:
    """Return what CRDS_CONTEXT chooses; else a sentence on why not, if it is set."""
    context = wanted_context(ramp.header)
    if not context:
        return None, ()
    try:
        loaded = load_reference(kind, None, ramp.target, fetch=fetch, by_rules=True)
    except (MissingReferenceError, OSError) as error:
        reason = error.reason if isinstance(error, MissingReferenceError) else error
        return None, (f"CRDS_CONTEXT is {context}, but {reason}.",)
    name = stated.path.name if stated.path else f"{stated.value:g}"
    made = f"The product was made with the {REFERENCE_NAMES[kind]} {name}."
    return loaded._replace(notes=(*loaded.notes, made)), ()
