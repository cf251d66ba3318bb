import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent, QTextDocument
from PyQt6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox

from rampviewer.core.dq import Dq
from rampviewer.gui.image.color_tables import NAN_COLOR, colors_of, value_table
from rampviewer.gui.image.display_bar import DisplayBar, Look
from rampviewer.gui.image.flag_legend import FlagLegend
from rampviewer.gui.image.histogram_bar import HistogramBar
from rampviewer.gui.image.picture_statistics import count_flags
from rampviewer.gui.image.stretch import Limits, LimitsRule, Stretch
from rampviewer.gui.work.throttle import Throttle


def shown(widget, qtbot):
    qtbot.addWidget(widget)
    widget.resize(max(widget.sizeHint().width(), 180), 400)
    widget.show()
    qtbot.waitExposed(widget)
    QApplication.processEvents()
    return widget


@pytest.fixture
def bar(qtbot):
    widget = shown(DisplayBar(), qtbot)
    widget.set_limits(Limits(0.123456789, 4.0), LimitsRule.ZSCALE)
    return widget


def retype(box, text, qtbot):
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_the_rule_can_be_read_when_its_limits_are_held(bar):
    bar.set_limits(Limits(0.0, 4.0), LimitsRule.SKY, is_held_over=True)
    QApplication.processEvents()
    box, option = bar._rule, QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox,
        option,
        QStyle.SubControl.SC_ComboBoxEditField,
        box,
    )
    assert box.currentText() == "from sky, held"
    assert field.width() >= box.fontMetrics().horizontalAdvance("from sky, held")


def test_a_typed_limit_is_told_and_the_other_keeps_all_its_digits(bar, qtbot):
    with qtbot.waitSignal(bar.limits_edited) as told:
        retype(bar._high, "3.75", qtbot)
    assert told.args == [Limits(0.123456789, 3.75)]


def test_a_typed_limit_stays_as_it_was_typed(bar, qtbot):
    retype(bar._high, "3.7500001", qtbot)
    bar.set_limits(Limits(0.123456789, 3.7500001), LimitsRule.MANUAL)
    assert bar._high.text() == "3.7500001"
    assert bar._rule.currentText() == "manual"


def test_leaving_a_box_without_an_edit_changes_nothing(bar, qtbot):
    with qtbot.assertNotEmitted(bar.limits_edited):
        qtbot.keyClick(bar._low, Qt.Key.Key_Return)


def test_limits_typed_in_the_wrong_order_are_swapped(bar, qtbot):
    with qtbot.waitSignal(bar.limits_edited) as told:
        retype(bar._low, "1e2", qtbot)
    assert told.args == [Limits(4.0, 100.0)]


def test_what_is_no_number_is_not_told(bar, qtbot):
    with qtbot.assertNotEmitted(bar.limits_edited):
        retype(bar._low, "-", qtbot)


def test_a_rule_can_be_chosen_and_asked_for_again(bar, qtbot):
    rules = []
    bar.rule_edited.connect(rules.append)
    bar.reset_clicked.connect(lambda: rules.append("again"))
    qtbot.keyClick(bar._rule, Qt.Key.Key_Down)
    bar._reset.click()
    bar.set_limits(Limits(0, 1), LimitsRule.MANUAL)
    bar._reset.click()
    assert rules == [LimitsRule.PERCENTILE, "again", "again"]


def test_limits_of_another_picture_are_called_held(bar):
    bar.set_limits(Limits(0, 1), LimitsRule.PERCENTILE, is_held_over=True)
    assert bar._rule.currentText() == "99.5 %, held"
    bar._reset.click()
    bar.set_limits(Limits(0, 1), LimitsRule.ZSCALE)
    texts = [bar._rule.itemText(i) for i in range(bar._rule.count())]
    assert bar._rule.currentText() == "zscale"
    assert texts == [rule.value for rule in LimitsRule]


def test_holding_is_on_until_the_user_ends_it(bar, qtbot):
    assert bar._hold.isChecked()
    with qtbot.waitSignal(bar.hold_edited) as told:
        bar._hold.click()
    assert told.args == [False]


