"""The `crds` package, an extra: rules in the local cache, and the server.

Only what is called `fetch_*` here uses the network.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rampviewer.io.crds_cache import expand_variables
from rampviewer.io.observatory import Observatory, is_of_another


def is_installed() -> bool:
    """Return whether the package can be imported."""
    return find_spec("crds") is not None


def ruled_name(
    kind: str, observatory: Observatory, header: Mapping[str, Any], context: str
) -> str:
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
    expand_variables()
    try:
        found = rmap.get_best_references(
            context, observatory.matched(header), include=[kind]
        )
    except OSError as error:
        raise LookupError(f"the CRDS cache does not hold the rules {context}") from error
    except exceptions.CrdsError as error:
        raise LookupError(f"the rules {context} cannot be read ({error})") from error
    return _chosen(found, kind)


def fetch_best(
    kind: str, observatory: Observatory, header: Mapping[str, Any]
) -> tuple[Path, str]:
    """Return the file that CRDS_CONTEXT, or the context of today, chooses; and the context.

    Raises
    ------
    OSError
        When the server does not give it.
    """
    import crds  # noqa: PLC0415 - as above

    with _one_at_a_time(), _asking_for(f"a {kind} file", observatory):
        asked = _asked_context(observatory)
        found = crds.getrecommendations(
            observatory.matched(header),
            reftypes=[kind],
            observatory=observatory.name,
            context=asked,
        )
        context = str(crds.get_context_name(observatory.name, asked))
    name = _chosen(found, kind)
    if not name:
        raise OSError(f"the CRDS rules {context} choose no {kind} file")
    return fetch_file(name, observatory, context), context


def fetch_file(name: str, observatory: Observatory, context: str) -> Path:
    """Return the path of a file by its name, after it was copied into the cache.

    A file that did not arrive as it is on the server is taken away again.

    Raises
    ------
    OSError
        When the server does not give it.
    """
    import crds  # noqa: PLC0415 - as above
    from crds.client import api  # noqa: PLC0415 - as above

    with _one_at_a_time(), _asking_for(name, observatory):
        asked = _asked_context(observatory)
        context = context or str(crds.get_context_name(observatory.name, asked))
        path = Path(str(crds.locate_file(name, observatory.name)))
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


def _chosen(found: Mapping[str, Any], kind: str) -> str:
    name = str(found.get(kind, ""))
    return "" if "NOT FOUND" in name or "N/A" in name.upper() else name


def _asked_context(observatory: Observatory) -> str | None:
    """Return the context of today where CRDS_CONTEXT is that of another telescope.

    None leaves the choice to the package, which takes CRDS_CONTEXT whatever it names.
    """
    stated = os.environ.get("CRDS_CONTEXT", "")
    return observatory.today if is_of_another(stated, observatory) else None


@contextmanager
def _asking_for(what: str, observatory: Observatory) -> Iterator[None]:
    """Let the package use the network, and make one sentence of what goes wrong."""
    import crds  # noqa: PLC0415 - as above

    expand_variables()
    server = os.environ.get("CRDS_SERVER_URL") or observatory.server
    _turn_to(server)
    try:
        yield
    except SystemExit as error:
        # The package ends the program when it reaches no server and never did before.
        raise OSError(
            f"the CRDS server {server} cannot be reached, so it did not give {what}"
        ) from error
    except (OSError, AssertionError, crds.CrdsError) as error:
        # The package asserts what it wants of CRDS_CONTEXT and other variables.
        reason = " ".join(str(error).split())
        raise OSError(f"the CRDS server did not give {what}: {reason}") from error


def _turn_to(server: str) -> None:
    """Let the package ask a server, and forget what another one told it."""
    from crds.client import api  # noqa: PLC0415 - as above
    from crds.core import config, utils  # noqa: PLC0415 - as above

    # Without being told the package takes a server that gives nothing.
    before = api.get_crds_server()
    api.set_crds_server(server)
    if api.get_crds_server() != before:
        utils.clear_function_caches()
        config.CRDS_REF_SUBDIR_MODE = "None"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep others, processes and threads, from fetching at the same time.

    The package waits for another process a few seconds only, and then has no file. In a
    process it asks one server at a time.
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
