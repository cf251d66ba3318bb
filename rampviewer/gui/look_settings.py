"""The look of the image, remembered between sessions."""

from PyQt6.QtCore import QSettings

from rampviewer.gui.display_bar import Look
from rampviewer.gui.stretch import Stretch


def remember_look(settings: QSettings, look: Look, section: str = "look") -> None:
    """Keep colour map and peaks for the next session."""
    settings.setValue(f"{section}/color_map", look.color_map)
    settings.setValue(f"{section}/reversed", look.is_reversed)
    settings.setValue(f"{section}/keeps_peaks", look.keeps_peaks)


def remembered_look(settings: QSettings, section: str = "look") -> Look:
    """Return the look of the last session, the default one if there was none.

    Stretches are remembered by themselves, for each kind of plane.
    """
    default = Look()
    try:
        return Look(
            settings.value(f"{section}/color_map", default.color_map, str),
            settings.value(f"{section}/reversed", default.is_reversed, bool),
            default.stretch,
            settings.value(f"{section}/keeps_peaks", default.keeps_peaks, bool),
        )
    except ValueError:  # written by another version
        return default


def remember_stretch(
    settings: QSettings, kind: str, stretch: Stretch, section: str = "look"
) -> None:
    """Keep the stretch of a kind of plane for the next session."""
    settings.setValue(f"{section}/stretches/{kind}", stretch.value)


def remembered_stretches(settings: QSettings, section: str = "look") -> dict[str, Stretch]:
    """Return the stretches that the user chose in earlier sessions, by kind of plane."""
    known = {stretch.value: stretch for stretch in Stretch}
    settings.beginGroup(f"{section}/stretches")
    named = {kind: str(settings.value(kind)) for kind in settings.childKeys()}
    settings.endGroup()
    return {kind: known[name] for kind, name in named.items() if name in known}
