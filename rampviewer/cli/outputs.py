"""Parameter files, and the official options that name products."""

import os
from argparse import SUPPRESS, Namespace, _ArgumentGroup
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any, Final

from rampviewer.cli.options import Parser, parameters_of
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.reference_choices import ReferenceChoices
from rampviewer.model.settings.step_parameters import SKIP, Step, options_of

COMMAND_LINE: Final = "command line"
TEXTS: Final = {
    "output_file": ("NAME", "name that products are made from; its folder does not count"),
    "suffix": ("S", "endings S, 0_S and 1_S in place of jump, rate and rateints"),
    "opt_name": ("NAME", "name that the product of --save-opt is made from"),
    "int_name": ("NAME", "without effect, as in the official step"),
}
SKIPS: Final[dict[Step, str]] = {
    "jump": "search for no jump: fit with the flags as delivered",
    "ramp_fit": "fit no ramp: write the flags only",
}
SKIP_SATURATION: Final = "skip_saturation"
SWITCHES: Final = {
    "output_use_model": "name products after FILE, whatever else is given",
    "save_results": "products are always saved, as by strun",
}


def add_outputs(parser: Parser) -> None:
    """Add the official options for files, and those for parameter files."""
    group = parser.add_argument_group(
        "official output options", "They mean what they mean to the official steps."
    )
    parser.add_switch(
        group,
        "save_opt",
        "write _fitopt, the fits of all segments, as well; _likely_chisq with LIKELY",
    )
    for name, (metavar, text) in TEXTS.items():
        option = f"--{name.replace('_', '-')}"
        group.add_argument(option, dest=name, default=SUPPRESS, metavar=metavar, help=text)
    for name, text in SWITCHES.items():
        parser.add_switch(group, name, text)
    add_skips(parser, group)
    files = parser.add_argument_group("parameter files")
    add_pars(files)
    files.add_argument(
        "--save-parameters",
        type=Path,
        metavar="TO",
        help="write the parameters to a folder (one file for each step) or to TO.asdf "
        "(one file for the pipeline)",
    )


def add_pars(group: _ArgumentGroup) -> None:
    """Add the option that takes parameters from files."""
    group.add_argument(
        "--pars",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="take parameters from a pars-*.asdf or .cfg file, or those that a product was "
        "made with; repeatable, the last one counts, options here count more",
    )


def add_skips(parser: Parser, group: _ArgumentGroup) -> None:
    """Add the option of each step that leaves it out."""
    for step, text in SKIPS.items():
        parser.add_switch(group, f"skip_{step}", text)


def stated(values: Namespace) -> ParameterSet:
    """Return what parameter files and the command line state together.

    Raises
    ------
    ValueError, OSError
        When a file cannot be read.
    """
    from rampviewer.io.parameter_files import (  # noqa: PLC0415 - keeps --help quick
        read_parameters,
    )

    read = [read_parameters(path) for path in values.pars]
    return reduce(ParameterSet.followed_by, [*read, _given(values)])


def with_overrides(given: ReferenceChoices, found: ParameterSet) -> ReferenceChoices:
    """Return references as given, and as files of parameters say where none is given.

    Raises
    ------
    ValueError
        When both steps ask for different ones, and none is given.
    """
    gain, noise, level = given.gain, given.readnoise, given.saturation
    if level is None and found.override_saturation:
        level = expanded(found.override_saturation)
    return replace(
        given,
        gain=shared(found, "override_gain") if gain is None else gain,
        readnoise=shared(found, "override_readnoise") if noise is None else noise,
        saturation=level,
        use_readpatt=given.use_readpatt
        if found.use_readpatt is None
        else found.use_readpatt,
        n_pix_grow_sat=given.n_pix_grow_sat
        if found.n_pix_grow_sat is None
        else found.n_pix_grow_sat,
        skip_saturation=bool(found.skip_saturation),
    )


def shared(found: ParameterSet, name: str) -> Path | None:
    """Return the path that both steps state for an option, None without one."""
    text = found.option(name, "")
    return expanded(text) if text else None


def expanded(text: str) -> Path:
    """Return the path that a text means, with ~ and $NAME put in."""
    return Path(os.path.expandvars(text)).expanduser()


def _given(values: Namespace) -> ParameterSet:
    given = parameters_of(values)
    named = [name for step in given.values() for name in step]
    words = f" ({', '.join(named)})" if named else ""
    return ParameterSet(
        name=f"{COMMAND_LINE}{words}" if named else "",
        values=given,
        options={step: _options(step, vars(values)) for step in given},
        use_readpatt=getattr(values, "use_readpatt", None),
        n_pix_grow_sat=getattr(values, "n_pix_grow_sat", None),
        skip_saturation=_skips_saturation(vars(values)),
        notes=("int_name has no effect, as in the official step.",)
        if getattr(values, "int_name", "")
        else (),
    )


def _skips_saturation(given: dict[str, Any]) -> bool | None:
    """Return what options say: a level that is given is meant to be used."""
    levels = given.get("saturation"), given.get("override_saturation")
    by_level = None if levels == (None, None) else False
    stated: bool | None = given.get(SKIP_SATURATION, by_level)
    return stated


def _options(step: Step, given: dict[str, Any]) -> dict[str, Any]:
    wanted = {*options_of(step)} & {*TEXTS, *SWITCHES, "save_opt"} & given.keys()
    options = {name: given[name] for name in sorted(wanted)}
    if (name := f"skip_{step}") in given:
        options[SKIP] = given[name]
    if given.get("output_dir") is not None:
        options["output_dir"] = str(given["output_dir"])
    return options
