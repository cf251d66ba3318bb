"""What the hand waits for comes first: the ramp, then all else."""

import pytest
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QApplication


class Painted(QObject):
    """Lists which of some widgets are painted, in their order."""

    def __init__(self, **widgets):
        super().__init__()
        self.names, self._names = [], {widget: name for name, widget in widgets.items()}
        for widget in widgets.values():
            widget.installEventFilter(self)

    def eventFilter(self, widget, event):  # noqa: N802 - overrides Qt
        if event.type() == QEvent.Type.Paint:
            self.names.append(self._names[widget])
        return False


@pytest.fixture
def painted(application, hand, files):
    hand.open(files)
    hand.click(40, 50)
    hand.hover(10, 10)
    ramp, image = application.ramp.grid, application.image._view._plot
    painted = Painted(ramp=ramp.viewport(), image=image.viewport())
    while True:  # until all that was to come of this is painted
        hand.qtbot.wait(100)
        if not painted.names:
            return painted
        painted.names.clear()


def finish():
    for _ in range(3):
        QApplication.processEvents()


def test_a_move_of_the_mouse_paints_the_ramp_before_it_returns_and_once(hand, painted):
    hand.hover(60, 70)
    assert painted.names == ["ramp"]
    finish()
    assert painted.names == ["ramp"]


def test_a_click_paints_the_ramp_then_the_mark_on_the_image(hand, painted):
    hand.click(60, 70)
    assert painted.names[0] == "ramp"
    finish()
    assert painted.names == ["ramp", "image"]


def test_an_arrow_key_paints_the_ramp_then_the_mark_on_the_image(
    application, hand, painted
):
    hand.qtbot.keyClick(application.image._view._plot, Qt.Key.Key_Right)
    finish()
    assert painted.names == ["ramp", "image"]


def test_a_threshold_that_is_dragged_paints_nothing_before_all_moves_are_taken(
    application, hand, painted
):
    for sigma in (5.0, 6.0, 7.0):
        application.session.set_threshold(sigma)
    assert painted.names == []
    hand.until(lambda: "ramp" in painted.names)


def test_the_image_does_not_wait_in_front_of_the_ramp(application, hand, painted):
    application.image._view.frame.refresh()
    hand.hover(60, 70)
    assert painted.names == ["ramp"]
    finish()
    assert painted.names == ["ramp", "image"]
