import pytest

from rampviewer.gui.pins import pin_views
from rampviewer.gui.pins.pin_views import PinViews
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pins

PINS = Pins.of(Pixel(row, 3) for row in range(12))


@pytest.fixture
def views(qapp, monkeypatch):
    """Return views of pixels one of which is fitted at a time."""
    monkeypatch.setattr(pin_views, "SLICE", 0.0)
    views = PinViews(lambda pixel: f"view of {pixel}")
    yield views
    views.stop()


@pytest.fixture
def known(views):
    """Return how many views there were, each time that they were to be shown."""
    known = []
    views.views_changed.connect(
        lambda: known.append(sum(view is not None for _, view in views.pinned))
    )
    return known


def test_views_are_shown_now_and_then_and_when_all_are_there(
    views, known, qtbot, monkeypatch
):
    monkeypatch.setattr(views._shown._timer, "isActive", lambda: bool(known))
    monkeypatch.setattr(views._shown._timer, "start", lambda: None)  # it is never time
    views.set_pins(PINS)
    qtbot.waitUntil(lambda: 12 in known)
    assert known == [1, 12]


def test_views_that_are_kept_up_no_longer_are_not_shown_later(views, known):
    views.set_pins(PINS)
    views._work()
    views._work()
    assert views._shown.is_waiting
    views.stop()
    assert not views._shown.is_waiting
    assert not views._shown._timer.isActive()
    assert known == [1]
