import pytest
from PyQt6.QtCore import QObject

from rampviewer.gui.work.reporter import Reporter
from rampviewer.gui.work.time_left import TimeLeft
from rampviewer.model.errors import CancelledError


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reporter(qapp, clock):
    parent = QObject()
    reporter = Reporter(parent, TimeLeft(clock))
    reporter.said = []
    reporter.told.connect(reporter.said.append)
    yield reporter
    parent.deleteLater()


def run(job, is_cancelled=lambda: False):
    return list(job.steps(is_cancelled, lambda: False))


def test_a_job_yields_what_its_work_returns(reporter):
    assert run(reporter.job("Reading x", lambda announce, advance: 7)) == [7]
    assert reporter.said == []


def test_short_work_is_not_talked_about(reporter, clock):
    def work(_announce, advance):
        clock.now += 1.0
        advance(1, 10)

    run(reporter.job("Reading x", work))
    assert reporter.said == []


def test_long_work_tells_how_far_it_is_and_when_it_ends(reporter, clock):
    def work(_announce, advance):
        clock.now += 10.0
        advance(2_500_000_000, 10_000_000_000)  # more than fits 32 bits

    run(reporter.job("Reading x", work))
    assert reporter.said == ["Reading x: 25 %, 0:30 left (Esc cancels)"]


def test_a_sentence_is_told_at_once_and_stays(reporter, clock):
    def work(announce, advance):
        announce("It is large.")
        clock.now += 0.1
        advance(1, 10)

    run(reporter.job("Reading x", work))
    assert reporter.said == [
        "It is large. Reading x ...",
        "It is large. Reading x: 10 % (Esc cancels)",
    ]


def test_work_that_is_cancelled_ends_at_its_next_part(reporter):
    parts, answers = [], iter([False, False, True])

    def work(_announce, advance):
        for part in range(5):
            parts.append(part)
            advance(part, 5)

    with pytest.raises(CancelledError):
        run(reporter.job("Reading x", work), lambda: next(answers))
    assert parts == [0, 1]


def test_nothing_is_heard_of_a_job_that_was_replaced_or_forgotten(reporter):
    old = reporter.job("old", lambda announce, _advance: announce("old"))
    new = reporter.job("new", lambda announce, _advance: announce("new"))
    run(old)
    assert reporter.said == []
    run(new)
    assert reporter.said == ["new new ..."]
    reporter.forget()
    run(new)
    assert len(reporter.said) == 1
