"""Regions in the whole window."""

import numpy as np
import pytest
from astropy.table import Table
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtWidgets import QApplication, QFileDialog, QTabWidget

from rampviewer.app import Application
from rampviewer.gui.regions.region_panel import CLOSED_TEXT, NONE_TEXT, OUTSIDE_TEXT
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.regions.region_pixels import RegionPixels
from rampviewer.model.regions.region_ramp import region_ramp
from rampviewer.model.regions.shapes import Circle, Polygon, Rectangle
from tests.app.hand import LEFT, NO_BUTTON

Key, Modifier = Qt.Key, Qt.KeyboardModifier
SHIFT, CTRL, ALT = (
    Modifier.ShiftModifier,
    Modifier.ControlModifier,
    Modifier.AltModifier,
)


class RegionHand:
    """Draws and drags as the user does."""

    def __init__(self, application, hand):
        self.app, self.hand = application, hand
        self.panel, self.store = application.regions.panel, application.regions.store
        self.follower = application.regions.follower

    def drag(self, start, end, *between):
        """Drag from a pixel (row, col) to another one."""
        viewport, places = self.hand.viewport, [self.hand.place(*start)]
        places += [self.hand.place(*place) for place in (*between, end)]
        self.hand.send(viewport, QEvent.Type.MouseMove, places[0])
        self.hand.send(viewport, QEvent.Type.MouseButtonPress, places[0], LEFT, LEFT)
        for place in places[1:]:
            self.hand.send(viewport, QEvent.Type.MouseMove, place, NO_BUTTON, LEFT)
        self.hand.send(viewport, QEvent.Type.MouseButtonRelease, places[-1], LEFT)

    def press(self, key, modifiers=Modifier.NoModifier, widget=None):
        self.hand.qtbot.keyClick(widget or self.app.image._view._plot, key, modifiers)

    def button(self, kind):
        self.hand.qtbot.mouseClick(self.app.image.region_tools.buttons[kind], LEFT)

    def draw(self, kind, start, end):
        self.button(kind)
        self.drag(start, end)

    @property
    def shape(self):
        return self.store.regions.current.shape

    @property
    def shapes(self):
        return [item.shape for item in self.store.regions.items]

    def summary(self):
        """Wait for the summary of what is set, and return it."""
        self.hand.settle()
        self.hand.until(lambda: self.follower._is_current)
        assert self.panel._summary.region == self.store.regions.current
        return self.panel._summary


@pytest.fixture
def regions(application, hand):
    return RegionHand(application, hand)


@pytest.fixture
def opened(hand, regions, small):
    hand.open(small)
    return regions


def test_the_panel_says_what_to_do(application, hand, regions, small):
    tabs = application.window.findChild(QTabWidget)
    tabs.setCurrentWidget(regions.panel)
    assert regions.panel.message.text() == CLOSED_TEXT
    assert not application.window.action("draw_circle").isEnabled()
    hand.open(small)
    assert regions.panel.message.text() == NONE_TEXT
    assert regions.panel.isVisible()


def test_a_rectangle_is_dragged_over_whole_pixels(opened):
    opened.draw("rectangle", (10, 12), (29, 41))
    assert opened.shape == Rectangle(19.5, 26.5, 20, 30)
    assert opened.app.image.regions.tool == ""
    assert not opened.app.image.region_tools.buttons["rectangle"].isChecked()
    assert opened.panel.isVisible()
    assert opened.summary().n_inside == 600


def test_a_circle_is_dragged_from_its_centre(opened):
    opened.draw("circle", (30, 30), (30, 40))
    assert isinstance(opened.shape, Circle)
    assert opened.shape.center == (30, 30)
    assert opened.shape.radius == pytest.approx(10, abs=0.2)


def test_a_polygon_has_a_corner_at_each_click(opened, hand):
    corners = [(10, 10), (10, 40), (40, 40), (42, 12)]
    opened.button("polygon")
    for corner in corners:
        hand.click(*corner)
    assert opened.shapes == []
    hand.click(*corners[0])
    assert isinstance(opened.shape, Polygon)
    np.testing.assert_allclose(opened.shape.corners, corners, atol=0.2)


