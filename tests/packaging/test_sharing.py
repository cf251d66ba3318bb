import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.sharing import claimed

ROOT = Path(__file__).parents[2]


def items_of(*names, n=3):
    return [SimpleNamespace(path=ROOT / "a" / name) for name in names for _ in range(n)]


def test_two_that_begin_at_either_end_meet(tmp_path):
    first = claimed(items_of("x", "y", "z"), ROOT, tmp_path)
    last = claimed(items_of("z", "y", "x"), ROOT, tmp_path)
    taken = [next(first).path.name for _ in range(4)]
    assert [test.path.name for test in last] == ["z"] * 3
    assert taken + [test.path.name for test in first] == ["x"] * 3 + ["y"] * 3


def test_files_of_the_same_name_are_told_apart(tmp_path):
    tests = [SimpleNamespace(path=ROOT / folder / "x") for folder in "ab"]
    assert list(claimed(tests, ROOT, tmp_path)) == tests


@pytest.fixture
def suite(tmp_path):
    """Return a folder with ten tests in five files, and what is in common in one."""
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    for k in range(5):
        text = f"def test_a(): pass\ndef test_b(): assert {k} != 3\n"
        (folder / f"test_{k}.py").write_text(text)
    return folder


def test_each_test_runs_in_one_of_two_processes_and_a_failure_is_one(suite, tmp_path):
    claims = tmp_path / "claims"
    claims.mkdir()
    plugins = ("-p", "tests.sharing", "-p", "no:cacheprovider", f"--claims={claims}")
    command = [sys.executable, "-m", "pytest", "-v", *plugins, suite]
    processes = [
        subprocess.Popen(
            [*map(str, command), *words],
            cwd=ROOT,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for words in ((), ("--from-the-end",))
    ]
    lines = "".join(process.communicate()[0] for process in processes).splitlines()
    ran = sorted(line.split()[0] for line in lines if line.endswith("%]"))
    wanted = [f"test_{k}.py::test_{letter}" for k in range(5) for letter in "ab"]
    assert [name.rsplit("/", 1)[-1] for name in ran] == wanted
    assert sorted(process.returncode for process in processes) == [0, 1]
