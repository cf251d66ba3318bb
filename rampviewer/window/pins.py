"""Pinned pixels: their list, their ramps and their marks on the image."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QMetaObject, QObject, QSettings, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QWidget,
)

from rampviewer.gui.files.file_work import FileWork
from rampviewer.gui.pins.pin_panel import PinPanel
from rampviewer.gui.pins.pin_views import PinViews
from rampviewer.gui.pins.pixel_list_flow import KEY, PixelListFlow
from rampviewer.gui.work.background import background_thread
from rampviewer.gui.work.call_job import CallJob
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.pins import MOST_PINS, Pins, is_same_place
from rampviewer.model.pixel.pixel_choice import Choice, choose
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.planes.plane import plane_values
from rampviewer.model.runs.run import Run
from rampviewer.window.feature import Parts
from rampviewer.window.files import read_pixel_list, write_pixel_list

ABOUT = "pins"  # of errors
N_PIXELS = "pins/n_pixels"  # in the settings
USES_SPACE = (QAbstractButton, QComboBox, QAbstractItemView)


class PinnedPixels(QObject):
    """Keeps up to twelve pixels on screen, whatever is selected.

    The list outlives a change of parameters or of the run on screen, and another exposure
    whose pixels are the same places of the detector (`is_same_place`): another product or
    another dither of one set-up. An exposure of another detector, shape or subarray
    empties it; "Previous list" brings it back.

    Signals
    -------
    pins_changed : tuple of Pin
        Other pixels are to be marked on every image.
    """

    pins_changed = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel = PinPanel()
        self.tabs = (("Pins", self.panel),)
        self.choosing, self.filing = (
            JobRunner(background_thread(), self) for _ in range(2)
        )
        self.pins, self._previous, self._note = Pins(), Pins(), ""
        self._exposure: Exposure | None = None
        self._run: Run | None = None  # on screen
        self._key: object = None  # of what the views were fitted with
        self._shown: Pixel | None = None  # in the ramp panel
        self._selected: Pixel | None = None
        self._is_hovering = False
        self._focus: QMetaObject.Connection | None = None

    def connect(self, parts: Parts) -> None:
        """Connect the list with image, ramp and session."""
        self._session, self._image = parts.session, parts.image
        self._ramp, self._messages = parts.ramp, parts.messages
        session, panel, window = parts.session, self.panel, parts.window
        self._action = window.action("pin")
        self.views = PinViews(session.view_of, self)
        files = FileWork(self.filing, window, parts.settings, KEY)
        self.files = PixelListFlow(read_pixel_list, write_pixel_list, files)
        self._recall(parts.settings)
        # What the user does ...
        self._action.triggered.connect(lambda: self._toggle(self._shown or self._selected))
        self._clear = window.action("clear_pins")
        self._clear.setEnabled(False)
        self._clear.triggered.connect(lambda: self._set(Pins(), ""))
        window.list_menu("Pins > Lists", panel.menu)
        panel.pin_clicked.connect(lambda: self._toggle(self._selected))
        panel.remove_clicked.connect(self._toggle)
        panel.clear_clicked.connect(lambda: self._set(Pins(), ""))
        panel.pixel_chosen.connect(self._go)
        panel.list_chosen.connect(self._choose)
        panel.previous_clicked.connect(lambda: self._set(self._previous, ""))
        panel.load_clicked.connect(self.files.ask_load)
        panel.save_clicked.connect(
            lambda: self.files.ask_save(self.pins.pixels, self._exposure)
        )
        self._focus = _application().focusChanged.connect(self._adapt_key)
        # ... and what changes.
        session.exposure_changed.connect(self._show_exposure)
        session.recipe_changed.connect(lambda _recipe: self._renew())
        session.runs_changed.connect(self._take_runs)
        session.view_changed.connect(lambda _view: self._renew())
        session.pixel_changed.connect(self._show_selected)
        session.readout_changed.connect(self._follow)
        session.hover_changed.connect(self._follow_mouse)
        self._connect_work(parts)

    def _connect_work(self, parts: Parts) -> None:
        """Take what the workers have made or read."""
        self.pins_changed.connect(parts.image.show_pins)
        self.views.views_changed.connect(self._show)
        self.choosing.step_done.connect(lambda _job, found: self._take(*found))
        self.choosing.failed.connect(self._fail)
        self.files.loaded.connect(self._load)
        self.files.saved.connect(
            lambda path: self._messages.show_note(f"Saved the pinned pixels as {path}.")
        )
        self.files.failed.connect(lambda text: self._messages.show_error(text, ABOUT))

    def _recall(self, settings: QSettings) -> None:
        """Remember how many pixels a list is to have."""
        box = self.panel.n_pixels
        box.setValue(settings.value(N_PIXELS, box.value(), int))
        box.valueChanged.connect(partial(settings.setValue, N_PIXELS))

    def close(self) -> None:
        """End the work; what is being saved is finished first."""
        if self._focus is not None:  # the application outlives the window
            QObject.disconnect(self._focus)
        self.views.stop()
        self.choosing.close()
        self.filing.finish()

    def _toggle(self, pixel: Pixel | None) -> None:
        if pixel is None:
            self._messages.show_note(
                "There is no pixel to pin: move the mouse over the image, or click in it."
            )
            return
        try:
            self._set(self.pins.toggled(pixel), "")
        except ValueError as error:
            self._messages.show_error(str(error), ABOUT)

    def _set(self, pins: Pins, note: str) -> None:
        """Pin other pixels; `note` says which list they are, "" for none in particular."""
        if len(pins.listed) != len(self.pins.listed) + 1:
            self._previous = self.pins if len(self.pins) else self._previous
        self.pins, self._note = pins, note
        self._clear.setEnabled(bool(pins.listed))
        self._messages.end(ABOUT)
        self.pins_changed.emit(pins.listed)
        self.views.set_pins(pins)
        self._show()
        if self._selected is None and pins.listed:
            self._session.set_pixel(pins.listed[0].pixel)  # a ramp to draw the others over

    def _show(self) -> None:
        has_previous = bool(self._previous.listed) and self._previous != self.pins
        self.panel.show_pins(self.views.pinned, self._note, has_previous=has_previous)
        self._ramp.show_pins(self.views.pinned)
        self.panel.show_pixel(self._selected)

    def _choose(self, choice: Choice) -> None:
        """Pin the pixels of a rule, which a worker finds."""
        exposure, values = self._exposure, None
        if exposure is None or (choice.plane is not None and self._run is None):
            return
        if choice.plane is not None:  # a copy: a move of the threshold writes to it
            self._session.settle()
            values = plane_values(exposure, self._run, choice.plane).copy()
        pixeldq = exposure.pixeldq
        self.choosing.request(
            CallJob(lambda: (exposure, choice.text, choose(choice, pixeldq, values)))
        )

    def _take(self, exposure: Exposure, text: str, pixels: Sequence[Pixel]) -> None:
        if exposure is self._exposure:
            self._set(Pins.of(pixels), text)
            if not pixels:
                self._messages.show_note(f"There are none: {text}.")

    def _load(self, path: Path, pixels: Sequence[Pixel]) -> None:
        if self._exposure is None:
            return
        n_rows, n_cols = self._exposure.shape[2:]
        inside = [p for p in pixels if p.row < n_rows and p.col < n_cols]
        if not inside:
            self._messages.show_error(
                f"{path.name}: none of its pixels is inside of {self._exposure.name}, "
                f"which has {n_cols} x {n_rows} pixels.",
                ABOUT,
            )
            return
        self._set(Pins.of(inside), path.name)
        n_outside, n_more = len(pixels) - len(inside), len(inside) - MOST_PINS
        left_out = [
            f"{n_outside} outside of the frame" if n_outside else "",
            f"{n_more} after the first {MOST_PINS}" if n_more > 0 else "",
        ]
        if any(left_out):
            told = " and ".join(text for text in left_out if text)
            self._messages.show_note(f"{path.name}: left out {told}.")

    def _go(self, pixel: Pixel) -> None:
        self._session.set_pixel(pixel)
        self._image.bring_into_view(pixel)

    def _show_exposure(self, exposure: Exposure) -> None:
        before, self._exposure = self._exposure, exposure
        self.choosing.drop()
        self._selected = self._shown = self._run = None
        self.views.forget()
        if before is not None and len(self.pins) and not is_same_place(before, exposure):
            self._set(Pins(), "")
        self._show()
        self._offer()

    def _take_runs(self, runs: tuple[Run, ...], shown: int) -> None:
        # Not asked of the session: a run that was given away is copied before a move.
        self._run = next((run for run in runs if run.number == shown), None)
        self._offer()
        self._renew()

    def _offer(self) -> None:
        has_run = self._run is not None and self._session.is_complete
        self.panel.set_ready(is_open=self._exposure is not None, has_run=has_run)

    def _renew(self) -> None:
        """Fit the pins anew if they would be fitted otherwise now."""
        session, large = self._session, self._run.large if self._run else None
        key = session.prepared, session.shown_recipe, session.ready, large
        if key != self._key:
            self._key = key
            self.views.renew()

    def _show_selected(self, pixel: Pixel | None) -> None:
        self._selected = pixel
        self.panel.show_pixel(pixel)

    def _follow(self, view: PixelView | None, _integration: int, _group: int) -> None:
        self._shown = view.pixel if view is not None else None

    def _follow_mouse(self, view: PixelView | None) -> None:
        if self._is_hovering != (view is not None):
            self._is_hovering = view is not None
            self._adapt_key(None, QApplication.focusWidget())

    def _adapt_key(self, _before: QWidget | None, focus: QWidget | None) -> None:
        """Leave Space to what is pressed by it, unless the mouse points at a pixel."""
        is_taken = isinstance(focus, USES_SPACE) and not self._is_hovering
        context = Qt.ShortcutContext
        self._action.setShortcutContext(
            context.WidgetShortcut if is_taken else context.WindowShortcut
        )

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
