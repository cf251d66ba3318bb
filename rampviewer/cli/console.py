"""What the command line says, and where."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tqdm import tqdm


def say(text: str) -> None:
    """Write a line of results to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a sentence about what went wrong to standard error."""
    sys.stderr.write(f"rampviewer: {text}\n")


def sentence(error: Exception, name: str) -> str:
    """Return what `error` says about the file `name`, in one line."""
    if isinstance(error, MemoryError):
        return f"{name}: there is not enough memory"
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return text if Path(name).name in text else f"{name}: {text}"


class Progress:
    """A bar on standard error; shows nothing when that is no terminal, or when quiet.

    Called with (rows done, rows).
    """

    def __init__(self, title: str, quiet: bool) -> None:
        # None stands for: only on a terminal.
        self._bar = tqdm(
            desc=title, unit="row", leave=False, file=sys.stderr, disable=quiet or None
        )

    def __call__(self, done: int, total: int) -> None:
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()
