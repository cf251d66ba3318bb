"""Both images tell the value of the pixel that is read out, whatever they show."""

import numpy as np
import pytest

from rampviewer.gui.image.plane_heading import value_text
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from tests.app.test_second_image import choose


@pytest.fixture
def both(application, hand, files):
    hand.open(files)
    hand.trigger("second_image")
    return application.image, application.second.panel


def values_told(both):
    return [panel._title.value() for panel in both]


def test_the_value_below_the_mouse_is_told_above_each_image(application, hand, both):
    hand.hover(100, 90)
    rate = application.session.run.rate.slope[100, 90]
    group = application.session.exposure.sci[0, -1, 100, 90]
    assert values_told(both) == [value_text(rate, "DN/s"), value_text(group, "DN")]
    hand.leave()
    assert values_told(both) == ["", ""]


@pytest.mark.parametrize(
    "plane", [Plane.LARGEST_RATIO, Plane.JUMPS, Plane.GROUP_DIFFERENCE, Plane.FIRST_JUMP]
)
def test_a_number_that_no_read_out_has_is_told(application, hand, both, plane):
    choose(application.plane_bar, plane, hand.qtbot)
    hand.settle()
    hand.qtbot.keyClick(application.window, ".")  # the next group
    hand.click(60, 70)
    hand.leave()
    assert values_told(both)[0] == value_text(both[0]._values[60, 70], plane.unit)


def test_the_value_follows_the_threshold(application, hand, both):
    choose(application.plane_bar, Plane.RATE, hand.qtbot)
    before = application.session.run.rate.slope.copy()
    hand.type_threshold("2.5")
    hand.settle()
    after = application.session.run.rate.slope
    row, col = np.argwhere(np.isfinite(after) & (before != after))[0].tolist()
    hand.type_threshold("4")
    hand.settle()
    application.session.set_pixel(Pixel(row, col))
    assert values_told(both)[0] == value_text(before[row, col], "DN/s")
    hand.type_threshold("2.5")
    hand.settle()
    assert values_told(both)[0] == value_text(after[row, col], "DN/s")
