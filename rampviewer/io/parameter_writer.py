"""Write parameter files that the official package reads."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Final

from rampviewer.io.asdf_tree import asdf_bytes
from rampviewer.io.atomic import make_folder, write_whole
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from rampviewer.model.settings.step_parameters import (
    CLASSES,
    PIPELINE_CLASS,
    SHARED,
    Step,
    official_values,
)

# The oldest standard that all versions of the official package read.
STANDARD: Final = "1.5.0"
SATURATION: Final = "saturation"
_CLASSES: Final[Mapping[str, str]] = {
    SATURATION: "jwst.saturation.saturation_step.SaturationStep"
} | {str(step): name for step, name in CLASSES.items()}


def parameter_paths(where: Path, steps: tuple[str, ...]) -> list[Path]:
    """Return the files that `write_parameters` makes.

    A name that ends in .asdf is one file, any other a folder with one for each step.

    Raises
    ------
    ValueError
        When the name has another ending of a file.
    """
    if where.suffix == ".asdf" and not where.is_dir():
        return [where]
    if where.suffix and not where.exists():
        raise ValueError(f"{where} cannot be written: parameter files end in .asdf")
    return [where / f"pars-{_class(step).lower()}.asdf" for step in steps]


def write_parameters(
    path: str | os.PathLike[str],
    *,
    jump: JumpParameters | None = None,
    fit: RampFitParameters | None = None,
    options: Mapping[Step, Mapping[str, Any]] | None = None,
    saturation: Mapping[str, Any] | None = None,
    overwrite: bool = False,
) -> list[Path]:
    """Write parameters so that the official package reads them; return the paths.

    Parameters
    ----------
    path : path
        A folder gets `pars-jumpstep.asdf` and `pars-rampfitstep.asdf`. A name in .asdf is
        one file: of the step that is given, or of the pipeline with both steps in it.
    jump, fit : parameters, optional
        At least one of them. `use_max_shower_amplitude` is not official, and left out.
    options : mapping, optional
        Official output options by step, such as {"ramp_fit": {"save_opt": True}}.
    saturation : mapping, optional
        What the step before them is told, which counts for uncalibrated exposures:
        `override_saturation`, `use_readpatt`, `n_pix_grow_sat`, `skip`. A folder gets
        `pars-saturationstep.asdf`, too.
    overwrite : bool
        Whether existing files may be replaced.

    Returns
    -------
    paths : list of Path
        The files that were written.

    Raises
    ------
    FileExistsError
        When a file exists and `overwrite` is False; nothing is written then.
    ValueError
        When nothing is given, or the name has another ending.
    OSError
        When a file cannot be written.
    """
    given: dict[str, dict[str, Any]] = {}
    if jump is not None:
        given["jump"] = official_values("jump", jump)
    if fit is not None:
        given["ramp_fit"] = official_values("ramp_fit", fit)
    if not given:
        raise ValueError("there are no parameters to write: give jump or fit")
    for step, wanted in (options or {}).items():
        if step in given:
            given[step] |= wanted
    if saturation:
        given = {SATURATION: dict(saturation), **given}
    paths = parameter_paths(Path(path), tuple(given))
    if not overwrite and (existing := [str(name) for name in paths if name.exists()]):
        raise FileExistsError(f"{', '.join(existing)} exists already")
    trees = [_step_tree(step, values, alone=True) for step, values in given.items()]
    if len(paths) < len(trees):
        trees = [_pipeline_tree(given)]
    make_folder(paths[0].parent)
    write_whole(
        {name: partial(_write, tree) for name, tree in zip(paths, trees, strict=True)}
    )
    return paths


def _write(tree: dict[str, Any], stream: BinaryIO) -> None:
    stream.write(asdf_bytes(tree, STANDARD))


def _step_tree(step: str, values: Mapping[str, Any], *, alone: bool) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "class": _CLASSES[step],
        "name": _class(step) if alone else step,
        "parameters": dict(values),
    }
    return {**tree, "meta": _meta(_class(step))} if alone else tree


def _pipeline_tree(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    name = PIPELINE_CLASS.rpartition(".")[2]
    first, *others = (given[step] for step in given if step != SATURATION)
    # The pipeline passes its output folder on, whatever its steps say of theirs.
    shared = {
        key: first[key]
        for key in SHARED
        if key in first and all(values.get(key) == first[key] for values in others)
    }
    own = {
        step: {key: value for key, value in values.items() if key not in shared}
        for step, values in given.items()
    }
    return {
        "class": PIPELINE_CLASS,
        "name": name,
        "parameters": shared,
        "steps": [_step_tree(step, values, alone=False) for step, values in own.items()],
        "meta": _meta(name),
    }


def _meta(class_name: str) -> dict[str, str]:
    return {
        "author": f"rampviewer {version('rampviewer')}",
        "date": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        "description": f"Parameters of {class_name}",
        "reftype": f"pars-{class_name.lower()}",
        "telescope": "JWST",
    }


def _class(step: str) -> str:
    return _CLASSES[step].rpartition(".")[2]
