"""What `help` says in a notebook: every name, argument, shape, unit and error."""

import inspect
import re
import typing
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

import rampviewer as rv
from rampviewer.model.pixel.explanation import Explanation
from rampviewer.model.runs.results import FitResult, JumpResult, RatePlanes, Segments
from rampviewer.model.runs.run import Run
from rampviewer.model.settings.parameter_set import ParameterSet

RETURNED = (Explanation, FitResult, JumpResult, ParameterSet, RatePlanes, Run, Segments)
PUBLIC = {name: getattr(rv, name) for name in rv.__all__}
PUBLIC |= {kind.__name__: kind for kind in RETURNED}


def members(kind):
    """Give the methods and properties that a class has for users, as functions."""
    for name in dir(kind):
        found = inspect.getattr_static(kind, name)
        function = getattr(found, "fget", None) or getattr(found, "func", None)
        function = function or getattr(found, "__func__", found)
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


FUNCTIONS = {name: item for name, item in PUBLIC.items() if inspect.isfunction(item)}
METHODS = {
    f"{name}.{member}": function
    for name, kind in PUBLIC.items()
    if inspect.isclass(kind)
    for member, function in members(kind)
}
CLASSES = {name: item for name, item in PUBLIC.items() if is_dataclass(item)}


def sections(item):
    """Return the numpydoc sections of a docstring; what is before them is called ""."""
    parts = re.split(r"(?m)^(\w+)\n-{3,}\n", inspect.getdoc(item) or "")
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def named_in(section):
    """Return the names that a section describes."""
    lines = re.findall(r"(?m)^(?=\S)([\w*, ]+?)(?: : .+)?$", section)
    return {name.strip(" *") for line in lines for name in line.split(",")}


@pytest.mark.parametrize("name", [*PUBLIC, *METHODS])
def test_everything_has_a_summary_of_one_line(name):
    summary = sections((PUBLIC | METHODS)[name])[""].split("\n\n")[0].strip()
    assert summary.endswith("."), name
    assert "\n" not in summary, name


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS])
def test_every_argument_is_described(name):
    function = (FUNCTIONS | METHODS)[name]
    found = sections(function)
    told = named_in(found.get("Parameters", "")) | set(re.findall(r"`(\w+)`", found[""]))
    missing = inspect.signature(function).parameters.keys() - told - {"self", "cls"}
    assert not missing, name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_returned_and_raised_is_described(name):
    found = sections(FUNCTIONS[name])
    assert "Returns" in found, name
    assert "Raises" in found, name


@pytest.mark.parametrize("name", ["detect_jumps", "fit_ramps"])
def test_what_is_computed_names_its_sources(name):
    assert re.search(r"\d{4}, PASP \d+, \d+", sections(FUNCTIONS[name])["References"])


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS])
def test_what_the_prompt_shows_of_a_call_can_be_read(name):
    signature = inspect.signature((FUNCTIONS | METHODS)[name])
    for item in signature.parameters.values():
        assert len(str(item)) < 130, item


@pytest.mark.parametrize("name", CLASSES)
def test_every_field_is_described(name):
    kind = CLASSES[name]
    found = sections(kind)
    described = named_in(found.get("Parameters", "") + found.get("Attributes", ""))
    for item in fields(kind):
        # A parameter of a step has a sentence, a unit and a bound of its own.
        is_told = item.name in described or item.metadata.get("text")
        assert is_told or f"`{item.name}`" in found[""], (name, item.name)


def array_fields(kind):
    hints = typing.get_type_hints(kind, include_extras=True)
    return [item for item in fields(kind) if "ndarray" in str(hints[item.name])]


@pytest.mark.parametrize("name", ["Exposure", "RatePlanes", "Segments", "JumpResult"])
def test_arrays_are_described_with_shape_and_unit(name):
    kind = CLASSES[name]
    text = inspect.getdoc(kind)
    names = [item.name for item in array_fields(kind)]
    assert len(names) > 2
    for array in names:
        entry = re.search(rf"(?m)^[\w, ]*\b{array}\b[\w, ]* : (.+(?:\n .+)*)", text)
        assert entry, array
        is_flags = "uint" in entry[1]
        assert is_flags or array == "chisq" or "[" in entry[1], array
        assert "(n_" in entry[1] or "(n_rows, n_cols), or (n_ints, n_rows, n_cols)" in text


@pytest.mark.parametrize("step", [rv.JumpParameters, rv.RampFitParameters])
def test_every_parameter_says_what_it_does_and_in_which_unit(step):
    for item in fields(step):
        text, unit = item.metadata["text"], item.metadata["unit"]
        assert len(text) > 10, item.name
        measured = re.search("threshold$|_time|_dn|_area$|radius$|jump_to_flag", item.name)
        assert unit or not measured or "ratio" in text, item.name
        assert isinstance(item.default, bool | int | float | str | None | np.generic)
