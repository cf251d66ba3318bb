"""Which reference file of CRDS an exposure gets, and where it lies."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from rampviewer.io import crds_package
from rampviewer.io.crds_cache import file_name, find_in_cache, references, rules
from rampviewer.io.observatory import (
    JWST,
    NotInCrdsError,
    Observatory,
    is_of_another,
    observatory_of,
)
from rampviewer.io.subarray import Target
from rampviewer.model.errors import ReferenceKind
from rampviewer.model.settings.reference_choices import CrdsState

KEYWORD: Final[dict[ReferenceKind, str]] = {
    "gain": "R_GAIN",
    "readnoise": "R_READNO",
    "saturation": "R_SATURA",
}
CONTEXT_KEYWORD: Final = "CRDS_CTX"
INSTALL: Final = "pip install rampviewer[crds]"


class Chosen(NamedTuple):
    """A file of CRDS; `context` says whose rules chose it, "" where that is unknown."""

    path: Path
    context: str
    notes: tuple[str, ...]


class _Named(NamedTuple):
    name: str
    context: str
    origin: str  # what named it
    notes: tuple[str, ...] = ()


def choose(
    kind: ReferenceKind, target: Target, *, fetch: bool, by_rules: bool = False
) -> Chosen:
    """Return the file that the header of the exposure names, or that CRDS_CONTEXT chooses.

    The rules of a context count where CRDS_CONTEXT names another one than the header does,
    or the header names no file. Reading them needs the `crds` package; where they cannot
    be read, the file that the header names is taken, with a note.

    Parameters
    ----------
    kind : "gain", "readnoise" or "saturation"
    target : Target
    fetch : bool
        Whether the CRDS server may be asked for rules and files.
    by_rules : bool
        Whether only the rules of a context count, whatever file the header names.

    Raises
    ------
    LookupError
        When there is none, with the reason.
    OSError
        When the server does not give it.
    """
    observatory = observatory_of(target.header)
    cache = references(observatory.name)
    if fetch:
        _check_fetching(has_cache=cache is not None)
    if fetch and (by_rules or _needs_rules(kind, target)):
        path, context = crds_package.fetch_best(kind, observatory, target.header)
        return Chosen(path, context, ())
    named = _named(kind, observatory, target, by_rules=by_rules)
    if cache is None:
        raise LookupError(f"{named.origin} names {named.name}, but CRDS_PATH is not set")
    path_there = find_in_cache(named.name, cache.observatory)
    if path_there is None and fetch:
        path_there = crds_package.fetch_file(named.name, observatory, named.context)
    if path_there is None:
        raise LookupError(
            f"{named.origin} names {named.name}, which is not in the CRDS cache "
            f"{cache.named}"
        )
    return Chosen(path_there, named.context, named.notes)


def is_named(kind: ReferenceKind, target: Target) -> bool:
    """Return whether the header names a file."""
    return bool(file_name(str(target.header.get(KEYWORD[kind]) or "")))


def wanted_context(header: Mapping[str, Any]) -> str:
    """Return the context that CRDS_CONTEXT names, "" without one for the telescope."""
    context = stated_context()
    try:
        observatory = observatory_of(header)
    except NotInCrdsError:
        return ""
    return "" if is_of_another(context, observatory) else context


def stated_context() -> str:
    """Return what CRDS_CONTEXT says, of whatever telescope."""
    return os.environ.get("CRDS_CONTEXT", "").strip()


def _check_fetching(*, has_cache: bool) -> None:
    if not crds_package.is_installed():
        raise LookupError(f"files can be fetched with the crds package only ({INSTALL})")
    if not has_cache:
        raise LookupError("files are fetched into a CRDS cache, but CRDS_PATH is not set")


def _contexts(target: Target) -> tuple[str, str]:
    """Return the context that is wanted, and the one that the file was made with."""
    made_with = str(target.header.get(CONTEXT_KEYWORD) or "").strip()
    return wanted_context(target.header), made_with


def _needs_rules(kind: ReferenceKind, target: Target) -> bool:
    wanted, made_with = _contexts(target)
    return not is_named(kind, target) or (bool(wanted) and wanted != made_with)


def _named(
    kind: ReferenceKind, observatory: Observatory, target: Target, *, by_rules: bool
) -> _Named:
    """Return the name of the file, found without the network."""
    value = str(target.header.get(KEYWORD[kind]) or "").strip()
    wanted, made_with = _contexts(target)
    name = "" if by_rules else file_name(value)
    keyword = KEYWORD[kind]
    if observatory.place:
        keyword += f" ({observatory.place.format(kind)})"
    by_header = _Named(name, made_with, keyword)
    context = wanted or made_with
    if not (by_rules or _needs_rules(kind, target)):
        return by_header
    why_not = f"{keyword} is {value}" if value else f"its header has no {keyword}"
    if not context or rules(observatory.name) is None:
        if by_header.name:
            return by_header
        if stated_context() and not wanted:
            why_not += f", and the context {stated_context()} is that of another telescope"
        raise LookupError(why_not)
    try:
        name = _ruled(kind, observatory, target, context)
    except LookupError as error:
        if by_header.name:
            return by_header._replace(notes=(_note(by_header, context, error),))
        raise LookupError(f"{why_not}, and {error}") from error
    if not name:
        raise LookupError(f"the rules {context} choose no {kind} file")
    return _Named(name, context, f"the context {context}")


def _ruled(
    kind: ReferenceKind, observatory: Observatory, target: Target, context: str
) -> str:
    if not crds_package.is_installed():
        raise LookupError(
            f"the rules {context} are read by the crds package only ({INSTALL})"
        )
    return crds_package.ruled_name(kind, observatory, target.header, context)


def _note(named: _Named, context: str, error: LookupError) -> str:
    made = f" for {named.context}" if named.context else ""
    return (
        f"CRDS_CONTEXT is {context}, but {error}: {named.name}, which the header "
        f"names{made}, is used."
    )


def crds_state() -> CrdsState:
    """Return what is set up for references of CRDS."""
    cache = references(JWST.name)
    obstacle = (
        "" if crds_package.is_installed() else f"the package crds is missing ({INSTALL})"
    )
    if cache is None:
        obstacle = obstacle or "CRDS_PATH names no folder to fetch into"
    return CrdsState(
        folder=None if cache is None else cache.named,
        context=stated_context(),
        obstacle=obstacle,
    )
