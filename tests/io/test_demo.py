import numpy as np
import pytest
from jwst.jump import JumpStep
from jwst.ramp_fitting import RampFitStep
from stdatamodels.jwst import datamodels

from rampviewer.core.dq import Dq
from rampviewer.io.demo import demo_files, write_demo
from rampviewer.model.simulate import SimulationSettings, simulate


@pytest.fixture(scope="module")
def simulated():
    return simulate(SimulationSettings(size=64, n_groups=5, n_ints=2))


def test_the_references_are_named_after_the_exposure(tmp_path):
    files = demo_files(tmp_path / "star_ramp.fits")
    assert files.gain == tmp_path / "star_gain.fits"
    assert files.readnoise == tmp_path / "star_readnoise.fits"


def test_official_models_open_what_is_written(simulated, tmp_path):
    files = write_demo(tmp_path / "x_ramp.fits", simulated)
    kinds = (datamodels.RampModel, datamodels.GainModel, datamodels.ReadnoiseModel)
    arrays = (simulated.exposure.sci, simulated.exposure.gain, simulated.exposure.readnoise)
    for path, kind, array in zip(files, kinds, arrays, strict=True):
        with datamodels.open(path) as model:
            assert type(model) is kind
            model.validate()
            np.testing.assert_array_equal(model.data, array)
    with datamodels.open(files.ramp) as model:
        np.testing.assert_array_equal(model.groupdq, simulated.exposure.groupdq)
        np.testing.assert_array_equal(model.pixeldq, simulated.exposure.pixeldq)
        assert model.meta.exposure.ngroups == 5
        assert model.meta.exposure.nints == 2
        assert model.meta.exposure.group_time == simulated.exposure.timing.group_time
        assert model.meta.exposure.groupgap == simulated.exposure.timing.groupgap
        assert model.meta.subarray.xsize == 64
        assert model.int_times["integration_number"].tolist() == [1, 2]


def test_the_same_exposure_gives_the_same_files(simulated, tmp_path):
    first = [path.read_bytes() for path in write_demo(tmp_path / "x.fits", simulated)]
    again = write_demo(tmp_path / "x.fits", simulated, overwrite=True)
    assert [path.read_bytes() for path in again] == first


def test_an_existing_file_is_kept_unless_told_otherwise(simulated, tmp_path):
    gain = tmp_path / "x_gain.fits"
    gain.write_text("mine")
    with pytest.raises(FileExistsError, match=r"x_gain\.fits exists"):
        write_demo(tmp_path / "x_ramp.fits", simulated)
    assert gain.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [gain]


def test_official_steps_run_on_what_is_written(simulated, tmp_path, monkeypatch):
    # The steps ask at their end which set of reference files a server recommends.
    monkeypatch.setattr("stpipe.crds_client.get_context_used", lambda *_, **__: "OFFLINE")
    files = write_demo(tmp_path / "x_ramp.fits", simulated)
    references = {
        "override_gain": str(files.gain),
        "override_readnoise": str(files.readnoise),
    }
    jump = JumpStep.call(str(files.ramp), **references)
    rate, rateints = RampFitStep.call(jump, **references)
    assert jump.meta.cal_step.jump == "COMPLETE"
    assert (jump.groupdq & Dq.JUMP_DET).any()
    assert rateints.data.shape == (2, 64, 64)
    inner = np.isfinite(rate.data) & (simulated.exposure.pixeldq == 0)
    assert inner.sum() > 3000
    error = (rate.data - simulated.rate)[inner] / rate.err[inner]
    assert np.median(np.abs(error)) == pytest.approx(0.67, abs=0.1)
