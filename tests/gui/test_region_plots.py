import numpy as np
import pytest

from rampviewer.gui.regions.region_plots import NO_GROUP, RegionPlots
from rampviewer.model.planes.plane import Plane
from rampviewer.model.regions.region import Region
from rampviewer.model.regions.region_summary import RegionJob
from rampviewer.model.regions.shapes import Rectangle
from tests.exposures import random_exposure


@pytest.fixture
def plots(qtbot):
    widget = RegionPlots()
    qtbot.addWidget(widget)
    widget.resize(700, 200)
    return widget


def summary(exposure, values, plane=Plane.RATE):
    job = RegionJob(
        exposure=exposure,
        run=None,
        region=Region("region 1", Rectangle(5, 5, 4, 4)),
        average="mean",
        values=values,
        plane=plane,
        heading="Rate",
        integration=0,
    )
    (found,) = job.steps(lambda: False, lambda: False)
    return found


def test_a_region_of_nothing_but_nan_says_why_it_is_empty(plots):
    exposure = random_exposure()
    values = np.full(exposure.shape[2:], np.nan, np.float32)
    exposure.sci[:] = np.nan
    plots.show_summary(summary(exposure, values))
    assert plots.ramp_note.text.startswith(NO_GROUP.format("")[:-1])
    assert "NaN data" in plots.ramp_note.text
    assert plots.bin_note.text == Plane.RATE.none_text
    exposure.sci[:], exposure.groupdq[:], values[:] = 1.0, 0, 2.0
    plots.show_summary(summary(exposure, values))
    assert (plots.ramp_note.text, plots.bin_note.text) == ("", "")


def test_a_long_name_of_values_without_unit_is_not_cut(plots):
    plots.resize(420, 200)
    plots.grab()
    exposure = random_exposure()
    ones = np.ones(exposure.shape[2:], np.float32)
    plots.show_summary(summary(exposure, ones, Plane.CHISQ))
    assert plots._bin_axis.labelText == "value"
