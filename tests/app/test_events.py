"""Snowballs and showers in the whole window."""

from threading import Event

import numpy as np
import pytest
from astropy.table import Table
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QFileDialog

from rampviewer.app import Application
from rampviewer.core.origin import Origin
from rampviewer.gui.tables.events_panel import (
    CLOSED_TEXT,
    DELIVERED_TEXT,
    OFF_TEXT,
    OUTDATED_TEXT,
    SHOWERS,
    SNOWBALLS,
    WORDS,
)
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs import passes
from rampviewer.window import first_use as first_use_file
from rampviewer.window.events import LIFTED_NOTE, OFF_NOTE
from rampviewer.window.first_use import FirstUse
from tests.app.hand import LEFT, Hand
from tests.exposure_files import write_exposure
from tests.gui.test_pixel_panel import click_link
from tests.large_cases import shower_exposure, snowball_exposure

Key, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def snowy(tmp_path):
    """Return an exposure of two integrations with many snowballs."""
    exposure = snowball_exposure(np.random.default_rng(1))
    assert exposure.n_ints == 2
    return write_exposure(tmp_path / "snowy", exposure, "snowy_ramp.fits")


@pytest.fixture
def rainy(tmp_path):
    """Return a MIRI exposure with showers."""
    exposure = shower_exposure(np.random.default_rng(0), (2, 12, 64, 64))
    return write_exposure(tmp_path / "rainy", exposure, "rainy_ramp.fits")


@pytest.fixture
def panel(application):
    return application.events.panel


@pytest.fixture
def snow(hand, panel, snowy):
    """Open the tab and have snowballs looked for, as the empty list offers."""
    return search(hand, panel, snowy, SNOWBALLS)


def search(hand, panel, files, name):
    hand.open(files)
    hand.open_tab("Events")
    panel.filters.clear()  # so that all are listed
    hand.qtbot.mouseClick(panel.buttons[name], LEFT)
    wait(hand)
    return panel


def wait(hand):
    hand.settle()
    events = hand.app.events
    hand.until(lambda: events._listed is not None and events._listed is events._made)


def layer_of(hand):
    return hand.app.session.runs[1].large


def current(panel):
    """Return pixel, integration and group of the current row."""
    row = panel.view.currentIndex().row()
    assert row >= 0
    table = panel.view.model().listed()
    x, y, *step = (int(table[k][row]) for k in ("x", "y", "integration", "group"))
    return Pixel(y, x), *step


def place(hand):
    return hand.app.session.pixel, *hand.app.session.step


def drawn(hand):
    ellipses = hand.panel.view.events.ellipses
    return 0 if ellipses is None else len(ellipses)


def next_event(hand, key=Key.Key_N):
    hand.qtbot.keyClick(hand.app.window, key, ALT)


def test_the_tab_says_what_to_do_at_every_stage(hand, panel, snowy, qtbot):
    hand.open_tab("Events")
    assert panel.message.text() == CLOSED_TEXT
    hand.open(snowy)
    assert panel.message.text() == OFF_TEXT
    next_event(hand)
    assert hand.message() == OFF_NOTE
    qtbot.mouseClick(panel.buttons[SNOWBALLS], LEFT)
    assert panel.message.text() == WORDS.wait
    wait(hand)
    assert panel.view.isVisible()
    assert hand.app.session.recipe.jump.expand_large_events
    hand.trigger("as_delivered")
    hand.settle()
    assert panel.message.text() == DELIVERED_TEXT
    assert drawn(hand) == 0
    hand.trigger("live")
    wait(hand)
    assert panel.view.isVisible()
    hand.until(hand.app.window.action("undo").isEnabled)
    hand.trigger("undo")
    assert panel.message.text() == OFF_TEXT


def test_all_events_of_the_layer_are_listed(hand, snow):
    layer, table = layer_of(hand), snow.view.model().table
    found = [event for event in layer.events if event.kind == Origin.SNOWBALL]
    listed = table["kind"] == 0
    assert len(found) == listed.sum() > 10
    for name, values in (
        ("x", [event.drawn.x for event in found]),
        ("group", [event.group for event in found]),
        ("size", [event.n_pixels for event in found]),
    ):
        assert sorted(table[name][listed].tolist()) == sorted(values)
    assert snow.count.text().startswith(str(len(table)))
    for name in ("minor", "major", "angle", "core"):
        assert name in table.arrays


