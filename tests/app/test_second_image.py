import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, QRect, Qt
from PyQt6.QtGui import QScreen, QWheelEvent
from PyQt6.QtWidgets import QApplication

from rampviewer.app import Application
from rampviewer.core.dq import Dq
from rampviewer.gui.image import frame_item
from rampviewer.gui.image.color_tables import value_table
from rampviewer.gui.image.frame_item import FrameItem
from rampviewer.gui.image.frame_render import levels_of
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from tests.app.hand import NO_BUTTON, NO_KEY, Hand, same
from tests.bench.hand import Paints


@pytest.fixture
def second(application, hand, files, qtbot):
    """Return a hand on the second image, which a key has brought up."""
    hand.open(files)
    qtbot.keyClick(application.window, Qt.Key.Key_S)
    QApplication.processEvents()
    return Hand(application, qtbot, application.second.panel)


def choose(bar, plane, qtbot):
    qtbot.keyClick(bar._plane, Qt.Key.Key_Home)
    for _ in range(list(Plane).index(plane)):
        qtbot.keyClick(bar._plane, Qt.Key.Key_Down)


def test_without_it_the_first_image_is_as_wide_as_before(application, hand, files, qtbot):
    application.window.resize(1366, 768)
    hand.open(files)
    before = application.window._splitter.sizes()
    for _ in range(2):
        qtbot.keyClick(application.window, Qt.Key.Key_S)
        QApplication.processEvents()
    assert application.window._splitter.sizes() == pytest.approx(before, abs=2)


def test_keys_pressed_faster_than_is_painted_leave_no_window_that_stands_still(
    application, hand, files, qtbot
):
    hand.open(files)
    QApplication.processEvents()
    for key in (Qt.Key.Key_D, Qt.Key.Key_S):
        qtbot.keyClick(application.window, key)
    for _ in range(9):
        QApplication.processEvents()
    paints = Paints(hand.viewport)
    hand.viewport.update()
    hand.until(lambda: paints.n > 0)


@pytest.mark.parametrize("key", [Qt.Key.Key_S, Qt.Key.Key_D])
def test_the_colours_of_another_picture_are_found_before_the_turn_that_paints_it(
    application, hand, files, qtbot, monkeypatch, key
):
    hand.open(files)
    hand.settle()
    found, painted = [], []
    colors, paint = frame_item.colors_of_values, FrameItem.paint
    monkeypatch.setattr(
        frame_item, "colors_of_values", lambda *a: found.append(1) or colors(*a)
    )

    def painting(*given):
        before = len(found)
        paint(*given)
        painted.append(len(found) - before)

    monkeypatch.setattr(FrameItem, "paint", painting)
    qtbot.keyClick(application.window, key)
    hand.until(lambda: len(painted) >= 1 + (key == Qt.Key.Key_S))
    assert len(found) >= len(painted)
    assert not any(painted)


def turn_wheel(hand, row, col, notches):
    place = QPointF(hand.place(row, col))
    everywhere = QPointF(hand.viewport.mapToGlobal(place.toPoint()))
    turn, phase = QPoint(0, 120 * notches), Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        place,
        everywhere,
        QPoint(),
        turn,
        NO_BUTTON,
        NO_KEY,
        phase,
        False,
    )
    QApplication.sendEvent(hand.viewport, event)
    QApplication.processEvents()


def middle(hand):
    sight = hand.panel.view.sight
    return sight.x, sight.y, sight.scale


def test_frozen_it_leaves_what_the_mouse_showed(application, hand, second):
    hand.hover(50, 60)
    shown = application.ramp.shown()
    hand.qtbot.keyClick(application.window, Qt.Key.Key_F)
    second.hover(70, 80)
    assert application.ramp.shown() is shown
    hand.qtbot.keyClick(application.window, Qt.Key.Key_F)
    second.hover(70, 81)
    assert application.ramp.shown().pixel == Pixel(70, 81)


def test_a_key_shows_and_hides_it(application, hand, second):
    assert second.panel.isVisible()
    assert application.window.action("second_image").isChecked()
    hand.qtbot.keyClick(application.window, Qt.Key.Key_S)
    assert not second.panel.isVisible()
    assert not application.session.second.is_on


def test_it_begins_with_the_last_group(application, second):
    exposure = application.session.exposure
    assert same(second.shown, exposure.sci[0, -1])
    assert second.panel._title.text() == "Group, integration 0, group 9"
    assert application.second.bar._group.value() == 9


