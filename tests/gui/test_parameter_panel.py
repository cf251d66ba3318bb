from dataclasses import fields, replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QLabel, QScrollArea

from rampviewer.gui.parameters.parameter_groups import (
    SIGMA_CLIP_REASON,
    Shape,
    idle_reasons,
)
from rampviewer.gui.parameters.parameter_panel import WIDEST, ParameterPanel
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

ALL = (*fields(JumpParameters), *fields(RampFitParameters))


@pytest.fixture
def panel(qtbot):
    widget = ParameterPanel()
    qtbot.addWidget(widget)
    widget.resize(widget.minimumSizeHint().width(), 700)
    widget.show()
    return widget


@pytest.fixture
def jumps(panel):
    seen = []
    panel.jump_parameters_edited.connect(seen.append)
    return seen


@pytest.fixture
def fits(panel):
    seen = []
    panel.fit_parameters_edited.connect(seen.append)
    return seen


def editor(panel, name):
    return panel.row(name)._editor


def type_in(qtbot, panel, name, text):
    line = editor(panel, name).line
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.name)
def test_every_parameter_has_a_row_with_its_sentence_name_and_default(panel, item):
    row = panel.row(item.name)
    assert row._hint.text() == item.name
    assert item.metadata["text"] in row._label.text()
    for widget in (row._label, row._editor):
        assert item.metadata["text"] in widget.toolTip()
        assert item.name in widget.toolTip()
    assert row._editor.accessibleName() == item.name
    texts = [label.text() for label in row.findChildren(QLabel)]
    assert item.metadata["unit"] in texts


@pytest.mark.parametrize("text", ["3.75", "120", "4.123456789012"])
def test_a_typed_value_is_kept_exactly(panel, jumps, qtbot, text):
    type_in(qtbot, panel, "rejection_threshold", text)
    assert jumps == [JumpParameters(rejection_threshold=float(text))]
    assert editor(panel, "rejection_threshold").line.text() == text


def test_a_whole_number_stays_one(panel, jumps, qtbot):
    type_in(qtbot, panel, "min_diffs_single_pass", "12")
    assert jumps[0].min_diffs_single_pass == 12
    type_in(qtbot, panel, "min_diffs_single_pass", "12.5")
    assert len(jumps) == 1
    assert panel.row("min_diffs_single_pass").message() == (
        "min_diffs_single_pass must be a whole number, got 12.5; the old value stays."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-1", "rejection_threshold must be at least 0, got -1.0; the old value stays."),
        ("abc", "rejection_threshold must be a number, got 'abc'; the old value stays."),
        ("", "rejection_threshold must be a number, got ''; the old value stays."),
        ("nan", "rejection_threshold must be a number, got nan; the old value stays."),
    ],
)
def test_a_wrong_value_is_refused_beside_its_row(panel, jumps, qtbot, text, sentence):
    panel.show_parameters(JumpParameters(rejection_threshold=5.5), RampFitParameters())
    line = editor(panel, "rejection_threshold").line
    line.clear()
    type_in(qtbot, panel, "rejection_threshold", text)
    row = panel.row("rejection_threshold")
    assert jumps == []
    assert row.message() == sentence
    assert row._message.isVisible()
    assert line.text() == "5.5"
    type_in(qtbot, panel, "rejection_threshold", "6")
    assert row.message() == ""
    assert jumps[-1].rejection_threshold == 6.0


def test_a_switch_is_a_switch(panel, jumps, fits, qtbot):
    box = editor(panel, "flag_4_neighbors").box
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert jumps == [JumpParameters(flag_4_neighbors=False)]
    box = editor(panel, "suppress_one_group").box
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert fits == [RampFitParameters(suppress_one_group=False)]


def test_a_limit_may_be_absent(panel, fits, qtbot):
    panel.set_shape(1, 8)
    first = editor(panel, "firstgroup")
    assert not first.count.isEnabled()
    first.box.click()
    assert fits[-1].firstgroup == 0
    first.count.setValue(3)
    assert fits[-1].firstgroup == 3
    assert first.count.maximum() == 7
    first.box.click()
    assert fits[-1].firstgroup is None


