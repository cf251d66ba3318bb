"""What a feature of the window is given, and what the window asks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QWidget

from rampviewer.gui.image.image_panel import ImagePanel
from rampviewer.gui.image.plane_bar import PlaneBar
from rampviewer.gui.image.status_readout import StatusReadout
from rampviewer.gui.ramp.ramp_panel import RampPanel
from rampviewer.gui.reasons.pixel_panel import PixelPanel
from rampviewer.gui.shell.exposure_line import ExposureLine
from rampviewer.gui.shell.main_window import MainWindow
from rampviewer.gui.shell.message_bar import MessageBar
from rampviewer.gui.state.session import Session
from rampviewer.model.exposure import Pixel


# A signal refers to what it is connected with weakly.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Parts:
    """What every feature may connect itself to."""

    session: Session
    image: ImagePanel
    plane_bar: PlaneBar
    ramp: RampPanel
    pixel: PixelPanel
    line: ExposureLine
    messages: MessageBar
    status: StatusReadout
    window: MainWindow
    settings: QSettings

    def go(self, pixel: Pixel, integration: int, group: int) -> None:
        """Show a group of a pixel in all panels, the pixel in sight."""
        self.session.set_pixel(pixel)
        self.go_to_step(integration, group)
        self.image.bring_into_view(pixel)

    def go_to_step(self, integration: int, group: int) -> None:
        """Show an integration and a group in all panels, a second image included."""
        self.session.first.set_step(integration, group)
        second = self.session.second
        if second.is_on:  # else it begins with the group that it had
            second.set_step(integration, group)


class Feature(Protocol):
    """One thing that the window can do, with the panels that belong to it."""

    @property
    def tabs(self) -> Sequence[tuple[str, QWidget]]:
        """Titles and panels to stand below the ramp; often none."""
        ...

    def connect(self, parts: Parts) -> None:
        """Connect the panels of the feature with the rest of the window, once."""
        ...

    def close(self) -> None:
        """End all work, as the window closes; finish what is being saved."""
        ...
