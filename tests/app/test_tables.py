"""The tables of jumps and segments in the whole window."""

import numpy as np
import pytest
from astropy.table import Table
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QComboBox, QFileDialog, QTabWidget

from rampviewer.app import Application
from rampviewer.core.dq import Dq
from rampviewer.gui.tables.jump_table_panel import CLOSED_TEXT
from rampviewer.model.exposure import Pixel
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.model.text.number_text import grouped
from tests.app.hand import LEFT
from tests.exposure_files import write_simulated

Key = Qt.Key


class Tables:
    """Uses the tables as the user does."""

    def __init__(self, application, hand):
        self.app, self.hand, self.qtbot = application, hand, hand.qtbot
        self.panel, self.listing = application.tables.jumps, application.tables.listing
        self.tabs = application.window.findChild(QTabWidget)

    def open_tab(self, title):
        bar = self.tabs.tabBar()
        names = [self.tabs.tabText(k) for k in range(self.tabs.count())]
        self.qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(names.index(title)).center())

    def wait(self):
        """Wait for the table of what is set."""
        self.hand.settle()
        self.hand.until(lambda: self.listing.table is not None)

    def press(self, key, widget=None):
        self.qtbot.keyClick(widget or self.app.window, key)

    def click_row(self, row):
        view = self.panel.view
        place = view.visualRect(view.model().index(row, 1)).center()
        self.qtbot.mouseClick(view.viewport(), LEFT, pos=place)

    def place_of(self, row):
        """Return pixel, integration and group of a row that is listed."""
        table = self.panel.view.model().listed()
        x, y, *rest = (int(table[k][row]) for k in ("x", "y", "integration", "group"))
        return Pixel(y, x), *rest

    def place(self):
        """Return pixel, integration and group that the window shows."""
        session = self.app.session
        return session._focus.selected, session.first.integration, session.first.group


@pytest.fixture
def tables(application, hand):
    return Tables(application, hand)


def assert_lists_the_run(tables):
    table, session = tables.panel.view.model().table, tables.app.session
    jumps = (flags_of_run(session.exposure, session.run) & Dq.JUMP_DET) != 0
    found = np.zeros(jumps.shape, bool)
    found[tuple(table[k] for k in ("integration", "group", "y", "x"))] = True
    np.testing.assert_array_equal(found, jumps)
    assert len(table) == jumps.sum() > 0


def test_the_tab_lists_the_flags_of_the_run(application, hand, tables, small):
    tables.open_tab("Jumps")
    assert tables.panel.message.text() == CLOSED_TEXT
    hand.open(small)
    tables.wait()
    assert_lists_the_run(tables)


def test_a_threshold_gives_another_table_with_order_and_filters_kept(
    application, hand, tables, files
):
    hand.open(files)
    tables.open_tab("Jumps")
    tables.wait()
    n_before = len(tables.listing.table)
    panel = tables.panel
    panel.filters.primary.setChecked(True)
    panel.view.sortByColumn(5, Qt.SortOrder.AscendingOrder)
    place = hand.grasp()
    hand.drag_to(place)
    application.processing.threshold._slider.setValue(700)
    assert panel.view.property("outdated")
    assert tables.listing.table is None
    assert panel.view.model().rowCount() > 0  # the old rows stay meanwhile
    hand.release(place)
    tables.wait()
    assert not panel.view.property("outdated")
    assert 0 < len(tables.listing.table) < n_before
    assert_lists_the_run(tables)
    steps = panel.view.model().listed()["step"]
    assert (np.diff(steps) >= 0).all()
    assert 0 < len(steps) < len(tables.listing.table)


def test_a_click_on_a_row_shows_pixel_group_and_integration(hand, tables, small):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    tables.click_row(2)
    assert tables.place() == tables.place_of(2)
    shown = tables.app.ramp.shown()
    assert shown.pixel == tables.place_of(2)[0]
    assert tables.app.plane_bar._group.value() == tables.place_of(2)[2]


