import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.widgets.number_box import CountBox, ExactBox

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALL, EXACT, NEITHER = (ExactBox, CountBox), (ExactBox,), ()


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    ("key", "text", "modifier", "kept_by"),
    [
        (Qt.Key.Key_N, "n", NONE, NEITHER),
        (Qt.Key.Key_N, "N", SHIFT, NEITHER),
        (Qt.Key.Key_P, "p", NONE, NEITHER),
        (Qt.Key.Key_E, "e", NONE, EXACT),
        (Qt.Key.Key_1, "1", NONE, ALL),
        (Qt.Key.Key_Period, ".", NONE, EXACT),
        (Qt.Key.Key_Comma, ",", NONE, EXACT),
        (Qt.Key.Key_A, "a", Qt.KeyboardModifier.ControlModifier, ALL),
    ],
)
def test_what_no_number_of_the_kind_has_in_it_is_left_to_the_window(
    qtbot, kind, key, text, modifier, kept_by
):
    box = kind()
    qtbot.addWidget(box)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier, text)
    event.ignore()
    QApplication.sendEvent(box, event)
    assert event.isAccepted() == (kind in kept_by)
