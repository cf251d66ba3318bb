"""`rampviewer info FILE...`: what is in a file."""

from collections.abc import Sequence
from pathlib import Path

from rampviewer.cli.console import complain, say, sentence
from rampviewer.cli.options import Parser


def run(arguments: Sequence[str]) -> int:
    """Describe every file; 1 when one of them could not be read."""
    parser = Parser(prog="rampviewer info", description="Say what is in a ramp exposure.")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    values = parser.read(arguments)
    from rampviewer.io.info import describe  # noqa: PLC0415 - keeps --help quick

    code = 0
    for number, path in enumerate(values.files):
        if number:
            say("")
        try:
            say(describe(path))
        except BrokenPipeError:
            raise
        except (OSError, ValueError, MemoryError) as error:
            complain(sentence(error, str(path)))
            code = 1
    return code
