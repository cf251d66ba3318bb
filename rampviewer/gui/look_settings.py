"""The look of the image, remembered between sessions."""

from PyQt6.QtCore import QSettings

from rampviewer.gui.display_bar import Look
from rampviewer.gui.stretch import Stretch


def remember_look(settings: QSettings, look: Look) -> None:
    """Keep colour map, stretch and peaks for the next session."""
    settings.setValue("look/color_map", look.color_map)
    settings.setValue("look/reversed", look.is_reversed)
    settings.setValue("look/stretch", look.stretch.value)
    settings.setValue("look/keeps_peaks", look.keeps_peaks)


def remembered_look(settings: QSettings) -> Look:
    """Return the look of the last session, the default one if there was none."""
    default = Look()
    try:
        return Look(
            settings.value("look/color_map", default.color_map, str),
            settings.value("look/reversed", default.is_reversed, bool),
            Stretch(settings.value("look/stretch", default.stretch.value, str)),
            settings.value("look/keeps_peaks", default.keeps_peaks, bool),
        )
    except ValueError:  # written by another version
        return default
