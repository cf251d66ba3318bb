"""Parameters, runs and the worker that makes them: their wiring in the window."""

from dataclasses import replace
from typing import Any, Final

from PyQt6.QtCore import QObject, QSettings

from rampviewer.gui.parameters.parameter_groups import Shape, idle_reasons
from rampviewer.gui.parameters.parameter_panel import ParameterPanel
from rampviewer.gui.parameters.threshold_bar import ThresholdBar
from rampviewer.gui.shell.run_bar import RunBar
from rampviewer.gui.state.live_follower import ImageJob
from rampviewer.gui.state.run_shelf import DELIVERED, recipe_of
from rampviewer.gui.work.background import background_thread
from rampviewer.gui.work.job_runner import JobRunner
from rampviewer.model.exposure import Exposure
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.runs.processing import Tile
from rampviewer.model.runs.run import Recipe, Run
from rampviewer.window.feature import Parts

BACK_TEXT: Final = "Cancelled: back to {}, which was complete."
NONE_TEXT: Final = "Cancelled before {} was complete: {} makes it."
AGAIN: Final = ("Run > As delivered (Ctrl+1)", "Run > Live (Ctrl+2)")
CANCELLED: Final = "cancelled"  # what messages are about
UNFOLDED: Final = "parameters/unfolded"  # in the settings: titles of groups, each a line


