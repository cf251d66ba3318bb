import numpy as np
import pytest
from PyQt6.QtCore import QPointF, QSettings, Qt

from rampviewer.core.dq import Dq
from rampviewer.gui.ramp.ramp_columns import columns_of
from rampviewer.gui.ramp.ramp_look import (
    ARRANGEMENTS,
    RampLook,
    remember_ramp_look,
    remembered_ramp_look,
)
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.model.pixel.deviation import deviations
from tests.pixel_views import GROUP_TIME, noisy, two_jumps

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    widget = RampPanel()
    qtbot.addWidget(widget)
    widget.resize(740, 640)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def shown(columns):
    return [column.integrations for column in columns]


def test_integrations_stand_behind_one_another_with_a_gap():
    view = noisy(3, 10)
    (column,) = columns_of(view, "group", "concatenated", 0)
    starts = [part.axis.one(0) for part in column.parts]
    assert starts == [0, 11, 22]
    assert column.separators == (10, 21)
    assert column.limits == (-0.6, 31.6)


@pytest.mark.parametrize("unit", ["time", "group"])
def test_a_place_on_a_common_axis_belongs_to_one_integration(unit):
    (column,) = columns_of(noisy(3, 10), unit, "concatenated", 0)
    for integration in range(3):
        for group in range(10):
            x = column.x_of(integration, group)
            assert column.at(x) == (integration, group)
    assert column.at(column.x_of(1, 9) + 0.4 * GROUP_TIME * (unit == "time")) == (1, 9)
    assert column.at(-1e9) == (0, 0)
    assert column.at(1e9) == (2, 9)
    assert column.x_of(3, 0) is None


def test_one_integration_is_drawn_over_the_others():
    (column,) = columns_of(noisy(4, 10), "group", "overlaid", 2)
    assert column.integrations == (2, 0, 1, 3)
    assert column.at(4.2) == (2, 4)
    assert column.limits == (-0.6, 9.6)


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_one_integration_looks_the_same_in_every_arrangement(arrangement):
    (column,) = columns_of(two_jumps(), "time", arrangement, 0)
    assert (column.integrations, column.period, column.separators) == ((0,), None, ())


@pytest.mark.parametrize(
    ("arrangement", "n"), [("side by side", 6), ("concatenated", 109), ("overlaid", 109)]
)
def test_of_many_integrations_a_window_around_the_current_one_is_shown(arrangement, n):
    view = noisy(1000, 10)
    for current in (0, 500, 999):
        columns = columns_of(view, "time", arrangement, current)
        found = sorted(i for column in columns for i in column.integrations)
        assert found == list(range(found[0], found[0] + n))
        assert current in found


def test_all_differences_of_all_integrations_are_drawn_on_one_axis(panel):
    panel.set_look(RampLook(arrangement="concatenated"))
    view = noisy(3, 10, [(1, 4, 900)])
    panel.show_view(view)
    marks = panel.grid.plots[0].steps.marks.marks
    np.testing.assert_array_equal(marks.y, deviations(view.decision).ravel())
    wanted = [(g + 11 * i + 1) * GROUP_TIME for i in range(3) for g in range(1, 10)]
    np.testing.assert_array_equal(marks.x, wanted)
    lines = panel.grid.plots[0].lines.lines
    assert lines.jumps == ((4 + 11 + 1) * GROUP_TIME,)
    assert lines.separators == (110.0, 220.0)
    assert len(panel.grid.plots[0].strip.glyphs.marks.x) == 1


def test_ticks_begin_anew_in_each_integration(panel, qtbot):
    panel.set_look(RampLook(arrangement="concatenated"))
    panel.tools.unit.setChecked(True)
    panel.show_view(noisy(3, 10))
    axis = panel.grid.plots[0].x_axis
    assert axis.labelText == "group of each integration"
    ((_, values),) = axis.tickValues(-0.6, 31.6, 660)
    strings = axis.tickStrings(values, 1.0, 0.0)
    by_start = {0.0: "0", 11.0: "0", 22.0: "0"}
    told = dict(zip(values, strings, strict=True))
    assert {x: told[x] for x in by_start} == by_start
    assert all(float(told[x]) == x % 11 for x in values)
    assert max(map(float, strings)) <= 9


