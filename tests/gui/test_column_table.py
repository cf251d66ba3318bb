from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from rampviewer.gui.tables.column_table_model import AT_ONCE, ColumnTableModel
from rampviewer.gui.tables.column_table_view import ColumnTableView
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.tables.column_table import Column
from rampviewer.model.tables.jump_table import COLUMNS
from tests.jump_tables import long_table, table_of

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
NAMES = [column.name for column in COLUMNS]


@pytest.fixture
def model(qapp):
    return ColumnTableModel(table_of())


def row_texts(model, row):
    return [model.data(model.index(row, k)) for k in range(model.columnCount())]


def test_values_are_shown_with_their_words_and_decimals(model):
    assert row_texts(model, 0) == [
        "3",
        "5",
        "0",
        "2",
        "primary",
        "812.5",
        "40.00",
        "+",
        "4",
    ]
    signs = [row_texts(model, row)[7] for row in range(4)]
    assert signs == ["+", "+", "\N{MINUS SIGN}", ""]
    assert row_texts(model, 3)[6] == ""  # NaN: nothing was compared


def test_headings_have_units_and_tooltips(model):
    across = Qt.Orientation.Horizontal
    heads = [model.headerData(k, across) for k in range(model.columnCount())]
    assert heads[4:7] == ["origin", "step [DN]", "ratio [sigma]"]
    tips = [model.headerData(k, across, Qt.ItemDataRole.ToolTipRole) for k in range(9)]
    assert all(tips)


@pytest.mark.parametrize(
    ("name", "order", "rows"),
    [
        ("ratio", UP, [1, 2, 4, 5, 0, 3]),
        ("ratio", DOWN, [0, 5, 4, 2, 1, 3]),
        ("step", UP, [2, 3, 4, 5, 1, 0]),
        ("group", DOWN, [2, 3, 4, 5, 0, 1]),
        ("integration", UP, [0, 1, 4, 5, 2, 3]),
        ("sign", UP, [2, 3, 0, 1, 4, 5]),
        ("origin", DOWN, [5, 4, 3, 1, 0, 2]),
    ],
)
def test_sorting_keeps_equals_in_order_and_nan_last(model, name, order, rows):
    model.sort(NAMES.index(name), order)
    assert model.rows.tolist() == rows


def test_a_mask_and_another_table_keep_the_order(model):
    model.sort(NAMES.index("ratio"), DOWN)
    mask = np.array([True, True, True, False, False, False])
    model.show(model.table, lambda _table: mask)
    assert model.rows.tolist() == [0, 2, 1]
    assert model.rowCount() == 3
    assert model.listed()["ratio"].tolist() == [40.0, 4.5, 1.5]
    model.show(table_of())
    assert model.rows.tolist() == [0, 5, 4, 2, 1, 3]


def test_without_a_column_the_order_is_that_of_the_table(model):
    model.sort(NAMES.index("ratio"), DOWN)
    model.sort(-1)
    assert model.rows.tolist() == list(range(6))


def test_only_rows_on_screen_are_turned_into_text(qtbot, monkeypatch):
    n, asked = 2_000_000, []
    table = long_table(n)
    text_of = Column.text_of

    def counted(column, value):
        asked.append(column.name)
        return text_of(column, value)

    monkeypatch.setattr(Column, "text_of", counted)
    model = ColumnTableModel(table)
    view = ColumnTableView(model)
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    qtbot.waitExposed(view)
    model.sort(NAMES.index("ratio"), DOWN)
    model.show(table, lambda table: table["ratio"] > 4)
    view.fit_columns()
    for part in (0.3, 0.7, 1.0):
        bar = view.verticalScrollBar()
        bar.setValue(int(part * bar.maximum()))
        view.grab()
    last = model.rowCount() - 1
    assert view.rowAt(view.viewport().height() - 30) > last - 20
    expected = np.sort(table["ratio"][table["ratio"] > 4])[::-1]
    np.testing.assert_array_equal(model.listed()["ratio"], expected)
    assert 0 < len(asked) < 20_000


def test_ctrl_c_copies_the_row_with_its_headings(qtbot):
    view = ColumnTableView(ColumnTableModel(table_of()))
    qtbot.addWidget(view)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ""  # no row is chosen
    view.show_row(1)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    heads, row = QGuiApplication.clipboard().text().split("\n")
    assert heads.split("\t")[:2] == ["x", "y"]
    assert row.split("\t")[:6] == ["4", "5", "0", "2", "neighbour", "20.0"]


def test_columns_are_as_wide_as_what_is_in_them_and_never_shrink(qtbot):
    model = ColumnTableModel(table_of())
    view = ColumnTableView(model)
    qtbot.addWidget(view)
    view.fit_columns()
    step = NAMES.index("step")
    narrow = view.columnWidth(step)
    rows = [(3, 5, 0, 2, 2, 123456789012345.5, 40.0, 1, 4.0)]
    model.show(table_of(rows))
    view.fit_columns()
    wide = view.columnWidth(step)
    assert wide >= view.fontMetrics().horizontalAdvance("123456789012345.5") > narrow
    model.show(table_of())
    view.fit_columns()
    assert view.columnWidth(step) == wide


def test_a_row_is_chosen_as_a_whole(qtbot):
    view = ColumnTableView(ColumnTableModel(table_of()))
    qtbot.addWidget(view)
    view.show_row(2)
    assert [index.row() for index in view.selectionModel().selectedRows()] == [2]
    view.show_row(-1)
    assert not view.currentIndex().isValid()


@pytest.fixture
def lane(qapp):
    lane = JobRunner(ThreadPoolExecutor(max_workers=1))
    yield lane
    lane.close()


def test_a_long_table_is_arranged_while_the_list_stays(qtbot, lane):
    table = long_table(AT_ONCE + 1)
    model = ColumnTableModel(table)
    model.set_lane(lane)
    before = model.rows
    with qtbot.waitSignal(model.arranged):
        model.sort(NAMES.index("ratio"), DOWN)
        assert model.is_arranging
        assert model.rows is before
    assert not model.is_arranging
    wanted = np.argsort(-table["ratio"], kind="stable")
    np.testing.assert_array_equal(model.rows, wanted)
    with qtbot.waitSignal(model.arranged):
        model.show(table, lambda table: table["group"] == 3)
    assert set(table["group"][model.rows].tolist()) == {3}


def test_a_table_that_is_gone_is_not_listed_any_more(qtbot, lane):
    model, seen = ColumnTableModel(table_of()), []
    model.set_lane(lane)
    model.arranged.connect(lambda: seen.append(len(model.table)))
    model.show(long_table(AT_ONCE + 1))
    model.show(table_of())
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert seen == [6]
    assert len(model.table) == 6


def test_rows_are_found_by_what_is_in_them(model):
    model.sort(NAMES.index("ratio"), DOWN)
    x, y = (int(model.table[name][4]) for name in ("x", "y"))
    row = model.first_with({"x": x, "y": y})
    assert model.table["x"][model.rows[row]] == x
    assert model.first_with({"x": 10**6, "y": 0}) == -1
    model.show(model.table, lambda table: table["x"] != x)
    assert model.first_with({"x": x, "y": y}) == -1
