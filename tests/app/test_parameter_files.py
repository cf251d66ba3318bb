"""Parameters come from files and products, and go to files and the clipboard."""

import shlex

import numpy as np
import pytest
from astropy.io import fits
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QMenu, QToolButton

import rampviewer
from rampviewer.app import Application
from rampviewer.gui.parameters.parameter_flow import FILTERS
from rampviewer.model.settings.reference_choices import ReferenceChoices
from tests.exposure_files import write_simulated

LEFT = Qt.MouseButton.LeftButton
TUNED = rampviewer.JumpParameters(rejection_threshold=5.5, flag_4_neighbors=False)


def click(application, qtbot, name):
    """Click an entry of the Run menu, as the user does."""
    action, bar = application.window.action(name), application.window.menuBar()
    menu = next(m for m in bar.findChildren(QMenu) if action in m.actions())
    qtbot.mouseClick(bar, LEFT, pos=bar.actionGeometry(menu.menuAction()).center())
    qtbot.waitUntil(menu.isVisible)
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    menu.close()  # a grey entry leaves it open


def answer(hand, path, name_filter=None):
    """Answer the dialog of files that is open."""
    dialog = hand.dialog(QFileDialog)
    if name_filter is not None:
        dialog.selectNameFilter(name_filter)
        dialog.filterSelected.emit(name_filter)
    dialog.selectFile(str(path))
    dialog.accept()


def load(application, hand, qtbot, path):
    click(application, qtbot, "load_parameters")
    answer(hand, path)
    hand.until(lambda: not application.parameter_files.lane.is_busy)
    hand.settle()


@pytest.fixture
def product(tmp_path):
    """Return a jump product that was made with `TUNED`, and its references."""
    files = write_simulated(tmp_path / "product")
    exposure = rampviewer.open(files.ramp, files.gain, files.readnoise)
    flags, *_ = rampviewer.process(exposure, TUNED).save(tmp_path / "product")
    return files._replace(ramp=flags)


def test_what_is_loaded_is_in_use_and_named(application, hand, qtbot, files, tmp_path):
    path = tmp_path / "pars-jumpstep.asdf"
    rampviewer.write_parameters(path, jump=TUNED)
    hand.open(files)
    line, session = application.exposure_line, application.session
    assert "parameters: defaults   |" in line.text()
    load(application, hand, qtbot, path)
    assert session.recipe.jump == TUNED
    assert session.run.recipe.jump == TUNED
    assert "parameters: pars-jumpstep.asdf   |" in line.text()
    assert (
        "jump: rejection_threshold 5.5, flag_4_neighbors False, else defaults."
        in hand.message()
    )
    hand.type_threshold("6")
    hand.settle()
    assert "parameters: pars-jumpstep.asdf, edited   |" in line.text()
    click(application, qtbot, "default_parameters")
    assert session.recipe.jump == rampviewer.JumpParameters()
    assert "parameters: defaults   |" in line.text()
    hand.settle()


def test_a_cancelled_load_has_its_old_name_back(application, hand, qtbot, files, tmp_path):
    paths = [tmp_path / "a.cfg", tmp_path / "b.cfg"]
    for path, sigma in zip(paths, (5, 6), strict=True):
        path.write_text(f"class = JumpStep\nrejection_threshold = {sigma}\n")
    hand.open(files)
    load(application, hand, qtbot, paths[0])
    click(application, qtbot, "load_parameters")
    with qtbot.waitSignal(application.parameter_files.flow.applied):
        answer(hand, paths[1])
    hand.settle()
    assert "parameters: b.cfg   |" in application.exposure_line.text()
    hand.type_threshold("5")  # as it is after a cancelled pass, too
    hand.settle()
    assert "parameters: a.cfg   |" in application.exposure_line.text()
    hand.type_threshold("7")
    hand.settle()
    assert "parameters: a.cfg, edited   |" in application.exposure_line.text()


