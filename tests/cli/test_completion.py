import os
import shutil
import subprocess

import pytest

from rampviewer.cli import main
from rampviewer.cli.completion import _FILES_TOO, SHELLS


@pytest.fixture
def script(tmp_path, capsys):
    assert main(["completion", "bash"]) == 0
    path = tmp_path / "rampviewer.bash"
    path.write_text(capsys.readouterr().out)
    return path


def completed(script, *words):
    """Return what bash offers for the last of the words."""
    line = " ".join(f"'{word}'" for word in ("rampviewer", *words))
    text = f"""
source {script}
COMP_WORDS=({line}) COMP_CWORD={len(words)}
$(complete -p rampviewer | sed 's/.*-F \\([^ ]*\\).*/\\1/') rampviewer
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        [shutil.which("bash"), "-c", text], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("pro",), "process"),
        (("process", "--rej"), "--rejection-threshold"),
        (("process", "--sch"), "--scheduler"),
        (("sheet", "--pix"), "--pixel"),
        (("--mem",), "--memory-budget"),
        (("completion", "z"), "zsh"),
    ],
)
def test_bash_completes_commands_and_options(script, words, offered):
    assert offered in completed(script, *words)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_file_names(script, tmp_path):
    (tmp_path / "x_ramp.fits").touch()
    assert str(tmp_path / "x_ramp.fits") in completed(script, "process", f"{tmp_path}/x_")


@pytest.fixture
def script_for(tmp_path, capsys):
    """Return a function that writes the script for a shell."""

    def write(shell):
        assert main(["completion", shell]) == 0
        path = tmp_path / f"rampviewer.{shell}"
        path.write_text(capsys.readouterr().out)
        return path

    return write


def run(shell, *words, **options):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    done = subprocess.run(
        [shell, *words], capture_output=True, text=True, check=False, **options
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("rampviewer pro", "process"),
        ("rampviewer process --rej", "--rejection-threshold"),
        ("rampviewer completion f", "fish"),
        ("rampviewer x_", "x_ramp.fits"),
        ("rampviewer process a_ramp.fits x_", "x_ramp.fits"),
        ("rampviewer sheet --pars x_", "x_ramp.fits"),
    ],
)
def test_fish_completes_commands_options_and_file_names(
    script_for, tmp_path, line, offered
):
    (tmp_path / "x_ramp.fits").touch()
    text = f"source {script_for('fish')}; complete -C '{line}'"
    environment = {**os.environ, "HOME": str(tmp_path)}
    said = run("fish", "--no-config", "-c", text, cwd=tmp_path, env=environment)
    assert offered in said.split()


@pytest.mark.parametrize(
    ("shell", "words"), [("zsh", ("-f", "-n", "{}")), ("tcsh", ("-f", "-c", "source {}"))]
)
def test_other_shells_read_the_script(script_for, shell, words):
    path = script_for(shell)
    run(shell, *(word.format(path) for word in words))


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("rampviewer pro", "cess"),
        ("rampviewer process --rej", "ection-threshold"),
        ("rampviewer completion f", "ish"),
        ("rampviewer x_", "ramp.fits"),
        ("rampviewer process a_ramp.fits x_", "ramp.fits"),
    ],
)
def test_zsh_completes_what_is_typed(script_for, tmp_path, line, rest):
    pexpect = pytest.importorskip("pexpect")  # of IPython
    (tmp_path / "x_ramp.fits").touch()
    script_for("zsh").rename(tmp_path / "_rampviewer")
    environment = {**os.environ, "HOME": str(tmp_path), "TERM": "dumb"}
    with pexpect.spawn("zsh", ["-f"], cwd=tmp_path, env=environment) as zsh:
        zsh.sendline("fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; echo o''k")
        zsh.expect_exact("ok")  # the line itself has quotes in it
        zsh.send(f"{line}\t")
        zsh.expect_exact(rest)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_has_every_command_and_completes_exposures_everywhere(script_for, shell):
    script = script_for(shell).read_text()
    assert all(
        name in script for name in ("process", "info", "sheet", "rejection-threshold")
    )
    for found, instead in _FILES_TOO[shell].items():
        assert instead.replace("&", found) in script


def test_an_unknown_shell_is_refused(capsys):
    assert main(["completion", "ksh"]) == 2
    assert "invalid choice: 'ksh'" in capsys.readouterr().err
