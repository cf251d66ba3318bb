"""What was tuned here runs there: commands and files give the official steps our flags."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import rampviewer
from rampviewer.io.names import product_name
from rampviewer.model.settings.commands import commands
from tests.exposure_files import write_simulated

stpipe = pytest.importorskip("stpipe")
pytest.importorskip("jwst.jump")

TUNED = rampviewer.JumpParameters(
    rejection_threshold=5.5, flag_4_neighbors=False, after_jump_flag_dn1=100
)
FIT = rampviewer.RampFitParameters(lastgroup=6, suppress_one_group=False)


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
    lines = commands(exposure, recipe, product_name(exposure.name, "jumpstep")).strun
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
