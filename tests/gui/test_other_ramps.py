"""Ramps over the ramp of a pixel, drawn in the panel."""

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from rampviewer.core.dq import Dq
from rampviewer.gui.pins.pin_looks import PIN_STYLES
from rampviewer.gui.ramp.other_layer import _spread
from rampviewer.gui.ramp.ramp_labels import are_free
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.gui.ramp.ramp_zero import from_zero, zero_group
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import MOST_PINS, Pin
from rampviewer.model.sibling_ramps import Sibling, SiblingRamp
from rampviewer.model.timing import GroupTimes
from tests.pixel_views import make_view, noisy, two_jumps


@pytest.fixture
def panel(qtbot):
    panel = RampPanel()
    panel.resize(700, 640)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def pinned(*views, row=0):
    return tuple((Pin(n, Pixel(row, n)), view) for n, view in enumerate(views, 1))


def sibling(tmp_path, name="uncal"):
    return Sibling(path=tmp_path / f"a_{name}.fits", name=name)


def tick(panel, *siblings):
    panel.show_siblings(siblings)
    for action, _ in panel.tools.siblings._listed:
        action.trigger()


def test_pins_are_told_apart_by_more_than_colour():
    looks = {(style.symbol, style.line) for style in PIN_STYLES}
    assert len(looks) == len(PIN_STYLES) == MOST_PINS
    colors = [style.color for style in PIN_STYLES]
    assert max(colors.count(color) for color in colors) == 2


def test_lines_of_a_pin_are_its_segments(panel):
    panel.show_view(noisy(1, 10))
    panel.show_pins(pinned(two_jumps()))
    (curve,) = panel.grid.plots[0].others.curves
    segments = two_jumps().integrations[0].segments
    assert len(curve.lines) == len(segments) == 3
    for line, segment in zip(curve.lines, segments, strict=True):
        (t0, t1), (y0, y1) = segment.line(GroupTimes(10.0))
        np.testing.assert_allclose(line, [t0, y0, t1, y1])


def test_groups_that_no_segment_uses_are_hollow_and_move_no_axis(panel):
    signal = np.arange(10) * 10.0
    signal[9] = 1e6
    flags = np.zeros(10, np.uint8)
    flags[9] = Dq.DO_NOT_USE
    panel.show_view(make_view(np.arange(10) * 8.0))
    panel.show_pins(pinned(make_view(signal, flags)))
    (curve,) = panel.grid.plots[0].others.curves
    assert curve.filled.tolist() == 9 * [True] + [False]
    assert panel.grid.plots[0].view_box.viewRange()[1][1] < 200


def test_numbers_at_the_ends_stand_apart(panel):
    panel.show_view(noisy(1, 10))
    panel.show_pins(pinned(*(noisy(1, 10, seed=5) for _ in range(6))))
    marks = panel.grid.plots[0].others.marks()
    assert [curve.mark for _, curve in marks] == list("123456")
    for number, (area, _) in enumerate(marks):
        assert not any(area.intersects(other) for other, _ in marks[:number])


@pytest.mark.parametrize("tops", [[0, 0, 0], [95, 95, 95], [-20, 50, 51], [5]])
def test_places_stay_inside_and_in_order(tops):
    found = _spread([float(top) for top in tops], 12.0, 100.0)
    assert found == sorted(found)
    assert min(found) >= 2
    assert max(found) <= 86  # so that the frame crosses no number
    assert (np.diff(found) >= 12).all()


def test_places_without_room_overlap_equally():
    found = _spread([40.0 + top for top in range(12)], 12.0, 100.0)
    np.testing.assert_allclose(np.diff(found), (86 - 2) / 11)
    assert (found[0], found[-1]) == pytest.approx((2, 86))


