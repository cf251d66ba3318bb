"""Products are named as the official steps name theirs."""

from pathlib import Path

import pytest

from rampviewer.io.names import product_paths
from rampviewer.model.settings.naming import Naming

jwst_jump = pytest.importorskip("jwst.jump")
jwst_fit = pytest.importorskip("jwst.ramp_fitting")


def official(path, options, opt_name):
    """Return the names that the official steps give when they are run one by one."""
    jump = jwst_jump.JumpStep(**options)
    fit = jwst_fit.RampFitStep(**options)
    for step in (jump, fit):
        step.set_primary_input(str(path))
    # As `Step.save_model` does it.
    base = path.name if options.get("output_use_model") else None
    names = {"jump": jump.make_output_path(basepath=base)}
    for index, product in enumerate(("rate", "rateints")):
        names[product] = fit.make_output_path(basepath=base, idx=index)
    opt = path.name if options.get("output_use_model") else (opt_name or path.name)
    names["fitopt"] = fit.make_output_path(basepath=opt, suffix="fitopt")
    return {product: Path(name) for product, name in names.items()}


@pytest.mark.parametrize(
    "output_file",
    ["", "other.fits", "deep/other_ramp.fits", "bare", "my.file.v2", "x_ramp.fits.gz"],
)
@pytest.mark.parametrize("opt_name", ["", "segments.fits", "/far/away_ramp.fits", "a.b"])
def test_names_with_a_suffix_are_the_official_ones(
    tmp_path, monkeypatch, output_file, opt_name
):
    monkeypatch.chdir(tmp_path)
    source = Path("x_ramp.fits")
    options = {"suffix": "mine", "output_dir": "out"}
    if output_file:
        options["output_file"] = output_file
    naming = Naming(
        output_file=output_file, jump_suffix="mine", fit_suffix="mine", opt_name=opt_name
    )
    products = ("jump", "rate", "rateints", "fitopt")
    paths = product_paths(source, Path("out"), products=products, naming=naming)
    assert paths == official(source, options, opt_name)


def test_output_use_model_names_after_the_opened_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = Path("x_ramp.fits")
    naming = Naming(
        output_file="other.fits", opt_name="o.fits", output_use_model=True, jump_suffix="a"
    )
    paths = product_paths(source, Path(), products=("jump", "fitopt"), naming=naming)
    options = {"output_file": "other.fits", "output_use_model": True, "suffix": "a"}
    wanted = official(source, options, "o.fits")
    assert paths == {name: wanted[name] for name in paths}


def test_without_suffix_names_are_those_of_the_pipeline():
    paths = product_paths(
        Path("x_uncal.fits"), Path("out"), naming=Naming(output_file="y.fits")
    )
    assert [str(path) for path in paths.values()] == [
        "out/y_jump.fits",
        "out/y_rate.fits",
        "out/y_rateints.fits",
    ]


def test_products_that_would_be_one_file_are_refused():
    with pytest.raises(ValueError, match="leave one of the two out"):
        Naming(output_use_model=True, fit_suffix="mine")
    with pytest.raises(ValueError, match=r"two products would be x_rate\.fits"):
        product_paths(Path("x_ramp.fits"), Path(), naming=Naming(jump_suffix="rate"))
