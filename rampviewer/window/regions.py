"""Regions of the window: drawn on the image, averaged in their panel, kept in files."""

from functools import partial
from pathlib import Path
from typing import Any, Final, get_args

from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QSettings
from PyQt6.QtWidgets import QTabWidget

from rampviewer.gui.files.file_work import FileWork
from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.regions.region_flow import KEY, RegionFlow
from rampviewer.gui.regions.region_follower import RegionFollower
from rampviewer.gui.regions.region_panel import RegionPanel
from rampviewer.gui.regions.region_store import RegionStore
from rampviewer.gui.tables.place_table import PlaceTable
from rampviewer.model.exposure import Exposure, Pixel, Sky
from rampviewer.model.planes.plane import Plane
from rampviewer.model.regions.region import KINDS, RegionFile, Regions
from rampviewer.model.regions.region_ramp import Average
from rampviewer.model.regions.region_summary import RegionJob
from rampviewer.model.regions.shapes import Place, Shape
from rampviewer.model.runs.run import Run
from rampviewer.window.feature import Parts
from rampviewer.window.saving import single_lane, table_flow

AVERAGE: Final = "region/average"  # in the settings
SINGLES: Final = "region/single_pixels"
ROOM: Final = {False: "region/numbers", True: "region/numbers_narrow"}  # [pixel]


