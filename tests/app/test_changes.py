"""Flags as delivered against those of the live run, in the whole window."""

import numpy as np
import pytest
from astropy.table import Table
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication, QFileDialog

from rampviewer.core.dq import Dq
from rampviewer.gui.tables.changes_panel import CLOSED_TEXT, NOT_DELIVERED_TEXT
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs.run_changes import run_changes
from rampviewer.model.runs.run_flags import flags_of_run
from rampviewer.window.changes import NOTHING_NOTE
from tests.app.hand import LEFT, same
from tests.exposure_files import simulated_exposure, with_jump_flags, write_exposure

Key, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def flagged(tmp_path):
    """Return an exposure that was delivered with jumps."""
    exposure = simulated_exposure(size=64, n_groups=6, n_ints=2, seed=3)
    return write_exposure(tmp_path / "flagged", with_jump_flags(exposure))


@pytest.fixture
def panel(application):
    return application.changes.panel


def wait(hand):
    hand.settle()
    hand.until(lambda: hand.app.changes.work.result is not None)


def place_of(panel, row):
    table = panel.view.model().listed()
    x, y, *step = (int(table[k][row]) for k in ("x", "y", "integration", "group"))
    return Pixel(y, x), *step


def place(hand):
    return hand.app.session.pixel, *hand.app.session.step


def assert_lists_all_changes(hand, panel):
    session = hand.app.session
    old, new = (flags_of_run(session.exposure, run) for run in session.both)
    changed = ((old ^ new) & (Dq.JUMP_DET | Dq.SATURATED)) != 0
    table, found = panel.view.model().table, np.zeros(changed.shape, int)
    np.add.at(found, tuple(table[k] for k in ("integration", "group", "y", "x")), 1)
    np.testing.assert_array_equal(found, changed)
    assert changed.any()
    return changed


def test_the_tab_lists_what_changed_and_says_it_in_numbers(hand, panel, flagged):
    hand.open_tab("Changes")
    assert panel.message.text() == CLOSED_TEXT
    hand.open(flagged)
    wait(hand)
    assert_lists_all_changes(hand, panel)
    session = hand.app.session
    numbers = run_changes(session.prepared, *session.both).numbers
    text = panel.flags.toolTip().replace("\N{NARROW NO-BREAK SPACE}", "")
    assert text.startswith(f"Flags: {numbers.flagged.sum()} groups new (")
    assert f"{numbers.unflagged.sum()} gone" in text
    assert f"{numbers.n_above_1} pixels changed by > 1 sigma" in text
    assert "cannot be told" in text
    assert panel.flags.isVisible()
    for line in (panel.flags, panel.rates):
        assert line.elided() == line.text()  # nothing is cut


def test_a_threshold_gives_other_changes(hand, panel, flagged):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    before = panel.flags.toolTip()
    handle = hand.grasp()
    hand.drag_to(handle)
    hand.app.processing.threshold._slider.setValue(700)
    assert panel.view.property("outdated")
    assert panel.flags.property("outdated")
    assert panel.view.model().rowCount() > 0  # the old rows stay meanwhile
    hand.release(handle)
    wait(hand)
    assert not panel.view.property("outdated")
    assert panel.flags.toolTip() != before
    assert_lists_all_changes(hand, panel)


def test_keys_go_from_change_to_change(hand, panel, flagged, qtbot):
    hand.open(flagged)
    window = hand.app.window
    qtbot.keyClick(window, Key.Key_N, SHIFT)  # the tab is not open
    hand.until(lambda: hand.app.session.pixel is not None)
    assert place(hand) == place_of(panel, 0)
    hand.app.image._view.zoom_by(8.0)
    for row in (1, 2, 3):
        qtbot.keyClick(window, Key.Key_N, SHIFT)
        assert place(hand) == place_of(panel, row)
        pixel = place(hand)[0]
        assert hand.app.image._view._view.viewRect().contains(pixel.col, pixel.row)
        assert hand.app.ramp.shown().pixel == pixel
    qtbot.keyClick(window, Key.Key_P, SHIFT)
    assert place(hand) == place_of(panel, 2)


def test_a_click_on_a_row_goes_there(hand, panel, flagged, qtbot):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    view = panel.view
    spot = view.visualRect(view.model().index(2, 1)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=spot)
    assert place(hand) == place_of(panel, 2)


def test_a_file_without_jumps_says_so_and_can_be_compared_all_the_same(
    hand, panel, small, qtbot
):
    hand.open(small)
    hand.open_tab("Changes")
    assert panel.message.text() == NOT_DELIVERED_TEXT
    qtbot.keyClick(hand.app.window, Key.Key_N, SHIFT)
    assert hand.message() == NOTHING_NOTE
    qtbot.mouseClick(panel.offer, LEFT)
    wait(hand)
    changed = assert_lists_all_changes(hand, panel)
    assert changed.sum() == hand.app.session.runs[1].n_jumps.sum()
    assert not panel.offer.isVisible()
    assert "cannot be told" not in panel.flags.toolTip()


