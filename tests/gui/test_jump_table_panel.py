import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication, QToolButton

from rampviewer.gui.tables.jump_table_panel import (
    CLOSED_TEXT,
    NONE_TEXT,
    WAIT_TEXT,
    JumpTablePanel,
)
from rampviewer.model.exposure import Pixel
from rampviewer.model.regions.area import Area
from rampviewer.model.tables.jump_table import COLUMNS
from tests.jump_tables import ROWS, table_of

NAMES = [column.name for column in COLUMNS]
LEFT = Qt.MouseButton.LeftButton
# As they are listed, by ratio from the largest on; NaN is the last.
BY_RATIO = [0, 5, 4, 2, 1, 3]


@pytest.fixture
def panel(qtbot):
    widget = JumpTablePanel()
    qtbot.addWidget(widget)
    widget.resize(800, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def filled(panel):
    panel.set_area(Area(0, 100, 0, 100))
    panel.show_table(table_of())
    panel.went = []
    panel.place_chosen.connect(lambda *place: panel.went.append(place))
    return panel


def listed(panel):
    """Return which of `ROWS` are listed, in order."""
    model = panel.view.model()
    return [] if panel.message.isVisible() else model.rows.tolist()


def place_of(number):
    x, y, integration, group, *_ = ROWS[number]
    return Pixel(y, x), integration, group


def click_row(panel, qtbot, row, column=2):
    view = panel.view
    rect = view.visualRect(view.model().index(row, column))
    qtbot.mouseClick(view.viewport(), LEFT, pos=rect.center())


def click_heading(panel, qtbot, name):
    header = panel.view.horizontalHeader()
    x = header.sectionViewportPosition(NAMES.index(name)) + 12
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))


def type_filter(panel, qtbot, text):
    panel.filters.text.clear()
    qtbot.keyClicks(panel.filters.text, text)


def test_the_largest_ratio_is_listed_first(filled):
    assert listed(filled) == BY_RATIO
    assert filled.count.text() == "6 flags"


def test_a_click_on_a_heading_sorts(filled, qtbot):
    click_heading(filled, qtbot, "step")
    assert listed(filled) == [2, 3, 4, 5, 1, 0]
    click_heading(filled, qtbot, "step")
    assert listed(filled) == [0, 1, 3, 4, 5, 2]


def test_a_click_goes_to_the_jump(filled, qtbot):
    click_row(filled, qtbot, 3)
    assert set(filled.went) == {place_of(BY_RATIO[3])}
    assert filled.count.text() == "4 of 6"


def test_a_second_click_on_the_same_row_goes_there_again(filled, qtbot):
    click_row(filled, qtbot, 3)
    n = len(filled.went)
    click_row(filled, qtbot, 3)
    assert len(filled.went) > n


def test_arrow_keys_go_along_the_list(filled, qtbot):
    click_row(filled, qtbot, 0)
    qtbot.keyClick(filled.view, Qt.Key.Key_Down)
    assert filled.went[-1] == place_of(BY_RATIO[1])
    assert filled.count.text() == "2 of 6"


def test_steps_go_round(filled):
    for number in [*BY_RATIO, BY_RATIO[0]]:
        filled.step(1)
        assert filled.went[-1] == place_of(number)
    filled.step(-1)
    assert filled.went[-1] == place_of(BY_RATIO[-1])
    assert filled.count.text() == "6 of 6"
    assert len(filled.went) == 8


def test_the_first_step_back_goes_to_the_end(filled):
    filled.step(-1)
    assert filled.went == [place_of(BY_RATIO[-1])]


def test_buttons_step_too(filled, qtbot):
    back, on = [
        button
        for button in filled.findChildren(QToolButton)
        if "jump of the list" in button.accessibleName()
    ]
    qtbot.mouseClick(on, LEFT)
    qtbot.mouseClick(on, LEFT)
    qtbot.mouseClick(back, LEFT)
    assert filled.went == [place_of(BY_RATIO[k]) for k in (0, 1, 0)]


def test_sorting_keeps_the_current_jump_and_goes_nowhere(filled, qtbot):
    filled.step(1)
    click_heading(filled, qtbot, "step")
    assert len(filled.went) == 1
    assert filled.count.text() == "6 of 6"  # the largest step is the last one
    filled.step(1)
    assert filled.went[-1] == place_of(2)