def test_colours_are_those_of_its_own_values(second):
    panel, (row, col) = second.panel, (100, 90)
    panel._view.zoom_by(8)
    panel._view.bring_into_view(Pixel(row, col))
    QApplication.processEvents()
    look, limits = panel._bar.look(), panel._limits.limits
    table = value_table(look.color_map, look.stretch)
    level = levels_of(second.shown[row : row + 1, col : col + 1], limits)
    assert second.color(row, col) == f"#{int(table[level[0, 0]]) & 0xFFFFFF:06x}"


def test_it_follows_the_run_while_the_first_shows_something_else(application, hand, second):
    choose(application.plane_bar, Plane.GROUP, hand.qtbot)
    choose(application.second.bar, Plane.JUMPS, hand.qtbot)
    assert same(second.shown, application.session.run.n_jumps)
    before = second.shown.copy()
    hand.type_threshold("9")
    hand.settle()
    assert same(second.shown, application.session.run.n_jumps)
    assert not same(second.shown, before)
    assert application.plane_bar.plane() is Plane.GROUP


def test_what_is_switched_off_is_current_when_it_comes_back(application, hand, second):
    choose(application.second.bar, Plane.JUMPS, hand.qtbot)
    hand.trigger("second_image")
    hand.type_threshold("7")
    hand.settle()
    hand.trigger("second_image")
    assert same(second.shown, application.session.run.n_jumps)


def test_a_difference_has_the_run_made_that_it_needs(application, hand, second):
    choose(application.second.bar, Plane.DIFFERENCE, hand.qtbot)
    hand.until(lambda: 0 in application.session.runs)
    hand.settle()
    runs = application.session.runs
    assert same(second.shown, runs[1].rate.slope - runs[0].rate.slope)


@pytest.mark.parametrize("mover", ["first", "second"])
def test_pan_and_zoom_are_linked_both_ways(application, hand, second, mover):
    moved, other = (hand, second) if mover == "first" else (second, hand)
    told = []
    other.panel.view.sight_changed.connect(told.append)
    start = middle(other)
    turn_wheel(moved, 120, 60, 6)
    assert middle(moved)[2] > 1.5 * start[2]
    np.testing.assert_allclose(middle(other), middle(moved), rtol=1e-6)
    hand.qtbot.keyClick(moved.panel._view._plot, Qt.Key.Key_1)
    assert middle(other)[2] == pytest.approx(1)
    hand.qtbot.keyClick(moved.panel._view._plot, Qt.Key.Key_Home)
    assert other.panel.view.sight.is_fitted
    assert told == []  # what follows does not lead


def test_another_width_keeps_what_is_in_the_middle(application, hand, second):
    turn_wheel(hand, 120, 60, 6)
    before = middle(hand)
    left, right = application.window._images.sizes()
    application.window._images.setSizes([left + 60, right - 60])
    QApplication.processEvents()
    np.testing.assert_allclose(middle(hand), before, rtol=1e-6)
    np.testing.assert_allclose(middle(second), before, rtol=1e-6)


def test_the_mouse_in_it_drives_ramp_and_readout(application, second):
    second.hover(30, 44)
    value = application.session.exposure.sci[0, 9, 30, 44]
    assert application.ramp.shown().pixel == (30, 44)
    assert "x   44 y   30 | group   9" in application.status.text()
    assert f"{value:.1f} DN" in application.status.text()
    second.leave()
    assert "x   44" not in application.status.text()


def mark_of(hand):
    """Return the pixel that is marked because the mouse is at it in the other image."""
    mark = hand.panel.view.hover_mark
    return mark.pixel if mark.isVisible() else None


@pytest.mark.parametrize("mover", ["first", "second"])
def test_the_pixel_below_the_mouse_is_marked_in_the_other_image(hand, second, mover):
    moved, other = (hand, second) if mover == "first" else (second, hand)
    for pixel in (Pixel(30, 44), Pixel(31, 90)):
        moved.hover(*pixel)
        assert mark_of(other) == pixel
        assert mark_of(moved) is None
        mark = other.panel.view.hover_mark
        place = mark.mapToScene(QPointF(0, 0))
        at = other.place(*pixel)
        assert abs(place.x() - at.x()) <= 1
        assert abs(place.y() - at.y()) <= 1
    turn_wheel(moved, 31, 90, 4)  # both images move
    place = other.panel.view.hover_mark.mapToScene(QPointF(0, 0))
    at = other.place(*mark_of(other))
    assert abs(place.x() - at.x()) <= 1
    assert abs(place.y() - at.y()) <= 1
    moved.leave()
    assert mark_of(other) is None