def test_a_look_is_told_as_a_whole(bar, qtbot):
    looks = []
    bar.look_edited.connect(looks.append)
    qtbot.keyClick(bar._map, Qt.Key.Key_Down)
    qtbot.keyClick(bar._stretch, Qt.Key.Key_End)
    bar._reverse.click()
    assert looks == [
        Look("inferno"),
        Look("inferno", stretch=Stretch.LOG),
        Look("inferno", True, Stretch.LOG),
    ]


def test_setting_the_bar_is_silent(bar, qtbot):
    with (
        qtbot.assertNotEmitted(bar.look_edited),
        qtbot.assertNotEmitted(bar.rule_edited),
        qtbot.assertNotEmitted(bar.limits_edited),
    ):
        bar.set_look(Look("gray", True, Stretch.SQRT))
        bar.set_limits(Limits(5.0, 6.0), LimitsRule.MIN_MAX)
        bar.set_values_shown(shown=False)
    assert bar.look() == Look("gray", True, Stretch.SQRT)
    assert bar._low.text() == "5"


def test_buttons_ask_for_a_view(bar, qtbot):
    with qtbot.waitSignal(bar.fit_clicked):
        bar._fit.click()
    with qtbot.waitSignal(bar.one_to_one_clicked):
        bar._one.click()


def test_an_unknown_colour_map_is_refused():
    with pytest.raises(ValueError, match="color_map"):
        Look("jet")


def test_every_control_of_the_bar_has_a_name_and_a_hint(bar):
    for widget in (bar._rule, bar._low, bar._high, bar._reset, bar._stretch, bar._map):
        assert widget.accessibleName()
        assert widget.toolTip()


@pytest.fixture
def histogram(qtbot):
    widget = shown(HistogramBar(), qtbot)
    sample = np.concatenate([np.full(900, 2.0), np.full(90, 6.0)])
    widget.set_limits(Limits(0.0, 10.0))
    widget.show_around(Limits(0.0, 10.0), sample)
    widget.show_sample(sample, 10, 1000)
    widget.draw_now()
    QApplication.processEvents()
    return widget


def place_of(histogram, value):
    point = histogram._bins.mapViewToScene(QPointF(value, 0.5))
    return QPoint(round(point.x()), round(point.y()))


def drag(histogram, start, stop, qtbot):
    viewport, left = histogram.plot.viewport(), Qt.MouseButton.LeftButton
    line = histogram._region.lines[1]
    height = round(histogram._bins.sceneBoundingRect().center().y())
    middle = QPoint(place_of(histogram, start).x(), height)
    assert line.value() == start
    end = QPoint(place_of(histogram, stop).x(), height)
    qtbot.mousePress(viewport, left, pos=middle)
    for part in (0.3, 0.7, 1.0):
        send_drag(viewport, middle + (end - middle) * part)
    qtbot.mouseRelease(viewport, left, pos=end)


def send_drag(viewport, place):
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    point = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, point, viewport.mapToGlobal(point), left, left, none
    )
    QApplication.sendEvent(viewport, event)


def test_dragging_a_line_tells_the_limits(histogram, qtbot, monkeypatch):
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)
    told = []
    histogram.limits_edited.connect(told.append)
    drag(histogram, 10.0, 7.0, qtbot)
    assert told
    assert told[-1].low == 0.0
    assert told[-1].high == pytest.approx(7.0, abs=0.3)


def test_all_that_changes_at_once_is_drawn_once_and_later(histogram, qtbot, monkeypatch):
    drawn, redraw = [], histogram._redraw

    def seen():
        drawn.append(histogram._bins.viewRange()[0])
        redraw()

    monkeypatch.setattr(histogram, "_redraw", seen)
    sample = np.full(500, 8.0)
    histogram.set_limits(Limits(1.0, 3.0))
    histogram.show_around(Limits(1.0, 3.0), sample)
    histogram.show_sample(sample, 0, 1000)
    histogram.set_table(value_table("gray", Stretch.LOG))
    assert drawn == []
    qtbot.waitUntil(lambda: bool(drawn))
    qtbot.wait(30)
    assert len(drawn) == 1
    assert drawn[0][1] > 8.0
    assert histogram.table().arrays["n_pixels"].sum() == 500


