import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtWidgets import QApplication

from rampviewer.core.origin import Origin
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.gui.ramp.ramp_rows import RESIDUALS, STEPS
from rampviewer.gui.ramp.sigma_rows import NO_FIT, NO_SIGMA, TOO_FEW
from rampviewer.gui.widgets.flag_styles import style_of_origin
from rampviewer.model.pixel.deviation import deviations
from rampviewer.model.pixel.pixel_view import Decision
from tests.gui.step_hand import LEFT, ratios, steps_of
from tests.pixel_views import GROUP_TIME, make_decision, make_view, noisy, two_jumps

HEAD = "|step| \N{MINUS SIGN} median   iterative, 0 of 3 differences usable, 0 removed"


@pytest.fixture
def panel(qtbot):
    widget = RampPanel()
    qtbot.addWidget(widget)
    widget.resize(740, 640)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_each_difference_stands_at_its_group_and_ratio(panel):
    view = noisy(2, 12, [(0, 5, 900), (1, 3, 400)])
    panel.show_view(view)
    values = deviations(view.decision)
    for number in (0, 1):
        marks = steps_of(panel, number).marks.marks
        np.testing.assert_array_equal(marks.x, (np.arange(1, 12) + 1) * GROUP_TIME)
        np.testing.assert_array_equal(marks.y, values[number])
        np.testing.assert_array_equal(np.abs(marks.y), view.decision.ratio[number])


def test_a_difference_that_was_not_compared_has_no_mark(panel):
    panel.show_view(ratios([1.0, np.nan, -2.0]))
    marks = steps_of(panel).marks.marks
    np.testing.assert_array_equal(marks.x, [20, 40])
    np.testing.assert_array_equal(marks.y, [1, -2])


@pytest.mark.parametrize(
    "origin",
    [
        Origin.DELIVERED,
        Origin.PRIMARY,
        Origin.NEIGHBOR,
        Origin.AFTER_JUMP,
        Origin.SNOWBALL,
        Origin.SNOWBALL_CORE,
        Origin.CARRIED_OVER,
        Origin.SHOWER,
    ],
)
def test_a_glyph_tells_the_origin_of_the_flag_and_the_legend_names_it(panel, origin):
    panel.show_view(make_view(np.arange(4.0), [0, 0, 4, 0], origin=[0, 0, origin, 0]))
    layer, style = steps_of(panel).marks, style_of_origin(origin)
    glyph = layer.glyph(1)
    assert (glyph.symbol, glyph.color) == (style.symbol, style.color)
    assert layer.marks.glyphs[0] is None
    header = panel.grid.rows.step_head
    (entry,) = header.layout_for(header.rect().width())[1]
    assert entry[1] is origin


def test_a_flag_without_a_comparison_keeps_its_glyph_at_the_lower_edge(panel):
    decision = make_decision(
        np.arange(4.0)[None], np.zeros((1, 4), int), ratio=np.array([[1.0, np.nan, 1.0]])
    )
    flags, origin = [0, 0, 4, 0], [0, 0, Origin.DELIVERED, 0]
    panel.show_view(make_view(np.arange(4.0), flags, origin=origin, decision=decision))
    layer = steps_of(panel).marks
    _, y, beyond = layer.places()
    height = layer.boundingRect().height()
    np.testing.assert_array_equal(layer.marks.x, [20, 30, 40])
    assert 0 < height - y[1] < 10
    assert not beyond.any()


def test_removals_are_numbered_in_the_iterative_branch_only(panel):
    panel.show_view(two_jumps())
    words = steps_of(panel).marks.marks.words
    assert [word for word in words if word] == ["#1", "#2"]
    panel.show_view(ratios([1.0, 12.0, 2.0]))
    assert steps_of(panel).marks.marks.words == ("", "", "")


def test_a_jump_far_beyond_the_view_keeps_its_number_and_flattens_nothing(panel, qtbot):
    panel.show_view(ratios([1.0, 312.4, -77.0, 2.0] + [0.0] * 6))
    steps = steps_of(panel)
    low, high = steps.view_box.viewRange()[1]
    assert (low, high) == pytest.approx((-6.0, 8.8))
    qtbot.waitUntil(lambda: steps.marks.boundingRect().height() > 60)
    _, y, beyond = steps.marks.places()
    assert beyond.tolist()[:4] == [0, -1, 1, 0]
    height = steps.marks.boundingRect().height()
    assert 0 < y[1] < 20 < height - 20 < y[2] < height
    assert [text for _, text in steps.marks.texts()] == ["312", "-77"]


