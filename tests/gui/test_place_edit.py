import pytest
from PyQt6.QtCore import Qt

from rampviewer.gui.image.place_edit import PlaceEdit
from rampviewer.model.exposure import Pixel

ENTER = Qt.Key.Key_Return


@pytest.fixture
def edit(qtbot):
    edit = PlaceEdit()
    qtbot.addWidget(edit)
    edit.show()
    return edit


@pytest.mark.parametrize("text", ["512,300", " 512 300", "(512, 300)", "512;300"])
def test_x_stands_before_y(edit, qtbot, text):
    qtbot.keyClicks(edit, text)
    with qtbot.waitSignals([edit.pixel_entered, edit.left]) as seen:
        qtbot.keyClick(edit, ENTER)
    assert seen.all_signals_and_args[0].args == (Pixel(row=300, col=512),)
    assert edit.text() == ""


@pytest.mark.parametrize("text", ["", "512", "a, b", "1, 2, 3", "-1, 4", "1.5, 2"])
def test_what_is_no_pixel_stays_to_be_mended(edit, qtbot, text):
    qtbot.keyClicks(edit, text)
    with (
        qtbot.assertNotEmitted(edit.pixel_entered),
        qtbot.waitSignal(edit.refused) as refused,
    ):
        qtbot.keyClick(edit, ENTER)
    assert "type x and y" in refused.args[0]
    assert edit.text() == text


def test_escape_gives_the_keyboard_back(edit, qtbot):
    qtbot.keyClicks(edit, "3")
    with qtbot.waitSignal(edit.left):
        qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == ""
