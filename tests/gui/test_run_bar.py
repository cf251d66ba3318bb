from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QStyle, QStyleOptionButton

from rampviewer.gui.shell.run_bar import RunBar
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import process_exposure
from rampviewer.model.runs.run import Recipe
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters
from tests.exposures import random_exposure


def run_of(shape, delivered_jumps="keep", unusable=()):
    exposure = random_exposure(1, shape)
    exposure.groupdq[:, list(unusable)] |= 1
    recipe = Recipe(
        jump=JumpParameters(), fit=RampFitParameters(), delivered_jumps=delivered_jumps
    )
    return process_exposure(Prepared.of(exposure), recipe)


@pytest.fixture
def bar(qtbot):
    widget = RunBar()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_click_chooses_a_run(bar, qtbot):
    with qtbot.waitSignal(bar.run_chosen) as chosen:
        qtbot.mouseClick(bar._group.button(0), Qt.MouseButton.LeftButton)
    assert chosen.args == [0]


def test_showing_runs_is_silent_and_checks_the_button(bar, qtbot):
    with qtbot.assertNotEmitted(bar.run_chosen):
        bar.show_runs((), 0)
    assert bar._group.checkedId() == 0


def test_the_run_on_screen_says_how_many_jumps_it_has(bar):
    run = run_of((2, 6, 4, 5))
    bar.show_runs((run,), run.number)
    assert bar._found.text() == f"{run.n_primary} primary jumps"


@pytest.mark.parametrize("treated", ["keep", "drop"])
def test_delivered_jumps_that_are_kept_are_said_to_be_counted(bar, treated):
    run = run_of((2, 6, 4, 5), treated)
    bar.set_delivered(has_jumps=True)
    bar.show_runs((run,), run.number)
    what = "primary and delivered jumps" if treated == "keep" else "primary jumps"
    assert bar._found.text() == f"{run.n_primary} {what}"


def test_large_events_of_other_parameters_are_said_to_be_pending(bar):
    run = run_of((2, 6, 4, 5))
    jump = replace(run.recipe.jump, expand_large_events=True)
    bar.show_runs((replace(run, recipe=replace(run.recipe, jump=jump)),), run.number)
    assert bar._found.text() == f"{run.n_primary} primary jumps, large events pending"


def test_large_events_that_will_not_come_are_not_pending(bar):
    run = run_of((2, 6, 4, 5))
    jump = replace(run.recipe.jump, expand_large_events=True)
    stale = replace(run, recipe=replace(run.recipe, jump=jump))
    bar.show_failure()
    assert bar._found.text() == ""
    bar.show_runs((stale,), 1)
    bar.show_failure()
    assert bar._found.text() == f"{run.n_primary} primary jumps, large events failed"
    bar.show_runs((stale,), 1)
    assert bar._found.text().endswith("pending")


@pytest.mark.parametrize(
    ("shape", "delivered", "unusable", "text"),
    [
        ((1, 2, 4, 5), "keep", (), "skipped: 2 groups or fewer"),
        ((1, 5, 4, 5), "keep", (1, 2, 3), "skipped: too few usable groups"),
        ((1, 5, 4, 5), "as_delivered", (), "flags of the file"),
    ],
)
def test_without_a_search_the_bar_says_why(bar, shape, delivered, unusable, text):
    run = run_of(shape, delivered, unusable)
    bar.show_runs((run,), run.number)
    assert bar._found.text() == text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_of_a_button_fits_whether_it_is_checked_or_not(themed, bar, theme):
    themed(theme)
    for checked in (0, 1):
        bar.show_runs((), checked)
        for number in (0, 1):
            button = bar._group.button(number)
            option = QStyleOptionButton()
            button.initStyleOption(option)
            part = QStyle.SubElement.SE_PushButtonContents
            room = button.style().subElementRect(part, option, button)
            text = button.fontMetrics().size(0, button.text())
            assert text.width() <= room.width()
            assert text.height() <= room.height()


def test_what_was_found_is_grey_while_it_is_not_that_of_the_image(bar):
    bar.set_current(False)
    assert not bar._found.isEnabled()
    bar.set_current(True)
    assert bar._found.isEnabled()


def test_what_was_found_is_cut_with_an_ellipsis_and_whole_in_the_tooltip(bar, qtbot):
    run = run_of((2, 6, 4, 5))
    jump = replace(run.recipe.jump, expand_large_events=True)
    recipe = replace(run.recipe, jump=jump)
    bar.resize(bar.minimumSizeHint())
    bar.show()
    bar.show_runs((replace(run, recipe=recipe, n_primary=574_419),), 1)
    assert bar._found.elided().startswith("574")
    assert bar._found.elided().endswith("\N{HORIZONTAL ELLIPSIS}")
    assert bar._found.text() in bar._found.toolTip()
    bar.resize(bar.sizeHint())
    qtbot.waitUntil(lambda: bar._found.elided() == bar._found.text())