def test_show_parameters_is_silent(panel, qtbot):
    jump = JumpParameters(rejection_threshold=3.75, flag_4_neighbors=False)
    fit = RampFitParameters(firstgroup=2, suppress_one_group=False)
    with (
        qtbot.assertNotEmitted(panel.jump_parameters_edited),
        qtbot.assertNotEmitted(panel.fit_parameters_edited),
    ):
        panel.show_parameters(jump, fit)
        panel.set_shape(2, 20)
    assert editor(panel, "rejection_threshold").line.text() == "3.75"
    assert not editor(panel, "flag_4_neighbors").box.isChecked()
    assert editor(panel, "firstgroup").count.value() == 2


def test_an_edit_keeps_what_was_shown_besides(panel, jumps, qtbot):
    shown = JumpParameters(rejection_threshold=3.75)
    panel.show_parameters(shown, RampFitParameters())
    type_in(qtbot, panel, "min_jump_to_flag_neighbors", "20")
    assert jumps == [replace(shown, min_jump_to_flag_neighbors=20.0)]


def test_one_row_and_all_rows_can_be_reset(panel, jumps, fits, qtbot):
    panel.show_parameters(
        JumpParameters(rejection_threshold=3.0, min_diffs_single_pass=7),
        RampFitParameters(lastgroup=4),
    )
    row = panel.row("rejection_threshold")
    qtbot.mouseClick(row._reset, Qt.MouseButton.LeftButton)
    assert jumps == [JumpParameters(min_diffs_single_pass=7)]
    assert not row._reset.isEnabled()
    panel._reset_all()
    assert jumps[-1] == JumpParameters()
    assert fits == [RampFitParameters()]


@pytest.mark.parametrize(
    ("switch", "name"),
    [
        ("expand_large_events", "expand_factor"),
        ("find_showers", "extend_min_area"),
        ("expand_large_events", "max_extended_radius"),
        ("find_showers", "max_extended_radius"),
    ],
)
def test_large_events_are_greyed_until_they_are_looked_for(panel, switch, name):
    assert not editor(panel, name).isEnabled()
    assert "only" in editor(panel, name).toolTip()
    panel.show_parameters(JumpParameters(**{switch: True}), RampFitParameters())
    assert editor(panel, name).isEnabled()


def test_the_amplitude_that_the_official_step_drops_says_so(panel):
    panel.show_parameters(JumpParameters(find_showers=True), RampFitParameters())
    assert not editor(panel, "max_shower_amplitude").isEnabled()
    assert "6 electron/s" in panel.row("max_shower_amplitude").message()
    given = JumpParameters(find_showers=True, use_max_shower_amplitude=True)
    panel.show_parameters(given, RampFitParameters())
    assert editor(panel, "max_shower_amplitude").isEnabled()


def test_the_likelihood_fit_can_be_chosen(panel, qtbot):
    box = editor(panel, "algorithm").box
    with qtbot.waitSignal(panel.fit_parameters_edited) as edited:
        box.setCurrentText("LIKELY")
        box.activated.emit(box.currentIndex())
    assert edited.args == [RampFitParameters(algorithm="LIKELY")]


def test_thresholds_that_never_apply_are_greyed(panel):
    panel.set_shape(1, 4)
    row = panel.row("rejection_threshold")
    assert not row._editor.isEnabled()
    assert row.message() == (
        "Never applies: 4 usable groups in 1 integration give 3 differences, it needs 4."
    )
    assert editor(panel, "four_group_rejection_threshold").isEnabled()
    panel.set_shape(2, 4)
    assert row._editor.isEnabled()
    assert row.message() == ""


@pytest.mark.parametrize(
    ("n_ints", "n_groups", "usable", "idle"),
    [
        (1, 10, None, set()),
        (
            1,
            11,
            None,
            {"four_group_rejection_threshold", "three_group_rejection_threshold"},
        ),
        (1, 12, 10, set()),
        (1, 3, None, {"rejection_threshold", "four_group_rejection_threshold"}),
        (3, 2, None, {"rejection_threshold", "flag_4_neighbors", "minimum_groups"}),
    ],
)
def test_the_shape_decides_what_acts(panel, n_ints, n_groups, usable, idle):
    panel.set_shape(n_ints, n_groups, usable)
    watched = (
        "rejection_threshold",
        "four_group_rejection_threshold",
        "three_group_rejection_threshold",
        "flag_4_neighbors",
        "minimum_groups",
    )
    greyed = {name for name in watched if not editor(panel, name).isEnabled()}
    assert idle <= greyed
    assert greyed == idle or n_groups == 2