def test_n_and_p_go_through_the_list_wherever_the_focus_is(
    application, hand, tables, small
):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    hand.type_threshold("5")  # the focus stays in the box
    tables.wait()
    parts = [hand.box, hand.slider, tables.panel.view, application.plane_bar._plane]
    for n, part in enumerate([*parts, application.image._view._plot, tables.tabs.tabBar()]):
        part.setFocus()
        tables.press(Key.Key_N, part)
        assert tables.place() == tables.place_of(n)
    part.setFocus()
    tables.press(Key.Key_P, part)
    assert tables.place() == tables.place_of(n - 1)
    assert application.processing.threshold.value() == 5.0
    n_rows = tables.panel.view.model().rowCount()
    assert tables.panel.count.text().replace("\N{NARROW NO-BREAK SPACE}", "") == (
        f"{n} of {n_rows}"
    )
    for _ in range(n):
        tables.press(Key.Key_P)
    assert tables.place() == tables.place_of(n_rows - 1)


def test_n_and_p_take_a_second_image_along(application, hand, tables, small):
    hand.trigger("second_image")
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    second, bar = application.session.second, application.second.bar
    for key in (Key.Key_N, Key.Key_N, Key.Key_N, Key.Key_P):
        tables.press(key)
        _, integration, group = tables.place()
        assert (second.integration, second.group) == (integration, group)
        assert (bar._integration.value(), bar._group.value()) == (integration, group)
        shown = application.second.panel._values
        np.testing.assert_array_equal(
            shown, application.session.exposure.sci[integration, group]
        )


def test_a_second_image_that_is_not_shown_keeps_the_last_group(hand, tables, small):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    tables.press(Key.Key_N)
    assert tables.place()[2] != 5
    hand.trigger("second_image")
    assert hand.app.session.second.group == 5


def test_n_is_a_letter_where_text_is_typed(hand, tables, small):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    before = tables.place()
    field = tables.panel.filters.text
    field.setFocus()
    hand.qtbot.keyClicks(field, "neighbour p")
    assert field.text() == "neighbour p"
    assert tables.place() == before


def test_n_lists_the_jumps_of_a_hidden_tab_first(hand, tables, small):
    hand.open(small)
    assert tables.listing.table is None
    tables.press(Key.Key_N)
    hand.until(lambda: tables.app.session._focus.selected is not None)
    assert tables.place() == tables.place_of(0)
    tables.press(Key.Key_N)
    assert tables.place() == tables.place_of(1)


def test_n_without_an_exposure_does_nothing(application, hand, tables):
    tables.press(Key.Key_N)
    assert application.session._focus.selected is None
    assert not application.messages.isVisible()


def test_a_jump_out_of_sight_comes_to_the_middle_of_the_image(
    application, hand, tables, files
):
    hand.open(files)
    tables.open_tab("Jumps")
    tables.wait()
    view = application.image._view
    view.zoom_by(8.0)
    width = view._view.viewRect().width()
    seen = 0
    for _ in range(12):
        before = view._view.viewRect()
        tables.press(Key.Key_N)
        (row, col), *_ = tables.place()
        rect = view._view.viewRect()
        assert rect.contains(col, row)
        assert rect.width() == pytest.approx(width)
        if not before.contains(col, row):
            seen += 1
            assert rect.center().x() == pytest.approx(col)
            assert rect.center().y() == pytest.approx(row)
    assert seen > 3


def test_in_view_lists_what_the_zoomed_image_shows(application, hand, tables, files):
    hand.open(files)
    tables.open_tab("Jumps")
    tables.wait()
    panel, view = tables.panel, application.image._view
    panel.filters.in_view.setChecked(True)
    n_all = panel.view.model().rowCount()
    assert n_all == len(tables.listing.table)
    view.zoom_by(6.0)
    hand.until(lambda: panel.view.model().rowCount() < n_all)
    listed, rect = panel.view.model().listed(), view._view.viewRect()
    assert len(listed["x"])
    assert np.all((listed["x"] > rect.left() - 1) & (listed["x"] < rect.right() + 1))
    assert np.all((listed["y"] > rect.top() - 1) & (listed["y"] < rect.bottom() + 1))


def test_a_click_in_the_image_finds_the_jump_in_the_list(hand, tables, files):
    hand.open(files)
    tables.open_tab("Jumps")
    tables.wait()
    pixel, *_ = tables.place_of(5)
    hand.click(*pixel)
    assert tables.panel.view.currentIndex().row() >= 0
    assert tables.place_of(tables.panel.view.currentIndex().row())[0] == pixel


def test_another_exposure_has_another_table(hand, tables, files, small):
    hand.open(files)
    tables.open_tab("Jumps")
    tables.wait()
    hand.open(small)
    tables.wait()
    assert_lists_the_run(tables)


