"""Views with differences made to measure, and a hand on the plots of a ramp."""

import numpy as np
from PyQt6.QtCore import QPointF, Qt

from rampviewer.core.dq import Dq
from tests.pixel_views import make_decision, make_view

LEFT = Qt.MouseButton.LeftButton


def ratios(values, **changes):
    """Return a view of one ramp with these deviations from the median [sigma]."""
    values = np.atleast_2d(np.asarray(values, float))
    signal = np.arange(values.shape[1] + 1.0) * np.ones((len(values), 1))
    flags = np.zeros(signal.shape, np.uint8)
    flags[:, 1:][np.abs(values) > 4] = Dq.JUMP_DET
    decision = make_decision(
        signal,
        flags,
        branch="single pass",
        difference=20.0 + 5 * values,
        ratio=np.abs(values),
        **changes,
    )
    return make_view(signal, flags, decision=decision)


def steps_of(panel, number=0):
    return panel.grid.plots[number].steps


def at(panel, plot, x, y):
    scene = plot.view_box.mapViewToScene(QPointF(x, y))
    return panel.grid.mapFromScene(scene)


def drag(qtbot, panel, start, *stops):
    viewport = panel.grid.viewport()
    qtbot.mouseMove(viewport, start)
    qtbot.mousePress(viewport, LEFT, pos=start)
    for stop in stops:
        qtbot.mouseMove(viewport, stop)
    qtbot.mouseRelease(viewport, LEFT, pos=stops[-1])