def test_the_mark_is_seen_on_any_colour(hand, second):
    before = second.viewport.grab().toImage()
    hand.hover(60, 60)
    after = second.viewport.grab().toImage()
    place = second.place(60, 60)
    box = QRect(place - QPoint(20, 20), place + QPoint(20, 20))
    outside, inside = 0, set()
    for x in range(before.width()):
        for y in range(before.height()):
            if before.pixel(x, y) != after.pixel(x, y):
                outside += not box.contains(QPoint(x, y))
                inside.add(after.pixelColor(x, y).lightness())
    assert outside == 0
    assert max(inside) > 170
    assert min(inside) < 80


def test_the_mark_takes_no_click_and_goes_with_its_exposure(hand, second, small):
    second.hover(60, 60)
    hand.click(60, 60)
    assert hand.app.session.pixel == Pixel(60, 60)
    second.hover(150, 150)
    hand.open(small)  # of 64 x 64 pixels
    assert mark_of(hand) is None


def test_a_click_in_it_marks_the_pixel_in_both(application, hand, second):
    second.click(31, 45)
    for panel in (hand.panel, second.panel):
        assert panel._view._marker.pixel == Pixel(31, 45)
        assert panel._view._marker.isVisible()
    assert application.session._focus.selected == Pixel(31, 45)


def test_flags_above_it_are_those_of_its_group(application, second):
    application.session.set_overlay(Dq.JUMP_DET)
    run = application.session.run
    for group in (9, 4):
        application.second.bar._group.set_value(group - 1)
        application.second.bar.step_group(1)
        drawn = second.panel._view.frame._overlay
        flagged = np.unpackbits(run.jump_bits[0, group], axis=-1)
        assert (drawn & Dq.JUMP_DET != 0).sum() == flagged.sum() > 0


@pytest.mark.parametrize(("width", "shown"), [(1366, False), (1900, True)])
def test_a_wide_screen_begins_with_it(qtbot, settings, monkeypatch, width, shown):
    settings.remove("second_image")
    room = QRect(0, 0, width, 1000)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: room)
    application = Application(settings)
    qtbot.addWidget(application.window)
    application.window.show()
    assert application.second.panel.isVisible() is shown
    assert application.session.second.is_on is shown
    application.window.action("second_image").trigger()
    application.window.close()
    again = Application(settings)
    qtbot.addWidget(again.window)
    again.window.show()
    assert again.second.panel.isVisible() is not shown  # as it was left
    again.window.close()


def test_its_controls_have_names_of_their_own(application):
    first, bar = application.plane_bar, application.second.bar
    for part in ("_plane", "_flags"):
        names = [getattr(one, part).accessibleName() for one in (first, bar)]
        assert names[0] != names[1]
        assert "second image" in names[1]
    assert "second image" in bar._group._box.accessibleName()


def test_both_fit_on_a_small_screen(application, hand, second):
    application.window.resize(1366, 720)
    QApplication.processEvents()
    assert application.window.width() == 1366
    assert application.ramp.width() > 400
    assert second.panel.width() > 400


def test_each_image_takes_its_own_difference(application, hand, second, qtbot):
    sci = application.session.exposure.sci
    for bar in (application.plane_bar, application.second.bar):
        choose(bar, Plane.GROUP_DIFFERENCE, qtbot)
    assert same(second.shown, sci[0, 9] - sci[0, 8])
    limits = second.panel._limits.limits
    qtbot.keyClick(application.second.bar._minus._slider, Qt.Key.Key_Home)
    assert same(second.shown, sci[0, 9] - sci[0, 0])
    assert "group 9 \N{MINUS SIGN} group 0" in second.panel._title.text()
    assert second.panel._limits.limits != limits  # nine groups, not one
    application.session.first.set_group(3)
    assert same(hand.shown, sci[0, 3] - sci[0, 2])
    assert same(second.shown, sci[0, 9] - sci[0, 0])


def test_several_integrations_fit_on_a_small_screen_too(application, hand, small):
    hand.open(small)
    hand.trigger("second_image")
    hand.click(20, 20)
    application.window.resize(1366, 720)
    QApplication.processEvents()
    assert application.window.width() == 1366


def test_it_is_saved_and_copied_while_it_is_shown(application, second, qtbot):
    names = [name for plot in second.panel.plots("second_") for name in plot.commands]
    assert "save_second_image_numbers" in names
    for is_shown in (True, False, True):
        enabled = {name: application.window.action(name).isEnabled() for name in names}
        assert enabled == dict.fromkeys(names, is_shown)
        qtbot.keyClick(application.window, Qt.Key.Key_S)


def test_a_window_that_begins_without_it_offers_none_of_it(application):
    assert not application.window.action("save_second_image").isEnabled()
    assert application.window.action("save_image").isEnabled()
