from pathlib import Path

import pytest

from rampviewer.io.crds_cache import cache_folder, file_name, find_in_cache

NAME = "jwst_nircam_gain_0092.fits"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (f"crds://{NAME}", NAME),
        (f" /some/where/{NAME} ", NAME),
        (NAME, NAME),
        ("N/A", ""),
        ("", ""),
    ],
)
def test_keyword_values_give_bare_names(value, name):
    assert file_name(value) == name


def test_the_folder_of_the_instrument_comes_first(tmp_path):
    for folder in ("", "nircam"):
        path = tmp_path / "references" / "jwst" / folder / NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert find_in_cache(NAME, tmp_path) == tmp_path / "references/jwst/nircam" / NAME


def test_a_file_of_another_instrument_is_not_found(tmp_path):
    path = tmp_path / "references/jwst/miri" / NAME
    path.parent.mkdir(parents=True)
    path.touch()
    assert find_in_cache(NAME, tmp_path) is None


@pytest.mark.parametrize(
    ("value", "folder"), [("", None), ("/data/crds", Path("/data/crds"))]
)
def test_crds_path_names_the_cache(monkeypatch, value, folder):
    monkeypatch.setenv("CRDS_PATH", value)
    assert cache_folder() == folder
