"""The official package accepts the lines, and understands what was meant."""

import math
import shlex
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import rampviewer
from rampviewer.io.names import product_name
from rampviewer.model.exposure import Reference
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.commands import commands
from rampviewer.model.settings.step_parameters import OWN, official_values

cmdline = pytest.importorskip("stpipe._cmdline")
jwst_jump = pytest.importorskip("jwst.jump")
jwst_fit = pytest.importorskip("jwst.ramp_fitting")

JUMP = rampviewer.JumpParameters(
    rejection_threshold=3.75, expand_large_events=True, edge_size=10
)
FIT = rampviewer.RampFitParameters(
    algorithm="LIKELY", suppress_one_group=False, lastgroup=7
)
CHANGED = Recipe(jump=JUMP, fit=FIT)


def other(value):
    """Return another value than a default, with digits that must not be lost."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return "LIKELY"
    if isinstance(value, int):
        return value + 7
    return 3 if value is None else value * 1.25 + 1.0625e-3


def all_changed(kind):
    """Return parameters of which none is at its default."""
    values = {item.name: other(item.default) for item in fields(kind) if item.name != OWN}
    if "lastgroup" in values:
        values["firstgroup"], values["lastgroup"] = 1, 7
    return kind(**values)


EVERY = Recipe(
    jump=all_changed(rampviewer.JumpParameters),
    fit=all_changed(rampviewer.RampFitParameters),
)
DEFAULT = Recipe(jump=rampviewer.JumpParameters(), fit=rampviewer.RampFitParameters())


NAMES = ["it's here", 'two  "quoted", $HOME %d\\n', "it's, also", "Ünïcode; #1 & [x]*"]


@pytest.fixture(params=NAMES)
def exposure(tmp_path, request):
    """Return an exposure of a folder whose name a shell would split or change."""
    shape = (1, 10, 4, 5)
    made = rampviewer.Exposure.from_arrays(
        np.zeros(shape),
        np.zeros(shape, np.uint8),
        np.zeros(shape[2:], np.uint32),
        1.8,
        12.5,
        rampviewer.Timing(frame_time=2.7, group_time=10.7),
    )
    path = tmp_path / request.param / "x_ramp.fits"
    return replace(
        made,
        path=path,
        gain_reference=Reference(
            kind="gain", source="file", name=str(path.with_name("gain.fits"))
        ),
        readnoise_reference=Reference(kind="readnoise", source="crds", name="/crds/r.fits"),
    )


@pytest.fixture
def plain(exposure):
    """Return the same exposure with references whose names fit into any header."""
    gain = replace(exposure.gain_reference, name="/plain/gain.fits")
    return replace(exposure, gain_reference=gain)


def of(exposure, recipe):
    return commands(exposure, recipe, partial(product_name, exposure.name))


def official(line):
    """Return the step that the official package makes of a command."""
    words = shlex.split(line)
    assert words.pop(0) == "strun"
    *found, parser, known = cmdline._config_and_class_from_cmdline(words)
    return cmdline._build_step_from_args(*found, parser, known, words)


def test_no_parameter_of_the_example_is_at_its_default():
    for step, changed in (("jump", EVERY.jump), ("ramp_fit", EVERY.fit)):
        names = official_values(step, changed)
        assert official_values(step, changed, changed=True).keys() == names.keys()


@pytest.mark.parametrize("recipe", [CHANGED, EVERY, DEFAULT])
def test_strun_understands_the_commands(exposure, recipe):
    first, second = of(exposure, recipe).strun.splitlines()
    jump, (source,) = official(first)
    assert type(jump) is jwst_jump.JumpStep
    assert source == str(exposure.path)
    fit, (jumped,) = official(second)
    assert type(fit) is jwst_fit.RampFitStep
    for step, official_step, values in (
        ("jump", jump, recipe.jump),
        ("ramp_fit", fit, recipe.fit),
    ):
        read = official_step.get_pars()
        wanted = official_values(step, values)
        assert {name: read[name] for name in wanted} == wanted
        assert official_step.override_gain == exposure.gain_reference.name
        assert official_step.override_readnoise is None
    jump.set_primary_input(source)
    assert jump.make_output_path() == jumped  # the second step reads what the first wrote


def test_the_second_command_finds_what_the_first_made_of_a_compressed_file(exposure):
    zipped = replace(exposure, path=exposure.path.with_name("x_ramp.fits.gz"))
    first, second = of(zipped, CHANGED).strun.splitlines()
    jump, (source,) = official(first)
    jump.set_primary_input(source)
    assert [jump.make_output_path()] == official(second)[1]


@pytest.mark.parametrize("name", ["x_jumpstep.fits", "x-jumpstep.fits"])
def test_a_result_of_the_official_step_is_not_replaced(exposure, name):
    flagged = replace(exposure, path=exposure.path.with_name(name))
    first, second = of(flagged, CHANGED).strun.splitlines()
    jump, (source,) = official(first)
    jump.set_primary_input(source)
    (jumped,) = official(second)[1]
    assert Path(jumped).name == Path(jump.make_output_path()).name != name


def test_a_name_that_begins_with_a_dash_is_no_option(exposure):
    dashed = replace(exposure, path=exposure.path.with_name("-x_ramp.fits"))
    first, second = of(dashed, CHANGED).strun.splitlines()
    jump, (source,) = official(first)
    jump.set_primary_input(source)
    _, (jumped,) = official(second)
    assert jumped == f"./{jump.make_output_path()}"


@pytest.mark.parametrize("recipe", [CHANGED, EVERY, DEFAULT])
def test_the_python_lines_run_the_official_steps(exposure, monkeypatch, recipe):
    ran = []

    def run(step, argument):
        ran.append((step, argument))
        return "flagged" if isinstance(step, jwst_jump.JumpStep) else ("rate", "rateints")

    monkeypatch.setattr("stpipe.Step.run", run)
    monkeypatch.setattr("jwst.stpipe.core.JwstStep.run", run)
    names = {}
    exec(of(exposure, recipe).python, names)
    (jump, source), (fit, flagged) = ran
    assert (source, flagged) == (str(exposure.path), "flagged")
    assert (names["rate"], names["rateints"]) == ("rate", "rateints")
    pairs = (("jump", jump, recipe.jump), ("ramp_fit", fit, recipe.fit))
    for step, official_step, values in pairs:
        read = official_step.get_pars()
        wanted = official_values(step, values)
        assert {name: read[name] for name in wanted} == wanted
        assert official_step.override_gain == exposure.gain_reference.name


@pytest.mark.parametrize("exposure", ['it\'s, "both"'], indirect=True)
def test_a_path_that_strun_cannot_be_told_is_said(exposure):
    (note,) = of(exposure, CHANGED).notes
    assert note.startswith("gain.fits cannot be given to strun")


def test_what_is_shown_as_delivered_needs_no_jump_step(exposure):
    recipe = replace(CHANGED, delivered_jumps="as_delivered")
    lines = of(exposure, recipe)
    fit, (source,) = official(lines.strun)
    assert (type(fit), source) == (jwst_fit.RampFitStep, str(exposure.path))
    assert "JumpStep" not in lines.python


def test_what_the_official_steps_do_otherwise_is_said(plain):
    stated = replace(plain, gain_reference=Reference.of_value("gain", 1.8))
    jump = replace(JUMP, use_max_shower_amplitude=True)
    lines = of(stated, replace(CHANGED, jump=jump, delivered_jumps="drop"))
    assert "use_max_shower_amplitude" not in lines.strun + lines.python
    assert "override_gain" not in lines.strun + lines.python
    starts = [note.split(" ")[:3] for note in lines.notes]
    assert starts == [
        ["The", "gain", "was"],
        ["use_max_shower_amplitude", "is", "not"],
        ["The", "official", "jump"],
    ]
    assert of(plain, CHANGED).notes == ()


def test_a_value_without_bound_is_understood_everywhere(exposure):
    jump = replace(JUMP, max_jump_to_flag_neighbors=math.inf, after_jump_flag_dn1=-math.inf)
    lines = of(exposure, replace(CHANGED, jump=jump))
    step, _ = official(lines.strun.splitlines()[0])
    call = lines.python.splitlines()[3].partition(" = ")[2].partition(".run(")[0]
    for read in (step, eval(call, {"JumpStep": jwst_jump.JumpStep})):
        assert read.max_jump_to_flag_neighbors == math.inf
        assert read.after_jump_flag_dn1 == -math.inf


def test_an_exposure_that_no_file_holds_as_it_is_here_is_told_of(plain):
    segments = (plain.path, plain.path.with_name("y_ramp.fits"))
    accent = plain.path.with_name("é_ramp.fits")
    gain = replace(plain.gain_reference, name="/josé/gain.fits")
    for other, words in (
        (replace(plain, path=None), "not in a file"),
        (replace(plain, segments=segments), "one segment of a series"),
        (replace(plain, is_rearranged=True), "reference pixel step"),
        (replace(plain, path=accent), "fail to save where é_ramp.fits is read"),
        (replace(plain, gain_reference=gain), "/josé/gain.fits is read"),
    ):
        (note,) = of(other, CHANGED).notes
        assert words in note
