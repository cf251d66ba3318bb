from itertools import pairwise

import pytest
from PyQt6.QtGui import QFont, QFontMetricsF

from rampviewer.gui.plots.sparse_axis import GAP, SparseAxis, nice_above


@pytest.mark.parametrize(
    ("value", "nice"), [(1.0, 1), (1.1, 2), (3, 5), (5.0, 5), (7, 10), (0.03, 0.05)]
)
def test_a_spacing_is_rounded_up_to_a_nice_one(value, nice):
    assert nice_above(value) == pytest.approx(nice)


@pytest.mark.parametrize("width", [60, 90, 200, 800])
@pytest.mark.parametrize("high", [9.4, 230.0, 1100.0, 0.37])
@pytest.mark.parametrize("levels", [None, [(5.0, 0.0), (1.0, 0.0)]])
def test_labels_leave_room_between_them(qapp, width, high, levels):
    axis, font = SparseAxis(QFont()), QFont()
    axis.setTickSpacing(levels=levels)
    spacing = axis.tickSpacing(0.0, high, width)[0][0]
    text = f"{high:.1f}" if high < 1 else f"{high:.0f}"
    label = QFontMetricsF(font).horizontalAdvance(text)
    assert spacing * width / high >= label + GAP - 1


def test_a_wide_axis_keeps_its_ticks(qapp):
    axis = SparseAxis(QFont())
    axis.setTickSpacing(levels=[(5.0, 0.0), (1.0, 0.0)])
    assert axis.tickSpacing(0.0, 40.0, 800) == [(5.0, 0.0), (1.0, 0.0)]


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (8.6, 227.6, ["100"]),
        (131.0, 139.0, ["135"]),
        (0.013, 0.087, ["0.05"]),
        (0.0, 1000.0, ["400"]),
    ],
)
def test_an_axis_with_room_for_a_single_number_has_one(qapp, low, high, texts):
    axis = SparseAxis(QFont())
    axis.resize(58, 40)
    axis.setRange(low, high)
    assert [text for _, text in axis._laid_out()[1]] == texts


@pytest.mark.parametrize("width", [40, 60, 80, 100, 108, 120, 150])
def test_labels_stand_at_equal_distances(qapp, width):
    axis = SparseAxis(QFont())
    axis.setTickSpacing(levels=[(2.0, 0.0), (1.0, 0.0)])
    axis.resize(width, 40)
    axis.setRange(-0.6, 11.6)
    groups = sorted(int(text) for _, text in axis._laid_out()[1])
    assert len({b - a for a, b in pairwise(groups)}) <= 1


def test_a_single_group_is_a_whole_one(qapp):
    axis = SparseAxis(QFont())
    axis.setTickSpacing(levels=[(2.0, 0.0), (1.0, 0.0)])
    axis.resize(20, 40)
    axis.setRange(2.4, 3.6)
    assert [text for _, text in axis._laid_out()[1]] == ["3"]


@pytest.mark.parametrize(("width", "name"), [(400, 0), (90, 1), (20, 2)])
def test_the_label_is_as_long_as_there_is_room(qapp, width, name):
    names = ("Rate of one integration [DN/s], 12 beyond", "Rate [DN/s]", "[DN/s]")
    axis = SparseAxis(QFont())
    axis.resize(width, 40)
    axis.set_names(names)
    assert axis.labelText == names[name]
    axis.resize(1000, 40)
    assert axis.labelText == names[0]