def test_showers_of_miri_are_listed_and_drawn_in_the_groups_that_they_flag(
    hand, panel, rainy
):
    search(hand, panel, rainy, SHOWERS)
    layer = layer_of(hand)
    assert {event.kind for event in layer.events} == {Origin.SHOWER}
    assert len(panel.view.model().table) == len(layer.events)
    hand.app.session.first.set_plane(Plane.GROUP)
    for event in layer.events:
        for group in (event.group - 1, event.group, event.last_group):
            hand.app.session.first.set_step(event.integration, group)
            expected = sum(
                other.integration == event.integration
                and other.group <= group <= other.last_group
                for other in layer.events
            )
            assert drawn(hand) == expected


def test_keys_go_from_event_to_event(hand, snow):
    for row in range(3):
        next_event(hand)
        assert snow.view.currentIndex().row() == row
        assert place(hand) == current(snow)
        assert hand.app.ramp.shown().pixel == place(hand)[0]
    next_event(hand, Key.Key_P)
    assert snow.view.currentIndex().row() == 1
    assert place(hand) == current(snow)


def test_keys_work_before_the_tab_was_opened(hand, panel, snowy):
    hand.open(snowy)
    panel.search_clicked.emit(SNOWBALLS)
    next_event(hand)  # while they are looked for
    wait(hand)
    assert place(hand) == current(panel)


def test_a_click_on_a_row_goes_there_in_both_images(hand, application, snow, qtbot):
    hand.trigger("second_image")
    hand.app.image.view.zoom_by(12)
    view = snow.view
    spot = view.visualRect(view.model().index(1, 2)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=spot)
    pixel, integration, group = current(snow)
    assert place(hand) == (pixel, integration, group)
    second = application.session.second
    assert (second.integration, second.group) == (integration, group)
    for image in (application.image, application.second.panel):
        rect = image.view._view.viewRect()
        assert rect.contains(pixel.col, pixel.row)
        layer = image.view.events
        strong = layer.ellipses.chosen(layer.ellipses.row == layer.selected)
        assert len(strong) >= 1
        assert (strong.integration == integration).all()


def test_all_of_a_large_event_is_brought_into_view(hand, snow):
    hand.app.image.view.zoom_by(30)
    next_event(hand)
    QApplication.processEvents()
    events = hand.app.events
    centre, reach = place(hand)[0], events._listed.reach_of(events._current)
    rect = hand.app.image.view._view.viewRect()
    n_rows, n_cols = hand.app.session.exposure.sci.shape[2:]
    assert rect.left() <= max(centre.col - reach, 0)
    assert rect.right() >= min(centre.col + reach, n_cols - 1)
    assert rect.top() <= max(centre.row - reach, 0)
    assert rect.bottom() >= min(centre.row + reach, n_rows - 1)


def test_ellipses_follow_the_group_and_the_switch(hand, snow, qtbot):
    everything = len(layer_of(hand).events)
    assert drawn(hand) == everything  # the rate is of all groups
    hand.app.session.first.set_plane(Plane.GROUP)
    seen = []
    for group in range(hand.app.session.exposure.n_groups):
        assert hand.app.session.step == (0, group)
        events = layer_of(hand).events
        expected = [
            e for e in events if e.integration == 0 and e.group <= group <= e.last_group
        ]
        assert drawn(hand) == len(expected)
        seen.append(drawn(hand))
        qtbot.keyClick(hand.app.window, Key.Key_Period)
    assert len(set(seen)) > 1
    hand.app.session.first.set_step(0, seen.index(max(seen)))
    for is_shown in (False, True):
        qtbot.keyClick(hand.app.window, Key.Key_L)
        assert (drawn(hand) > 0) == is_shown
        assert snow.ellipses.isChecked() == is_shown
    qtbot.mouseClick(snow.ellipses, LEFT)
    assert not hand.app.window.action("ellipses").isChecked()
    assert drawn(hand) == 0
    assert hand.app.settings.value("event_ellipses", True, bool) is False


