"""View boxes that share axes."""

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.plots.linked_box import LinkedBox


@pytest.fixture
def view(qtbot):
    view = pg.GraphicsLayoutWidget()
    qtbot.addWidget(view)
    return view


@pytest.fixture
def boxes(view, qtbot):
    """Two rows of two: columns share x, and so do the rows; each row shares y."""
    found = {(row, col): LinkedBox() for row in range(2) for col in range(2)}
    for (row, col), box in found.items():
        view.addItem(box, row, col)
        box.share_x(found[0, 0])
        box.share_y(found[row, 0])
    view.resize(600, 400)
    view.show()
    qtbot.waitExposed(view)
    return found


def ranges(boxes):
    return {place: box.viewRange() for place, box in boxes.items()}


def turn_wheel(box, at):
    """Turn the wheel by a notch at a place in units of the view."""
    (view,) = box.scene().views()
    here = QPointF(view.mapFromScene(box.mapViewToScene(QPointF(*at))))
    no, still = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    everywhere = QPointF(view.viewport().mapToGlobal(here.toPoint()))
    button, notch = Qt.MouseButton.NoButton, QPoint(0, 120)
    event = QWheelEvent(here, everywhere, QPoint(), notch, button, no, still, False)
    QApplication.sendEvent(view.viewport(), event)


def test_a_range_is_shown_where_it_is_shared(boxes):
    boxes[0, 0].show_range((1, 5), (-2, 2))
    boxes[1, 1].show_range(y=(10, 20))
    for (row, _), found in ranges(boxes).items():
        assert found == [[1, 5], [10, 20] if row else [-2, 2]]


def test_a_box_that_shares_an_axis_later_has_its_range(boxes):
    boxes[0, 0].show_range((1, 5), (-2, 2))
    late = LinkedBox()
    late.share_x(boxes[1, 1])
    late.share_y(boxes[0, 1])
    assert late.viewRange() == [[1, 5], [-2, 2]]


def test_the_wheel_zooms_about_its_place_in_all_boxes_that_share_the_axes(boxes, qtbot):
    boxes[0, 0].show_range((0, 100), (0, 10))
    boxes[1, 0].show_range(y=(50, 60))
    with qtbot.waitSignal(boxes[0, 1].sigRangeChangedManually):
        turn_wheel(boxes[0, 1], (25, 5))
    found = ranges(boxes)
    (low, high), (bottom, top) = found[0, 1]
    assert high - low < 95
    np.testing.assert_allclose((25 - low) / (high - low), 0.25, atol=0.01)
    np.testing.assert_allclose((5 - bottom) / (top - bottom), 0.5, atol=0.01)
    assert all(each[0] == [low, high] for each in found.values())
    assert found[0, 0][1] == [bottom, top]
    assert found[1, 0][1] == found[1, 1][1] == [50, 60]


def test_only_the_hand_is_told_of_as_such(boxes, qtbot):
    with qtbot.assertNotEmitted(boxes[0, 0].sigRangeChangedManually):
        boxes[0, 0].show_range((1, 5), (-2, 2))
