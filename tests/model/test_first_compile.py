import subprocess

import numpy as np
import pytest

from rampviewer.core.compiler import is_kept
from rampviewer.core.diagnostics import diagnose_rows
from rampviewer.core.fit.rows import fit_rows
from rampviewer.model import first_compile
from rampviewer.model.compile_helper import compile_fit, compile_rare
from rampviewer.model.first_compile import (
    compile_first,
    smallest_exposure,
    start_first_helper,
)
from rampviewer.model.parameters import JumpParameters, RampFitParameters
from rampviewer.model.prepared import Prepared
from rampviewer.model.processing import process_exposure
from rampviewer.model.run import Recipe


class Helper:
    """A process that takes too long, or ends at once."""

    def __init__(self, late):
        self.late, self.done = late, []

    def wait(self, timeout=None):
        self.done.append("wait")
        if self.late and timeout is not None:
            raise subprocess.TimeoutExpired("helper", timeout)

    def kill(self):
        self.done.append("kill")


@pytest.fixture
def smallest():
    return Prepared.of(smallest_exposure())


def test_the_helper_compiles_the_fit_that_processing_needs(smallest):
    compile_fit()
    compiled = list(fit_rows.signatures)
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    run = process_exposure(smallest, recipe, n_threads=1)
    assert np.isfinite(run.rate.slope).all()
    assert fit_rows.signatures == compiled


def test_the_second_helper_counts_more_groups_than_a_byte_holds(smallest):
    compile_rare()
    recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
    process_exposure(smallest, recipe, n_threads=1)
    assert len(diagnose_rows.signatures) == 2


@pytest.mark.parametrize(
    ("late", "done"), [(False, ["wait"]), (True, ["wait", "kill", "wait"])]
)
def test_the_helper_is_waited_for_but_not_forever(smallest, late, done):
    helper = Helper(late)
    compile_first(smallest, helper)
    assert helper.done == done


def test_nobody_helps_where_the_kernels_are_in_the_cache(monkeypatch):
    compile_fit()
    assert is_kept(fit_rows)
    monkeypatch.setattr(first_compile, "start_helper", Helper)
    assert start_first_helper() is None


def test_the_fit_is_compiled_beside_where_it_is_not_in_the_cache(monkeypatch):
    monkeypatch.setattr(first_compile, "is_kept", lambda _kernel: False)
    monkeypatch.setattr(first_compile, "start_helper", lambda task: task)
    assert start_first_helper() == "fit"


def test_there_is_no_helper_without_a_python_to_start(monkeypatch):
    monkeypatch.setattr(first_compile.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(first_compile.sys, "executable", "/nowhere/python")
    assert first_compile.start_helper("fit") is None


def test_one_core_helps_nobody(monkeypatch):
    monkeypatch.setattr(first_compile.os, "cpu_count", lambda: 1)
    assert first_compile.start_helper("fit") is None
