import pytest
from PyQt6.QtGui import QFontMetricsF

from rampviewer.gui.image.status_readout import EMPTY_TEXT, StatusReadout
from tests.pixel_views import noisy, two_jumps


@pytest.fixture
def status(qtbot):
    widget = StatusReadout()
    qtbot.addWidget(widget)
    widget.resize(1300, 24)
    widget.show()
    return widget


def test_it_reads_the_pixel_and_says_how_it_counts(status):
    status.show_view(two_jumps(), 0, 4)
    assert status.text().startswith("x  512 y  300 | group   4 int  0 |    880.0 DN")
    assert status._line.elided() == status.text()
    assert status._base.isVisible()
    assert status._base.text() == "0-based"


def test_digits_are_all_of_one_width(status):
    metrics = QFontMetricsF(status._line.font())
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789 -."}) == 1


def test_a_narrow_window_cuts_the_line_and_keeps_it_in_the_tooltip(status):
    status.show_view(two_jumps(), 0, 4)
    status.resize(300, 24)
    assert status._line.elided().endswith("…")
    assert status.text() in status._line.toolTip()
    assert status.minimumSizeHint().width() < 300


def test_a_group_beyond_the_exposure_is_its_last(status):
    status.show_view(noisy(2, 8), 5, 20)
    assert "group   7 int  1" in status.text()


def test_without_a_pixel_it_says_what_to_do(status):
    status.show_view(two_jumps())
    status.show_view(None)
    assert status.text() == EMPTY_TEXT
    whole = f"{status._base.text()} {status.text()}"
    assert whole == "0-based | Move the mouse over the image to read a pixel"


def sky(row, col):
    return 200.0 + col / 1000, 28.0 - row / 1000


def test_the_place_on_the_sky_stands_in_both_notations(status):
    status.resize(2000, 24)
    status.set_sky(sky)
    status.show_view(two_jumps(), 0, 4)
    assert status.place() == "13:22:02.880 +27:42:00.00 200.512000 +27.700000"
    assert status._degrees.isVisible()
    status.resize(900, 24)
    assert not status._degrees.isVisible()
    assert status._place.isVisible()
    assert "200.512000" in status._place.toolTip()


def test_without_a_wcs_or_a_place_there_is_none(status):
    status.show_view(two_jumps(), 0, 4)
    assert status.place() == ""
    status.set_sky(lambda _row, _col: (float("nan"), 1.0))
    status.show_view(two_jumps(), 0, 4)
    assert status.place() == ""
    status.set_sky(sky)
    status.show_view(two_jumps(), 0, 4)
    status.show_view(None)
    assert status.place() == ""
    assert not status._place.isVisible()
