import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from rampviewer.core.dq import Dq
from rampviewer.gui.image.stretch import LimitsRule, Stretch
from rampviewer.gui.widgets.flag_styles import style_of
from rampviewer.model.planes.plane import Plane
from tests.app.hand import LEFT, Hand
from tests.app.test_second_image import choose


def flagged(run, group):
    return np.unpackbits(run.jump_bits[0, group], axis=-1)


def test_a_key_draws_flags_with_a_legend_that_counts_those_of_the_group(
    application, hand, files, qtbot
):
    hand.open(files)
    choose(application.plane_bar, Plane.GROUP, qtbot)
    application.session.first.set_group(4)
    qtbot.keyClick(application.window, Qt.Key.Key_D)
    panel, run = application.image, application.session.run
    legend = panel._overlay
    assert legend.isVisible()
    for group in (4, 5):
        n = int(flagged(run, group).sum())
        counted = f"JUMP_DET {n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        qtbot.waitUntil(lambda: legend._buttons[Dq.JUMP_DET].text() == counted)  # noqa: B023
        qtbot.keyClick(application.window, Qt.Key.Key_Period)
    qtbot.keyClick(application.window, Qt.Key.Key_D)
    assert not legend.isVisible()
    assert not application.window.action("flags").isChecked()


def test_a_flagged_pixel_has_the_colour_of_its_flag(application, hand, files, qtbot):
    hand.open(files)
    choose(application.plane_bar, Plane.GROUP, qtbot)
    application.session.first.set_group(4)
    row, col = (
        int(k[0]) for k in np.nonzero(flagged(application.session.run, 4)[30:, 30:])
    )
    hand.click(row + 30, col + 30)
    view = application.image.view
    view.zoom_by(20)
    application.image.bring_into_view(application.session._focus.selected)
    qtbot.keyClick(application.window, Qt.Key.Key_D)
    opacity = application.image._overlay._opacity
    opacity.setValue(100)
    QApplication.processEvents()
    assert hand.color(row + 30, col + 30) == style_of(Dq.JUMP_DET).color.lower()
    qtbot.mouseClick(application.image._overlay._buttons[Dq.JUMP_DET], LEFT)
    assert hand.color(row + 30, col + 30) != style_of(Dq.JUMP_DET).color.lower()


def test_bits_are_chosen_for_both_images_at_once(application, hand, files, qtbot):
    hand.open(files)
    hand.trigger("second_image")
    qtbot.mouseClick(application.second.bar._flags, LEFT)
    legends = [panel._overlay for panel in (application.image, application.second.panel)]
    qtbot.mouseClick(legends[1]._buttons[Dq.SATURATED], LEFT)
    for legend, bar in zip(
        legends, (application.plane_bar, application.second.bar), strict=True
    ):
        assert legend.isVisible()
        assert legend._buttons[Dq.SATURATED].isChecked()
        assert bar._flags.isChecked()


def test_keys_play_pause_and_change_the_speed(application, hand, files, qtbot, settings):
    hand.open(files)
    bar, action = application.plane_bar, application.window.action("movie")
    assert not action.isEnabled()
    assert "does not depend on the group" in action.toolTip()
    choose(bar, Plane.GROUP, qtbot)
    qtbot.keyClick(application.window, Qt.Key.Key_M)
    assert bar.movie.is_playing
    assert action.isChecked()
    qtbot.waitUntil(lambda: application.session.first.group == 2)
    assert np.array_equal(hand.shown, application.session.exposure.sci[0, 2])
    qtbot.keyClick(application.window, Qt.Key.Key_BracketLeft)
    assert application.second.bar.movie.speed == bar.movie.speed == 0.25
    assert float(settings.value("movie_speed")) == 0.25
    qtbot.keyClick(application.window, Qt.Key.Key_BracketRight)
    qtbot.keyClick(application.window, Qt.Key.Key_M)
    assert not bar.movie.is_playing
    assert not action.isChecked()


def test_a_click_in_the_ramp_ends_the_movie(application, hand, files, qtbot):
    hand.open(files)
    choose(application.plane_bar, Plane.GROUP, qtbot)
    hand.trigger("movie")
    application.ramp.group_clicked.emit(0, 7)
    assert not application.plane_bar.movie.is_playing
    assert not application.window.action("movie").isChecked()
    assert application.session.first.group == 7


def test_the_second_image_plays_where_the_first_has_no_group(
    application, hand, files, qtbot
):
    hand.open(files)
    hand.trigger("second_image")
    qtbot.keyClick(application.window, Qt.Key.Key_M)
    assert application.second.bar.movie.is_playing
    qtbot.waitUntil(lambda: application.session.second.group == 1)
    assert application.session.first.group == 0
    hand.trigger("second_image")
    assert not application.second.bar.movie.is_playing


def test_a_closed_window_plays_no_more(application, hand, files, qtbot):
    hand.open(files)
    choose(application.plane_bar, Plane.GROUP, qtbot)
    hand.trigger("movie")
    application.window.close()
    assert not application.plane_bar.movie._timer.isActive()


@pytest.mark.parametrize(
    ("plane", "stretch", "rule"),
    [
        (Plane.RATE, Stretch.LOG, LimitsRule.SKY),
        (Plane.GROUP, Stretch.LOG, LimitsRule.SKY),
        (Plane.GROUP_DIFFERENCE, Stretch.LINEAR, LimitsRule.ZSCALE),
        (Plane.JUMPS, Stretch.LINEAR, LimitsRule.ZSCALE),
        (Plane.FIRST_JUMP, Stretch.LINEAR, LimitsRule.PERCENTILE),
    ],
)
def test_each_plane_begins_with_a_stretch_that_suits_it(
    application, hand, files, qtbot, plane, stretch, rule
):
    hand.open(files)
    choose(application.plane_bar, plane, qtbot)
    assert application.image._bar.look().stretch is stretch
    assert application.image._limits.rule is rule


def test_a_stretch_is_kept_for_its_kind_and_its_image(application, hand, files, qtbot):
    hand.open(files)
    hand.trigger("second_image")
    bar, display = application.plane_bar, application.image._bar
    qtbot.keyClick(display._stretch, Qt.Key.Key_Home)
    assert display.look().stretch is Stretch.LINEAR
    choose(bar, Plane.GROUP, qtbot)
    assert display.look().stretch is Stretch.LOG
    choose(bar, Plane.RATE, qtbot)
    assert display.look().stretch is Stretch.LINEAR
    choose(bar, Plane.RATEINTS, qtbot)  # of the same kind
    assert display.look().stretch is Stretch.LINEAR
    choose(application.second.bar, Plane.RATE, qtbot)
    assert Hand(application, qtbot, application.second.panel).panel._bar.look().stretch is (
        Stretch.LOG
    )