def test_only_what_is_listed_is_drawn(hand, snow, qtbot):
    qtbot.keyClicks(snow.filters.text, "int=1 snowball")
    layer = hand.panel.view.events
    assert 0 < drawn(hand) < len(layer_of(hand).events)
    assert set(layer.ellipses.integration.tolist()) == {1}
    snow.filters.clear()
    assert drawn(hand) == len(layer_of(hand).events)


def test_while_the_layer_is_stale_the_list_is_out_of_date(hand, snow):
    before = snow.view.model().table
    handle = hand.grasp()
    hand.drag_to(handle)
    hand.slider.setValue(700)
    assert snow.view.property("outdated")
    assert snow.count.text() == OUTDATED_TEXT
    assert snow.view.model().table is before
    assert hand.app.image.view.events.opacity() < 1
    hand.release(handle)
    wait(hand)
    assert not snow.view.property("outdated")
    assert hand.app.image.view.events.opacity() == 1
    table, layer = snow.view.model().table, layer_of(hand)
    assert table is not before
    assert layer.parameters == hand.app.session.recipe.jump
    assert (table["kind"] == 0).sum() == layer.n_extended


def flagged_pixel(hand, kind):
    """Return a pixel that an event of a kind flags, not its centre, and the event."""
    session = hand.app.session
    for event in layer_of(hand).events:
        centre = Pixel(event.drawn.y, event.drawn.x)
        if event.kind != kind:
            continue
        for pixel in (Pixel(centre.row, centre.col + 1), Pixel(centre.row + 1, centre.col)):
            view = session.view_of(pixel)
            if event in view.integrations[event.integration].events:
                return pixel, event
    pytest.fail("no event flags a pixel beside its centre")


@pytest.mark.parametrize("kind", [Origin.SNOWBALL, Origin.SNOWBALL_CORE])
def test_an_event_named_under_pixel_is_selected(hand, snow, qtbot, kind):
    pixel, event = flagged_pixel(hand, kind)
    hand.app.session.set_pixel(pixel)
    snow.make_current(-1)
    hand.open_tab("Pixel")
    name = f"({event.drawn.x}, {event.drawn.y})"
    click_link(hand.app.pixel_panel, qtbot, name)
    centre = Pixel(event.drawn.y, event.drawn.x)
    assert hand.app.session.pixel == centre
    row = hand.app.events._current
    assert row == hand.app.events._listed.row_named(centre, *hand.app.session.step)
    hand.open_tab("Events")
    assert snow.listed_rows[snow.view.currentIndex().row()] == row
    ellipses = hand.app.events._listed.ellipses
    own = ellipses.chosen(ellipses.row == row)
    assert centre in zip(own.y.tolist(), own.x.tolist(), strict=True)
    assert hand.app.image.view.events.selected == row


def test_a_named_event_that_filters_leave_out_is_shown_without_them(hand, snow, qtbot):
    pixel, event = flagged_pixel(hand, Origin.SNOWBALL)
    hand.app.session.set_pixel(pixel)
    qtbot.keyClicks(snow.filters.text, "size>100000")
    assert len(snow.listed_rows) == 0
    hand.open_tab("Pixel")
    click_link(hand.app.pixel_panel, qtbot, f"({event.drawn.x}, {event.drawn.y})")
    assert hand.message() == LIFTED_NOTE
    hand.open_tab("Events")
    assert snow.filters.text.text() == ""
    row = hand.app.events._current
    assert snow.listed_rows[snow.view.currentIndex().row()] == row
    assert hand.app.image.view.events.selected == row


def test_filters_that_were_lifted_come_back_in_the_next_session_unless_others_are_set(
    hand, snow, qtbot, settings
):
    pixel, event = flagged_pixel(hand, Origin.SNOWBALL)
    hand.app.session.set_pixel(pixel)
    qtbot.keyClicks(snow.filters.text, "size>1e9")
    hand.open_tab("Pixel")
    click_link(hand.app.pixel_panel, qtbot, f"({event.drawn.x}, {event.drawn.y})")
    assert hand.message() == LIFTED_NOTE
    assert filter_text_of_the_next(qtbot, settings) == "size>1e9"
    hand.open_tab("Events")
    qtbot.keyClicks(snow.filters.text, "size>7")
    assert filter_text_of_the_next(qtbot, settings) == "size>7"


