"""The entry point: finds the command and reports what goes wrong."""

import difflib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rampviewer.cli import completion, demo, info, process, sheet, view
from rampviewer.cli.console import complain

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "view": view.run,
    "process": process.run,
    "info": info.run,
    "sheet": sheet.run,
    "demo": demo.run,
    "completion": completion.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process where left out.

    Returns
    -------
    code : int
        0 done, 1 could not, 2 wrong usage, 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS.get(words[0]) if words else None
    if command is None and words and _is_mistyped(words[0]):
        return _refuse(words[0])
    try:
        return command(words[1:]) if command else view.run(words)
    except SystemExit as leave:  # how argparse leaves
        return leave.code if isinstance(leave.code, int) else 1
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    except BrokenPipeError:
        # The reader of our output is gone; keep Python from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _is_mistyped(word: str) -> bool:
    """Return whether a word looks like a command, but is none, and is no file either."""
    return word.replace("-", "").isalnum() and word[0] != "-" and not Path(word).exists()


def _refuse(word: str) -> int:
    near = difflib.get_close_matches(word, COMMANDS, n=1)
    hint = f"; did you mean {near[0]}?" if near else " (see rampviewer --help)"
    complain(f"{word} is neither a command nor a file{hint}")
    return 2
