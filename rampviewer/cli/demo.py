"""`rampviewer demo OUT.fits`: a simulated exposure."""

import shlex
from argparse import ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from rampviewer.cli.console import complain, say
from rampviewer.cli.options import Parser, whole
from rampviewer.io.demo import write_demo
from rampviewer.model.errors import sentence
from rampviewer.model.simulate import SimulationSettings, simulate

DESCRIPTION = """\
Write a simulated NIRCam-like exposure of stars and galaxies with noise, cosmic rays,
snowballs, saturation, reference pixels and bad pixels, and beside it its gain and read
noise. Equal numbers give equal files.
"""


def run(arguments: Sequence[str]) -> int:
    """Write the exposure and say how to open it; 1 when it could not be written."""
    values = make_parser().read(arguments)
    settings = SimulationSettings(
        size=values.size, n_groups=values.groups, n_ints=values.ints, seed=values.seed
    )
    try:
        files = write_demo(values.out, simulate(settings), overwrite=values.overwrite)
    except FileExistsError as error:
        complain(f"{error}; --overwrite replaces it")
        return 1
    except (OSError, MemoryError) as error:
        complain(sentence(error, str(values.out)))
        return 1
    for path in files:
        say(str(path))
    given = [
        str(files.ramp),
        "--override-gain",
        str(files.gain),
        "--override-readnoise",
        str(files.readnoise),
    ]
    say("\nLook at it:     " + shlex.join(["rampviewer", *given]))
    say("Or process it:  " + shlex.join(["rampviewer", "process", *given]))
    return 0


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(prog="rampviewer demo", description=DESCRIPTION)
    parser.add_argument("out", type=_fits_name, metavar="OUT.fits")
    numbers = (
        ("size", 64, 2048, "rows and columns [pixel]"),
        ("groups", 1, 10, "groups in each integration"),
        ("ints", 1, 1, "integrations"),
        ("seed", 0, 1, "another number gives another sky, detector and noise"),
    )
    for name, least, default, text in numbers:
        parser.add_argument(
            f"--{name}",
            type=whole(least),
            default=default,
            metavar="N",
            help=f"{text} (default: {default})",
        )
    parser.add_argument("--overwrite", action="store_true", help="replace existing files")
    return parser


def _fits_name(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".fits":
        raise ArgumentTypeError(f"must end in .fits, got {text!r}")
    return path
