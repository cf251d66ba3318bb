"""What the window says of a pass that failed for a reason nobody foresaw."""

from dataclasses import replace

import pytest

from rampviewer.model.live.live_run import LiveRun


@pytest.fixture
def failing(monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("no ellipse")

    monkeypatch.setattr(LiveRun, "refresh_steps", fail)


def test_large_events_whose_search_failed_are_not_pending(
    application, hand, small, failing, qtbot
):
    hand.open(small)
    jump = replace(application.session.recipe.jump, expand_large_events=True)
    with qtbot.captureExceptions() as errors:
        application.processing.parameters.jump_parameters_edited.emit(jump)
        hand.until(lambda: bool(errors))
    assert "no ellipse" in str(errors[0][1])
    assert application.processing.run_bar._found.text().endswith(
        "primary jumps, large events failed"
    )
    assert not application.processing.live.is_busy
    # The next move is as if nothing had been.
    application.processing.parameters.jump_parameters_edited.emit(
        replace(jump, expand_large_events=False)
    )
    hand.settle()
    assert application.processing.run_bar._found.text().endswith("primary jumps")
