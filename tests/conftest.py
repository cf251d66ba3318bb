"""Every test runs on its own: no display needed, nobody's settings touched, no leak."""

import gc
import os
import sys
import tempfile
import threading

import pytest

# `make test` sets xcb and gives an X server. Without either Qt would abort.
if sys.platform == "linux" and not os.environ.get("QT_QPA_PLATFORM"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Before anything reads them: the user's settings and CRDS cache stay out of the tests.
_HOME = tempfile.TemporaryDirectory(prefix="rampviewer-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = _HOME.name
for _name in [name for name in os.environ if name.startswith("CRDS_")]:
    del os.environ[_name]
os.environ["CRDS_DEFAULT_CACHE"] = os.path.join(_HOME.name, "no_cache")  # noqa: PTH118
# The official steps would ask a server for their parameters.
os.environ["STPIPE_DISABLE_CRDS_STEPPARS"] = "true"


@pytest.fixture(scope="session", autouse=True)
def _screen(request):
    """Begin on the screen that is there: a command that draws would choose to have none."""
    if os.environ.get("QT_QPA_PLATFORM") == "xcb":
        request.getfixturevalue("qapp")


@pytest.fixture
def qtbot(qapp, request):
    """Return a bot that waits for as long as a slow or busy machine may need."""
    from tests.patience import PatientBot  # noqa: PLC0415 - loads Qt

    return PatientBot(request)


@pytest.fixture(autouse=True)
def _no_thread_is_left_running():
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon]
    for thread in left:
        thread.join(timeout=60)
    left = [t.name for t in left if t.is_alive()]
    assert not left, f"still running after the test: {left}"


@pytest.fixture(autouse=True)
def _no_window_or_timer_is_left(request):
    if "qtbot" not in request.fixturenames and "qapp" not in request.fixturenames:
        yield
        return
    from PyQt6.QtCore import QCoreApplication, QEvent, QTimer  # noqa: PLC0415 - slow

    app = request.getfixturevalue("qapp")

    def running():
        owners = [app, *app.topLevelWidgets()]
        return {t for o in owners for t in o.findChildren(QTimer) if t.isActive()}

    windows, timers = set(app.topLevelWidgets()), running()
    yield
    # What qtbot closed is deleted now, and takes its timers along.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [w for w in app.topLevelWidgets() if w not in windows and w.isVisible()]
    assert not left, f"still open after the test: {left}"
    assert not running() - timers, "a timer still runs after the test"


@pytest.fixture(autouse=True)
def _no_theme_is_left():
    """Commands that draw give the application its colours: no other test finds them."""
    yield
    widgets = sys.modules.get("PyQt6.QtWidgets")
    app = widgets and widgets.QApplication.instance()
    if app is None or not app.styleSheet():
        return
    import pyqtgraph as pg  # noqa: PLC0415 - slow
    from PyQt6.QtGui import QPalette  # noqa: PLC0415 - slow

    app.setStyleSheet("")
    app.setStyle("Fusion")
    app.setPalette(QPalette())
    pg.setConfigOptions(background="k", foreground="d")


@pytest.fixture(autouse=True)
def _widgets_are_collected_in_their_own_thread(request):
    """Leave no widget to a worker, whose compiler makes many objects."""
    if "qtbot" not in request.fixturenames and "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    if gc.get_count()[0] > 200_000:
        gc.collect()
        gc.freeze()
    gc.enable()
