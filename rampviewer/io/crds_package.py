"""The `crds` package, an extra: rules in the local cache, and the server.

Only what is called `fetch_*` here uses the network.
"""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

SERVER: Final = "https://jwst-crds.stsci.edu"  # unless CRDS_SERVER_URL names another
PARAMETERS: Final = {
    "TELESCOP": "META.TELESCOPE",
    "INSTRUME": "META.INSTRUMENT.NAME",
    "DETECTOR": "META.INSTRUMENT.DETECTOR",
    "CHANNEL": "META.INSTRUMENT.CHANNEL",
    "MODULE": "META.INSTRUMENT.MODULE",
    "BAND": "META.INSTRUMENT.BAND",
    "FILTER": "META.INSTRUMENT.FILTER",
    "PUPIL": "META.INSTRUMENT.PUPIL",
    "GRATING": "META.INSTRUMENT.GRATING",
    "CORONMSK": "META.INSTRUMENT.CORONAGRAPH",
    "OPMODE": "META.INSTRUMENT.LAMP_MODE",
    "EXP_TYPE": "META.EXPOSURE.TYPE",
    "READPATT": "META.EXPOSURE.READPATT",
    "SUBARRAY": "META.SUBARRAY.NAME",
    "DATE-OBS": "META.OBSERVATION.DATE",
    "TIME-OBS": "META.OBSERVATION.TIME",
    "TSOVISIT": "META.VISIT.TSOVISIT",
}


def is_installed() -> bool:
    """Return whether the package can be imported."""
    return find_spec("crds") is not None


def ruled_name(kind: str, header: Mapping[str, Any], context: str) -> str:
    """Return the file that the rules of a context choose, "" where they choose none.

    The rules are read from the local cache.

    Raises
    ------
    LookupError
        When the cache does not have them.
    """
    from crds.core import exceptions, rmap  # noqa: PLC0415 - slow, and an extra

    if not context.endswith(".pmap"):
        raise LookupError(f"which rules {context} stands for only the CRDS server knows")
    try:
        found = rmap.get_best_references(context, _parameters(header), include=[kind])
    except OSError as error:
        raise LookupError(f"the CRDS cache does not hold the rules {context}") from error
    except exceptions.CrdsError as error:
        raise LookupError(f"the rules {context} cannot be read ({error})") from error
    name = str(found.get(kind, ""))
    return "" if "NOT FOUND" in name or "N/A" in name.upper() else name


def fetch_best(kind: str, header: Mapping[str, Any]) -> tuple[Path, str]:
    """Return the file that CRDS_CONTEXT, or the context of today, chooses; and the context.

    Raises
    ------
    OSError
        When the server does not give it.
    """
    import crds  # noqa: PLC0415 - as above

    _set_server()
    try:
        found = crds.getreferences(_parameters(header), reftypes=[kind], observatory="jwst")
        context = crds.get_context_name("jwst")
    except (OSError, crds.CrdsError) as error:
        raise OSError(f"the CRDS server did not give a {kind} file: {error}") from error
    path = str(found.get(kind, ""))
    if not path or "NOT FOUND" in path:
        raise OSError(f"the CRDS rules {context} choose no {kind} file")
    return Path(path), str(context)


def fetch_file(kind: str, name: str, context: str) -> Path:
    """Return the path of a file by its name, after it was copied into the cache.

    Raises
    ------
    OSError
        When the server does not give it.
    """
    import crds  # noqa: PLC0415 - as above
    from crds.client import api  # noqa: PLC0415 - as above

    _set_server()
    try:
        context = context or crds.get_context_name("jwst")
        found = api.cache_references(context, {kind: name})
    except (OSError, crds.CrdsError) as error:
        raise OSError(f"the CRDS server did not give {name}: {error}") from error
    path = Path(str(found[kind]))
    if not path.is_file():
        raise OSError(f"the CRDS server did not give {name}")
    return path


def _set_server() -> None:
    from crds.client import api  # noqa: PLC0415 - as above

    # Without this variable the package takes a server that gives nothing.
    api.set_crds_server(os.environ.get("CRDS_SERVER_URL") or SERVER)


def _parameters(header: Mapping[str, Any]) -> dict[str, str]:
    """Return what rules are applied to, by the names that they use."""
    return {
        name: str(header[keyword]).strip()
        for keyword, name in PARAMETERS.items()
        if header.get(keyword) not in (None, "")
    }
