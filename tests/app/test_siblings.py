"""Other products of the exposure, drawn over the ramp."""

import gzip
import shutil

import numpy as np
import pytest
from astropy.io import fits
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtGui import QAction

from rampviewer.app import Application
from tests.app.hand import LEFT, Hand
from tests.exposure_files import write_simulated


class Siblings:
    def __init__(self, application, hand):
        self.app, self.hand = application, hand
        self.button = application.ramp.tools.siblings

    def found(self):
        self.hand.until(lambda: self.button.toolTip() != "Looking for other products ...")
        return {sibling.name: action for action, sibling in self.button._listed}

    def tick(self, name):
        """Tick a box in the menu."""
        action, menu = self.found()[name], self.button.menu()
        with self.hand.qtbot.waitExposed(menu):
            menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))
        place = menu.actionGeometry(action).center()
        self.hand.send(menu, QEvent.Type.MouseMove, place)
        self.hand.send(menu, QEvent.Type.MouseButtonPress, place, LEFT, LEFT)
        self.hand.send(menu, QEvent.Type.MouseButtonRelease, place, LEFT)
        assert menu.isVisible()  # for the next tick
        self.hand.qtbot.keyClick(menu, Qt.Key.Key_Escape)

    def curve(self, plot=0):
        """Return the only curve, once it is that of the pixel shown."""
        others = self.app.ramp.grid.plots[plot].others
        self.hand.until(lambda: len(others.curves) == 1)
        return others.curves[0]


@pytest.fixture
def siblings(application, hand):
    return Siblings(application, hand)


def add(files, ending, change=lambda sci: sci + np.float32(100)):
    """Write a product beside the ramp; return its SCI."""
    with fits.open(files.ramp) as hdus:
        data = change(hdus["SCI"].data)
        hdus["SCI"].data = data
        hdus.writeto(files.ramp.with_name(files.ramp.name.replace("_ramp", ending)))
    return data


def test_a_ticked_sibling_is_drawn_for_the_pixel_that_is_shown(hand, siblings, small):
    uncal = add(small, "_uncal", lambda sci: (sci + 900).astype(np.uint16))
    add(small, "_jump")
    hand.open(small)
    assert list(siblings.found()) == ["uncal", "jump"]
    hand.click(20, 30)
    siblings.tick("uncal")
    np.testing.assert_array_equal(siblings.curve().points[:, 1], uncal[0, :, 20, 30])
    assert siblings.app.ramp.grid.rows.legend.entries[0].texts[-1] == "uncal"
    for row, col in ((40, 12), (41, 12)):
        hand.hover(row, col)
        hand.until(lambda: siblings.app.ramp.grid.plots[0].others.curves != [])
        for n in range(3):
            curve = siblings.curve(n)
            np.testing.assert_array_equal(curve.points[:, 1], uncal[n, :, row, col])
    low, high = siblings.app.ramp.grid.plots[0].view_box.viewRange()[1]
    assert low < uncal[..., 41, 12].min() < uncal[..., 41, 12].max() < high
    siblings.tick("uncal")
    assert siblings.app.ramp.grid.plots[0].others.curves == []
    assert not siblings.app.ramp.grid.rows.legend.isVisible()


def test_several_siblings_have_glyphs_of_their_own(hand, siblings, small):
    add(small, "_uncal")
    add(small, "_jump")
    hand.open(small)
    hand.click(20, 30)
    siblings.tick("uncal")
    siblings.tick("jump")
    others = siblings.app.ramp.grid.plots[0].others
    hand.until(lambda: len(others.curves) == 2)
    looks = {(curve.style.color, curve.style.symbol) for curve in others.curves}
    assert len(looks) == 2
    entries = siblings.app.ramp.grid.rows.legend.entries
    assert [entry.style for entry in entries] == [curve.style for curve in others.curves]