@pytest.mark.parametrize(("n_groups", "held"), [(4, ""), (3, "3 groups"), (1, "1 group")])
def test_the_algorithm_cannot_be_chosen_with_too_few_groups(panel, n_groups, held):
    panel.set_shape(3, n_groups, n_groups)
    assert editor(panel, "algorithm").isEnabled() is (not held)
    expected = (
        f"The likelihood fit needs 4 groups, this exposure has {held}: it is fitted by "
        "OLS_C whatever stands here."
    )
    assert panel.row("algorithm").message() == (expected if held else "")


def test_limits_of_neighbours_need_the_switch():
    reasons = idle_reasons(None, JumpParameters(flag_4_neighbors=False))
    assert "flag_4_neighbors" in reasons["max_jump_to_flag_neighbors"]
    assert "max_jump_to_flag_neighbors" not in idle_reasons(None, JumpParameters())


def test_the_groups_of_all_integrations_are_not_said_to_be_those_of_the_exposure():
    shape = Shape(n_ints=3, n_groups=12, n_usable_groups=10)
    said = idle_reasons(shape, JumpParameters())["only_use_ints"]
    assert said.endswith("has 3 integrations and 30 usable groups in all.")


@pytest.mark.parametrize(
    ("n_ints", "only_use_ints", "clipped", "can_choose"),
    [
        (1, True, False, False),
        (9, True, False, False),
        (10, True, False, True),  # 100 groups, were they counted
        (10, False, True, True),
        (120, True, True, True),
    ],
)
def test_sigma_clipping_leaves_one_threshold(n_ints, only_use_ints, clipped, can_choose):
    shape = Shape(n_ints=n_ints, n_groups=10, n_usable_groups=10)
    parameters = JumpParameters(only_use_ints=only_use_ints)
    reasons = idle_reasons(shape, parameters)
    for name in (
        "four_group_rejection_threshold",
        "three_group_rejection_threshold",
        "min_diffs_single_pass",
        "minimum_groups",
    ):
        assert (reasons.get(name) == SIGMA_CLIP_REASON) is clipped
    assert "rejection_threshold" not in reasons
    assert "minimum_sigclip_groups" not in reasons
    assert ("only_use_ints" not in reasons) is can_choose


def test_two_groups_are_never_sigma_clipped():
    shape = Shape(n_ints=120, n_groups=2, n_usable_groups=2)
    assert "3 usable groups" in idle_reasons(shape, JumpParameters())["rejection_threshold"]


def test_no_row_is_cut_at_the_smallest_width(panel):
    area = panel.findChild(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()


def test_a_passing_wheel_changes_nothing(panel, fits, qapp):
    panel.show_parameters(JumpParameters(), RampFitParameters(firstgroup=2))
    count = editor(panel, "firstgroup").count
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    qapp.sendEvent(count, event)
    assert count.value() == 2
    assert fits == []


def test_a_deprecated_parameter_says_so_once(panel):
    row = panel.row("use_ellipses")
    assert not editor(panel, "use_ellipses").isEnabled()
    assert "Deprecated; without effect" in row._label.text()
    assert row.message() == ""
    assert row._label.toolTip().count("without effect") == 1


def test_a_file_that_a_jump_step_has_processed_has_a_note_on_large_events(panel, jumps):
    panel.set_processed(True)
    row = panel.row("expand_large_events")
    assert "is expanded again" in row.message()
    editor(panel, "expand_large_events").box.click()
    assert jumps[-1].expand_large_events
    assert "is expanded again" in row.message()
    panel.set_processed(False)
    assert row.message() == ""


def test_a_value_stands_near_its_name_however_wide_the_panel_is(panel):
    panel.resize(1600, 700)
    row = panel.row("rejection_threshold")
    name = row._hint.mapTo(panel, QPoint(0, 0)).x()
    value = row._editor.mapTo(panel, QPoint(0, 0)).x()
    assert name < 30
    assert value - name < WIDEST
