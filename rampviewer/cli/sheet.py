"""`rampviewer sheet FILE --pixel X,Y -o OUT`: a page on one pixel."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from rampviewer.cli.console import complain, say
from rampviewer.cli.options import (
    Parser,
    add_parameters,
    add_references,
    pixel,
    references_of,
    whole,
)
from rampviewer.cli.outputs import add_pars, stated, with_overrides
from rampviewer.model.errors import sentence
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameter_set import ParameterSet

DESCRIPTION = """\
Write one page on a pixel: the image, its ramp, and why its groups were flagged.

No display is needed. OUT ends in .png or .pdf.
"""
FIT_NOTE = "skip of the ramp fit is not used: the page shows the fitted ramp."
PLANES = tuple(plane.value for plane in Plane if not plane.is_comparison)


def run(arguments: Sequence[str]) -> int:
    """Write the sheet; 1 when that could not be done."""
    parser = make_parser()
    values = parser.read(arguments)
    try:
        found = stated(values)
        references = with_overrides(references_of(values), found)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    for note in (*found.notes, *([FIT_NOTE] if "ramp_fit" in found.skipped else [])):
        complain(note)
    # Before Qt is loaded: what is drawn is never shown.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from rampviewer.sheet_writer import (  # noqa: PLC0415 - loads Qt
            SheetOrder,
            write_sheet,
        )
    except ImportError as error:
        complain(f"the sheet cannot be drawn: {error}")
        return 1
    order = SheetOrder(
        path=values.file,
        pixel=values.pixel,
        output=values.output,
        plane=Plane(values.plane),
        step=(values.integration, values.group),
        references=references,
        recipe=_recipe(values, found),
    )
    try:
        write_sheet(order)
    except (OSError, ValueError, MemoryError) as error:
        complain(sentence(error, str(values.file), str(values.output)))
        return 1
    say(str(values.output))
    return 0


def _recipe(values: Namespace, found: ParameterSet) -> Recipe:
    is_skipped = "jump" in found.skipped
    return Recipe(
        jump=found.jump,
        fit=found.fit,
        delivered_jumps="as_delivered" if is_skipped else values.delivered_jumps,
        source=found.name,
    )


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="rampviewer sheet",
        usage="rampviewer sheet FILE --pixel X,Y -o OUT [options]",
        description=DESCRIPTION,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="ramp exposure")
    parser.add_argument(
        "--pixel",
        type=pixel,
        required=True,
        metavar="X,Y",
        help="the pixel; 0,0 is the lower left one",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help=".png or .pdf"
    )
    parser.add_argument(
        "--plane", choices=PLANES, default=Plane.RATE.value, help="image (default: rate)"
    )
    for name in ("integration", "group"):
        parser.add_argument(
            f"--{name}",
            type=whole(0),
            default=0,
            metavar="N",
            help=f"{name} of a plane that has such, counted from 0 (default: 0)",
        )
    parser.add_argument(
        "--delivered-jumps",
        choices=("keep", "drop", "as_delivered"),
        default="keep",
        help="what becomes of JUMP_DET flags that are in the file (default: keep)",
    )
    add_pars(parser.add_argument_group("parameter files"))
    add_references(parser)
    add_parameters(parser)
    return parser
