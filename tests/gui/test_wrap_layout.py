import pytest
from PyQt6.QtWidgets import QToolButton, QWidget

from rampviewer.gui.widgets.wrap_layout import WrapLayout


@pytest.fixture
def bar(qtbot):
    widget = QWidget()
    layout = WrapLayout(widget)
    layout.setContentsMargins(4, 2, 2, 0)
    layout.setSpacing(5)
    for number in range(6):
        if number == 4:
            layout.begin_right()
        button = QToolButton()
        button.setFixedSize(50, 20)
        layout.addWidget(button)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def places(bar, width):
    bar.resize(width, 100)
    buttons = [bar.layout().itemAt(n).widget() for n in range(6)]
    return [(button.x(), button.y()) for button in buttons if button.isVisible()]


def test_a_wide_row_has_its_last_part_at_the_right_end(bar):
    found = places(bar, 500)
    assert {y for _, y in found} == {2}
    assert [x for x, _ in found] == [4, 59, 114, 169, 500 - 2 - 105, 500 - 2 - 50]


def test_a_narrow_row_goes_on_below(bar):
    found = places(bar, 230)
    assert found == [(4, 2), (59, 2), (114, 2), (169, 2), (4, 27), (59, 27)]
    assert bar.layout().heightForWidth(230) == 2 + 20 + 5 + 20
    assert bar.minimumSizeHint().width() == 56


def test_what_is_hidden_takes_no_room(bar):
    bar.layout().itemAt(1).widget().hide()
    found = places(bar, 290)
    assert len(found) == 5
    assert {y for _, y in found} == {2}
    assert bar.sizeHint().width() == 5 * 50 + 4 * 5 + 6


def test_the_stretched_one_takes_what_its_row_has_left(qtbot):
    widget = QWidget()
    layout = WrapLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(5)
    buttons = [QToolButton() for _ in range(4)]
    for number, button in enumerate(buttons):
        button.setFixedSize(50, 20)
        if number == 1:
            button.setMinimumWidth(80)
            button.setMaximumWidth(1000)
        layout.addWidget(button)
        if number == 1:
            layout.stretch_last()
    qtbot.addWidget(widget)
    widget.show()
    for width, expected in (
        (400, [(0, 0, 50), (55, 0, 235), (295, 0, 50), (350, 0, 50)]),
        (200, [(0, 0, 50), (55, 0, 90), (150, 0, 50), (0, 25, 50)]),
        (100, [(0, 0, 50), (0, 25, 100), (0, 50, 50), (0, 75, 50)]),
    ):
        widget.resize(width, 120)
        found = [(button.x(), button.y(), button.width()) for button in buttons]
        if width == 100:  # the last two have room beside each other only at 105
            assert layout.heightForWidth(width) == 4 * 20 + 3 * 5
        assert found == expected
