"""Moving the threshold: what is shown, what is cancelled, what wins."""

from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.gui.tables.jump_table_panel import WAIT_TEXT
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs import processing
from tests.app.hand import LEFT, NO_BUTTON, NO_KEY, same
from tests.exposure_files import with_jump_flags, write_exposure


@pytest.fixture
def exposure(files):
    return rampviewer.open(files.ramp, files.gain, files.readnoise)


@pytest.fixture
def impatient(monkeypatch):
    """Let every pass give way at once when another one waits, as that of a large file."""
    monkeypatch.setattr(processing, "WORTH_FINISHING", -1.0)


@pytest.fixture
def flagged(tmp_path, exposure):
    return write_exposure(tmp_path / "flagged", with_jump_flags(exposure), "f_jump.fits")


def rate_of(exposure, sigma, delivered="keep"):
    jump = rampviewer.JumpParameters(rejection_threshold=sigma)
    return rampviewer.process(exposure, jump, delivered_jumps=delivered).fit.rate.slope


def rates_as_delivered(exposure):
    arrays = (exposure.sci, exposure.groupdq, exposure.pixeldq, exposure.gain)
    more = (exposure.readnoise, exposure.timing, rampviewer.RampFitParameters())
    fit = rampviewer.fit_ramps(*arrays, *more, instrument=exposure.instrument)
    return fit.rate.slope


def agrees(application, hand, exposure, sigma):
    """Return whether all parts of the window show one threshold, and the image its run."""
    hand.settle()
    shown = (
        application.processing.threshold.value(),
        application.session.recipe.jump.rejection_threshold,
        application.session.run.recipe.jump.rejection_threshold,
    )
    return shown == (sigma,) * 3 and same(hand.shown, rate_of(exposure, sigma))


@pytest.mark.parametrize(
    ("text", "sigma"), [("3.75", 3.75), ("4.123456", 4.123456), ("12", 12.0), ("0.5", 0.5)]
)
def test_a_typed_threshold_is_kept_exactly(application, hand, files, exposure, text, sigma):
    hand.open(files)
    hand.type_threshold(text)
    assert agrees(application, hand, exposure, sigma)
    assert application.session.run.recipe.jump.rejection_threshold == sigma
    assert hand.box.text() == f"{text} sigma"


def test_arrow_keys_move_the_threshold(application, hand, files, exposure):
    hand.open(files)
    hand.slider.setFocus()
    seen = [application.processing.threshold.value()]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        hand.qtbot.keyClick(hand.slider, key)
        seen.append(application.processing.threshold.value())
    assert seen[0] < seen[1] < seen[2] > seen[3] > seen[4]
    assert agrees(application, hand, exposure, seen[-1])


