import os
from pathlib import Path

import pytest

from rampviewer.io.names import PRODUCTS, product_name, product_paths


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jw01_nrca1_ramp.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_jump.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_jumpstep.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_refpix.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_refpixstep.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_linearity.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_darkcurrentstep.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_dark_current.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_uncal.fits", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_ramp.fits.gz", "jw01_nrca1_rate.fits"),
        ("jw01_nrca1_ramp.FITS.GZ", "jw01_nrca1_rate.fits"),
        ("jw01-ramp.fits", "jw01-rate.fits"),
        ("my_field.fits", "my_field_rate.fits"),
        ("my_ramp_ramp.fits", "my_ramp_rate.fits"),
        ("ramp.fits", "ramp_rate.fits"),
        ("my.v2.fits", "my.v2_rate.fits"),
    ],
)
def test_known_endings_are_replaced_and_others_kept(name, expected):
    assert product_name(name, "rate") == expected


def test_names_are_those_of_the_pipeline():
    suffix = pytest.importorskip("jwst.lib.suffix")
    for ending in [*suffix.KNOW_SUFFIXES, "field", "fitopt", "step", "pipeline", "RAMP"]:
        for mark in ("_", "-"):
            stem = f"jw01_nrca1{mark}{ending}"
            expected = suffix.replace_suffix(stem, "jump") + ".fits"
            assert product_name(stem + ".fits", "jump") == expected, ending


def test_paths_lie_in_the_folder_and_fitopt_is_only_given_when_asked_for():
    plain = product_paths(Path("/data/a_ramp.fits"), Path("out"))
    assert plain == {
        "jump": Path("out/a_jump.fits"),
        "rate": Path("out/a_rate.fits"),
        "rateints": Path("out/a_rateints.fits"),
    }
    more = product_paths(Path("/data/a_ramp.fits"), Path("out"), products=PRODUCTS)
    assert more["fitopt"] == Path("out/a_fitopt.fits")


def test_an_exposure_of_arrays_has_a_plain_name():
    paths = product_paths(None, Path("out"), products=["rate"])
    assert paths == {"rate": Path("out/exposure_rate.fits")}


def test_the_opened_file_is_never_a_product(tmp_path):
    opened = tmp_path / "a_jump.fits"
    opened.touch()
    with pytest.raises(ValueError, match=r"a_jump\.fits is the opened file"):
        product_paths(opened, tmp_path)
    assert "rate" in product_paths(opened, tmp_path, products=["rate"])


def test_not_even_by_another_name(tmp_path):
    opened = tmp_path / "a_ramp.fits"
    opened.touch()
    os.link(opened, tmp_path / "a_jump.fits")
    with pytest.raises(ValueError, match="is the opened file"):
        product_paths(opened, tmp_path)


def test_an_unknown_product_is_refused():
    with pytest.raises(ValueError, match="unknown product 'cal'"):
        product_paths(None, Path(), products=["cal"])
