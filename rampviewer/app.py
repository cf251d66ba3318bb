"""Composition root: makes every part and connects them; knows every layer."""

import gc
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QSettings

from rampviewer import __version__
from rampviewer.gui.about import show_about, show_keys
from rampviewer.gui.exception_hook import install
from rampviewer.gui.export_flow import ExportFlow
from rampviewer.gui.exposure_line import ExposureLine
from rampviewer.gui.image_panel import ImagePanel
from rampviewer.gui.job_runner import Job, JobRunner
from rampviewer.gui.live_follower import ImageJob
from rampviewer.gui.look_settings import remember_look, remembered_look
from rampviewer.gui.main_window import MainWindow, Places
from rampviewer.gui.memory_setting import ask_budget
from rampviewer.gui.message_bar import MessageBar
from rampviewer.gui.open_flow import OpenFlow
from rampviewer.gui.parameter_groups import Shape, idle_reasons
from rampviewer.gui.parameter_panel import ParameterPanel
from rampviewer.gui.picture import ask_picture
from rampviewer.gui.pixel_panel import PixelPanel
from rampviewer.gui.plane_bar import PlaneBar
from rampviewer.gui.qt_application import make_qt_application
from rampviewer.gui.ramp_look import remember_ramp_look, remembered_ramp_look
from rampviewer.gui.ramp_panel import RampPanel
from rampviewer.gui.references_dialog import Choice
from rampviewer.gui.run_bar import RunBar
from rampviewer.gui.sentences import opened_sentences, outside_sentence
from rampviewer.gui.session import Session
from rampviewer.gui.status_readout import StatusReadout
from rampviewer.gui.theme import Theme, apply_theme
from rampviewer.gui.threshold_bar import ThresholdBar
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.live_delta import Delta
from rampviewer.model.planes import Plane
from rampviewer.model.prepared import Prepared
from rampviewer.model.processing import Tile
from rampviewer.model.run import Recipe, Run
from rampviewer.window_files import Loading, path_of, read_prepared, write_order
from rampviewer.window_parameters import ParameterFiles
from rampviewer.window_tables import Tables


