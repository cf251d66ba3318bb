from threading import Event

import pytest

from rampviewer.gui.state.plane_writer import PlaneWriter


@pytest.fixture
def writer():
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


def test_it_finishes_before_it_closes():
    gate, done = Event(), []
    writer = PlaneWriter()
    writer.write(lambda: done.append(gate.wait(60)))
    gate.set()
    writer.close()
    assert done == [True]
