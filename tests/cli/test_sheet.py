"""`rampviewer sheet`, in processes without a display."""

import os
import subprocess
import sys

import pytest

from rampviewer.cli import main
from tests.exposure_files import write_simulated


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return write_simulated(tmp_path_factory.mktemp("demo"), size=64, n_groups=6)


def words(demo, output, *more):
    given = ["--override-gain", demo.gain, "--override-readnoise", demo.readnoise]
    return ["sheet", *map(str, (demo.ramp, "-o", output, *given, *more))]


@pytest.mark.parametrize(("name", "start"), [("x.png", b"\x89PNG"), ("x.pdf", b"%PDF")])
def test_no_display_is_needed(demo, tmp_path, name, start):
    output = tmp_path / name
    without = {k: v for k, v in os.environ.items() if "DISPLAY" not in k}
    without.pop("QT_QPA_PLATFORM", None)
    more = ("--pixel", "30,20", "--rejection-threshold", "3", "--plane", "jumps")
    command = [sys.executable, "-m", "rampviewer", *words(demo, output, *more)]
    done = subprocess.run(command, env=without, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{output}\n"
    assert output.read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("name", "more", "reason"),
    [
        ("x.png", ("--pixel", "64,0"), "x 64 y 0 is outside of"),
        ("x.jpg", ("--pixel", "3,4"), "must end in .png or .pdf"),
        ("x.png", ("--pixel", "3,4", "--group", "6"), "there is no group 6"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    demo, tmp_path, capsys, monkeypatch, name, more, reason
):
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ["QT_QPA_PLATFORM"])
    assert main(words(demo, tmp_path / name, *more)) == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_a_pixel_is_needed(demo, tmp_path, capsys):
    assert main(words(demo, tmp_path / "x.png")) == 2
    assert "--pixel" in capsys.readouterr().err


def test_the_folder_is_made(demo, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ["QT_QPA_PLATFORM"])
    output = tmp_path / "new" / "folder" / "x.png"
    assert main(words(demo, output, "--pixel", "3,4")) == 0
    assert output.read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_cannot_be_made_is_named(demo, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ["QT_QPA_PLATFORM"])
    (tmp_path / "file").write_text("")
    assert main(words(demo, tmp_path / "file" / "x.png", "--pixel", "3,4")) == 1
    assert f"{tmp_path / 'file'} is not a folder" in capsys.readouterr().err


def test_references_come_from_parameter_files_which_say_what_is_not_used(
    demo, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ["QT_QPA_PLATFORM"])
    pars, output = tmp_path / "jump.cfg", tmp_path / "x.pdf"
    pars.write_text(
        f"class = JumpStep\nskip = True\nwindow = 3\noverride_gain = {demo.gain}\n"
        f"override_readnoise = {demo.readnoise}\n"
    )
    given = ("--pixel", "30,20", "-o", str(output), "--pars", str(pars))
    assert main(["sheet", str(demo.ramp), *given]) == 0
    assert output.read_bytes().startswith(b"%PDF")
    assert "window is not a parameter of the jump step" in capsys.readouterr().err
