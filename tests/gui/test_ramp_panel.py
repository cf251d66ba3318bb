from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QToolTip

from rampviewer.core.dq import Dq
from rampviewer.gui.plots.plot_row import PlotRow
from rampviewer.gui.ramp.ramp_labels import overlaps
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_overlay import obstacles_in
from rampviewer.gui.ramp.ramp_panel import EMPTY_TEXT, RampPanel
from rampviewer.gui.ramp.ramp_rows import RAMPS, STRIPS
from rampviewer.gui.widgets.flag_styles import style_of
from rampviewer.gui.widgets.theme import palette_of
from rampviewer.model.pixel.pixel_text import group_text
from tests.pixel_views import GROUP_TIME, make_view, noisy, two_jumps


@pytest.fixture
def panel(qtbot):
    widget = RampPanel()
    qtbot.addWidget(widget)
    widget.resize(740, 640)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def xy(layer):
    return np.column_stack((layer.marks.x, layer.marks.y))


def shown(panel):
    return [plot.column.integrations for plot in panel.grid.plots]


def at(panel, plot, group, y, axis_x=None):
    """Return the position of a datum in the viewport."""
    x = (group + 1) * GROUP_TIME if axis_x is None else axis_x
    scene = plot.view_box.mapViewToScene(QPointF(x, y))
    return panel.grid.mapFromScene(scene)


def click(qtbot, panel, where: QPoint, button=Qt.MouseButton.LeftButton):
    qtbot.mouseMove(panel.grid.viewport(), where)
    qtbot.mouseClick(panel.grid.viewport(), button, pos=where)


def test_without_a_pixel_it_says_what_to_do(panel):
    assert panel._pages.currentWidget().text() == EMPTY_TEXT
    panel.show_view(two_jumps())
    assert panel._pages.currentWidget() is not panel._pages.widget(0)
    panel.show_view(None)
    assert panel._pages.currentIndex() == 0


def test_the_points_stand_at_time_and_signal(panel):
    view = two_jumps()
    panel.show_view(view)
    (plot,) = panel.grid.plots
    times = (np.arange(10) + 1) * GROUP_TIME
    np.testing.assert_allclose(
        xy(plot.good), np.column_stack((times, view.integrations[0].signal))
    )
    assert plot.x_axis.labelText == "time [s]"
    assert panel.grid.rows.axes[RAMPS].labelText == "signal [DN]"


def test_lines_of_segments_end_on_their_points(panel):
    view = two_jumps()
    panel.show_view(view)
    (plot,) = panel.grid.plots
    signal = view.integrations[0].signal
    wanted = [((g + 1) * GROUP_TIME, signal[g]) for g in (0, 3, 4, 6, 7, 9)]
    np.testing.assert_allclose(plot.segments.ends.reshape(-1, 2), wanted, rtol=1e-6)


def test_each_flag_has_its_glyph_on_its_datum(panel):
    flags = [0, Dq.JUMP_DET | Dq.DO_NOT_USE, 0, Dq.SATURATED]
    panel.show_view(make_view([10.0, 20.0, 30.0, 40.0], flags))
    (plot,) = panel.grid.plots
    marks = plot.flags.marks
    drawn = [
        (x, y, glyph.symbol, glyph.color)
        for x, y, glyph in zip(marks.x, marks.y, marks.glyphs, strict=True)
    ]
    styles = [style_of(b) for b in (Dq.DO_NOT_USE, Dq.JUMP_DET, Dq.SATURATED)]
    places = [(20.0, 20.0), (20.0, 20.0), (40.0, 40.0)]
    assert drawn == [
        (*place, style.symbol, style.color)
        for place, style in zip(places, styles, strict=True)
    ]
    assert all(glyph.fill == 0 for glyph in marks.glyphs)
    assert len({glyph.size for glyph in marks.glyphs}) == 3


