import pytest
from PyQt6.QtCore import QSettings

from rampviewer.gui.image.display_bar import Look
from rampviewer.gui.image.look_settings import (
    ChosenLimits,
    remember_limits,
    remember_look,
    remember_stretch,
    remembered_limits,
    remembered_look,
    remembered_stretches,
)
from rampviewer.gui.image.stretch import Limits, LimitsRule, Stretch


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "look.ini"), QSettings.Format.IniFormat)


def test_without_a_last_session_the_look_is_the_default(settings):
    assert remembered_look(settings) == Look()


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_look_survives_the_session(settings, is_reversed):
    look = Look("inferno", is_reversed, keeps_peaks=not is_reversed)
    remember_look(settings, look)
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert remembered_look(again) == look


def test_a_name_of_another_version_gives_the_default(settings):
    remember_look(settings, Look("gray"))
    settings.setValue("look/color_map", "no such name")
    assert remembered_look(settings) == Look()


def test_each_kind_keeps_its_stretch_in_each_image(settings):
    remember_stretch(settings, "rate", Stretch.SQRT)
    remember_stretch(settings, "jumps", Stretch.LOG)
    remember_stretch(settings, "rate", Stretch.ASINH, "second_look")
    settings.setValue("look/stretches/dq", "no such name")
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    kept = remembered_stretches(again)
    assert kept == {"rate": Stretch.SQRT, "jumps": Stretch.LOG}
    assert remembered_stretches(again, "second_look") == {"rate": Stretch.ASINH}


def test_each_kind_keeps_its_rule_or_limits_in_each_image(settings):
    typed = ChosenLimits(LimitsRule.MANUAL, Limits(-1.5e-7, 1 / 3))
    remember_limits(settings, "rate", typed)
    remember_limits(settings, "group_difference chosen", ChosenLimits(LimitsRule.MIN_MAX))
    remember_limits(settings, "rate", ChosenLimits(LimitsRule.SKY), "second_look")
    for kind, text in enumerate(("MANUAL 1", "MANUAL 2 1", "MANUAL 0 nan", "NO_NAME")):
        settings.setValue(f"look/limits/{kind}", text)
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert remembered_limits(again) == {
        "rate": typed,
        "group_difference chosen": ChosenLimits(LimitsRule.MIN_MAX),
    }
    assert remembered_limits(again, "second_look") == {"rate": ChosenLimits(LimitsRule.SKY)}
