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


def test_arrow_keys_move_the_pixel_as_soon_as_an_exposure_is_open(
    application, hand, small, qtbot
):
    hand.open(small)
    window = application.window
    qtbot.keyClick(window.focusWidget() or window, Key.Key_N)
    hand.until(lambda: application.ramp.shown() is not None)
    row, col = application.ramp.shown().pixel
    qtbot.keyClick(window.focusWidget() or window, Key.Key_Left)
    assert application.ramp.shown().pixel == Pixel(row, col - 1)


@pytest.mark.parametrize("focus", ["image", "ramp", "tables", "group", "pins"])
def test_keys_step_through_integrations_and_groups_and_wrap(
    application, session, focus, qtbot, hand
):
    hand.open_tab("Pins" if focus == "pins" else "Jumps")
    widget = {
        "image": application.image.view._plot,
        "ramp": application.ramp.tools.fit,
        "tables": application.tables.jumps.view,
        "group": application.plane_bar._group._box,
        "pins": application.pins.panel.seed,
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


@pytest.mark.parametrize("box", ["group", "threshold"])
def test_letters_are_commands_where_numbers_are_typed(
    application, session, box, qtbot, hand
):
    boxes = {"group": application.plane_bar._group._box, "threshold": hand.box}
    boxes[box].setFocus()
    for key, command in ((Key.Key_D, "flags"), (Key.Key_S, "second_image")):
        qtbot.keyClick(application.window.focusWidget(), key)
        assert application.window.action(command).isChecked()
