from pathlib import Path

import pytest
from PyQt6.QtCore import QSettings

from rampviewer.gui.files.recent_files import LONGEST, MOST, RecentFilesMenu, folder_text


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "recent.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def menu(qtbot, settings):
    menu = RecentFilesMenu(settings)
    qtbot.addWidget(menu)
    return menu


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / f"{number}_ramp.fits" for number in range(MOST + 3)]
    for path in paths:
        path.touch()
    return paths


def texts(menu):
    return [action.text().partition("\t")[0] for action in menu.actions()]


def folders(menu):
    return [action.text().partition("\t")[2] for action in menu.actions()]


def test_the_newest_file_stands_on_top_and_each_only_once(menu, files):
    for number in (0, 1, 2, 0):
        menu.remember(files[number])
    assert texts(menu) == ["0_ramp.fits", "2_ramp.fits", "1_ramp.fits"]


def test_the_oldest_are_forgotten(menu, files):
    for path in files:
        menu.remember(path)
    assert texts(menu) == [path.name for path in reversed(files)][:MOST]


def test_they_are_there_the_next_time(qtbot, menu, settings, files):
    menu.remember(files[4])
    settings.sync()
    again = RecentFilesMenu(QSettings(settings.fileName(), QSettings.Format.IniFormat))
    qtbot.addWidget(again)
    assert texts(again) == ["4_ramp.fits"]
    with qtbot.waitSignal(again.file_chosen) as chosen:
        again.actions()[0].trigger()
    assert chosen.args == [files[4]]


def test_a_file_that_is_gone_is_left_out(menu, files):
    menu.remember(files[0])
    menu.remember(files[1])
    files[1].unlink()
    menu.aboutToShow.emit()
    assert texts(menu) == ["0_ramp.fits"]


def test_an_empty_menu_says_so(menu):
    (action,) = menu.actions()
    assert action.text() == "No files yet"
    assert not action.isEnabled()


def test_files_of_one_name_are_told_apart_by_their_folder(menu, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x_ramp.fits").touch()
        menu.remember(tmp_path / folder / "x_ramp.fits")
    assert texts(menu) == ["x_ramp.fits"] * 2
    b, a = folders(menu)
    assert (b[-2:], a[-2:]) == ("/b", "/a")
    tips = [action.toolTip() for action in menu.actions()]
    assert tips == [str(tmp_path / folder / "x_ramp.fits") for folder in ("b", "a")]


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("/home/me", "~"),
        ("/home/me/data", "~/data"),
        ("/home/mean/data", "/home/mean/data"),
        ("/" + 60 * "d", "\N{HORIZONTAL ELLIPSIS}" + LONGEST * "d"),
    ],
)
def test_a_folder_is_short_to_read(monkeypatch, folder, text):
    monkeypatch.setenv("HOME", "/home/me")
    assert folder_text(Path(folder) / "x_ramp.fits") == text


def test_an_ampersand_is_shown(menu, tmp_path):
    path = tmp_path / "a&b_ramp.fits"
    path.touch()
    menu.remember(path)
    assert texts(menu) == ["a&&b_ramp.fits"]
