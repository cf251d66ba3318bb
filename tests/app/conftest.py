"""The whole application on real files, with real threads, and a hand to use it."""

import gc

import pyqtgraph as pg
import pytest
from astropy.io import fits
from PyQt6.QtCore import QSettings

from rampviewer.app import Application
from rampviewer.model.kernels.warm_up import Ready, warm_up
from tests.app.hand import Hand
from tests.exposure_files import write_simulated


@pytest.fixture(scope="session", autouse=True)
def _kernels():
    """Make every kernel ready once, so that no test has to wait for a compiler."""
    assert list(warm_up())[-1] is Ready.EVERYTHING
    gc.collect()
    gc.freeze()  # each test looks through what is not frozen


@pytest.fixture
def settings(tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings.setValue("second_image", False)  # whatever the screen
    return settings


@pytest.fixture(autouse=True)
def _every_move_counts(monkeypatch):
    """Let pyqtgraph take moves of the mouse that follow each other at once, too."""
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)


@pytest.fixture(autouse=True)
def _colors_are_put_back(qapp):
    palette, style, sheet = qapp.palette(), qapp.style().name(), qapp.styleSheet()
    options = {name: pg.getConfigOption(name) for name in ("background", "foreground")}
    yield
    if qapp.styleSheet() != sheet or qapp.palette() != palette:
        qapp.setStyleSheet(sheet)
        qapp.setStyle(style)
        qapp.setPalette(palette)
        pg.setConfigOptions(**options)


@pytest.fixture
def application(qtbot, settings):
    gc.collect()  # else a worker may come upon the window of a test before, and destroy it
    application = Application(settings)
    qtbot.addWidget(application.window)
    application.window.resize(1400, 900)
    application.window.show()
    application.window.activateWindow()  # else its shortcuts are dead
    qtbot.waitUntil(application.window.isActiveWindow)
    yield application
    application.window.close()


@pytest.fixture
def hand(application, qtbot):
    return Hand(application, qtbot)


@pytest.fixture
def files(tmp_path):
    """Return a simulated exposure of 192 x 192 pixels and 10 groups, on disk."""
    return write_simulated(tmp_path / "data", size=192)


@pytest.fixture
def small(tmp_path):
    """Return another one, of 64 x 64 pixels, 6 groups and 3 integrations."""
    folder = tmp_path / "small"
    return write_simulated(folder, "small_ramp.fits", n_groups=6, n_ints=3, seed=3)


@pytest.fixture
def raw(small):
    """Return the same exposure as if it was not calibrated."""
    path = small.ramp.with_name("small_uncal.fits")
    with fits.open(small.ramp) as hdus:
        del hdus["GROUPDQ"], hdus["PIXELDQ"]
        for step in ("S_SATURA", "S_LINEAR"):
            hdus[0].header.remove(step, ignore_missing=True)
        hdus.writeto(path)
    return small._replace(ramp=path)
