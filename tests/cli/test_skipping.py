"""A step that is skipped leaves its product out, and the others say so."""

import json

import asdf
import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.cli import main
from rampviewer.model.runs import band_fit
from tests.exposure_files import simulated_exposure, with_jump_flags, write_exposure

JUMP_DET = 4


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return an exposure with jumps that were delivered, and its references."""
    exposure = with_jump_flags(simulated_exposure(n_groups=6))
    return write_exposure(tmp_path_factory.mktemp("data"), exposure, "x_ramp.fits")


@pytest.fixture
def process(files, tmp_path, monkeypatch):
    """Run `rampviewer process` on the file in a folder of its own; return its code."""
    monkeypatch.chdir(tmp_path)
    gain, noise = str(files.gain), str(files.readnoise)
    given = ["--override-gain", gain, "--override-readnoise", noise, "-q"]
    return lambda *words: main(["process", str(files.ramp), *words, *given])


def names(folder):
    return sorted(path.name for path in folder.glob("*.fits"))


def pars(tmp_path, text):
    path = tmp_path / "pars.cfg"
    path.write_text(text)
    return "--pars", str(path)


@pytest.mark.parametrize("way", ["option", "file"])
def test_without_jump_detection_rates_are_fitted_with_the_flags_as_delivered(
    process, files, tmp_path, way
):
    words = ["--skip-jump"]
    if way == "file":
        words = pars(tmp_path, "class = JumpStep\nskip = True\n")
    assert process(*words, "--save-opt") == 0
    assert names(tmp_path) == ["x_fitopt.fits", "x_rate.fits", "x_rateints.fits"]
    header = fits.getheader(tmp_path / "x_rate.fits")
    assert (header["S_JUMP"], header["S_RAMP"]) == ("SKIPPED", "COMPLETE")
    assert "jump: skipped as wanted, flags as delivered" in list(header["HISTORY"])
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    fit = rampviewer.fit_ramps(
        exposure.sci,
        exposure.groupdq,
        exposure.pixeldq,
        exposure.gain,
        exposure.readnoise,
        exposure.timing,
        rampviewer.RampFitParameters(),
    )
    rate = fits.getdata(tmp_path / "x_rate.fits", "SCI")
    np.testing.assert_array_equal(rate, fit.rate.slope)


def test_without_the_ramp_fit_there_is_the_jump_product_only(process, tmp_path):
    assert process("--skip-ramp-fit", "--save-opt") == 0
    assert names(tmp_path) == ["x_jump.fits"]
    header, flags = fits.getheader("x_jump.fits"), fits.getdata("x_jump.fits", "GROUPDQ")
    assert (header["S_JUMP"], header["S_RAMP"]) == ("COMPLETE", "SKIPPED")
    assert process("--overwrite") == 0
    assert "S_RAMP" not in fits.getheader("x_jump.fits")
    np.testing.assert_array_equal(flags, fits.getdata("x_jump.fits", "GROUPDQ"))


def test_an_option_takes_the_skip_of_a_file_back(process, tmp_path):
    text = "class = Detector1Pipeline\n[steps]\n[[ramp_fit]]\nskip = True\n"
    assert process(*pars(tmp_path, text), "--no-skip-ramp-fit") == 0
    assert names(tmp_path) == ["x_jump.fits", "x_rate.fits", "x_rateints.fits"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--skip-jump", "--skip-ramp-fit"], "both steps are skipped"),
        (["--skip-jump", "--delivered-jumps", "drop"], "flags as delivered are kept"),
    ],
)
def test_what_leaves_nothing_to_do_is_wrong_usage(process, tmp_path, capsys, words, said):
    assert process(*words) == 2
    assert said in capsys.readouterr().err
    assert names(tmp_path) == []


def test_a_batch_goes_on_with_the_same_steps_and_keeps_products_of_others(
    process, tmp_path, capsys
):
    assert process("--skip-jump", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["n_primary"]) == ("done", None)
    assert process("--skip-jump", "--json") == 0
    assert json.loads(capsys.readouterr().out)["state"] == "skipped"
    assert process() == 1
    assert "was made with other steps skipped" in capsys.readouterr().err
    assert process("--overwrite") == 0
    assert process("--skip-jump") == 1


@pytest.mark.parametrize("algorithm", ["OLS_C", "LIKELY"])
def test_a_fit_that_is_skipped_is_not_computed(process, monkeypatch, algorithm):
    def refuse(*_arguments):
        raise AssertionError("a row was fitted")

    for fitter in (band_fit.RampFitter, band_fit.LikelyFitter):
        monkeypatch.setattr(fitter, "fit_rows", refuse)
    with pytest.raises(AssertionError, match="a row was fitted"):
        process("--algorithm", algorithm)
    assert process("--algorithm", algorithm, "--skip-ramp-fit") == 0


@pytest.mark.parametrize("step", ["jump", "ramp_fit"])
def test_saved_parameters_and_products_keep_the_skip(process, tmp_path, step):
    option = f"--skip-{step.replace('_', '-')}"
    assert process(option, "--save-parameters", "all.asdf") == 0
    with asdf.open("all.asdf") as tree:
        stated = {s["name"]: s["parameters"].get("skip") for s in tree["steps"]}
    assert stated[step] is True
    product = "x_rate.fits" if step == "jump" else "x_jump.fits"
    for source in ("all.asdf", product):
        assert rampviewer.read_parameters(source).skipped == {step}
    with fits.open(product) as hdus:  # without the tree the HISTORY tells
        del hdus["ASDF"]
        hdus.writeto("bare.fits")
    assert rampviewer.read_parameters("bare.fits").skipped == {step}


def test_saved_skips_are_those_that_the_official_pipeline_reads(process, tmp_path):
    pipeline = pytest.importorskip("jwst.pipeline")
    assert process("--skip-jump", "--save-parameters", "all.asdf") == 0
    official = pipeline.Detector1Pipeline.from_config_file("all.asdf")
    assert (official.jump.skip, official.ramp_fit.skip) == (True, False)


def test_a_notebook_skips_a_step_and_is_told_what_there_is(files, tmp_path):
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    result = rampviewer.process(exposure, skip=["jump"])
    assert result.jumps.skipped
    np.testing.assert_array_equal(result.jumps.groupdq, exposure.groupdq)
    assert "jump detection skipped" in repr(result)
    only_flags = rampviewer.process(exposure, skip={"ramp_fit"})
    assert [path.name for path in only_flags.save(tmp_path)] == ["x_jump.fits"]
    assert "the ramp fit skipped" in repr(only_flags)
    assert "no rates; .jumps" in repr(only_flags)
    with pytest.raises(ValueError, match="there are no rates: the ramp fit was skipped"):
        _ = only_flags.fit
    with pytest.raises(ValueError, match="skip must hold jump or ramp_fit, got 'jumps'"):
        rampviewer.process(exposure, skip=["jumps"])
    with pytest.raises(ValueError, match="nothing is left to do"):
        rampviewer.process(exposure, skip=["jump", "ramp_fit"])
