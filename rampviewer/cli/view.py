"""`rampviewer [FILE]`: the window."""

import signal
from collections.abc import Sequence
from pathlib import Path

import rampviewer
from rampviewer.cli.console import complain
from rampviewer.cli.options import (
    Parser,
    add_memory_budget,
    add_references,
    add_whole_series,
    pixel,
    references_of,
)
from rampviewer.display import has_display

DESCRIPTION = "See, tune and understand jump detection and ramp fitting."
COMMANDS = """\
other commands:
  rampviewer process FILE...    detect jumps, fit ramps, write the products
  rampviewer info FILE...       say what is in a file
  rampviewer sheet FILE --pixel X,Y -o OUT.png
                                write a page on one pixel: image, ramp, reasons
  rampviewer demo OUT.fits      write a simulated exposure
  rampviewer completion SHELL   write a script that completes options in a shell
  rampviewer view [FILE]        the same as rampviewer [FILE], for a file named "info"

rampviewer COMMAND --help tells more.
"""


def run(arguments: Sequence[str]) -> int:
    """Open the window and return its exit code."""
    parser = make_parser()
    values = parser.read(arguments)
    if len(values.files) > 1:
        names = ", ".join(map(str, values.files))
        parser.error(f"the window opens one file at a time, got {names}")
    if not has_display():
        complain("there is no display to open a window on; `rampviewer process` needs none")
        return 1
    try:
        from rampviewer.app import open_window  # noqa: PLC0415 - loads Qt
    except ImportError as error:
        complain(f"the window cannot be loaded: {error}")
        return 1
    # While Qt waits for events Python would not notice Ctrl+C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    given, budget = references_of(values), values.memory_budget
    series = values.whole_series
    return open_window(values.files, values.pixel, given, budget, whole_series=series)


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="rampviewer",
        usage="rampviewer [FILE] [--pixel X,Y] [options]",
        description=DESCRIPTION,
        epilog=COMMANDS,
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="ramp exposure")
    add_options(parser)
    return parser


def add_options(parser: Parser) -> None:
    """Add all that may stand beside the name of the file."""
    parser.add_argument(
        "--pixel",
        type=pixel,
        metavar="X,Y",
        help="select this pixel; 0,0 is the lower left one",
    )
    parser.add_argument(
        "--version", action="version", version=f"rampviewer {rampviewer.__version__}"
    )
    add_memory_budget(parser)
    add_whole_series(parser)
    add_references(parser)