def test_only_primary_jumps(filled, qtbot):
    qtbot.mouseClick(filled.filters.primary, LEFT, pos=QPoint(8, 8))
    assert listed(filled) == [0, 2]
    assert filled.count.text() == "2 flags"
    qtbot.mouseClick(filled.filters.primary, LEFT, pos=QPoint(8, 8))
    assert listed(filled) == BY_RATIO


def test_only_ratios_near_the_threshold(filled, qtbot):
    qtbot.mouseClick(filled.filters.near, LEFT, pos=QPoint(8, 8))
    assert listed(filled) == [5, 4, 2]


def test_only_what_the_image_shows_also_when_that_moves(filled, qtbot):
    qtbot.mouseClick(filled.filters.in_view, LEFT, pos=QPoint(8, 8))
    assert listed(filled) == BY_RATIO
    filled.set_area(Area(4, 7, 0, 100))
    qtbot.waitUntil(lambda: listed(filled) == [0, 2, 1])
    filled.set_area(Area(0, 2, 9, 10))
    qtbot.waitUntil(lambda: listed(filled) == [4, 3])


def test_a_text_filters_while_it_is_typed(filled, qtbot):
    type_filter(filled, qtbot, "group=3 ratio>1")
    assert listed(filled) == [5, 4]
    filled.filters.primary.setChecked(True)
    assert listed(filled) == []
    assert filled.message.text() == "None of the 6 jumps passes the filters above."
    assert not filled.button.isEnabled()
    filled.filters.text.clear()
    assert listed(filled) == [0, 2]
    assert filled.button.isEnabled()


def test_a_text_that_is_not_understood_is_marked_and_changes_nothing(filled, qtbot):
    field = filled.filters.text
    type_filter(filled, qtbot, "muon")
    assert field.property("wrong")
    assert field.toolTip().startswith("muon is neither")
    assert filled.filters.problem.isVisible()
    assert "Origins are" in filled.filters.problem.text()
    assert listed(filled) == BY_RATIO
    type_filter(filled, qtbot, "origin=primary")
    assert not field.property("wrong")
    assert not filled.filters.problem.isVisible()
    assert listed(filled) == [0, 2]


def test_filters_take_the_current_jump_along_or_go_on_near_it(filled, qtbot):
    for _ in range(4):
        filled.step(1)  # to ROWS[2]
    filled.filters.primary.setChecked(True)
    assert filled.count.text() == "2 of 2"
    type_filter(filled, qtbot, "+")
    assert filled.count.text() == "1 flag"
    filled.step(1)
    assert filled.went[-1] == place_of(0)
    assert len(filled.went) == 5


def test_a_current_jump_that_filters_hid_is_current_again_without_them(filled, qtbot):
    for _ in range(4):
        filled.step(1)  # to ROWS[2]
    type_filter(filled, qtbot, "snowball")
    assert filled.count.text() == "1 flag"
    filled.filters.text.clear()
    assert filled.count.text() == "4 of 6"
    assert len(filled.went) == 4


def test_another_table_keeps_order_filters_and_the_current_jump(filled, qtbot):
    click_heading(filled, qtbot, "step")
    filled.filters.primary.setChecked(True)
    click_row(filled, qtbot, 1)
    n = len(filled.went)
    rows = [(1, 1, 0, 1, 2, -900.0, 50.0, -1, 4.0), *ROWS[:3]]
    filled.show_table(table_of(rows))
    assert listed(filled) == [0, 3, 1]
    assert filled.count.text() == "3 of 3"
    assert len(filled.went) == n


def test_when_the_current_jump_is_gone_the_next_step_goes_to_what_followed(filled):
    for _ in range(3):
        filled.step(1)
    left = [row for number, row in enumerate(ROWS) if number != BY_RATIO[2]]
    filled.show_table(table_of(left))
    assert filled.count.text() == "5 flags"
    filled.step(1)
    assert filled.went[-1] == place_of(BY_RATIO[3])


def test_a_pixel_chosen_elsewhere_is_found_in_the_list(filled):
    filled.show_pixel(Pixel(1, 9))
    assert filled.count.text() == "3 of 6"
    assert filled.went == []
    filled.step(1)
    assert filled.went == [place_of(BY_RATIO[3])]


def test_a_pixel_chosen_before_there_was_a_list_is_found_in_it(filled):
    filled.show_nothing("Listing ...")
    filled.show_pixel(Pixel(1, 9))
    filled.show_table(table_of())
    assert filled.count.text() == "3 of 6"
    filled.step(1)
    assert filled.went == [place_of(BY_RATIO[3])]


