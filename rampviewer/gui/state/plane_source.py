"""What one image shows of the runs, kept up with the worker that makes them."""

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, pyqtSignal

from rampviewer.gui.image.stretch import Frame
from rampviewer.gui.state.plane_writer import PlaneWriter
from rampviewer.gui.state.run_shelf import LIVE
from rampviewer.gui.state.scene import Scene
from rampviewer.gui.state.shown_plane import Counted, ShownPlane
from rampviewer.model.live.live_delta import Delta
from rampviewer.model.planes.combined_flags import any_group_flags
from rampviewer.model.planes.plane import Plane, group_flags
from rampviewer.model.runs.prepared import Prepared
from rampviewer.model.runs.processing import Tile
from rampviewer.model.runs.run import Run


class PlaneSource(QObject):
    """Draws one plane of a `Scene`, as long as it is on.

    Signals
    -------
    outdated : bool
        `show` is to be called; True where another plane is to be drawn, which may need
        another run.
    plane_changed : Plane, int, int
        Plane, integration and group that the image shows.
    image_changed : (n_rows, n_cols) array, Plane, str
        Another array is to be shown, under this heading.
    rows_changed : int, int
        Rows [start, stop) of the array shown have new values.
    pixels_changed : (n,) int64, (n,) int64
        So have the pixels in these rows and columns.
    overlay_changed : (n_rows, n_cols) uint8 or None, Dq
        GROUPDQ of the group shown, or of any group where a plane does not depend on
        the group, and the bits of it to draw.
    """

    outdated = pyqtSignal(bool)
    plane_changed = pyqtSignal(object, int, int)
    image_changed = pyqtSignal(object, object, str)
    rows_changed = pyqtSignal(int, int)
    pixels_changed = pyqtSignal(object, object)
    overlay_changed = pyqtSignal(object, object)

    def __init__(
        self, plane: Plane, parent: QObject | None = None, *, is_on: bool = True
    ) -> None:
        super().__init__(parent)
        self._shown = ShownPlane(plane)
        self._is_on = is_on

    @property
    def plane(self) -> Plane:
        return self._shown.plane

    @property
    def integration(self) -> int:
        return self._shown.integration

    @property
    def group(self) -> int:
        return self._shown.group

    @property
    def kind(self) -> str:
        """Key shared by pictures whose values compare, and so by their limits."""
        is_chosen = self._shown.minus is not None and self.plane is Plane.GROUP_DIFFERENCE
        if self._shown.is_against_pinned:
            return f"{self.plane.kind} pinned"
        return f"{self.plane.kind} chosen" if is_chosen else self.plane.kind

    @property
    def is_series(self) -> bool:
        """Whether the picture is one of a series that grows from group to group."""
        return self._shown.is_series

    def ends(self, prepared: Prepared) -> tuple[Frame, ...]:
        """Return the pictures of the first and the last group worth looking at."""
        groups = prepared.usable_ends(self.integration)
        return tuple(self._shown.of_group(prepared.exposure, group) for group in groups)

    @property
    def is_on(self) -> bool:
        """Whether there is an image to draw for."""
        return self._is_on

    def set_on(self, *, on: bool) -> None:
        """Draw from now on, or no longer."""
        if on != self._is_on:
            self._is_on = on
            self._shown.forget_values()
            self.outdated.emit(True)

    def set_plane(self, plane: Plane) -> None:
        self._shown.plane = plane
        self.outdated.emit(True)

    def set_integration(self, integration: int) -> None:
        self.set_step(integration, self.group)

    def set_group(self, group: int) -> None:
        self.set_step(self.integration, group)

    def set_step(self, integration: int, group: int) -> None:
        """Choose another integration and group."""
        if (integration, group) != (self.integration, self.group):
            self._shown.integration, self._shown.group = integration, group
            self.outdated.emit(False)

    def set_minus(self, group: int | None) -> None:
        """Take group differences to a group, or to the one before where it is None."""
        self._shown.minus = group
        if self.plane is Plane.GROUP_DIFFERENCE:
            self.outdated.emit(False)

    def set_pinned(self, run: Run | None) -> None:
        """Compare rates with those of a run that stays as it is; None is as delivered."""
        self._shown.pinned = run
        if self.plane.is_rate_difference:
            self.outdated.emit(True)

    @property
    def needs_delivered(self) -> bool:
        """Whether the run as delivered is needed to draw this."""
        is_compared = self.plane.is_comparison and not self._shown.is_against_pinned
        return self._is_on and is_compared

    def set_changed(self, n_changed: Counted) -> None:
        """Take how many groups of each pixel have other flags than those delivered."""
        self._shown.n_changed = n_changed
        if self.plane is Plane.CHANGED_FLAGS:
            self.outdated.emit(False)

    def begin(self, integration: int, group: int) -> None:
        """Begin with another exposure: what was drawn is gone, nothing is drawn yet."""
        self._shown.forget_pass()
        self._shown.forget_values()
        self._shown.integration, self._shown.group = integration, group
        self._shown.minus = self._shown.n_changed = self._shown.pinned = None

    def forget_pass(self) -> None:
        """Forget the rows of a pass that was given up; they are still drawn."""
        self._shown.forget_pass()

    def show(self, scene: Scene | None) -> None:
        """Draw everything anew."""
        shown = self._shown
        self.plane_changed.emit(shown.plane, shown.integration, shown.group)
        if scene is None or not self._is_on:
            return
        drawn = shown.number_drawn(scene.shown)
        run = scene.run(drawn)
        base = shown.base(scene.base)
        values = shown.compose(scene.prepared.exposure, run, base, drawn)
        self.image_changed.emit(values, shown.plane, shown.heading(drawn))
        self.show_overlay(scene)

    def show_overlay(self, scene: Scene) -> None:
        """Draw the flags above the image anew."""
        if self._is_on:
            self.overlay_changed.emit(self._flags(scene), scene.overlay)

    def put_rows(self, scene: Scene, tile: Tile) -> None:
        """Take rows of a pass in progress."""
        drawn = self._shown.number_drawn(scene.shown)
        exposure = scene.prepared.exposure
        base = self._shown.base(scene.base)
        for band in self._shown.take(exposure, tile, base, drawn):
            self.rows_changed.emit(*band)

    def put_pixels(self, scene: Scene, delta: Delta) -> None:
        """Take the pixels that a move of the live run changed."""
        shown = self._shown
        if shown.number_drawn(scene.shown) != LIVE:
            return
        if shown.is_passing(LIVE):  # rows of a pass that was given up
            shown.forget_pass()
            self.show(scene)
        base = shown.base(scene.base)
        if places := shown.touch(scene.prepared.exposure, delta, base):
            self.pixels_changed.emit(*places)

    def complete(self, scene: Scene, number: int) -> None:
        """Take that a run of this number is complete."""
        self._shown.forget_pass(number)
        is_drawn = number == scene.shown == LIVE  # row after row, or where it has moved
        if self.plane.is_comparison and not is_drawn:
            self.show(scene)

    def _flags(self, scene: Scene) -> NDArray[np.uint8] | None:
        if not scene.overlay:
            return None
        shown, prepared = self._shown, scene.prepared
        run = scene.run(scene.shown)
        if shown.plane.has_group:
            return group_flags(prepared.exposure, run, shown.integration, shown.group)
        integration = shown.integration if shown.plane.has_integration else None
        return any_group_flags(prepared.any_group, run, integration)


