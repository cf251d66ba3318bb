import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import rampviewer.core
from rampviewer.core._jit import borrowing_kernel, kernel

INNER = """
import numpy as np
from rampviewer.core._jit import kernel
@kernel
def inner(x):
    return np.ones(1)[0] * x + {}
"""
OUTER = """
import sys
from rampviewer.core._jit import kernel
from rampviewer.core.compiler import is_kept
from rampviewer.core.inner import inner
@kernel
def outer(x):
    return 10 * inner(x)
if __name__ == "__main__":
    from rampviewer.core.outer import outer
    assert "numba" not in sys.modules
    was_kept = is_kept(outer)
    from numba.core.codegen import JITCodeLibrary as Library
    made, finish = [], Library._finalize_specific
    Library._finalize_specific = lambda it: made.append(it.name) or finish(it)
    print(was_kept, outer(1.0), sum(outer.compiled.stats.cache_hits.values()))
    print(*made)
"""


@borrowing_kernel
def _twice(values):
    for k in range(values.size):
        values[k] *= 2.0


@kernel
def _room(n):
    return np.ones(n, np.float32)


@kernel
def _four_times(n):
    values = _room(n)
    _twice(values)
    _twice(values)
    return values


@pytest.fixture
def package(tmp_path):
    """A package with the decorators of the core, and two kernels in files of their own."""
    core = tmp_path / "rampviewer" / "core"
    core.mkdir(parents=True)
    for name in ("__init__.py", "../__init__.py"):
        (core / name).touch()
    for name in ("_jit.py", "_parts.py", "compiler.py"):
        source = Path(rampviewer.core.__file__).with_name(name)
        (core / name).write_bytes(source.read_bytes())
    (core / "inner.py").write_text(INNER.format(1))
    (core / "outer.py").write_text(OUTER)
    return core


def run(package):
    environment = {**os.environ, "PYTHONPATH": str(package.parents[1])}
    words = [sys.executable, "-m", "rampviewer.core.outer"]
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, env=environment, text=True, cwd=package
    )
    was_kept, result, n_hits, *made = done.stdout.split()
    assert (was_kept == "True") == (n_hits == "1")
    assert made[-1] == "outer"
    assert not any("ol_" in name for name in made)  # what numba is written in
    return float(result), int(n_hits)


def test_only_what_python_calls_is_made_machine_code_of(package):
    result, _ = run(package)  # which looks at that
    assert result == 20.0


def test_the_cache_notices_that_a_kernel_in_another_file_has_changed(package):
    assert run(package) == (20.0, 0)
    assert run(package) == (20.0, 1)
    (package / "inner.py").write_text(INNER.format(2))
    assert run(package) == (30.0, 0)


def test_what_a_kernel_calls_leaves_no_file(package):
    run(package)
    kept = {path.name.split(".")[1].split("-")[0] for path in package.rglob("*.nbc")}
    assert kept == {"outer"}


def test_a_kernel_works_from_python_and_inside_others():
    values = np.ones(3, np.float32)
    _twice(values)
    np.testing.assert_array_equal(values, [2, 2, 2])
    np.testing.assert_array_equal(_four_times(2), [4, 4])
    np.testing.assert_array_equal(_room(2), [1, 1])
    assert len(_twice.signatures) == len(_room.signatures) == len(_four_times.signatures)


def test_a_compiled_function_of_a_user_may_call_a_kernel():
    @numba.njit
    def eight_times(n):
        return 2.0 * _four_times(n)

    np.testing.assert_array_equal(eight_times(2), [8, 8])
