"""The image beside the first one, of any other plane: its wiring in the window."""

from PyQt6.QtCore import QObject

from rampviewer.gui.image.frame_view import Sight
from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.widgets.layouts import settle_layouts
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs.run import Run
from rampviewer.window.feature import Parts
from rampviewer.window.image_source import connect_image, connect_look

EMPTY_TEXT = "Here will be the last group,\nor any other plane"
SECOND = "second_"  # before the names of its plots
LOOK, PLANE = "second_look", "second_plane"  # in the settings


class SecondImage(QObject):
    """A second plane, linked with the first: same place, same pixel, same mouse."""

    tabs = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bar = PlaneBar(of="second image")
        self.panel = ImagePanel(empty_text=EMPTY_TEXT)

    def connect(self, parts: Parts) -> None:
        """Connect bar and panel with the session and the first image."""
        self._parts, self._source = parts, parts.session.second
        self._settings = parts.settings
        session, source, bar, panel = parts.session, self._source, self.bar, self.panel
        connect_look(panel, parts.settings, LOOK)
        source.set_plane(self._remembered())
        connect_image(bar, panel, session, source)
        # What the user does ...
        bar.plane_edited.connect(
            lambda plane: parts.settings.setValue(PLANE, Plane(plane).value)
        )
        panel.pixel_hovered.connect(self._hover)
        first, view = parts.image.view, panel.view
        panel.pixel_hovered.connect(first.hover_mark.move_to)
        parts.image.pixel_hovered.connect(view.hover_mark.move_to)
        view.sight_changed.connect(first.set_sight)
        first.sight_changed.connect(self._follow_sight)
        action = parts.window.action("second_image")
        action.setChecked(parts.window.is_second_shown)
        action.toggled.connect(self._show)
        # ... and what that changes.
        session.exposure_changed.connect(self._begin)
        session.run_completed.connect(self._complete)
        parts.window.paint_begins.connect(panel.view.frame.prepare)
        source.set_on(on=parts.window.is_second_shown)
        self._offer(is_shown=parts.window.is_second_shown)

    def close(self) -> None:
        """Nothing is in progress here."""

    def _remembered(self) -> Plane:
        """Return the plane of the last session."""
        name = self._settings.value(PLANE, Plane.GROUP.value, str)
        return next((plane for plane in Plane if plane.value == name), Plane.GROUP)

    def _follow_sight(self, sight: Sight) -> None:
        if self._source.is_on:  # else it takes the sight when it is shown
            self.panel.view.set_sight(sight)

    def _show(self, is_shown: bool) -> None:
        self._settings.setValue("second_image", is_shown)
        self._parts.window.paint_next_turn()
        self._parts.window.show_second(shown=is_shown)
        settle_layouts()
        self.panel.view.set_sight(self._parts.image.view.sight)
        self._source.set_on(on=is_shown)
        self._offer(is_shown=is_shown)

    def _offer(self, *, is_shown: bool) -> None:
        """Let it be copied and saved while it is there: hidden, it is not kept current."""
        for source in self.panel.plots(SECOND):
            for name in source.commands:
                self._parts.window.action(name).setEnabled(is_shown)

    def _hover(self, pixel: Pixel | None) -> None:
        if not self._parts.window.action("freeze").isChecked():
            self._parts.session.set_hover(pixel, self._source)

    def _begin(self, exposure: Exposure) -> None:
        for image in (self._parts.image, self.panel):
            image.view.hover_mark.move_to(None)  # the pixel may be outside of this one
        self.bar.set_sizes(exposure.n_ints, exposure.n_groups)
        self.panel.limits.forget()
        prepared = self._parts.session.prepared
        self.panel.limits.set_bad(prepared.unusable if prepared is not None else None)

    def _complete(self, _run: Run) -> None:
        if self._parts.session.is_complete and self._source.is_on:
            self.panel.complete_plane()