def test_groups_that_no_segment_uses_are_drawn_apart(panel):
    panel.show_view(make_view([10.0, 20.0, 30.0, 40.0], [1, 0, 0, 2]))
    (plot,) = panel.grid.plots
    np.testing.assert_array_equal(plot.good.marks.x, [20, 30])
    np.testing.assert_array_equal(plot.excluded.marks.x, [10, 40])
    assert (plot.good.glyph(0).fill, plot.excluded.glyph(0).fill) == (255, 0)


def test_a_jump_is_a_line_through_ramp_and_strip(panel):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    assert plot.lines.lines.jumps == (50.0, 80.0)
    assert plot.lines.lines.steps == ((40.0, 50.0), (70.0, 80.0))
    assert plot.strip.lines.lines.jumps == (50.0, 80.0)


def test_the_strip_has_a_row_for_each_bit_and_marks_that_of_jumps(panel):
    panel.show_view(make_view([1.0, 2.0, 3.0], [0, Dq.JUMP_DET | Dq.SATURATED, 1]))
    (plot,) = panel.grid.plots
    np.testing.assert_array_equal(xy(plot.strip.glyphs), [(20, 1), (20, 2), (30, 0)])
    assert plot.strip.lines.lines.level == (1.5, 2.5)
    assert plot.strip.values.texts() == [(20.0, "6"), (30.0, "1")]
    (ticks,) = panel.grid.rows.axes[STRIPS]._tickLevels
    assert [text for _, text in ticks] == [
        "DO_NOT_USE 1",
        "SATURATED 2",
        "JUMP_DET 4",
        "GROUPDQ",
    ]


def test_numbers_that_do_not_fit_stand_once_for_a_run_of_equal_ones(panel):
    flags = np.zeros(200, int)
    flags[100:] = 3
    panel.show_view(make_view(np.arange(200.0), flags))
    (plot,) = panel.grid.plots
    assert plot.strip.values.texts() == [((149.5 + 1) * GROUP_TIME, "3")]
    panel.show_view(make_view(np.arange(8.0), [0, 0, 3, 3, 3, 0, 0, 2]))
    assert [text for _, text in plot.strip.values.texts()] == ["3", "3", "3", "2"]


def test_numbers_of_the_first_and_last_group_stand_within_the_strip(panel, qtbot):
    panel.show_view(make_view(np.arange(90.0), [1, *[0] * 88, 1]))
    (plot,) = panel.grid.plots
    numbers = plot.strip.values
    qtbot.waitUntil(lambda: len(numbers.placed()) > 0)
    assert [text for _, text in numbers.placed()] == ["1", "1"]
    for area, _ in numbers.placed():
        assert area.left() >= 0
        assert area.right() <= numbers.boundingRect().width()
    plot.view_box.setXRange(*plot.view_box.viewRange()[0], padding=-0.2)
    assert numbers.placed() == []


def test_a_missing_rate_is_explained_in_the_title(panel):
    panel.show_view(make_view(np.arange(4.0), [2, 2, 2, 2]))
    title = panel.grid.title
    assert title.text.endswith("rate is NaN: saturated from group 0")
    short = "x 512, y 300   run 1: 4 sigma   rate is NaN"
    assert title.shorter == (f"selected   {short}", short)


def test_a_title_is_shortened_before_it_is_cut(panel):
    panel.show_view(two_jumps())
    title = panel.grid.plots[0].title
    assert title.fitting(1000) == "int 0: 12.000 ± 0.079 DN/s"
    assert title.fitting(title._letters.width_of(title.text) - 1) == ("0: 12.000 ± 0.079")
    assert title.fitting(title._letters.width_of("0: 12") + 2) == "0: 12"
    assert title.fitting(10) == "0"


def test_the_title_gives_pixel_rate_and_which_pixel_it_is(panel):
    panel.show_view(two_jumps())
    title = panel.grid.title.text
    assert title.startswith(
        "selected   x 512, y 300   run 1: 4 sigma   rate 12.000 ± 0.079 DN/s"
    )
    panel.show_hover(noisy(1, 10))
    assert panel.grid.title.text.startswith("hover")
    panel.show_hover(None)
    assert panel.grid.title.text == title