class RegionFeature(QObject):
    """Panel, store and workers of regions; `connect` ties them to all the rest."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel, self.store = RegionPanel(), RegionStore(self)
        self.lane, self.file_lane, self.table_lane = (single_lane(self) for _ in range(3))
        self.tabs = (("Region", self.panel),)
        self._images: tuple[ImagePanel, ...] = ()
        self._tables: tuple[PlaceTable, ...] = ()
        self._average: Average = "mean"
        self._run: Run | None = None  # on screen
        self._image: tuple[NDArray[Any], Plane, str] | None = None
        self._integration = 0
        self._pixel: Pixel | None = None

    def connect(self, parts: Parts) -> None:
        """Connect panel, store, image, session and menus."""
        self._parts = parts
        self._images = (parts.image, *self._images)
        self._editor = parts.image.regions
        self.follower = RegionFollower(self._source, self.lane, parts.session.settle, self)
        files = FileWork(self.file_lane, parts.window, parts.settings, KEY)
        self.files = RegionFlow(self._read, write_regions, files)
        self.saving = table_flow(self.table_lane, parts)
        self._enable(is_open=False)
        self._recall(parts.settings)
        for image in self._images:
            self._connect_image(image)
        self._connect_regions(parts)
        self._connect_commands(parts)
        self._connect_session(parts)
        self._connect_files(parts)

    def _recall(self, settings: QSettings) -> None:
        """Show regions as they were shown in the last session, and remember how."""
        told = settings.value(AVERAGE, self._average, str)
        self._average = next((a for a in get_args(Average) if a == told), self._average)
        self.panel.set_average(self._average)
        self.panel.set_singles(shown=settings.value(SINGLES, True, bool))
        self.panel.average_edited.connect(partial(settings.setValue, AVERAGE))
        self.panel.singles_edited.connect(partial(settings.setValue, SINGLES))
        for is_narrow, key in ROOM.items():
            if room := settings.value(key, 0, int):
                self.panel.set_room(is_narrow=is_narrow, room=room)
        self.panel.room_edited.connect(
            lambda is_narrow, room: settings.setValue(ROOM[is_narrow], room)
        )

    def reach(self, images: tuple[ImagePanel, ...], tables: tuple[PlaceTable, ...]) -> None:
        """Draw regions on more images than the first, and let tables list what is in one.

        To be called before `connect`.
        """
        self._images, self._tables = images, tables

    def close(self) -> None:
        """End the work; what is being saved is finished first."""
        self.follower.stop()
        self.lane.close()
        self.file_lane.finish()
        self.table_lane.finish()

    def _connect_image(self, image: ImagePanel) -> None:
        editor, store = image.regions, self.store
        editor.shape_drawn.connect(self._add)
        editor.shape_edited.connect(
            lambda number, shape: store.put(store.regions.change(number, shape))
        )
        editor.region_clicked.connect(self._select)
        editor.tool_changed.connect(self._set_tool)
        image.region_tools.tool_edited.connect(self._set_tool)
        store.regions_changed.connect(editor.set_regions)

    def _connect_regions(self, parts: Parts) -> None:
        panel, store = self.panel, self.store
        # What the user does ...
        panel.region_chosen.connect(self._select)
        panel.name_edited.connect(self._rename)
        panel.average_edited.connect(self._set_average)
        panel.delete_clicked.connect(self._delete)
        panel.shown_changed.connect(self.follower.set_wanted)
        panel.plots.set_unit(parts.ramp.look().unit)
        parts.ramp.tools.unit_edited.connect(panel.plots.set_unit)
        # ... and what that changes.
        store.regions_changed.connect(panel.show_regions)
        store.regions_changed.connect(lambda _regions: self.follower.renew())
        store.regions_changed.connect(self._enable_commands)
        for table in self._tables:
            store.regions_changed.connect(
                lambda regions, table=table: table.set_region(regions.current)
            )
        self.follower.outdated.connect(lambda: panel.set_outdated(is_outdated=True))
        self.follower.summary_changed.connect(panel.show_summary)

    def _connect_commands(self, parts: Parts) -> None:
        action, store = parts.window.action, self.store
        for kind in KINDS:
            action(f"draw_{kind}").triggered.connect(partial(self._draw, kind))
            action(f"new_{kind}").triggered.connect(partial(self._make, kind))
        action("next_region").triggered.connect(lambda: store.put(store.regions.step(1)))
        action("previous_region").triggered.connect(
            lambda: store.put(store.regions.step(-1))
        )
        action("delete_region").triggered.connect(self._delete)
        action("unselect_region").triggered.connect(lambda: self._select(-1))
        action("rename_region").triggered.connect(self._ask_name)

    def _connect_session(self, parts: Parts) -> None:
        session, renew = parts.session, self.follower.renew
        session.exposure_changed.connect(self._forget)
        session.runs_changed.connect(self._take_runs)
        session.first.image_changed.connect(self._take_image)
        session.first.plane_changed.connect(self._take_step)
        session.pixel_changed.connect(self._take_pixel)
        session.first.rows_changed.connect(lambda _start, _stop: renew())
        session.first.pixels_changed.connect(lambda _rows, _cols: renew())

    def _connect_files(self, parts: Parts) -> None:
        action, messages, session = parts.window.action, parts.messages, parts.session
        files, saving = self.files, self.saving
        action("load_regions").triggered.connect(files.ask_load)
        action("save_regions").triggered.connect(
            lambda: files.ask_save(self.store.regions, session.exposure)
        )
        files.loaded.connect(self._take_file)
        files.working.connect(messages.show_work)
        files.told.connect(messages.show_note)
        files.failed.connect(messages.show_error)
        self.panel.save_clicked.connect(
            lambda table: saving.ask(table, "region", session.exposure)
        )

    def _read(self, path: Path) -> RegionFile:
        exposure = self._parts.session.exposure
        return read_regions(path, exposure.sky if exposure is not None else None)

    def _source(self) -> RegionJob | None:
        exposure, region = self._parts.session.exposure, self.store.regions.current
        if exposure is None or region is None or self._image is None:
            return None
        values, plane, heading = self._image
        return RegionJob(
            exposure=exposure,
            run=self._run,
            region=region,
            average=self._average,
            values=values,
            plane=plane,
            heading=heading,
            integration=self._integration,
        )

    def _take_runs(self, runs: tuple[Run, ...], shown: int) -> None:
        # Not lent by the session: a run that was given away is copied before a move.
        self._run = next((run for run in runs if run.number == shown), None)
        self.follower.renew()

    def _take_image(self, values: NDArray[Any], plane: Plane, heading: str) -> None:
        self._image = values, plane, heading
        self.follower.renew()

    def _take_step(self, _plane: Plane, integration: int, _group: int) -> None:
        if integration != self._integration:
            self._integration = integration
            self.follower.renew()

    def _take_pixel(self, pixel: Pixel | None) -> None:
        self._pixel = pixel

    def _take_file(self, found: RegionFile) -> None:
        self.store.put(self.store.regions.take(found))
        self._show_panel()

    def _forget(self, _exposure: Exposure) -> None:
        self._run = self._image = None
        self._integration = 0
        self._enable(is_open=True)
        self.panel.show_exposure()
        self.follower.renew()

    def _add(self, shape: Shape) -> None:
        self.store.put(self.store.regions.add(shape))
        self._show_panel()

    def _select(self, number: int) -> None:
        self.store.put(self.store.regions.select(number))

    def _rename(self, name: str) -> None:
        regions = self.store.regions
        self.store.put(regions.rename(regions.selected, name))

    def _ask_name(self) -> None:
        self._show_panel()
        self.panel.edit_name()

    def _delete(self) -> None:
        regions = self.store.regions
        if regions.current is not None:
            self.store.put(regions.remove(regions.selected))

    def _set_average(self, average: Average) -> None:
        self._average = average
        self.follower.renew()

    def _draw(self, kind: str, is_on: bool) -> None:
        self._set_tool(kind if is_on else "")
        if is_on:
            self._parts.image.take_keys()

    def _make(self, kind: str) -> None:
        pixel = self._pixel
        self._editor.make(kind, None if pixel is None else Place(*pixel))
        self._parts.image.take_keys()

    def _set_tool(self, kind: str) -> None:
        for image in self._images:
            image.regions.set_tool(kind)
            image.region_tools.set_tool(kind)
        for name in KINDS:
            self._parts.window.action(f"draw_{name}").setChecked(name == kind)

    def _show_panel(self) -> None:
        """Bring the panel to the front of its tabs."""
        parent = self.panel.parentWidget()
        while parent is not None and not isinstance(parent, QTabWidget):
            parent = parent.parentWidget()
        if parent is not None:
            parent.setCurrentWidget(self.panel)

    def _enable(self, *, is_open: bool) -> None:
        action, tip = self._parts.window.action, "" if is_open else "Open an exposure first"
        for kind in KINDS:
            for part in (action(f"draw_{kind}"), action(f"new_{kind}")):
                part.setEnabled(is_open)
                part.setToolTip(tip or part.text().replace("&", ""))
        self._enable_commands(self.store.regions)

    def _enable_commands(self, regions: Regions) -> None:
        action, is_selected = self._parts.window.action, regions.current is not None
        for name in ("delete_region", "rename_region", "unselect_region"):
            action(name).setEnabled(is_selected)
        for name in ("next_region", "previous_region", "save_regions"):
            action(name).setEnabled(bool(regions.items))


def read_regions(path: Path, sky: Sky | None) -> RegionFile:
    """Return the regions of a file; `sky` tells where pixels are on it."""
    from rampviewer.io.region_files import (  # noqa: PLC0415 - the window comes first
        read_regions as read,
    )

    return read(path, sky)


def write_regions(regions: Regions, path: Path) -> None:
    """Write regions as DS9 does."""
    from rampviewer.io.region_files import (  # noqa: PLC0415 - as above
        write_regions as write,
    )

    write(regions, path)
