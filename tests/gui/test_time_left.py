import pytest

from rampviewer.gui.work.time_left import TimeLeft


@pytest.mark.parametrize(
    ("elapsed", "done", "text"),
    [
        (10.0, 10, "1:30 left"),
        (100.0, 1, "165:00 left"),
        (30.0, 60, "0:20 left"),
        (1.0, 1, ""),  # too early to tell
        (10.0, 0, ""),
        (10.0, 99, ""),  # as good as over
        (10.0, 100, ""),
    ],
)
def test_what_is_left_follows_from_what_is_done(elapsed, done, text):
    times = iter([0.0, 5.0, 5.0 + elapsed])
    left = TimeLeft(lambda: next(times))
    left.start()
    assert left.text(done, 100) == text
