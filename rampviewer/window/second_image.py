"""The image beside the first one, of any other plane: its wiring in the window."""

from functools import partial
from typing import Any

from numpy.typing import NDArray
from PyQt6.QtCore import QObject, QSettings

from rampviewer.gui.image.frame_view import Sight
from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.image.look_settings import (
    remember_hold,
    remember_limits,
    remember_look,
    remember_stretch,
    remembered_hold,
    remembered_limits,
    remembered_look,
    remembered_stretches,
)
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.image.usual_looks import usual_look
from rampviewer.gui.state.plane_source import PlaneSource
from rampviewer.gui.state.session import Session
from rampviewer.gui.widgets.layouts import settle_layouts
from rampviewer.model.exposure import Exposure, Pixel
from rampviewer.model.planes.plane import Plane
from rampviewer.model.runs.run import Run
from rampviewer.window.feature import Parts

EMPTY_TEXT = "Here will be the last group,\nor any other plane"
LOOK, PLANE = "second_look", "second_plane"  # in the settings


def show_image(
    panel: ImagePanel,
    session: Session,
    source: PlaneSource,
    values: NDArray[Any],
    plane: Plane,
    heading: str,
) -> None:
    """Show what a source of a session draws."""
    prepared = session.prepared
    ends = (
        partial(source.ends, prepared)
        if prepared is not None and source.is_series
        else None
    )
    panel.show_plane(
        values,
        heading,
        plane.unit,
        kind=source.kind,
        is_flags=plane.is_flags,
        usual=usual_look(plane),
        is_partial=plane.comes_from_run and not session.is_complete,
        ends=ends,
        none_text=plane.none_text,
    )


def connect_look(panel: ImagePanel, settings: QSettings, section: str = "look") -> None:
    """Give a panel the look of the last session, and remember what becomes of it."""
    panel.set_look(remembered_look(settings, section))
    panel.set_stretches(remembered_stretches(settings, section))
    panel.look_edited.connect(lambda look: remember_look(settings, look, section))
    panel.stretch_edited.connect(
        lambda kind, stretch: remember_stretch(settings, kind, stretch, section)
    )
    limits = panel.limits
    limits.set_chosen(
        remembered_limits(settings, section), is_holding=remembered_hold(settings, section)
    )
    limits.limits_chosen.connect(
        lambda kind, chosen: remember_limits(settings, kind, chosen, section)
    )
    limits.hold_chosen.connect(
        lambda is_holding: remember_hold(settings, is_holding=is_holding, section=section)
    )


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
        # What the user does ...
        bar.plane_edited.connect(source.set_plane)
        bar.plane_edited.connect(
            lambda plane: parts.settings.setValue(PLANE, Plane(plane).value)
        )
        bar.integration_edited.connect(lambda i: source.set_step(i, source.group))
        bar.group_edited.connect(lambda group: source.set_step(source.integration, group))
        bar.minus_edited.connect(source.set_minus)
        panel.pixel_clicked.connect(session.set_pixel)
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
        source.plane_changed.connect(self._show_step)
        source.image_changed.connect(partial(show_image, panel, session, source))
        source.rows_changed.connect(panel.update_rows)
        source.pixels_changed.connect(panel.update_pixels)
        source.overlay_changed.connect(panel.show_overlay)
        session.run_completed.connect(self._complete)
        session.pixel_changed.connect(panel.set_selected)
        source.set_on(on=parts.window.is_second_shown)

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

    def _show_step(self, plane: Plane, integration: int, group: int) -> None:
        self.bar.set_plane(plane)
        self.bar.set_integration(integration)
        self.bar.set_group(group)

    def _complete(self, _run: Run) -> None:
        if self._parts.session.is_complete and self._source.is_on:
            self.panel.complete_plane()
