"""Ellipses of large events above an image."""

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtWidgets import QApplication

from rampviewer.core.large.drawing import Drawn
from rampviewer.core.large.events import Event
from rampviewer.core.origin import Origin
from rampviewer.gui.image import event_layer
from rampviewer.gui.image.event_layer import RING, Look
from rampviewer.gui.image.frame_view import FrameView
from rampviewer.model.planes.event_ellipses import Ellipses

SIZE = 100


@pytest.fixture
def view(qtbot):
    widget = FrameView()
    qtbot.addWidget(widget)
    widget.resize(700, 700)
    widget.set_shape(SIZE, SIZE)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def ellipses(*drawn, kind=Origin.SNOWBALL, group=2, last_group=4):
    events = [
        Event(
            kind=kind,
            integration=0,
            group=group,
            last_group=last_group,
            n_pixels=9,
            drawn=Drawn(*places),
        )
        for places in drawn
    ]
    return Ellipses.of(events, np.arange(len(events)))


def painted(layer):
    """Return what the layer draws on nothing: (height, width, 4) uint8, alpha last."""
    size = layer.boundingRect().size().toSize()
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    layer.draw(painter)
    painter.end()
    data = image.constBits().asarray(image.sizeInBytes())
    pixels = np.frombuffer(data, np.uint8).reshape(size.height(), -1, 4)
    return pixels[:, : size.width()].copy()  # the image is gone in a moment


def colored(pixels, kind):
    """Return where the colour of a kind is drawn, nearly pure."""
    color = QColor(Look(kind, is_later=False).color)
    wanted = np.array([color.blue(), color.green(), color.red(), 255])
    return (np.abs(pixels.astype(int) - wanted) < 60).all(axis=2)


def turned(points, ellipse):
    """Return points (n, 2) of x, y as they lie to the axes of an ellipse: 1 on it."""
    x, y = points[:, 0] - ellipse.x[0], points[:, 1] - ellipse.y[0]
    cos, sin = np.cos(ellipse.angle[0]), np.sin(ellipse.angle[0])
    along = (y * cos + x * sin) / ellipse.radius_2[0]
    return np.hypot(along, (y * sin - x * cos) / ellipse.radius_1[0])


@pytest.mark.parametrize("angle", [0.0, 35.0, -70.0])
def test_the_outline_goes_around_the_pixels_that_are_flagged(view, angle):
    shown = ellipses((40, 55, 12, 25, angle))
    (outline,) = view.events.outlines(shown)
    rect, seen = view.events.boundingRect(), view._view.viewRect()
    x = seen.left() + outline[:, 0] / rect.width() * seen.width()
    y = seen.bottom() - outline[:, 1] / rect.height() * seen.height()
    np.testing.assert_allclose(turned(np.column_stack((x, y)), shown), 1, atol=1e-6)
    np.testing.assert_allclose(outline[0, :2], outline[-1, 2:], atol=1e-6)  # closed


def test_an_ellipse_is_drawn_where_it_is(view):
    view.events.show_ellipses(ellipses((50, 70, 10, 20, 90.0)))
    assert view.events.isVisible()
    rows, cols = np.nonzero(colored(painted(view.events), Origin.SNOWBALL))
    rect, seen = view.events.boundingRect(), view._view.viewRect()
    scale = rect.width() / seen.width()
    # Turned by 90 degrees the major axis lies along x.
    assert np.ptp(cols) == pytest.approx(40 * scale, abs=4)
    assert np.ptp(rows) == pytest.approx(20 * scale, abs=4)
    middle = (seen.bottom() - 70) / seen.height() * rect.height()
    assert (rows.min() + rows.max()) / 2 == pytest.approx(middle, abs=2)


@pytest.mark.parametrize("places", [(50, 50, 1, 2, 0.0), (50, 50, 0, 3, 0.0)])
def test_the_smallest_one_is_seen_at_any_zoom(view, places):
    view._view.setRange(QRectF(-400, -400, 900, 900), padding=0)
    view.events.show_ellipses(ellipses(places))
    rows, cols = np.nonzero(painted(view.events)[:, :, 3])
    assert np.ptp(rows) >= 2 * RING
    assert np.ptp(cols) >= 2 * RING


def test_the_selected_one_is_stronger(view):
    shown = ellipses((30, 50, 10, 10, 0.0), (70, 50, 10, 10, 0.0))
    view.events.show_ellipses(shown, None, 1)
    marked = painted(view.events)[:, :, 3] > 100
    middle = marked.shape[1] // 2
    left, right = marked[:, :middle].sum(), marked[:, middle:].sum()
    assert right > 1.7 * left
    view.events.show_ellipses(shown, None, 0)
    marked = painted(view.events)[:, :, 3] > 100
    assert marked[:, :middle].sum() == pytest.approx(right, rel=0.05)


def test_one_of_an_earlier_group_is_dashed(view):
    shown = ellipses((50, 50, 30, 30, 0.0))
    view.events.show_ellipses(shown, 2)
    whole = painted(view.events)[:, :, 3].astype(bool).sum()
    view.events.show_ellipses(shown, 3)
    dashed = painted(view.events)[:, :, 3].astype(bool).sum()
    assert 0.4 * whole < dashed < 0.8 * whole


def test_each_kind_has_its_colour(view):
    for kind in (Origin.SNOWBALL, Origin.SNOWBALL_CORE, Origin.SHOWER):
        view.events.show_ellipses(ellipses((50, 50, 30, 30, 0.0), kind=kind), None, 0)
        assert colored(painted(view.events), kind).any(), kind


def test_without_ellipses_nothing_is_drawn(view):
    view.events.show_ellipses(ellipses((50, 50, 30, 30, 0.0)))
    view.events.show_ellipses(None)
    assert not view.events.isVisible()
    view.events.show_ellipses(ellipses())
    assert not view.events.isVisible()


def test_what_is_out_of_date_is_faint(view):
    view.events.set_outdated(is_outdated=True)
    assert view.events.opacity() < 0.6
    view.events.set_outdated(is_outdated=False)
    assert view.events.opacity() == 1


def test_of_thousands_the_largest_are_ellipses_and_the_others_rings(view, monkeypatch):
    rng = np.random.default_rng(1)
    places = [
        (int(x), int(y), int(r), int(r) + 1, 0.0)
        for x, y, r in rng.integers((0, 0, 3), (SIZE, SIZE, 9), (3000, 3))
    ]
    lines, rings = [], []
    draw, ring = event_layer._draw, event_layer._ring
    monkeypatch.setattr(
        event_layer, "_draw", lambda p, o, look: (lines.append(len(o)), draw(p, o, look))
    )
    monkeypatch.setattr(event_layer, "_ring", lambda *a: (rings.append(1), ring(*a))[1])
    view.events.show_ellipses(ellipses(*places))
    painted(view.events)
    # So few lines that a move of the image stays smooth.
    assert 0 < sum(lines) <= event_layer.MOST_LINES + event_layer.MOST_HALOS
    assert rings


def test_a_change_of_the_image_does_not_paint_ellipses_anew(view, qtbot, monkeypatch):
    view.events.show_ellipses(ellipses((50, 50, 8, 20, 30.0)))
    view.frame.set_frame(np.zeros((SIZE, SIZE), np.float32), is_flags=False)
    QApplication.processEvents()
    painted, draw = [], view.events.draw
    monkeypatch.setattr(view.events, "draw", lambda p: (painted.append(1), draw(p)))
    view.frame.mark_rows(0, SIZE)
    view.frame.refresh()
    QApplication.processEvents()
    assert painted == []
    view.zoom_by(2)
    QApplication.processEvents()
    assert painted
