"""The set-up script, in a copy of the project with everything around it replaced."""

import shutil
import subprocess
import sys
from pathlib import Path

import PyQt6
import pytest

ROOT = Path(__file__).parents[2]
LIST = ROOT / "packaging" / "system-libraries.txt"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")


def entries():
    """Return (user, names) for each line of the list."""
    lines = [line.split() for line in LIST.read_text().splitlines()]
    return [(w[0], w[1].split("|")) for w in lines if w and not w[0].startswith("#")]


class Machine:
    """Stands in for a Debian machine; `calls` are the commands that would change it."""

    def __init__(self, folder, *, root):
        self.project, self.commands = folder / "project", folder / "commands"
        (self.project / "packaging").mkdir(parents=True)
        self.commands.mkdir()
        for name in (
            "pyproject.toml",
            "packaging/setup.sh",
            "packaging/system-libraries.txt",
        ):
            shutil.copy(ROOT / name, self.project / name)
        self.log = folder / "log"
        self.log.touch()
        self.installed = folder / "installed"
        self.command("id", f"echo {0 if root else 1000}")
        self.command("apt-cache", '[ "$2" != libglib2.0-0t64 ]')
        self.command("apt-get", f'echo "apt-get $*" >>{self.log}')
        self.command(
            "dpkg",
            f'grep -qx "$2" {self.installed} && echo "Status: install ok installed"',
        )
        self.python()
        self.install(*(names[-1] for _, names in entries()))

    def command(self, name, script, folder=None):
        path = (folder or self.commands) / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def python(self, version="3.11", modules="yes"):
        """Install a python3; its venv module makes a python that only remembers calls."""
        inner = f'echo "python $*" >>{self.log}'
        too_old = "true" if version == "3.11" else "false"
        self.command(
            "python3",
            f"""case "$*" in
            *"version_info <"*) {too_old} ;;
            *print*) echo {version} ;;
            *ensurepip*) [ {modules} = yes ] ;;
            "-m venv"*) mkdir -p .venv/bin; echo "venv" >>{self.log}
                printf '#!/bin/sh\\n%s\\n' '{inner}' >.venv/bin/python
                chmod +x .venv/bin/python ;;
            esac""",
        )

    def install(self, *packages):
        self.installed.write_text("".join(f"{name}\n" for name in packages))

    def set_up(self, purpose="window", path="{commands}:/usr/local/bin:/usr/bin:/bin"):
        path = path.format(commands=self.commands, tools=self._tools())
        return subprocess.run(
            ["sh", "packaging/setup.sh", purpose],
            cwd=self.project,
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def _tools(self):
        """Return a folder with the ordinary tools that the script uses, and no sudo."""
        folder = self.project.parent / "tools"
        folder.mkdir(exist_ok=True)
        for name in ("cat", "cksum", "dirname", "grep", "mkdir", "rm", "sh", "tr", "chmod"):
            if not (folder / name).exists():
                (folder / name).symlink_to(shutil.which(name))
        return folder

    @property
    def calls(self):
        lines = self.log.read_text().splitlines()
        return [line for line in lines if "import pip" not in line]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path, root=True)


@pytest.fixture
def users_machine(tmp_path):
    return Machine(tmp_path, root=False)


def test_the_first_time_it_makes_the_environment_and_installs(machine):
    assert machine.set_up().returncode == 0
    venv, pip = machine.calls
    assert venv == "venv"
    assert "pip install" in pip
    assert pip.endswith("--editable .")


def test_the_tests_get_their_extras(machine):
    assert machine.set_up("test").returncode == 0
    assert machine.calls[-1].endswith("--editable .[test]")


def test_with_everything_there_it_does_and_says_nothing(machine):
    machine.set_up("test")
    machine.log.write_text("")
    for purpose in ("test", "window"):
        done = machine.set_up(purpose)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert machine.calls == []


def test_it_installs_again_when_the_project_file_changed(machine):
    machine.set_up()
    machine.log.write_text("")
    with (machine.project / "pyproject.toml").open("a") as project:
        project.write("# another line\n")
    assert machine.set_up().returncode == 0
    [pip] = machine.calls
    assert "pip install" in pip


def test_an_environment_that_was_moved_is_made_anew(machine):
    machine.set_up()
    machine.project = machine.project.rename(machine.project.with_name("elsewhere"))
    machine.log.write_text("")
    assert machine.set_up().returncode == 0
    assert machine.calls[0] == "venv"