def filter_text_of_the_next(qtbot, settings):
    """Return the filter of events of another window."""
    following = Application(settings)
    qtbot.addWidget(following.window)
    text = following.events.panel.filters.text.text()
    following.window.close()
    return text


def test_a_named_event_that_filters_let_pass_leaves_them_alone(hand, snow, qtbot):
    pixel, event = flagged_pixel(hand, Origin.SNOWBALL)
    hand.app.session.set_pixel(pixel)
    qtbot.keyClicks(snow.filters.text, "size>0")
    hand.open_tab("Pixel")
    click_link(hand.app.pixel_panel, qtbot, f"({event.drawn.x}, {event.drawn.y})")
    assert snow.filters.text.text() == "size>0"
    assert hand.message() != LIFTED_NOTE


def test_the_first_search_says_that_it_waits_for_the_compiler(
    hand, application, panel, snowy, qtbot, monkeypatch
):
    first_use = next(f for f in application.features if isinstance(f, FirstUse))
    first_use.timer.setInterval(1)
    found, may_go_on = passes.find_large_events, Event()

    def find(*args, **options):
        may_go_on.wait()
        return found(*args, **options)

    hand.open(snowy)
    monkeypatch.setattr(passes, "find_large_events", find)
    monkeypatch.setattr(first_use_file, "is_compiling", lambda: not may_go_on.is_set())
    hand.open_tab("Events")
    qtbot.mouseClick(panel.buttons[SNOWBALLS], LEFT)
    hand.until(lambda: hand.message() == first_use_file.TEXT)
    may_go_on.set()
    hand.until(lambda: hand.message() == "")
    wait(hand)
    assert not first_use.timer.isActive()


def test_a_click_inside_an_ellipse_makes_its_event_the_current_one(hand, snow):
    next_event(hand)
    largest = current(snow)
    hand.app.session.first.set_plane(Plane.GROUP)
    event = next(e for e in layer_of(hand).events if e.integration != largest[1])
    hand.app.session.first.set_step(event.integration, event.group)
    hand.click(event.drawn.y, event.drawn.x)
    row = hand.app.events._current
    ellipses = hand.app.events._listed.ellipses
    own = ellipses.chosen(ellipses.row == row)
    assert own.holding(hand.app.session.pixel).any()
    assert own.at_step(event.integration, event.group).any()


def test_what_is_listed_is_saved(hand, snow, tmp_path, qtbot):
    qtbot.keyClicks(snow.filters.text, "snowball")
    n_rows = snow.view.model().rowCount()
    for suffix in ("csv", "ecsv"):
        snow.button.save.trigger()
        dialog = hand.dialog(QFileDialog)
        path = tmp_path / f"mine.{suffix}"
        with qtbot.waitSignal(hand.app.events.saving.saved):
            dialog.selectFile(str(path))
            dialog.accept()
        hand.until(lambda: not hand.app.events.saving_lane.is_busy)
        read = Table.read(path, format=f"ascii.{suffix}")
        assert len(read) == n_rows
        assert set(read["kind"]) == {"snowball"}
    assert "snowball" in read.meta["rows"]


def test_another_exposure_begins_anew(hand, snow, small):
    next_event(hand)
    hand.open(small)  # snowballs are still looked for
    wait(hand)
    table, layer = snow.view.model().table, layer_of(hand)
    assert (table["kind"] == 0).sum() == layer.n_extended
    assert hand.app.events._current == -1
    assert len(hand.app.events._listed.ellipses) == len(layer.events)


def test_the_second_image_has_those_of_its_own_group(hand, application, snow, qtbot):
    hand.trigger("second_image")
    other = Hand(application, qtbot, application.second.panel)
    source = application.session.second
    source.set_step(1, 2)
    expected = [
        e
        for e in layer_of(hand).events
        if e.integration == 1 and e.group <= 2 <= e.last_group
    ]
    assert drawn(other) == len(expected) > 0
    assert drawn(hand) == len(layer_of(hand).events)  # beside the rate
