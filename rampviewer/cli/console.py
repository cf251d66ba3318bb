"""What the command line says, and where."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tqdm import tqdm

# Where each part of the work starts and ends [%], by its usual time.
PARTS: Final = {"reading": (0, 10), "processing": (10, 50), "writing": (50, 100)}


def say(text: str) -> None:
    """Write a line of results to standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_json(facts: Mapping[str, Any]) -> None:
    """Write a line of JSON; it has no word for what is infinite, which becomes a text."""
    say(json.dumps(_in_json(facts), default=str, allow_nan=False))


def _in_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _in_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def complain(text: str) -> None:
    """Write a sentence about what went wrong to standard error."""
    sys.stderr.write(f"rampviewer: {text}\n")


@contextmanager
def above_bars() -> Iterator[None]:
    """Take all bars away while something is written, and put them back below it."""
    with tqdm.external_write_mode(file=sys.stderr):
        yield


class Progress:
    """One bar on standard error for all the work on a file.

    Shows nothing when standard error is no terminal, or when quiet.
    """

    def __init__(self, title: str, quiet: bool, position: int = 0) -> None:
        self._title, self._quiet = title, quiet
        # disable=None stands for: only on a terminal.
        self._bar = tqdm(
            total=100,
            leave=False,
            position=position,
            file=sys.stderr,
            disable=quiet or None,
            bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}{postfix}",
            desc=f"{title}: {next(iter(PARTS))}",
        )

    def part(self, name: str) -> Callable[[int, int], None]:
        """Begin one of `PARTS`; return what takes (done, total) of it."""
        start, end = PARTS[name]
        self._bar.set_description_str(f"{self._title}: {name}", refresh=False)
        self._bar.set_postfix_str("", refresh=False)  # the part before has ended
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
            with above_bars():
                complain(text)

    def close(self) -> None:
        """Take the bar off the screen."""
        self._bar.close()

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
        self.close()


class Bars:
    """A bar for a whole batch, and below it one for each exposure that is worked on.

    A single exposure has no bar above its own.
    """

    def __init__(self, n_files: int, quiet: bool) -> None:
        self._quiet, self._n_failed = quiet, 0
        self._seats: dict[int, Progress] = {}
        self._parts: dict[int, tuple[str, Callable[[int, int], None]]] = {}
        self.n_rows = 1 if n_files > 1 else 0
        self._bar = tqdm(
            total=n_files,
            leave=False,
            file=sys.stderr,
            disable=(quiet or None) if n_files > 1 else True,
            unit="exposure",
            bar_format="{n_fmt} of {total_fmt} exposures |{bar}| {elapsed}<{remaining}"
            "{postfix}",
        )

    def begin(self, seat: int, path: Path) -> None:
        """Show a bar for an exposure that a job begins with."""
        self._seats[seat] = Progress(path.name, self._quiet, self.n_rows + seat)

    def advance(self, seat: int, part: str, done: int, total: int) -> None:
        """Show how far a part of it is."""
        if self._parts.get(seat, ("", None))[0] != part:
            self._parts[seat] = part, self._seats[seat].part(part)
        self._parts[seat][1](done, total)

    def note(self, seat: int, text: str) -> None:
        """Write a sentence on it above the bars, unless quiet."""
        self._seats[seat].note(text)

    def end(self, seat: int) -> None:
        """Take its bar away."""
        self._parts.pop(seat, None)
        self._seats.pop(seat).close()

    def count(self, has_failed: bool) -> None:
        """Count an exposure that has ended."""
        self._n_failed += has_failed
        if self._n_failed:
            self._bar.set_postfix_str(f"{self._n_failed} failed", refresh=False)
        self._bar.update()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for seat in [*self._seats]:
            self.end(seat)
        self._bar.close()
