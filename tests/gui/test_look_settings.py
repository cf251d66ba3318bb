import pytest
from PyQt6.QtCore import QSettings

from rampviewer.gui.display_bar import Look
from rampviewer.gui.look_settings import remember_look, remembered_look
from rampviewer.gui.stretch import Stretch


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "look.ini"), QSettings.Format.IniFormat)


def test_without_a_last_session_the_look_is_the_default(settings):
    assert remembered_look(settings) == Look()


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_look_survives_the_session(settings, is_reversed):
    look = Look("inferno", is_reversed, Stretch.LOG, keeps_peaks=not is_reversed)
    remember_look(settings, look)
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert remembered_look(again) == look


@pytest.mark.parametrize("key", ["color_map", "stretch"])
def test_a_name_of_another_version_gives_the_default(settings, key):
    remember_look(settings, Look("gray"))
    settings.setValue(f"look/{key}", "no such name")
    assert remembered_look(settings) == Look()
