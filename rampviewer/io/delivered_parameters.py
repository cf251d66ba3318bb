"""The parameters that a product was made with: from the logs in its tree, or its header."""

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from rampviewer.io.asdf_tree import raw_bytes, read_tree
from rampviewer.io.fits_file import open_fits
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.step_parameters import (
    KINDS,
    SKIP,
    STEP_NAMES,
    Step,
    sort_values,
)

DELIVERED: Final = "delivered"
_LOGGED = re.compile(r"Step (?P<name>\S+) parameters are:(?P<body>.*)", re.DOTALL)
_HEADING = re.compile(r"(?P<step>jump|ramp_fit):")
_SKIPPED = re.compile(r"(?P<step>jump|ramp_fit): skipped as wanted")
_LINE = re.compile(r" +(?P<name>\w+) = (?P<value>.*)")

# Where files were is not what a product was made with.
_OF_FILES: Final = (
    "input_dir",
    "output_ext",
    "output_use_index",
    "search_output_file",
    "logcfg",
)

Raw = dict[Step, dict[str, Any]]


def read_delivered(path: Path) -> ParameterSet:
    """Return the parameters that a product was made with.

    Raises
    ------
    ValueError
        When the product does not say.
    OSError
        When the file is missing or not FITS.
    """
    with open_fits(path) as hdus:
        found = delivered_parameters(hdus[0].header, read_tree(raw_bytes(hdus)))
    if found is None:
        raise ValueError(
            f"{path.name} does not say which parameters it was made with: neither the logs "
            "in its ASDF extension nor its HISTORY tell"
        )
    return found


def delivered_parameters(
    header: Mapping[str, Any], tree: Mapping[str, Any]
) -> ParameterSet | None:
    """Return the parameters that a product was made with, None where it does not say.

    Parameters
    ----------
    header : mapping
        The primary header: its HISTORY.
    tree : mapping
        Of the ASDF extension: `cal_logs` of the official steps, and our own record, which
        tells of later work where it is there.
    """
    own = _recorded(tree) or _in_history(header.get("HISTORY", ()))
    raw: Raw = {**_logged(tree.get("cal_logs")), **own}
    values: Raw = {}
    options: Raw = {}
    notes: list[str] = []
    for step, stated in raw.items():
        if str(stated.pop(SKIP, False)) in ("True", "true"):
            notes.append(f"The {step} step was skipped for this product.")
            options[step] = {SKIP: True}
        if step in options and not stated:
            continue  # as in our own products
        made = {name: value for name, value in stated.items() if name not in _OF_FILES}
        values[step], unused = _lenient(step, made)
        notes += unused
    if not values and not options:
        return None
    return ParameterSet(name=DELIVERED, values=values, options=options, notes=tuple(notes))


def _lenient(step: Step, stated: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the parameters that are known here; what is not becomes a sentence.

    A product of another version must not be refused because of a parameter.
    """
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in stated.items():
        try:
            found, _, unused = sort_values(step, {name: value}, own=True)
        except ValueError as error:
            found, unused = {}, [f"{error}; the default stands for it."]
        values |= found
        notes += unused
    return values, notes


def _recorded(tree: Mapping[str, Any]) -> Raw:
    record = tree.get("rampviewer")
    stated = record.get("parameters") if isinstance(record, Mapping) else None
    if not isinstance(stated, Mapping):
        return {}
    skipped = record.get("skipped", ()) if isinstance(record, Mapping) else ()
    return {
        step: {**dict(stated.get(step, {})), **({SKIP: True} if step in skipped else {})}
        for step in KINDS
        if isinstance(stated.get(step), Mapping) or step in skipped
    }


def _in_history(lines: Iterable[Any]) -> Raw:
    """Return what our own HISTORY tells: a heading for each step, a line for each value."""
    found: Raw = {}
    stated: dict[str, Any] | None = None
    for line in map(str, lines):
        if heading := _HEADING.fullmatch(line.rstrip()):
            stated = found.setdefault(STEP_NAMES[heading["step"]], {})
        elif skipped := _SKIPPED.match(line):
            found.setdefault(STEP_NAMES[skipped["step"]], {})[SKIP] = True
        elif not line.startswith(" "):
            stated = None
        elif stated is not None and (item := _LINE.fullmatch(line)):
            stated[item["name"]] = item["value"].strip()
    return found


def _logged(logs: Any) -> Raw:
    """Return what the logs of the official steps tell; the last one counts."""
    found: Raw = {}
    for alias, lines in dict(logs).items() if isinstance(logs, Mapping) else ():
        if not isinstance(lines, list | tuple):
            continue
        for line in lines:
            if logged := _LOGGED.search(str(line)):
                names = (str(alias), logged["name"])
                found |= dict(_of_steps(names, _parsed(logged["body"])))
    return found


def _of_steps(
    names: Iterable[str], tree: Mapping[str, Any]
) -> Iterator[tuple[Step, dict[str, Any]]]:
    """Give the parameters of each of our steps, that of the log or those of a pipeline."""
    steps = tree.get("steps")
    if isinstance(steps, Mapping):
        for step in KINDS:
            if isinstance(steps.get(step), Mapping):
                yield step, dict(steps[step])
        return
    for name in names:
        if name in STEP_NAMES and tree:
            yield STEP_NAMES[name], dict(tree)
            return


def _parsed(body: str) -> Mapping[str, Any]:
    """Return names and values, in one line or many; nothing if unreadable."""
    try:
        if body.strip().startswith("{"):
            tree = ast.literal_eval(body.strip())
        else:
            tree = yaml.safe_load(textwrap.dedent(body))
    except (ValueError, SyntaxError, yaml.YAMLError):
        return {}
    return tree if isinstance(tree, Mapping) else {}
