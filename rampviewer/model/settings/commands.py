"""The same work for the official package: as `strun` commands, and as Python."""

import math
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rampviewer.model.errors import REFERENCE_NAMES
from rampviewer.model.exposure import Exposure, Reference
from rampviewer.model.runs.likely_fitting import is_likely
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import RampFitParameters
from rampviewer.model.settings.saturation_options import saturation_options_of
from rampviewer.model.settings.step_parameters import official_values, unofficial_notes

DROPPED_NOTE = (
    "The official jump step keeps the jump flags that are in the file; here they were "
    "dropped first."
)
IN_MEMORY_NOTE = (
    "This exposure is not in a file, as the official steps need it: save it, and put the "
    "name in its place."
)
SERIES_NOTE = (
    "The official steps take one segment of a series at a time, these lines the first: "
    "rates of the whole series are others."
)
REARRANGED_NOTE = (
    "The lines of the file were put in order here; the official steps need a file that "
    "went through their reference pixel step."
)
ZEROFRAME_NOTE = (
    "The official ramp fit reads ZEROFRAME of a file with its bytes in the wrong order: "
    "where no group but that frame is good, its rates mean nothing."
)
ASCII_NOTE = (
    "The official steps fail to save where {name} is read: its letters that are not ASCII "
    "do not fit into their headers."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Lines that the official package runs.

    Parameters are given where they are not the defaults of the steps; parameters that the
    archive would look up are switched off, because they would take the place of defaults.

    Attributes
    ----------
    strun, python : str
        One step after the other.
    notes : tuple of str
        What the official steps do otherwise, as sentences.
    """

    strun: str
    python: str
    notes: tuple[str, ...]


class _Call(NamedTuple):
    """One step with its parameters."""

    alias: str  # on the command line
    module: str
    kind: str
    result: str
    values: Mapping[str, Any]

    @property
    def ending(self) -> str:
        """The ending of the file that it writes."""
        return self.kind.lower()


def commands(exposure: Exposure, recipe: Recipe, named: Callable[[str], str]) -> Commands:
    """Return what makes the rates of a recipe with the official package.

    Parameters
    ----------
    exposure : Exposure
    recipe : Recipe
    named : callable
        Gets an ending, such as "jumpstep"; returns the name of the file that a step makes
        of the exposure.
    """
    source = str(exposure.path) if exposure.path else exposure.name
    references, notes = _overrides(exposure)
    calls = [*_saturation(exposure)]
    if recipe.delivered_jumps != "as_delivered":
        jump = official_values("jump", recipe.jump, changed=True) | references
        calls.append(_Call("jump", "jwst.jump", "JumpStep", "jump", jump))
        notes += unofficial_notes(recipe.jump)
        if recipe.delivered_jumps == "drop":
            notes += (DROPPED_NOTE,)
    fit = official_values("ramp_fit", recipe.fit, changed=True) | references
    calls.append(
        _Call("ramp_fit", "jwst.ramp_fitting", "RampFitStep", "rate, rateints", fit)
    )
    return Commands(
        strun=_strun_lines(calls, source, named),
        python=_python_lines(calls, source),
        notes=(*_file_notes(exposure, recipe.fit), *notes),
    )


def _saturation(exposure: Exposure) -> Iterator[_Call]:
    """Give the step that flags an uncalibrated exposure as its quick look is flagged."""
    if not exposure.quick_look or exposure.saturation_reference is None:
        return
    # The bias counts as 0 here.
    rule = {**saturation_options_of(exposure), "override_superbias": "N/A"}
    yield _Call("saturation", "jwst.saturation", "SaturationStep", "saturated", rule)


def _strun_lines(calls: Sequence[_Call], source: str, named: Callable[[str], str]) -> str:
    lines = []
    for call in calls:
        values = dict(call.values)
        if source.lower().endswith(".gz") and call is not calls[-1]:
            # Of a compressed file a step would keep ".fits" within the name of its result.
            values["output_file"] = Path(source).stem
        made = named(call.ending)
        if made == Path(source).name:  # which would be replaced in its own folder
            again = f"{Path(made).stem.removesuffix(call.ending)}again"
            values["output_file"] = again
            made = f"{again}_{call.ending}.fits"
        lines.append(_strun(call.alias, source, values))
        # What begins with a dash would be an option.
        source = f"./{made}" if made.startswith("-") else made
    return "\n".join(lines)


def _python_lines(calls: Sequence[_Call], source: str) -> str:
    imports = [f"from {call.module} import {call.kind}" for call in calls]
    arguments = [repr(source), *(call.result for call in calls)]
    lines = [
        # `run`, not `call`: the latter looks parameters up in CRDS.
        f"{call.result} = {call.kind}({_arguments(call.values)}).run({argument})"
        for call, argument in zip(calls, arguments, strict=False)
    ]
    return "\n".join([*imports, "", *lines])


_MARKS = ",#"


def _overrides(exposure: Exposure) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return reference files that were given, and what cannot be passed on."""
    files: dict[str, str] = {}
    notes = []
    for reference in exposure.references:
        if reference.source == "file" and _cannot_be_quoted(reference.name):
            notes.append(
                f"{Path(reference.name).name} cannot be given to strun: its path has both "
                "kinds of quotes, and a comma or #."
            )
        if reference.source not in ("file", "crds"):
            notes.append(_missing(reference))
        elif reference.source == "file" and reference.kind != "saturation":
            files[f"override_{reference.kind}"] = reference.place
    return files, tuple(notes)


def _file_notes(exposure: Exposure, fit: RampFitParameters) -> Iterator[str]:
    """Give what makes the file another one for the official steps, as sentences."""
    telescope = str(exposure.keywords.get("TELESCOP", "")).strip()
    if exposure.path is None:
        yield IN_MEMORY_NOTE
    elif telescope not in ("", "JWST"):
        yield f"The official steps do not read files of {telescope}, such as this one."
    given = [item.place for item in exposure.references]  # ASCII, where there is no file
    named = [*([exposure.path.name] if exposure.path else []), *given]
    if beyond := [name for name in named if not name.isascii()]:
        yield ASCII_NOTE.format(name=beyond[0])
    if exposure.segments:
        yield SERIES_NOTE
    if exposure.is_rearranged:
        yield REARRANGED_NOTE
    is_likely_fit = is_likely(exposure.n_groups, exposure.timing, fit)
    if exposure.zeroframe is not None and not (fit.suppress_one_group or is_likely_fit):
        yield ZEROFRAME_NOTE


def _missing(reference: Reference) -> str:
    return (
        f"The {REFERENCE_NAMES[reference.kind]} was not read from a file: the official "
        "steps will look for one in CRDS."
    )


def _strun(step: str, source: str, values: Mapping[str, Any]) -> str:
    given = [f"--{name}={_quoted(str(value))}" for name, value in values.items()]
    return shlex.join(["strun", step, source, "--disable-crds-steppars", *given])


def _quoted(text: str) -> str:
    """Return a value as the official command line reads it: like one of a .cfg file.

    There a comma parts the values of a list, and a comment begins with #.
    """
    if not any(mark in text for mark in _MARKS) and text == text.strip():
        return text
    mark = '"' if '"' not in text else "'"
    return f"{mark}{text}{mark}"


def _cannot_be_quoted(text: str) -> bool:
    return any(mark in text for mark in _MARKS) and "'" in text and '"' in text


def _arguments(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in values.items())


def _literal(value: Any) -> str:
    """Return a value as Python reads it."""
    is_infinite = isinstance(value, float) and math.isinf(value)
    return f"float('{value}')" if is_infinite else repr(value)
