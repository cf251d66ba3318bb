"""Undo and redo of parameters, in the whole window."""

from PyQt6.QtCore import Qt

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def sigma(application):
    return application.session.recipe.jump.rejection_threshold


def rest(application, hand):
    """Wait until the parameters are remembered."""
    timer = application.history._timer
    hand.until(lambda: not timer.isActive())
    hand.settle()


def test_a_drag_is_one_step_back(application, hand, files):
    hand.open(files)
    rest(application, hand)
    assert not application.window.action("undo").isEnabled()
    place = hand.grasp()
    for _ in range(5):
        place.setX(place.x() + 9)
        hand.drag_to(place)
    hand.release(place)
    moved = sigma(application)
    assert moved > 4
    rest(application, hand)
    hand.qtbot.keyClick(application.window, Qt.Key.Key_Z, CTRL)
    assert sigma(application) == 4
    hand.settle()
    assert application.processing.threshold._box.value() == 4
    hand.qtbot.keyClick(application.window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert sigma(application) == moved
    assert not application.window.action("redo").isEnabled()


def test_undo_at_once_takes_back_what_is_not_at_rest(application, hand, files):
    hand.open(files)
    hand.type_threshold("6")
    rest(application, hand)
    hand.type_threshold("7")
    hand.trigger("undo")
    assert sigma(application) == 6
    hand.trigger("undo")
    assert sigma(application) == 4
    tip = application.window.action("redo").toolTip()
    assert tip == "rejection_threshold 4 to 6"
