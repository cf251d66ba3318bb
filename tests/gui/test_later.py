import time

import pytest
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QWidget

from rampviewer.gui.work.later import AFTER, Later


@pytest.fixture
def done():
    return []


@pytest.fixture
def later(qtbot, done):
    return Later(lambda: done.append("acted"))


def test_all_requests_of_a_turn_are_answered_once(qtbot, later, done):
    for _ in range(3):
        later.request()
    assert not done
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(4 * AFTER)
    assert done == ["acted"]


def test_requests_without_a_rest_are_answered_meanwhile(qtbot, later, done):
    hand = QTimer()
    hand.timeout.connect(later.request)
    hand.start(1)
    qtbot.waitUntil(lambda: len(done) > 2)


def test_it_is_done_after_a_picture_that_takes_long(qtbot, later, done):
    class Slow(QWidget):
        def paintEvent(self, _event):  # noqa: N802 - overrides Qt
            time.sleep(2 * AFTER / 1000)
            done.append("painted")

    widget = Slow()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    done.clear()
    widget.update()
    later.request()
    time.sleep(2 * AFTER / 1000)  # of other work in the same turn
    qtbot.waitUntil(lambda: "acted" in done)
    assert done[0] == "painted"


def test_what_is_wanted_now_is_done_now_and_not_again(qtbot, later, done):
    later.act_now()
    assert not done
    later.request()
    later.act_now()
    assert done == ["acted"]
    qtbot.wait(4 * AFTER)
    assert done == ["acted"]
