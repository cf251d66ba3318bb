"""What was tuned here runs there: commands and files give the official steps our flags."""

import gzip
import shlex
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.io.names import product_name
from rampviewer.model.settings.commands import ZEROFRAME_NOTE, commands
from tests.exposure_files import write_simulated

stpipe = pytest.importorskip("stpipe")
pytest.importorskip("jwst.jump")

TUNED = rampviewer.JumpParameters(
    rejection_threshold=5.5, flag_4_neighbors=False, after_jump_flag_dn1=100
)
FIT = rampviewer.RampFitParameters(lastgroup=6, suppress_one_group=False)
REFERENCES = ("gain", "readnoise")


def lines_for(exposure, recipe):
    return commands(exposure, recipe, partial(product_name, exposure.name))


@pytest.fixture
def result(tmp_path, monkeypatch):
    """Return our result in a folder where the official steps ask no server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("stpipe.crds_client.get_context_used", lambda *_: "none")
    files = write_simulated(tmp_path, "x_ramp.fits")
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    return rampviewer.process(exposure, TUNED, FIT)


def planes(name, *extensions):
    with fits.open(name) as hdus:
        return [hdus[extension].data.copy() for extension in extensions]


@pytest.mark.filterwarnings("ignore")  # of the official package
@pytest.mark.parametrize("way", ["commands", "files"])
def test_the_official_steps_make_the_same_flags_and_rates(result, way):
    exposure, recipe = result.exposure, result.run.recipe
    lines = lines_for(exposure, recipe).strun
    if way == "files":
        rampviewer.write_parameters("pars", jump=TUNED, fit=FIT)
        gain, noise = exposure.gain_reference.name, exposure.readnoise_reference.name
        given = f"--override_gain={gain} --override_readnoise={noise}"
        lines = "\n".join(
            f"strun pars/pars-{step}.asdf {source} {given}"
            for step, source in (
                ("jumpstep", "x_ramp.fits"),
                ("rampfitstep", "x_jumpstep.fits"),
            )
        )
    for line in lines.splitlines():
        stpipe.Step.from_cmdline(shlex.split(line)[1:])
    names = sorted(path.name for path in Path().glob("*step.fits"))
    assert names == [
        "x_0_rampfitstep.fits",
        "x_1_rampfitstep.fits",
        "x_jumpstep.fits",
    ]
    (flags,) = planes("x_jumpstep.fits", "GROUPDQ")
    np.testing.assert_array_equal(flags, result.jumps.groupdq)
    slope, dq = planes("x_0_rampfitstep.fits", "SCI", "DQ")
    np.testing.assert_array_equal(dq, result.fit.rate.dq)
    np.testing.assert_allclose(slope, result.fit.rate.slope, rtol=1e-5, atol=1e-6)
    # The logs in their products tell us with which parameters.
    for name in names[:2]:
        told = rampviewer.read_parameters(name)
        assert (told.jump, told.fit, told.notes) == (TUNED, FIT, ())
    exposure = rampviewer.open("x_jumpstep.fits", exposure.gain, exposure.readnoise)
    assert exposure.delivered.jump == TUNED


def raw_files(*, zipped=False, zeroframe=False):
    """Write the same exposure as before any step, and levels of saturation in a file."""
    from stdatamodels.jwst import datamodels  # noqa: PLC0415 - slow to import

    with datamodels.open("x_ramp.fits") as ramp:
        raw = datamodels.Level1bModel(data=np.clip(ramp.data, 0, 65535).astype(np.uint16))
        raw.update(ramp)
        raw.meta.cal_step.linearity = raw.meta.cal_step.saturation = None
        if zeroframe:  # not named in the header: then it is not searched for saturation
            raw.zeroframe = raw.data[:, 0].copy()
        level = datamodels.SaturationModel(data=np.full(raw.data.shape[2:], 30_000.0))
        level.update(ramp)
        level.meta.model_type = None
    raw.save("y_uncal.fits")
    level.save("level.fits")
    if zipped:
        Path("y_uncal.fits.gz").write_bytes(
            gzip.compress(Path("y_uncal.fits").read_bytes())
        )
        Path("y_uncal.fits").unlink()


@pytest.mark.filterwarnings("ignore")  # of the official package
@pytest.mark.parametrize("way", ["strun", "python"])
@pytest.mark.parametrize(
    "rule", [{}, {"use_readpatt": False, "n_pix_grow_sat": 2}], ids=["usual", "other"]
)
@pytest.mark.parametrize("name", ["y_uncal.fits", "y_uncal.fits.gz"])
def test_the_official_steps_make_the_same_of_a_quick_look(result, way, rule, name):
    # From a file the official step would misread a zero frame.
    raw_files(zipped=name.endswith(".gz"), zeroframe=way == "python")
    gain, noise = (result.exposure.path.with_name(f"x_{of}.fits") for of in REFERENCES)
    exposure = rampviewer.open(name, gain, noise, saturation="level.fits", **rule)
    ours = rampviewer.process(exposure, TUNED, FIT)
    lines = lines_for(exposure, ours.run.recipe)
    assert [*lines.notes] == [ZEROFRAME_NOTE] * (way == "python")
    if way == "strun":
        for line in lines.strun.splitlines():
            stpipe.Step.from_cmdline(shlex.split(line)[1:])
        (flags,) = planes("y_jumpstep.fits", "GROUPDQ")
        slope, dq = planes(next(Path().glob("y_*0_rampfitstep.fits")), "SCI", "DQ")
    else:
        names = {}
        exec(lines.python, names)
        flags = names["jump"].groupdq
        slope, dq = names["rate"].data, names["rate"].dq
    assert (flags & Dq.SATURATED).any()
    np.testing.assert_array_equal(flags, ours.jumps.groupdq)
    np.testing.assert_array_equal(dq, ours.fit.rate.dq)
    np.testing.assert_allclose(slope, ours.fit.rate.slope, rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_a_quick_look_without_a_level_needs_no_step_more(result):
    raw_files()
    exposure = rampviewer.open("y_uncal.fits", 2.0, 9.0)
    lines = lines_for(exposure, result.run.recipe)
    assert "saturation" not in lines.strun + lines.python
    exposure = rampviewer.open("y_uncal.fits", 2.0, 9.0, saturation=30_000)
    lines = lines_for(exposure, result.run.recipe)
    assert len(lines.strun.splitlines()) == 3
    assert "override_saturation" not in lines.strun + lines.python
    assert "The saturation level was not read from a file" in " ".join(lines.notes)


@pytest.mark.filterwarnings("ignore")  # of the official package
def test_a_zero_frame_of_a_file_is_misread_by_the_official_step(result):
    from jwst.ramp_fitting import RampFitStep  # noqa: PLC0415 - slow to import
    from stdatamodels.jwst import datamodels  # noqa: PLC0415 - as above

    only = np.s_[:, 30:34, 30:34]  # no group is good there
    with datamodels.open("x_ramp.fits") as ramp:
        ramp.groupdq[:, :, 30:34, 30:34] = Dq.SATURATED
        ramp.zeroframe = np.full(ramp.data[:, 0].shape, 500.0, np.float32)
        ramp.save("z_ramp.fits")
    gain, noise = (f"x_{of}.fits" for of in REFERENCES)
    exposure = rampviewer.open("z_ramp.fits", gain, noise)
    ours = rampviewer.process(exposure, fit=FIT, skip=["jump"])
    step = RampFitStep(override_gain=gain, override_readnoise=noise, **asdict(FIT))
    _, misread = step.run("z_ramp.fits")
    swapped = np.float32(500).byteswap() / exposure.timing.frame_time
    np.testing.assert_allclose(misread.data[only], swapped, rtol=1e-5)
    with datamodels.open("z_ramp.fits") as ramp:
        ramp.zeroframe = ramp.zeroframe.astype(np.float32)  # in the order of the machine
        _, read = step.run(ramp)
    np.testing.assert_allclose(ours.fit.rateints.slope, read.data, rtol=1e-5, atol=1e-5)
    notes = lines_for(exposure, ours.run.recipe).notes
    assert notes == (ZEROFRAME_NOTE,)
    for fit in (rampviewer.RampFitParameters(), replace(FIT, algorithm="LIKELY")):
        assert lines_for(exposure, replace(ours.run.recipe, fit=fit)).notes == ()