def test_without_room_for_groups_the_axis_names_integrations(panel):
    panel.set_look(RampLook(arrangement="concatenated"))
    panel.show_view(noisy(60, 10))
    axis = panel.grid.plots[0].x_axis
    ((_, values),) = axis.tickValues(4.0, 6606.0, 400)
    strings = axis.tickStrings(values, 1.0, 0.0)
    assert strings[0] == "int 0"
    numbers = [int(text.removeprefix("int ")) for text in strings]
    assert len(numbers) < 15
    assert numbers == sorted(set(numbers))


def test_names_above_never_overlap(panel):
    panel.set_look(RampLook(arrangement="concatenated"))
    for n in (2, 5, 12, 40):
        panel.show_view(noisy(n, 10))
        placed = panel.grid.plots[0].title.placed()
        areas = [area for area, _ in placed]
        assert len(areas) == min(n, len(areas)) > 1
        assert not any(a.intersects(b) for a in areas for b in areas if a is not b)
    panel.show_view(noisy(2, 10))
    assert placed[0][1].startswith("0")
    assert panel.grid.plots[0].title.placed()[1][1].startswith("int 1: ")


def test_names_above_stand_at_equal_distances(panel):
    panel.set_look(RampLook(arrangement="concatenated"))
    for n in (12, 40, 150):
        panel.show_view(noisy(n, 10))
        numbers = [int(text) for _, text in panel.grid.plots[0].title.placed()]
        assert len(numbers) > 2
        assert len(set(np.diff(numbers))) == 1


def test_the_integration_chosen_comes_to_the_front(panel):
    panel.set_look(RampLook(arrangement="overlaid"))
    view = noisy(3, 10, [(2, 4, 900)])
    panel.show_view(view)
    (plot,) = panel.grid.plots
    np.testing.assert_array_equal(plot.good.marks.y, view.integrations[0].signal)
    assert plot.faint.marks.y.size == 20
    assert plot.flags.marks.x.size == 0
    panel.set_group(2, 4)
    np.testing.assert_array_equal(
        plot.good.marks.y, view.integrations[2].signal.astype(float)
    )
    assert plot.flags.marks.x.tolist() == [50.0]
    assert plot.lines.lines.current == 50.0
    assert plot.title.text.startswith("int 2: ")


def test_a_click_in_a_joined_plot_names_integration_and_group(panel, qtbot):
    panel.set_look(RampLook(arrangement="concatenated"))
    panel.show_view(noisy(3, 10))
    (plot,) = panel.grid.plots
    x = plot.column.x_of(2, 6)
    place = plot.steps.view_box.mapViewToScene(QPointF(x + 2, 2.0))
    where = panel.grid.mapFromScene(place)
    with qtbot.waitSignal(panel.group_clicked) as caught:
        qtbot.mouseClick(panel.grid.viewport(), LEFT, pos=where)
    assert caught.args == [2, 6]


def test_the_arrangement_is_chosen_by_clicks_and_offered_for_several_only(panel, qtbot):
    panel.show_view(two_jumps())
    assert not panel.tools.arrangement.isVisible()
    panel.show_view(noisy(3, 10))
    assert panel.tools.arrangement.isVisible()
    for wanted in ("concatenated", "overlaid", "side by side"):
        with qtbot.waitSignal(panel.look_edited) as caught:
            qtbot.mouseClick(panel.tools.arrangement, LEFT)
        assert caught.args[0].arrangement == wanted
        assert panel.tools.arrangement.text() == wanted.capitalize()
        assert len(shown(panel.grid._columns)) == (3 if wanted == "side by side" else 1)


def test_the_strip_of_a_joined_plot_numbers_all_flags(panel):
    panel.set_look(RampLook(arrangement="concatenated"))
    panel.show_view(noisy(2, 5, [(0, 2, 500), (1, 3, 500)]))
    texts = panel.grid.plots[0].strip.values.texts()
    assert texts == [(30.0, str(int(Dq.JUMP_DET))), (100.0, str(int(Dq.JUMP_DET)))]


@pytest.mark.parametrize(
    "look", [RampLook(), RampLook(False, True, True, "overlaid"), RampLook(residuals=True)]
)
def test_the_look_of_the_ramp_is_remembered(tmp_path, look):
    path = str(tmp_path / "settings.ini")
    settings = QSettings(path, QSettings.Format.IniFormat)
    remember_ramp_look(settings, look)
    settings.sync()
    again = QSettings(path, QSettings.Format.IniFormat)
    assert remembered_ramp_look(again) == look


def test_an_arrangement_of_another_version_is_the_default(tmp_path):
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    assert remembered_ramp_look(settings) == RampLook()
    settings.setValue("ramp/arrangement", "spiral")
    assert remembered_ramp_look(settings) == RampLook()
