import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFont, QImage, QPainter

from rampviewer.gui.plots.fitting_axis import FittingAxis
from rampviewer.gui.plots.lettering import Lettering
from rampviewer.gui.plots.linked_box import LinkedBox
from rampviewer.gui.plots.mark_layer import MarkLayer, Marks, SegmentLayer
from rampviewer.gui.plots.overlay import Overlay
from rampviewer.gui.plots.painter_arrays import draw_lines, draw_pictures
from rampviewer.gui.plots.plot_canvas import PlotCanvas
from rampviewer.gui.widgets.glyphs import Glyph, picture

RED, BLUE, WHITE = (QColor(name) for name in ("#ff0000", "#0000ff", "#ffffff"))


class Flood(Overlay):
    """Paints far beyond its plot."""

    def __init__(self, box, z, color):
        super().__init__(box, z)
        self.color = color

    def draw(self, painter):
        painter.fillRect(QRectF(-1000, -1000, 2000, 2000), self.color)


@pytest.fixture
def grid(qtbot):
    widget = pg.GraphicsLayoutWidget()
    qtbot.addWidget(widget)
    widget.setBackground(WHITE)
    widget.resize(300, 200)
    canvas = PlotCanvas(widget.ci)
    boxes = [pg.ViewBox(enableMenu=False) for _ in range(2)]
    for column, box in enumerate(boxes):
        widget.ci.addItem(box, row=0, col=column)
    floods = [Flood(boxes[0], 2, RED), Flood(boxes[0], 1, BLUE)]
    for box in boxes:
        canvas.adopt(box)
    widget.show()
    qtbot.waitExposed(widget)
    return widget, boxes, floods


def color_in(widget, box):
    middle = widget.mapFromScene(box.sceneBoundingRect().center())
    return widget.grab().toImage().pixelColor(middle)


def test_what_is_in_a_plot_stays_in_it(grid):
    widget, boxes, _ = grid
    assert color_in(widget, boxes[0]) == RED
    assert color_in(widget, boxes[1]) == WHITE


def test_the_upper_one_is_painted_last_and_a_hidden_one_not(grid):
    widget, boxes, floods = grid
    floods[0].setVisible(False)
    floods[0].update()
    assert color_in(widget, boxes[0]) == BLUE


def test_a_hidden_plot_is_not_painted(grid):
    widget, boxes, _ = grid
    boxes[0].setVisible(False)
    assert color_in(widget, boxes[0]) == WHITE


def painted(draw):
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(WHITE)
    painter = QPainter(image)
    painter.translate(0.3, 0.7)
    draw(painter)
    painter.end()
    return image


@pytest.mark.parametrize("n", [1, 500])
def test_pictures_drawn_at_once_are_those_drawn_one_by_one(qtbot, n):
    x, y = np.random.default_rng(0).uniform(0, 100, (2, n))
    pixmap = picture(Glyph("o", "#ff0000", 7.0, 255, 1.0), 1.0)
    half = pixmap.width() / 2

    def one_by_one(painter):
        for at, down in zip(x, y, strict=True):
            painter.drawPixmap(QPointF(at - half, down - half), pixmap)

    def at_once(painter):
        draw_pictures(painter, x, y, pixmap, 1.0)

    assert painted(at_once) == painted(one_by_one)
    assert painted(one_by_one) != painted(lambda painter: None)


def test_pictures_are_cut_off_at_their_sides(qtbot):
    x, y = np.random.default_rng(0).uniform(0, 100, (2, 200))
    sides = np.where(x[:, None] < 50, [10.6, 48.2], [51.7, 90.4])
    pixmap = picture(Glyph("o", "#ff0000", 13.0, 255, 1.0), 1.0)

    def clipped(painter):
        for left, right in ((10.6, 48.2), (51.7, 90.4)):
            own = sides[:, 0] == left
            painter.setClipRect(QRectF(left, 0, right - left, 100))
            draw_pictures(painter, x[own], y[own], pixmap, 1.0)

    def cut(painter):
        draw_pictures(painter, x, y, pixmap, 1.0, sides)

    def whole(painter):
        painter.translate(-0.3, -0.7)  # cut at pixels of the device
        return painter

    assert painted(lambda p: cut(whole(p))) == painted(lambda p: clipped(whole(p)))


