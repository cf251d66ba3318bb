"""Going to a pixel by its numbers, and freezing what the mouse shows."""

import pytest
from PyQt6.QtCore import Qt

from rampviewer.model.exposure import Pixel

Key = Qt.Key


@pytest.fixture
def opened(application, hand, files):
    hand.open(files)
    return application


def go(application, hand, text):
    hand.qtbot.keyClick(application.window, Key.Key_G)
    edit = application.navigation.place
    assert edit.hasFocus()
    hand.qtbot.keyClicks(edit, text)
    hand.qtbot.keyClick(edit, Key.Key_Return)


def test_numbers_select_a_pixel_and_arrows_go_on_from_there(opened, hand):
    go(opened, hand, "100, 20")
    assert opened.session.pixel == Pixel(20, 100)
    hand.qtbot.keyClick(opened.window.focusWidget(), Key.Key_Right)
    assert opened.session.pixel == Pixel(20, 101)


def test_a_pixel_outside_is_refused_in_words(opened, hand):
    go(opened, hand, "192, 0")
    assert "192" in hand.error()
    assert opened.session.pixel is None
    go(opened, hand, "191, 0")
    assert hand.error() == ""
    assert opened.session.pixel == Pixel(0, 191)


def test_without_an_exposure_there_is_nowhere_to_go(application):
    assert not application.window.action("go_to").isEnabled()
    assert not application.navigation.place.isEnabled()


def test_frozen_what_the_mouse_showed_stays(opened, hand):
    hand.hover(50, 60)
    shown = opened.ramp.shown()
    assert shown.pixel == Pixel(50, 60)
    hand.qtbot.keyClick(opened.window, Key.Key_F)
    hand.hover(70, 80)
    hand.leave()
    assert opened.ramp.shown() is shown
    assert "frozen" in opened.status._base.text()
    hand.qtbot.keyClick(opened.window, Key.Key_F)
    hand.hover(70, 81)
    assert opened.ramp.shown().pixel == Pixel(70, 81)
    assert "frozen" not in opened.status._base.text()
