import ast
import configparser
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PyQt6.QtGui import QIcon

from rampviewer.resources import resource_path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_desktop_entry_starts_the_command_with_its_icon():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(ROOT / "packaging" / "rampviewer.desktop")
    values = entry["Desktop Entry"]
    assert values["Exec"].split()[0] in PROJECT["scripts"]
    assert resource_path(f"icons/{values['Icon']}.svg").is_file()


def test_the_metadata_names_the_desktop_entry():
    tree = ElementTree.parse(ROOT / "packaging" / "rampviewer.metainfo.xml")
    launchable = tree.findtext("launchable")
    assert (ROOT / "packaging" / launchable).is_file()
    assert tree.findtext("project_license") == PROJECT["license"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "resources").rglob("*.svg")), ids=lambda p: p.name
)
def test_each_icon_is_drawn(path, qapp):
    image = QIcon(str(path)).pixmap(32, 32).toImage()
    assert not image.isNull()
    colors = {
        image.pixel(x, y) for x in range(image.width()) for y in range(image.height())
    }
    assert len(colors) > 1


def test_ci_runs_the_tests_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [
        line for line in lines if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]


def imported_packages(path):
    """Return the top-level packages that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def test_what_is_imported_is_installed_with_it_and_nothing_else():
    distributions = packages_distributions()
    files = (ROOT / "rampviewer").rglob("*.py")
    imported = {name for path in files for name in imported_packages(path)}
    others = imported - sys.stdlib_module_names - {"rampviewer"}
    from_where = [{name.lower() for name in distributions[one]} for one in others]
    extras = [
        texts for name, texts in PROJECT["optional-dependencies"].items() if name != "test"
    ]
    declared, extra = (
        {re.match(r"[\w-]+", text)[0].lower() for text in texts}
        for texts in (PROJECT["dependencies"], chain.from_iterable(extras))
    )
    assert all(found & (declared | extra) for found in from_where)
    assert declared | extra <= set.union(*from_where)
