"""Read parameter files of the official steps: ASDF, and the older .cfg."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import asdf.util
import yaml

from rampviewer.io.cfg_file import parse_cfg
from rampviewer.io.delivered_parameters import read_delivered
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.step_parameters import (
    CLASSES,
    SHARED,
    SKIP,
    STEP_NAMES,
    Step,
    in_type,
    sort_values,
)

DETECTOR1: Final = ("Detector1Pipeline", "calwebb_detector1")  # has both steps
ASDF_START: Final = b"#ASDF"
RAMP_NOTE: Final = "save_calibrated_ramp is not used; the jump product has the ramps."


OVERRIDE_SATURATION: Final = "override_saturation"
USE_READPATT: Final = "use_readpatt"
N_PIX_GROW: Final = "n_pix_grow_sat"


@dataclass(slots=True)
class _Node:
    """A step or pipeline as a file states it."""

    class_name: str
    name: str
    values: dict[str, Any]
    steps: list["_Node"] = field(default_factory=list)

    @property
    def step(self) -> Step | None:
        """The step that it is, None for another one."""
        # In a pipeline the name says which one it is; alone, any name may be given.
        return STEP_NAMES.get(self.class_name.rpartition(".")[2]) or STEP_NAMES.get(
            self.name
        )

    @property
    def is_saturation(self) -> bool:
        """Whether it is the step that flags saturation, before those two."""
        names = (self.class_name.rpartition(".")[2], self.name)
        return bool({"SaturationStep", "saturation"} & {*names})


def read_parameters(path: str | os.PathLike[str]) -> ParameterSet:
    """Return what a file states for the jump step and the ramp fitting step.

    Parameters
    ----------
    path : path
        A `pars-jumpstep` or `pars-rampfitstep` ASDF file, a file of a pipeline with these
        steps in it, a .cfg file of either kind, or a product: the parameters that it was
        made with. Of the saturation step, alone or in a pipeline, `override_saturation`,
        `use_readpatt`, `n_pix_grow_sat` and `skip` count.

    Returns
    -------
    found : ParameterSet
        `.jump`, `.fit`, `.options` and `.notes`, sentences on what is not used.

    Raises
    ------
    OSError
        When the file is missing or cannot be read.
    ValueError
        When it states nothing for these steps, or a value that is out of range.
    """
    path = Path(path)
    start = _bytes(path, 6)
    if start.startswith((b"SIMPLE", b"\x1f\x8b")):
        return replace(read_delivered(path), name=f"{path.name} (delivered)")
    node = _node_of(path)
    try:
        found = _sorted(path, node)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    if not found.values and not _tells_of_saturation(found):
        what = node.class_name or node.name or "no step"
        raise ValueError(
            f"{path.name} is for {what}; needed are parameters of the jump step, of the "
            "ramp fitting step, or of a pipeline with these"
        )
    return found


def _sorted(path: Path, node: _Node) -> ParameterSet:
    """Return the parameters of a step or of the steps in a pipeline."""
    if node.is_saturation:
        return _of_saturation(path, node)
    if node.step is None:
        return _of_pipeline(path, node)
    values, options, notes = sort_values(node.step, node.values)
    return ParameterSet(
        name=path.name,
        values={node.step: values},
        options={node.step: options},
        notes=tuple(f"{path.name}: {note}" for note in notes),
    )


def _of_saturation(path: Path, node: _Node) -> ParameterSet:
    """Return what the saturation step is told: level, frames, neighbours, to be skipped."""
    given, frames = node.values.get(OVERRIDE_SATURATION), node.values.get(USE_READPATT)
    level = "" if given in (None, "None") else str(given)
    use = None if frames is None else in_type(USE_READPATT, frames, bool)
    layers = in_type(N_PIX_GROW, node.values.get(N_PIX_GROW), int)
    if layers is not None and layers < 0:
        raise ValueError(f"{N_PIX_GROW} must be 0 or more, got {layers}")
    found = ParameterSet(
        name="",
        override_saturation=level,
        use_readpatt=use,
        n_pix_grow_sat=layers,
        skip_saturation=in_type(SKIP, node.values.get(SKIP), bool),
    )
    return replace(found, name=path.name if _tells_of_saturation(found) else "")


def _tells_of_saturation(found: ParameterSet) -> bool:
    is_other = found.use_readpatt is False or found.n_pix_grow_sat not in (None, 1)
    return bool(found.override_saturation or found.skip_saturation) or is_other


def _of_pipeline(path: Path, node: _Node) -> ParameterSet:
    shared = {name: node.values[name] for name in SHARED if name in node.values}
    steps = [*node.steps]
    if node.class_name.rpartition(".")[2] in DETECTOR1:
        stated = {step.step for step in steps}
        steps += [_Node(CLASSES[own], own, {}) for own in CLASSES if own not in stated]
    found = ParameterSet(name="")
    others = []
    for step in steps:
        level = _of_saturation(path, step)
        if step.is_saturation:
            found = found.followed_by(level)
        if step.step is None and not (step.is_saturation and level.name):
            others.append(step.name or step.class_name)
        if step.step is None:
            continue
        own = {
            name: value
            for name, value in step.values.items()
            if name not in shared or value not in (None, "None", "", False, "False")
        }
        step.values = {**shared, **own}
        found = found.followed_by(_sorted(path, step))
    notes = found.notes
    if others:
        named = ", ".join(others[:3]) + (" and more" if len(others) > 3 else "")
        notes = (*notes, f"{path.name}: its other steps are not used: {named}.")
    if str(node.values.get("save_calibrated_ramp")).lower() == "true":
        notes = (*notes, f"{path.name}: {RAMP_NOTE}")
    return replace(found, name=path.name, notes=notes)


def _node_of(path: Path, chain: frozenset[Path] = frozenset()) -> _Node:
    """Return what an ASDF or .cfg file states, with the files that it refers to.

    `chain` holds the files that led to this one.
    """
    chain |= {path.resolve()}
    if _bytes(path, len(ASDF_START)) == ASDF_START:
        return _from_asdf(path, chain)
    try:
        tree = parse_cfg(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is neither an ASDF nor a .cfg file") from None
    except ValueError as error:
        raise ValueError(f"{path.name} is not a parameter file: {error}") from None
    return _nested(path, tree, path.stem, chain)


def _bytes(path: Path, count: int) -> bytes:
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, not a parameter file")
    try:
        with path.open("rb") as stream:
            return stream.read(count)
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} does not exist") from None
    except OSError as error:
        raise OSError(f"{path} cannot be read: {error.strerror or error}") from error


def _from_asdf(path: Path, chain: frozenset[Path]) -> _Node:
    try:
        tree = asdf.util.load_yaml(path)
    except (ValueError, OSError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name} is damaged: its tree cannot be read") from error
    if not isinstance(tree, Mapping) or not isinstance(tree.get("parameters"), Mapping):
        raise ValueError(f"{path.name} is not a parameter file: it has no parameters")
    if "class" in tree:
        return _listed(path, tree, chain)
    # As the first versions of the pipeline wrote it.
    return _nested(path, tree["parameters"], "", chain)


def _listed(path: Path, tree: Mapping[str, Any], chain: frozenset[Path]) -> _Node:
    """Return a step that holds its parameters and a list of steps."""
    steps, values = tree.get("steps") or [], tree.get("parameters") or {}
    if not isinstance(values, Mapping):
        raise ValueError(f"{path.name} is damaged: there are parameters without names")
    node = _Node(
        str(tree.get("class") or ""),
        str(tree.get("name") or ""),
        dict(values),
        [_listed(path, _mapping(path, step), chain) for step in steps],
    )
    return _with_reference(path, node, chain)


def _nested(
    path: Path, tree: Mapping[str, Any], name: str, chain: frozenset[Path]
) -> _Node:
    """Return a step whose class, name and steps stand among its parameters."""
    values = dict(tree)
    steps = _mapping(path, values.pop("steps", None) or {})
    class_name = str(values.pop("class", None) or "")
    node = _Node(
        class_name,
        str(values.pop("name", None) or name),
        values,
        [_nested(path, _mapping(path, step), key, chain) for key, step in steps.items()],
    )
    return _with_reference(path, node, chain)


def _mapping(path: Path, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{path.name} is damaged: there is a step without parameters")
    return value


def _with_reference(path: Path, node: _Node, chain: frozenset[Path]) -> _Node:
    """Return a node completed by the file that it names as its `config_file`."""
    name = node.values.pop("config_file", None)
    if not name:
        return node
    other = path.parent / str(name)
    if other.resolve() in chain:
        raise ValueError(f"{path.name}: config_file {name} leads back to itself")
    base = _node_of(other, chain)
    return _Node(
        node.class_name or base.class_name,
        node.name or base.name,
        {**base.values, **node.values},
        node.steps or base.steps,
    )
