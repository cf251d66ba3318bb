from dataclasses import replace
from types import SimpleNamespace

import pytest

from rampviewer.gui.files.reference_row import parse_choice
from rampviewer.gui.files.references_dialog import ReferencesDialog
from rampviewer.model.exposure import Reference
from rampviewer.model.settings.reference_choices import ReferenceChoices


@pytest.fixture
def dialog(qtbot):
    dialog = ReferencesDialog("x_ramp.fits has no gain.")
    qtbot.addWidget(dialog)
    return dialog


@pytest.mark.parametrize(
    ("text", "value"), [("1.8", 1.8), (" 2 ", 2.0), ("1e1", 10.0), ("", None), ("  ", None)]
)
def test_a_number_or_nothing_is_taken(text, value):
    assert parse_choice(text) == value


def test_a_file_is_taken_as_its_path(tmp_path):
    (tmp_path / "gain.fits").touch()
    assert parse_choice(f" {tmp_path / 'gain.fits'} ") == tmp_path / "gain.fits"


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "/no/such/file.fits", "1,8"])
def test_anything_else_is_refused_with_its_text(text):
    with pytest.raises(ValueError, match=text):
        parse_choice(text)


def test_both_choices_come_back_as_they_were_set(dialog, tmp_path):
    (tmp_path / "gain.fits").touch()
    choices = ReferenceChoices(gain=tmp_path / "gain.fits", readnoise=12.5, saturation=6e4)
    assert ReferenceChoices().use_readpatt
    choices = replace(choices, use_readpatt=False, n_pix_grow_sat=2, skip_saturation=True)
    dialog.set_choices(choices)
    assert dialog.choices() == choices
    dialog.set_choices(ReferenceChoices())
    assert dialog.choices() == ReferenceChoices()


def test_a_wrong_value_keeps_the_dialog_open_and_is_said(dialog, qtbot):
    dialog.open()
    dialog.gain_edit.setText("0")
    with qtbot.assertNotEmitted(dialog.accepted):
        dialog._accept_if_valid()
    assert dialog.problem.text().startswith("0 ")
    assert dialog.isVisible()
    dialog.gain_edit.setText("2")
    with qtbot.waitSignal(dialog.accepted):
        dialog._accept_if_valid()


def test_rows_that_come_along_squeeze_none(dialog, qtbot):
    in_use = Reference(kind="gain", source="file", name="/data/x_gain.fits")
    exposure = SimpleNamespace(
        gain_reference=in_use,
        readnoise_reference=in_use,
        saturation_reference=in_use,
        quick_look="uncalibrated",
    )
    dialog.open()
    dialog.show_exposure(exposure)
    edits = [row.edit for row in (dialog.gain, dialog.readnoise, dialog.saturation)]
    qtbot.waitUntil(lambda: all(edit.isVisible() for edit in edits))
    qtbot.waitUntil(lambda: all(e.height() >= e.sizeHint().height() for e in edits))
