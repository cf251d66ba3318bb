"""`rampviewer.view`: the window on an exposure that is in memory."""

import sys
from typing import Any, Final

from PyQt6.QtCore import QSettings

from rampviewer import __version__
from rampviewer.api import Result
from rampviewer.app import Application, keep_responsive, make_application
from rampviewer.display import has_display
from rampviewer.gui.shell.exception_hook import install
from rampviewer.gui.shell.qt_application import make_qt_application
from rampviewer.gui.state.run_shelf import DELIVERED
from rampviewer.io.sky import with_checked_sky
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pixel.place import pixel_at
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.settings.checks import require


class _Windows:
    """Keeps the windows that are open, and the hook for errors that was there before."""

    def __init__(self) -> None:
        self._open: list[Application] = []
        self._hook = sys.excepthook

    def add(self, application: Application) -> None:
        """Keep a window until it is closed; it shows the errors that nobody catches."""
        if not self._open:
            self._hook = sys.excepthook
        self._open.append(application)
        install(application.messages.show_error)
        application.window.closing.connect(lambda: self._remove(application))

    def _remove(self, application: Application) -> None:
        if application in self._open:
            self._open.remove(application)
        if self._open:
            install(self._open[-1].messages.show_error)
        else:
            sys.excepthook = self._hook


_WINDOWS: Final = _Windows()


def view(
    source: Exposure | Result, x: int | None = None, y: int | None = None
) -> Application:
    """Open the window on an exposure.

    From IPython and Jupyter it returns at once, and the window stays alive beside the
    prompt; in a script it returns when the window is closed.

    Parameters
    ----------
    source : Exposure or Result
        A result brings its parameters along, and whether delivered jumps stay.
    x, y : int, optional
        Column and row of the pixel to select, counted from 0.

    Returns
    -------
    application : Application
        `.window.close()` closes it.

    Raises
    ------
    TypeError
        When `source` is something else, or `x` or `y` no whole number.
    ValueError
        When the pixel is not in the exposure, or only one of both is given.
    RuntimeError
        When there is no display.
    """
    exposure = source.exposure if isinstance(source, Result) else source
    require("source", exposure, Exposure, "rampviewer.open('x_ramp.fits')")
    pixel = _checked(exposure, x, y)
    if not has_display():
        raise RuntimeError("there is no display to open a window on")
    prompt = _beside_prompt()
    qt = make_qt_application(sys.argv[:1], __version__)
    application = make_application(qt, QSettings())
    keep_responsive(application)
    _WINDOWS.add(application)
    application.window.show()
    recipe = source.run.recipe if isinstance(source, Result) else None
    is_skipped = recipe is not None and recipe.delivered_jumps == "as_delivered"
    kept = None if recipe is None or is_skipped else recipe.delivered_jumps
    application.show_prepared(Prepared.of(with_checked_sky(exposure)), kept)
    if recipe is not None:
        application.session.set_jump_parameters(recipe.jump)
        application.session.set_fit_parameters(recipe.fit)
    if is_skipped:
        application.session.show_run(DELIVERED)
    if pixel is not None:
        application.session.set_pixel(pixel)
    if not prompt:
        qt.exec()
    return application


def _checked(exposure: Exposure, x: int | None, y: int | None) -> Pixel | None:
    if x is None and y is None:
        return None
    if x is None or y is None:
        raise ValueError(f"a pixel needs both x and y, got x={x} and y={y}")
    return pixel_at(exposure, x, y)


def _beside_prompt() -> bool:
    """Let the prompt of IPython serve windows too; return whether there is one."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return False
    shell.enable_gui("qt6")
    return True