def test_root_gets_a_missing_library_installed(machine):
    machine.install(*(names[-1] for _, names in entries() if names[0] != "libxcb-cursor0"))
    assert machine.set_up().returncode == 0
    installs = [call for call in machine.calls if "apt-get install" in call]
    assert [call.split()[-1] for call in installs] == ["libxcb-cursor0"]


def missing(machine, *gone):
    machine.install(*(names[-1] for _, names in entries() if names[-1] not in gone))


def commands(done):
    """Return the lines to copy, which are those that are set off."""
    return [line.strip() for line in done.stderr.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("purpose", ["window", "test"])
def test_a_user_gets_one_command_for_all_that_is_missing(users_machine, purpose):
    missing(users_machine, "libegl1", "libglib2.0-0", "xvfb")
    users_machine.python(modules="no")
    users_machine.command("sudo", "exit 1")
    done = users_machine.set_up(purpose)
    assert done.returncode == 1
    assert commands(done) == [
        "sudo apt-get update && "
        "sudo apt-get install -y libegl1 libglib2.0-0 xvfb python3.11-venv"
    ]
    assert "as root, for example with sudo" in done.stderr
    assert users_machine.calls == []


def test_sudo_is_not_in_the_command_where_there_is_none(users_machine):
    missing(users_machine, "libegl1")
    done = users_machine.set_up(path="{commands}:{tools}")
    assert commands(done) == ["apt-get update && apt-get install -y libegl1"]
    assert "as root" in done.stderr


def test_where_apt_knows_no_package_yet_the_other_names_are_said(users_machine):
    missing(users_machine, "libegl1", "libglib2.0-0")
    users_machine.command("apt-cache", "exit 100")
    done = users_machine.set_up()
    assert commands(done)[0].endswith("apt-get install -y libegl1 libglib2.0-0")
    assert "libglib2.0-0 is called libglib2.0-0t64 on some systems" in done.stderr
    assert "libegl1 is called" not in done.stderr


def test_root_gets_the_venv_module_and_the_libraries_in_one_go(machine):
    missing(machine, "libegl1", "xvfb")
    machine.python(modules="no")
    machine.set_up()
    [install] = [call for call in machine.calls if "apt-get install" in call]
    assert install.endswith("--no-install-recommends libegl1 python3.11-venv")


def test_the_window_does_not_need_what_only_the_tests_need(users_machine):
    users_machine.install(*(names[-1] for user, names in entries() if user == "window"))
    assert users_machine.set_up("window").returncode == 0
    assert users_machine.set_up("test").returncode == 1


def test_either_name_of_a_renamed_library_will_do(users_machine):
    users_machine.install(*(names[0] for _, names in entries()))
    assert users_machine.set_up().returncode == 0


def test_a_python_without_venv_asks_for_the_package_of_its_version(users_machine):
    users_machine.python(modules="no")
    done = users_machine.set_up()
    assert done.returncode == 1
    assert commands(done)[0].endswith("apt-get install -y python3.11-venv")


def test_an_old_python_is_refused_in_one_sentence(machine):
    machine.python(version="3.9")
    done = machine.set_up()
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, but python3 is 3.9" in done.stderr
    assert done.stderr.count("\n") == 1
    assert machine.calls == []


def test_a_failed_installation_is_tried_again(machine):
    machine.set_up()
    machine.command(
        "python",
        f'echo "python $*" >>{machine.log}; [ "$1" = -c ]',
        machine.project / ".venv" / "bin",
    )
    (machine.project / ".venv" / ".installed-window").unlink()
    assert machine.set_up().returncode == 1
    machine.log.write_text("")
    assert machine.set_up().returncode == 1
    assert "pip install" in machine.calls[0]


@pytest.mark.skipif(sys.platform != "linux", reason="ldd and the xcb plugin")
def test_the_xcb_plugin_finds_all_its_libraries():
    plugin = Path(PyQt6.__file__).parent / "Qt6" / "plugins" / "platforms" / "libqxcb.so"
    listed = subprocess.run(["ldd", plugin], capture_output=True, text=True, check=True)
    assert "libxcb.so" in listed.stdout
    assert [line for line in listed.stdout.splitlines() if "not found" in line] == []
