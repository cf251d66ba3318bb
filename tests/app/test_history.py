"""Undo and redo of parameters, in the whole window."""

from dataclasses import fields

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.parameters.parameter_row import (
    ChoiceEditor,
    NumberEditor,
    OptionalEditor,
)
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

ALL = [item.name for item in (*fields(JumpParameters), *fields(RampFitParameters))]

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


def press(hand, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key where the keyboard is."""
    hand.qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def type_value(hand, line, text):
    line.setFocus()
    line.selectAll()
    hand.qtbot.keyClicks(line, text)


def test_undo_acts_where_the_value_was_typed(application, hand, files):
    hand.open(files)
    hand.open_tab("Parameters")
    line = application.processing.parameters.row("rejection_threshold")._editor.line
    for field in (line, application.processing.threshold._box.lineEdit()):
        type_value(hand, field, "3.2")
        press(hand, Qt.Key.Key_Return)
        assert sigma(application) == 3.2
        press(hand, Qt.Key.Key_Z, CTRL)
        assert sigma(application) == 4
        press(hand, Qt.Key.Key_Z, CTRL | SHIFT)
        assert sigma(application) == 3.2
        press(hand, Qt.Key.Key_Z, CTRL)


def test_what_is_being_typed_is_taken_back_alone(application, hand, files):
    hand.open(files)
    hand.type_threshold("6")
    hand.open_tab("Parameters")
    line = application.processing.parameters.row("rejection_threshold")._editor.line
    for field in (line, application.processing.threshold._box.lineEdit()):
        type_value(hand, field, "3.2")
        typed = field.text()
        press(hand, Qt.Key.Key_Z, CTRL)
        assert field.text() != typed
        assert sigma(application) == 6


def change(row):
    """Give a parameter another value."""
    editor = row._editor
    if isinstance(editor, NumberEditor):
        editor.line.setText("7" if editor.line.text() != "7" else "8")
        editor.line.editingFinished.emit()
    elif isinstance(editor, ChoiceEditor):
        editor.box.setCurrentText("LIKELY")
    elif isinstance(editor, OptionalEditor):
        editor.box.click()
    else:
        editor.box.setChecked(not editor.box.isChecked())


def test_every_parameter_comes_back(application, hand, small):
    hand.open(small)
    panel, session = application.processing.parameters, application.session
    for name in ALL:
        first = session.recipe
        change(panel.row(name))
        changed = session.recipe
        assert changed != first, name
        hand.trigger("undo")
        assert session.recipe == first, name
        hand.trigger("redo")
        assert session.recipe == changed, name
        hand.trigger("undo")
    hand.settle()
