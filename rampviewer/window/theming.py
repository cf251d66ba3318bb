"""Light, dark, or as the desktop has it: the wiring of the theme."""

from functools import partial
from typing import Final

from PyQt6.QtCore import QObject

from rampviewer import __version__
from rampviewer.gui.shell.qt_application import make_qt_application, style_hints
from rampviewer.gui.widgets.theme import Theme
from rampviewer.gui.widgets.theme_change import ThemeChange
from rampviewer.window.feature import Parts

THEME: Final = "theme"  # in the settings
THEMES: Final[tuple[Theme, ...]] = ("system", "light", "dark")


class Theming(QObject):
    """Follows the menu, and the desktop where the user leaves it to that."""

    tabs = ()

    def connect(self, parts: Parts) -> None:
        """Connect the menu and the desktop with the colours of the window."""
        self._parts = parts
        self.change = ThemeChange(make_qt_application([], __version__), self)
        for theme in THEMES:
            parts.window.action(theme).triggered.connect(partial(self._choose, theme))
        hints = style_hints(__version__)
        self._following = hints.colorSchemeChanged.connect(self._follow_desktop)
        self._take(parts.settings.value(THEME, "system"))

    def close(self) -> None:
        """Follow the desktop no more."""
        QObject.disconnect(self._following)
        self.change.finish()

    def _choose(self, theme: Theme) -> None:
        self._parts.settings.setValue(THEME, theme)
        self._take(theme)
        self.change.begin(theme)

    def _follow_desktop(self) -> None:
        if self._theme == "system":
            self.change.begin("system")

    def _take(self, theme: str) -> None:
        self._theme = theme
        for name in THEMES:
            self._parts.window.action(name).setChecked(name == theme)
