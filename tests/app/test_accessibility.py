"""Every control has a name for screen readers and can be reached by the keyboard."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QDialog,
    QLineEdit,
    QTabWidget,
    QWidget,
)

from rampviewer.model.exposure import Pixel


def is_inner(widget):
    """Return whether a widget is a part that Qt makes of another one."""
    parent = widget.parentWidget()
    is_viewport = isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
    while parent is not None:
        if isinstance(parent, QComboBox) or parent.isWindow():
            break
        parent = parent.parentWidget()
    in_list = isinstance(parent, QComboBox) or type(parent).__name__.endswith("Container")
    return is_viewport or in_list or widget.objectName().startswith("qt_")


def controls(window):
    found = [w for w in window.findChildren(QWidget) if w.window() is window]
    return [
        w for w in found if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_inner(w)
    ]


def name_of(widget):
    typed = isinstance(widget, QLineEdit)
    text = widget.text() if hasattr(widget, "text") and not typed else ""
    return widget.accessibleName() or text


def test_every_control_has_a_name(application, hand, files):
    hand.open(files)
    found = controls(application.window)
    assert len(found) > 60
    nameless = [
        f"{type(w).__name__} in {type(w.parent()).__name__}"
        for w in found
        if not name_of(w)
    ]
    assert nameless == []


def reached_by_tab(hand, window):
    """Return every widget that the Tab key comes to."""
    window.setFocus()
    reached = []
    for _ in range(300):
        hand.qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        now = window.focusWidget()
        if reached and now is reached[0]:
            break
        if now not in reached:
            reached.append(now)
    return reached


def test_tab_comes_to_every_control_of_every_panel(application, hand, files):
    hand.open(files, pixel=Pixel(20, 30))
    hand.trigger("second_image")
    hand.trigger("flags")
    window = application.window
    tabs = window.findChild(QTabWidget)
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        reached = reached_by_tab(hand, window)
        usable = [w for w in controls(window) if w.isVisible() and w.isEnabled()]
        missed = [name_of(w) for w in usable if w not in reached and w is not tabs]
        assert missed == []  # its titles stand for the panels themselves
        assert all(name_of(w) for w in reached)


@pytest.mark.parametrize(("command", "step"), [("next_panel", 1), ("previous_panel", -1)])
def test_panels_are_turned_by_keys(application, hand, command, step):
    tabs = application.window.findChild(QTabWidget)
    before = tabs.currentIndex()
    hand.trigger(command)
    assert tabs.currentIndex() == (before + step) % tabs.count()


@pytest.mark.parametrize("name", ["references", "export", "keys", "memory", "about"])
def test_every_control_of_a_dialog_has_a_name_and_is_reached(
    application, hand, files, qtbot, name
):
    hand.open(files)
    hand.trigger(name)
    dialog = hand.dialog(QDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    usable = [w for w in controls(dialog) if w.isVisible() and w.isEnabled()]
    assert usable
    assert [type(w).__name__ for w in usable if not name_of(w)] == []
    reached = reached_by_tab(hand, dialog)
    assert [name_of(w) for w in usable if w not in reached] == []
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())
