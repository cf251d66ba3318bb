"""Composition root: makes every part and connects them; knows every layer."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, QTimer
from PyQt6.QtWidgets import QApplication

from rampviewer import __version__
from rampviewer.gui.files.export_flow import ExportFlow
from rampviewer.gui.files.memory_setting import ask_budget
from rampviewer.gui.files.open_flow import OpenFlow
from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.image.status_readout import StatusReadout
from rampviewer.gui.ramp.ramp_look import remember_ramp_look, remembered_ramp_look
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.gui.reasons.pixel_panel import PixelPanel
from rampviewer.gui.shell.about import show_about
from rampviewer.gui.shell.command_list import show_commands
from rampviewer.gui.shell.exception_hook import install
from rampviewer.gui.shell.exposure_line import ExposureLine
from rampviewer.gui.shell.main_window import MainWindow, Places
from rampviewer.gui.shell.message_bar import MessageBar
from rampviewer.gui.shell.qt_application import make_qt_application
from rampviewer.gui.shell.sentences import opened_sentences, outside_sentence
from rampviewer.gui.state.session import Session
from rampviewer.gui.widgets.layouts import settle_layouts
from rampviewer.gui.widgets.theme import apply_colors, apply_sheet
from rampviewer.gui.work.background import background_thread, leave
from rampviewer.gui.work.collector import Collector
from rampviewer.gui.work.job_runner import Job, JobRunner
from rampviewer.gui.work.switching import switch_often
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.run import DeliveredJumps
from rampviewer.model.settings.reference_choices import Choice, ReferenceChoices
from rampviewer.window.changes import Changes
from rampviewer.window.events import Events
from rampviewer.window.feature import Feature, Parts
from rampviewer.window.files import Loading, crds_state, path_of, read_prepared, write_order
from rampviewer.window.first_use import FirstUse
from rampviewer.window.history import History
from rampviewer.window.image_source import connect_image, connect_look
from rampviewer.window.image_tools import ImageTools
from rampviewer.window.navigation import Navigation
from rampviewer.window.parameters import ParameterFiles
from rampviewer.window.pinned_run import PinnedRun
from rampviewer.window.pins import PinnedPixels
from rampviewer.window.plots import Plots
from rampviewer.window.processing import Processing
from rampviewer.window.reasons import Reasons
from rampviewer.window.regions import RegionFeature
from rampviewer.window.samp import Samp
from rampviewer.window.second_image import SECOND, SecondImage
from rampviewer.window.sheets import Sheets
from rampviewer.window.siblings import Siblings
from rampviewer.window.tables import Tables
from rampviewer.window.theming import THEME, Theming


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
        self._arrived: Prepared | None = None  # to be shown in the next turn
        self._arrival = QTimer(self)
        self._arrival.setSingleShot(True)
        self._arrival.timeout.connect(self._show_arrived)
        self.exposure_line, self.messages = ExposureLine(), MessageBar()
        self.plane_bar, self.image, self.ramp = PlaneBar(), ImagePanel(), RampPanel()
        self.pixel_panel, self.status = PixelPanel(), StatusReadout()
        self.features = self._make_features()
        self.window = MainWindow(self._places(), settings)
        self.session = Session(self)
        self.lanes = tuple(self._lane() for _ in range(3))
        self.preparing, self.reading, self.writing = self.lanes
        self.opening = OpenFlow(
            read_prepared, crds_state, self.reading, self.window, settings
        )
        self.exporting = ExportFlow(
            write_order, path_of, self.writing, self.window, settings
        )
        connect_look(self.image, settings)
        self.ramp.set_look(remembered_ramp_look(settings))
        self._connect_image()
        self._connect_pixel()
        self._connect_files()
        self._connect_window()
        for feature in self.features:
            feature.connect(self._parts())

    def open(
        self,
        path: Path,
        gain: Choice = None,
        readnoise: Choice = None,
        pixel: Pixel | None = None,
        *,
        whole_series: bool = False,
    ) -> None:
        """Open a file, or all segments of its series, and select a pixel of it."""
        given = ReferenceChoices(gain=gain, readnoise=readnoise)
        self.open_with(path, given, pixel, whole_series=whole_series)

    def open_with(
        self,
        path: Path,
        references: ReferenceChoices,
        pixel: Pixel | None = None,
        *,
        whole_series: bool = False,
    ) -> None:
        """Do the same with all that is said about references."""
        self._wanted = None if pixel is None else (path.resolve(), pixel)
        self.opening.open(path, references, whole_series=whole_series)

    def show_prepared(
        self, prepared: Prepared, delivered_jumps: DeliveredJumps | None = None
    ) -> None:
        """Show an exposure that was read; see `Session.set_exposure`."""
        self.window.paint_next_turn()
        self.processing.drop()
        self.messages.clear()
        if prepared.exposure.path is not None:
            self.window.recent.remember(prepared.exposure.path)
        kept = delivered_jumps == "keep"
        if note := opened_sentences(prepared, self.session.recipe, kept=kept):
            self.messages.show_note(note)
        self.image.limits.set_bad(prepared.unusable)
        self.session.set_exposure(prepared, delivered_jumps)
        self._select_wanted(prepared.exposure)
        self.image.take_keys()

    def _take(self, prepared: Prepared) -> None:
        """Give images their places first: the layout is a turn of work by itself."""
        self._arrived = prepared
        self.window.paint_next_turn()
        self.image.make_room()
        if self.window.is_second_shown:
            self.second.panel.make_room()
        settle_layouts()
        self._arrival.start(1)  # one of no time ends in this turn

    def _show_arrived(self) -> None:
        arrived, self._arrived = self._arrived, None
        if arrived is not None:
            self.show_prepared(arrived)

    def close(self) -> None:
        """End all work; what is being exported is finished first."""
        self._arrival.stop()
        self.session.stop()
        self.messages.clear()
        self.preparing.close()
        self.reading.close()
        for feature in self.features:
            feature.close()
        self.writing.finish()

    def _make_features(self) -> tuple[Feature, ...]:
        """Make what the window can do, in the order of the tabs."""
        self.tables, self.processing = Tables(self), Processing(self)
        self.changes = Changes(self)
        self.parameter_files, self.navigation = ParameterFiles(self), Navigation(self)
        self.history, self.regions = History(self), RegionFeature(self)
        self.second = SecondImage(self)
        self.events = Events(self.second, self)
        self.pins, self.siblings = PinnedPixels(self), Siblings(self)
        self.samp = Samp(self)
        tables = self.tables.jumps, self.events.panel
        self.regions.reach((self.second.panel,), tables)
        plots = Plots(self)
        plots.reach((*self.second.panel.plots(SECOND), self.regions.panel.plot()))
        return (
            self.tables,
            self.pins,
            self.regions,
            self.events,
            self.changes,
            self.processing,
            FirstUse(self.processing, self),
            PinnedRun(self.processing.run_bar, self.second.bar, self),
            self.parameter_files,
            self.navigation,
            self.history,
            Reasons(self),
            plots,
            self.second,
            ImageTools(self.second, self),
            Sheets(self),
            Theming(self),
            self.samp,
            self.siblings,
        )

    def _places(self) -> Places:
        return Places(
            top=(self.exposure_line, self.messages),
            image=(self.plane_bar, self.image),
            second=(self.second.bar, self.second.panel),
            ramp=self.ramp,
            tabs=(
                ("Pixel", self.pixel_panel),
                *(tab for feature in self.features for tab in feature.tabs),
            ),
            bottom=(self.processing.run_bar, self.processing.threshold),
            status=(self.navigation.place, self.status),
        )

    def _parts(self) -> Parts:
        return Parts(
            session=self.session,
            image=self.image,
            plane_bar=self.plane_bar,
            ramp=self.ramp,
            pixel=self.pixel_panel,
            line=self.exposure_line,
            messages=self.messages,
            status=self.status,
            window=self.window,
            settings=self.settings,
        )

    def _lane(self) -> JobRunner:
        return JobRunner(background_thread(), self)

    def _connect_image(self) -> None:
        session, bar, image, window = self.session, self.plane_bar, self.image, self.window
        connect_image(bar, image, session, session.first)
        image.visible_rows_changed.connect(session.set_visible_rows)
        window.paint_begins.connect(image.view.frame.prepare)
        window.action("fit").triggered.connect(image.fit)
        window.action("next_group").triggered.connect(lambda: bar.step_group(1))
        window.action("previous_group").triggered.connect(lambda: bar.step_group(-1))
        window.action("next_integration").triggered.connect(lambda: bar.step_integration(1))
        window.action("previous_integration").triggered.connect(
            lambda: bar.step_integration(-1)
        )
        session.exposure_changed.connect(self._show_exposure)

    def _connect_pixel(self) -> None:
        session = self.session
        self.ramp.group_clicked.connect(session.first.set_step)
        self.ramp.look_edited.connect(partial(remember_ramp_look, self.settings))

        session.first.plane_changed.connect(
            lambda _plane, integration, group: self.ramp.set_group(integration, group)
        )
        self.pins.pins_changed.connect(self.second.panel.show_pins)
        session.pixel_changed.connect(lambda _pixel: self.messages.end("pixel"))
        session.view_changed.connect(self.ramp.show_view)
        session.view_changed.connect(self.pixel_panel.show_view)
        session.hover_changed.connect(self.ramp.show_hover)
        session.hover_changed.connect(lambda _view: self.ramp.paint_now())
        session.readout_changed.connect(self.status.show_view)

    def _connect_files(self) -> None:
        window, opening, exporting = self.window, self.opening, self.exporting
        session, messages, settings = self.session, self.messages, self.settings
        sourced = self.parameter_files.sourced
        window.action("open").triggered.connect(opening.ask)
        window.recent.file_chosen.connect(opening.open)
        window.file_dropped.connect(opening.open)
        self.samp.file_received.connect(opening.open)
        window.action("series").setEnabled(False)
        window.action("series").triggered.connect(
            lambda: opening.open_series(session.exposure)
        )
        window.action("references").triggered.connect(
            lambda: opening.ask_references(session.exposure)
        )
        opening.opening.connect(lambda path: messages.show_work(f"Reading {path.name} ..."))
        opening.progressed.connect(messages.show_work)
        opening.references_missing.connect(lambda _sentence: messages.clear())
        opening.opened.connect(self._take)
        opening.failed.connect(messages.show_error)
        window.action("export").triggered.connect(
            lambda: exporting.ask(
                session.prepared, sourced(session.shown_recipe), session.run
            )
        )
        exporting.exporting.connect(lambda: messages.show_work("Exporting ..."))
        exporting.progressed.connect(messages.show_work)
        exporting.told.connect(messages.show_note)
        exporting.failed.connect(messages.show_error)
        window.action("memory").triggered.connect(
            lambda: ask_budget(window, settings, messages.show_error)
        )

    def _connect_window(self) -> None:
        window, session = self.window, self.session
        window.painted.connect(lambda: self.preparing.request(Loading()))
        window.action("cancel").triggered.connect(self._cancel)
        self.processing.threshold.cancel_clicked.connect(self._cancel)
        self.preparing.step_done.connect(lambda _job, ready: session.set_ready(ready))
        self.preparing.failed.connect(self._fail)
        window.action("keys").triggered.connect(
            lambda: show_commands(window.actions_by_name, window.submenus, window)
        )
        window.action("about").triggered.connect(lambda: show_about(window, __version__))
        window.action("quit").triggered.connect(window.close)
        window.closing.connect(self.close)

    def _show_exposure(self, exposure: Exposure) -> None:
        self.exposure_line.show_exposure(exposure)
        self.window.show_title(exposure.name)
        self.window.action("series").setEnabled(exposure.is_segment)
        self.plane_bar.set_sizes(exposure.n_ints, exposure.n_groups)
        self.image.limits.forget()
        self.status.set_sky(exposure.sky)

    def _fail(self, _job: Job, error: Exception) -> None:
        raise error  # reported by the exception hook

    def _cancel(self) -> None:
        if self.opening.cancel():
            self.messages.show_note("Cancelled: nothing was opened.")
            return
        if not self.processing.live.is_busy and self.exporting.cancel():
            self.messages.show_note("Cancelled: nothing was exported.")
            return
        self.processing.cancel()

    def _select_wanted(self, exposure: Exposure) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None or exposure.path is None or wanted[0] != exposure.path.resolve():
            return
        pixel = wanted[1]
        if pixel.row < exposure.n_rows and pixel.col < exposure.n_cols:
            self.session.set_pixel(pixel)
        else:
            self.messages.show_error(outside_sentence(pixel, exposure), "pixel")


def make_application(qt: QApplication, settings: QSettings) -> Application:
    """Return the application, not shown yet, in the colours that are remembered."""
    theme = settings.value(THEME, "system")
    apply_colors(qt, theme)
    application = Application(settings)
    apply_sheet(qt)
    return application


def keep_responsive(application: Application) -> None:
    """Keep the garbage collector and busy threads from halting the window."""
    application.window.closing.connect(switch_often())
    collector = Collector(application)
    application.preparing.finished.connect(lambda _job: collector.keep())
    application.window.closing.connect(collector.close)


def open_window(
    paths: Sequence[Path],
    pixel: Pixel | None,
    references: ReferenceChoices,
    memory_budget: int | None = None,
    *,
    whole_series: bool = False,
) -> int:
    """Show the window, with the first of `paths` in it, until the user closes it.

    Returns
    -------
    code : int
        Exit code of the application.
    """
    qt = make_qt_application(sys.argv[:1], __version__)
    settings = QSettings()
    application = make_application(qt, settings)
    application.opening.memory_budget = memory_budget
    keep_responsive(application)
    install(application.messages.show_error)
    application.window.show()
    if paths:
        application.open_with(paths[0], references, pixel, whole_series=whole_series)
    return leave(int(qt.exec()), settings)