def line_of(application):
    """Return what the window says of the parameters in use."""
    return application.exposure_line.text().partition("parameters: ")[2].split("   |")[0]


def rest(application, hand):
    """Wait until the parameters are remembered for undo."""
    hand.until(lambda: not application.history._timer.isActive())
    hand.settle()


def test_undo_brings_the_name_of_the_set_before_back(
    application, hand, qtbot, files, tmp_path
):
    path = tmp_path / "a.cfg"
    path.write_text("class = JumpStep\nrejection_threshold = 5\n")
    hand.open(files)
    hand.type_threshold("6")
    rest(application, hand)
    load(application, hand, qtbot, path)
    rest(application, hand)
    hand.type_threshold("7")
    rest(application, hand)
    assert line_of(application) == "a.cfg, edited"
    seen = []
    for key in ("undo", "undo", "undo", "redo", "redo", "redo"):
        hand.trigger(key)
        seen.append(line_of(application))
    assert seen == [
        "a.cfg",
        "defaults, edited",
        "defaults",
        "defaults, edited",
        "a.cfg",
        "a.cfg, edited",
    ]


def test_each_step_has_the_name_of_its_own_parameters(
    application, hand, qtbot, files, tmp_path
):
    path = tmp_path / "a.cfg"
    path.write_text("class = JumpStep\nrejection_threshold = 5\n")
    hand.open(files)
    hand.open_tab("Parameters")
    row = application.processing.parameters.row("suppress_one_group")
    row.findChild(QCheckBox).click()
    assert not application.session.recipe.fit.suppress_one_group
    load(application, hand, qtbot, path)
    assert line_of(application) == "jump: a.cfg; ramp_fit: defaults, edited"