class Application(QObject):
    """The window with all its parts.

    Parameters
    ----------
    settings : QSettings
        Where geometry, recent files and folders are remembered.
    """

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.settings = settings
        self._wanted: tuple[Path, Pixel] | None = None  # selected when that file is open
        self.exposure_line, self.messages = ExposureLine(), MessageBar()
        self.plane_bar, self.image, self.ramp = PlaneBar(), ImagePanel(), RampPanel()
        self.pixel_panel, self.parameters = PixelPanel(), ParameterPanel()
        self.run_bar, self.threshold = RunBar(), ThresholdBar()
        self.status, self.tables = StatusReadout(), Tables(self)
        self.window = MainWindow(self._places(), settings)
        self.session = Session(self)
        self.lanes = tuple(self._lane() for _ in range(4))
        self.preparing, self.live, self.reading, self.writing = self.lanes
        self.opening = OpenFlow(read_prepared, self.reading, self.window, settings)
        self.exporting = ExportFlow(
            write_order, path_of, self.writing, self.window, settings
        )
        self.image.set_look(remembered_look(settings))
        self.ramp.set_look(remembered_ramp_look(settings))
        self.parameter_files = ParameterFiles(self.window, self.session, settings)
        self._check_theme(settings.value("theme", "system"))
        self._enable_runs(False)
        self._connect_image()
        self._connect_pixel()
        self._connect_work()
        self._connect_files()
        self.tables.connect(self.session, self.image, self.window, self.messages, settings)
        self.preparing.request(Loading())

    def open(
        self,
        path: Path,
        gain: Choice = None,
        readnoise: Choice = None,
        pixel: Pixel | None = None,
    ) -> None:
        """Open a file and select a pixel of it."""
        self._wanted = None if pixel is None else (path.resolve(), pixel)
        self.opening.open(path, gain, readnoise)

    def close(self) -> None:
        """End all work; what is being exported is finished first."""
        self.session.stop()
        self.messages.clear()
        for lane in (self.preparing, self.live, self.reading):
            lane.close()
        self.parameter_files.close()
        self.tables.close()
        self.writing.finish()

    def _places(self) -> Places:
        return Places(
            top=(self.exposure_line, self.messages),
            image=(self.plane_bar, self.image),
            ramp=self.ramp,
            tabs=(
                ("Pixel", self.pixel_panel),
                ("Segments", self.tables.segments),
                ("Jumps", self.tables.jumps),
                ("Parameters", self.parameters),
            ),
            bottom=(self.run_bar, self.threshold),
            status=self.status,
        )

    def _lane(self) -> JobRunner:
        return JobRunner(ThreadPoolExecutor(max_workers=1), self)

    def _connect_image(self) -> None:
        session, bar, image, window = self.session, self.plane_bar, self.image, self.window
        # What the user does ...
        bar.plane_edited.connect(session.set_plane)
        bar.integration_edited.connect(session.set_integration)
        bar.group_edited.connect(session.set_group)
        bar.overlay_edited.connect(session.set_overlay)
        image.visible_rows_changed.connect(session.set_visible_rows)
        image.look_edited.connect(partial(remember_look, self.settings))
        window.action("fit").triggered.connect(image.fit)
        window.action("next_group").triggered.connect(lambda: bar.step_group(1))
        window.action("previous_group").triggered.connect(lambda: bar.step_group(-1))
        window.action("next_integration").triggered.connect(lambda: bar.step_integration(1))
        window.action("previous_integration").triggered.connect(
            lambda: bar.step_integration(-1)
        )
        # ... and what that changes.
        session.exposure_changed.connect(self._show_exposure)
        session.plane_changed.connect(self._show_step)
        session.image_changed.connect(self._show_image)
        session.rows_changed.connect(image.update_rows)
        session.pixels_changed.connect(image.update_pixels)
        session.overlay_changed.connect(image.show_overlay)
        session.run_completed.connect(self._complete_image)

    def _connect_pixel(self) -> None:
        session, image = self.session, self.image
        image.pixel_clicked.connect(session.set_pixel)
        image.pixel_hovered.connect(session.set_hover)
        self.ramp.group_clicked.connect(session.set_step)
        self.ramp.threshold_edited.connect(self._set_threshold)
        self.ramp.look_edited.connect(partial(remember_ramp_look, self.settings))

        session.pixel_changed.connect(image.set_selected)
        session.pixel_changed.connect(lambda _pixel: self.messages.end_error("pixel"))
        session.view_changed.connect(self.ramp.show_view)
        session.view_changed.connect(self.pixel_panel.show_view)
        session.hover_changed.connect(self.ramp.show_hover)
        session.readout_changed.connect(self.status.show_view)

    def _connect_work(self) -> None:
        session, live, window = self.session, self.live, self.window
        self.threshold.threshold_edited.connect(session.set_threshold)
        self.parameters.jump_parameters_edited.connect(session.set_jump_parameters)
        self.parameters.fit_parameters_edited.connect(session.set_fit_parameters)
        self.run_bar.run_chosen.connect(session.show_run)
        window.action("as_delivered").triggered.connect(lambda: session.show_run(0))
        window.action("live").triggered.connect(lambda: session.show_run(1))
        window.action("cancel").triggered.connect(self._cancel)
        self.threshold.cancel_clicked.connect(self._cancel)

        self.preparing.step_done.connect(lambda _job, ready: session.set_ready(ready))
        self.preparing.failed.connect(self._fail)
        session.recipe_changed.connect(self._show_recipe)
        session.runs_changed.connect(self.run_bar.show_runs)
        session.runs_changed.connect(self._check_runs)
        session.job_wanted.connect(live.request)
        live.started.connect(self._show_start)
        live.step_done.connect(self._take)
        live.finished.connect(lambda _job: self.threshold.set_idle())
        live.failed.connect(self._show_failure)
        live.cancelled.connect(self._revert)

    def _connect_files(self) -> None:
        window, opening, exporting = self.window, self.opening, self.exporting
        session, messages, settings = self.session, self.messages, self.settings
        pars = self.parameter_files
        pars.connect(self.exposure_line, messages)
        window.action("open").triggered.connect(opening.ask)
        window.recent.file_chosen.connect(opening.open)
        window.file_dropped.connect(opening.open)
        window.action("references").triggered.connect(
            lambda: opening.ask_references(session.exposure)
        )
        opening.opening.connect(lambda path: messages.show_work(f"Reading {path.name} ..."))
        opening.progressed.connect(messages.show_work)
        opening.references_missing.connect(lambda _sentence: messages.clear())
        opening.opened.connect(self._open)
        opening.failed.connect(messages.show_error)
        window.action("export").triggered.connect(
            lambda: exporting.ask(
                session.prepared, pars.sourced(session.shown_recipe), session.run
            )
        )
        exporting.exporting.connect(lambda: messages.show_work("Exporting ..."))
        exporting.progressed.connect(messages.show_work)
        exporting.told.connect(messages.show_note)
        exporting.failed.connect(messages.show_error)
        window.action("screenshot").triggered.connect(
            lambda: ask_picture(window, settings, session.exposure)
        )
        window.action("memory").triggered.connect(
            lambda: ask_budget(window, settings, messages.show_error)
        )
        window.action("keys").triggered.connect(lambda: show_keys(window))
        window.action("about").triggered.connect(lambda: show_about(window, __version__))
        for theme in ("system", "light", "dark"):
            window.action(theme).triggered.connect(partial(self._set_theme, theme))
        window.action("quit").triggered.connect(window.close)
        window.closing.connect(self.close)

    def _show_exposure(self, exposure: Exposure) -> None:
        self.exposure_line.show_exposure(exposure)
        self.window.show_title(exposure.name)
        self._enable_runs(True)
        self.plane_bar.set_sizes(exposure.n_ints, exposure.n_groups)
        self.parameters.set_shape(*self._shape())
        self.parameters.set_processed(exposure.keywords.get("S_JUMP") == "COMPLETE")
        self.image.forget_limits()

    def _show_step(self, plane: Plane, integration: int, group: int) -> None:
        self.plane_bar.set_plane(plane)
        self.plane_bar.set_integration(integration)
        self.plane_bar.set_group(group)
        self.ramp.set_group(integration, group)

    def _show_image(self, values: NDArray[Any], plane: Plane, heading: str) -> None:
        self.image.show_plane(
            values,
            heading,
            plane.unit,
            kind=plane.kind,
            is_flags=plane.is_flags,
            is_partial=plane.comes_from_run and not self.session.is_complete,
        )

    def _complete_image(self, _run: Run) -> None:
        self.messages.end_error("run")
        if self.session.is_complete:  # else large events are still searched for
            self.image.complete_plane()

    def _enable_runs(self, is_open: bool) -> None:
        parts = (self.window.action("as_delivered"), self.window.action("live"))
        for part in (self.run_bar, *parts):
            part.setEnabled(is_open)
        if not is_open:
            self.threshold.set_enabled_with_reason(False, "Open an exposure first")

    def _show_recipe(self, recipe: Recipe) -> None:
        self.run_bar.set_current(self.session.is_complete)
        self.threshold.set_value(recipe.jump.rejection_threshold)
        self.parameters.show_parameters(recipe.jump, recipe.fit)
        n_ints, n_groups, n_usable = self._shape()
        shape = Shape(n_ints=n_ints, n_groups=n_groups, n_usable_groups=n_usable)
        reasons = idle_reasons(shape, recipe.jump)
        reason = reasons.get("rejection_threshold", "")
        self.threshold.set_enabled_with_reason(not reason, reason)

    def _shape(self) -> tuple[int, int, int]:
        """Return how many integrations, groups and usable groups are open."""
        prepared = self.session.prepared
        assert prepared is not None
        exposure, facts = prepared.exposure, prepared.facts
        return exposure.n_ints, exposure.n_groups, facts.n_usable_groups

    def _check_runs(self, _runs: tuple[Run, ...], shown: int) -> None:
        self.run_bar.set_current(self.session.is_complete)
        self.window.action("as_delivered").setChecked(shown == 0)
        self.window.action("live").setChecked(shown == 1)

    def _show_start(self, job: ImageJob) -> None:
        n_rows = job.prepared.exposure.n_rows
        self.threshold.set_progress(0, n_rows, job.recipe.title)

    def _take(self, job: ImageJob, item: Tile | Delta | Run) -> None:
        if isinstance(item, Tile):
            self.threshold.set_progress(item.n_done, item.n_rows, job.recipe.title)
        self.session.put(job, item)

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook

    def _show_failure(self, job: ImageJob, error: Exception) -> None:
        self.threshold.set_idle()
        is_foreseen = isinstance(error, ValueError | OSError)
        if is_foreseen:
            self.messages.show_error(f"{error}.", "run")
        if job.number == 1 and not self.session.revert():
            self.session.show_run(0)
        self.run_bar.show_failure()
        if not is_foreseen:
            raise error  # reported by the exception hook

    def _cancel(self) -> None:
        if self.opening.cancel():
            self.messages.show_note("Cancelled: nothing was opened.")
            return
        if not self.live.is_busy and self.exporting.cancel():
            self.messages.show_note("Cancelled: nothing was exported.")
            return
        self.live.cancel()
        self.session.revert()  # also when the pass has not begun yet

    def _revert(self, _job: ImageJob) -> None:
        self.threshold.set_idle()
        self.session.revert()

    def _set_theme(self, theme: Theme) -> None:
        self.settings.setValue("theme", theme)
        self._check_theme(theme)
        apply_theme(make_qt_application([], __version__), theme)

    def _set_threshold(self, name: str, sigma: float) -> None:
        """Set the threshold of a name, which need not be `rejection_threshold`."""
        change: dict[str, Any] = {name: sigma}
        self.session.set_jump_parameters(replace(self.session.recipe.jump, **change))

    def _check_theme(self, theme: str) -> None:
        for name in ("system", "light", "dark"):
            self.window.action(name).setChecked(name == theme)

    def _open(self, prepared: Prepared) -> None:
        self.live.drop()
        self.threshold.set_idle()
        self.messages.clear()
        if prepared.exposure.path is not None:
            self.window.recent.remember(prepared.exposure.path)
        if note := opened_sentences(prepared, self.session.recipe):
            self.messages.show_note(note)
        self.image.set_bad(prepared.unusable)
        self.session.set_exposure(prepared)
        self._select_wanted(prepared.exposure)

    def _select_wanted(self, exposure: Exposure) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or exposure.path is None or wanted[0] != exposure.path.resolve():
            return
        pixel = wanted[1]
        if pixel.row < exposure.n_rows and pixel.col < exposure.n_cols:
            self.session.set_pixel(pixel)
        else:
            self.messages.show_error(outside_sentence(pixel, exposure), "pixel")


def keep_responsive(application: Application) -> None:
    """Keep the garbage collector from halting the window."""
    # It would look through all modules and kernels again and again, for 0.1 s.
    gc.freeze()
    application.preparing.finished.connect(lambda _job: gc.freeze())


def open_window(
    paths: Sequence[Path],
    pixel: Pixel | None,
    gain: Choice,
    readnoise: Choice,
    memory_budget: int | None = None,
) -> int:
    """Show the window, with the first of `paths` in it, until the user closes it.

    Returns
    -------
    code : int
        Exit code of the application.
    """
    qt = make_qt_application(sys.argv[:1], __version__)
    settings = QSettings()
    apply_theme(qt, settings.value("theme", "system"))
    application = Application(settings)
    application.opening.memory_budget = memory_budget
    keep_responsive(application)
    install(application.messages.show_error)
    application.window.show()
    if paths:
        application.open(paths[0], gain, readnoise, pixel)
    return int(qt.exec())
