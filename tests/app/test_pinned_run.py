"""The live run against one that was pinned, in the whole window."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from rampviewer.model.planes.plane import Plane
from rampviewer.model.planes.rate_difference import sigma_difference
from rampviewer.window.pinned_run import NOT_YET
from tests.app.hand import LEFT, same
from tests.app.test_second_image import choose


@pytest.fixture
def opened(application, hand, files):
    hand.open(files)
    return application


def press_pin(hand):
    hand.qtbot.mouseClick(hand.app.processing.run_bar.pin, LEFT)


def rate_of(application):
    return application.session.run.rate.slope.copy()


def test_a_difference_is_taken_to_the_pinned_run(opened, hand, qtbot):
    before, error = rate_of(opened), opened.session.run.rate
    press_pin(hand)
    assert hand.message() == (
        "The live run is pinned (4 sigma). To see what a parameter changes from here on, "
        "choose Rate, live minus pinned (4 sigma) under Show."
    )
    choose(opened.plane_bar, Plane.DIFFERENCE, qtbot)
    assert not hand.shown[np.isfinite(hand.shown)].any()
    for threshold in ("6", "5.9", "2.5"):  # by a move and by a pass
        hand.type_threshold(threshold)
        hand.settle()
        assert same(hand.shown, rate_of(opened) - before)
        assert (np.abs(hand.shown) > 0).any()
    assert opened.image._title.text() == "Rate, live minus pinned (4 sigma)"
    choose(opened.plane_bar, Plane.SIGMA_DIFFERENCE, qtbot)
    assert same(hand.shown, sigma_difference(error, opened.session.run.rate))
    assert 0 not in opened.session.runs  # that as delivered is not needed for it


def test_pinning_a_run_and_pinning_a_pixel_are_told_apart(opened):
    assert opened.processing.run_bar.pin.text() == "Pin run"
    assert opened.pins.panel.pin.text() == "Pin"


def test_both_images_name_what_they_are_taken_to(opened, hand, qtbot):
    hand.trigger("second_image")
    press_pin(hand)
    for bar in (opened.plane_bar, opened.second.bar):
        choose(bar, Plane.DIFFERENCE, qtbot)
        assert bar._plane.currentText() == "Rate, live minus pinned (4 sigma) [DN/s]"
    hand.type_threshold("3")
    hand.settle()
    assert same(opened.image._values, opened.second.panel._values)
    assert "rejection_threshold" not in opened.processing.run_bar.pin.toolTip()
    assert "pinned (4 sigma)" in opened.processing.run_bar.pin.toolTip()


def test_let_go_it_is_the_run_as_delivered_again(opened, hand, qtbot):
    press_pin(hand)
    choose(opened.plane_bar, Plane.DIFFERENCE, qtbot)
    qtbot.keyClick(opened.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    hand.until(lambda: 0 in opened.session.runs)
    hand.settle()
    runs = opened.session.runs
    assert same(hand.shown, runs[1].rate.slope - runs[0].rate.slope)
    assert opened.plane_bar._plane.currentText().startswith("Rate, live minus as delivered")
    assert not opened.processing.run_bar.pin.isChecked()


def test_another_exposure_has_no_pinned_run(opened, hand, small, qtbot):
    press_pin(hand)
    choose(opened.plane_bar, Plane.DIFFERENCE, qtbot)
    hand.open(small)
    assert not opened.processing.run_bar.pin.isChecked()
    assert not opened.window.action("pin_run").isChecked()
    assert "as delivered" in opened.image._title.text()
    assert hand.shown.shape == opened.session.exposure.pixeldq.shape


def test_the_run_as_delivered_cannot_be_pinned(opened, hand):
    hand.trigger("as_delivered")
    hand.settle()
    press_pin(hand)
    assert hand.message() == NOT_YET
    assert not opened.processing.run_bar.pin.isChecked()
    assert opened.session.first._shown.pinned is None
