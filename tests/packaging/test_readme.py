"""The examples of the README do what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from astropy.io import fits

import rampviewer as rv
from tests.exposure_files import write_simulated

README = (Path(__file__).parents[2] / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
# Those with a word in capitals or brackets say how a command is used in general.
COMMANDS = [
    line.strip()
    for line in re.findall(r"^    rampviewer .*$", README, re.MULTILINE)
    if not re.search(r"\b(FILE|COMMAND|OUT|SHELL)\b|\[", line)
]
WINDOW = "rampviewer jw"  # opens a window: tested with it


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


@pytest.mark.parametrize("line", [line for line in COMMANDS if line[:13] != WINDOW])
def test_commands_run(data, tmp_path, line):
    folder = shutil.copytree(data, tmp_path / "here")
    program, *words = shlex.split(line)
    files = [
        str(path.relative_to(folder))
        for word in words
        for path in (sorted(folder.glob(word)) if "*" in word else [folder / word])
    ]
    done = subprocess.run(
        [sys.executable, "-m", program, *files],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "CRDS_PATH": str(folder / "crds"),
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    products = [Path(name) for name in done.stdout.split()]
    assert products
    assert all((folder / product).exists() for product in products)


def test_there_are_commands_to_run():
    assert len(COMMANDS) >= 4
