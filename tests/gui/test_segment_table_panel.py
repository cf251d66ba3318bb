import pytest
from PyQt6.QtCore import Qt

from rampviewer.gui.tables.segment_table_panel import EMPTY_TEXT, SegmentTablePanel
from tests.pixel_views import two_jumps


@pytest.fixture
def panel(qtbot):
    widget = SegmentTablePanel()
    qtbot.addWidget(widget)
    widget.resize(700, 250)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_every_segment_is_one_row(panel):
    view = two_jumps()
    panel.show_view(view)
    model = panel.view.model()
    segments = [s for item in view.integrations for s in item.segments]
    assert model.rowCount() == len(segments) == 3
    heads = [
        model.headerData(k, Qt.Orientation.Horizontal) for k in range(model.columnCount())
    ]
    column = heads.index("slope [DN/s]")
    shown = [float(model.data(model.index(row, column))) for row in range(3)]
    assert shown == pytest.approx([s.slope for s in segments], rel=1e-4)
    assert panel.title.text().startswith("Pixel x 512, y 300: ")


def test_a_click_shows_the_first_group_of_the_segment(panel, qtbot):
    view = two_jumps()
    panel.show_view(view)
    place = panel.view.visualRect(panel.view.model().index(1, 0)).center()
    with qtbot.waitSignal(panel.group_clicked) as clicked:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == [0, view.integrations[0].segments[1].first_group]


def test_without_a_pixel_it_says_what_to_do(panel):
    assert panel.message.text() == EMPTY_TEXT
    assert panel.message.isVisible()
    panel.show_view(two_jumps())
    assert not panel.message.isVisible()
    assert panel.button.isEnabled()
    panel.show_view(None)
    assert panel.message.isVisible()
    assert not panel.button.isEnabled()
    assert panel.title.text() == ""


def test_the_table_is_given_to_be_saved(panel, qtbot):
    panel.show_view(two_jumps())
    with qtbot.waitSignal(panel.save_clicked) as saved:
        panel.button.save.trigger()
    table = saved.args[0]
    assert len(table) == 3
    assert table.notes["pixel"] == "x 512, y 300"
