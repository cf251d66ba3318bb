import pytest
from PyQt6.QtGui import QFontMetricsF

from rampviewer.gui.status_readout import EMPTY_TEXT, StatusReadout
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