def test_numbers_never_cover_one_another(panel):
    panel.show_view(ratios([50.0 + n for n in range(9)]))
    areas = [area for area, _ in steps_of(panel).marks.texts()]
    assert len(areas) > 5
    assert not any(a.intersects(b) for a in areas for b in areas if a is not b)


def test_numbers_keep_off_the_glyphs_of_other_jumps(panel):
    panel.show_view(ratios([0.0, 40.0, 50.0, 60.0, 0.0] + [0.0] * 45))
    layer = steps_of(panel).marks
    own = {1: 40, 2: 50, 3: 60}
    glyphs = layer._glyph_areas(own)
    assert sorted(text for _, text in layer.texts()) == ["40", "50", "60"]
    for number, value in own.items():
        others = [area for area, text in layer.texts() if text != str(value)]
        assert not any(area.intersects(glyphs[number]) for area in others)


@pytest.mark.parametrize("first", range(2, 7))
def test_numbers_keep_off_points_where_there_is_room(panel, first):
    panel.resize(490, 440)
    panel.set_look(RampLook(residuals=True))
    panel.show_view(noisy(3, 10, [(0, first, 1600), (0, first + 2, 1500)]))
    QApplication.processEvents()
    layer = steps_of(panel).marks
    x, y, _ = layer.places()
    points = [QPointF(*point) for point in zip(x, y, strict=True)]
    assert len(layer.texts()) == 2
    assert not any(area.contains(p) for area, _ in layer.texts() for p in points)


def test_a_zoom_brings_a_far_jump_to_its_place(panel):
    panel.show_view(ratios([1.0, 312.4, 2.0]))
    steps = steps_of(panel)
    steps.view_box.setYRange(-10, 400, padding=0)
    _, y, beyond = steps.marks.places()
    assert not beyond.any()
    assert y[1] < y[0] / 2


def test_what_is_set_is_not_emitted(panel):
    seen = []
    for signal in (panel.threshold_edited, panel.look_edited, panel.group_clicked):
        signal.connect(lambda *args: seen.append(args))
    panel.show_view(two_jumps())
    panel.set_look(RampLook(residuals=True, bars=True, arrangement="overlaid"))
    panel.show_hover(noisy(2, 10))
    panel.set_group(1, 3)
    assert seen == []


def test_the_header_tells_the_branch_and_its_counts(panel):
    panel.show_view(two_jumps())
    head = panel.grid.rows.step_head.text
    assert head.startswith("|step| \N{MINUS SIGN} median   iterative, 9 of 9 differences")
    assert "2 removed" in head
    assert "median 20.0, sigma 5.00 electron" in head


@pytest.mark.parametrize("order", [(0, 0, 0), (1, 0, 2)])
def test_the_header_gives_median_and_sigma_before_it_says_what_is_compared(panel, order):
    signal, flags = np.arange(4.0)[None], np.zeros((1, 4), int)
    decision = make_decision(signal, flags, order=np.array([order]))
    panel.show_view(make_view(np.arange(4.0), decision=decision))
    head, n = panel.grid.rows.step_head, sum(rank > 0 for rank in order)
    told = ("median 20.0, sigma 5.00 electron", f"iterative, {n} removed")
    texts = (head.text, *head.shorter)
    assert [told[0] in text for text in texts] == [True] * 3 + [False] * 2
    assert texts[2] == f"{told[1]}   {told[0]}"
    widths = [head._letters.width_of(text) for text in texts]
    assert widths == sorted(widths, reverse=True)


