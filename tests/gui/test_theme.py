import pyqtgraph as pg
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from rampviewer.gui.theme import apply_theme, palette_of
from rampviewer.resources import resource_path


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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("is_checked", [False, True])
def test_a_check_box_stands_out_from_the_window(themed, qtbot, theme, is_checked):
    box = QCheckBox("reversed")
    qtbot.addWidget(box)
    box.setChecked(is_checked)
    box.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # that would have a border of its own
    box.show()
    themed(theme)
    option = QStyleOptionButton()
    box.initStyleOption(option)
    part = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    image = box.grab().toImage()
    window = box.palette().window().color()
    border = image.pixelColor(part.left(), part.center().y())
    assert contrast(border, window) > 3
    inner = part.adjusted(2, 2, -2, -2)
    inside = [
        image.pixelColor(x, y)
        for x in range(inner.left(), inner.right() + 1)
        for y in range(inner.top(), inner.bottom() + 1)
    ]
    ground = image.pixelColor(inner.topLeft())
    assert (max(contrast(color, ground) for color in inside) > 3) == is_checked  # its mark


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("is_checked", [False, True])
def test_a_disabled_check_box_is_fainter_than_an_enabled_one(
    themed, qtbot, theme, is_checked
):
    box = QCheckBox("reversed")
    qtbot.addWidget(box)
    box.setChecked(is_checked)
    box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    box.show()
    themed(theme)
    strength = []
    for enabled in (True, False):
        box.setEnabled(enabled)
        image, window = box.grab().toImage(), box.palette().window().color()
        places = [(x, y) for x in range(image.width()) for y in range(image.height())]
        seen = {image.pixelColor(x, y).name() for x, y in places}
        strength.append(max(contrast(QColor(name), window) for name in seen))
        faint = {image.pixelColor(x, y).name() for x, y in places if x < 14}
        strength.append(max(contrast(QColor(name), window) for name in faint))
    text, mark, text_off, mark_off = strength
    assert text_off < text / 1.5
    assert mark_off < mark / 1.2
