"""The window at work with nobody in front of it: open, look, export, picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PyQt6.QtCore import QEventLoop, QSettings, QTimer

from rampviewer import __version__
from rampviewer.app import Application
from rampviewer.gui.files.export_flow import ExportOrder
from rampviewer.gui.files.picture import save_picture
from rampviewer.gui.shell.main_window import START_SIZE
from rampviewer.gui.shell.qt_application import make_qt_application, without_platform_notes
from rampviewer.gui.widgets.theme import apply_theme
from rampviewer.model.exposure import Pixel
from rampviewer.model.kernels.warm_up import Ready
from rampviewer.model.runs.run import Run
from rampviewer.model.settings.reference_choices import Choice

PRODUCTS = ("jump", "rate", "rateints", "fitopt")
SETTLING_MS = 500
LONGEST_MS = 300_000  # to open and process, and again to export


def demonstrate(
    path: Path, directory: Path, gain: Choice = None, readnoise: Choice = None
) -> list[Path]:
    """Open an exposure in the window, process it, export it and take a picture.

    Returns
    -------
    paths : list of Path
        The four products and the picture of the window, all in `directory`.

    Raises
    ------
    RuntimeError
        When a step failed, with the sentence that the window shows.
    """
    qt = make_qt_application(["rampviewer"], __version__)
    apply_theme(qt, "light")
    # Nobody's settings are used or left behind.
    with without_platform_notes(), TemporaryDirectory() as folder:
        name = str(Path(folder) / "settings.ini")
        application = Application(QSettings(name, QSettings.Format.IniFormat))
        application.window.resize(START_SIZE)
        application.window.show()
        try:
            return _drive(application, path, directory, gain, readnoise)
        finally:
            application.window.close()
            application.settings.sync()


def _drive(
    application: Application, path: Path, directory: Path, gain: Choice, readnoise: Choice
) -> list[Path]:
    session = application.session
    application.open(path, gain, readnoise)
    _wait(application, lambda: session.is_complete and session.ready is not Ready.NOTHING)
    run = session.run
    assert run is not None
    session.set_pixel(telling_pixel(run))
    _settle()
    _wait(application, lambda: not application.processing.live.is_busy)
    picture = directory / "window.png"
    save_picture(application.window, picture)
    assert session.prepared is not None
    order = ExportOrder(
        prepared=session.prepared,
        recipe=session.shown_recipe,
        run=run,
        folder=directory,
        products=PRODUCTS,
        overwrite=True,
    )
    exported: list[Sequence[Path]] = []
    application.exporting.exported.connect(exported.append)
    application.exporting.start(order)
    _wait(application, lambda: bool(exported))
    return [*exported[0], picture]


def telling_pixel(run: Run) -> Pixel:
    """Return a bright pixel with exactly one jump, the centre if there is none."""
    rate = np.where(run.n_jumps == 1, run.rate.slope, -np.inf)
    rate[~np.isfinite(run.rate.slope)] = -np.inf
    if not np.isfinite(rate).any():
        n_rows, n_cols = rate.shape
        return Pixel(n_rows // 2, n_cols // 2)
    # The very brightest one may be anything; the 99th percentile is a ramp to look at.
    finite = np.sort(rate[np.isfinite(rate)])
    wanted = finite[int(0.99 * (finite.size - 1))]
    row, col = np.unravel_index(int(np.argmax(rate == wanted)), rate.shape)
    return Pixel(int(row), int(col))


def _settle() -> None:
    """Let layouts, throttled repaints and statistics come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(SETTLING_MS, loop.quit)
    loop.exec()


def _wait(application: Application, is_done: Callable[[], bool]) -> None:
    """Let the window work until `is_done`, but not after an error or for ever."""
    loop, poll, limit = QEventLoop(), QTimer(), QTimer()
    problems: list[str] = []

    def stop_if_done() -> None:
        if is_done() or problems:
            loop.quit()

    application.messages.error_shown.connect(problems.append)
    application.opening.references_missing.connect(problems.append)
    limit.timeout.connect(lambda: problems.append("it took too long"))
    poll.timeout.connect(stop_if_done)
    poll.start(20)
    limit.start(LONGEST_MS)
    loop.exec()
    if problems:
        raise RuntimeError(problems[0])
