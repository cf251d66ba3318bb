"""An image with its bar and what a session draws in it: what both images have in common."""

from functools import partial
from typing import Any

from numpy.typing import NDArray
from PyQt6.QtCore import QSettings

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
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.planes.plane import Plane


def connect_image(
    bar: PlaneBar, panel: ImagePanel, session: Session, source: PlaneSource
) -> None:
    """Let a bar choose what a source of the session draws, and a panel show it."""
    # What the user does ...
    bar.plane_edited.connect(source.set_plane)
    bar.integration_edited.connect(source.set_integration)
    bar.group_edited.connect(source.set_group)
    bar.minus_edited.connect(source.set_minus)
    panel.pixel_clicked.connect(session.set_pixel)
    # ... and what that changes.
    source.plane_changed.connect(partial(_show_step, bar))
    source.image_changed.connect(partial(_show_image, panel, session, source))
    source.rows_changed.connect(panel.update_rows)
    source.pixels_changed.connect(panel.update_pixels)
    source.overlay_changed.connect(panel.show_overlay)
    session.pixel_changed.connect(panel.set_selected)
    session.readout_changed.connect(partial(_read_value, panel))


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


def _show_step(bar: PlaneBar, plane: Plane, integration: int, group: int) -> None:
    bar.set_plane(plane)
    bar.set_integration(integration)
    bar.set_group(group)


def _read_value(panel: ImagePanel, view: PixelView | None, *_step: int) -> None:
    panel.read(None if view is None else view.pixel)


def _show_image(
    panel: ImagePanel,
    session: Session,
    source: PlaneSource,
    values: NDArray[Any],
    plane: Plane,
    heading: str,
) -> None:
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
