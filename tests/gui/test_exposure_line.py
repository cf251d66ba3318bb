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
