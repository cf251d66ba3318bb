"""Pinned pixels in the whole window."""

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication, QFileDialog, QTabWidget

from rampviewer.app import Application
from rampviewer.gui.pins.pin_looks import pin_style
from rampviewer.gui.ramp.ramp_rows import RAMPS
from rampviewer.gui.shell.main_window import WIDEST_PANEL
from rampviewer.model.exposure import Pixel
from rampviewer.model.pixel.inspection import inspect_pixel
from rampviewer.model.pixel.pixel_text import count_jumps
from rampviewer.model.text.number_text import short_rate
from tests.app.hand import LEFT
from tests.exposure_files import write_simulated

Key = Qt.Key


class Pins:
    """Pins pixels as the user does."""

    def __init__(self, application, hand):
        self.app, self.hand, self.qtbot = application, hand, hand.qtbot
        self.feature, self.panel = application.pins, application.pins.panel

    def open_tab(self):
        tabs = self.app.window.findChild(QTabWidget)
        bar = tabs.tabBar()
        names = [tabs.tabText(k) for k in range(tabs.count())]
        self.qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(names.index("Pins")).center())

    def space(self, widget=None):
        self.qtbot.keyClick(widget or self.app.image._view._plot, Key.Key_Space)

    def pin(self, *pixels):
        for pixel in pixels:
            self.hand.hover(*pixel)
            self.space()

    def choose(self, rule):
        """Choose a list in the menu and wait for it."""
        self.panel.rules[rule].trigger()
        self.hand.until(lambda: not self.feature.choosing.is_busy)
        self.settle()

    def settle(self):
        self.hand.until(lambda: all(view is not None for _, view in self.pinned))
        self.hand.until(lambda: not self.feature.views._timer.isActive())

    @property
    def pinned(self):
        return self.feature.views.pinned

    @property
    def pixels(self):
        return self.feature.pins.pixels

    @property
    def curves(self):
        return self.app.ramp.grid.plots[0].others.curves

    def rows(self):
        table = self.panel.table
        return [
            [table.item(row, column).text() for column in range(table.columnCount())]
            for row in range(table.rowCount())
        ]

    def press(self, button):
        self.qtbot.mouseClick(button, LEFT)


@pytest.fixture
def pins(application, hand):
    return Pins(application, hand)


A, B, C = Pixel(20, 30), Pixel(40, 12), Pixel(55, 50)


def test_space_pins_the_pixel_under_the_mouse_else_the_selected_one(hand, pins, small):
    hand.open(small)
    hand.click(*A)
    pins.pin(B)
    assert pins.pixels == (B,)
    hand.leave()
    pins.space()
    assert pins.pixels == (B, A)
    pins.pin(B)
    assert pins.pixels == (A,)


def test_the_first_pin_is_selected_where_nothing_is(hand, pins, small):
    hand.open(small)
    pins.pin(A, B)
    hand.leave()
    assert pins.app.session._focus.selected == A
    assert pins.app.ramp.shown().pixel == A


def test_space_without_a_pixel_says_what_to_do(hand, pins, small):
    hand.trigger("pin")
    assert hand.message().startswith("There is no pixel to pin")
    hand.open(small)
    hand.leave()
    pins.space()
    assert pins.pixels == ()


def test_the_list_has_place_rate_and_jumps_of_each_pin(hand, pins, small):
    hand.open(small)
    pins.open_tab()
    pins.pin(A, B)
    pins.settle()
    session = pins.app.session
    for row, pixel in zip(pins.rows(), (A, B), strict=True):
        view = inspect_pixel(session.prepared, session.recipe, pixel, None)
        assert row[1:3] == [str(pixel.col), str(pixel.row)]
        assert row[3] == short_rate(view.slope, view.err)
        assert float(row[3].split()[0]) == pytest.approx(view.slope, abs=view.err / 10)
        assert row[4] == str(count_jumps(view))
    assert pins.panel.note.text() == "2 of 12"


