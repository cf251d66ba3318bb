"""The `crds` package, an extra: rules in the local cache, and the server.

Only what is called `fetch_*` here uses the network.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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

    with _asking_for(f"a {kind} file"):
        found = crds.getrecommendations(
            _parameters(header), reftypes=[kind], observatory="jwst"
        )
        context = str(crds.get_context_name("jwst"))
    name = str(found.get(kind, ""))
    if not name or "NOT FOUND" in name or "N/A" in name.upper():
        raise OSError(f"the CRDS rules {context} choose no {kind} file")
    return fetch_file(name, context), context


def fetch_file(name: str, context: str) -> Path:
    """Return the path of a file by its name, after it was copied into the cache.

    A file that did not arrive as it is on the server is taken away again.

    Raises
    ------
    OSError
        When the server does not give it.
    """
    import crds  # noqa: PLC0415 - as above
    from crds.client import api  # noqa: PLC0415 - as above

    with _one_at_a_time(), _asking_for(name):
        context = context or str(crds.get_context_name("jwst"))
        path = Path(str(crds.locate_file(name, "jwst")))
        was_there = path.is_file()
        try:
            api.dump_references(context, [name])
        except crds.CrdsError:
            if not was_there:  # the package finds it damaged, and lets it stay
                path.unlink(missing_ok=True)
            raise
    if not path.is_file():
        raise OSError(f"the CRDS server did not give {name}: the cache is read-only")
    return path


@contextmanager
def _asking_for(what: str) -> Iterator[None]:
    """Let the package use the network, and make one sentence of what goes wrong."""
    import crds  # noqa: PLC0415 - as above
    from crds.client import api  # noqa: PLC0415 - as above

    # Without this variable the package takes a server that gives nothing.
    server = os.environ.get("CRDS_SERVER_URL") or SERVER
    api.set_crds_server(server)
    try:
        yield
    except SystemExit as error:
        # The package ends the program when it reaches no server and never did before.
        raise OSError(
            f"the CRDS server {server} cannot be reached, so it did not give {what}"
        ) from error
    except (OSError, crds.CrdsError) as error:
        reason = " ".join(str(error).split())
        raise OSError(f"the CRDS server did not give {what}: {reason}") from error


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep others who work on the same files from fetching at the same time.

    The package waits for another process a few seconds only, and then has no file.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    lock = Path(tempfile.gettempdir()) / f"rampviewer-crds-{os.getuid()}.lock"
    with lock.open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _parameters(header: Mapping[str, Any]) -> dict[str, str]:
    """Return what rules are applied to, by the names that they use."""
    return {
        name: str(header[keyword]).strip()
        for keyword, name in PARAMETERS.items()
        if header.get(keyword) not in (None, "")
    }
