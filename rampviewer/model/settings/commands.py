"""The same work for the official package: as `strun` commands, and as Python."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rampviewer.model.exposure import Exposure, Reference
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.step_parameters import official_values, unofficial_notes

DROPPED_NOTE = (
    "The official jump step keeps the jump flags that are in the file; here they were "
    "dropped first."
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


def commands(exposure: Exposure, recipe: Recipe, jumped: str) -> Commands:
    """Return what makes the rates of a recipe with the official package.

    Parameters
    ----------
    exposure : Exposure
    recipe : Recipe
    jumped : str
        File name that the jump step will give to its result.
    """
    references, notes = _overrides(exposure)
    notes = (*notes, *_telescope_notes(exposure))
    source = str(exposure.path) if exposure.path else exposure.name
    fit = official_values("ramp_fit", recipe.fit, changed=True) | references
    if recipe.delivered_jumps == "as_delivered":
        call = _call("rate, rateints", "RampFitStep", fit, repr(source))
        return Commands(
            strun=_strun("ramp_fit", source, fit),
            python=f"{IMPORT_FIT}\n\n{call}",
            notes=notes,
        )
    jump = official_values("jump", recipe.jump, changed=True) | references
    notes = (*notes, *unofficial_notes(recipe.jump))
    if recipe.delivered_jumps == "drop":
        notes = (*notes, DROPPED_NOTE)
    named = {"output_file": Path(source).stem} if source.lower().endswith(".gz") else {}
    # What begins with a dash would be an option.
    jumped = f"./{jumped}" if jumped.startswith("-") else jumped
    # Of a compressed file the jump step would keep ".fits" within the name of its result.
    strun = (_strun("jump", source, jump | named), _strun("ramp_fit", jumped, fit))
    python = (
        IMPORT_JUMP,
        IMPORT_FIT,
        "",
        _call("jump", "JumpStep", jump, repr(source)),
        _call("rate, rateints", "RampFitStep", fit, "jump"),
    )
    return Commands(strun="\n".join(strun), python="\n".join(python), notes=notes)


_MARKS = ",#"
IMPORT_JUMP = "from jwst.jump import JumpStep"
IMPORT_FIT = "from jwst.ramp_fitting import RampFitStep"


def _overrides(exposure: Exposure) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return reference files that were given, and what cannot be passed on."""
    files: dict[str, str] = {}
    notes = []
    for reference in (exposure.gain_reference, exposure.readnoise_reference):
        if reference.source == "file" and _cannot_be_quoted(reference.name):
            notes.append(
                f"{Path(reference.name).name} cannot be given to strun: its path has both "
                "kinds of quotes, and a comma or #."
            )
        if reference.source == "file":
            files[f"override_{reference.kind}"] = str(Path(reference.name).absolute())
        elif reference.source != "crds":
            notes.append(_missing(reference))
    return files, tuple(notes)


def _telescope_notes(exposure: Exposure) -> tuple[str, ...]:
    telescope = str(exposure.keywords.get("TELESCOP", "")).strip()
    if telescope in ("", "JWST"):
        return ()
    return (f"The official steps do not read files of {telescope}, such as this one.",)


def _missing(reference: Reference) -> str:
    words = {"gain": "gain", "readnoise": "read noise"}
    return (
        f"The {words[reference.kind]} was not read from a file: the official steps will "
        "look for one in CRDS."
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


def _call(result: str, step: str, values: Mapping[str, Any], argument: str) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in values.items())
    # `run`, not `call`: the latter looks parameters up in CRDS.
    return f"{result} = {step}({given}).run({argument})"