def test_integrations_stand_side_by_side_on_one_y_axis(panel, qtbot):
    view = noisy(3, 12, [(1, 4, 900)])
    panel.show_view(view)
    plots = panel.grid.plots
    assert shown(panel) == [(0,), (1,), (2,)]
    assert [p.title.text[:6] for p in plots] == ["int 0:", "int 1:", "int 2:"]
    qtbot.waitUntil(lambda: plots[2].view_box.sceneBoundingRect().width() > 50)
    boxes = [p.view_box.sceneBoundingRect() for p in plots]
    assert boxes[0].right() <= boxes[1].left() < boxes[2].left()
    ranges = [p.view_box.viewRange()[1] for p in plots]
    assert ranges[0] == ranges[1] == ranges[2]
    panel.show_view(two_jumps())
    assert [p.view_box.isVisible() for p in plots] == [True, False, False]


def test_a_title_leaves_out_how_many_integrations_there_are_before_it_is_cut(panel):
    panel.show_view(noisy(20, 5))
    title = panel.grid.title
    assert "int 0 to 5 of 20" in title.shorter[1]
    assert title.shorter[2] == title.shorter[1].replace(" of 20", "")


def test_a_head_without_room_for_the_rate_names_its_integration_alone(panel):
    panel.show_view(noisy(3, 12))
    assert panel.grid.plots[2].title.fitting(16) == "2"


def test_a_zoom_of_one_integration_is_a_zoom_of_all(panel):
    panel.show_view(noisy(3, 12))
    panel.grid.plots[0].view_box.setRange(xRange=(20, 60), yRange=(100, 200), padding=0)
    for plot in panel.grid.plots:
        assert plot.view_box.viewRange()[0] == pytest.approx([20, 60])
        assert plot.view_box.viewRange()[1] == pytest.approx([100, 200])


def test_ramp_and_strip_share_the_x_axis(panel):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    plot.view_box.setXRange(20, 60, padding=0)
    assert plot.strip.view_box.viewRange()[0] == pytest.approx([20, 60])
    ramp, strip = plot.view_box.sceneBoundingRect(), plot.strip.view_box.sceneBoundingRect()
    assert ramp.left() == strip.left()
    assert ramp.right() == strip.right()


def test_many_integrations_are_a_window_around_the_current_one(panel):
    panel.show_view(noisy(20, 5))
    assert shown(panel) == [(0,), (1,), (2,), (3,), (4,), (5,)]
    assert "int 0 to 5 of 20" in panel.grid.title.text
    panel.set_group(10, 2)
    assert shown(panel) == [(7,), (8,), (9,), (10,), (11,), (12,)]
    panel.set_group(19, 2)
    assert shown(panel) == [(14,), (15,), (16,), (17,), (18,), (19,)]
    assert panel.grid.plots[5].lines.lines.current == 30.0


def test_the_current_group_is_marked_in_its_integration_only(panel, qtbot):
    panel.show_view(noisy(2, 10))
    with qtbot.assertNotEmitted(panel.group_clicked):
        panel.set_group(1, 4)
    first, second = panel.grid.plots
    assert first.lines.lines.current is None
    assert second.lines.lines.current == 50.0
    assert second.strip.lines.lines.current == 50.0
    assert panel._group_line.text().startswith("int 1 group 4: ")


def test_a_group_that_the_pixel_lacks_is_not_described(panel):
    panel.show_view(two_jumps())
    panel.set_group(0, 10)
    assert panel._group_line.text() == ""
    panel.set_group(3, 0)
    assert panel._group_line.text() == ""


