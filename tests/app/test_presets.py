"""Presets of parameters, in the whole window."""

import pytest
from PyQt6.QtWidgets import QInputDialog

from rampviewer.gui.parameters.preset_menu import PresetMenu


def entries(menu):
    return {action.text(): action for action in menu.actions() if action.text()}


def test_presets_wait_for_an_exposure(application, hand, files):
    menu = application.parameter_files.presets
    assert not menu.isEnabled()
    hand.open(files)
    assert menu.isEnabled()
    assert {"Snowballs", "Save as preset..."} <= set(entries(menu))


def test_a_preset_that_was_saved_comes_back(application, hand, files, settings, qtbot):
    hand.open(files)
    hand.type_threshold("3.75")
    menu = application.parameter_files.presets
    entries(menu)["Save as preset..."].trigger()
    dialog = hand.dialog(QInputDialog)
    dialog.setTextValue("mine & ours")
    dialog.accept()
    assert "mine & ours" in hand.message()
    hand.trigger("default_parameters")
    assert application.session.recipe.jump.rejection_threshold == 4

    later = PresetMenu(settings)
    qtbot.addWidget(later)
    later.show_instrument("NIRCAM")
    assert "mine && ours" in entries(later)
    later.show_instrument("MIRI")
    assert "mine && ours" not in entries(later)

    entries(application.parameter_files.presets)["mine && ours"].trigger()
    assert application.session.recipe.jump.rejection_threshold == 3.75
    assert application.exposure_line.parameters == "preset mine & ours"


@pytest.mark.parametrize("step", ["jump", "ramp_fit"])
def test_a_preset_keeps_the_skip_of_its_time(application, hand, files, tmp_path, step):
    hand.open(files)
    menu = application.parameter_files.presets
    menu.save_wanted.emit("whole")
    path = tmp_path / "skip.cfg"
    path.write_text(f"class = Detector1Pipeline\n[steps]\n[[{step}]]\nskip = True\n")
    application.parameter_files.flow.load(path)
    hand.until(lambda: "The parameters are those of skip.cfg" in hand.message())
    hand.settle()
    menu.save_wanted.emit("half")
    assert "kept as preset half. It skips " in hand.message()

    entries(menu)["whole"].trigger()
    assert application.parameter_files.flow.skipped == frozenset()
    assert "skip" not in application.exposure_line.parameters
    assert f"{step}: skipped" in entries(menu)["half"].toolTip()
    entries(menu)["half"].trigger()
    assert application.parameter_files.flow.skipped == {step}
    said = {"jump": "(jumps as delivered)", "ramp_fit": "(skips the ramp fit)"}[step]
    assert said in application.exposure_line.parameters
    assert "skip" in hand.message()


def test_a_preset_can_be_removed(application, hand, files):
    hand.open(files)
    menu = application.parameter_files.presets
    menu.save_wanted.emit("old")
    assert "old" in entries(menu)
    removing = entries(menu)["Remove preset"].menu()
    entries(removing)["old"].trigger()
    assert "old" not in entries(menu)


def test_a_preset_that_comes_along_acts(application, hand, files):
    hand.open(files)
    entries(application.parameter_files.presets)["Snowballs"].trigger()
    assert application.session.recipe.jump.expand_large_events
    hand.settle()
