"""Who goes through the window with the keyboard alone sees where it is."""

import pytest
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtWidgets import QApplication, QTabWidget

from rampviewer.gui.widgets.theme import apply_theme
from rampviewer.model.exposure import Pixel
from tests.app.test_accessibility import name_of

Key = Qt.Key


def picture(window, widget):
    QApplication.processEvents()
    place = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
    return window.grab(place).toImage()


def unseen(hand, window):
    """Return the names of what Tab comes to and looks there as without the keyboard."""
    reached, names = [], []
    window.setFocus()
    while True:
        hand.qtbot.keyClick(window.focusWidget() or window, Key.Key_Tab)
        now = window.focusWidget()
        if reached and now is reached[0]:
            return len(reached), names
        if now in reached:  # the next link in a text
            continue
        reached.append(now)
        with_keyboard = picture(window, now)
        now.clearFocus()
        if picture(window, now) == with_keyboard:
            names.append(name_of(now))
        now.setFocus(Qt.FocusReason.TabFocusReason)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_is_seen_wherever_tab_comes(application, hand, files, theme):
    apply_theme(QApplication.instance(), theme)
    hand.open(files, pixel=Pixel(20, 30))
    hand.trigger("second_image")
    hand.trigger("new_circle")
    window = application.window
    tabs = window.findChild(QTabWidget)
    for index in range(tabs.count()):
        tabs.setCurrentIndex(index)
        hand.settle()
        hand.until(window.updatesEnabled)  # else nothing is painted at all
        n_reached, names = unseen(hand, window)
        assert n_reached > 40
        assert names == []


def test_tab_leaves_the_report_button_and_brings_it_into_sight(application, hand, files):
    hand.open(files, pixel=Pixel(20, 30))
    panel, window = application.pixel_panel, application.window
    window._right.setSizes([800, 60])
    bar = panel._text.verticalScrollBar()
    hand.until(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    panel.report.setFocus()
    assert bar.value() == 0
    hand.qtbot.keyClick(panel.report, Key.Key_Tab)
    assert window.focusWidget() not in (panel.report, panel._text)
