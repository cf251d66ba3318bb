import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.widgets.number_box import CountBox, ExactBox


@pytest.mark.parametrize("kind", [ExactBox, CountBox])
@pytest.mark.parametrize(
    ("key", "text", "modifier", "is_kept"),
    [
        (Qt.Key.Key_N, "n", Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_P, "p", Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_E, "e", Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_1, "1", Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Period, ".", Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_A, "a", Qt.KeyboardModifier.ControlModifier, True),
    ],
)
def test_letters_that_no_number_has_are_left_to_the_window(
    qtbot, kind, key, text, modifier, is_kept
):
    box = kind()
    qtbot.addWidget(box)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier, text)
    event.ignore()
    QApplication.sendEvent(box, event)
    assert event.isAccepted() == is_kept