@pytest.mark.parametrize("end", ["double click", "right button", "Enter"])
def test_a_polygon_may_end_at_its_last_corner(opened, hand, end):
    opened.press(Key.Key_G, SHIFT)
    for corner in [(10, 10), (10, 40), (40, 40), (5, 5)]:
        hand.click(*corner)
    opened.press(Key.Key_Backspace)
    if end == "double click":
        hand.qtbot.mouseDClick(hand.viewport, LEFT, pos=hand.place(40, 40))
    elif end == "Enter":
        opened.press(Key.Key_Return)
    else:
        place = hand.place(50, 50)
        hand.qtbot.mouseClick(hand.viewport, Qt.MouseButton.RightButton, pos=place)
    assert len(opened.shape.corners) == 3
    assert opened.app.image.regions.tool == ""


def test_esc_ends_drawing_without_a_region(opened, hand):
    action = opened.app.window.action("draw_polygon")
    opened.press(Key.Key_G, SHIFT)
    assert action.isChecked()
    hand.click(10, 10)
    opened.press(Key.Key_Escape)
    assert opened.shapes == []
    assert not action.isChecked()
    hand.click(20, 20)
    assert opened.app.session._focus.selected == Pixel(20, 20)


def test_drawing_neither_moves_the_image_nor_selects_a_pixel(opened):
    view = opened.app.image._view._view
    before = view.viewRect()
    opened.draw("circle", (30, 30), (30, 40))
    assert view.viewRect() == before
    assert opened.app.session._focus.selected is None


def test_a_selected_region_moves_with_its_inside(opened):
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.drag((20, 20), (25, 35), (22, 30))
    assert opened.shape == Rectangle(24.5, 34.5, 20, 20)


def test_a_region_that_is_not_selected_moves_with_its_line_only(opened):
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.draw("circle", (50, 50), (50, 55))
    view = opened.app.image._view._view
    before = view.viewRect()
    opened.drag((20, 20), (22, 25))  # the image
    assert view.viewRect() != before
    assert opened.shapes[0] == Rectangle(19.5, 19.5, 20, 20)
    opened.app.image.fit()
    opened.drag((17, 9.5), (19, 12.5))
    assert opened.shapes[0] == Rectangle(21.5, 22.5, 20, 20)
    assert opened.store.regions.selected == 0


def test_a_handle_resizes(opened):
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.drag((29.5, 29.5), (39.6, 34.4))
    assert opened.shape == Rectangle(24.5, 22, 30, 25)


