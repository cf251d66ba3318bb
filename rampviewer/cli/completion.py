"""`rampviewer completion SHELL`: a script that completes commands, options and files."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rampviewer.cli import demo, info, process, sheet, view
from rampviewer.cli.console import say
from rampviewer.cli.options import Parser

DESCRIPTION = """\
Write a script that lets a shell complete commands, options and file names.

  bash:  rampviewer completion bash > ~/.local/share/bash-completion/completions/rampviewer
  zsh:   rampviewer completion zsh > FOLDER/_rampviewer, with FOLDER in $fpath
  fish:  rampviewer completion fish > ~/.config/fish/completions/rampviewer.fish
  tcsh:  rampviewer completion tcsh > FILE, and source FILE in ~/.tcshrc
"""
SHELLS = ("bash", "zsh", "fish", "tcsh")
# The name of an exposure may stand in place of a command, and others follow it; & is what
# is found.
_FILES_TOO: Final = {
    "bash": {"complete -o bashdefault": "& -o default"},
    "zsh": {
        "_describe 'rampviewer commands' _commands": "&; _files",
        '"(*):FILE:': '"*:FILE:',
        '"(*)::': '"*:',
    },
    "fish": {
        "complete -c rampviewer -f\n": (
            '&complete -c rampviewer -n "test (count (commandline -opc)) -eq 1" -F\n'
        )
    },
    "tcsh": {"'p/*/()/'": "'p/*/f/'"},
}


def run(arguments: Sequence[str]) -> int:
    """Write the script to standard output."""
    values = _parser().read(arguments)
    import shtab  # noqa: PLC0415 - keeps --help quick

    script = shtab.complete(_whole(shtab.FILE), shell=values.shell)
    for found, instead in _FILES_TOO[values.shell].items():
        script = script.replace(found, instead.replace("&", found))
    say(script)
    return 0


def _whole(files: Any) -> argparse.ArgumentParser:
    """Return one parser of all commands; what takes a path completes file names."""
    whole = Parser(prog="rampviewer", description=view.DESCRIPTION)
    view.add_options(whole)
    commands = whole.add_subparsers()
    parsers = {
        "view": view.make_parser(),
        "process": process.make_parser(),
        "info": info.make_parser(),
        "sheet": sheet.make_parser(),
        "demo": demo.make_parser(),
        "completion": _parser(),
    }
    for name, parser in parsers.items():
        commands.add_parser(
            name, parents=[parser], add_help=False, help=_first_line(parser.description)
        )
    for one in (whole, *commands.choices.values()):
        for action in one._actions:
            if action.type is Path or "FILE" in str(action.metavar):
                action.complete = files  # type: ignore[attr-defined]
    return whole


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def _parser() -> Parser:
    parser = Parser(prog="rampviewer completion", description=DESCRIPTION)
    parser.add_argument("shell", choices=SHELLS)
    return parser
