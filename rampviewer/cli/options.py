"""Options that are made of the parameters of both steps, and of references."""

import argparse
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, NoReturn

from rampviewer.model.exposure import Pixel
from rampviewer.model.memory.budget import bytes_of
from rampviewer.model.runs.bands import cores
from rampviewer.model.settings.reference_choices import ReferenceChoices
from rampviewer.model.settings.step_parameters import KINDS, Step

TRUE = ("true", "yes", "on", "1")
FALSE = ("false", "no", "off", "0")
SIGNED_PAIR = re.compile(r"-\d+,")  # to argparse an option, not the value of one
TITLES: dict[Step, str] = {"jump": "jump detection", "ramp_fit": "ramp fitting"}


class Parser(argparse.ArgumentParser):
    """A parser that takes official parameter names too.

    `--rejection_threshold` is `--rejection-threshold`, and a switch may be given as
    `--save-opt=True` or `--save-opt=False`.
    """

    def __init__(self, **settings: Any) -> None:
        # An abbreviation would change its meaning when an option is added.
        super().__init__(
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **settings,
        )
        self._switches: set[str] = set()

    def add_switch(self, group: Any, name: str, text: str) -> None:
        """Add `--name` and `--no-name` to `group`; left out, there is no attribute."""
        option = _option(name)
        self._switches.add(option)
        group.add_argument(
            option,
            action=argparse.BooleanOptionalAction,
            dest=name,
            default=argparse.SUPPRESS,
            help=text,
        )

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the values of `arguments`, or leave with exit code 2."""
        words = list(arguments)
        end = words.index("--") if "--" in words else len(words)
        # Behind "--" there are files only, and this is how they keep their first dash.
        files = [f"./{word}" if word.startswith("-") else word for word in words[end + 1 :]]
        options = self._joined([self._official(word) for word in words[:end]])
        return self.parse_intermixed_args(options + files)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n(see {self.prog} --help)\n")

    def _joined(self, words: list[str]) -> list[str]:
        """Return words with each value X,Y that begins with a dash tied to its option."""
        joined: list[str] = []
        for word in words:
            before = joined[-1] if joined else ""
            if before.startswith("--") and "=" not in before and SIGNED_PAIR.match(word):
                joined[-1] = f"{before}={word}"
            else:
                joined.append(word)
        return joined

    def _official(self, word: str) -> str:
        if not word.startswith("--"):
            return word
        name, equals, value = word.partition("=")
        name = name.replace("_", "-")
        if equals and name in self._switches:
            if value.lower() in TRUE:
                return name
            if value.lower() in FALSE:
                return f"--no-{name[2:]}"
            self.error(f"argument {name}: must be True or False, got {value!r}")
        return name + equals + value


def add_parameters(parser: Parser) -> None:
    """Add an option for every parameter of both steps."""
    for step, title in TITLES.items():
        group = parser.add_argument_group(title)
        for item in fields(KINDS[step]):
            if isinstance(item.default, bool):
                parser.add_switch(group, item.name, _help(item))
            else:
                group.add_argument(
                    _option(item.name),
                    dest=item.name,
                    type=_reader(item),
                    default=argparse.SUPPRESS,
                    metavar="G" if item.metadata["unit"] == "group" else "V",
                    help=_help(item),
                )


def parameters_of(values: argparse.Namespace) -> dict[Step, dict[str, Any]]:
    """Return the parameters that are given, by step."""
    given = vars(values)
    return {
        step: {item.name: given[item.name] for item in fields(kind) if item.name in given}
        for step, kind in KINDS.items()
    }


def add_references(parser: Parser) -> None:
    """Add the options that say where gain and read noise come from."""
    group = parser.add_argument_group(
        "references",
        "Without these, the files that the header names are looked for in the local\n"
        "CRDS cache (CRDS_PATH, CRDS_REFPATH), or those that CRDS_CONTEXT chooses.",
    )
    for kind, value, of_file, of_value in (
        ("gain", "G", "gain reference", "one gain for all pixels [electron/DN]"),
        ("readnoise", "R", "readnoise reference", "one CDS read noise for all pixels [DN]"),
        (
            "saturation",
            "S",
            "saturation reference, for an uncalibrated exposure",
            "one saturation level for all its pixels [DN]",
        ),
    ):
        either = group.add_mutually_exclusive_group()
        either.add_argument(
            f"--override-{kind}", type=_file(f"--{kind}"), metavar="FILE", help=of_file
        )
        number = _number(f"--override-{kind}")
        either.add_argument(f"--{kind}", type=number, metavar=value, help=of_value)
    _add_saturation_rules(parser, group)
    parser.add_switch(
        group,
        "fetch_references",
        "ask the CRDS server for what the cache lacks; needs the extra crds (default: no)",
    )


def _add_saturation_rules(parser: Parser, group: "argparse._ArgumentGroup") -> None:
    """Add what the official saturation step is told, which counts for quick looks."""
    parser.add_switch(
        group,
        "use_readpatt",
        "flag groups of an uncalibrated exposure also by the frames averaged into them, as "
        "the official saturation step (default: yes)",
    )
    group.add_argument(
        "--n-pix-grow-sat",
        type=whole(0),
        metavar="N",
        help="flag so many layers of pixels around a saturated one of an uncalibrated "
        "exposure, too [pixel] (default: 1)",
    )
    parser.add_switch(
        group,
        "skip_saturation",
        "flag nothing of an uncalibrated exposure as saturated, whatever level is found "
        "(default: no)",
    )


def add_memory_budget(parser: Parser) -> None:
    """Add the option that says how much memory may be taken."""
    parser.add_argument(
        "--memory-budget",
        type=_size,
        metavar="SIZE",
        help="memory to work in, such as 4GB; what is larger is worked on from scratch "
        "files in RAMPVIEWER_SCRATCH, TMPDIR or /var/tmp (default: half of what is free)",
    )


def add_whole_series(parser: Parser) -> None:
    """Add the option that reads all segments of a time series as one exposure."""
    parser.add_argument(
        "--whole-series",
        action="store_true",
        help="read all segments (-seg001, ...) that lie beside FILE as one exposure",
    )


def references_of(values: argparse.Namespace) -> ReferenceChoices:
    """Return the references as given: a file, a number, or None."""
    given = vars(values)
    layers = given.get("n_pix_grow_sat")
    found = {
        kind: given[f"override_{kind}"] if given[kind] is None else given[kind]
        for kind in ("gain", "readnoise", "saturation")
    }
    return ReferenceChoices(
        **found,
        use_readpatt=given.get("use_readpatt", True),
        n_pix_grow_sat=1 if layers is None else layers,
        skip_saturation=given.get("skip_saturation", False),
        fetch=given.get("fetch_references", False),
    )


def pixel(text: str) -> Pixel:
    """Return the pixel written as X,Y."""
    try:
        x, y = (int(part) for part in text.split(","))
    except ValueError:
        x = y = -1
    if min(x, y) < 0:
        raise argparse.ArgumentTypeError(
            f"must be X,Y, two whole numbers counted from 0, got {text!r}"
        )
    return Pixel(row=y, col=x)


def n_threads(text: str) -> int:
    """Return the number of threads for an official `maximum_cores`."""
    try:
        return cores(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def whole(least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers that are not below `least`."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of at least {least}, got {text!r}"
            )
        return value

    return read


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _help(item: "Field[Any]") -> str:
    unit = f" [{item.metadata['unit']}]" if item.metadata["unit"] else ""
    default = "none" if item.default is None else item.default
    return f"{item.metadata['text']}{unit} (default: {default})".replace("%", "%%")


def _reader(item: "Field[Any]") -> Callable[[str], Any]:
    """Return what turns the text of an option into the type of its default."""
    if item.default is None:
        return _group_or_none
    kind: Any = type(item.default)
    words = {int: "a whole number", float: "a number"}

    def read(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"must be {words[kind]}, got {text!r}"
            ) from None

    return read


def _group_or_none(text: str) -> int | None:
    if text.lower() == "none":
        return None
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be the number of a group or none, got {text!r}"
        ) from None


def _file(option: str) -> Callable[[str], Path]:
    """Return a reader of file names that knows which option takes a number."""

    def read(text: str) -> Path:
        path = Path(text)
        try:
            float(text)
        except ValueError:
            return path
        if path.exists():
            return path
        raise argparse.ArgumentTypeError(
            f"must be a file, and there is none called {text!r}; "
            f"for one number give {option} {text}"
        )

    return read


def _size(text: str) -> int:
    try:
        return bytes_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _number(option: str) -> Callable[[str], float]:
    """Return a reader of positive numbers that knows which option takes a file."""

    def read(text: str) -> float:
        try:
            value, other = float(text), ""
        except ValueError:
            value, other = math.nan, f"; for a file give {option} {text}"
        if not (value > 0 and math.isfinite(value)):
            raise argparse.ArgumentTypeError(
                f"must be a positive number, got {text!r}{other}"
            )
        return value

    return read
