"""What is written in a narrow plot stays in it."""

import numpy as np
import pytest

from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pin
from tests.pixel_views import make_view, noisy


@pytest.fixture
def panel(qtbot):
    panel = RampPanel()
    panel.set_look(RampLook(residuals=True))
    qtbot.addWidget(panel)
    panel.show()
    return panel


def written(plot):
    """Return (plot, left, right) of every text in the plots of a column [pixel]."""
    strip, ramp = plot.strip.values, plot.labels
    found = [(strip, area.left(), area.right()) for area, _ in strip.placed()]
    found += [(ramp, left, left + width) for (left, _, width, _), _ in ramp.layout()]
    for layer in (plot.steps.marks, plot.residuals.marks):
        found += [(layer, area.left(), area.right()) for area, _ in layer.texts()]
    others = plot.others
    return found + [(others, area.left(), area.right()) for area, _ in others.marks()]


@pytest.mark.parametrize("width", [160, 190, 220, 250, 300, 420])
@pytest.mark.parametrize("n_ints", [1, 6])
def test_no_text_reaches_into_the_plot_beside_it(panel, width, n_ints):
    n_groups = 12
    flags = np.zeros((n_ints, n_groups), np.uint8)
    flags[:, [0, 5, 9, 11]] = 1, 4, 255, 130
    signal = np.cumsum(np.full((n_ints, n_groups), 80.0), axis=1)
    signal[:, 5:] += 4000.0
    panel.grid.setFixedWidth(width)
    panel.show_view(make_view(signal, flags))
    pins = [(Pin(n, Pixel(3, n)), noisy(n_ints, n_groups)) for n in (9, 10, 11, 12)]
    panel.show_pins(tuple(pins))
    for plot in panel.grid.plots[:n_ints]:
        for layer, left, right in written(plot):
            assert left >= 0, layer
            assert right <= layer.boundingRect().width() + 0.5, layer