def test_pins_follow_the_threshold(hand, pins, files):
    hand.open(files)
    pins.choose("jumps")
    before = [count_jumps(view) for _, view in pins.pinned]
    assert len(before) == 9
    assert min(before) > 0
    hand.type_threshold("60")
    hand.settle()
    pins.settle()
    session = pins.app.session
    for row, pixel in zip(pins.rows(), pins.pixels, strict=True):
        view = inspect_pixel(session.prepared, session.recipe, pixel, None)
        assert row[4] == str(count_jumps(view))
    assert sum(int(row[4]) for row in pins.rows()) < sum(before)


def test_the_ramps_of_pins_are_drawn_over_the_selected_one(hand, pins, small):
    hand.open(small)
    hand.click(*C)
    pins.pin(A, B)
    pins.settle()
    hand.leave()
    sci = pins.app.session.exposure.sci
    assert [curve.mark for curve in pins.curves] == ["1", "2"]
    for curve, pixel in zip(pins.curves, (A, B), strict=True):
        np.testing.assert_array_equal(curve.points[:, 1], sci[0, :, pixel.row, pixel.col])
    low, high = pins.app.ramp.grid.plots[0].view_box.viewRange()[1]
    fitted = np.concatenate([curve.points[curve.filled, 1] for curve in pins.curves])
    assert low < fitted.min() < fitted.max() < high
    hand.hover(*A)  # drawn in full now
    assert [curve.mark for curve in pins.curves] == ["2"]


def test_integrations_of_pins_stand_as_those_of_the_pixel(hand, pins, small):
    hand.open(small)
    hand.click(*C)
    pins.pin(A)
    pins.settle()
    hand.leave()
    sci, grid = pins.app.session.exposure.sci, pins.app.ramp.grid
    for n, plot in enumerate(grid.plots[:3]):
        (curve,) = plot.others.curves
        np.testing.assert_array_equal(curve.points[:, 1], sci[n, :, A.row, A.col])
    pins.press(pins.app.ramp.tools.arrangement)  # concatenated
    (curve,) = pins.curves
    np.testing.assert_array_equal(curve.points[:, 1], sci[..., A.row, A.col].ravel())
    assert len(curve.ends) == 3
    assert (np.diff(curve.points[:, 0]) > 0).all()
    pins.press(pins.app.ramp.tools.arrangement)  # overlaid
    pins.app.plane_bar._plane.setCurrentIndex(pins.app.plane_bar._plane.findText("Group"))
    pins.qtbot.keyClick(pins.app.window, Key.Key_PageDown)
    (curve,) = pins.curves
    np.testing.assert_array_equal(curve.points[:, 1], sci[1, :, A.row, A.col])


def test_ramps_from_zero_begin_at_zero_all_of_them(hand, pins, small):
    hand.open(small)
    hand.click(*C)
    pins.pin(A, B)
    pins.settle()
    hand.leave()
    before = pins.app.ramp.grid.plots[0].good.marks.y
    zero = pins.app.ramp.tools.zero
    pins.qtbot.keyClick(pins.app.window, Key.Key_Z)
    hand.until(zero.isChecked)
    plot = pins.app.ramp.grid.plots[0]
    assert plot.good.marks.y[0] == 0
    np.testing.assert_allclose(plot.good.marks.y, before - before[0], atol=0.01)
    for curve in pins.curves:
        assert curve.points[curve.filled, 1][0] == pytest.approx(0, abs=1e-9)
    assert "zero" in pins.app.ramp.grid.rows.axes[RAMPS].labelText
    pins.qtbot.keyClick(pins.app.window, Key.Key_Z)
    hand.until(lambda: not zero.isChecked())
    np.testing.assert_array_equal(pins.app.ramp.grid.plots[0].good.marks.y, before)


