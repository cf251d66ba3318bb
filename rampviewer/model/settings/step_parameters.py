"""The two official steps: their names, their parameters, and what of it is used here."""

from collections.abc import Collection, Mapping
from dataclasses import Field, fields
from typing import Any, Final, Literal

from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

Step = Literal["jump", "ramp_fit"]
Parameters = JumpParameters | RampFitParameters

KINDS: Final[dict[Step, type[JumpParameters | RampFitParameters]]] = {
    "jump": JumpParameters,
    "ramp_fit": RampFitParameters,
}
CLASSES: Final[dict[Step, str]] = {
    "jump": "jwst.jump.jump_step.JumpStep",
    "ramp_fit": "jwst.ramp_fitting.ramp_fit_step.RampFitStep",
}
STEP_NAMES: Final[dict[str, Step]] = {
    "jump": "jump",
    "JumpStep": "jump",
    "ramp_fit": "ramp_fit",
    "RampFitStep": "ramp_fit",
}
PIPELINE_CLASS: Final = "jwst.pipeline.calwebb_detector1.Detector1Pipeline"
OWN: Final = "use_max_shower_amplitude"  # unknown to the official step
UNOFFICIAL_NOTE: Final = (
    f"{OWN} is not an official parameter and was left out: the official step drops "
    "max_shower_amplitude and takes 6 electron/s."
)
INT_NAME_NOTE: Final = "int_name has no effect, as in the official step."

SKIP: Final = "skip"
HOOKS: Final = ("pre_hooks", "post_hooks")
STEP_WORDS: Final[dict[Step, str]] = {"jump": "jump detection", "ramp_fit": "the ramp fit"}

# Official options that mean something here, each with the value that asks for nothing ...
OPTIONS: Final[dict[str, Any]] = {
    "output_dir": "",
    "output_file": "",
    "output_use_model": False,
    "save_results": False,  # what is processed is saved, as by `strun`
    "suffix": "",
    "override_gain": "",
    "override_readnoise": "",
    "maximum_cores": "1",
    SKIP: False,
}
# What steps take from their pipeline where they do not say it themselves.
SHARED: Final[tuple[str, ...]] = ("output_dir", "output_file", "output_use_model")
FIT_OPTIONS: Final[dict[str, Any]] = {"save_opt": False, "opt_name": "", "int_name": ""}
# ... and those that do not.
UNUSED: Final[dict[str, Any]] = {
    **{name: [] for name in HOOKS},
    "output_ext": ".fits",
    "output_use_index": True,
    "search_output_file": True,
    "input_dir": "",
    "logcfg": "",
}


def official_fields(step: Step) -> "dict[str, Field[Any]]":
    """Return the fields of the parameters that the official step has, by name."""
    return {item.name: item for item in fields(KINDS[step]) if item.name != OWN}


def official_values(
    step: Step, parameters: Parameters, *, changed: bool = False
) -> dict[str, Any]:
    """Return official parameters by name; with `changed`, those not at their default."""
    values = {name: getattr(parameters, name) for name in official_fields(step)}
    if not changed:
        return values
    items = official_fields(step)
    return {name: value for name, value in values.items() if value != items[name].default}


def skipped_of(steps: Collection[str]) -> frozenset[Step]:
    """Return the steps that are to be skipped.

    Raises
    ------
    ValueError
        When one is unknown, or none is left.
    """
    names = {steps} if isinstance(steps, str) else {*steps}
    if unknown := sorted(names - KINDS.keys()):
        raise ValueError(f"skip must hold jump or ramp_fit, got {unknown[0]!r}")
    if names == KINDS.keys():
        raise ValueError("both steps are skipped, so nothing is left to do")
    return frozenset(step for step in KINDS if step in names)


def unofficial_notes(jump: JumpParameters) -> tuple[str, ...]:
    """Return what the official step cannot be told, as sentences."""
    return (UNOFFICIAL_NOTE,) if jump.use_max_shower_amplitude else ()


def options_of(step: Step) -> dict[str, Any]:
    """Return the options of a step that mean something here, with their defaults."""
    return OPTIONS | (FIT_OPTIONS if step == "ramp_fit" else {})


def sort_values(
    step: Step, raw: Mapping[str, Any], *, own: bool = False
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Tell parameters, options and what is not used apart.

    Parameters
    ----------
    step : "jump" or "ramp_fit"
    raw : mapping
        Names and values as they stand in a file; texts stand for what they spell.
    own : bool
        Whether our own switch counts as well, which no official file has.

    Returns
    -------
    values, options : dict
        Parameters, and options that ask for something, in their types; `skip` whenever it
        is stated, so that a later file may take it back.
    notes : list of str
        A sentence for each name that is not used.

    Raises
    ------
    ValueError
        When a value has the wrong type or is out of range.
    """
    values: dict[str, Any] = {}
    options: dict[str, Any] = {}
    notes: list[str] = []
    known = {item.name: item for item in fields(KINDS[step]) if own or item.name != OWN}
    wanted = options_of(step)
    for name, value in raw.items():
        if name in known:
            kind = int if known[name].default is None else type(known[name].default)
            typed = in_type(name, value, kind)
            if typed is not None or known[name].default is None:
                values[name] = typed
        elif name in wanted:
            option = in_type(name, value, type(wanted[name]))
            if name == SKIP and not isinstance(option, bool | None):
                raise ValueError(f"{name} must be True or False, got {value!r}")
            if option is not None and (option != wanted[name] or name == SKIP):
                options[name] = option
        elif note := _unused(step, name, value):
            notes.append(note)
    checked = KINDS[step](**values)
    values = {name: getattr(checked, name) for name in values}
    options.pop("save_results", None)
    if options.get("maximum_cores") == "none":
        del options["maximum_cores"]  # an older way to ask for nothing
    if options.pop("int_name", ""):
        notes.append(INT_NAME_NOTE)
    return values, options, notes


def _unused(step: Step, name: str, value: Any) -> str:
    """Return what to say of a name that is not used, "" where it asks for nothing."""
    if name not in UNUSED:
        return f"{name} is not a parameter of the {step} step and was not used."
    idle = UNUSED[name]
    if value is None or value in (idle, "", "None") or str(value) == str(idle):
        return ""
    if name in HOOKS:
        return (
            f"{name} = {value} of the {step} step was not used: code that a parameter file "
            "names is not run here."
        )
    return f"{name} = {value} of the {step} step is not supported here and was not used."


_WORDS: Final = {
    **dict.fromkeys(("true", "on", "yes", "1"), True),
    **dict.fromkeys(("false", "off", "no", "0"), False),
}


def in_type(name: str, value: Any, kind: type) -> Any:
    """Return a value in its type: files of the older kind hold texts only."""
    if value in (None, "None") or (kind is not str and value == "none"):
        return None
    if kind is str:
        return str(value)
    if not isinstance(value, str):
        return value  # checked with the others
    words = {bool: "True or False", int: "a whole number", float: "a number"}
    try:
        return _WORDS[value.lower()] if kind is bool else kind(value)
    except (KeyError, ValueError):
        raise ValueError(f"{name} must be {words[kind]}, got {value!r}") from None
