import subprocess
import sys

import numpy as np
import pytest

from rampviewer.core.compiler import is_kept
from rampviewer.core.diagnostics import diagnose_rows
from rampviewer.core.fit.rows import fit_rows
from rampviewer.model.errors import CancelledError
from rampviewer.model.kernels import first_compile
from rampviewer.model.kernels.compile_helper import compile_fit, compile_rare
from rampviewer.model.kernels.first_compile import (
    compile_first,
    smallest_exposure,
    start_first_helper,
    wait_for,
)
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters


@pytest.fixture
def helper():
    """Return a process that would take for ever."""
    words = [sys.executable, "-c", "import time; time.sleep(1e6)"]
    with subprocess.Popen(words) as process:
        yield process
        process.kill()


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


def test_a_helper_is_waited_for():
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"]) as helper:
        wait_for(helper)
        assert helper.returncode == 7


def test_a_helper_is_not_waited_for_for_ever(smallest, helper, monkeypatch):
    monkeypatch.setattr(first_compile, "_LONGEST_WAIT", 0.0)
    compile_first(smallest, helper)
    assert helper.returncode


def test_a_helper_ends_when_nobody_wants_it_any_more(smallest, helper):
    with pytest.raises(CancelledError):
        compile_first(smallest, helper, lambda: True)
    assert helper.returncode


def test_no_console_window_opens_for_a_helper(monkeypatch):
    given = {}
    monkeypatch.setattr(first_compile.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(first_compile, "_WITHOUT_WINDOW", 0x08000000)  # as on Windows
    monkeypatch.setattr(
        first_compile.subprocess, "Popen", lambda _words, **options: given.update(options)
    )
    first_compile.start_helper("fit")
    assert given["creationflags"] == 0x08000000


def test_nobody_helps_where_the_kernels_are_in_the_cache(monkeypatch):
    compile_fit()
    assert is_kept(fit_rows)
    monkeypatch.setattr(first_compile, "start_helper", lambda task: task)
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
