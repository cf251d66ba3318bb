"""The examples of the README do what it says."""

import os
import re
import shlex
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from astropy.io import fits

import rampviewer as rv
from rampviewer.cli import main
from tests.exposure_files import write_simulated

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
LINES = [line.strip() for line in re.findall(r"^    rampviewer .*$", README, re.MULTILINE)]
# A word in capitals or brackets says how a command is used in general; a comment follows.
GENERAL = [
    re.split(r" {2,}", line)[0]
    for line in LINES
    if re.search(r"\b(FILE|OUT|SHELL)\b|\[", line)
]
COMMANDS = [line for line in LINES if not re.search(r"\b(FILE|OUT|SHELL)\b|\[", line)]
WORDS = {  # for what stands in capitals
    "FILE...": "x_ramp.fits",
    "FILE": "x_ramp.fits",
    "X,Y": "200,100",
    "DIR": "made",
    "OUT.fits": "made.fits",
    "OUT.png": "page.png",
    "OUT.pdf": "page.pdf",
    "SHELL": "bash",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return a folder with what the examples speak of, and a CRDS cache in `crds`."""
    folder = tmp_path_factory.mktemp("readme")
    files = write_simulated(folder, "x_ramp.fits", size=520, n_groups=5)
    cache = folder / "crds" / "references" / "jwst"
    cache.mkdir(parents=True)
    for key, reference in (("R_GAIN", files.gain), ("R_READNO", files.readnoise)):
        shutil.copy2(reference, cache)
        fits.setval(files.ramp, key, value=f"crds://{reference.name}")
    (folder / "data").mkdir()
    for i in range(2):
        shutil.copy2(files.ramp, folder / "data" / f"e{i}_ramp.fits")
    rv.write_parameters(folder / "pars-jumpstep.asdf", jump=rv.JumpParameters())
    return folder


def test_python_examples_run(data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    for name in ("x_ramp.fits", "x_gain.fits", "pars-jumpstep.asdf"):
        shutil.copy2(data / name, tmp_path)
    exposure = rv.open("x_ramp.fits", gain=2.0, readnoise=12.5)
    arrays = ("sci", "groupdq", "pixeldq", "gain", "readnoise")
    names = {name: getattr(exposure, name) for name in arrays}
    for block in PYTHON:
        exec(block, names)
    assert len(PYTHON) >= 3
    assert "segment" in capsys.readouterr().out
    assert (tmp_path / "products" / "x_rate.fits").exists()
    assert (tmp_path / "tuned.asdf").exists()
    assert names["fit"].segments.slope.ndim == 4
    from matplotlib import pyplot  # noqa: PLC0415 - after its platform is chosen

    pyplot.close("all")


def opens_window(line):
    return line.split()[1].startswith(("jw", "[FILE]"))


def general_words(line):
    """Return the words of a command for a file of the examples."""
    line = line.replace(" (or .pdf)", "")
    return [WORDS.get(word, word) for word in line.translate({91: None, 93: None}).split()]


@pytest.fixture
def run(data, tmp_path, monkeypatch, capfd):
    """Return a function that runs a command where the files are, and what it answers."""
    folder = shutil.copytree(data, tmp_path / "here")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CRDS_PATH", str(folder / "crds"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ["QT_QPA_PLATFORM"])  # put back

    def run(words):
        program, *words = words
        assert program == "rampviewer"
        files = [
            str(path.relative_to(folder))
            for word in words
            for path in (sorted(folder.glob(word)) if "*" in word else [folder / word])
        ]
        assert main(files) == 0, capfd.readouterr().err
        return folder, capfd.readouterr().out

    return run


@pytest.mark.parametrize("line", [line for line in COMMANDS if not opens_window(line)])
def test_commands_run(run, line):
    folder, said = run(shlex.split(line))
    products = [Path(name) for name in said.split()]
    assert products
    assert all((folder / product).exists() for product in products)


@pytest.mark.parametrize("line", [line for line in GENERAL if not opens_window(line)])
def test_commands_run_as_they_are_said_to_in_general(run, data, line):
    words = general_words(line)
    folder, said = run(words)
    assert said
    writes = {"process", "sheet", "demo"} & set(words)
    before = {path.relative_to(data) for path in data.rglob("*")}
    after = {path.relative_to(folder) for path in folder.rglob("*")}
    assert bool(after - before) == bool(writes)


@pytest.mark.parametrize(
    "line", [line for line in COMMANDS + GENERAL if opens_window(line)]
)
def test_commands_that_open_the_window_give_it_the_file(line, monkeypatch):
    app, opened = ModuleType("rampviewer.app"), []
    app.open_window = lambda files, pixel, *_more, **_rest: (
        opened.append((files, pixel)) or 0
    )
    monkeypatch.setitem(sys.modules, "rampviewer.app", app)
    monkeypatch.setenv("DISPLAY", ":9")
    words = general_words(line)[1:]
    assert main(words) == 0
    pixel = (100, 200) if "--pixel" in words else None
    assert opened == [([Path(words[0])], pixel)]


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)", README))))
def test_options_that_are_named_are_there(option, capsys):
    said = ""
    for command in ("view", "process", "sheet", "info"):
        main([command, "--help"])
        said += capsys.readouterr().out
    stem = "--override-" if option == "--override-" else option
    assert re.search(rf"{stem}\b", said)


def test_the_package_is_installed_with_every_extra_that_is_named():
    named = set(re.findall(r"rampviewer\[(\w+)\]", README))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert named <= set(project["optional-dependencies"])
    assert named >= set(project["optional-dependencies"]) - {"test"}


def test_every_target_of_make_is_there():
    rules = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^    make ([\w-]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", rules, re.MULTILINE), target


def test_there_are_commands_to_run():
    assert len(COMMANDS) >= 4
    assert len(GENERAL) >= 6