def test_siblings_begin_at_zero_with_the_others(hand, siblings, small):
    add(small, "_uncal")
    hand.open(small)
    hand.click(20, 30)
    siblings.tick("uncal")
    siblings.curve()
    hand.qtbot.keyClick(siblings.app.window, Qt.Key.Key_Z)
    hand.until(siblings.app.ramp.tools.zero.isChecked)
    plot = siblings.app.ramp.grid.plots[0]
    first = plot.good.marks.x[0]
    points = siblings.curve().points
    assert points[points[:, 0] == first, 1] == pytest.approx(0, abs=1e-6)
    drawn = np.concatenate((plot.good.marks.y, plot.excluded.marks.y))
    np.testing.assert_allclose(np.sort(drawn), np.sort(points[:, 1]), atol=0.02)


def test_without_siblings_the_button_is_grey_and_says_why(hand, siblings, small):
    assert not siblings.button.isEnabled()
    assert siblings.button.toolTip().startswith("Open an exposure first")
    hand.open(small)
    assert siblings.found() == {}
    assert not siblings.button.isEnabled()
    assert siblings.button.toolTip().startswith("No other ramp is beside small_ramp.fits")


def test_a_sibling_of_another_shape_is_grey_and_says_why(hand, siblings, small):
    add(small, "_uncal", lambda sci: sci[:2])
    hand.open(small)
    action = siblings.found()["uncal"]
    assert isinstance(action, QAction)
    assert not action.isEnabled()
    assert action.toolTip() == "small_uncal.fits has 2 integrations, not 3."


def test_a_gzipped_sibling_is_read_in_the_background(hand, siblings, small):
    jump = add(small, "_jump")
    plain = small.ramp.with_name("small_jump.fits")
    with plain.open("rb") as source, gzip.open(f"{plain}.gz", "wb") as target:
        shutil.copyfileobj(source, target)
    plain.unlink()
    hand.open(small)
    hand.click(20, 30)
    siblings.tick("jump")
    np.testing.assert_array_equal(siblings.curve().points[:, 1], jump[0, :, 20, 30])


def test_a_sibling_that_goes_is_named_once_and_unticked(hand, siblings, small):
    add(small, "_uncal")
    add(small, "_jump")
    hand.open(small)
    hand.click(20, 30)
    siblings.tick("uncal")
    siblings.tick("jump")
    others = siblings.app.ramp.grid.plots[0].others
    hand.until(lambda: len(others.curves) == 2)
    small.ramp.with_name("small_uncal.fits").unlink()
    hand.hover(40, 12)
    assert hand.wait_error() == "small_uncal.fits is no longer there."
    hand.until(lambda: len(others.curves) == 1)
    assert not siblings.found()["uncal"].isChecked()
    assert siblings.found()["jump"].isChecked()
    assert [e.texts[-1] for e in siblings.app.ramp.grid.rows.legend.entries] == ["jump"]


def test_what_was_ticked_is_ticked_in_the_next_exposure(hand, siblings, small, tmp_path):
    add(small, "_uncal")
    hand.open(small)
    hand.click(20, 30)
    siblings.tick("uncal")
    siblings.curve()
    other = write_simulated(tmp_path / "b", "b_ramp.fits", n_groups=6, n_ints=3, seed=9)
    uncal = add(other, "_uncal")
    hand.open(other)
    siblings.found()
    hand.click(10, 11)
    np.testing.assert_array_equal(siblings.curve().points[:, 1], uncal[0, :, 10, 11])


def test_what_is_ticked_is_ticked_in_the_next_session(
    application, hand, siblings, small, settings, qtbot
):
    add(small, "_uncal")
    hand.open(small)
    siblings.tick("uncal")
    application.window.close()
    later = Application(settings)
    qtbot.addWidget(later.window)
    later.window.show()
    later_hand = Hand(later, qtbot)
    later_hand.open(small)
    assert Siblings(later, later_hand).found()["uncal"].isChecked()
    later.window.close()
