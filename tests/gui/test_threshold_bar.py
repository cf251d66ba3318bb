import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QStyle, QStyleOptionSlider

from rampviewer.gui.parameters.threshold_bar import STEPS, ThresholdBar, sigma_of, step_of


@pytest.fixture
def bar(qtbot):
    widget = ThresholdBar()
    qtbot.addWidget(widget)
    widget.resize(900, 60)
    widget.show()
    return widget


@pytest.fixture
def edits(bar):
    seen = []
    bar.threshold_edited.connect(seen.append)
    return seen


def type_in(qtbot, bar, text):
    bar._box.selectAll()
    qtbot.keyClicks(bar._box, text)
    qtbot.keyClick(bar._box, Qt.Key.Key_Return)


def test_it_begins_at_the_official_default(bar):
    assert bar.value() == 4.0
    assert bar._box.text() == "4 sigma"
    assert not bar._reset.isEnabled()


@pytest.mark.parametrize("text", ["3.75", "120", "4.0625", "0.5", "3.123456789"])
def test_a_typed_value_is_kept_exactly(bar, edits, qtbot, text):
    type_in(qtbot, bar, text)
    assert edits == [float(text)]
    assert bar.value() == float(text)
    assert bar._box.text() == f"{text} sigma"


def test_the_same_value_typed_again_is_no_edit(bar, edits, qtbot):
    type_in(qtbot, bar, "4")
    assert edits == []


def test_set_value_is_silent_and_exact(bar, qtbot):
    with qtbot.assertNotEmitted(bar.threshold_edited):
        bar.set_value(3.7512)
    assert bar.value() == 3.7512
    assert bar._slider.value() == step_of(3.7512)


def handle_of(slider):
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    complex_control = QStyle.ComplexControl.CC_Slider
    part = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(complex_control, option, part, slider).center()


def test_the_slider_speaks_during_the_drag(bar, edits, qtbot):
    slider = bar._slider
    start = handle_of(slider)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for dx in (30, 60, 90):
        qtbot.mouseMove(slider, start + QPoint(dx, 0))
    assert slider.isSliderDown()
    assert len(edits) == 3
    assert edits == sorted(edits)
    assert edits[0] > 4
    assert bar._box.value() == bar.value() == edits[-1]
    assert sigma_of(slider.value()) == edits[-1]
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(90, 0))
    assert len(edits) == 3


def test_the_slider_covers_1_to_50_and_is_fine_near_4():
    assert sigma_of(0) == 1.0
    assert sigma_of(STEPS) == 50.0
    near = step_of(4.0)
    assert 0 < sigma_of(near + 1) - sigma_of(near) < 0.03
    assert sigma_of(near) == pytest.approx(4.0, abs=0.01)


def test_the_slider_stays_at_its_end_for_a_value_beyond(bar):
    bar.set_value(120.0)
    assert bar._slider.value() == STEPS
    bar.set_value(0.2)
    assert bar._slider.value() == 0


def test_reset_brings_the_default_back(bar, edits, qtbot):
    bar.set_value(7.0)
    qtbot.mouseClick(bar._reset, Qt.MouseButton.LeftButton)
    assert edits == [4.0]
    assert bar.value() == 4.0


def test_progress_comes_with_its_text_and_a_way_to_cancel(bar, qtbot):
    assert not bar._cancel.isVisible()
    bar.set_progress(3, 12, "Processing")
    assert bar._progress.text() == "Processing 25%"
    with qtbot.waitSignal(bar.cancel_clicked):
        qtbot.mouseClick(bar._cancel, Qt.MouseButton.LeftButton)
    bar.set_idle()
    assert not bar._progress.isVisible()


def test_short_work_is_not_shown_before_any_of_it_is_done(bar, qtbot):
    bar.set_progress(0, 12, "Processing")
    assert bar._work.currentIndex() == 0
    bar.set_idle()
    assert not bar._delay.isActive()
    bar.set_progress(0, 12, "Processing")
    qtbot.waitUntil(lambda: bar._work.currentIndex() == 1)
    bar.set_progress(0, 12, "The next")
    assert bar._work.currentIndex() == 1
    bar.set_idle()
    assert bar._work.currentIndex() == 0


def test_nothing_moves_when_work_begins(bar, qtbot):
    before = bar._slider.geometry(), bar._box.geometry()
    bar.set_progress(1, 2, "Processing")
    assert (bar._slider.geometry(), bar._box.geometry()) == before


def test_a_threshold_that_cannot_act_is_greyed_with_its_reason(bar, edits, qtbot):
    bar.set_value(5.0)
    bar.set_enabled_with_reason(False, "never applies")
    assert not bar._slider.isEnabled()
    assert not bar._reset.isEnabled()
    assert bar._box.toolTip() == "never applies"
    assert bar._reason.isVisible()
    assert bar._reason.text() == "never applies"
    bar.set_enabled_with_reason(True)
    assert bar._slider.isEnabled()
    assert bar._reset.isEnabled()
    assert not bar._reason.isVisible()
    assert "rejection_threshold" in bar._box.toolTip()
    type_in(qtbot, bar, "6")
    assert edits == [6.0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_of_a_usual_run_fits_beside_its_progress(themed, bar, qtbot, theme):
    themed(theme)
    bar.set_progress(100, 100, "run 1 (44.44 sigma)")
    progress = bar._progress
    assert progress.text() == "run 1 (44.44 sigma) 100%"
    needed = progress.fontMetrics().horizontalAdvance(progress.text())
    assert needed <= progress.width() - 4


def test_a_longer_text_is_cut_with_an_ellipsis_before_the_number(bar):
    text = "run 1 (3.123456789012 sigma)"
    bar.set_progress(1, 2, text)
    assert bar._progress.text().startswith("run 1 (3.12")
    assert bar._progress.text().endswith("\N{HORIZONTAL ELLIPSIS} 50%")
    assert bar._progress.toolTip() == text
