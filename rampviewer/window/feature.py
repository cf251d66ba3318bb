"""What a feature of the window is given, and what the window asks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PyQt6.QtCore import QSettings
from PyQt6.QtWidgets import QWidget

from rampviewer.gui.exposure_line import ExposureLine
from rampviewer.gui.image_panel import ImagePanel
from rampviewer.gui.main_window import MainWindow
from rampviewer.gui.message_bar import MessageBar
from rampviewer.gui.pixel_panel import PixelPanel
from rampviewer.gui.plane_bar import PlaneBar
from rampviewer.gui.ramp_panel import RampPanel
from rampviewer.gui.session import Session
from rampviewer.gui.status_readout import StatusReadout
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
        self.session.set_step(integration, group)
        self.image.bring_into_view(pixel)


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