def test_pins_are_marked_on_the_image_at_any_zoom(application, hand, pins, small):
    hand.open(small)
    pins.pin(A)
    hand.leave()
    overlay = application.image._view.pins

    def drawn(where):
        image = hand.viewport.grab().toImage()
        place = overlay.mapToScene(where)
        return image.pixelColor(round(place.x()), round(place.y()))

    color = QColor(pin_style(1).color)
    hand.qtbot.keyClick(application.image._view._plot, Key.Key_1)  # a pixel is a pixel
    ((_, box, ring, label),) = overlay.shapes()
    assert box.width() == pytest.approx(1)
    assert drawn(ring.center() + QPointF(-9, 0)) == color
    assert drawn(label.topLeft() + QPointF(2, 3)) == color
    application.image._view.bring_into_view(A)
    hand.click(*A)
    hand.qtbot.keyClick(application.image._view._plot, Key.Key_1)
    for _ in range(8):
        hand.qtbot.keyClick(application.image._view._plot, Key.Key_Plus)
    ((_, box, ring, _),) = overlay.shapes()
    assert ring is None
    middle = box.center()
    middle.setX(box.left())
    assert drawn(middle) == color


def test_a_click_on_a_row_goes_to_its_pixel(application, hand, pins, small):
    hand.open(small)
    pins.open_tab()
    pins.pin(A, B, C)
    hand.leave()
    table = pins.panel.table
    place = table.visualItemRect(table.item(1, 3)).center()
    hand.qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    assert application.session._focus.selected == B
    hand.qtbot.keyClick(table, Key.Key_Down)
    assert application.session._focus.selected == C
    hand.click(*A)
    assert table.currentRow() == 0


def test_pins_are_removed_one_by_one_or_all(hand, pins, small):
    hand.open(small)
    pins.open_tab()
    pins.pin(A, B, C)
    hand.leave()
    hand.click(*B)
    pins.press(pins.panel.remove)
    assert [pin.number for pin in pins.feature.pins.listed] == [1, 3]
    hand.click(*C)
    hand.qtbot.keyClick(pins.panel.table, Key.Key_Delete)
    assert pins.pixels == (A,)
    pins.press(pins.panel.clear)
    assert pins.pixels == ()
    assert not pins.panel.remove.isEnabled()
    assert not pins.app.image._view.pins.isVisible()
    pins.panel.previous.trigger()
    assert pins.pixels == (A,)


def test_no_more_than_twelve_are_pinned_and_that_is_said(hand, pins, small):
    hand.open(small)
    pixels = [Pixel(10, 10 + n) for n in range(13)]
    pins.pin(*pixels)
    assert pins.pixels == tuple(pixels[:12])
    assert hand.error().startswith("At most 12 pixels can be pinned")
    pins.pin(pixels[0])
    assert hand.error() == ""


def test_a_seed_repeats_random_pixels(hand, pins, small):
    hand.open(small)
    pins.open_tab()
    pins.panel.n_pixels.setValue(5)
    pins.choose("random")
    first = pins.pixels
    assert len(first) == 5
    assert pins.panel.note.text() == "5 of 12: 5 random pixels of seed 1"
    pins.choose("random")
    assert pins.panel.seed.value() == 2
    assert pins.pixels != first
    pins.panel.seed.selectAll()
    hand.qtbot.keyClicks(pins.panel.seed, "1")
    pins.choose("random")
    assert pins.pixels == first


def test_ranked_lists_are_those_of_the_run_on_screen(hand, pins, files):
    assert not pins.panel.lists.isEnabled()
    hand.open(files)
    run, bad = pins.app.session.runs[1], pins.app.session.exposure.pixeldq & 0x80000001
    for rule, plane in (
        ("brightest", run.rate.slope),
        ("jumps", run.n_jumps),
        ("ratio", run.diagnostics.largest_ratio),
    ):
        pins.choose(rule)
        values = np.where(bad, 0, np.nan_to_num(plane.astype(float)))
        best = np.sort(values.ravel())[::-1][:9]
        np.testing.assert_array_equal([values[pixel] for pixel in pins.pixels], best)


def test_a_grid_of_nine_covers_the_frame(hand, pins, small):
    hand.open(small)
    pins.choose("grid")
    rows, cols = np.transpose(pins.pixels)
    assert len(pins.pixels) == 9
    for places in (rows, cols):
        assert np.ptp(places) > 0.6 * 64