def test_another_exposure_begins_anew(hand, panel, flagged, small):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    hand.open(small)
    assert panel.message.text() == NOT_DELIVERED_TEXT
    assert not panel.flags.isVisible()
    hand.open(flagged)
    wait(hand)
    assert_lists_all_changes(hand, panel)


def test_the_map_shows_where_flags_changed(hand, panel, flagged):
    hand.open(flagged)
    hand.app.session.first.set_plane(Plane.CHANGED_FLAGS)
    assert hand.app.image._title.text().endswith("being counted")
    wait(hand)
    assert not hand.app.image._title.text().endswith("being counted")
    old, new = (
        flags_of_run(hand.app.session.exposure, run) for run in hand.app.session.both
    )
    changed = ((old ^ new) & (Dq.JUMP_DET | Dq.SATURATED)) != 0
    assert same(hand.shown, changed.sum(axis=(0, 1)))
    hand.type_threshold("9")
    wait(hand)
    new = flags_of_run(hand.app.session.exposure, hand.app.session.runs[1])
    changed = ((old ^ new) & (Dq.JUMP_DET | Dq.SATURATED)) != 0
    assert same(hand.shown, changed.sum(axis=(0, 1)))


def test_the_difference_in_sigma_is_drawn_and_follows_the_threshold(hand, small):
    hand.open(small)  # delivered without jumps: the map asks for run 0
    hand.app.session.first.set_plane(Plane.SIGMA_DIFFERENCE)
    hand.type_threshold("12")
    hand.settle()
    hand.until(lambda: hand.app.session.both is not None)
    before, after = (run.rate for run in hand.app.session.both)
    change = after.slope - before.slope
    err = np.maximum(before.err, after.err)
    expected = np.where(change == 0, 0, change / np.where(err == 0, 1, err))
    hand.until(lambda: np.isfinite(hand.shown).any())
    np.testing.assert_allclose(hand.shown, expected, rtol=1e-6)


def test_b_blinks_between_both_runs(hand, flagged, qtbot):
    hand.open(flagged)
    session = hand.app.session
    hand.until(lambda: session.both is not None)
    for number in (0, 1, 0):
        qtbot.keyClick(hand.app.window, Key.Key_B)
        assert same(hand.shown, session.runs[number].rate.slope)
        name = ("as_delivered", "live")[number]
        assert hand.app.window.action(name).isChecked()


def test_blinking_leaves_the_slider_where_it_is(hand, flagged, qtbot):
    hand.open(flagged)
    hand.app.window.resize(1366, 740)
    hand.settle()
    places = []
    for _ in range(3):
        qtbot.keyClick(hand.app.window, Key.Key_B)
        hand.settle()
        QApplication.processEvents()  # a text of another width asks for another layout
        places.append((hand.slider.mapToGlobal(QPoint()), hand.slider.size()))
    assert places[0] == places[1] == places[2]


def test_blinking_compares_nothing_anew(hand, panel, flagged, qtbot):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    result = hand.app.changes.work.result
    qtbot.keyClick(hand.app.window, Key.Key_B)
    assert hand.app.changes.work.result is result
    assert not panel.view.property("outdated")


def test_filters_leave_new_flags_or_moved_rates(hand, panel, flagged, qtbot):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    new, moved, _ = panel.filters.boxes.values()
    new.setChecked(True)
    words = set(panel.view.model().listed()["change"])
    assert {panel.view.model().table.columns[4].words[k] for k in words} == {"flagged"}
    new.setChecked(False)
    moved.setChecked(True)
    listed = panel.view.model().listed()
    away = np.abs(listed["difference"])
    assert ((away > 1) | np.isnan(away)).all()
    assert 0 < len(listed) < len(panel.view.model().table)
    moved.setChecked(False)
    qtbot.keyClicks(panel.filters.text, "unflagged delivered")
    listed = panel.view.model().listed()
    assert len(listed) == run_changes_unflagged(hand)


def run_changes_unflagged(hand):
    session = hand.app.session
    return run_changes(session.prepared, *session.both).numbers.unflagged.sum()


def test_what_is_listed_is_saved(hand, panel, flagged, tmp_path):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    panel.button.save.trigger()
    dialog = hand.dialog(QFileDialog)
    path = tmp_path / "mine.csv"
    with hand.qtbot.waitSignal(hand.app.changes.saving.saved):
        dialog.selectFile(str(path))
        dialog.accept()
    read = Table.read(path, format="ascii.csv")
    table = panel.view.model().table
    np.testing.assert_array_equal(read["x"], table["x"])
    assert set(read["change"]) <= {"flagged", "unflagged"}


def test_a_live_run_that_moves_while_it_is_compared_is_compared_again(hand, panel, flagged):
    hand.open(flagged)
    hand.open_tab("Changes")
    wait(hand)
    for sigma in (6.0, 5.5, 5.0, 4.5):
        hand.app.session.set_threshold(sigma)
        hand.app.changes.work._timer.setInterval(0)
        hand.qtbot.wait(20)
    wait(hand)
    assert_lists_all_changes(hand, panel)
