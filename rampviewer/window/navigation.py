"""Going to a pixel by its numbers, and keeping one on screen whatever the mouse does."""

from PyQt6.QtCore import QObject

from rampviewer.gui.image.place_edit import PlaceEdit
from rampviewer.gui.shell.sentences import outside_sentence
from rampviewer.model.exposure import Pixel
from rampviewer.window.feature import Parts


class Navigation(QObject):
    """The field for x and y, and the key that freezes what the mouse shows."""

    tabs = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = PlaceEdit()
        self._is_frozen = False

    def connect(self, parts: Parts) -> None:
        """Connect the field with session and image."""
        self._parts, action = parts, parts.window.action
        self.place.setEnabled(False)
        action("go_to").setEnabled(False)
        self.place.pixel_entered.connect(self._go)
        self.place.refused.connect(lambda why: parts.messages.show_error(why, "pixel"))
        self.place.left.connect(parts.image.take_keys)
        action("go_to").triggered.connect(self.place.begin)
        action("freeze").toggled.connect(self._freeze)
        parts.image.pixel_hovered.connect(self.hover)
        parts.session.exposure_changed.connect(self._show_exposure)

    def close(self) -> None:
        """Nothing is going on."""

    def hover(self, pixel: Pixel | None) -> None:
        """Show the pixel below the mouse, or none, unless that is frozen."""
        if not self._is_frozen:
            self._parts.session.set_hover(pixel)

    def _freeze(self, is_frozen: bool) -> None:
        self._is_frozen = is_frozen
        self._parts.status.set_frozen(is_frozen)
        if not is_frozen:
            self._parts.session.set_hover(None)

    def _show_exposure(self, _exposure: object) -> None:
        self.place.setEnabled(True)
        self._parts.window.action("go_to").setEnabled(True)
        self._parts.window.action("freeze").setChecked(False)

    def _go(self, pixel: Pixel) -> None:
        session, messages = self._parts.session, self._parts.messages
        exposure = session.exposure
        assert exposure is not None
        if pixel.row < exposure.n_rows and pixel.col < exposure.n_cols:
            session.set_pixel(pixel)
            self._parts.image.bring_into_view(pixel)
        else:
            messages.show_error(outside_sentence(pixel, exposure), "pixel")
