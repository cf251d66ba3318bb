"""The one object of the window that changes."""

from dataclasses import replace
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.core.dq import Dq
from rampviewer.gui.state.live_follower import ImageJob
from rampviewer.gui.state.pixel_focus import PixelFocus
from rampviewer.gui.state.plane_source import PlaneSource, PlaneSources
from rampviewer.gui.state.plane_writer import PlaneWriter
from rampviewer.gui.state.run_shelf import DELIVERED, LIVE, RunShelf, recipe_of
from rampviewer.gui.state.scene import Scene
from rampviewer.gui.work.throttle import Throttle
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.kernels.warm_up import Ready
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.live.live_job import LiveJob
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.runs.large_events import LargeLayer
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import Tile
from rampviewer.model.runs.run import DeliveredJumps, Recipe, Run
from rampviewer.model.settings.parameters import JumpParameters, RampFitParameters

THROTTLE_MS = 15


class Session(QObject):
    """Holds what is open, and says when it changes.

    Run 0 has the flags as delivered; run 1 is live: it follows the parameters.

    Signals
    -------
    exposure_changed : Exposure
    recipe_changed : Recipe
    pixel_changed : Pixel or None
        The selected pixel.
    view_changed : PixelView or None
        The selected pixel, fitted with the parameters as they are.
    hover_changed : PixelView or None
        The pixel under the mouse.
    readout_changed : PixelView or None, int, int
        The pixel to read out, hovered or else selected, with integration and group.
    runs_changed : tuple of Run, int
        Complete runs, and the number of the one shown. To read from planes `settle` first.
    run_completed : Run
        The image shows one complete run again.
    job_wanted : LiveJob or ProcessJob
        The image no longer fits the parameters.
    """

    exposure_changed = pyqtSignal(object)
    recipe_changed = pyqtSignal(object)
    pixel_changed = pyqtSignal(object)
    view_changed = pyqtSignal(object)
    hover_changed = pyqtSignal(object)
    readout_changed = pyqtSignal(object, int, int)
    runs_changed = pyqtSignal(object, int)
    run_completed = pyqtSignal(object)
    job_wanted = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf: RunShelf | None = None  # with an exposure
        self._writer = PlaneWriter(self)  # to the planes of runs
        self._recipe = Recipe(jump=JumpParameters(), fit=RampFitParameters())
        self._shown = LIVE
        self._needs_delivered = False
        self._sources = PlaneSources(self._writer, self)
        self.first, self.second = self._sources.first, self._sources.second
        self._read_from = self.first  # where the mouse is
        self._overlay = Dq(0)
        self._focus = PixelFocus()
        self._visible_rows = (0, 0)
        self._edits = Throttle(THROTTLE_MS, self)  # a drag gets frames while it lasts
        self._edits.due.connect(self._want_job)
        for source in (self.first, self.second):
            source.outdated.connect(partial(self._show, source))

    @property
    def exposure(self) -> Exposure | None:
        return self._shelf.prepared.exposure if self._shelf else None

    @property
    def prepared(self) -> Prepared | None:
        return self._shelf.prepared if self._shelf else None

    @property
    def runs(self) -> dict[int, Run]:
        """The complete runs by their number; not all need be of what is set now."""
        self.settle()
        return self._runs

    @property
    def recipe(self) -> Recipe:
        return self._recipe

    @property
    def shown_recipe(self) -> Recipe:
        """The recipe of the run on screen."""
        return recipe_of(self._shown, self._recipe)

    @property
    def pixel(self) -> Pixel | None:
        """The selected one."""
        return self._focus.selected

    @property
    def step(self) -> tuple[int, int]:
        """Integration and group that the image shows."""
        return self.first.integration, self.first.group

    @property
    def ready(self) -> Ready:
        """Which kernels can be used without waiting for a compiler."""
        return self._focus.ready

    @property
    def run(self) -> Run | None:
        """The complete run of what is set, to keep; None while it is being made."""
        if self._shelf is None or not self.is_complete:
            return None
        return self._shelf.lend(self._shown)

    @property
    def both(self) -> tuple[Run, Run] | None:
        """The runs as delivered and live, once they are complete; `settle` to read them."""
        is_there = self._is_current(DELIVERED) and self._is_current(LIVE)
        return (self._runs[DELIVERED], self._runs[LIVE]) if is_there else None

    @property
    def is_complete(self) -> bool:
        """Whether what is on screen is the complete run of what is set."""
        return self._is_current(self._shown)

    @property
    def lacks_delivered(self) -> bool:
        """Whether an image is a difference to the run as delivered, which is not there."""
        return self._sources.need_delivered and not self._is_current(DELIVERED)

    def set_exposure(
        self, prepared: Prepared, delivered_jumps: DeliveredJumps | None = None
    ) -> None:
        """Open another exposure: runs, selection and steps of the old one are gone.

        The live run starts without jumps that were delivered, unless told otherwise.
        """
        self._shelf, self._shown = RunShelf(prepared, self._writer), LIVE
        self._sources.begin(prepared)
        self._focus.selected = self._focus.hovered = None
        fresh: DeliveredJumps = "drop" if prepared.has_delivered_jumps else "keep"
        self._recipe = replace(self._recipe, delivered_jumps=delivered_jumps or fresh)
        self.exposure_changed.emit(prepared.exposure)
        self.recipe_changed.emit(self._recipe)
        self.pixel_changed.emit(None)
        self._show_planes()
        self._show_pixel()
        self._tell_runs()
        self._want_next()  # the live run; that as delivered follows where it differs

    def set_threshold(self, sigma: float) -> None:
        self.set_jump_parameters(replace(self._recipe.jump, rejection_threshold=sigma))

    def set_jump_parameters(self, jump: JumpParameters) -> None:
        self._set_recipe(replace(self._recipe, jump=jump))

    def set_fit_parameters(self, fit: RampFitParameters) -> None:
        self._set_recipe(replace(self._recipe, fit=fit))

    def set_pixel(self, pixel: Pixel) -> None:
        """Select a pixel; it is shown until the mouse comes to another one."""
        self._focus.selected, self._focus.hovered = pixel, None
        self._show_pixel()  # first: the hand waits for the ramp
        self.pixel_changed.emit(pixel)

    def set_hover(self, pixel: Pixel | None, source: PlaneSource | None = None) -> None:
        """Look at a pixel, or none; it is read out at the step of `source`."""
        if pixel != self._focus.hovered:
            self._read_from = source or self.first
            self._focus.hovered = pixel
            self._focus.fit_hovered(self.prepared, self.shown_recipe, self._large())
            self.hover_changed.emit(self._focus.hover_view)
            self._read_out()

    def set_overlay(self, bits: Dq) -> None:
        """Draw these bits above the image: of the group shown, or of any group."""
        self._overlay = bits
        if self._shelf is not None:
            self._sources.show_overlay(self._scene())

    def need_delivered(self, *, needed: bool) -> None:
        """Have the run as delivered made and kept up, or only when it is shown."""
        self._needs_delivered = needed
        self._want_next()

    def view_of(self, pixel: Pixel) -> PixelView | None:
        """Return any pixel, fitted as the run on screen is; None while none can be."""
        return self._focus.view_of(pixel, self.prepared, self.shown_recipe, self._large())

    def set_ready(self, ready: Ready) -> None:
        """From now on pixels can be fitted that these kernels are enough for."""
        self._focus.ready = ready
        self._show_pixel()

    def set_visible_rows(self, start: int, stop: int) -> None:
        """Remember which rows are on screen: a pass begins with them."""
        self._visible_rows = (start, stop)

    def show_run(self, number: int) -> None:
        """Show run 0 (as delivered) or 1 (live); a missing one is made first."""
        self._shown = number
        self._tell_runs()
        self._show_planes()
        self._show_pixel()
        if not self.is_complete:
            self._want_next()

    def put(self, job: ImageJob, item: Tile | Delta | Run) -> None:
        """Take what the worker has, unless it belongs to an exposure that is closed."""
        if job.prepared is not self.prepared:
            return
        if isinstance(job, LiveJob) and isinstance(item, Delta):
            self._put_delta(job, item)
        elif isinstance(item, Run):
            self._put_run(item)
        elif isinstance(item, Tile):
            self._sources.put_rows(self._scene(), item)

    def stop(self) -> None:
        """Want no more work: the window closes."""
        self._edits.stop()
        self._writer.close()

    def settle(self) -> None:
        """Wait until the runs told of last have all their values."""
        self._writer.settle()

    def revert(self) -> bool:
        """Go back to the parameters and the image of the last complete live run.

        Returns
        -------
        found : bool
            Whether there is one; else the parameters stay as they are.
        """
        self._edits.stop()
        self._sources.forget_pass()
        if self._shelf is not None:
            self._shelf.begin_anew()
        run = self._runs.get(LIVE)
        if run is not None:
            if self._shown not in self._runs:
                self._shown = LIVE
                self._tell_runs()
            if run.recipe != self._recipe:
                self._recipe = run.recipe
                self.recipe_changed.emit(self._recipe)
            self._show_pixel()
        self._show_planes()
        return run is not None

    def _set_recipe(self, recipe: Recipe) -> None:
        if recipe == self._recipe:
            return
        self._recipe = recipe
        self.recipe_changed.emit(recipe)
        if self._shown != LIVE:
            self._shown = LIVE
            self._tell_runs()
            self._show_planes()
        self._show_pixel()
        self._edits.request()

    def _want_job(self) -> None:
        if self._shown == LIVE:  # also when it is complete: the pass of another may go on
            self._want_run(LIVE)
        else:
            self._want_next()

    def _want_next(self) -> None:
        """Want the run shown or else the other one, if that is needed and not there."""
        if self._shelf is None:
            return
        needed = self._needs_delivered or self._sources.need_delivered
        number = self._shelf.missing(self._shown, self._recipe, needs_delivered=needed)
        if number is not None:
            self._want_run(number)

    def _want_run(self, number: int) -> None:
        if self._shelf is None:
            return
        if job := self._shelf.job(number, self._recipe, self._visible_rows):
            self.job_wanted.emit(job)

    def _is_current(self, number: int) -> bool:
        return self._shelf is not None and self._shelf.is_current(number, self._recipe)

    def _tell_runs(self) -> None:
        runs = tuple(self._runs[number] for number in sorted(self._runs))
        self.runs_changed.emit(runs, self._shown)

    def _put_delta(self, job: LiveJob, delta: Delta) -> None:
        """Take a move of the live run, unless that is another one by now."""
        shelf = self._shelf
        if shelf is None or not shelf.is_followed(job):
            return
        run = shelf.follow(delta)
        if run is None:
            self._want_run(LIVE)
            return
        if delta.pixels is not None:
            self._runs[LIVE] = run
            self._sources.put_pixels(self._scene(), delta)
        self._put_run(run)

    def _put_run(self, run: Run) -> None:
        self._runs[run.number] = run
        self._tell_runs()
        self._sources.complete(self._scene(), run.number)
        if run.number == self._shown:
            if run.large is not None:
                self._show_pixel()
            self.run_completed.emit(run)
        if not run.is_large_stale:  # else the same job goes on with a search for them
            self._want_next()

    def _scene(self) -> Scene:
        """Return what there is to draw; there must be an exposure."""
        assert self._shelf is not None
        return self._shelf.scene(self._shown, self._recipe, self._overlay)

    @property
    def _runs(self) -> dict[int, Run]:
        """The complete runs; their planes may still be written to."""
        return self._shelf.runs if self._shelf else {}

    def _show_planes(self) -> None:
        self._sources.show(self._scene() if self._shelf else None)
        self._read_out()

    def _show(self, source: PlaneSource, is_other: bool) -> None:
        source.show(self._scene() if self._shelf else None)
        self._read_out()
        if is_other and self.lacks_delivered:
            self._want_next()

    def _show_pixel(self) -> None:
        self._focus.fit(self.prepared, self.shown_recipe, self._large())
        self.view_changed.emit(self._focus.selected_view)
        self.hover_changed.emit(self._focus.hover_view)
        self._read_out()

    def _read_out(self) -> None:
        source = self._read_from if self._read_from.plane.has_group else self.first
        step = source.integration, source.group
        self.readout_changed.emit(self._focus.read_out, *step)

    def _large(self) -> LargeLayer | None:
        """Return the snowballs and showers of the last run that looked for them."""
        run = self._runs.get(self._shown)
        wanted = self._recipe.jump.expand_large_events or self._recipe.jump.find_showers
        return run.large if run is not None and wanted else None
