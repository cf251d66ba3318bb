"""What the window looks like from outside: its size, what moves, what is grey."""

import re

import pytest
from PyQt6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QScreen
from PyQt6.QtWidgets import QApplication, QFileDialog, QTabWidget

from rampviewer.app import Application
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.gui.shell.command_list import HINT, NOTHING, CommandList
from rampviewer.gui.shell.commands import SEPARATE, commands
from rampviewer.window import theming
from tests.app.hand import LEFT, NO_BUTTON


@pytest.fixture
def room(monkeypatch):
    """Give every screen the room of a small one."""
    room = QRect(0, 0, 1366, 740)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: room)
    return room


@pytest.mark.parametrize("remembered", [None, QSize(1900, 1100)])
def test_the_window_fits_a_small_screen(qtbot, settings, room, remembered, monkeypatch):
    if remembered is not None:
        before = Application(settings)
        qtbot.addWidget(before.window)
        before.window.show()
        before.window.resize(remembered)
        before.window.close()
    application = Application(settings)
    qtbot.addWidget(application.window)
    size = application.window.size()
    assert size.width() <= room.width()
    assert size.height() <= room.height() - 20  # there is a title bar, too
    assert size.height() >= room.height() - 60
    application.window.close()


def test_a_message_moves_nothing(application, hand, files, tmp_path):
    hand.open(files)
    hand.qtbot.wait(50)
    before = hand.viewport.mapToGlobal(hand.viewport.rect().topLeft()), hand.viewport.size()
    assert hand.export(tmp_path / "out", "rate").startswith("Exported sim_rate.fits")
    hand.qtbot.wait(50)
    after = hand.viewport.mapToGlobal(hand.viewport.rect().topLeft()), hand.viewport.size()
    assert after == before


def test_a_note_uncovers_the_exposure_by_itself(application, hand, files, tmp_path):
    hand.open(files)
    hand.export(tmp_path / "out", "rate")
    timer = application.messages.timer
    assert timer.isActive()
    assert timer.interval() <= 8_000
    timer.timeout.emit()
    assert hand.message() == ""


def test_an_error_of_a_run_goes_when_another_one_succeeds(application, hand, files):
    hand.open(files)
    application.messages.show_error("It could not be processed.", "run")
    hand.type_threshold("7")
    hand.settle()
    assert hand.message() == ""


def test_the_ramp_stays_legible_however_far_its_lower_edge_is_dragged(
    application, hand, files
):
    hand.open(files)
    hand.click(40, 50)
    handle = application.window._splitter.widget(1).handle(1)
    place = handle.rect().center()
    hand.send(handle, QEvent.Type.MouseButtonPress, place, LEFT, LEFT)
    end = place - QPoint(0, 2000)
    hand.send(handle, QEvent.Type.MouseMove, end, NO_BUTTON, LEFT)
    hand.send(handle, QEvent.Type.MouseButtonRelease, end, LEFT)
    QApplication.processEvents()
    grid = application.ramp.grid
    assert grid.height() < 320  # it was dragged
    (plot,) = grid._used()
    heights = [box.height() for box in plot.view_boxes if box.isVisible()]
    assert min(heights) > 40
    last = plot.x_axis.sceneBoundingRect()
    assert last.bottom() <= grid.viewport().height()


def test_an_arrow_key_shows_the_selected_pixel_until_the_mouse_moves(
    application, hand, files
):
    hand.open(files)
    hand.click(40, 50)
    hand.hover(90, 100)
    assert application.ramp.shown().pixel == (90, 100)
    hand.qtbot.keyClick(application.image._view._plot, Qt.Key.Key_Right)
    assert application.ramp.shown().pixel == (40, 51)
    assert "x   51 y   40" in application.status.text()
    hand.hover(91, 100)
    assert application.ramp.shown().pixel == (91, 100)


def test_the_number_of_jumps_is_grey_until_it_is_that_of_the_threshold(
    application, hand, files
):
    hand.open(files)
    found = application.processing.run_bar._found
    assert found.isEnabled()
    first = found.text()
    hand.type_threshold("9")
    assert not found.isEnabled()
    hand.settle()
    assert found.isEnabled()
    assert found.text() != first