@pytest.fixture
def row(qtbot):
    """Return two plots beside one another, with marks at the right of the first one."""
    widget = pg.GraphicsLayoutWidget()
    qtbot.addWidget(widget)
    widget.setBackground(WHITE)
    widget.resize(300, 200)
    canvas, boxes = PlotCanvas(widget.ci), [LinkedBox() for _ in range(2)]
    layers = []
    for column, box in enumerate(boxes):
        widget.ci.addItem(box, row=0, col=column)
        marks, lines = MarkLayer(box), SegmentLayer(box)
        marks.set_common(Glyph("s", "#ff0000", 21.0, 255))
        lines.set_color(BLUE)
        layers.append((marks, lines))
        canvas.adopt(box)
    boxes[0].show_range((0, 1), (0, 1))
    boxes[1].show_range((0, 10), (0, 1))
    widget.show()
    qtbot.waitExposed(widget)

    def color(number, x, y):
        place = boxes[number].mapToScene(boxes[number].mapFromView(QPointF(x, y)))
        return widget.grab().toImage().pixelColor(place.toPoint())

    return layers, color


def test_marks_of_all_plots_stand_on_their_own_axes_and_stay_in_their_plot(row):
    ((first, _), (second, _)), color = row
    first.set_marks(Marks(np.array([0.5, 1.0]), np.array([0.5, 0.25])))
    second.set_marks(Marks(np.array([5.0]), np.array([0.75])))
    assert color(0, 0.5, 0.5) == color(0, 0.98, 0.25) == color(1, 5, 0.75) == RED
    assert color(0, 0.5, 0.75) == color(1, 0.05, 0.25) == color(1, 5, 0.5) == WHITE


def test_lines_of_all_plots_stay_in_their_plot(row):
    ((_, first), (_, second)), color = row
    first.set_ends(np.array([[0.5, 0.5, 3.0, 0.5]]))  # right through the other plot
    second.set_ends(np.array([[2.0, 0.25, 8.0, 0.25], [np.nan, 0, 1, 1]]))
    for drawn in (color(0, 0.9, 0.5), color(1, 5, 0.25)):
        assert drawn.red() < 200 < drawn.blue()  # smooth, perhaps between two pixels
    assert color(1, 5, 0.5) == color(0, 0.9, 0.25) == WHITE


def test_lines_are_drawn_from_end_to_end(qtbot):
    ends = np.array([[10.0, 5, 10, 50], [20, 60, 90, 60]])
    image = painted(lambda painter: draw_lines(painter, ends))
    assert image.pixelColor(10, 30) == QColor("#000000")
    assert image.pixelColor(50, 60) == QColor("#000000")
    assert image.pixelColor(50, 30) == WHITE


def ink(image):
    """Return the area of what is not white: left, top, right, bottom."""
    bits = image.bits()
    bits.setsize(image.sizeInBytes())
    shape = image.height(), image.width(), 4
    dark = np.frombuffer(bits, np.uint8).reshape(shape)[..., 0] < 128
    rows, cols = (np.flatnonzero(dark.any(axis=axis)) for axis in (1, 0))
    return cols[0], rows[0], cols[-1], rows[-1]


@pytest.mark.parametrize("text", ["12.3", "12.3 DN/s\nweight 100 %"])
def test_centered_text_stands_where_qt_would_draw_it(qtbot, text):
    letters, area = Lettering(QFont()), QRectF(20, 10, 150, 60)

    def by_qt(painter):
        painter.drawText(area, 0x84, text)

    ours = ink(painted(lambda painter: letters.centered(painter, area, text)))
    np.testing.assert_allclose(ours, ink(painted(by_qt)), atol=1)


def test_the_texts_of_an_axis_are_those_of_its_range(qtbot):
    axis = FittingAxis(QFont(), ("signal",))
    axis.resize(100, 300)
    axis.setRange(0, 10)
    _, texts = axis._laid_out()
    heights = {float(text): place.y() for place, text in texts}
    assert len(heights) > 2
    for value, y in heights.items():
        assert abs(y - (300 - 30 * value)) < 10  # a line of text, half above its tick
