"""Write files so that each appears whole or not at all."""

import glob
import os
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO, Final

try:
    import fcntl
except ImportError:  # not on every system
    fcntl = None  # type: ignore[assignment]

NEWBORN: Final = 0.2  # until then a temporary file may have no lock yet [s]
Writer = Callable[[BinaryIO], None]


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises
    ------
    OSError
        When something else has its name, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        # Not this kind of error: nobody should offer to replace what is there.
        raise NotADirectoryError(f"{folder} is not a folder") from error
    except OSError as error:
        raise OSError(f"{folder} cannot be made: {error.strerror or error}") from error


def write_whole(writers: Mapping[Path, Writer]) -> None:
    """Write several files; none is visible, or replaced, before all are written.

    Each is written under a temporary name in its own folder and then renamed. When one
    fails, the temporary files are removed and the old files stay as they were. What a
    process left that was killed while it wrote one of them is removed, too.

    Parameters
    ----------
    writers : mapping of Path to callable
        Each callable writes the whole file into the open stream it is given.

    Raises
    ------
    OSError
        When a file cannot be written.
    """
    finished: dict[Path, Path] = {}
    with ExitStack() as locks:
        try:
            for path, writer in writers.items():
                _remove_orphans(path)
                finished[path] = _temporary_path(path)
                _write(finished[path], writer, path, locks)
            for path, temporary in finished.items():
                temporary.replace(path)
        finally:
            for temporary in finished.values():
                temporary.unlink(missing_ok=True)


def _write(temporary: Path, writer: Writer, path: Path, locks: ExitStack) -> None:
    try:
        with _create(temporary) as stream:
            if fcntl is not None:  # its lock outlasts the stream: the other files take long
                locks.callback(os.close, os.dup(stream.fileno()))
            writer(stream)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror or error}") from error


def _remove_orphans(path: Path) -> None:
    """Remove temporary files of a path that nobody writes any more: none holds its lock."""
    if fcntl is None:
        return
    for orphan in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 8}.part"):
        with suppress(OSError), orphan.open("rb") as stream:
            if time.time() - orphan.stat().st_mtime > NEWBORN:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                orphan.unlink()


def _temporary_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _create(path: Path) -> BinaryIO:
    # Not `tempfile`: its files are private to the user, products follow the umask. The FITS
    # library does not know the mode "x".
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    stream = os.fdopen(os.open(path, flags, 0o666), "wb")
    if fcntl is not None:
        with suppress(OSError):  # where a disk knows no locks
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return stream
