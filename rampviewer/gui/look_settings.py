"""The look of the image, remembered between sessions."""

from PyQt6.QtCore import QSettings

from rampviewer.gui.display_bar import Look
from rampviewer.gui.stretch import Stretch


def remember_look(settings: QSettings, look: Look, section: str = "look") -> None:
    """Keep colour map, stretch and peaks for the next session."""
    settings.setValue(f"{section}/color_map", look.color_map)
    settings.setValue(f"{section}/reversed", look.is_reversed)
    settings.setValue(f"{section}/stretch", look.stretch.value)
    settings.setValue(f"{section}/keeps_peaks", look.keeps_peaks)


def remembered_look(settings: QSettings, section: str = "look") -> Look:
    """Return the look of the last session, the default one if there was none."""
    default = Look()
    try:
        return Look(
            settings.value(f"{section}/color_map", default.color_map, str),
            settings.value(f"{section}/reversed", default.is_reversed, bool),
            Stretch(settings.value(f"{section}/stretch", default.stretch.value, str)),
            settings.value(f"{section}/keeps_peaks", default.keeps_peaks, bool),
        )
    except ValueError:  # written by another version
        return default
