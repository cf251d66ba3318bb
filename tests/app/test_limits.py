"""Limits of the image in the whole window, and in the next session."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt

from rampviewer.app import Application
from rampviewer.core.dq import Dq
from rampviewer.gui.image.stretch import LimitsRule
from rampviewer.model.planes.plane import Plane
from tests.app.hand import LEFT, Hand
from tests.app.test_second_image import choose


def retype(box, text, qtbot):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.fixture
def again(application, qtbot, settings):
    """Return a function that closes the window and opens another one."""
    made = []

    def start():
        application.window.close()
        made.append(Application(settings))
        qtbot.addWidget(made[-1].window)
        made[-1].window.show()
        return made[-1]

    yield start
    for each in made:
        each.window.close()


def test_later_groups_do_not_saturate(application, hand, files, qtbot):
    hand.open(files)
    choose(application.plane_bar, Plane.GROUP, qtbot)
    limits = application.image.limits.limits
    for _ in range(9):
        qtbot.keyClick(application.window, Qt.Key.Key_Period)
        assert np.nanmean(hand.shown > limits.high) < 0.01
    assert application.image.limits.limits == limits


def test_a_difference_to_a_group_suits_the_last_one_too(application, hand, files, qtbot):
    hand.open(files)
    choose(application.plane_bar, Plane.GROUP_DIFFERENCE, qtbot)
    qtbot.keyClick(application.plane_bar._minus._slider, Qt.Key.Key_Home)
    for _ in range(9):
        qtbot.keyClick(application.window, Qt.Key.Key_Period)
        assert np.mean(hand.shown > application.image.limits.limits.high) < 0.2


def test_a_movie_holds_the_limits_although_hold_is_off(application, hand, files, qtbot):
    hand.open(files)
    bar, image = application.plane_bar, application.image
    choose(bar, Plane.GROUP, qtbot)
    image._bar._hold.click()
    first = image.limits.limits
    qtbot.mouseClick(bar.movie, LEFT, pos=QPoint(6, 8))
    seen = set()
    for _ in range(9):
        bar.movie._timer.timeout.emit()
        seen.add(image.limits.limits)
    assert len(seen) == 1
    qtbot.mouseClick(bar.movie, LEFT, pos=QPoint(6, 8))
    assert application.session.first.group == 9
    assert image.limits.limits not in (first, seen.pop())


def test_typed_limits_a_rule_and_hold_come_back_in_the_next_session(
    application, hand, files, qtbot, again
):
    hand.open(files)
    bar = application.image._bar
    retype(bar._low, "-1.25", qtbot)
    retype(bar._high, "17.5", qtbot)
    choose(application.plane_bar, Plane.GROUP, qtbot)
    qtbot.keyClick(bar._rule, Qt.Key.Key_Home)  # zscale
    bar._hold.click()
    application = again()
    hand = Hand(application, qtbot)
    hand.open(files)
    image = application.image
    assert image.limits.limits == (-1.25, 17.5)
    assert image.limits.rule is LimitsRule.MANUAL
    choose(application.plane_bar, Plane.GROUP, qtbot)
    assert image.limits.rule is LimitsRule.ZSCALE
    assert not image._bar._hold.isChecked()


def test_the_second_plane_and_the_flags_to_draw_come_back(
    application, hand, files, qtbot, again
):
    hand.open(files)
    hand.trigger("second_image")
    choose(application.second.bar, Plane.JUMPS, qtbot)
    qtbot.keyClick(application.window, Qt.Key.Key_D)
    legend = application.image.overlay
    qtbot.mouseClick(legend._buttons[Dq.SATURATED], LEFT)
    legend._opacity.setValue(55)
    qtbot.keyClick(application.window, Qt.Key.Key_D)
    application = again()
    Hand(application, qtbot).open(files)
    assert application.second.bar.plane() is Plane.JUMPS
    assert application.session.second.plane is Plane.JUMPS
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow)
    assert not application.image.overlay.isVisible()
    qtbot.keyClick(application.window, Qt.Key.Key_D)
    legend = application.image.overlay
    on = [bit for bit, button in legend._buttons.items() if button.isChecked()]
    assert set(on) == {Dq.JUMP_DET, Dq.SATURATED}
    assert legend._opacity.value() == 55