def test_the_legend_gets_shorter_with_the_panel(panel):
    panel.show_view(noisy(1, 10))
    panel.show_pins(pinned(*(noisy(1, 10) for _ in range(9)), row=1000))
    legend = panel.grid.rows.legend
    assert legend.placed(2000)[0][2] == "1: x 1, y 1000"
    middle = 9 * legend._room("9: 9,1000")
    assert legend.placed(middle)[0][2] == "1: 1,1000"
    assert [text for *_, text in legend.placed(200)] == list("123456789")


def test_the_first_good_group_is_zero():
    flags = np.zeros(8, np.uint8)
    flags[:2] = Dq.DO_NOT_USE
    view = make_view(100.0 + np.arange(8) * 10, flags)
    assert zero_group(view.integrations[0]) == 2
    drawn = from_zero(view).integrations[0]
    np.testing.assert_allclose(drawn.signal, (np.arange(8) - 2) * 10.0)
    assert drawn.segments[0].line(GroupTimes(10.0))[1][0] == pytest.approx(0)
    assert zero_group(make_view(np.full(4, np.nan)).integrations[0]) is None


def test_another_sampling_of_a_ramp_begins_at_zero_where_the_pixel_does(panel, tmp_path):
    flags = np.zeros(8, np.uint8)
    flags[:2] = Dq.DO_NOT_USE
    view = make_view(100.0 + np.arange(8) * 10, flags)
    panel.set_look(RampLook(from_zero=True))
    panel.show_view(view)
    found = sibling(tmp_path)
    tick(panel, found)
    at = np.array([0.5, 2.5, 4.5, 6.5])
    signal = (5000 + 10 * at)[np.newaxis].astype(np.float32)
    ramp = SiblingRamp(sibling=found, pixel=view.pixel, signal=signal, at=at)
    panel.show_sibling_ramps((ramp,))
    (curve,) = panel.grid.plots[0].others.curves
    np.testing.assert_allclose(curve.points[:, 0], (at + 1) * 10)
    np.testing.assert_allclose(curve.points[:, 1], (at - 2) * 10, atol=1e-3)
    assert curve.style.line == Qt.PenStyle.DotLine
    assert len(curve.lines) == 3


def test_a_ramp_of_a_sibling_is_drawn_for_its_pixel_only(panel, tmp_path):
    view, found = two_jumps(), sibling(tmp_path)
    panel.show_view(view)
    tick(panel, found)
    at, signal = np.arange(10.0), np.full((1, 10), 9000, np.float32)
    ramp = SiblingRamp(sibling=found, pixel=view.pixel, signal=signal, at=at)
    panel.show_sibling_ramps((ramp,))
    (plot,) = panel.grid.plots
    assert len(plot.others.curves) == 1
    reach = plot.view_box.viewRange()[1]
    other = make_view(np.arange(10) * 8.0, pixel=Pixel(1, 1))
    panel.show_hover(other)
    assert plot.others.curves == []
    assert plot.view_box.viewRange()[1] == reach  # its ramp is on the way
    ramp = SiblingRamp(sibling=found, pixel=Pixel(1, 1), signal=signal / 90, at=at)
    panel.show_sibling_ramps((ramp,))
    assert len(plot.others.curves) == 1
    assert plot.view_box.viewRange()[1][1] < 1000


def test_an_unticked_sibling_is_gone_at_once(panel, tmp_path):
    view = two_jumps()
    panel.show_view(view)
    both = sibling(tmp_path), sibling(tmp_path, "jump")
    tick(panel, *both)
    at, signal = np.arange(10.0), np.ones((1, 10), np.float32)
    panel.show_sibling_ramps(
        tuple(
            SiblingRamp(sibling=each, pixel=view.pixel, signal=signal, at=at)
            for each in both
        )
    )
    (plot,) = panel.grid.plots
    before = {curve.style for curve in plot.others.curves}
    panel.tools.siblings._listed[0][0].trigger()
    (left,) = plot.others.curves
    assert left.style in before
    assert [entry.texts[-1] for entry in panel.grid.rows.legend.entries] == ["jump"]


