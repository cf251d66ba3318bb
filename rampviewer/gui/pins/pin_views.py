"""The pinned pixels, fitted as the run on screen is."""

from collections.abc import Callable
from time import perf_counter

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from rampviewer.gui.ramp.other_rows import PinnedViews
from rampviewer.gui.work.throttle import Throttle
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pins
from rampviewer.model.pixel.pixel_view import PixelView

SLICE = 0.004  # of time for fits, before the window has its turn [s]
SHOWN_MS = 50  # at least, from some that are shown to the next, while others wait


class PinViews(QObject):
    """Keeps the views of pinned pixels up, a few at a time.

    A pixel takes 0.4 ms by least squares, but several by likelihood: twelve of them in one
    go could be felt. While parameters change faster than all are fitted, each pixel gets
    its turn, and the views of the others are a little old. All are shown when they are
    fitted, and some before only now and then: that takes longer than to fit them.

    Parameters
    ----------
    view_of : callable
        Fits a pixel; None while it cannot.

    Signals
    -------
    views_changed
    """

    views_changed = pyqtSignal()

    def __init__(
        self, view_of: Callable[[Pixel], PixelView | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view_of = view_of
        self._pins = Pins()
        self._views: dict[Pixel, PixelView | None] = {}
        self._stale: list[Pixel] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._work)
        self._shown = Throttle(SHOWN_MS, self)
        self._shown.due.connect(self.views_changed)

    @property
    def pinned(self) -> PinnedViews:
        """The pins with what is known of their pixels."""
        return tuple((pin, self._views.get(pin.pixel)) for pin in self._pins.listed)

    def set_pins(self, pins: Pins) -> None:
        """Keep these pixels up from now on; what is known of them stays known."""
        self._pins = pins
        self._views = {pixel: self._views.get(pixel) for pixel in pins.pixels}
        unknown = [pixel for pixel in pins.pixels if self._views[pixel] is None]
        self._want(unknown)

    def renew(self) -> None:
        """Fit all of them anew."""
        self._want(list(self._pins.pixels))

    def forget(self) -> None:
        """Know nothing of any pixel: they are those of another exposure."""
        self._views = {}
        self.renew()

    def stop(self) -> None:
        self._timer.stop()
        self._shown.stop()

    def _want(self, pixels: list[Pixel]) -> None:
        waiting = [pixel for pixel in self._stale if pixel in self._pins.pixels]
        self._stale = list(dict.fromkeys(waiting + pixels))
        if self._stale and not self._timer.isActive():
            self._timer.start(0)

    def _work(self) -> None:
        end = perf_counter() + SLICE
        while self._stale:
            pixel = self._stale.pop(0)
            self._views[pixel] = self._view_of(pixel)
            if perf_counter() > end:
                break
        if self._stale:
            self._timer.start(0)
            self._shown.request()
        else:
            self._shown.stop()
            self.views_changed.emit()
