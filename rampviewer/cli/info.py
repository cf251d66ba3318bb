"""`rampviewer info FILE...`: what is in a file."""

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from rampviewer.cli.console import complain, say, say_json
from rampviewer.cli.options import Parser, add_references, references_of
from rampviewer.model.errors import sentence


def run(arguments: Sequence[str]) -> int:
    """Describe every file; 1 when one of them could not be read."""
    values = make_parser().read(arguments)
    from rampviewer.io.info import facts_of, in_words  # noqa: PLC0415 - keeps --help quick

    given = references_of(values)
    width = shutil.get_terminal_size((100, 24)).columns
    code, gap = 0, ""
    for path in values.files:
        try:
            facts = facts_of(
                path,
                gain=given.gain,
                readnoise=given.readnoise,
                saturation=given.saturation,
                use_readpatt=given.use_readpatt,
                n_pix_grow_sat=given.n_pix_grow_sat,
                skip_saturation=given.skip_saturation,
                fetch_references=given.fetch,
            )
        except (OSError, ValueError, MemoryError) as error:
            reason, code = sentence(error, str(path)), 1
            complain(reason)
            if values.json:
                say_json({"file": str(path), "error": reason})
        else:
            if values.json:
                say_json(facts)
                continue
            say(gap + table(in_words(facts), width))
            gap = "\n"
    return code


def table(lines: Mapping[str, str], width: int) -> str:
    """Return labels and texts in two columns that fit into `width` characters."""
    margin = max(map(len, lines)) + 2
    return "\n".join(
        textwrap.fill(
            text,
            max(width, margin + 20),
            initial_indent=f"{label:<{margin}}",
            subsequent_indent=" " * margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for label, text in lines.items()
    )


def make_parser() -> Parser:
    """Return what reads the command line."""
    parser = Parser(
        prog="rampviewer info",
        description="Say what is in a ramp exposure, and which references it would get.",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument(
        "--json", action="store_true", help="write one line of JSON for each file"
    )
    add_references(parser)
    return parser