def test_esc_in_a_drag_puts_the_region_back(opened, hand):
    opened.draw("rectangle", (10, 10), (29, 29))
    start, end = hand.place(20, 20), hand.place(30, 30)
    hand.send(hand.viewport, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    hand.send(hand.viewport, QEvent.Type.MouseMove, end, NO_BUTTON, LEFT)
    assert opened.shape != Rectangle(19.5, 19.5, 20, 20)
    opened.press(Key.Key_Escape)
    assert opened.shape == Rectangle(19.5, 19.5, 20, 20)
    hand.send(hand.viewport, QEvent.Type.MouseMove, end + QPoint(9, 9), NO_BUTTON, LEFT)
    assert opened.shape == Rectangle(19.5, 19.5, 20, 20)


def test_a_click_inside_a_region_still_selects_the_pixel(opened, hand):
    opened.draw("rectangle", (10, 10), (29, 29))
    hand.click(15, 17)
    assert opened.app.session._focus.selected == Pixel(15, 17)


def test_a_click_on_a_line_selects_the_region(opened, hand):
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.draw("circle", (50, 50), (50, 55))
    hand.click(17, 9.5)
    assert opened.store.regions.selected == 0


def test_regions_can_be_made_moved_and_removed_by_keys_alone(opened, hand):
    hand.click(20, 30)
    opened.press(Key.Key_R, CTRL | SHIFT)
    side = opened.shape.width
    assert opened.shape.center == pytest.approx((20, 30), abs=0.5)
    start = opened.shape
    opened.press(Key.Key_Up, CTRL)
    opened.press(Key.Key_Right, CTRL | SHIFT)
    assert opened.shape == start.moved(1, 10)
    opened.press(Key.Key_Left, ALT)
    assert opened.shape.width == side - 2
    assert opened.app.session._focus.selected == Pixel(20, 30)
    opened.press(Key.Key_I, CTRL | SHIFT)
    opened.press(Key.Key_BracketLeft, CTRL)
    assert opened.store.regions.selected == 0
    opened.press(Key.Key_BracketRight, CTRL)
    assert isinstance(opened.shape, Circle)
    opened.press(Key.Key_Delete)
    opened.press(Key.Key_Delete)
    assert opened.shapes == []
    assert opened.panel.message.text() == NONE_TEXT


def test_without_a_pixel_a_region_is_made_in_the_middle(opened):
    opened.press(Key.Key_G, CTRL | SHIFT)
    assert opened.shape.center == pytest.approx((32, 32), abs=1)


def test_f2_renames(opened, hand):
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.press(Key.Key_F2)
    hand.qtbot.keyClicks(opened.panel.names.lineEdit(), "sky")
    hand.qtbot.keyClick(opened.panel.names.lineEdit(), Key.Key_Return)
    assert opened.store.regions.current.name == "sky"
    assert opened.panel.names.currentText() == "sky"


def assert_fits_the_screen(opened, average="mean"):
    """Check the panel against what the model says of what is on screen."""
    session, summary = opened.app.session, opened.summary()
    run = session.runs[session._shown]
    pixels = RegionPixels.of(opened.shape, run.pixeldq)
    integration = session.first.integration
    wanted = region_ramp(session.exposure, run, pixels, integration, average)
    np.testing.assert_array_equal(summary.ramp.signal, wanted.signal)
    np.testing.assert_array_equal(summary.ramp.n, wanted.n)
    assert summary.ramp.n_flags == wanted.n_flags
    shown = pixels.values(opened.hand.shown)
    assert summary.statistics.total == pytest.approx(np.nansum(shown.astype(float)))
    np.testing.assert_array_equal(opened.panel.plots.ramp.values, wanted.signal)
    return summary


def test_it_follows_region_run_integration_plane_and_average(opened, hand):
    opened.draw("rectangle", (10, 10), (49, 49))
    before = assert_fits_the_screen(opened)
    hand.type_threshold("30")
    after = assert_fits_the_screen(opened)
    assert after.ramp.n_flags < before.ramp.n_flags
    opened.app.session.first.set_integration(2)
    assert assert_fits_the_screen(opened).ramp.integration == 2
    opened.app.session.first.set_plane(Plane.GROUP)
    opened.app.session.first.set_group(4)
    assert assert_fits_the_screen(opened).plane is Plane.GROUP
    opened.drag((20, 20), (25, 25))
    assert_fits_the_screen(opened)
    box = opened.panel.average
    box.setCurrentText("median")
    box.textActivated.emit("median")
    assert_fits_the_screen(opened, "median")
    hand.trigger("as_delivered")
    assert assert_fits_the_screen(opened, "median").ramp.n_flags == 0


def test_a_small_region_is_averaged_while_it_is_dragged(opened, hand):
    opened.draw("rectangle", (10, 10), (19, 19))
    opened.summary()
    start, end = hand.place(15, 15), hand.place(25, 25)
    hand.send(hand.viewport, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    hand.send(hand.viewport, QEvent.Type.MouseMove, end, NO_BUTTON, LEFT)
    hand.until(lambda: opened.panel._summary.region.shape == Rectangle(24.5, 24.5, 10, 10))
    hand.send(hand.viewport, QEvent.Type.MouseButtonRelease, end, LEFT)


def test_nothing_is_averaged_while_the_tab_is_hidden(opened):
    opened.draw("rectangle", (10, 10), (19, 19))
    opened.summary()
    tabs = opened.app.window.findChild(QTabWidget)
    tabs.setCurrentIndex(0)
    opened.press(Key.Key_Up, CTRL)
    assert opened.follower._job is None
    tabs.setCurrentWidget(opened.panel)
    assert opened.summary().region.shape == Rectangle(15.5, 14.5, 10, 10)


def test_regions_stay_for_the_next_exposure(opened, hand, files):
    opened.draw("rectangle", (10, 10), (29, 29))
    hand.open(files)
    assert_fits_the_screen(opened)


def test_a_region_outside_of_the_frame_says_so(opened):
    opened.draw("rectangle", (10, 10), (19, 19))
    for _ in range(8):
        opened.press(Key.Key_Up, CTRL | SHIFT)
    opened.hand.until(lambda: opened.panel.message.text() == OUTSIDE_TEXT)


def test_flags_on_screen_are_counted(opened):
    opened.app.session.first.set_plane(Plane.DQ)
    opened.draw("rectangle", (0, 0), (63, 63))
    opened.summary()
    assert "DO_NOT_USE" in opened.panel.text.text()
    assert not opened.panel.plots.bin_box.isVisible()


def test_jumps_in_the_region_are_listed(opened, hand):
    jumps = opened.app.tables.jumps
    assert not jumps.filters.in_region.isEnabled()
    opened.draw("circle", (30, 30), (30, 40))
    hand.open_tab("Jumps")
    hand.settle()
    hand.until(lambda: opened.app.tables.listing.table is not None)
    jumps.filters.in_region.setChecked(True)
    table, listed = opened.app.tables.listing.table, jumps.view.model().listed()
    circle = opened.shape
    inside = np.hypot(table["x"] - 30, table["y"] - 30) <= circle.radius
    assert 0 < len(listed) == inside.sum() < len(table)
    opened.press(Key.Key_Right, CTRL | SHIFT)
    moved = np.hypot(table["x"] - 40, table["y"] - 30) <= circle.radius
    hand.until(lambda: jumps.view.model().rowCount() == moved.sum())
    assert jumps.filters.summary == "in region 1"
    opened.press(Key.Key_Delete)
    hand.until(lambda: jumps.view.model().rowCount() == len(table))


def test_the_ramp_is_saved_as_a_table(opened, hand, tmp_path):
    opened.draw("rectangle", (10, 10), (29, 29))
    summary = opened.summary()
    opened.panel.button.save.trigger()
    path = tmp_path / "ramp.ecsv"
    dialog = hand.dialog(QFileDialog)
    with hand.qtbot.waitSignal(opened.app.regions.saving.saved):
        dialog.selectFile(str(path))
        dialog.accept()
    read = Table.read(path, format="ascii.ecsv")
    np.testing.assert_allclose(read["signal"], summary.ramp.signal)
    assert read["signal"].unit == "DN"
    assert hand.message() == f"Saved {path}: mean ramp of region 1."


def test_regions_are_saved_and_loaded(opened, hand, tmp_path):
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.draw("circle", (30, 30), (30, 40))
    before, path = opened.shapes, tmp_path / "mine.reg"
    hand.trigger("save_regions")
    dialog = hand.dialog(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("small_ramp.reg")
    dialog.selectFile(str(path))
    dialog.accept()
    hand.until(lambda: hand.message() == f"Saved {path}.")
    for _ in range(2):
        opened.press(Key.Key_Delete)
    path.write_text(f"{path.read_text()}fk5\npoint(1,2)\n")
    hand.trigger("load_regions")
    hand.choose_file(path)
    hand.until(lambda: "Loaded 2 regions from mine.reg" in hand.message())
    assert "point in fk5 coordinates" in hand.message()
    assert opened.shapes == before


def test_a_region_on_the_sky_is_drawn_where_its_star_is(opened, hand, tmp_path):
    ra, dec = opened.app.session.exposure.sky(12, 34)
    path = tmp_path / "sky.reg"
    path.write_text(f'icrs\ncircle({ra:.9f},{dec:.9f},0.5")\n')
    hand.trigger("load_regions")
    hand.choose_file(path)
    hand.until(lambda: "Loaded 1 region from sky.reg" in hand.message())
    assert "by the WCS of this exposure" in hand.message()
    assert (opened.shape.row, opened.shape.col) == pytest.approx((12, 34), abs=0.01)


def test_the_numbers_of_a_region_are_copied_as_text(opened, hand):
    hand.open_tab("Region")
    opened.draw("rectangle", (10, 10), (29, 29))
    opened.summary()
    text = opened.panel.text
    text.setFocus()
    hand.qtbot.keyClick(text, Key.Key_A, CTRL)
    hand.qtbot.keyClick(text, Key.Key_C, CTRL)
    copied = QApplication.clipboard().text()
    assert "pixels used" in copied
    assert f"{opened.panel._summary.statistics.mean:.6g} DN/s" in copied


def test_a_file_that_cannot_be_read_is_one_sentence(opened, hand, tmp_path):
    path = tmp_path / "none.reg"
    path.write_text("nothing\n")
    opened.app.regions.files.load(path)
    assert "The regions were not loaded: none.reg holds no region" in hand.wait_error()


def test_both_images_show_and_draw_regions(opened, hand):
    opened.app.window.action("second_image").trigger()
    second = opened.app.second.panel
    opened.draw("circle", (30, 30), (30, 40))
    assert second.regions.layer.regions == opened.store.regions
    hand.qtbot.mouseClick(second.region_tools.buttons["circle"], LEFT)
    assert opened.app.image.regions.tool == "circle"
    second.regions.make("rectangle", None)
    assert opened.app.image.regions.tool == ""
    assert len(opened.shapes) == 2


def test_how_regions_are_shown_is_remembered(opened, application, settings, qtbot):
    panel = opened.panel
    opened.draw("rectangle", (10, 12), (29, 41))
    panel.average.setFocus()
    qtbot.keyClick(panel.average, Key.Key_Down)
    qtbot.mouseClick(panel.singles, LEFT, pos=QPoint(8, panel.singles.height() // 2))
    assert application.regions._average == "median"
    application.window.close()
    later = Application(settings)
    qtbot.addWidget(later.window)
    assert later.regions.panel.average.currentText() == "median"
    assert later.regions._average == "median"
    assert not later.regions.panel.singles.isChecked()
    assert not later.regions.panel.plots._shows_singles
    later.window.close()


def test_the_room_of_the_numbers_is_remembered_for_a_narrow_panel_and_a_wide_one(
    opened, application, settings, qtbot
):
    opened.draw("rectangle", (10, 12), (29, 41))
    opened.summary()
    panel, wide = opened.panel, application.window.size()
    assert panel.histogram.isHidden()
    drag_handle(opened.hand, panel._both, -50)
    room = panel._both.sizes()[1]
    application.window.resize(1366, 768)
    application.window.action("second_image").trigger()
    qtbot.waitUntil(panel.histogram.isVisible)
    drag_handle(opened.hand, panel._both, -30)
    narrow = panel._both.sizes()[1]
    assert narrow != room
    application.window.action("second_image").trigger()
    application.window.resize(wide)
    qtbot.waitUntil(panel.histogram.isHidden)
    assert panel._both.sizes()[1] == room
    application.window.close()
    later = Application(settings)
    qtbot.addWidget(later.window)
    assert later.regions.panel._rooms == {False: room, True: narrow}
    later.window.close()


def drag_handle(hand, splitter, by):
    """Drag the handle of a splitter sideways [pixel]."""
    handle = splitter.handle(1)
    start = handle.rect().center()
    hand.send(handle, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    hand.send(handle, QEvent.Type.MouseMove, start + QPoint(by, 0), NO_BUTTON, LEFT)
    hand.send(handle, QEvent.Type.MouseButtonRelease, start, LEFT)


def test_where_there_is_no_room_for_both_plots_one_is_chosen(opened, application, qtbot):
    opened.draw("rectangle", (10, 12), (29, 41))
    opened.summary()
    panel, plots = opened.panel, opened.panel.plots
    assert panel.histogram.isHidden()
    assert plots.ramp_box.isVisible()
    assert plots.bin_box.isVisible()
    wide = plots.ramp_box.width()
    application.window.resize(1366, 768)
    show_second = application.window.action("second_image").trigger
    show_second()
    qtbot.waitUntil(panel.histogram.isVisible)
    assert (plots.ramp_box.isVisible(), plots.bin_box.isVisible()) == (True, False)
    QApplication.processEvents()
    assert plots.ramp_box.width() > 130
    qtbot.mouseClick(panel.histogram, LEFT)
    assert (plots.ramp_box.isVisible(), plots.bin_box.isVisible()) == (False, True)
    QApplication.processEvents()
    assert plots.bin_box.width() > 130
    show_second()
    application.window.resize(1600, 900)
    qtbot.waitUntil(panel.histogram.isHidden)
    assert (plots.ramp_box.isVisible(), plots.bin_box.isVisible()) == (True, True)
    assert plots.ramp_box.width() > 0.8 * wide
