"""The read-out of the pixel under the mouse."""

import math

from PyQt6.QtGui import QFontDatabase, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from rampviewer.gui.widgets.elided_label import ElidedLabel
from rampviewer.gui.work.later import Later
from rampviewer.model.exposure import Pixel, Sky
from rampviewer.model.pixel.pixel_text import readout
from rampviewer.model.pixel.pixel_view import PixelView
from rampviewer.model.text.sky_text import in_degrees, sexagesimal

EMPTY_TEXT = "| Move the mouse over the image to read a pixel"
TIP = (
    "x and y, group and integration are counted from 0; the rate, the number of jumps and "
    "of segments are those of the whole exposure, the flags those of the group"
)
SKY_TIP = (
    "Right ascension and declination of the middle of the pixel, by the WCS in the header "
    "of the file: hours and degrees, then degrees"
)
LINE_CHARACTERS = 112  # of the read-out, that stay readable beside both notations


class StatusReadout(QWidget):
    """One line of fixed width type: its numbers stay where they are while they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = QLabel()
        self._base.setToolTip("Pixels, groups and integrations are counted from 0")
        self.set_frozen(False)
        self._line = ElidedLabel(EMPTY_TEXT)
        self._line.setToolTip(TIP)
        self._line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._sky: Sky | None = None
        self._wanted: tuple[PixelView | None, int, int] = None, 0, 0
        self._later = Later(self._show, self)  # the ramp has the next picture for itself
        self._place, self._degrees = QLabel(), QLabel()
        for label, name in ((self._place, "RA, Dec"), (self._degrees, "RA, Dec [degree]")):
            label.setFont(self._line.font())
            label.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.addWidget(self._base)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._place)
        layout.addWidget(self._degrees)

    def set_sky(self, sky: Sky | None) -> None:
        """Take what gives the place of a pixel on the sky, or that nothing does."""
        self._sky = sky
        self._show_place(None)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._find_room()

    def show_view(
        self, view: PixelView | None, integration: int = 0, group: int = 0
    ) -> None:
        """Show a pixel at a group, soon; None when no pixel is under the mouse.

        A group or integration that the exposure lacks is taken as its last.
        """
        self._wanted = view, integration, group
        self._later.request()

    def _show(self) -> None:
        view, integration, group = self._wanted
        if view is None:
            self._line.set_text(EMPTY_TEXT, TIP)
            self._show_place(None)
            return
        integration = min(integration, len(view.integrations) - 1)
        group = min(group, view.integrations[integration].signal.size - 1)
        text = readout(view, integration, group)
        self._line.set_text(text, f"{text}\n{TIP}")
        self._show_place(view.pixel)

    def set_frozen(self, is_frozen: bool) -> None:
        """Say whether the mouse changes what is read out."""
        self._base.setText("0-based, frozen (F)" if is_frozen else "0-based")

    def text(self) -> str:
        """Return the whole line, cut or not, as it is or soon will be."""
        self._later.act_now()
        return self._line.text()

    def place(self) -> str:
        """Return the place on the sky, in both notations; "" where there is none."""
        self._later.act_now()
        return f"{self._place.text()} {self._degrees.text()}".strip()

    def _show_place(self, pixel: Pixel | None) -> None:
        place = self._sky(*pixel) if self._sky is not None and pixel is not None else None
        has_place = place is not None and math.isfinite(place[0] + place[1])
        texts = (
            (sexagesimal(*place), in_degrees(*place)) if place and has_place else ("", "")
        )
        for label, text in zip((self._place, self._degrees), texts, strict=True):
            label.setText(text)
            label.setToolTip("\n".join((*texts, SKY_TIP)))
        self._find_room()

    def _find_room(self) -> None:
        """Show degrees as well where the line beside them stays readable."""
        character = self._line.fontMetrics().horizontalAdvance("0")
        room = self.width() - (LINE_CHARACTERS + 50) * character
        self._place.setVisible(bool(self._place.text()))
        self._degrees.setVisible(bool(self._degrees.text()) and room >= 0)