@pytest.mark.parametrize("is_open", [False, True])
def test_a_picture_is_named_after_the_exposure(application, hand, small, is_open):
    if is_open:
        hand.open(small)
    hand.trigger("screenshot")
    dialog = hand.dialog(QFileDialog)
    (name,) = dialog.selectedFiles()
    assert name.endswith("/small_ramp.png" if is_open else "/rampviewer.png")
    dialog.reject()


def test_the_list_of_commands_has_every_shortcut(application, hand):
    hand.trigger("keys")
    dialog = hand.dialog(CommandList)
    listed = dialog.listed()
    dialog.reject()
    for command in commands():
        action = application.window.action(command.name)
        assert [keys.toString() for keys in action.shortcuts()] == list(command.keys)
        assert (SEPARATE.join(command.keys), command.plain) in listed
    for keys in ("Arrow keys", "Shift + arrow keys", "Wheel, +, -", "1"):
        assert keys in [keys for keys, _text in listed]


def test_a_command_is_found_by_a_word_and_carried_out_by_enter(application, hand):
    hand.trigger("keys")
    dialog = hand.dialog(CommandList)
    hand.qtbot.keyClicks(dialog.search, "dark")
    assert [text for _keys, text in dialog.listed()] == ["Dark colours"]
    hand.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert application.window.action("dark").isChecked()


def test_presets_lists_of_pins_and_recent_files_are_found_among_the_commands(
    application, hand, files
):
    def carry_out(words):
        hand.trigger("keys")
        dialog = hand.dialog(CommandList)
        hand.qtbot.keyClicks(dialog.search, words)
        listed = [text for _keys, text in dialog.listed()]
        hand.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
        assert not dialog.isVisible()
        return listed

    hand.open(files)
    assert carry_out("presets snowballs") == ["Snowballs"]
    assert application.session.recipe.jump.expand_large_events
    hand.settle()
    assert carry_out("pins lists random") == ["Random pixels"]
    hand.until(lambda: len(application.pins.pins.pixels) == 9)
    assert len(carry_out("recent sim_ramp")) == 1
    hand.dialog(ReferencesDialog).reject()


def test_the_list_of_commands_says_that_nothing_is_found(application, hand):
    hand.trigger("keys")
    dialog = hand.dialog(CommandList)
    hand.qtbot.keyClicks(dialog.search, "warp")
    assert dialog.hint.text() == NOTHING
    hand.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.search.clear()
    assert dialog.hint.text() == HINT
    dialog.reject()


def test_what_cannot_be_done_now_is_not_carried_out(application, hand):
    asked = []
    application.window.action("go_to").triggered.connect(lambda: asked.append(1))
    hand.trigger("keys")
    dialog = hand.dialog(CommandList)
    hand.qtbot.keyClicks(dialog.search, "go to pixel")
    assert len(dialog.listed()) == 1
    hand.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not asked
    dialog.reject()


def test_no_two_commands_share_a_key():
    keys = [key for command in commands() for key in command.keys]
    assert len(keys) == len(set(keys))


def test_no_two_entries_of_a_menu_share_a_letter(application, hand, files):
    hand.open(files)
    bar = application.window.menuBar()
    for menu in (bar, *(action.menu() for action in bar.actions())):
        letters = [re.search("&([^&])", action.text()) for action in menu.actions()]
        found = [letter[1].lower() for letter in letters if letter]
        assert len(found) == len(set(found)), (
            menu.title() if menu is not bar else "",
            found,
        )


def test_the_layout_is_remembered(application, hand, qtbot, settings):
    hand.trigger("next_panel")
    hand.trigger("next_panel")
    window = application.window
    tabs = window.findChild(QTabWidget)
    title = tabs.tabText(tabs.currentIndex())
    window._right.setSizes([400, 420])
    heights = window._right.sizes()
    window.close()
    later = Application(settings)
    qtbot.addWidget(later.window)
    later.window.show()
    tabs = later.window.findChild(QTabWidget)
    assert tabs.tabText(tabs.currentIndex()) == title
    qtbot.waitUntil(lambda: later.window._right.sizes() == heights)
    later.window.close()


@pytest.mark.parametrize(("choice", "follows"), [("system", True), ("light", False)])
def test_colours_follow_the_desktop_when_they_are_left_to_it(
    application, hand, qapp, monkeypatch, choice, follows
):
    hand.trigger(choice)
    seen = []
    begin = theming.ThemeChange, "begin"
    monkeypatch.setattr(*begin, lambda _self, theme: seen.append(theme))
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert seen == (["system"] if follows else [])