class PlaneSources:
    """What is drawn: an image, and a second one beside it while that is on.

    Flags above a run that has moved are drawn once `writer` has settled, which nobody
    waits for.
    """

    def __init__(self, writer: PlaneWriter, parent: QObject) -> None:
        self._writer = writer
        self._late: Scene | None = None  # whose flags are still to be drawn
        writer.settled.connect(self._catch_up)
        self.first = PlaneSource(Plane.RATE, parent)
        self.second = PlaneSource(Plane.GROUP, parent, is_on=False)
        self._both = (self.first, self.second)

    @property
    def need_delivered(self) -> bool:
        """Whether the run as delivered is needed to draw them."""
        return any(source.needs_delivered for source in self._both)

    def begin(self, prepared: Prepared) -> None:
        """Begin with another exposure: the second with the last group worth looking at."""
        self._late = None
        self.first.begin(0, 0)
        self.second.begin(0, prepared.last_usable_group(0))

    def forget_pass(self) -> None:
        for source in self._both:
            source.forget_pass()

    def show(self, scene: Scene | None) -> None:
        self._late = None
        for source in self._both:
            source.show(scene)

    def show_overlay(self, scene: Scene) -> None:
        self._late = None
        for source in self._both:
            source.show_overlay(scene)

    def put_rows(self, scene: Scene, tile: Tile) -> None:
        for source in self._both:
            source.put_rows(scene, tile)

    def put_pixels(self, scene: Scene, delta: Delta) -> None:
        for source in self._both:
            source.put_pixels(scene, delta)

    def complete(self, scene: Scene, number: int) -> None:
        for source in self._both:
            source.complete(scene, number)
        if number == scene.shown:
            self._late = scene
            if self._writer.is_settled or not scene.overlay:
                self._catch_up()

    def _catch_up(self) -> None:
        if self._late is not None:
            self.show_overlay(self._late)