@pytest.mark.parametrize("by_group", [False, True])
def test_a_click_names_the_integration_and_the_nearest_group(panel, qtbot, by_group):
    panel.show_view(noisy(2, 10))
    panel.tools.unit.setChecked(by_group)
    plot = panel.grid.plots[1]
    x = 6.3 if by_group else 73.0
    low, high = plot.view_box.viewRange()[1]
    with qtbot.waitSignal(panel.group_clicked) as caught:
        click(qtbot, panel, at(panel, plot, 6, (low + high) / 2, x))
    assert caught.args == [1, 6]


def test_a_click_in_the_strip_counts_too(panel, qtbot):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    where = panel.grid.mapFromScene(plot.strip.view_box.mapViewToScene(QPointF(51, 1)))
    with qtbot.waitSignal(panel.group_clicked) as caught:
        click(qtbot, panel, where)
    assert caught.args == [0, 4]


def test_a_click_beside_the_plots_or_with_another_button_is_none(panel, qtbot):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    with qtbot.assertNotEmitted(panel.group_clicked):
        click(qtbot, panel, QPoint(3, 100))
        click(qtbot, panel, at(panel, plot, 4, 900), Qt.MouseButton.RightButton)


def test_a_tooltip_tells_about_the_group_under_the_mouse(panel, qapp):
    panel.show_view(two_jumps())
    where = at(panel, panel.grid.plots[0], 4, 900)
    event = QHelpEvent(QEvent.Type.ToolTip, where, panel.grid.mapToGlobal(where))
    qapp.sendEvent(panel.grid.viewport(), event)
    assert QToolTip.text() == group_text(two_jumps(), 0, 4)
    QToolTip.hideText()


def test_the_x_axis_can_count_groups(panel, qtbot):
    panel.show_view(two_jumps())
    qtbot.mouseClick(panel.tools.unit, Qt.MouseButton.LeftButton)
    (plot,) = panel.grid.plots
    np.testing.assert_array_equal(plot.good.marks.x, np.arange(10))
    assert plot.lines.lines.jumps == (4.0, 7.0)
    assert plot.x_axis.labelText == "group"
    assert plot.view_box.viewRange()[0] == pytest.approx([-0.6, 9.6])
    assert plot.x_axis.tickSpacing(-0.6, 9.6, 600) == [(1, 0)]
    assert plot.x_axis.tickSpacing(-0.6, 99.6, 600) == [(10, 0), (5, 0), (1, 0)]
    qtbot.mouseClick(panel.tools.unit, Qt.MouseButton.LeftButton)
    assert plot.x_axis.labelText == "time [s]"


def test_a_zoom_holds_the_range_until_it_is_given_back(panel, qtbot):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    plot.view_box.setYRange(0, 100, padding=0)
    plot.view_box.sigRangeChangedManually.emit([True, True])
    assert panel.tools.hold.isChecked()
    panel.show_view(noisy(2, 10))
    for each in panel.grid.plots:
        assert each.view_box.viewRange()[1] == pytest.approx([0, 100])
        assert each.view_box.viewRange()[0] == pytest.approx([4, 106])
    qtbot.mouseClick(panel.tools.fit, Qt.MouseButton.LeftButton)
    assert not panel.tools.hold.isChecked()
    assert plot.view_box.viewRange()[1][1] > 500


