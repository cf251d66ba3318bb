import os
from pathlib import Path

import pytest

from rampviewer.io import crds_cache
from rampviewer.io.crds_cache import (
    expand_variables,
    file_name,
    find_in_cache,
    references,
    rules,
)

NAME = "jwst_nircam_gain_0092.fits"
SETTINGS = [
    {"CRDS_PATH": "/c"},
    {"CRDS_PATH": "/c/", "CRDS_REFPATH": "/r"},
    {"CRDS_PATH": "/c", "CRDS_REFPATH": "/r", "CRDS_REFPATH_SINGLE": "/one"},
    {"CRDS_PATH": "/c", "CRDS_PATH_SINGLE": "/s"},
    {"CRDS_PATH_SINGLE": "/s", "CRDS_MAPPATH": "/m"},
    {"CRDS_PATH": "/c", "CRDS_MAPPATH_SINGLE": "/one"},
    {"CRDS_REFPATH": "/r", "CRDS_MAPPATH": "/m"},
]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (f"crds://{NAME}", NAME),
        (f" /some/where/{NAME} ", NAME),
        (NAME, NAME),
        ("N/A", ""),
        ("?", ""),
        ("", ""),
    ],
)
def test_keyword_values_give_bare_names(value, name):
    assert file_name(value) == name


def test_the_folder_of_the_instrument_comes_first(tmp_path):
    for folder in ("", "nircam"):
        path = tmp_path / folder / NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert find_in_cache(NAME, tmp_path) == tmp_path / "nircam" / NAME


def test_a_file_of_another_instrument_is_not_found(tmp_path):
    path = tmp_path / "miri" / NAME
    path.parent.mkdir(parents=True)
    path.touch()
    assert find_in_cache(NAME, tmp_path) is None


@pytest.mark.parametrize("observatory", ["jwst", "roman"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_folders_are_those_of_the_package(monkeypatch, setting, observatory):
    config = pytest.importorskip("crds.core.config")
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    found = references(observatory)
    if {"CRDS_PATH", "CRDS_PATH_SINGLE", "CRDS_REFPATH"} & set(setting):
        assert found.observatory == Path(config.get_crds_refpath(observatory))
    found = rules(observatory)
    assert found.observatory == Path(config.get_crds_mappath(observatory))


def test_the_folder_that_is_named_is_the_one_that_was_set(monkeypatch):
    monkeypatch.setenv("CRDS_PATH", "/data/crds")
    assert references("jwst").named == rules("jwst").named == Path("/data/crds")
    monkeypatch.setenv("CRDS_REFPATH", "~/references")
    assert references("jwst").named == Path.home() / "references"


@pytest.mark.parametrize("blank", ["", " "])
def test_an_empty_variable_is_none(monkeypatch, blank):
    monkeypatch.setattr(crds_cache, "DEFAULT", "/not/there")
    monkeypatch.delenv("CRDS_DEFAULT_CACHE")
    monkeypatch.setenv("CRDS_PATH", blank)
    monkeypatch.setenv("CRDS_REFPATH", blank)
    assert references("jwst") is None
    assert rules("jwst") is None


def test_the_cache_of_the_institute_counts_where_nothing_is_set(monkeypatch, tmp_path):
    monkeypatch.setenv("CRDS_DEFAULT_CACHE", str(tmp_path))
    assert references("jwst").observatory == tmp_path / "references" / "jwst"
    monkeypatch.setenv("CRDS_PATH", "/data/crds")
    assert references("jwst").named == Path("/data/crds")


def test_the_package_is_told_what_variables_mean(monkeypatch):
    config = pytest.importorskip("crds.core.config")
    monkeypatch.setenv("CRDS_PATH", "~/crds")
    monkeypatch.setenv("CRDS_REFPATH", "")
    monkeypatch.setenv("CRDS_MAPPATH", "/m")
    expand_variables()
    assert "CRDS_REFPATH" not in os.environ
    assert os.environ["CRDS_MAPPATH"] == "/m"
    wanted = Path.home() / "crds" / "references" / "jwst"
    assert Path(config.get_crds_refpath("jwst")) == wanted == references("jwst").observatory
