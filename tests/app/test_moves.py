"""Small moves of the threshold, of which the image gets single pixels."""

import pytest

from rampviewer.model.planes.plane import Plane


def picture(hand):
    """Return what is on screen when nothing is left to be drawn."""
    hand.until(lambda: not hand.app.image._repaint._timer.isActive())
    return hand.viewport.grab().toImage()


@pytest.mark.parametrize("zoom", [1.0, 0.2])
def test_pixels_of_a_small_move_are_drawn(application, hand, files, zoom):
    hand.open(files)
    application.image._view.zoom_by(zoom)  # reduced, where means are kept of what meets
    session, announced = application.session, []
    session.first.pixels_changed.connect(lambda rows, _cols: announced.append(rows.size))
    before = picture(hand)
    hand.type_threshold("30")
    hand.settle()
    moved = picture(hand)
    assert announced[0] > 0
    assert moved != before
    session.first.set_plane(Plane.ERROR)
    session.first.set_plane(Plane.RATE)  # all of it drawn anew
    assert picture(hand) == moved


def test_small_moves_there_and_back_leave_no_trace(application, hand, files):
    hand.open(files)
    before = picture(hand)
    for text in ("5", "12", "4.4", "4"):
        hand.type_threshold(text)
        hand.settle()
    assert picture(hand) == before