def turn_wheel(qapp, panel, where):
    event = QWheelEvent(
        QPointF(where),
        QPointF(panel.grid.viewport().mapToGlobal(where)),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    qapp.sendEvent(panel.grid.viewport(), event)


def test_the_wheel_zooms_and_holds_what_it_zoomed(panel, qapp):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    before = plot.view_box.viewRange()
    turn_wheel(qapp, panel, at(panel, plot, 4, 900))
    after = plot.view_box.viewRange()
    assert after[0][1] - after[0][0] < before[0][1] - before[0][0]
    assert panel.tools.hold.isChecked()
    panel.show_view(noisy(1, 10))
    assert plot.view_box.viewRange() == after


def test_a_drag_moves_the_ramp_and_names_no_group(panel, qtbot, qapp):
    panel.show_view(two_jumps())
    (plot,) = panel.grid.plots
    before = plot.view_box.viewRange()
    start = at(panel, plot, 4, 900)
    viewport = panel.grid.viewport()
    with qtbot.assertNotEmitted(panel.group_clicked):
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        for dx in (20, 40, 60):
            qtbot.mouseMove(viewport, start + QPoint(dx, 0))
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    assert plot.view_box.viewRange()[0][0] < before[0][0]


def test_a_zoom_ends_with_its_exposure(panel):
    panel.show_view(two_jumps())
    panel.tools.hold.setChecked(True)
    panel.show_view(None)
    panel.show_view(noisy(1, 20))
    (plot,) = panel.grid.plots
    assert plot.view_box.viewRange()[0] == pytest.approx([4, 206])


@pytest.mark.parametrize(
    "view",
    [
        make_view([[523.0]]),
        make_view(np.full((1, 10), np.nan)),
        make_view(np.full((1, 10), np.nan), np.full((1, 10), 255)),
        make_view(np.zeros((2, 2))),
        noisy(7, 3),
    ],
)
def test_odd_exposures_are_drawn_too(panel, view):
    panel.show_view(view)
    panel.set_group(0, 0)
    assert not panel.grab().isNull()


def test_a_nan_group_is_marked_and_has_no_point(panel):
    panel.show_view(make_view([10.0, np.nan, 30.0]))
    (plot,) = panel.grid.plots
    np.testing.assert_array_equal(plot.good.marks.x, [10, 30])
    assert plot.labels.labels.nan_at == (20.0,)


def boxes_apart(layout):
    return not any(
        a is not b
        and a[0] < b[0] + b[2]
        and b[0] < a[0] + a[2]
        and a[1] < b[1] + b[3]
        and b[1] < a[1] + a[3]
        for a, _ in layout
        for b, _ in layout
    )


def test_labels_of_few_segments_stand_beside_their_lines(panel):
    panel.show_view(two_jumps())
    layout = panel.grid.plots[0].labels.layout()
    assert [text for _, text in layout] == ["12.000 ± 0.079 DN/s\nweight 33.3 %"] * 3
    assert boxes_apart(layout)


def test_many_segments_share_one_box(panel):
    panel.show_view(noisy(1, 40, [(0, g, 200) for g in (5, 12, 20, 28, 35)]))
    ((_, text),) = panel.grid.plots[0].labels.layout()
    assert len(text.split("\n")) == 6
    assert text.startswith("groups 0 to 4: ")


def test_a_box_of_labels_covers_no_point_while_a_shorter_one_is_free(panel):
    panel.resize(600, 640)
    panel.show_view(noisy(2, 40, [(0, g, 200) for g in (5, 12, 20, 28, 35)]))
    overlay = panel.grid.plots[0].labels
    ((box, text),) = overlay.layout()
    row = PlotRow.of([panel.grid.plots[0].view_box]).apart()
    (obstacles,), _ = obstacles_in([overlay], row)
    assert overlaps(np.array([box]), obstacles)[0] == 0
    assert text != "\n".join(overlay.labels.legend)


def test_titles_side_by_side_say_equally_much(panel):
    panel.show_view(make_view(np.ones((3, 4)), rates=[-143.0, 1190.0, -8.0]))
    forms = set()
    for width in range(420, 760, 5):
        panel.resize(width, 640)
        QApplication.processEvents()
        titles = [plot.title for plot in panel.grid.plots]
        written = [title.fitting(title.rect().width() - 4) for title in titles]
        (form,) = {(text[:3] == "int", "\N{PLUS-MINUS SIGN}" in text) for text in written}
        forms.add(form)
    assert len(forms) > 1


def hides_a_point(overlay, box):
    left, top, width, height = box
    x, y = overlay.to_pixels(*overlay.labels.points.T)
    inside = (x > left) & (x < left + width) & (y > top) & (y < top + height)
    return inside.any()


@pytest.mark.parametrize("first", range(2, 7))
def test_no_words_stand_above_a_point_in_a_small_plot(panel, first):
    panel.resize(490, 400)
    panel.set_look(RampLook(residuals=True, bars=True))
    panel.show_view(noisy(3, 10, [(0, first, 1600), (0, first + 2, 1500), (1, 6, 90)]))
    QApplication.processEvents()
    for plot in panel.grid.plots:
        layout = plot.labels.layout()
        assert not any(hides_a_point(plot.labels, box) for box, _ in layout)


def test_a_small_plot_says_how_many_segments_it_has(panel):
    panel.resize(490, 440)
    panel.set_look(RampLook(residuals=True, bars=True))
    panel.show_view(noisy(3, 10, [(0, 4, 1600), (0, 6, 1500)]))
    QApplication.processEvents()
    ((_, text),) = panel.grid.plots[0].labels.layout()
    assert text == "3 segs"


def test_a_box_of_labels_never_grows_out_of_the_plot(panel):
    panel.show_view(noisy(1, 80, [(0, g, 200) for g in range(3, 80, 3)]))
    overlay = panel.grid.plots[0].labels
    ((box, text),) = overlay.layout()
    assert text.split("\n")[-1].startswith("and ")
    assert box[1] + box[3] <= overlay.boundingRect().height()


def test_nothing_is_added_to_the_scene_by_an_update(panel):
    panel.show_view(noisy(2, 40, [(0, 5, 100)], seed=1))
    before = len(panel.grid.scene().items())
    for seed in range(2, 6):
        panel.show_view(noisy(2, 40, [(0, 5, 100), (1, seed, 300)], seed=seed))
    assert len(panel.grid.scene().items()) == before


def test_colours_follow_the_palette(panel, qapp):
    panel.show_view(two_jumps())
    seen = []
    for name in ("light", "dark"):
        palette = palette_of(name)
        panel.setPalette(palette)
        (plot,) = panel.grid.plots
        assert panel.grid.backgroundBrush().color() == palette.base().color()
        assert QColor(plot.good.glyph(0).color) == palette.text().color()
        seen.append(plot.segments.pen.color().name())
    assert seen[0] != seen[1]


def test_a_click_draws_the_pixel_once(panel, monkeypatch):
    drawn, show_view = [], panel.grid.show_view

    def counted(view, kind):
        drawn.append(kind)
        show_view(view, kind)

    monkeypatch.setattr(panel.grid, "show_view", counted)
    one, other = two_jumps(), two_jumps()
    panel.show_hover(one)
    panel.show_view(other)  # as `Session` tells of a click: first the pixel selected,
    panel.show_hover(None)  # then none below the mouse
    assert drawn == ["hover", "selected"]


def test_no_label_touches_the_frame(panel):
    panel.show_view(noisy(1, 10))
    overlay = panel.grid.plots[0].labels
    for x, side in ((10.0, 0), (100.0, 1)):
        short = np.array([[x, 20.0, x, 20.0]])
        overlay.labels = replace(overlay.labels, segments=short, points=np.empty((0, 2)))
        ((box, _),) = overlay.layout()
        ends = box[0], overlay.boundingRect().width() - box[0] - box[2]
        assert ends[side] == pytest.approx(3)


def test_no_line_crosses_the_word_for_a_group_without_a_datum(panel):
    signal = np.arange(10.0)
    signal[4] = np.nan
    panel.show_view(make_view(signal))
    panel.set_group(0, 4)
    plot = panel.grid.plots[0]
    (box,) = plot.labels.nan_boxes()
    (column,) = plot.labels.columns(plot.labels.labels.nan_at)
    place = plot.view_box.mapToScene(QPointF(column - 0.5, box.top() + 1))
    picture = panel.grid.viewport().grab().toImage()
    colors = [
        picture.pixelColor(panel.grid.mapFromScene(place) + QPoint(0, down)).name()
        for down in (-20, 0)
    ]
    ground = panel.palette().base().color().name()
    assert colors[0] != ground  # the line at the group
    assert colors[1] == ground
