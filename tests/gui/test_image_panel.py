from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QMouseEvent
from PyQt6.QtWidgets import QApplication, QLabel

from rampviewer.core.dq import Dq
from rampviewer.gui.image.color_tables import NAN_COLOR, colors_of
from rampviewer.gui.image.display_bar import Look
from rampviewer.gui.image.frame_item import FrameItem
from rampviewer.gui.image.image_panel import ALL_NAN, ImagePanel
from rampviewer.gui.image.stretch import Limits, LimitsRule, Stretch
from rampviewer.gui.widgets.flag_styles import style_of
from rampviewer.gui.widgets.theme import palette_of
from rampviewer.model.exposure import Pixel

FIRST = QColor(*colors_of("viridis")[0].tolist())
LAST = QColor(*colors_of("viridis")[-1].tolist())


class Hand:
    """Points at detector pixels, and sees what is drawn there."""

    def __init__(self, panel: ImagePanel, qtbot: Any) -> None:
        self.panel, self.qtbot = panel, qtbot
        self.view = panel._view._view
        self.viewport = panel._view._plot.viewport()

    def place(self, x: float, y: float) -> QPoint:
        """Return the screen pixel that holds a point, in detector coordinates."""
        point = self.view.mapViewToScene(QPointF(x, y))
        return QPoint(int(np.floor(point.x())), int(np.floor(point.y())))

    def move(self, x, y):
        self.move_to(self.place(x, y))

    def move_to(self, position):
        # Not through QTest: on a real display that moves the pointer, some time later.
        place = QPointF(position)
        everywhere = self.viewport.mapToGlobal(place)
        button, modifier = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        kind = QEvent.Type.MouseMove
        event = QMouseEvent(kind, place, everywhere, button, button, modifier)
        QApplication.sendEvent(self.viewport, event)

    def click(self, x, y):
        left = Qt.MouseButton.LeftButton
        self.qtbot.mouseClick(self.viewport, left, pos=self.place(x, y))

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.qtbot.keyClick(self.panel._view._plot, key, modifier)

    def color(self, row, col):
        QApplication.processEvents()
        return self.viewport.grab().toImage().pixelColor(self.place(col, row))

    def colors_near(self, row, col):
        QApplication.processEvents()
        image = self.viewport.grab().toImage()
        place = self.place(col, row)
        steps = [QPoint(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        return [image.pixelColor(place + step) for step in steps]


def ramp_frame(n_rows=64, n_cols=64):
    values = np.arange(n_rows * n_cols, dtype=np.float32)
    return values.reshape(n_rows, n_cols)


@pytest.fixture
def panel(qtbot):
    widget = ImagePanel()
    qtbot.addWidget(widget)
    widget.resize(700, 640)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def hand(panel, qtbot):
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    QApplication.processEvents()
    return Hand(panel, qtbot)


@pytest.mark.parametrize("pixel", [(0, 0), (0, 63), (63, 0), (63, 63), (20, 41)])
def test_a_click_gives_the_pixel_under_the_mouse(panel, hand, pixel):
    clicked = []
    panel.pixel_clicked.connect(clicked.append)
    hand.click(pixel[1], pixel[0])
    assert clicked == [Pixel(*pixel)]


@pytest.mark.parametrize(
    ("x", "y", "pixel"),
    [
        (20.4, 41.4, Pixel(41, 20)),
        (19.6, 40.6, Pixel(41, 20)),
        (20.6, 41.0, Pixel(41, 21)),
        (20.0, 41.6, Pixel(42, 20)),
        (-0.3, -0.3, Pixel(0, 0)),
        (63.3, 63.3, Pixel(63, 63)),
        (-0.7, 5.0, None),
        (5.0, -0.7, None),
        (63.8, 5.0, None),
        (5.0, 63.8, None),
    ],
)
def test_a_pixel_reaches_half_a_pixel_from_its_centre(panel, hand, x, y, pixel):
    hovered = []
    hand.move(30, 30)
    panel.pixel_hovered.connect(hovered.append)
    hand.move(x, y)
    assert hovered == [pixel]


def test_hovering_tells_each_pixel_once_and_the_end(panel, hand, qtbot):
    hovered = []
    panel.pixel_hovered.connect(hovered.append)
    hand.move(10, 10)
    hand.move(10.3, 10.3)
    hand.move(11, 10)
    hand.move(-20, 10)
    assert hovered == [Pixel(10, 10), Pixel(10, 11), None]


def test_a_click_beside_the_frame_selects_nothing(panel, hand, qtbot):
    with qtbot.assertNotEmitted(panel.pixel_clicked):
        hand.click(30, -1.2)
        hand.click(-1.2, 30)


def test_row_zero_is_at_the_bottom_and_column_zero_at_the_left(hand):
    assert hand.place(0, 0).y() > hand.place(0, 63).y()
    assert hand.place(0, 0).x() < hand.place(63, 0).x()


def test_each_detector_pixel_has_its_own_colour(panel, hand):
    values = np.zeros((64, 64), np.float32)
    values[3, 5] = 1.0
    values[60, 7] = np.nan
    panel.show_plane(values, "Rate", "DN/s", kind="spots")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    assert hand.color(3, 5) == LAST
    assert hand.color(60, 7) == QColor(NAN_COLOR)
    for row, col in ((2, 5), (4, 5), (3, 4), (3, 6), (5, 3), (59, 7), (60, 8), (3, 60)):
        assert hand.color(row, col) == FIRST, (row, col)


@pytest.mark.parametrize("size", [None, 6.3, 17])
def test_the_pixel_under_the_mouse_is_the_one_drawn_there(panel, hand, size):
    board = (np.indices((64, 64)).sum(axis=0) % 2).astype(np.float32)
    panel.show_plane(board, "Rate", "DN/s", kind="board")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    if size is not None:
        hand.view.setRange(xRange=(20, 20 + size), yRange=(30.3, 30.3 + size))
    hovered = []
    panel.pixel_hovered.connect(hovered.append)
    QApplication.processEvents()
    image = hand.viewport.grab().toImage()
    start = hand.place(22, 32)
    for step in range(60):
        place = start + QPoint(step, -step // 2)
        hand.move_to(place)
        expected = LAST if board[hovered[-1]] else FIRST
        assert image.pixelColor(place) == expected, (place, hovered[-1])


def test_the_picture_follows_when_the_view_moves(panel, hand):
    values = np.zeros((64, 64), np.float32)
    values[30, 30] = 1.0
    panel.show_plane(values, "Rate", "DN/s", kind="spot")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    for x in (20, 24, 26):
        hand.view.setRange(xRange=(x, x + 16), yRange=(22, 38))
        assert hand.color(30, 30) == LAST
        assert hand.color(30, 29) == FIRST
        assert hand.color(30, 31) == FIRST


def test_the_picture_reaches_half_a_pixel_beyond_the_outer_centres(panel, hand):
    rect = panel._view.frame.boundingRect()
    edges = (rect.left(), rect.top(), rect.right(), rect.bottom())
    assert edges == (-0.5, -0.5, 63.5, 63.5)


def test_a_stretch_changes_the_colours_between_the_limits_only(panel, hand):
    values = np.full((64, 64), 0.1, np.float32)
    values[:, :20], values[:, 40:] = 0.0, 1.0
    panel.show_plane(values, "Rate", "DN/s", kind="steps")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    linear = hand.color(30, 30)
    panel.set_look(Look("viridis", False, Stretch.LOG))
    assert hand.color(30, 30).lightness() > linear.lightness() + 20
    assert hand.color(30, 5) == FIRST
    assert hand.color(30, 50) == LAST


def test_a_reversed_map_swaps_the_ends(panel, hand):
    values = np.zeros((64, 64), np.float32)
    values[:, 32:] = 1.0
    panel.show_plane(values, "Rate", "DN/s", kind="halves")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    panel.set_look(Look("viridis", True, Stretch.LINEAR))
    assert hand.color(10, 10) == LAST
    assert hand.color(10, 50) == FIRST


def test_a_fine_screen_shows_the_same_pixels(panel, hand):
    board = (np.indices((64, 64)).sum(axis=0) % 2).astype(np.float32)
    panel.show_plane(board, "Rate", "DN/s", kind="board")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    QApplication.processEvents()
    image = QImage(2 * hand.viewport.size(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    hand.viewport.render(image)
    for row, col in ((0, 0), (0, 63), (63, 0), (63, 63), (20, 41), (21, 41)):
        expected = LAST if board[row, col] else FIRST
        assert image.pixelColor(2 * hand.place(col, row)) == expected, (row, col)


def test_with_peaks_one_bright_pixel_is_seen_in_a_full_frame(panel, hand):
    panel.set_look(Look(keeps_peaks=True))
    values = np.zeros((2048, 2048), np.float32)
    for pixel in ((1001, 777), (1002, 1530), (1003, 300), (2047, 2047)):
        values[pixel] = 5.0
        panel.show_plane(values.copy(), "Rate", "DN/s", kind="full")
        panel._limits.set_by_hand(Limits(0.0, 1.0))
        assert LAST in hand.colors_near(*pixel)
        values[pixel] = 0.0


@pytest.mark.parametrize(("low", "seen"), [(-1.0, True), (-0.8, False)])
def test_with_peaks_a_difference_shows_what_is_far_below_zero(panel, hand, low, seen):
    panel.set_look(Look(keeps_peaks=True))
    values = np.zeros((2048, 2048), np.float32)
    values[1000:1400:20, 700] = -5.0
    panel.show_plane(values, "Difference", "DN/s", kind="difference")
    panel._limits.set_by_hand(Limits(low, 1.0))
    dark = [FIRST in hand.colors_near(row, 700) for row in range(1000, 1400, 20)]
    assert all(dark) == seen


def test_limits_are_held_while_the_values_change(panel, hand):
    before = panel._limits.limits
    panel.show_plane(3 * ramp_frame() + 50, "Rate", "DN/s", kind="rate")
    assert panel._limits.limits == before
    panel._bar._reset.click()
    assert panel._limits.limits.low > before.low
    assert panel._limits.limits.high > 2 * before.high


def show_group(panel, group):
    values = 1000 * group + ramp_frame()
    panel.show_plane(values, f"Group, group {group}", "DN", kind="group")


def test_limits_held_from_another_group_are_called_so(panel, hand):
    show_group(panel, 0)
    assert panel._bar._rule.currentText() == "zscale"
    held = panel._limits.limits
    show_group(panel, 40)
    assert panel._limits.limits == held
    assert panel._bar._rule.currentText() == "zscale, held"
    panel._histogram.draw_now()
    assert panel._histogram._bins.viewRange()[0][1] > 43_000
    show_group(panel, 0)
    assert panel._bar._rule.currentText() == "zscale"
    panel._bar._reset.click()
    show_group(panel, 1)
    panel._limits.set_by_hand(Limits(1.0, 2.0))
    assert panel._bar._rule.currentText() == "manual"


def test_without_hold_each_picture_has_its_own_limits(panel, hand):
    show_group(panel, 0)
    show_group(panel, 40)
    panel._bar._hold.click()
    assert panel._limits.limits.low > 39_000
    show_group(panel, 3)
    assert 2900 < panel._limits.limits.low < 4000
    assert panel._bar._rule.currentText() == "zscale"
    panel._limits.set_by_hand(Limits(1.0, 2.0))
    show_group(panel, 4)
    assert panel._limits.limits == (1.0, 2.0)
    panel.limits.forget()
    show_group(panel, 5)
    show_group(panel, 6)
    assert panel._limits.limits.low > 5900


def test_a_typed_limit_comes_into_sight(panel, hand):
    panel._bar.limits_edited.emit(Limits(0.0, 1e6))
    panel._histogram.draw_now()
    assert panel._histogram._bins.viewRange()[0][1] > 1e6
    assert panel._limits.limits == (0.0, 1e6)


def test_each_kind_of_plane_has_its_own_limits(panel, hand):
    panel._limits.set_by_hand(Limits(1.0, 2.0))
    panel.show_plane(100 * ramp_frame(), "Group", "DN", kind="group")
    assert panel._limits.limits.high > 1000
    assert panel._limits.rule is LimitsRule.ZSCALE
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    assert panel._limits.limits == (1.0, 2.0)
    assert panel._limits.rule is LimitsRule.MANUAL


def show_part(panel, values, title="Rate, run"):
    panel.show_plane(values, title, "DN/s", kind="new", is_partial=True)


def test_limits_of_a_part_of_an_image_give_way_to_those_of_the_whole(panel, hand):
    values = ramp_frame()
    values[:4] = np.nan  # fewer are missing than would be worth a look on the way
    show_part(panel, values)
    values[:4] = 50_000.0
    panel.update_rows(0, 4)
    panel.complete_plane()
    completed = panel._limits.limits
    panel._bar._reset.click()
    assert panel._limits.limits == completed
    panel.show_plane(3 * values, "Rate, run", "DN/s", kind="new")
    assert panel._limits.limits == completed  # from now on they are held


def test_a_part_that_was_left_is_judged_anew_when_it_is_seen_as_a_whole(panel, hand):
    show_part(panel, np.zeros((64, 64), np.float32))
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    panel.complete_plane()
    panel.show_plane(ramp_frame(), "Rate, run", "DN/s", kind="new")
    assert panel._limits.limits.high > 3000


def test_a_plane_without_any_value_says_why_once_it_is_complete(panel, hand):
    values = np.full((64, 64), np.nan, np.float32)
    show_part(panel, values)
    panel.statistics.count()
    assert panel.view.note.text == ""
    panel.complete_plane()
    panel.statistics.count()
    assert panel.view.note.text == ALL_NAN
    assert panel.view.note.isVisible()
    values[0, 0] = 1.0
    panel.statistics.count()
    assert panel.view.note.text == ""
    values[0, 0] = np.nan
    panel.show_plane(values, "First jump", "group", none_text="No pixel has a jump.")
    panel.statistics.count()
    assert panel.view.note.text == "No pixel has a jump."
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    assert panel.view.note.text == ""


def test_limits_set_by_hand_outlive_the_completion_of_an_image(panel, hand):
    show_part(panel, np.zeros((64, 64), np.float32))
    panel._limits.set_by_hand(Limits(1.0, 2.0))
    panel.complete_plane()
    assert panel._limits.limits == (1.0, 2.0)
    assert panel._bar._rule.currentText() == "manual"


def test_another_exposure_starts_with_new_limits(panel, hand):
    panel._limits.set_by_hand(Limits(1.0, 2.0))
    panel.limits.forget()
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    assert panel._limits.limits.high > 3000


def test_limits_wait_for_the_first_values(panel, hand, qtbot):
    values = np.full((64, 64), np.nan, np.float32)
    panel.show_plane(values, "Rate", "DN/s", kind="growing")
    values[:16] = ramp_frame()[:16]
    panel.update_rows(0, 16)
    first = panel._limits.limits
    assert first.high > 900
    values[16:] = ramp_frame()[16:]
    panel.update_rows(16, 64)
    qtbot.waitUntil(lambda: panel._limits.limits.high > 3 * first.high)


def test_bad_pixels_do_not_move_the_limits(panel, hand):
    values = ramp_frame()
    bad = np.zeros(values.shape, bool)
    values[:40], bad[:40] = 1e9, True
    panel.limits.set_bad(bad)
    panel.show_plane(values, "Rate", "DN/s", kind="with bad")
    assert panel._limits.limits.high < 1e4


@pytest.mark.parametrize(
    "values",
    [
        np.full((64, 64), np.nan, np.float32),
        np.full((64, 64), np.inf, np.float32),
        np.full((64, 64), 7.25, np.float32),
        np.zeros((64, 64), np.uint32),
        np.full((1, 1), 3.0, np.float32),
        np.full((32, 2048), -3e38, np.float32),
    ],
    ids=["nan", "inf", "constant", "no jumps", "one pixel", "huge"],
)
def test_a_plane_without_contrast_is_drawn_without_a_warning(panel, hand, values):
    panel.show_plane(values, "Rate", "DN/s", kind="flat")
    panel.statistics.count()
    low, high = panel._limits.limits
    assert low < high
    color = hand.color(0, 0)
    nan = np.isnan(values[0, 0]) if values.dtype.kind == "f" else False
    assert (color == QColor(NAN_COLOR)) == nan


def test_nan_pixels_are_counted_beside_the_image(panel, hand):
    values = ramp_frame()
    values[:2] = np.nan
    panel.show_plane(values, "Rate", "DN/s", kind="rate")
    panel.statistics.count()
    assert panel._histogram._nan.isVisible()
    assert "128<br>3.1 %" in panel._histogram._nan.text()
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    panel.statistics.count()
    assert not panel._histogram._nan.isVisible()


def test_rows_changed_in_place_are_drawn_and_the_last_is_never_lost(panel, hand, qtbot):
    values = np.zeros((64, 64), np.float32)
    panel.show_plane(values, "Rate", "DN/s", kind="bands")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    for row in range(0, 64, 8):
        values[row : row + 8] = 1.0
        panel.update_rows(row, row + 8)
    qtbot.waitUntil(lambda: hand.color(60, 30) == LAST)
    assert all(hand.color(row, 30) == LAST for row in range(0, 64, 8))


def test_rows_changed_in_a_frame_larger_than_the_screen_are_drawn(panel, hand, qtbot):
    panel.set_look(Look(keeps_peaks=True))
    values = np.zeros((2048, 2048), np.float32)
    panel.show_plane(values, "Rate", "DN/s", kind="full")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    assert LAST not in hand.colors_near(1501, 999)
    values[1501, 999] = 5.0
    panel.update_rows(1501, 1502)
    qtbot.waitUntil(lambda: LAST in hand.colors_near(1501, 999))


def test_updates_faster_than_the_screen_share_a_repaint(panel, hand, qtbot, monkeypatch):
    values = ramp_frame()
    panel.show_plane(values, "Rate", "DN/s", kind="rate")
    hand.color(0, 0)
    refreshed = []
    monkeypatch.setattr(FrameItem, "refresh", lambda self: refreshed.append(1))
    for row in range(64):
        panel.update_rows(row, row + 1)
    assert len(refreshed) == 1
    qtbot.waitUntil(lambda: len(refreshed) == 2)


def test_flags_are_drawn_in_the_colour_of_the_highest_bit(panel, hand):
    dq = np.zeros((64, 64), np.uint32)
    dq[10, 10] = Dq.JUMP_DET
    dq[20, 20] = Dq.JUMP_DET | Dq.HOT
    dq[30, 30] = Dq.REFERENCE_PIXEL | Dq.DO_NOT_USE
    panel.show_plane(dq, "Rate DQ", "", is_flags=True)
    assert hand.color(10, 10) == QColor(style_of(Dq.JUMP_DET).color)
    assert hand.color(20, 20) == QColor(style_of(Dq.HOT).color)
    assert hand.color(30, 30) == QColor(style_of(Dq.REFERENCE_PIXEL).color)
    assert hand.color(40, 40) == panel.palette().alternateBase().color()
    assert not panel._bar._stretch.isEnabled()
    panel.statistics.count()
    assert panel._legend.isVisible()
    assert panel._legend._list.count() == 4


def test_a_flag_can_be_hidden_to_see_the_one_below(panel, hand):
    dq = np.zeros((64, 64), np.uint32)
    dq[20, 20] = Dq.JUMP_DET | Dq.HOT
    panel.show_plane(dq, "Rate DQ", "", is_flags=True)
    panel.statistics.count()
    panel._legend._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert hand.color(20, 20) == QColor(style_of(Dq.JUMP_DET).color)


def test_the_overlay_covers_flagged_pixels_only(panel, hand):
    values = np.zeros((64, 64), np.float32)
    panel.show_plane(values, "Group", "DN", kind="group")
    flags = np.zeros((64, 64), np.uint8)
    flags[12, 40], flags[13, 40] = Dq.JUMP_DET, Dq.SATURATED
    plain = hand.color(12, 40)
    panel.show_overlay(flags, Dq.JUMP_DET)
    jump = QColor(style_of(Dq.JUMP_DET).color)
    assert abs(hand.color(12, 40).red() - jump.red()) < 40
    assert hand.color(13, 40) == plain
    assert hand.color(40, 12) == plain
    panel.show_overlay(None, Dq.JUMP_DET)
    assert hand.color(12, 40) == plain


def test_values_and_flags_that_follow_them_share_a_repaint(panel, hand, qtbot, monkeypatch):
    values, flags = np.zeros((64, 64), np.float32), np.zeros((64, 64), np.uint8)
    panel.show_plane(values, "Group", "DN", kind="group")
    panel._limits.set_by_hand(Limits(0.0, 1.0))
    panel.show_overlay(flags, Dq.JUMP_DET)
    plain = hand.color(12, 40)
    refreshed, refresh = [], FrameItem.refresh
    monkeypatch.setattr(
        FrameItem, "refresh", lambda self: refreshed.append(1) or refresh(self)
    )
    for row in (11, 12, 13):
        panel.update_rows(row, row + 1)
        flags = flags.copy()
        flags[row, 40] = Dq.JUMP_DET
        panel.show_overlay(flags, Dq.JUMP_DET)
    qtbot.waitUntil(lambda: not panel._repaint._timer.isActive())
    assert len(refreshed) == 1
    jump = QColor(style_of(Dq.JUMP_DET).color)
    for row in (11, 12, 13):
        assert abs(hand.color(row, 40).red() - jump.red()) < 40
    assert hand.color(14, 40) == plain


def test_what_is_drawn_already_is_not_drawn_again_when_its_time_comes(
    panel, hand, qtbot, monkeypatch
):
    panel.show_plane(ramp_frame(), "Rate", "DN/s", kind="rate")
    for row in (11, 12):
        panel.update_rows(row, row + 1)
    panel._view.frame.refresh()
    hand.color(1, 1)
    refreshed = []
    monkeypatch.setattr(FrameItem, "refresh", lambda self: refreshed.append(1))
    qtbot.waitUntil(lambda: not panel._repaint._timer.isActive())
    assert refreshed == []


def test_colours_are_not_found_again_for_no_flags_where_none_were(panel, hand):
    panel.show_plane(ramp_frame(), "Group", "DN", kind="group")
    hand.color(1, 1)
    colors = panel._view.frame._kept
    assert colors is not None
    panel.show_overlay(None, Dq(0))
    panel.show_overlay(np.zeros((64, 64), np.uint8), Dq(0))
    assert panel._view.frame._kept is colors


def test_showing_and_setting_never_emits(panel, hand, qtbot):
    signals = [
        panel.pixel_clicked,
        panel.pixel_hovered,
        panel.look_edited,
        panel._histogram.limits_edited,
        panel._bar.limits_edited,
    ]
    with (
        qtbot.assertNotEmitted(signals[0]),
        qtbot.assertNotEmitted(signals[1]),
        qtbot.assertNotEmitted(signals[2]),
        qtbot.assertNotEmitted(signals[3]),
        qtbot.assertNotEmitted(signals[4]),
    ):
        panel.show_plane(9 * ramp_frame(), "Group", "DN", kind="group")
        panel.set_selected(Pixel(3, 4))
        panel.set_look(Look("gray", True, Stretch.ASINH))
        panel.limits.set_bad(np.zeros((64, 64), bool))
        panel.show_overlay(np.zeros((64, 64), np.uint8), Dq.JUMP_DET)
        panel.set_selected(None)
        panel.show_nothing()


def test_choosing_a_colour_map_is_told(panel, hand, qtbot):
    with qtbot.waitSignal(panel.look_edited) as told:
        panel._bar._reverse.click()
    assert told.args == [Look("viridis", True, Stretch.LINEAR)]


def test_arrow_keys_move_the_selection_and_stop_at_the_edge(panel, hand):
    clicked = []
    panel.pixel_clicked.connect(clicked.append)
    panel.pixel_clicked.connect(panel.set_selected)
    hand.key(Qt.Key.Key_Up)  # nothing is selected yet
    panel.set_selected(Pixel(61, 1))
    hand.key(Qt.Key.Key_Up)
    hand.key(Qt.Key.Key_Left)
    hand.key(Qt.Key.Key_Left)
    hand.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Right)
    assert clicked == [
        Pixel(62, 1),
        Pixel(62, 0),
        Pixel(63, 0),
        Pixel(62, 0),
        Pixel(62, 1),
    ]


def test_the_marker_is_a_box_and_a_ring_where_the_box_is_small(panel, hand):
    marker = panel._view._marker
    panel.set_selected(Pixel(20, 30))
    for _ in range(2):
        box = hand.view.mapSceneToView(marker.mapRectToScene(marker.box)).boundingRect()
        np.testing.assert_allclose(box.getRect(), (29.5, 19.5, 1, 1))
        is_wide = marker.box.width() > 20
        assert (marker.ring is None) == is_wide
        hand.view.setRange(xRange=(26, 34), yRange=(16, 24))
    assert is_wide
    assert marker.isVisible()
    panel.set_selected(None)
    assert not marker.isVisible()


def test_one_to_one_shows_a_detector_pixel_on_each_screen_pixel(panel, hand):
    panel.show_plane(ramp_frame(2048, 2048), "Rate", "DN/s", kind="full")
    panel.set_selected(Pixel(700, 900))
    hand.key(Qt.Key.Key_1)
    width = hand.place(1000, 700).x() - hand.place(800, 700).x()
    height = hand.place(900, 600).y() - hand.place(900, 800).y()
    assert (width, height) == (200, 200)
    center = hand.view.viewRect().center()
    assert abs(center.x() - 900) <= 1
    assert abs(center.y() - 700) <= 1


def test_double_click_home_and_button_show_all_again(panel, hand, qtbot):
    def whole():
        rect = hand.view.viewRect()
        return rect.top() <= -0.5 and rect.bottom() >= 63.5 and rect.height() < 70

    def at_home():
        hand.key(Qt.Key.Key_Home)

    def at_double_click():
        left = Qt.MouseButton.LeftButton
        qtbot.mouseClick(hand.viewport, left, pos=hand.place(30, 20))
        qtbot.mouseDClick(hand.viewport, left, pos=hand.place(30, 20))

    for back in (at_home, at_double_click, panel._bar._fit.click, panel.fit):
        hand.view.setRange(xRange=(26, 34), yRange=(16, 24))
        assert not whole()
        back()
        assert whole(), back


def test_the_whole_frame_stays_in_view_when_the_window_grows(panel, hand):
    panel.resize(900, 420)
    QApplication.processEvents()
    rect = hand.view.viewRect()
    assert rect.top() <= -0.5
    assert 63.5 <= rect.bottom() < 68


def test_zoom_is_kept_from_plane_to_plane(panel, hand):
    hand.view.setRange(xRange=(20, 40), yRange=(20, 40))
    before = hand.view.viewRect()
    panel.show_plane(ramp_frame(), "Group", "DN", kind="group")
    assert hand.view.viewRect() == before


def test_visible_rows_are_told_when_they_change(panel, hand):
    rows = []
    panel.visible_rows_changed.connect(lambda *pair: rows.append(pair))
    hand.view.setRange(xRange=(20, 40), yRange=(20, 40), padding=0)
    first, last = rows[-1]
    assert first <= 20
    assert 41 <= last < 64
    n_told = len(rows)
    hand.view.translateBy(x=1, y=0)
    assert len(rows) == n_told
    panel.fit()
    assert rows[-1] == (0, 64)


def test_an_empty_panel_says_how_to_begin(panel, hand):
    panel.show_nothing()
    assert "File > Open" in panel._pages.currentWidget().findChild(QLabel).text()
    panel.update_rows(0, 64)
    assert panel._pages.currentIndex() == 0
    panel.show_plane(ramp_frame(), "Rate", "DN/s")
    assert panel._pages.currentIndex() == 1


def test_colours_of_the_axes_follow_the_palette(panel, hand):
    for theme in ("dark", "light"):
        panel.setPalette(palette_of(theme))
        QApplication.processEvents()
        base = palette_of(theme).base().color()
        assert hand.viewport.grab().toImage().pixelColor(2, 2) == base


def test_the_panel_fits_a_small_screen(panel):
    assert panel.minimumSizeHint().width() <= 520
    assert panel.minimumSizeHint().height() <= 420


def test_a_reduced_frame_shows_the_mean_unless_peaks_are_wanted(panel, hand):
    values = np.ones((2048, 2048), np.float32)
    values[1000, 1000] = 5.0
    panel.show_plane(values, "Rate", "DN/s", kind="full")
    panel._limits.set_by_hand(Limits(0.0, 2.0))
    assert LAST not in hand.colors_near(1000, 1000)
    assert len({color.rgb() for color in hand.colors_near(1000, 1000)}) > 1
    panel._bar._peaks.click()
    assert LAST in hand.colors_near(1000, 1000)


@pytest.mark.parametrize("n_rows", [155, 160])
def test_no_number_beside_the_image_is_cut_at_its_upper_end(panel, n_rows):
    panel.show_plane(np.zeros((n_rows, n_rows)), "Rate", "DN/s")
    panel.fit()
    QApplication.processEvents()
    axis = panel.view.plot.getPlotItem().getAxis("left")
    _, texts = axis.picture
    assert "100" in [text for _, text in texts]
    assert min(axis.mapToScene(at).y() - axis._letters._ascent for at, _ in texts) >= 0
