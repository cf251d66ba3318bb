"""Light and dark."""

from typing import Final, Literal

import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

from rampviewer.resources import resource_path

Theme = Literal["light", "dark", "system"]

_Role = QPalette.ColorRole
_ROLES: Final = (
    _Role.Window,
    _Role.WindowText,
    _Role.Base,
    _Role.AlternateBase,
    _Role.Text,
    _Role.Button,
    _Role.ButtonText,
    _Role.ToolTipBase,
    _Role.ToolTipText,
    _Role.PlaceholderText,
    _Role.Highlight,
    _Role.HighlightedText,
    _Role.Link,
    _Role.LinkVisited,
    _Role.BrightText,
    _Role.Light,
    _Role.Mid,
    _Role.Dark,
)
_COLORS: Final = {
    "light": (
        "#F5F6F8 #1B1F24 #FFFFFF #EEF0F3 #1B1F24 #E9EBEF #1B1F24 #FFFFFF #1B1F24 "
        "#5F6672 #1F6FB2 #FFFFFF #1F6FB2 #9AA0A8 #B3261E #FFFFFF #B8BDC6 #8A909A"
    ),
    "dark": (
        "#2B2F36 #E6E8EB #181A1E #24282D #E6E8EB #3B414A #E6E8EB #3B414A #E6E8EB "
        "#A9B0BA #2E76B4 #FFFFFF #6FB3E8 #747B85 #FF8A80 #4A515B #545B66 #101215"
    ),
}

_TICKED_WINDOW: Final = {"light": "#868C96", "dark": "#A9B0BA"}


def palette_of(theme: Literal["light", "dark"]) -> QPalette:
    """Return the palette of a theme, greyed text included."""
    palette = QPalette()
    for role, color in zip(_ROLES, _COLORS[theme].split(), strict=True):
        palette.setColor(role, QColor(color))
    # Nothing here is a link that was visited: the style sheet finds grey under that name.
    grey = palette.color(_Role.LinkVisited)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, grey)
    return palette


def ticked_palette(theme: Literal["light", "dark"]) -> QPalette:
    """Return that of what has boxes to tick which no style sheet can draw.

    Fusion draws them in a darker shade of the window, as dark as a menu of the dark theme.
    """
    palette = palette_of(theme)
    palette.setColor(_Role.Window, QColor(_TICKED_WINDOW[theme]))
    return palette


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the application, and every plot made or shown in it, its colours.

    "system" follows the desktop as it is now. Panels that exist follow at once.
    """
    apply_colors(app, theme)
    apply_sheet(app)


def apply_colors(app: QApplication, theme: Theme) -> None:
    """Do that but for the style sheet."""
    app.setStyle("Fusion")
    apply_palette(app, theme)


def apply_palette(app: QApplication, theme: Theme) -> None:
    """Give it the colours only; what the style sheet colours keeps those it has."""
    own = _own(app, theme)
    palette = palette_of(own)
    pg.setConfigOption("background", palette.color(_Role.Base))
    pg.setConfigOption("foreground", palette.color(_Role.Text))
    app.setPalette(palette)
    for kind in ("QMenu", "QListWidget"):
        app.setPalette(ticked_palette(own), kind)


def apply_sheet(app: QApplication) -> None:
    """Do the rest: quickest when all panels are made and none is shown.

    Where there is a sheet Qt looks through it for each widget that is made or put
    somewhere, and for all inside of it.
    """
    sheet = resource_path("style.qss").read_text(encoding="utf-8")
    for word, name in (("CHECK_MARK", "check"), ("CHECK_OFF", "check_off")):
        mark = resource_path(f"icons/{name}.svg").as_posix()
        sheet = sheet.replace(word, f'"{mark}"')
    app.setStyleSheet(sheet)


def _own(app: QApplication, theme: Theme) -> Literal["light", "dark"]:
    """Return what a theme is on this desktop."""
    if theme != "system":
        return theme
    hints = app.styleHints()
    dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def color_plot(plot: pg.GraphicsView, axes: list[pg.AxisItem], palette: QPalette) -> None:
    """Give a plot and its axes the colours of a palette."""
    text = palette.color(_Role.Text)
    plot.setBackground(palette.color(_Role.Base))
    for axis in axes:
        axis.setPen(text)
        axis.setTextPen(text)
