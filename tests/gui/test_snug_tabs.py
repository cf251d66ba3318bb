import pytest
from PyQt6.QtWidgets import QApplication, QToolButton, QWidget

from rampviewer.gui.widgets.snug_tabs import SnugTabs

TITLES = ("Pixel", "Segments", "Jumps", "Pins", "Region", "Changes", "Parameters")


@pytest.fixture
def tabs(qtbot):
    tabs = SnugTabs()
    for title in TITLES:
        tabs.addTab(QWidget(), title)
    qtbot.addWidget(tabs)
    tabs.show()
    return tabs


def widths(tabs, width):
    tabs.resize(width, 100)
    QApplication.processEvents()
    bar = tabs.tabBar()
    return [bar.tabRect(n).width() for n in range(bar.count())]


def has_arrows(tabs):
    return any(button.isVisible() for button in tabs.tabBar().findChildren(QToolButton))


def test_titles_move_together_before_any_hides_behind_arrows(tabs):
    wide = widths(tabs, 1200)
    metrics = tabs.tabBar().fontMetrics()
    texts = [metrics.horizontalAdvance(title) for title in TITLES]
    narrow = widths(tabs, sum(texts) + 11 * len(TITLES))
    assert sum(narrow) < sum(wide)
    assert all(new > text for new, text in zip(narrow, texts, strict=True))
    assert not has_arrows(tabs)
    assert widths(tabs, 1200) == wide


def test_without_room_for_the_titles_there_are_arrows(tabs):
    widths(tabs, 200)
    assert has_arrows(tabs)


def columns_of_text(tabs, index):
    """Return how many columns of a tab are not of its colour, but for its edges."""
    bar = tabs.tabBar()
    rect = bar.tabRect(index).adjusted(3, 5, -3, -5)
    image = bar.grab().toImage().copy(rect)
    places = range(image.height())
    ground = image.pixelColor(0, 0).lightness()
    return sum(
        any(abs(image.pixelColor(x, y).lightness() - ground) > 20 for y in places)
        for x in range(image.width())
    )


def test_titles_are_whole_when_they_stand_close(tabs):
    widths(tabs, 1200)
    before = [columns_of_text(tabs, n) for n in range(1, len(TITLES) - 1)]
    metrics = tabs.tabBar().fontMetrics()
    texts = [metrics.horizontalAdvance(title) for title in TITLES]
    widths(tabs, sum(texts) + 11 * len(TITLES))
    after = [columns_of_text(tabs, n) for n in range(1, len(TITLES) - 1)]
    assert min(before) > 10
    assert after == pytest.approx(before, abs=1)
