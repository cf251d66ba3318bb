"""Several small exposures, and an order for them."""

from dataclasses import replace

import pytest

from rampviewer.batch.order import Order
from rampviewer.model.settings.naming import Naming
from rampviewer.model.settings.parameter_set import ParameterSet
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposure_files import write_simulated


@pytest.fixture(scope="session")
def exposures(tmp_path_factory):
    """Return three exposures that one gain and one read noise serve."""
    folder = tmp_path_factory.mktemp("batch")
    return [
        write_simulated(folder, f"e{i}_ramp.fits", n_groups=5, seed=i) for i in range(3)
    ]


@pytest.fixture
def order(tmp_path, exposures):
    return Order(
        directory=tmp_path / "out",
        gain=exposures[0].gain,
        readnoise=exposures[0].readnoise,
        parameters=ParameterSet(name=""),
        jump=JumpParameters(),
        fit=RampFitParameters(),
        naming=Naming(),
        delivered_jumps="keep",
        n_threads=1,
        save_opt=False,
        overwrite=False,
        memory_budget=None,
    )


@pytest.fixture
def again(order):
    """Return the same order, with changes."""
    return lambda **changes: replace(order, **changes)