def test_a_list_is_saved_and_loaded(hand, pins, small, tmp_path):
    hand.open(small)
    pins.pin(A, B, C)
    pins.panel.save.trigger()
    dialog = hand.dialog(QFileDialog)
    dialog.selectFile(str(tmp_path / "mine.csv"))
    dialog.accept()
    hand.until(lambda: hand.message().startswith("Saved the pinned pixels"))
    pins.press(pins.panel.clear)
    pins.panel.load.trigger()
    hand.choose_file(tmp_path / "mine.csv")
    hand.until(lambda: pins.pixels == (A, B, C))
    assert pins.panel.note.text() == "3 of 12: mine.csv"


def test_a_list_that_does_not_fit_is_cut_and_that_is_said(hand, pins, small, tmp_path):
    hand.open(small)
    path = tmp_path / "long.csv"
    path.write_text("x,y\n900,3\n" + "".join(f"{n},5\n" for n in range(15)))
    pins.feature.files.load(path)
    hand.until(lambda: len(pins.pixels) == 12)
    assert hand.message() == (
        "long.csv: left out 1 outside of the frame and 3 after the first 12."
    )
    path.write_text("900,3\n")
    pins.feature.files.load(path)
    assert "none of its pixels is inside" in hand.wait_error()
    path.write_text("one,two\n")
    pins.feature.files.load(path)
    hand.until(lambda: "there are no columns x and y" in hand.error())
    assert len(pins.pixels) == 12


def test_pins_outlive_another_product_but_not_another_frame(hand, pins, small, tmp_path):
    hand.open(small)
    pins.pin(A, B)
    pins.settle()
    before = dict(pins.pinned)
    other = write_simulated(tmp_path / "b", "b_ramp.fits", n_groups=6, n_ints=3, seed=9)
    hand.open(other)
    pins.settle()
    assert pins.pixels == (A, B)
    for pin, view in pins.pinned:
        assert view.slope != before[pin].slope
    hand.open(write_simulated(tmp_path / "c", "c_ramp.fits", size=96))
    assert pins.pixels == ()
    assert pins.curves == []


def test_space_presses_a_button_that_has_the_focus(hand, pins, small):
    hand.open(small)
    hand.click(*A)
    hand.leave()
    button = pins.app.ramp.tools.bars
    button.setFocus()
    QApplication.processEvents()
    pins.space(button)
    assert button.isChecked()
    assert pins.pixels == ()
    pins.pin(B)  # the mouse points at a pixel: the key is meant for that
    assert pins.pixels == (B,)


def test_space_is_a_blank_where_text_is_typed(hand, pins, small):
    hand.open(small)
    hand.click(*A)
    field = pins.app.tables.jumps.filters.text
    hand.open_tab("Jumps")
    field.setFocus()
    hand.qtbot.keyClicks(field, "a b")
    assert field.text() == "a b"
    assert pins.pixels == ()


@pytest.mark.parametrize("size", [(1366, 768), (2560, 1440)])
def test_the_panel_of_pins_fits_into_the_window(application, hand, pins, small, size):
    application.window.resize(*size)
    hand.open(small)
    pins.open_tab()
    assert application.window.width() == size[0]
    assert pins.panel.seed.geometry().right() <= pins.panel.width()


def test_how_many_pixels_a_list_has_is_remembered(application, pins, settings, qtbot):
    box = pins.panel.n_pixels
    box.selectAll()
    qtbot.keyClicks(box, "5")
    qtbot.keyClick(box, Key.Key_Return)
    application.window.close()
    later = Application(settings)
    qtbot.addWidget(later.window)
    assert later.pins.panel.n_pixels.value() == 5
    later.window.close()


def test_the_list_needs_no_more_than_its_room_beside_two_images(pins):
    assert pins.panel.minimumSizeHint().width() <= WIDEST_PANEL


def test_all_pins_can_be_removed_once_there_are_any(pins, small):
    action = pins.app.window.action("clear_pins")
    assert not action.isEnabled()
    pins.hand.open(small)
    pins.pin(A, B)
    assert action.isEnabled()
    pins.hand.trigger("clear_pins")
    assert pins.pixels == ()
    assert not action.isEnabled()
