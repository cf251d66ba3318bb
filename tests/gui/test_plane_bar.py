import pytest
from PyQt6.QtCore import Qt

from rampviewer.core.dq import Dq
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.widgets.index_slider import IndexSlider
from rampviewer.model.planes.plane import Plane


@pytest.fixture
def slider(qtbot):
    widget = IndexSlider("Group")
    qtbot.addWidget(widget)
    widget.set_size(10)
    return widget


@pytest.fixture
def edits(slider):
    edits = []
    slider.value_edited.connect(edits.append)
    return edits


@pytest.fixture
def bar(qtbot):
    widget = PlaneBar()
    qtbot.addWidget(widget)
    widget.set_sizes(3, 10)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def choose(bar, plane, qtbot):
    """Choose a plane with the keyboard, as a user may."""
    qtbot.keyClick(bar._plane, Qt.Key.Key_Home)
    for _ in range(list(Plane).index(plane)):
        qtbot.keyClick(bar._plane, Qt.Key.Key_Down)


def test_box_and_slider_say_what_was_chosen_and_agree(slider, edits, qtbot):
    qtbot.keyClick(slider._slider, Qt.Key.Key_Right)
    qtbot.keyClick(slider._box, Qt.Key.Key_Up)
    assert edits == [1, 2]
    assert slider._slider.value() == slider._box.value() == 2


@pytest.mark.parametrize("part", ["_slider", "_box"])
def test_both_wrap_at_both_ends(slider, edits, qtbot, part):
    widget = getattr(slider, part)
    qtbot.keyClick(widget, Qt.Key.Key_Down)
    qtbot.keyClick(widget, Qt.Key.Key_Up)
    assert edits == [9, 0]


def test_steps_wrap_and_emit_once(slider, edits):
    slider.step(-1)
    slider.step(2)
    slider.step(10)
    assert edits == [9, 1]


def test_set_value_and_set_size_are_silent(slider, edits):
    slider.set_value(7)
    slider.set_size(5)
    assert slider.value() == 4
    slider.set_size(1)
    assert edits == []


def test_the_range_is_stated_from_zero(slider):
    assert slider._of.text() == "0\N{EN DASH}9"
    assert "counted from 0" in slider._box.toolTip()
    assert slider._box.accessibleName() == "Group"


def test_a_single_value_cannot_be_stepped(slider, edits, qtbot):
    slider.set_size(1)
    slider.step(1)
    qtbot.keyClick(slider._slider, Qt.Key.Key_Right)
    assert edits == []


def test_every_plane_can_be_chosen(bar, qtbot):
    chosen = []
    bar.plane_edited.connect(chosen.append)
    choose(bar, list(Plane)[-1], qtbot)
    assert chosen == list(Plane)[1:]
    assert all(isinstance(plane, Plane) for plane in chosen)


def test_sliders_act_only_where_the_plane_depends_on_them(bar, qtbot):
    assert not bar._integration._slider.isEnabled()
    assert "does not depend" in bar._integration.toolTip()
    choose(bar, Plane.GROUP, qtbot)
    assert bar._integration._slider.isEnabled()
    assert bar._group._box.isEnabled()
    bar.set_plane(Plane.RATEINTS)
    assert bar._integration._box.isEnabled()
    assert not bar._group._box.isEnabled()
    bar.set_sizes(1, 10)
    assert not bar._integration._box.isEnabled()
    assert "only one integration" in bar._integration.toolTip()


def test_flags_of_any_group_need_no_group_to_be_chosen(bar):
    bar.set_overlay(Dq.JUMP_DET)
    assert not bar._group._slider.isEnabled()
    assert not bar._integration._slider.isEnabled()
    assert "any group" in bar._flags.toolTip()


def test_a_button_brings_the_flags_back_that_were_drawn_last(bar, qtbot):
    bits = []
    bar.overlay_edited.connect(bits.append)
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(bar._flags, left)
    bar.set_overlay(Dq.JUMP_DET | Dq.SATURATED)  # chosen in the legend
    qtbot.mouseClick(bar._flags, left)
    assert not bar._flags.isChecked()
    qtbot.mouseClick(bar._flags, left)
    assert bar._flags.isChecked()
    both = Dq.JUMP_DET | Dq.SATURATED
    assert bits == [Dq.JUMP_DET, Dq(0), both]


def test_stepping_tells_group_and_integration(bar):
    steps = []
    bar.group_edited.connect(lambda group: steps.append(("group", group)))
    bar.integration_edited.connect(lambda i: steps.append(("integration", i)))
    bar.step_group(-1)
    bar.step_integration(-1)
    assert steps == [("group", 9), ("integration", 2)]


def test_setting_is_silent(bar, qtbot):
    with (
        qtbot.assertNotEmitted(bar.plane_edited),
        qtbot.assertNotEmitted(bar.group_edited),
        qtbot.assertNotEmitted(bar.integration_edited),
        qtbot.assertNotEmitted(bar.overlay_edited),
    ):
        bar.set_plane(Plane.GROUP)
        bar.set_group(4)
        bar.set_integration(2)
        bar.set_overlay(Dq.JUMP_DET)
        bar.set_sizes(2, 3)
    assert bar.plane() is Plane.GROUP


def test_controls_have_names_and_hints(bar):
    for widget in (bar._plane, bar._flags, bar._group._slider, bar._integration._box):
        assert widget.accessibleName()
        assert widget.toolTip()


def test_a_difference_is_to_the_group_before_until_another_is_chosen(bar, qtbot):
    chosen = []
    bar.minus_edited.connect(chosen.append)
    choose(bar, Plane.GROUP_DIFFERENCE, qtbot)
    bar.step_group(4)
    assert bar._minus.value() == 3
    assert chosen == []
    qtbot.keyClick(bar._minus._slider, Qt.Key.Key_Left)
    assert chosen == [2]
    assert not bar._previous.isChecked()
    bar.step_group(1)
    assert bar._minus.value() == 2
    qtbot.keyClick(bar._previous, Qt.Key.Key_Space)
    assert chosen == [2, None]
    assert bar._minus.value() == 4


def test_only_a_group_difference_has_a_group_to_be_taken_to(bar, qtbot):
    for plane in Plane:
        choose(bar, plane, qtbot)
        assert bar._minus.isVisible() is (plane is Plane.GROUP_DIFFERENCE)


def test_another_exposure_begins_with_the_group_before(bar):
    bar.set_minus(5)
    bar.set_sizes(1, 4)
    assert bar._previous.isChecked()
