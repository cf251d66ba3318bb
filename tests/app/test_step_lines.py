"""Dragging a threshold where it was applied: at the differences of a pixel."""

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPointF
from PyQt6.QtWidgets import QApplication

import rampviewer
from rampviewer.core.dq import Dq
from rampviewer.gui.ramp.ramp_look import RampLook
from rampviewer.model.exposure import Pixel
from tests.app.hand import LEFT, NO_BUTTON, same
from tests.exposure_files import write_simulated

NAMES = {
    2: "three_group_rejection_threshold",
    3: "four_group_rejection_threshold",
    9: "rejection_threshold",
}


def drag_line(application, hand, start, stop):
    """Drag the line at `start` sigma to `stop`; return the thresholds seen on the way."""
    grid = application.ramp.grid
    box = grid.plots[0].steps.view_box
    x = np.mean(box.viewRange()[0])
    seen = []
    session = application.session
    session.recipe_changed.connect(lambda recipe: seen.append(recipe.jump))

    def place(sigma):
        return grid.mapFromScene(box.mapViewToScene(QPointF(x, sigma)))

    viewport = grid.viewport()
    hand.send(viewport, QEvent.Type.MouseMove, place(start))
    hand.send(viewport, QEvent.Type.MouseButtonPress, place(start), LEFT, LEFT)
    for sigma in np.linspace(start, stop, 5)[1:]:
        hand.send(viewport, QEvent.Type.MouseMove, place(sigma), NO_BUTTON, LEFT)
        QApplication.processEvents()
    hand.send(viewport, QEvent.Type.MouseButtonRelease, place(stop), LEFT)
    return seen


def thresholds(sigma):
    return rampviewer.JumpParameters(rejection_threshold=sigma)


def test_the_line_is_the_threshold_of_the_whole_window(application, hand, files):
    hand.open(files)
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    hand.click(90, 90)
    seen = drag_line(application, hand, 4.0, 6.5)
    sigma = seen[-1].rejection_threshold
    assert sigma == pytest.approx(6.5, abs=0.2)
    assert len(seen) > 2
    (line,) = application.ramp.grid.plots[0].thresholds.lines
    assert line.sigma == application.processing.threshold.value() == sigma
    hand.settle()
    wanted = rampviewer.process(exposure, thresholds(sigma)).fit.rate.slope
    assert same(hand.shown, wanted)


def test_the_ramp_follows_while_the_line_is_dragged(application, hand, files):
    hand.open(files)
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    low, high = (
        (rampviewer.process(exposure, jump).jumps.groupdq[0] & Dq.JUMP_DET) > 0
        for jump in map(thresholds, (4.0, 7.0))
    )
    row, col = np.argwhere((low.sum(axis=0) == 1) & ~high.any(axis=0))[0].tolist()
    hand.click(row, col)
    decision = application.ramp.shown().decision
    (ratio,) = decision.ratio[decision.order > 0]
    plot = application.ramp.grid.plots[0]
    assert len(plot.segments.ends) == 2
    seen = drag_line(application, hand, 4.0, 7.5)
    assert seen[-1].rejection_threshold > ratio
    assert len(plot.segments.ends) == 1
    assert plot.lines.lines.jumps == ()
    assert set(plot.steps.marks.marks.words) == {""}


@pytest.mark.parametrize("n_groups", [3, 4, 10])
def test_the_line_moves_the_parameter_that_applied(application, hand, tmp_path, n_groups):
    files = write_simulated(tmp_path / "few", size=64, n_groups=n_groups)
    hand.open(files, pixel=Pixel(20, 20))
    name = NAMES[n_groups - 1]
    before = application.session.recipe.jump
    start = getattr(before, name)
    seen = drag_line(application, hand, start, start + 1)
    changed = {
        each: getattr(seen[-1], each)
        for each in NAMES.values()
        if getattr(seen[-1], each) != getattr(before, each)
    }
    assert list(changed) == [name]
    assert changed[name] == pytest.approx(start + 1, abs=0.2)
    assert application.processing.parameters.row(name)._value == changed[name]


def test_the_layout_of_the_ramp_is_there_again_next_time(application, settings):
    application.ramp.tools.residuals.click()
    application.ramp.tools.arrangement.click()
    application.ramp.tools.unit.click()
    wanted = RampLook(residuals=True, arrangement="concatenated", unit="group")
    again = type(application)(settings)
    assert again.ramp.tools._look == wanted
    assert again.ramp.grid._look == wanted
    assert again.ramp.grid._unit == again.regions.panel.plots._unit == "group"
    assert again.ramp.tools.unit.text() == "x: group"
    assert again.ramp.tools.unit.isChecked()
    again.window.close()
