"""What the command line says, and where."""

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tqdm import tqdm

# Where each part of the work starts and ends [%], by its usual time.
PARTS: Final = {"reading": (0, 10), "processing": (10, 50), "writing": (50, 100)}


def say(text: str) -> None:
    """Write a line of results to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a sentence about what went wrong to standard error."""
    sys.stderr.write(f"rampviewer: {text}\n")


def sentence(error: Exception, name: str, *others: str) -> str:
    """Return what `error` says about the file `name`, in one line.

    Files are called as they were given: `name`, and `others` that were read for it.
    """
    if isinstance(error, MemoryError):
        return f"{name}: there is not enough memory"
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    is_named = Path(name).name in text
    for given in dict.fromkeys((name, *others)):
        bare = rf"(?<![\w./\\-]){re.escape(Path(given).name)}(?![\w-]|\.\w)"
        text = given.join(re.split(bare, text))
    return text if is_named else f"{name}: {text}"


class Progress:
    """One bar on standard error for all the work on a file.

    Shows nothing when standard error is no terminal, or when quiet.
    """

    def __init__(self, title: str, quiet: bool) -> None:
        self._title, self._quiet = title, quiet
        # disable=None stands for: only on a terminal.
        self._bar = tqdm(
            total=100,
            leave=False,
            file=sys.stderr,
            disable=quiet or None,
            bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}{postfix}",
            desc=f"{title}: {next(iter(PARTS))}",
        )

    def part(self, name: str) -> Callable[[int, int], None]:
        """Begin one of `PARTS`; return what takes (done, total) of it."""
        start, end = PARTS[name]
        self._bar.set_description_str(f"{self._title}: {name}", refresh=False)
        self._show(start)
        started = time.monotonic()

        def advance(done: int, total: int) -> None:
            if done:
                left = (time.monotonic() - started) * (total / done - 1)
                text = f"{name} ends in {tqdm.format_interval(left)}"
                self._bar.set_postfix_str(text, refresh=False)
            self._show(start + (end - start) * done / total)

        return advance

    def note(self, text: str) -> None:
        """Write a sentence above the bar, unless quiet."""
        if not self._quiet:
            self._bar.clear()
            complain(text)

    def _show(self, percent: float) -> None:
        self._bar.n = percent
        self._bar.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()