def test_the_wheel_moves_the_threshold(application, hand, files, exposure):
    hand.open(files)
    place = QPointF(hand.slider.rect().center())
    event = QWheelEvent(
        place,
        QPointF(hand.slider.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120),
        NO_BUTTON,
        NO_KEY,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(hand.slider, event)
    sigma = application.processing.threshold.value()
    assert sigma != 4.0
    assert agrees(application, hand, exposure, sigma)


def test_reset_goes_back_to_the_default(application, hand, files, exposure):
    hand.open(files)
    hand.type_threshold("9")
    hand.qtbot.mouseClick(application.processing.threshold._reset, LEFT)
    assert agrees(application, hand, exposure, 4.0)


@pytest.mark.parametrize("give_way", [True, False])
def test_of_many_thresholds_the_last_one_wins(
    application, hand, files, exposure, monkeypatch, give_way
):
    monkeypatch.setattr(processing, "WORTH_FINISHING", -1.0 if give_way else 100.0)
    hand.open(files)
    for step in range(60):
        application.processing.threshold._slider.setValue(300 + 7 * step)
        hand.qtbot.wait(1)
    sigma = application.processing.threshold.value()
    assert agrees(application, hand, exposure, sigma)


def test_the_selected_pixel_follows_before_the_image(application, hand, files):
    hand.open(files, pixel=Pixel(90, 91))
    application.processing.threshold._slider.setValue(900)
    sigma = application.processing.threshold.value()
    assert application.session.run is None  # the image still has to be made
    assert f"run 1 ({sigma:g} sigma)" in application.ramp.grid.title.text
    assert f"rejection_threshold = {sigma:g} sigma" in application.pixel_panel.text()


def test_pixel_and_image_agree_after_a_drag(application, hand, files):
    pixels = [Pixel(20, 30), Pixel(100, 101), Pixel(150, 7), Pixel(64, 64)]
    hand.open(files)
    application.processing.threshold._slider.setValue(200)
    hand.settle()
    for pixel in pixels:
        hand.click(*pixel)
        view = application.ramp.shown()
        assert view.pixel == pixel
        np.testing.assert_array_equal(np.float32(view.slope), hand.shown[pixel])


# Cancel


@contextmanager
def worker_held(application):
    """Let a pass begin but come to nothing, however short it is."""
    gate = Event()
    application.processing.live._executor.submit(gate.wait, 30)
    try:
        yield
    finally:
        gate.set()


def start_a_pass(application, hand, sigma):
    """Move the threshold and wait until the pass for it runs."""
    with hand.qtbot.waitSignal(application.processing.live.started):
        application.session.set_threshold(sigma)


@pytest.mark.parametrize("way", ["escape", "button", "menu"])
def test_cancel_goes_back_to_the_last_complete_run(application, hand, files, exposure, way):
    hand.open(files, pixel=Pixel(90, 91))
    shown = hand.shown.copy()
    with worker_held(application):
        start_a_pass(application, hand, 11.0)
        if way == "escape":
            hand.qtbot.keyClick(application.window, Qt.Key.Key_Escape)
        elif way == "button":
            hand.qtbot.mouseClick(application.processing.threshold._cancel, LEFT)
        else:
            hand.trigger("cancel")
    assert application.processing.threshold.value() == 4.0
    assert same(hand.shown, shown)
    assert "(4 sigma)" in application.ramp.grid.title.text
    assert hand.message() == "Cancelled: back to run 1 (4 sigma), which was complete."
    assert agrees(application, hand, exposure, 4.0)


def test_a_difference_whose_other_run_was_cancelled_says_how_that_is_made(
    application, hand, files
):
    hand.open(files)
    session = application.session
    with worker_held(application):
        with hand.qtbot.waitSignal(application.processing.live.started):
            session.first.set_plane(Plane.DIFFERENCE)
        hand.qtbot.keyClick(application.window, Qt.Key.Key_Escape)
    again = "Run > As delivered (Ctrl+1) makes it."
    assert hand.message() == (
        f"Cancelled before run 0 (as delivered) was complete: {again}"
    )
    hand.trigger("as_delivered")
    hand.until(lambda: 0 in session.runs)
    hand.settle()
    assert again not in hand.message()
    assert same(hand.shown, session.runs[1].rate.slope - session.runs[0].rate.slope)


def test_escape_before_a_pass_begins_also_goes_back(application, hand, files, exposure):
    hand.open(files)
    application.session.set_threshold(11.0)
    hand.qtbot.keyClick(application.window, Qt.Key.Key_Escape)
    assert agrees(application, hand, exposure, 4.0)


def test_escape_with_nothing_to_cancel_changes_nothing(application, hand, files, exposure):
    hand.open(files)
    hand.type_threshold("6.5")
    hand.settle()
    hand.qtbot.keyClick(application.window, Qt.Key.Key_Escape)
    assert hand.message() == ""
    assert agrees(application, hand, exposure, 6.5)


def test_the_threshold_works_after_a_cancel(application, hand, files, exposure):
    hand.open(files)
    with worker_held(application):
        start_a_pass(application, hand, 11.0)
        hand.trigger("cancel")
    application.session.set_threshold(11.0)
    assert agrees(application, hand, exposure, 11.0)


def test_the_first_pass_can_be_cancelled_and_asked_for_again(
    application, hand, files, exposure
):
    with worker_held(application):
        with hand.qtbot.waitSignal(application.processing.live.started):
            hand.open(files, wait=False)
        hand.until(lambda: not application.reading.is_busy)  # else that is cancelled
        hand.trigger("cancel")
    hand.until(lambda: not application.processing.live.is_busy)
    assert application.processing.threshold._work.currentIndex() == 0
    assert application.session.run is None
    again = "Run > Live (Ctrl+2) makes it."
    assert hand.message() == f"Cancelled before run 1 (4 sigma) was complete: {again}"
    hand.open_tab("Jumps")
    assert application.tables.jumps.message.text() == WAIT_TEXT
    hand.trigger("live")
    hand.until(lambda: again not in hand.message())
    assert agrees(application, hand, exposure, 4.0)


# Runs of a file that carries flags, while one of them is being made


def test_run_0_of_a_large_file_is_made_too(impatient, application, hand, flagged):
    hand.open(flagged)
    hand.until(lambda: set(application.session.runs) == {0, 1})
    shown = application.session.runs[1].rate.slope
    assert same(hand.shown, shown)


def test_the_live_run_is_finished_after_a_look_at_run_0(
    impatient, application, hand, flagged
):
    hand.open(flagged)
    exposure = application.session.exposure
    start_a_pass(application, hand, 8.0)
    hand.trigger("as_delivered")
    hand.settle()
    hand.trigger("live")
    hand.settle()
    assert same(hand.shown, rate_of(exposure, 8.0, "drop"))
    assert application.processing.threshold.value() == 8.0


def test_run_0_chosen_right_after_the_threshold_moved_does_not_stop_the_live_run(
    impatient, application, hand, flagged
):
    hand.open(flagged)
    exposure = application.session.exposure
    application.session.set_threshold(8.0)
    hand.trigger("as_delivered")
    hand.trigger("live")
    hand.settle()
    assert same(hand.shown, rate_of(exposure, 8.0, "drop"))


def test_rows_of_run_0_in_the_making_are_not_shown_as_live(
    impatient, application, hand, flagged
):
    hand.open(flagged)
    exposure, session = application.session.exposure, application.session
    hand.until(
        lambda: set(session.runs) == {0, 1} and not application.processing.live.is_busy
    )
    fit = replace(session.recipe.fit, suppress_one_group=False)
    with hand.qtbot.waitSignal(session.run_completed):
        session.set_fit_parameters(fit)
    with hand.qtbot.waitSignal(session.first.rows_changed):
        hand.trigger("as_delivered")
    hand.trigger("live")
    assert same(hand.shown, session.runs[1].rate.slope)
    assert not same(hand.shown, rates_as_delivered(exposure))
    hand.settle()


def test_the_difference_to_run_0_is_made_without_losing_the_live_run(
    impatient, application, hand, files, exposure
):
    hand.open(files)
    start_a_pass(application, hand, 8.0)
    application.session.first.set_plane(Plane.DIFFERENCE)
    hand.settle()
    hand.until(
        lambda: 0 in application.session.runs and not application.processing.live.is_busy
    )
    hand.settle()
    run0 = application.session.runs[0]
    assert run0.n_jumps.sum() == 0
    assert same(hand.shown, rate_of(exposure, 8.0) - run0.rate.slope)


def test_flags_of_the_live_run_are_drawn_above_the_image(application, hand, files):
    hand.open(files)
    session, frame = application.session, application.image._view.frame
    session.set_overlay(Dq.JUMP_DET)
    session.first.set_group(5)
    hand.type_threshold("20")
    hand.settle()
    jump = rampviewer.JumpParameters(rejection_threshold=20.0)
    flagged = rampviewer.process(session.exposure, jump).jumps.groupdq[0] & Dq.JUMP_DET
    assert same(frame._overlay & Dq.JUMP_DET, flagged.max(axis=0))  # of any group
    session.first.set_plane(Plane.GROUP)
    assert same(frame._overlay & Dq.JUMP_DET, flagged[5])