def test_the_second_jump_of_a_pixel_stays_current_when_the_pixel_is_told(filled):
    for _ in range(4):
        filled.step(1)  # ROWS[2], in the pixel of ROWS[0]
    filled.show_pixel(Pixel(5, 3))
    assert filled.count.text() == "4 of 6"


def test_a_pixel_without_jumps_leaves_the_place_for_the_next_step(filled):
    for _ in range(3):
        filled.step(1)
    filled.show_pixel(Pixel(50, 50))
    assert filled.count.text() == "6 flags"
    filled.step(1)
    assert filled.went[-1] == place_of(BY_RATIO[2])


def test_the_count_tells_of_all_flags_in_its_tooltip(filled):
    filled.filters.primary.setChecked(True)
    assert filled.count.toolTip() == "6 flags in the whole run"


def test_an_outdated_table_is_grey(filled, themed):
    themed("light")

    def darkest():
        image = filled.view.viewport().grab().toImage()
        places = [(x, y) for x in range(0, 300, 1) for y in range(4, 60, 1)]
        return min(image.pixelColor(*place).lightness() for place in places)

    fresh = darkest()
    filled.set_outdated(is_outdated=True)
    assert darkest() > fresh + 40
    filled.show_table(table_of())
    assert darkest() == fresh


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_a_narrow_window_the_filters_go_on_below_and_nothing_is_cut(
    filled, themed, theme
):
    themed(theme)
    filters = filled.filters
    parts = [*filters.boxes.values(), filters.in_region, filters.text, filled.count]
    parts += [filled.button]
    for width, n_rows in ((900, 1), (440, 2), (300, 3)):
        filled.resize(width, 300)
        QApplication.processEvents()
        for part in parts:
            least = part.minimumSize() if part is filters.text else part.sizeHint()
            assert part.width() >= least.width()
            right = part.mapTo(filled, part.rect().topRight()).x()
            assert right < width
        assert len({part.geometry().center().y() // 6 for part in parts}) == n_rows
    assert filled.minimumSizeHint().width() < 300


def test_the_ratio_is_seen_in_a_narrow_window(filled):
    filled.resize(460, 300)
    QApplication.processEvents()
    number = [column.name for column in COLUMNS].index("ratio")
    right = filled.view.columnViewportPosition(number) + filled.view.columnWidth(number)
    assert right <= filled.view.viewport().width()


def test_without_a_table_it_says_what_to_do(panel):
    assert panel.message.text() == CLOSED_TEXT
    panel.show_work()
    assert panel.message.text() == WAIT_TEXT
    panel.show_table(table_of([]))
    assert panel.message.text() == NONE_TEXT
    panel.show_table(table_of([]), "Nowhere.")
    assert panel.message.text() == "Nowhere."
    panel.step(1)  # goes nowhere
    panel.show_table(table_of())
    assert not panel.message.isVisible()
    panel.show_work()
    assert not panel.message.isVisible()
    panel.show_nothing("Gone.")
    assert panel.message.isVisible()
    assert panel.count.text() == ""


def test_what_is_listed_is_copied_or_saved(filled, qtbot):
    filled.filters.primary.setChecked(True)
    with qtbot.waitSignal(filled.save_clicked) as saved:
        filled.button.save.trigger()
    assert saved.args[0]["ratio"].tolist() == [40.0, 4.5]
    assert saved.args[0].notes["rows"] == "2 of 6 flags, filter: primary"
    filled.button.copy.trigger()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 3
    assert lines[0].split("\t")[5] == "step [DN]"
    assert lines[2].split("\t")[6] == "4.50"


def test_it_says_whether_it_can_be_seen(panel, qtbot):
    with qtbot.waitSignal(panel.shown_changed) as seen:
        panel.hide()
    assert seen.args == [False]
    with qtbot.waitSignal(panel.shown_changed) as seen:
        panel.show()
    assert seen.args == [True]


def test_every_control_has_a_name_and_a_tooltip(filled):
    filters = filled.filters
    controls = [filters.primary, filters.near, filters.in_view, filters.text]
    for control in [*controls, *filled.findChildren(QToolButton)]:
        if control.parent() is not filters.text:  # its own button to clear it
            assert control.accessibleName()
            assert control.toolTip()
    assert filled.view.accessibleName()
    assert np.all([len(column.description) > 10 for column in COLUMNS])
