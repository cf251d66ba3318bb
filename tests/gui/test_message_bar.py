import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QToolButton

from rampviewer.gui.shell import message_bar
from rampviewer.gui.shell.message_bar import MessageBar


@pytest.fixture
def bar(qtbot, monkeypatch):
    monkeypatch.setattr(message_bar, "SHORTEST_MS", 20)
    monkeypatch.setattr(message_bar, "LETTER_MS", 1)
    bar = MessageBar()
    monkeypatch.setattr(bar, "underMouse", lambda: False)  # wherever it is
    qtbot.addWidget(bar)
    return bar


def test_a_note_goes_by_itself(bar, qtbot):
    bar.show_note("Exported.")
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert bar.label.text() == ""


def test_a_longer_note_stays_longer(bar):
    bar.show_note("short")
    first = bar.timer.interval()
    bar.show_note("long" * 50)
    assert bar.timer.interval() == first + 195
    bar.clear()


@pytest.mark.parametrize("kind", ["error", "work"])
def test_errors_and_work_stay_though_a_note_came_before(bar, qtbot, kind):
    bar.show_note("Exported.")
    {"error": bar.show_error, "work": bar.show_work}[kind]("It is so.")
    assert not bar.timer.isActive()
    assert bar.isVisible()
    assert bar.property("kind") == ("error" if kind == "error" else "note")
    bar.clear()


def test_a_note_stays_while_it_is_below_the_mouse(bar, monkeypatch):
    bar.show_note("Exported.")
    monkeypatch.setattr(bar, "underMouse", lambda: True)
    bar.timer.timeout.emit()
    assert bar.isVisible()
    assert bar.timer.isActive()
    bar.clear()


def test_a_message_is_closed_by_its_button(bar, qtbot):
    bar.show_note("Exported.")
    qtbot.mouseClick(bar.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert not bar.timer.isActive()


def test_no_note_stays_long(bar):
    bar.show_note("word " * 10_000)
    assert bar.timer.interval() == 8_000
    bar.clear()


def test_an_error_goes_when_what_it_is_about_went_well(bar):
    bar.show_error("No such pixel.", "pixel")
    bar.end("run")
    assert bar.isVisible()
    bar.end("pixel")
    assert not bar.isVisible()


def test_the_end_of_an_error_leaves_the_message_that_replaced_it(bar):
    bar.show_error("No such pixel.", "pixel")
    bar.show_error("No such file.")
    bar.end("pixel")
    assert bar.label.text() == "No such file."
    bar.clear()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("No such file", "No such file."),
        ("No such file.", "No such file."),
        ("No such file..", "No such file."),
        ("Reading x.fits ...", "Reading x.fits ..."),
        ("Replace it?", "Replace it?"),
    ],
)
def test_every_message_ends_as_a_sentence(bar, given, shown):
    for show in (bar.show_error, bar.show_note, bar.show_work):
        show(given)
        assert bar.label.text() == shown
    bar.clear()


def test_a_note_goes_when_it_is_no_longer_true(bar):
    bar.show_note("The parameters are those of a.cfg.", "parameters")
    bar.end("parameters")
    assert not bar.isVisible()