def test_numbers_asked_for_at_once_are_those_of_now(histogram):
    histogram.show_around(Limits(20.0, 30.0), np.empty(0))
    histogram.show_sample(np.full(7, 25.0), 0, 7)
    assert histogram.table().arrays["n_pixels"].sum() == 7


def test_setting_the_histogram_is_silent(histogram, qtbot):
    with qtbot.assertNotEmitted(histogram.limits_edited):
        histogram.set_limits(Limits(1.0, 3.0))
        histogram.show_around(Limits(1.0, 3.0), np.array([0.0, 9.0]))
        histogram.set_table(value_table("gray", Stretch.LOG))
        histogram.set_unit("DN")
        histogram.show_sample(np.empty(0), 0, 0)
    assert histogram._region.getRegion() == (1.0, 3.0)


@pytest.mark.parametrize("center", [-900.0, 5.0, 40_000.0])
def test_the_axis_reaches_from_the_limits_to_the_values(histogram, center):
    sample = np.random.default_rng(1).normal(center, 30.0, 5000)
    histogram.show_around(Limits(1.0, 3.0), sample)
    histogram.draw_now()
    low, high = histogram._bins.viewRange()[0]
    assert low < min(1.0, np.median(sample) - 30)
    assert high > max(3.0, np.median(sample) + 30)


def test_a_few_wild_values_do_not_widen_the_axis(histogram):
    sample = np.concatenate([np.linspace(0, 4, 1000), [1e6, -1e6]])
    histogram.show_around(Limits(1.0, 3.0), sample)
    histogram.draw_now()
    low, high = histogram._bins.viewRange()[0]
    assert -5 < low < high < 10


def test_the_axis_follows_until_the_user_zooms(histogram):
    sample = np.array([40_000.0])
    histogram.follow(Limits(1.0, 3.0), sample)
    histogram.draw_now()
    assert histogram._bins.viewRange()[0][1] > 40_000
    histogram._bins.setXRange(0, 5, padding=0)
    histogram._bins.sigRangeChangedManually.emit([True, False])
    histogram.follow(Limits(1.0, 3.0), sample)
    histogram.draw_now()
    assert histogram._bins.viewRange()[0] == pytest.approx([0, 5])
    histogram.show_around(Limits(1.0, 3.0), sample)
    histogram.draw_now()
    assert histogram._bins.viewRange()[0][1] > 40_000


def test_bars_stand_at_their_values(histogram):
    path = histogram._outline.path()
    points = [
        (path.elementAt(i).x, path.elementAt(i).y) for i in range(path.elementCount())
    ]
    tall = {round(x) for x, y in points if y > 2.9}
    middle = {round(x) for x, y in points if 1.8 < y < 2.1}
    assert tall == {2}
    assert middle == {6}


def test_the_colour_bar_shows_the_colour_of_each_value(histogram):
    histogram.set_table(value_table("viridis", Stretch.LINEAR))
    strip = histogram._colors.image[0]
    assert strip[0].tolist() == colors_of("viridis")[0].tolist()
    assert strip[-1].tolist() == colors_of("viridis")[-1].tolist()
    low, high = histogram._bins.viewRange()[0]
    half = round(511 * (5.0 - low) / (high - low))
    assert np.abs(strip[half].astype(int) - colors_of("viridis")[127]).max() <= 4
    rect = histogram._colors.mapRectToParent(histogram._colors.boundingRect())
    assert (rect.left(), rect.right()) == pytest.approx((low, high))


def plain(label):
    document = QTextDocument()
    document.setHtml(label.text())
    return document.toPlainText()


@pytest.mark.parametrize(
    ("n_nan", "text"),
    [(10, "10\n1.0 %"), (1000, "1 000\n100.0 %"), (1, "1\n0.1 %")],
)
def test_nan_has_its_colour_and_share(histogram, n_nan, text):
    histogram.show_sample(np.empty(0), n_nan, 1000)
    assert histogram._nan.isVisible()
    assert text in plain(histogram._nan)
    assert NAN_COLOR in histogram._nan.text()


