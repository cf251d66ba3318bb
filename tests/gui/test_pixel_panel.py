import pytest
from PyQt6.QtCore import Qt

from rampviewer.gui.reasons.pixel_panel import EMPTY_TEXT, PixelPanel
from rampviewer.gui.widgets.theme import palette_of
from rampviewer.model.pixel.pixel_text import sections
from tests.pixel_views import make_view, noisy, two_jumps


@pytest.fixture
def panel(qtbot):
    widget = PixelPanel()
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    widget.show()
    return widget


def show(panel, view):
    """Show a pixel, and wait for its page."""
    panel.show_view(view)
    assert panel.text()


def test_the_page_comes_after_what_is_painted_meanwhile(panel, qtbot):
    show(panel, two_jumps())
    before = panel._text.toPlainText()
    panel.show_view(noisy(5, 30, seed=1))
    assert panel._text.toPlainText() == before
    qtbot.waitUntil(lambda: panel._text.toPlainText() != before)


def test_a_panel_that_is_not_seen_makes_its_page_when_it_is(panel):
    panel.hide()
    panel.show_view(two_jumps())
    assert panel.text() == ""
    panel.show()
    assert panel.text().startswith("Pixel x 512")


def test_every_sentence_is_on_screen(panel):
    view = two_jumps()
    panel.show_view(view)
    for section in sections(view):
        for line in (section.title, *section.lines):
            assert line in panel.text()
    assert panel.text().startswith("Pixel x 512, y 300\n")


def test_without_a_pixel_it_says_what_to_do(panel):
    panel.resize(300, 200)
    panel.show()
    assert panel.hint.isVisible()
    assert panel.hint.text() == EMPTY_TEXT
    assert panel.hint.height() >= panel.hint.heightForWidth(panel.hint.width())
    panel.show_view(two_jumps())
    assert not panel.hint.isVisible()
    panel.show_view(None)
    assert panel.hint.isVisible()
    assert panel.text() == ""


def test_the_text_can_be_selected_and_copied(panel, qapp):
    show(panel, two_jumps())
    flags = panel._text.textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByMouse
    assert panel._text.isReadOnly()
    panel._text.selectAll()
    panel._text.copy()
    assert "rejection_threshold = 4 sigma" in qapp.clipboard().text()


def test_long_text_wraps_and_scrolls(panel):
    show(panel, noisy(5, 30, [(0, 4, 300)]))
    assert panel._text.verticalScrollBar().maximum() > 0
    assert panel._text.horizontalScrollBar().maximum() == 0


def test_the_place_that_was_read_stays_in_sight(panel):
    show(panel, noisy(5, 30, seed=1))
    panel._text.verticalScrollBar().setValue(120)
    show(panel, noisy(5, 30, seed=2))
    assert panel._text.verticalScrollBar().value() == 120


def test_signs_of_html_are_text(panel):
    panel.show_view(make_view([1.0, 2.0], parameters_text="a < b & c"))
    assert "a < b & c" in panel.text()


def click_link(panel, qtbot, text):
    """Click a link of the text, as the user does."""
    browser = panel._text
    qtbot.waitUntil(lambda: not browser.document().find(text).isNull())
    found = browser.document().find(text)
    browser.setTextCursor(found)
    browser.ensureCursorVisible()
    found.setPosition(found.selectionStart() + 1)
    place = browser.cursorRect(found).center()
    qtbot.mouseClick(browser.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_group_that_is_named_is_a_link(panel, qtbot):
    show(panel, two_jumps())
    with qtbot.waitSignal(panel.place_clicked) as clicked:
        click_link(panel, qtbot, "int 0 group")
    place = clicked.args[0]
    assert (place.pixel, place.integration) == (None, 0)
    assert two_jumps().integrations[0].groupdq[place.group] & 4


def test_a_report_needs_a_pixel(panel, qtbot):
    assert not panel.report.isVisible()  # it would cover the text
    panel.show_view(two_jumps())
    with qtbot.waitSignal(panel.report_clicked):
        qtbot.mouseClick(panel.report, Qt.MouseButton.LeftButton)
    panel.show_view(None)
    assert not panel.report.isVisible()  # it would cover the text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_links_have_the_colours_of_a_theme_that_is_chosen_later(panel, themed, theme):
    themed({"light": "dark", "dark": "light"}[theme])
    show(panel, two_jumps())
    themed(theme)
    assert panel.text()  # made anew
    link = panel._text.document().find("int 0 group")
    assert link.charFormat().isAnchor()
    color = link.charFormat().foreground().color()
    assert color == palette_of(theme).link().color()