def test_a_plot_that_stands_alone_takes_the_whole_width(panel, qapp):
    panel.show_view(noisy(3, 12))
    qapp.processEvents()
    panel.set_look(RampLook(arrangement="concatenated"))
    qapp.processEvents()
    (plot,) = (p for p in panel.grid.plots if p.view_box.isVisible())
    right = plot.view_box.sceneBoundingRect().right()
    assert right > panel.grid.width() - 30


def test_a_label_leaves_other_ramps_free_where_it_can(panel):
    panel.show_view(make_view(np.arange(10) * 8.0))
    overlay = panel.grid.plots[0].labels
    ((alone, text),) = overlay.layout()
    panel.show_pins(pinned(make_view(np.arange(10) * 8.0 - 16.0)))
    others = panel.grid.plots[0].others.occupied()
    assert not are_free(np.array([alone]), others).any()
    ((box, same),) = overlay.layout()
    assert are_free(np.array([box]), others).all()
    assert same == text


@pytest.mark.parametrize("offset", [-40.0, 0.0, 20.0])
def test_a_label_in_a_small_plot_is_shortened_before_it_covers_other_ramps(
    panel, qapp, offset
):
    panel.resize(490, 440)
    panel.set_look(RampLook(residuals=True))
    steps = np.arange(30.0).reshape(3, 10) % 10
    panel.show_view(make_view(steps * 2.0))
    panel.show_pins(pinned(*(make_view(steps * rate + offset) for rate in (4.0, 6.0, 9.0))))
    qapp.processEvents()
    for plot in panel.grid.plots:
        ((box, text),) = plot.labels.layout()
        assert are_free(np.array([box]), plot.others.occupied()).all(), text


def test_no_label_covers_the_number_of_another_ramp_where_there_is_room(panel, qapp):
    panel.resize(600, 480)
    panel.set_look(RampLook(residuals=True))
    signal = [[0.0, 10.0, 20.0], [0.0, 6000.0, 6010.0], [0.0, 10.0, 20.0]]
    panel.show_view(make_view(signal, [[0, 0, 0], [0, 4, 0], [0, 0, 0]]))
    steps = np.arange(9.0).reshape(3, 3) % 3
    panel.show_pins(pinned(*(make_view(steps * rate) for rate in (4.0, 6.0, 9.0))))
    qapp.processEvents()
    for plot in panel.grid.plots:
        numbers = np.array([area.getRect() for area, _ in plot.others.marks()])
        boxes = np.array([box for box, _ in plot.labels.layout()])
        assert len(numbers) == 3
        assert are_free(boxes, numbers).all()


def test_no_point_stands_at_the_frame_where_others_widen_the_range(panel):
    panel.show_view(make_view(np.arange(10) * 1.0))
    panel.show_pins(pinned(make_view(np.arange(10) * 1.0 + 1000.0)))
    low, high = panel.grid.plots[0].view_box.viewRange()[1]
    assert low < -0.05 * (high - low)
    assert high > 1009 + 0.05 * (high - low)


def test_curves_of_many_integrations_are_named_here_and_there(panel):
    panel.show_view(noisy(30, 8))
    panel.show_pins(pinned(noisy(30, 8, seed=5), noisy(30, 8, seed=6)))
    panel.set_look(replace(panel.look(), arrangement="concatenated"))
    marks = panel.grid.plots[0].others.marks()
    room = panel.grid.plots[0].others.boundingRect().width()
    for number in "12":
        lefts = sorted(area.left() for area, curve in marks if curve.mark == number)
        assert 2 <= len(lefts) <= 1 + room / 90
        assert min(np.diff(lefts)) > 70  # the last one is moved into the frame
        assert lefts[-1] > 0.95 * room


def test_a_curve_that_ends_left_of_the_plot_has_no_number(panel):
    panel.show_view(noisy(2, 10))
    panel.show_pins(pinned(noisy(2, 10)))
    box = panel.grid.plots[0].view_box
    (_, end), _ = box.viewRange()
    box.setXRange(2 * end, 3 * end, padding=0)
    assert [plot.others.marks() for plot in panel.grid.plots] == [[], []]
