import numpy as np
import pytest
from PyQt6.QtGui import QFontMetrics

from rampviewer.core.dq import Dq
from rampviewer.gui.image.plane_heading import PlaneHeading, value_text
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane

VALUES = np.array([[1.25, np.nan], [-3.0, 18432.5]], np.float32)
PIXEL = Pixel(1, 1)


@pytest.fixture
def heading(qtbot):
    heading = PlaneHeading()
    qtbot.addWidget(heading)
    heading.resize(400, 24)
    heading.show()
    return heading


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (np.float32(12.34567), "DN/s", "12.3457 DN/s"),
        (np.float32(0.5), "", "0.5"),
        (np.uint16(3), "jumps", "3 jumps"),
        (np.float32(4), "group", "group 4"),
        (np.float32("nan"), "group", "none"),
        (np.float32("nan"), "DN", "NaN"),
    ],
)
def test_a_value_is_told_with_its_unit(value, unit, text):
    assert value_text(value, unit) == text


def test_the_value_of_the_pixel_stands_beside_the_heading(heading):
    heading.show_plane("Group, group 3", VALUES, "DN", is_flags=False)
    assert (heading.text(), heading.value()) == ("Group, group 3", "")
    heading.read(PIXEL)
    assert heading.value() == "18432.5 DN"
    assert heading.toolTip() == "Group, group 3\n18432.5 DN"
    heading.read(None)
    assert heading.value() == ""


def test_it_follows_values_that_change_in_place_and_other_planes(heading):
    values = VALUES.copy()
    heading.show_plane("Rate", values, "DN/s", is_flags=False)
    heading.read(PIXEL)
    values[1, 1] = 7.0
    heading.renew()
    assert heading.value() == "7 DN/s"
    flags = np.full((2, 2), Dq.JUMP_DET | Dq.HOT, np.uint32)
    heading.show_plane("Rate DQ", flags, "", is_flags=True)
    assert heading.value() == "JUMP_DET, HOT"


def test_a_pixel_beyond_a_smaller_exposure_has_no_value(heading):
    heading.read(PIXEL)
    heading.show_plane("Rate", VALUES[:1], "DN/s", is_flags=False)
    assert heading.value() == ""


def test_a_long_heading_is_cut_before_the_value_is(heading):
    heading.show_plane(
        "Rate, live minus as delivered, by error " * 3, VALUES, "DN", is_flags=False
    )
    heading.read(PIXEL)
    assert heading.value() == heading._cut_value()[0] == "18432.5 DN"
    assert heading.minimumSizeHint().width() < 10  # it does not widen the window


@pytest.mark.parametrize(
    "text",
    [
        "Group difference, integration 1, group 6 - group 5",
        "Integration 1, group 6 - group 5",
        "Int 1, group 6 - group 5",
    ],
)
def test_numbers_of_a_heading_outlast_the_name_that_is_chosen_above_it(heading, text):
    text = text.replace("-", "\N{MINUS SIGN}")
    width = QFontMetrics(heading._bold()).horizontalAdvance(text)
    heading.resize(width + heading.fontMetrics().horizontalAdvance("18432.5 DN") + 20, 24)
    plane = Plane.GROUP_DIFFERENCE.heading(1, 6)
    heading.show_plane(plane, VALUES, "DN", is_flags=False)
    heading.read(PIXEL)
    assert heading.value() == "18432.5 DN"
    seen = heading.grab().toImage()
    heading.show_plane(text, VALUES, "DN", is_flags=False)
    assert heading.grab().toImage() == seen
