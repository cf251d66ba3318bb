import asdf
import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.io.asdf_tree import tree_hdu
from rampviewer.io.delivered_parameters import delivered_parameters
from rampviewer.io.info import describe
from tests.exposure_files import write_simulated

yaml = pytest.importorskip("yaml")
START = "2024-05-01T10:00:00.000 - stpipe.step - INFO - "


def logged(name, pars):
    """Return a record as the official package logs the parameters of a step."""
    text = yaml.dump(pars, sort_keys=False).strip()
    for lower, upper in ((" false", " False"), (" true", " True"), (" null", " None")):
        text = text.replace(lower, upper)
    body = "\n  ".join(["", *text.splitlines()])
    return f"{START}Step {name} parameters are:{body}"


def old_logged(name, pars):
    """Return the same as older versions did, in one line."""
    return f"{START}Step {name} parameters are: {pars}"


PIPELINE = {
    "pre_hooks": [],
    "output_dir": None,
    "save_results": True,
    "steps": {
        "dq_init": {"skip": False},
        "jump": {"skip": False, "rejection_threshold": 3.5, "maximum_cores": "half"},
        "ramp_fit": {"suppress_one_group": False, "lastgroup": None, "save_opt": True},
    },
}


@pytest.mark.parametrize("write", [logged, old_logged])
@pytest.mark.parametrize("alias", ["calwebb_detector1", "calwebb_tso1"])
def test_the_log_of_a_pipeline_tells_both_steps(write, alias):
    tree = {"cal_logs": {alias: [f"{START}begin", write("Detector1Pipeline", PIPELINE)]}}
    found = delivered_parameters({}, tree)
    assert found.jump == rampviewer.JumpParameters(rejection_threshold=3.5)
    assert found.fit == rampviewer.RampFitParameters(suppress_one_group=False)
    assert found.options == {}  # how others named their files is not our affair
    assert found.notes == ()


@pytest.mark.parametrize("write", [logged, old_logged])
def test_the_last_log_of_a_step_counts(write):
    lines = [write("JumpStep", {"rejection_threshold": sigma}) for sigma in (5.0, 6.0)]
    found = delivered_parameters({}, {"cal_logs": {"jump": lines}})
    assert found.jump.rejection_threshold == 6
    assert found.values.keys() == {"jump"}


def test_a_real_official_step_logs_what_is_read(tmp_path):
    jump = pytest.importorskip("jwst.jump")
    pars = jump.JumpStep(rejection_threshold=3.25, find_showers=True).get_pars()
    found = delivered_parameters({}, {"cal_logs": {"jump": [logged("JumpStep", pars)]}})
    assert found.jump == rampviewer.JumpParameters(
        rejection_threshold=3.25, find_showers=True
    )
    assert found.notes == ()


def test_a_step_that_was_skipped_is_not_offered():
    pars = {"steps": {"jump": {"skip": True}, "ramp_fit": {"skip": False}}}
    tree = {"cal_logs": {"calwebb_detector1": [logged("Detector1Pipeline", pars)]}}
    found = delivered_parameters({}, tree)
    assert found.values.keys() == {"ramp_fit"}
    assert found.notes == ("The jump step was skipped for this product.",)


def test_what_another_version_had_is_a_sentence_and_no_error():
    pars = {"algorithm": "OLS", "weighting": "optimal", "lastgroup": 4}
    tree = {"cal_logs": {"ramp_fit": [logged("RampFitStep", pars)]}}
    found = delivered_parameters({}, tree)
    assert found.fit == rampviewer.RampFitParameters(lastgroup=4)
    assert found.notes == (
        "algorithm must be OLS_C or LIKELY, got 'OLS'; the default stands for it.",
        "weighting is not a parameter of the ramp_fit step and was not used.",
    )


@pytest.mark.parametrize(
    "logs",
    [
        None,
        {"jump": "text"},
        {"jump": ["nothing here"]},
        {"jump": [f"{START}Step JumpStep parameters are: {{broken"]},
        {"jump": [f"{START}Step JumpStep parameters are:\n  a: [b"]},
        {"saturation": [logged("SaturationStep", {"n_pix_grow_sat": 1})]},
    ],
)
def test_logs_that_tell_nothing_give_nothing(logs):
    assert delivered_parameters({}, {"cal_logs": logs}) is None


@pytest.fixture
def product(tmp_path):
    """Return a jump product of ours, and what it was made with."""
    files = write_simulated(tmp_path)
    jump = rampviewer.JumpParameters(
        rejection_threshold=3.75, flag_4_neighbors=False, use_max_shower_amplitude=True
    )
    fit = rampviewer.RampFitParameters(lastgroup=6)
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    result = rampviewer.process(exposure, jump, fit, source="tuned.asdf")
    return result.save(tmp_path / "out"), jump, fit


def test_our_products_tell_theirs(product):
    (flags, rate, _), jump, fit = product
    found = rampviewer.read_parameters(rate)
    assert (found.jump, found.fit, found.notes) == (jump, fit, ())
    assert found.name == "sim_rate.fits (delivered)"
    exposure = rampviewer.open(flags, gain=1.0, readnoise=10.0)
    assert exposure.delivered.jump == jump
    told = describe(flags, gain=1.0, readnoise=10.0)["made with"]
    assert told == (
        "jump: rejection_threshold 3.75, flag_4_neighbors False, "
        "use_max_shower_amplitude True, else defaults"
    )


def test_without_its_tree_a_product_tells_by_its_history(product):
    (_, rate, _), jump, fit = product
    with fits.open(rate) as hdus:
        del hdus["ASDF"]
        hdus.writeto(rate.with_name("plain.fits"))
        assert "parameters: tuned.asdf" in list(hdus[0].header["HISTORY"])
    found = rampviewer.read_parameters(rate.with_name("plain.fits"))
    assert (found.jump, found.fit) == (jump, fit)


def test_our_record_counts_more_than_an_older_log():
    tree = {
        "cal_logs": {"jump": [logged("JumpStep", {"rejection_threshold": 5.0})]},
        "rampviewer": {"parameters": {"jump": {"rejection_threshold": 4.5}}},
    }
    assert delivered_parameters({}, tree).jump.rejection_threshold == 4.5


def test_a_file_that_says_nothing_is_refused_in_a_sentence(tmp_path):
    files = write_simulated(tmp_path)
    assert rampviewer.open(files.ramp, 1.0, 10.0).delivered is None
    with pytest.raises(ValueError, match=r"sim_ramp\.fits does not say which parameters"):
        rampviewer.read_parameters(files.ramp)


def test_logs_in_a_tree_with_tags_are_read(tmp_path):
    lines = [logged("JumpStep", {"rejection_threshold": 5.5})]
    primary = fits.PrimaryHDU()
    image = fits.ImageHDU(np.zeros((2, 2), np.float32), name="SCI")
    tagged = asdf.tagged.TaggedDict({"a": 3}, "tag:example.org:thing-1.0.0")
    extension = tree_hdu({"cal_logs": {"jump": lines}, "thing": tagged}, None)
    fits.HDUList([primary, image, extension]).writeto(tmp_path / "x_jump.fits")
    found = rampviewer.read_parameters(tmp_path / "x_jump.fits")
    assert found.jump.rejection_threshold == 5.5
