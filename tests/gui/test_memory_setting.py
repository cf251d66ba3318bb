import pytest
from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QWidget

from rampviewer.gui.files.memory_setting import ask_budget, remembered_budget


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def ask(qtbot, settings):
    """Return a function that types a budget and gives the complaints."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def ask(text):
        said = []
        dialog = ask_budget(window, settings, said.append)
        assert "half of what is free" in dialog.labelText()
        dialog.setTextValue(text)
        dialog.accept()
        return said

    return ask


def test_without_a_setting_there_is_no_budget(settings):
    assert remembered_budget(settings) is None


def test_a_budget_is_remembered_and_taken_back(ask, settings):
    assert ask(" 3.5GB ") == []
    assert remembered_budget(settings) == 3_500_000_000
    assert ask("") == []
    assert remembered_budget(settings) is None


def test_what_is_no_size_is_refused_and_the_old_one_stays(ask, settings):
    ask("2GB")
    (said,) = ask("plenty")
    assert "such as 4GB" in said
    assert remembered_budget(settings) == 2_000_000_000


def test_a_spoilt_setting_counts_as_none(settings):
    settings.setValue("memory_budget", "???")
    assert remembered_budget(settings) is None
