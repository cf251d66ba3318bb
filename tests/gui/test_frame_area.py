import pytest
from PyQt6.QtWidgets import QApplication

from rampviewer.gui.image.frame_view import FrameView
from rampviewer.gui.widgets.layouts import settle_layouts
from rampviewer.model.exposure import Pixel
from rampviewer.model.regions.area import Area
from tests.bench.hand import Paints


@pytest.fixture
def view(qtbot):
    widget = FrameView()
    qtbot.addWidget(widget)
    widget.resize(400, 400)
    widget.show()
    qtbot.waitExposed(widget)
    widget.areas = []
    widget.area_changed.connect(widget.areas.append)
    widget.set_shape(60, 100)
    return widget


def test_the_whole_frame_is_seen_at_first(view):
    assert view.areas[-1] == Area(0, 60, 0, 100)


def test_a_move_along_a_row_changes_the_area_but_not_the_rows(view, qtbot):
    view.zoom_by(8)
    before = view.areas[-1]
    with qtbot.assertNotEmitted(view.visible_rows_changed):
        view._view.translateBy((3, 0))
    after = view.areas[-1]
    assert after[:2] == before[:2]
    assert after.col_start == before.col_start + 3
    assert after.col_stop == before.col_stop + 3


def test_a_pixel_that_is_seen_moves_nothing(view):
    n = len(view.areas)
    for corner in (Pixel(0, 0), Pixel(59, 99), Pixel(0, 99), Pixel(59, 0)):
        view.bring_into_view(corner)
    assert len(view.areas) == n
    view.zoom_by(8)
    n = len(view.areas)
    view.bring_into_view(Pixel(29, 49))
    assert len(view.areas) == n


def test_a_pixel_out_of_sight_comes_to_the_middle(view):
    view.zoom_by(8)
    size = view._view.viewRect().size()
    view.bring_into_view(Pixel(2, 90))
    rect = view._view.viewRect()
    assert (rect.center().x(), rect.center().y()) == pytest.approx((90, 2))
    assert (rect.width(), rect.height()) == pytest.approx((size.width(), size.height()))
    view.resize(300, 380)  # the user's zoom is not given up for all of the frame
    assert view._view.viewRect().width() < 60


def zoom(view):
    view.zoom_by(1.001)


def take_larger_numbers(view):
    view.set_shape(20_480, 20_480)
    settle_layouts()


@pytest.mark.parametrize("act", [zoom, take_larger_numbers])
def test_another_view_is_painted_once(view, qtbot, act):
    paints = Paints(view._plot.viewport())
    for _ in range(5):  # the axes find their width
        QApplication.processEvents()
    before = paints.n
    act(view)
    qtbot.waitUntil(lambda: paints.n > before)
    for _ in range(3):
        QApplication.processEvents()
    assert paints.n == before + 1


@pytest.mark.parametrize("factor", [1, 4, 12, 30])
def test_axes_number_whole_pixels_however_near_one_looks(view, factor):
    view.zoom_by(factor)
    QApplication.processEvents()
    for axis in view._axes:
        axis.lay_out()
        texts = [text for _, text in axis.picture[1]]
        assert texts
        assert all(float(text) == round(float(text)) for text in texts)
