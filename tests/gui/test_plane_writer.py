from threading import Event

import pytest

from rampviewer.gui.state.plane_writer import PlaneWriter


@pytest.fixture
def writer(qapp):
    writer = PlaneWriter()
    yield writer
    writer.close()


def test_work_is_done_in_order_and_all_of_it_once_it_has_settled(writer):
    gate, done = Event(), []

    def wait():
        assert gate.wait(60)
        done.append(0)

    writer.write(wait)
    for k in range(1, 5):
        writer.write(lambda k=k: done.append(k))
    assert done == []  # whoever asks for it goes on at once
    gate.set()
    writer.settle()
    assert done == [0, 1, 2, 3, 4]


def test_what_fails_is_told_when_it_settles_although_other_work_followed(writer):
    done = []
    writer.write(lambda: 1 // 0)
    writer.write(lambda: done.append(1))
    with pytest.raises(ZeroDivisionError):
        writer.settle()
    assert done == []
    writer.write(lambda: done.append(2))
    writer.settle()
    assert done == [2]


def test_it_says_that_it_has_settled_when_it_has(writer, qtbot):
    gate, told = Event(), []
    writer.settled.connect(lambda: told.append(writer.is_settled))
    assert writer.is_settled
    for _ in range(3):
        writer.write(lambda: gate.wait(60))
    assert not writer.is_settled
    gate.set()
    writer.settle()
    assert told == []  # whoever waits for the signal is in a turn of its own
    qtbot.waitUntil(lambda: told != [])
    assert all(told)


def test_whoever_waited_does_not_keep_others_from_hearing_of_it(writer, qtbot):
    with qtbot.waitSignal(writer.settled):
        writer.write(lambda: None)
        writer.settle()


def test_it_finishes_before_it_closes(qapp):
    gate, done = Event(), []
    writer = PlaneWriter()
    writer.write(lambda: done.append(gate.wait(60)))
    gate.set()
    writer.close()
    assert done == [True]