def test_run_0_has_its_own_table(hand, tables, small):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    hand.trigger("as_delivered")
    tables.wait()
    assert len(tables.listing.table) == 0
    assert "delivered without jumps" in tables.panel.message.text()
    hand.trigger("live")
    hand.until(lambda: bool(tables.listing.table))
    assert_lists_the_run(tables)


def test_a_listed_run_is_not_copied_for_the_next_move(application, hand, tables, small):
    tables.open_tab("Jumps")
    hand.open(small, wait=False)
    hand.until(lambda: tables.listing.table is not None)
    assert application.session._shelf._follower._lent is None


def test_it_says_when_jump_detection_was_skipped(hand, tables, tmp_path):
    hand.open(write_simulated(tmp_path / "short", n_groups=2))
    tables.open_tab("Jumps")
    tables.wait()
    assert "Jump detection was skipped" in tables.panel.message.text()


def test_segments_follow_the_selected_pixel_and_the_threshold(hand, tables, small):
    hand.open(small)
    tables.open_tab("Segments")
    tables.press(Key.Key_N)
    segments = tables.app.tables.segments
    hand.until(lambda: segments.title.text() != "")
    n = segments.view.model().rowCount()
    assert n > 3  # a jump parts the ramp of one of three integrations
    hand.type_threshold("100000")
    assert segments.view.model().rowCount() < n


@pytest.mark.parametrize("suffix", ["csv", "ecsv"])
def test_what_is_listed_is_saved(application, hand, tables, small, tmp_path, suffix):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    tables.panel.filters.primary.setChecked(True)
    listed = tables.panel.view.model().listed()
    tables.panel.button.save.trigger()
    dialog = hand.dialog(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("small_ramp_jumps.csv")
    path = tmp_path / f"mine.{suffix}"
    kinds = dialog.findChild(QComboBox, "fileTypeCombo")
    kinds.setCurrentIndex(("csv", "ecsv").index(suffix))
    kinds.textActivated.emit(kinds.currentText())
    assert dialog.selectedFiles()[0].endswith(f"small_ramp_jumps.{suffix}")
    with hand.qtbot.waitSignal(application.tables.saving.saved):
        dialog.selectFile(str(path))
        dialog.accept()
    rows = f"{grouped(len(listed))} of {grouped(len(tables.listing.table))} flags"
    assert hand.message() == f"Saved {path}: {rows}, filter: primary."
    read = Table.read(path, format=f"ascii.{suffix}")
    if suffix == "csv":
        assert read.colnames[5:7] == ["step [DN]", "ratio [sigma]"]
        read.rename_column("ratio [sigma]", "ratio")
    np.testing.assert_allclose(read["ratio"], listed["ratio"], rtol=1e-6)
    assert set(read["origin"]) == {"primary"}


def test_a_table_that_cannot_be_written_is_one_sentence(hand, tables, small, tmp_path):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    tables.app.tables.saving.save(tables.listing.table, tmp_path / "gone" / "x.csv")
    assert "was not saved" in hand.wait_error()


def test_filters_and_order_are_remembered(
    tables, application, hand, small, settings, qtbot
):
    hand.open(small)
    tables.open_tab("Jumps")
    tables.wait()
    filters = tables.panel.filters
    qtbot.mouseClick(filters.primary, LEFT, pos=QPoint(8, filters.primary.height() // 2))
    qtbot.keyClicks(filters.text, "ratio>20")
    heads = tables.panel.view.horizontalHeader()
    names = tables.panel.view.column_names
    place = QPoint(heads.sectionViewportPosition(names.index("x")) + 9, 5)
    qtbot.mouseClick(heads.viewport(), LEFT, pos=place)
    application.window.close()
    later = Application(settings)
    qtbot.addWidget(later.window)
    later_filters = later.tables.jumps.filters
    assert (later_filters.primary.isChecked(), later_filters.near.isChecked()) == (
        True,
        False,
    )
    assert later_filters.text.text() == "ratio>20"
    assert not later.changes.panel.filters.is_acting
    later_heads = later.tables.jumps.view.horizontalHeader()
    assert later_heads.sortIndicatorSection() == names.index("x")
    assert later_heads.sortIndicatorOrder() == heads.sortIndicatorOrder()
    later.window.close()
