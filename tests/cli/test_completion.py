import shutil
import subprocess

import pytest

from rampviewer.cli import main


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


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_get_a_script_with_every_command(shell, capsys):
    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("process", "info", "sheet", "rejection-threshold"))


def test_an_unknown_shell_is_refused(capsys):
    assert main(["completion", "fish"]) == 2
    assert "invalid choice: 'fish'" in capsys.readouterr().err
