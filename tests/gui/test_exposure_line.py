from dataclasses import replace

import pytest

from rampviewer.gui.shell.exposure_line import ExposureLine
from tests.exposures import random_exposure


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((1, 10, 4, 5), "1 integration x 10 groups, 5 x 4 pixels"),
        ((3, 1, 4, 5), "3 integrations x 1 group, 5 x 4 pixels"),
    ],
)
def test_one_is_singular(qtbot, shape, text):
    line = ExposureLine()
    qtbot.addWidget(line)
    line.show_exposure(random_exposure(shape=shape))
    assert text in line.text()


def test_that_an_exposure_is_uncalibrated_is_not_overlooked(qtbot):
    line = ExposureLine()
    qtbot.addWidget(line)
    line.show()
    exposure = random_exposure(shape=(1, 5, 4, 5))
    line.show_exposure(exposure)
    assert not line.warning.isVisible()
    line.show_exposure(replace(exposure, quick_look="Quick look only."))
    assert line.warning.isVisible()
    assert line.warning.text() == "QUICK LOOK, UNCALIBRATED"
    assert line.warning.property("role") == "warning"  # bold, in the colour of errors
    assert line.text().startswith("QUICK LOOK, UNCALIBRATED   |   ")
    assert line.text().count("QUICK LOOK") == 1
    line.show_exposure(None)
    assert not line.warning.isVisible()


@pytest.mark.parametrize("reference", ["a", "a_long_name_of_a_reference_file.fits" * 3])
@pytest.mark.parametrize("width", [500, 1350])
def test_both_lines_begin_at_one_place(qtbot, reference, width):
    line = ExposureLine()
    qtbot.addWidget(line)
    line.resize(width, 44)
    line.show()
    exposure = random_exposure(shape=(1, 5, 4, 5))
    line.show_exposure(replace(exposure, gain_reference=reference))
    qtbot.waitExposed(line)
    line.layout().activate()
    first, second = line._lines
    assert first.x() == second.x()
