import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QEvent, QPoint
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip

from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_panel import RampPanel
from tests.gui.step_hand import at, drag, ratios, steps_of
from tests.pixel_views import make_decision, make_view, noisy, two_jumps

REJECTION = "rejection_threshold"
FOUR = "four_group_rejection_threshold"


@pytest.fixture
def panel(qtbot):
    widget = RampPanel()
    qtbot.addWidget(widget)
    widget.resize(740, 640)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture(autouse=True)
def every_move():
    """Let pyqtgraph heed moves that follow one another faster than a hand makes them."""
    before = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", 0)
    yield
    pg.setConfigOption("mouseRateLimit", before)


def test_the_threshold_that_applied_is_drawn_with_its_name(panel):
    panel.show_view(two_jumps())
    lines = panel.grid.plots[0].thresholds
    assert [(line.name, line.sigma) for line in lines.lines] == [(REJECTION, 4.0)]
    texts = [text for _, text in lines.labels()]
    assert texts == ["rejection_threshold 4"]


def test_another_threshold_is_drawn_under_its_own_name(panel):
    decision = make_decision(
        np.arange(4.0)[None],
        np.zeros((1, 4), int),
        threshold_name=FOUR,
        threshold=5.5,
        limit=np.full((1, 3), 5.5),
    )
    panel.show_view(make_view(np.arange(4.0), decision=decision))
    lines = panel.grid.plots[0].thresholds
    assert [text for _, text in lines.labels()] == [f"{FOUR} 5.5"]


def test_names_of_thresholds_keep_away_from_marks(panel):
    panel.show_view(ratios([6.0, 6.0, 5.5, 5.0] + [0.0] * 10 + [5.2, 5.4]))
    plot = panel.grid.plots[0]
    ((area, text),) = plot.thresholds.labels()
    assert text == "rejection_threshold 4"
    assert not any(area.intersects(mark) for mark in plot.steps.marks.occupied())


@pytest.mark.parametrize("first", [3, 4])
def test_a_name_is_shortened_before_it_covers_a_mark(panel, first):
    panel.resize(490, 440)
    panel.set_look(RampLook(residuals=True))
    panel.show_view(noisy(4, 10, [(0, first, 1600), (0, first + 2, 1500)]))
    QApplication.processEvents()
    plot = panel.grid.plots[0]
    ((area, text),) = plot.thresholds.labels()
    assert text == "4"
    assert not any(area.intersects(mark) for mark in plot.steps.marks.occupied())


def test_only_the_first_column_names_the_thresholds(panel):
    panel.show_view(noisy(3, 12))
    named = [plot.thresholds.is_labelled for plot in panel.grid.plots]
    assert named == [True, False, False]
    assert {plot.thresholds.lines for plot in panel.grid.plots} == {
        panel.grid.plots[0].thresholds.lines
    }


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("number", [0, 1])
def test_dragging_a_line_names_the_threshold_and_its_new_value(panel, qtbot, sign, number):
    panel.show_view(noisy(2, 12))
    steps = steps_of(panel, number)
    seen = []
    panel.threshold_edited.connect(lambda *args: seen.append(args))
    before = [plot.steps.view_box.viewRange() for plot in panel.grid.plots[:2]]
    start, stop = (at(panel, steps, 73, sign * y) for y in (4.0, 5.5))
    drag(qtbot, panel, start, (start + stop) / 2, stop)
    names, values = zip(*seen, strict=True)
    assert set(names) == {REJECTION}
    assert values[-1] == pytest.approx(5.5, abs=0.1)
    assert values[-1] == round(values[-1], 2)
    assert len(set(values)) > 1
    after = [plot.steps.view_box.viewRange() for plot in panel.grid.plots[:2]]
    assert before == after


def test_a_drag_beside_the_lines_moves_the_plot(panel, qtbot):
    panel.show_view(two_jumps())
    steps = steps_of(panel)
    before = steps.view_box.viewRange()
    with qtbot.assertNotEmitted(panel.threshold_edited):
        start = at(panel, steps, 60, 2.0)
        drag(qtbot, panel, start, start + QPoint(20, 0), start + QPoint(50, 0))
    assert steps.view_box.viewRange()[0][0] < before[0][0]
    assert panel.tools.hold.isChecked()


def test_a_line_is_dragged_no_lower_than_a_valid_threshold(panel, qtbot):
    panel.show_view(two_jumps())
    steps = steps_of(panel)
    with qtbot.waitSignals([panel.threshold_edited] * 2) as caught:
        start = at(panel, steps, 60, 4.0)
        drag(qtbot, panel, start, at(panel, steps, 60, 1.0), at(panel, steps, 60, -4.0))
    assert caught.all_signals_and_args[-1].args[1] == 0.01


def test_the_scale_stays_while_a_line_is_dragged(panel, qtbot):
    panel.show_view(two_jumps())
    limits = steps_of(panel).view_box.viewRange()[1]

    def follow(_name, sigma):
        view = two_jumps()
        changes = {"threshold": sigma, "limit": np.full((1, 9), sigma)}
        signal, flags = (
            np.atleast_2d(getattr(view.integrations[0], name))
            for name in ("signal", "groupdq")
        )
        decision = make_decision(signal, flags, **changes)
        panel.show_view(make_view(signal, flags, decision=decision))
        seen.append(steps_of(panel).view_box.viewRange()[1])

    seen = []
    panel.threshold_edited.connect(follow)
    start, stop = (at(panel, steps_of(panel), 60, y) for y in (4.0, 7.0))
    drag(qtbot, panel, start, (start + stop) / 2, stop)
    assert seen
    assert all(each == limits for each in seen)
    after = steps_of(panel).view_box.viewRange()[1]
    assert after[1] > 1.5 * limits[1]  # the scale follows when the line is let go


def test_a_tooltip_tells_what_a_line_is(panel, qapp):
    panel.show_view(two_jumps())
    where = at(panel, steps_of(panel), 73, 4.0)
    event = QHelpEvent(QEvent.Type.ToolTip, where, panel.grid.mapToGlobal(where))
    qapp.sendEvent(panel.grid.viewport(), event)
    assert QToolTip.text() == "rejection_threshold = 4 sigma. Drag the line to change it."
    QToolTip.hideText()