def test_a_note_on_parameters_goes_with_them(application, hand, qtbot, files, tmp_path):
    path = tmp_path / "a.cfg"
    path.write_text("class = JumpStep\nrejection_threshold = 5\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    assert "rejection_threshold 5.0, else defaults." in hand.message()
    hand.type_threshold("6")
    assert hand.message() == ""


def test_flags_as_delivered_are_not_said_to_be_of_the_parameters(
    application, hand, qtbot, product
):
    hand.open(product)
    hand.trigger("as_delivered")
    hand.settle()
    assert line_of(application) == "defaults (jumps as delivered)"
    hand.trigger("live")
    assert line_of(application) == "defaults"


def test_what_the_window_does_not_take_from_a_file_is_said(
    application, hand, qtbot, files, tmp_path
):
    path = tmp_path / "fit.cfg"
    path.write_text("class = RampFitStep\nsave_opt = True\nsuffix = z\nwindow = 3\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    assert hand.message() == (
        "The parameters are those of fit.cfg: ramp_fit: all defaults. fit.cfg: window is "
        "not a parameter of the ramp_fit step and was not used. Not used in the window: "
        "save_opt, suffix."
    )


def test_the_source_stands_in_exported_products(application, hand, qtbot, files, tmp_path):
    path = tmp_path / "mine.cfg"
    path.write_text("class = jwst.jump.JumpStep\nrejection_threshold = 5\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    hand.export(tmp_path / "out", "rate")
    with fits.open(tmp_path / "out" / "sim_rate.fits") as hdus:
        assert "parameters: mine.cfg" in list(hdus[0].header["HISTORY"])


def test_a_malformed_file_changes_nothing(application, hand, qtbot, files, tmp_path):
    path = tmp_path / "bad.cfg"
    path.write_text("class = jwst.jump.JumpStep\nedge_size = wide\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    assert hand.error() == "bad.cfg: edge_size must be a whole number, got 'wide'."
    assert application.session.recipe.jump == rampviewer.JumpParameters()
    assert "parameters: defaults   |" in application.exposure_line.text()


@pytest.mark.parametrize("name_filter", FILTERS)
def test_what_is_saved_is_what_is_in_use(
    application, hand, qtbot, files, tmp_path, name_filter
):
    default, with_jump, with_fit = FILTERS[name_filter]
    hand.open(files)
    hand.type_threshold("5.25")
    hand.settle()
    click(application, qtbot, "save_parameters")
    dialog = hand.dialog(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    answer(hand, tmp_path / default, name_filter)
    hand.until(lambda: hand.message() == f"Saved {tmp_path / default}.")
    found = rampviewer.read_parameters(tmp_path / default)
    steps = {"jump": with_jump, "ramp_fit": with_fit}
    assert set(found.values) == {step for step, is_there in steps.items() if is_there}
    assert found.jump.rejection_threshold == (5.25 if with_jump else 4)


def test_the_delivered_parameters_are_offered_and_used(application, hand, qtbot, product):
    hand.open(product)
    assert "made with other parameters (jump: rejection_threshold 5.5" in hand.message()
    click(application, qtbot, "delivered_parameters")
    hand.settle()
    assert application.session.recipe.jump == TUNED
    text = application.exposure_line.text()
    assert "parameters: delivered with sim_jump.fits   |" in text


def test_without_delivered_parameters_the_entry_is_grey_and_says_why(
    application, hand, qtbot, files
):
    action = application.window.action("delivered_parameters")
    copy = application.window.action("copy_strun")
    assert (action.isEnabled(), action.toolTip()) == (False, "Open an exposure first")
    assert (copy.isEnabled(), copy.toolTip()) == (False, "Open an exposure first")
    hand.open(files)
    assert copy.isEnabled()
    assert not action.isEnabled()
    assert "does not say which parameters" in action.toolTip()
    with qtbot.assertNotEmitted(application.parameter_files.flow.parameters_chosen):
        click(application, qtbot, "delivered_parameters")


def test_lines_for_the_official_package_are_copied(application, hand, qtbot, files):
    hand.open(files)
    hand.type_threshold("5.25")
    hand.settle()
    click(application, qtbot, "copy_strun")
    jump, fit = QGuiApplication.clipboard().text().splitlines()
    assert shlex.split(jump) == [
        "strun",
        "jump",
        str(files.ramp),
        "--disable-crds-steppars",
        "--rejection_threshold=5.25",
        f"--override_gain={files.gain}",
        f"--override_readnoise={files.readnoise}",
    ]
    assert shlex.split(fit)[:3] == ["strun", "ramp_fit", "sim_jumpstep.fits"]
    assert hand.message() == "Copied lines for the official package."
    click(application, qtbot, "copy_python")
    assert "JumpStep(rejection_threshold=5.25, " in QGuiApplication.clipboard().text()


def test_as_delivered_only_the_fit_is_copied(application, hand, qtbot, product):
    hand.open(product)
    with qtbot.waitSignal(application.session.runs_changed):
        hand.trigger("as_delivered")
    hand.settle()
    click(application, qtbot, "copy_strun")
    (line,) = QGuiApplication.clipboard().text().splitlines()
    assert shlex.split(line)[:3] == ["strun", "ramp_fit", str(product.ramp)]


def test_a_file_that_skips_jump_detection_shows_the_run_as_delivered(
    application, hand, qtbot, files, tmp_path
):
    path = tmp_path / "skip.cfg"
    path.write_text("class = JumpStep\nskip = True\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    assert application.session.run.number == 0
    assert "Jump detection is skipped: shown is the run" in hand.message()
    assert "Not used in the window" not in hand.message()
    hand.export(tmp_path / "out", "rate")
    (rate,) = (tmp_path / "out").iterdir()
    assert fits.getheader(rate)["S_JUMP"] == "SKIPPED"


def test_a_file_that_skips_the_ramp_fit_says_how_to_make_the_same_product(
    application, hand, qtbot, files, tmp_path
):
    path = tmp_path / "skip.cfg"
    path.write_text("class = RampFitStep\nskip = True\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    assert application.session.run.number == 1
    assert "export the ramp with jump flags only" in hand.message()


def save(application, hand, qtbot, path):
    """Save the parameters in use; return what the window says, and the file."""
    click(application, qtbot, "save_parameters")
    answer(hand, path, next(iter(FILTERS)))
    hand.until(lambda: hand.message().startswith(f"Saved {path}."))
    return hand.message(), rampviewer.read_parameters(path)


@pytest.mark.parametrize("step", ["jump", "ramp_fit"])
def test_saved_parameters_keep_the_skip_until_it_is_taken_back(
    application, hand, qtbot, files, tmp_path, step
):
    path = tmp_path / "skip.cfg"
    path.write_text(f"class = Detector1Pipeline\n[steps]\n[[{step}]]\nskip = True\n")
    hand.open(files)
    load(application, hand, qtbot, path)
    what = {"jump": "jump detection", "ramp_fit": "the ramp fit"}[step]
    expected = {"jump": "jumps as delivered", "ramp_fit": "skips the ramp fit"}[step]
    assert f"({expected})" in line_of(application)
    said, found = save(application, hand, qtbot, tmp_path / "one.asdf")
    assert f"It skips {what}, as" in said
    assert found.skipped == {step}
    click(application, qtbot, "default_parameters")
    hand.settle()
    assert line_of(application) == "defaults"
    said, found = save(application, hand, qtbot, tmp_path / "two.asdf")
    assert "skips" not in said
    assert found.skipped == frozenset()


def test_folded_groups_of_parameters_are_remembered(application, settings, qtbot):
    def heads(of):
        found = of.processing.parameters.findChildren(QToolButton)
        return {head.text(): head for head in found if head.isCheckable()}

    for title in ("Neighbours", "Large events: snowballs and showers"):
        qtbot.mouseClick(heads(application)[title], LEFT)
    later = Application(settings)
    qtbot.addWidget(later.window)
    assert not heads(later)["Neighbours"].isChecked()
    assert heads(later)["Large events: snowballs and showers"].isChecked()
    assert heads(later)["Thresholds"].isChecked()
    panel = later.processing.parameters
    assert panel.row("edge_size").isVisibleTo(panel)
    assert not panel.row("flag_4_neighbors").isVisibleTo(panel)
    later.window.close()


def test_a_saved_pipeline_tells_the_saturation_step_what_a_quick_look_was_told(
    application, hand, qtbot, raw, tmp_path
):
    level = tmp_path / "level.fits"
    shape = fits.getdata(raw.ramp, "SCI").shape[2:]
    planes = {"SCI": np.full(shape, 5e4, np.float32), "DQ": np.zeros(shape, np.uint32)}
    extensions = [fits.ImageHDU(values, name=name) for name, values in planes.items()]
    fits.HDUList([fits.PrimaryHDU(), *extensions]).writeto(level)
    rule = ReferenceChoices(
        gain=raw.gain, readnoise=raw.readnoise, saturation=level, n_pix_grow_sat=2
    )
    application.open_with(raw.ramp, rule)
    hand.wait_opened(None)
    said, found = save(application, hand, qtbot, tmp_path / "one.asdf")
    assert "It tells the saturation step what this quick look was told." in said
    assert found.override_saturation == str(level)
    assert found.n_pix_grow_sat == 2
    assert not found.skip_saturation


def test_a_level_that_is_a_number_is_not_said_to_be_in_a_saved_pipeline(
    application, hand, qtbot, raw, tmp_path
):
    rule = ReferenceChoices(
        gain=raw.gain, readnoise=raw.readnoise, saturation=5e4, n_pix_grow_sat=2
    )
    application.open_with(raw.ramp, rule)
    hand.wait_opened(None)
    said, found = save(application, hand, qtbot, tmp_path / "one.asdf")
    assert "the rules of this quick look, but no level." in said
    assert (found.override_saturation, found.n_pix_grow_sat) == ("", 2)