def test_a_tiny_share_of_nan_is_not_called_none(histogram):
    histogram.show_sample(np.empty(0), 1, 4_000_000)
    assert "1\n<0.1 %" in plain(histogram._nan)


@pytest.fixture
def legend(qtbot):
    return shown(FlagLegend(), qtbot)


def texts(legend):
    return [legend._list.item(i).text() for i in range(legend._list.count())]


def test_the_legend_counts_the_flags_that_occur_highest_first(legend):
    dq = np.zeros((10, 10), np.uint32)
    dq[0], dq[0:2, 0:5] = Dq.REFERENCE_PIXEL, Dq.JUMP_DET | Dq.DO_NOT_USE
    legend.show_counts(count_flags(dq))
    assert texts(legend) == ["REFERENCE_PIXEL 5", "JUMP_DET 10", "DO_NOT_USE 10"]
    legend.show_counts(count_flags(np.zeros((3, 3), np.uint32)))
    assert texts(legend) == []


def test_a_hidden_flag_stays_hidden_when_the_frame_changes(legend, qtbot):
    dq = np.full((4, 4), Dq.HOT | Dq.JUMP_DET, np.uint32)
    legend.show_counts(count_flags(dq))
    with qtbot.waitSignal(legend.bits_edited) as told:
        legend._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert told.args == [0xFFFF_FFFF - Dq.HOT]
    legend.show_counts(count_flags(np.full((4, 4), Dq.JUMP_DET, np.uint32)))
    legend._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert legend.visible_bits() == 0xFFFF_FFFF - Dq.HOT - Dq.JUMP_DET
    legend.show_counts(count_flags(dq))
    assert legend._list.item(0).checkState() == Qt.CheckState.Unchecked
    legend._list.item(0).setCheckState(Qt.CheckState.Checked)
    assert legend.visible_bits() == 0xFFFF_FFFF - Dq.JUMP_DET


def test_listing_flags_is_silent(legend, qtbot):
    with qtbot.assertNotEmitted(legend.bits_edited):
        legend.show_counts(count_flags(np.full((4, 4), Dq.HOT, np.uint32)))


def test_a_burst_is_answered_at_once_and_once_more(qtbot):
    throttle, answers = Throttle(20), []
    throttle.due.connect(lambda: answers.append(1))
    for _ in range(50):
        throttle.request()
    assert len(answers) == 1
    qtbot.waitUntil(lambda: len(answers) == 2)
    qtbot.waitUntil(lambda: not throttle._timer.isActive())
    assert len(answers) == 2
    throttle.request()
    assert len(answers) == 3
    qtbot.waitUntil(lambda: not throttle._timer.isActive())


def test_a_limit_is_never_cut_but_shown_with_fewer_digits(bar):
    values = Limits(-0.0969906, 1369.07)
    bar.set_limits(values, LimitsRule.SKY)
    for box in (bar._low, bar._high):
        box.setFixedWidth(58)
    QApplication.processEvents()
    width = bar._low.fontMetrics().horizontalAdvance
    for box, value in zip((bar._low, bar._high), values, strict=True):
        assert width(box.text()) <= box.width() - 8
        assert float(box.text()) == pytest.approx(value, rel=0.01)
        assert f"{value:.9g}" in box.toolTip()
        box.setFixedWidth(110)
    QApplication.processEvents()
    assert (bar._low.text(), bar._high.text()) == ("-0.0969906", "1369.07")


def test_a_limit_with_fewer_digits_on_screen_is_not_changed_by_enter(bar, qtbot):
    bar.set_limits(Limits(-0.0969906, 1369.07), LimitsRule.SKY)
    bar._low.setFixedWidth(58)
    QApplication.processEvents()
    with qtbot.assertNotEmitted(bar.limits_edited):
        qtbot.keyClick(bar._low, Qt.Key.Key_Return)
