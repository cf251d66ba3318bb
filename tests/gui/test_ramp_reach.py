"""Glyphs of the lowest and the highest group stay whole, however low the plot is."""

import pytest
from PyQt6.QtCore import QPointF

from rampviewer.core.dq import Dq
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.gui.ramp.ramp_plot import SIZES
from rampviewer.model.pixel.deviation import step_sigma
from tests.pixel_views import make_view, noisy, two_jumps

SIGNAL = [100.0, 1300.0, 2600.0, 3800.0, 5100.0, 6400.0]
OUTLINE = 1.0  # half of it is outside of a glyph [pixel]


@pytest.fixture
def panel(qtbot):
    widget = RampPanel()
    qtbot.addWidget(widget)
    widget.set_look(RampLook(residuals=True))
    widget.resize(740, 640)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def room_beyond_data(panel):
    """Return the distance of the lowest and highest datum from the frame [pixel]."""
    box = panel.grid.plots[0].view_box
    low, high = (box.mapFromView(QPointF(50.0, y)).y() for y in (SIGNAL[0], SIGNAL[-1]))
    return box.height() - low, high


@pytest.mark.parametrize("height", [640, 420, 380, 350])
@pytest.mark.parametrize("bit", [Dq.SATURATED, Dq.CHARGELOSS, Dq.JUMP_DET])
def test_no_glyph_is_cut_off(panel, height, bit):
    panel.resize(740, height)
    panel.show_view(make_view(SIGNAL, [bit] * 6))
    assert min(room_beyond_data(panel)) >= SIZES[bit] / 2 + OUTLINE


def test_nor_is_one_when_the_plot_becomes_lower(panel):
    panel.show_view(make_view(SIGNAL, [Dq.SATURATED] * 6))
    before = panel.grid.plots[0].view_box.height()
    panel.resize(740, 380)
    assert panel.grid.plots[0].view_box.height() < before / 1.5
    assert min(room_beyond_data(panel)) >= SIZES[Dq.SATURATED] / 2 + OUTLINE


def test_a_range_that_is_held_stays_when_the_plot_becomes_lower(panel):
    panel.show_view(two_jumps())
    panel.tools.hold.click()
    box = panel.grid.plots[0].view_box
    before = box.viewRange()
    panel.resize(740, 380)
    assert box.viewRange() == before


@pytest.mark.parametrize("height", [640, 380])
def test_no_error_bar_is_cut_off(panel, height):
    panel.set_look(RampLook(bars=True))
    panel.resize(740, height)
    view = noisy(1, 10, rate=0.01, noise=1.0)
    panel.show_view(view)
    low, high = panel.grid.plots[0].view_box.viewRange()[1]
    bar, signal = step_sigma(view), view.integrations[0].signal
    assert bar > 0.2 * (signal.max() - signal.min())  # more than the usual margin
    assert low <= signal.min() - 1.05 * bar  # the frame crosses no end of one
    assert high >= signal.max() + 1.05 * bar


def test_a_high_plot_keeps_its_small_margins(panel):
    panel.resize(740, 1400)
    panel.show_view(make_view(SIGNAL, [Dq.SATURATED] * 6))
    low, high = panel.grid.plots[0].view_box.viewRange()[1]
    assert low == pytest.approx(SIGNAL[0] - 0.08 * (SIGNAL[-1] - SIGNAL[0]))
    assert high == pytest.approx(SIGNAL[-1] + 0.08 * (SIGNAL[-1] - SIGNAL[0]))
