import pyqtgraph as pg
import pytest
from PyQt6.QtGui import QColor, QPalette

from rampviewer.gui.theme import apply_theme, palette_of
from rampviewer.resources import resource_path


@pytest.fixture
def app(qapp):
    palette, style, sheet = qapp.palette(), qapp.style().name(), qapp.styleSheet()
    options = {name: pg.getConfigOption(name) for name in ("background", "foreground")}
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)
    pg.setConfigOptions(**options)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_colours_widgets_and_plots_alike(app, theme):
    apply_theme(app, theme)
    base = palette_of(theme).base().color()
    assert app.palette().base().color() == base
    assert pg.getConfigOption("background") == base
    assert (base.lightness() < 100) == (theme == "dark")


def test_the_system_theme_is_one_of_both(app):
    apply_theme(app, "system")
    either = [palette_of(theme).base().color() for theme in ("light", "dark")]
    assert app.palette().base().color() in either


def contrast(one, two):
    def luminance(color):
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in QColor(color).getRgbF()[:3]
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme):
    palette, role = palette_of(theme), QPalette.ColorRole
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase),
    ):
        assert contrast(palette.color(text), palette.color(ground)) > 7
    assert contrast(palette.color(role.PlaceholderText), palette.color(role.Window)) > 4


def test_resources_are_found_and_a_missing_one_is_named():
    assert "QToolTip" in resource_path("style.qss").read_text(encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"nothing\.svg"):
        resource_path("nothing.svg")