def nothing(branch, shape):
    values = np.full(shape, np.nan)
    names = ("difference", "ratio", "median", "sigma", "limit")
    return Decision(
        branch=branch,
        n_differences=0,
        threshold=np.nan,
        threshold_name="",
        order=np.zeros(shape, np.int64),
        **dict.fromkeys(names, values),
    )


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        ("as delivered", "As delivered: rampviewer searched for no jump."),
        ("skipped", "Jump detection was skipped: too few groups."),
        ("iterative", TOO_FEW),
    ],
)
def test_without_a_decision_the_panel_says_why_it_is_empty(panel, branch, message):
    panel.set_look(RampLook(residuals=True))
    panel.show_view(make_view(np.arange(4.0), decision=nothing(branch, (1, 3))))
    plot = panel.grid.plots[0]
    assert plot.thresholds.message == message
    assert plot.thresholds.lines == ()
    assert panel.grid.rows.step_head.text == ("" if branch != "iterative" else HEAD)
    assert plot.residuals.band.message == NO_SIGMA
    panel.show_view(two_jumps())
    assert plot.thresholds.message == plot.residuals.band.message == ""


def test_residuals_are_in_sigma_of_a_difference(panel):
    panel.set_look(RampLook(residuals=True))
    view = make_view([0.0, 1.0, 5.0, 3.0, 90.0], [0, 0, 0, 0, 1])
    panel.show_view(view)
    marks = panel.grid.plots[0].residuals.marks.marks
    np.testing.assert_allclose(marks.x, [10, 20, 30, 40])
    np.testing.assert_allclose(marks.y, np.array([-0.3, -0.6, 2.1, -1.2]) / 2.5, atol=1e-6)
    assert "2.50 DN" in panel.grid.rows.residual_head.text
    panel.show_view(make_view([np.nan] * 4, [1] * 4))
    assert panel.grid.plots[0].residuals.band.message == NO_FIT


def test_all_panels_share_the_x_axis(panel):
    panel.set_look(RampLook(residuals=True))
    panel.show_view(noisy(2, 12))
    first, second = panel.grid.plots[:2]
    first.steps.view_box.setXRange(25, 75, padding=0)
    for plot in (first, second):
        for box in plot.view_boxes:
            assert box.viewRange()[0] == pytest.approx([25, 75])
    lefts = {round(box.sceneBoundingRect().left(), 6) for box in first.view_boxes}
    widths = {round(box.sceneBoundingRect().width(), 6) for box in first.view_boxes}
    assert len(lefts) == len(widths) == 1


@pytest.mark.parametrize("button", ["steps", "residuals"])
def test_a_button_shows_and_hides_its_panel(panel, qtbot, button):
    panel.show_view(two_jumps())
    row = {"steps": STEPS, "residuals": RESIDUALS}[button]
    plot, tool = getattr(panel.grid.plots[0], button), getattr(panel.tools, button)
    was = tool.isChecked()
    height = panel.grid.plots[0].view_box.sceneBoundingRect().height()
    with qtbot.waitSignal(panel.look_edited) as caught:
        qtbot.mouseClick(tool, LEFT)
    assert getattr(caught.args[0], button) is not was
    assert plot.view_box.isVisible() is not was
    assert panel.grid.rows.axes[row].isVisible() is not was
    grown = panel.grid.plots[0].view_box.sceneBoundingRect().height() > height
    assert grown is was
    assert plot.marks.marks.x.size  # what is shown again is not empty


def test_error_bars_are_the_sigma_of_a_difference(panel, qtbot):
    panel.show_view(two_jumps())
    plot = panel.grid.plots[0]
    assert np.isnan(plot.good.marks.bar)
    qtbot.mouseClick(panel.tools.bars, LEFT)
    assert plot.good.marks.bar == 5.0 / 2.0  # sigma over gain [DN]
    assert plot.steps.marks.marks.bar == 1.0


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Qt.Key.Key_T, "steps"),
        (Qt.Key.Key_R, "residuals"),
        (Qt.Key.Key_E, "bars"),
        (Qt.Key.Key_H, "hold"),
        (Qt.Key.Key_X, "unit"),
    ],
)
def test_each_switch_has_a_key(panel, qtbot, key, name):
    panel.show_view(two_jumps())
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    button = getattr(panel.tools, name)
    was = button.isChecked()
    for is_on in (not was, was):
        qtbot.keyClick(panel, key)
        qtbot.waitUntil(lambda is_on=is_on: button.isChecked() is is_on)