class Processing(QObject):
    """The panels that say how an exposure is processed, and the worker."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parameters, self.run_bar = ParameterPanel(), RunBar()
        self.threshold = ThresholdBar()
        self.live = JobRunner(background_thread(), self)
        self._shown = 1  # number of the run on screen
        self.tabs = (("Parameters", self.parameters),)

    def connect(self, parts: Parts) -> None:
        """Connect panels, session and worker."""
        self._session, self._messages = parts.session, parts.messages
        self._image, self._window = parts.image, parts.window
        self._enable(is_open=False)
        self._recall(parts.settings)
        session, live, action = parts.session, self.live, parts.window.action
        # What the user does ...
        self.threshold.threshold_edited.connect(session.set_threshold)
        parts.ramp.threshold_edited.connect(self._set_threshold)
        self.parameters.jump_parameters_edited.connect(session.set_jump_parameters)
        self.parameters.fit_parameters_edited.connect(session.set_fit_parameters)
        self.run_bar.run_chosen.connect(session.show_run)
        action("as_delivered").triggered.connect(lambda: session.show_run(0))
        action("live").triggered.connect(lambda: session.show_run(1))
        action("blink").triggered.connect(lambda: session.show_run(1 - self._shown))
        # ... and what that changes.
        session.exposure_changed.connect(self._show_exposure)
        session.recipe_changed.connect(self._show_recipe)
        session.runs_changed.connect(self.run_bar.show_runs)
        session.runs_changed.connect(self._check_runs)
        session.run_completed.connect(self._complete_image)
        session.job_wanted.connect(live.request)
        live.started.connect(self._show_start)
        live.step_done.connect(self._take)
        live.finished.connect(lambda _job: self.threshold.set_idle())
        live.failed.connect(self._show_failure)
        live.cancelled.connect(self._revert)

    def _recall(self, settings: QSettings) -> None:
        """Fold groups of parameters as they were left, and remember that from now on."""
        panel = self.parameters
        if settings.contains(UNFOLDED):
            panel.set_unfolded(settings.value(UNFOLDED, "", str).split("\n"))
        panel.folding_edited.connect(
            lambda titles: settings.setValue(UNFOLDED, "\n".join(titles))
        )

    def close(self) -> None:
        """End all work."""
        self.live.close()

    def drop(self) -> None:
        """Forget the work in progress: its exposure is closed."""
        self.live.drop()
        self.threshold.set_idle()

    def cancel(self) -> None:
        """End the work in progress and go back to the last complete run; say so."""
        session = self._session
        is_working = self.live.is_busy or not session.is_complete
        self.live.cancel()
        is_back = session.revert()  # also when the pass has not begun yet
        if not is_working or session.exposure is None:
            return
        if is_back and not session.lacks_delivered:
            text = BACK_TEXT.format(session.shown_recipe.title)
            self._messages.show_note(text, CANCELLED)
        else:  # stays: nothing else tells why there is no image
            lacking = DELIVERED if is_back else self._shown
            title = recipe_of(lacking, session.recipe).title
            text = NONE_TEXT.format(title, AGAIN[lacking])
            self._messages.show_work(text, CANCELLED)

    def _enable(self, *, is_open: bool) -> None:
        self.run_bar.setEnabled(is_open)
        for name in ("as_delivered", "live", "blink"):
            self._window.action(name).setEnabled(is_open)
        if not is_open:
            self.threshold.set_enabled_with_reason(False, "Open an exposure first")

    def _show_exposure(self, exposure: Exposure) -> None:
        self._enable(is_open=True)
        prepared = self._session.prepared
        assert prepared is not None
        self.run_bar.set_delivered(has_jumps=prepared.has_delivered_jumps)
        shape = self._shape()
        self.parameters.set_shape(shape.n_ints, shape.n_groups, shape.n_usable_groups)
        self.parameters.set_processed(exposure.keywords.get("S_JUMP") == "COMPLETE")

    def _show_recipe(self, recipe: Recipe) -> None:
        self.run_bar.set_current(self._session.is_complete)
        self.threshold.set_value(recipe.jump.rejection_threshold)
        self.parameters.show_parameters(recipe.jump, recipe.fit)
        reasons = idle_reasons(self._shape(), recipe.jump)
        reason = reasons.get("rejection_threshold", "")
        self.threshold.set_enabled_with_reason(not reason, reason)

    def _shape(self) -> Shape:
        """Return how many integrations, groups and usable groups are open."""
        prepared = self._session.prepared
        assert prepared is not None
        exposure, facts = prepared.exposure, prepared.facts
        return Shape(
            n_ints=exposure.n_ints,
            n_groups=exposure.n_groups,
            n_usable_groups=facts.n_usable_groups,
        )

    def _check_runs(self, _runs: tuple[Run, ...], shown: int) -> None:
        self._shown = shown
        self.run_bar.set_current(self._session.is_complete)
        self._window.action("as_delivered").setChecked(shown == 0)
        self._window.action("live").setChecked(shown == 1)

    def _complete_image(self, _run: Run) -> None:
        self._messages.end("run")
        if self._session.is_complete:  # else large events are still searched for
            self._image.complete_plane()

    def _show_start(self, job: ImageJob) -> None:
        self._messages.end(CANCELLED)
        n_rows = job.prepared.exposure.n_rows
        self.threshold.set_progress(0, n_rows, job.recipe.title)

    def _take(self, job: ImageJob, item: Tile | Delta | Run) -> None:
        if isinstance(item, Tile):
            self.threshold.set_progress(item.n_done, item.n_rows, job.recipe.title)
        self._session.put(job, item)

    def _show_failure(self, job: ImageJob, error: Exception) -> None:
        self.threshold.set_idle()
        is_foreseen = isinstance(error, ValueError | OSError)
        if is_foreseen:
            self._messages.show_error(f"{error}.", "run")
        if job.number == 1 and not self._session.revert():
            self._session.show_run(0)
        self.run_bar.show_failure()
        if not is_foreseen:
            raise error  # reported by the exception hook

    def _revert(self, _job: ImageJob) -> None:
        self.threshold.set_idle()
        self._session.revert()

    def _set_threshold(self, name: str, sigma: float) -> None:
        """Set the threshold of a name, which need not be `rejection_threshold`."""
        change: dict[str, Any] = {name: sigma}
        self._session.set_jump_parameters(replace(self._session.recipe.jump, **change))
