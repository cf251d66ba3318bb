import numpy as np
import pytest

from rampviewer.gui.image.stretch import LimitsRule, limits_by
from rampviewer.gui.state.shown_plane import ShownPlane
from rampviewer.model.exposure import Exposure
from rampviewer.model.planes.plane import Plane
from rampviewer.model.timing import Timing


@pytest.fixture
def exposure():
    rng = np.random.default_rng(2)
    return Exposure.from_arrays(
        sci=rng.normal(100, 5, (2, 4, 300, 310)),
        groupdq=np.zeros((2, 4, 300, 310), np.uint8),
        pixeldq=np.zeros((300, 310), np.uint32),
        gain=1.0,
        readnoise=1.0,
        timing=Timing(frame_time=1.0, group_time=1.0),
    )


@pytest.mark.parametrize("rule", [LimitsRule.ZSCALE, LimitsRule.SKY, LimitsRule.MIN_MAX])
@pytest.mark.parametrize("plane", [Plane.GROUP, Plane.GROUP_DIFFERENCE])
def test_limits_of_another_group_are_those_of_its_values(exposure, plane, rule):
    shown = ShownPlane(plane)
    shown.integration, shown.minus = 1, 2
    sci = exposure.sci[1]
    wanted = sci[3] if plane is Plane.GROUP else sci[3] - sci[2]
    bad = np.zeros(wanted.shape, bool)
    bad[:, 100:120] = True
    for mask in (None, bad, np.ones_like(bad)):
        found = limits_by(rule, shown.of_group(exposure, 3), mask)
        assert found == limits_by(rule, wanted, mask)
