"""Keys that go through groups and integrations, wherever the focus is."""

import pytest
from PyQt6.QtCore import Qt

from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from tests.app.test_second_image import choose

Key = Qt.Key


@pytest.fixture
def session(application, hand, small, qtbot):
    hand.open(small, pixel=Pixel(20, 30))
    choose(application.plane_bar, Plane.GROUP, qtbot)
    return application.session


@pytest.mark.parametrize("focus", ["image", "ramp", "tables"])
def test_keys_step_through_integrations_and_groups_and_wrap(
    application, session, focus, qtbot, hand
):
    hand.open_tab("Jumps")
    widget = {
        "image": application.image.view._plot,
        "ramp": application.ramp.tools.fit,
        "tables": application.tables.jumps.view,
    }[focus]
    widget.setFocus()
    steps = (
        (Key.Key_PageDown, (1, 0)),
        (Key.Key_PageUp, (0, 0)),
        (Key.Key_PageUp, (2, 0)),
        (Key.Key_Period, (2, 1)),
        (Key.Key_Comma, (2, 0)),
        (Key.Key_Comma, (2, 5)),
    )
    for key, place in steps:
        qtbot.keyClick(application.window.focusWidget(), key)
        assert (session.first.integration, session.first.group) == place
