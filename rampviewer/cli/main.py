"""The entry point: finds the command and reports what goes wrong."""

import os
import sys
from collections.abc import Callable, Sequence

from rampviewer.cli import demo, info, process, view
from rampviewer.cli.console import complain

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "view": view.run,
    "process": process.run,
    "info": info.run,
    "demo": demo.run,
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
