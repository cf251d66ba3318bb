from itertools import pairwise

import pytest
from PyQt6.QtGui import QFont, QFontMetricsF

from rampviewer.gui.plots.fitting_axis import FittingAxis
from rampviewer.gui.plots.quick_axis import GAP
from rampviewer.gui.plots.sparse_axis import Period, SparseAxis
from rampviewer.gui.plots.tick_spacing import nice_above


@pytest.mark.parametrize(
    ("value", "nice"), [(1.0, 1), (1.1, 2), (3, 5), (5.0, 5), (7, 10), (0.03, 0.05)]
)
def test_a_spacing_is_rounded_up_to_a_nice_one(value, nice):
    assert nice_above(value) == pytest.approx(nice)


@pytest.mark.parametrize("width", [60, 90, 200, 800])
@pytest.mark.parametrize("high", [9.4, 230.0, 1100.0, 0.37])
@pytest.mark.parametrize("whole", [0.0, 1.0])
def test_labels_leave_room_between_them(qapp, width, high, whole):
    axis, font = SparseAxis(QFont()), QFont()
    axis.set_whole(whole)
    spacing = axis.tickSpacing(0.0, high, width)[0][0]
    text = f"{high:.1f}" if high < 1 else f"{high:.0f}"
    label = QFontMetricsF(font).horizontalAdvance(text)
    assert spacing * width / high >= label + GAP - 1


def labels_on(axis, low, high):
    axis.setRange(low, high)
    return sorted(float(text) for _, text in axis._laid_out()[1])


@pytest.mark.parametrize("width", [400, 700, 1200, 2400])
@pytest.mark.parametrize("high", [0.37, 9.4, 226.0, 840.0, 2047.5, 9900.0])
def test_a_long_x_axis_has_as_many_labels_as_can_be_read_at_ease(qapp, width, high):
    axis = SparseAxis(QFont())
    axis.resize(width, 40)
    labels = labels_on(axis, 0.0, high)
    apart = (labels[1] - labels[0]) * width / high
    assert len({round(b - a, 6) for a, b in pairwise(labels)}) == 1
    assert 2 * GAP < apart < 200
    assert len(labels) >= (3 if width == 400 else 4)  # those at the ends are cut off


@pytest.mark.parametrize("width", [*range(20, 160, 7)])
@pytest.mark.parametrize(("low", "high"), [(8.6, 270.6), (131.0, 139.0), (0.0, 1100.0)])
def test_numbers_on_a_narrow_axis_never_run_into_one_another(qapp, width, low, high):
    axis, width_of = SparseAxis(QFont()), QFontMetricsF(QFont()).horizontalAdvance
    axis.resize(width, 40)
    axis.setRange(low, high)
    spans = sorted((at.x(), at.x() + width_of(t)) for at, t in axis._laid_out()[1])
    assert all(b[0] - a[1] >= GAP - 1 for a, b in pairwise(spans))
    assert all(left >= 0 and right <= width for left, right in spans)


@pytest.mark.parametrize("height", [300, 600, 1200])
@pytest.mark.parametrize("high", [0.37, 9.4, 226.0, 840.0, 2047.5, 60000.0])
def test_a_high_y_axis_has_as_many_labels_as_can_be_read_at_ease(qapp, height, high):
    axis = FittingAxis(QFont(), ("signal",))
    axis.resize(90, height)
    labels = labels_on(axis, 0.0, high)
    apart = (labels[1] - labels[0]) * height / high
    assert len({round(b - a, 6) for a, b in pairwise(labels)}) == 1
    assert 1.5 * QFontMetricsF(QFont()).height() < apart < 120
    assert len(labels) >= 4


@pytest.mark.parametrize("height", [45, 60, 90, 150])
@pytest.mark.parametrize("low", [0.0, 0.3, -7.0])
@pytest.mark.parametrize("span", [0.9, 14.0, 226.0])
def test_two_labels_make_a_scale_of_a_low_axis(qapp, height, low, span):
    axis = FittingAxis(QFont(), ("signal",))
    axis.resize(90, height)
    labels = labels_on(axis, low * span, (1 + low) * span)
    assert len(labels) >= 2
    least = min(b - a for a, b in pairwise(labels)) * height / span
    assert least >= 0.8 * QFontMetricsF(QFont()).height()


@pytest.mark.parametrize(("n_groups", "apart"), [(6, 1), (12, 1), (40, 5), (900, 100)])
def test_groups_are_whole_numbers_and_each_is_told_where_there_is_room(
    qapp, n_groups, apart
):
    axis = SparseAxis(QFont())
    axis.set_whole(1.0)
    axis.resize(600, 40)
    labels = labels_on(axis, -0.6, n_groups - 0.4)
    assert {b - a for a, b in pairwise(labels)} == {apart}
    fine = [spacing for spacing, _ in axis.tickSpacing(-0.6, n_groups - 0.4, 600)]
    assert all(spacing == round(spacing) >= 1 for spacing in fine)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (8.6, 227.6, ["100"]),
        (131.0, 139.0, ["135"]),
        (0.013, 0.087, ["0.05"]),
        (0.0, 1000.0, ["500"]),
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
    axis.set_whole(1.0)
    axis.resize(width, 40)
    axis.setRange(-0.6, 11.6)
    groups = sorted(int(text) for _, text in axis._laid_out()[1])
    assert len({b - a for a, b in pairwise(groups)}) <= 1


def test_a_single_group_is_a_whole_one(qapp):
    axis = SparseAxis(QFont())
    axis.set_whole(1.0)
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


@pytest.mark.parametrize("last", [257.682, 250.0])
def test_integrations_behind_others_are_numbered_where_round_numbers_have_room(qapp, last):
    axis = SparseAxis(QFont())
    axis.resize(780, 40)
    axis.set_period(Period(last + 20, 21.4735, last, range(6), 0.0))
    axis.setRange(8.0, 6 * (last + 20))
    texts = [text for _, text in axis._laid_out()[1]]
    assert texts == ["100", "200"] * 6
