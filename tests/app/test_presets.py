"""Presets of parameters, in the whole window."""

import pytest
from PyQt6.QtWidgets import QInputDialog, QMessageBox

from rampviewer.gui.parameters.preset_menu import PresetMenu
from tests.app.test_history import rest


def entries(menu):
    return {
        action.text().replace("&as", "as").replace("&R", "R"): action
        for action in menu.actions()
        if action.text()
    }


def ticked(menu):
    return [text for text, action in entries(menu).items() if action.isChecked()]


def save_as(application, hand, name):
    """Give the parameters in use a name, as the dialog takes it."""
    entries(application.parameter_files.presets)["Save as preset..."].trigger()
    dialog = hand.dialog(QInputDialog)
    dialog.setTextValue(name)
    dialog.accept()
    hand.until(lambda: not dialog.isVisible())


def test_presets_wait_for_an_exposure(application, hand, files):
    menu = application.parameter_files.presets
    assert not menu.isEnabled()
    hand.open(files)
    assert menu.isEnabled()
    assert {"Snowballs", "Save as preset..."} <= set(entries(menu))


def test_a_preset_that_was_saved_comes_back(application, hand, files, settings, qtbot):
    hand.open(files)
    hand.type_threshold("3.75")
    save_as(application, hand, "mine & ours")
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
    assert hand.message() == "The preset old is removed."


def test_a_preset_that_comes_along_acts(application, hand, files):
    hand.open(files)
    entries(application.parameter_files.presets)["Snowballs"].trigger()
    assert application.session.recipe.jump.expand_large_events
    assert "preset Snowballs: jump: expand_large_events True" in hand.message()
    hand.settle()


def test_the_preset_in_use_is_ticked_and_named_above_the_image(application, hand, files):
    hand.open(files)
    menu, line = application.parameter_files.presets, application.exposure_line
    assert ticked(menu) == []
    hand.type_threshold("3.75")
    save_as(application, hand, "low")
    assert (ticked(menu), line.parameters) == (["low"], "preset low")
    entries(menu)["low"].trigger()
    assert ticked(menu) == ["low"]
    rest(application, hand)
    hand.type_threshold("3.5")
    assert (ticked(menu), line.parameters) == ([], "preset low, edited")
    hand.trigger("undo")
    assert (ticked(menu), line.parameters) == (["low"], "preset low")


def test_what_was_in_use_before_a_preset_is_not_called_after_it(application, hand, files):
    hand.open(files)
    menu, line = application.parameter_files.presets, application.exposure_line
    entries(menu)["Likelihood fit"].trigger()
    assert line.parameters == "preset Likelihood fit"
    hand.trigger("undo")
    assert (ticked(menu), line.parameters) == ([], "defaults")
    hand.trigger("redo")
    assert (ticked(menu), line.parameters) == (["Likelihood fit"], "preset Likelihood fit")
    hand.settle()


def test_another_preset_of_the_name_is_replaced_only_when_asked(application, hand, files):
    hand.open(files)
    menu = application.parameter_files.presets
    hand.type_threshold("3.75")
    save_as(application, hand, "mine")
    hand.type_threshold("6")
    for button, kept in (("Cancel", 3.75), ("Replace", 6)):
        save_as(application, hand, "mine")
        box = hand.dialog(QMessageBox)
        hand.press(box, button)
        hand.until(lambda box=box: not box.isVisible())
        assert menu.presets()[0].jump.rejection_threshold == kept


def test_a_name_of_a_preset_that_comes_along_is_refused(application, hand, files):
    hand.open(files)
    save_as(application, hand, "Snowballs")
    assert hand.error() == "Snowballs comes along for NIRCAM: give the preset another name."
    assert application.parameter_files.presets.presets() == ()
