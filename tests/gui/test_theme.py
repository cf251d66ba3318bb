import pyqtgraph as pg
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QCheckBox, QListWidget, QMenu, QStyle, QStyleOptionButton

from rampviewer.gui.pins.pin_looks import PIN_STYLES
from rampviewer.gui.ramp.other_ramps import sibling_style
from rampviewer.gui.ramp.ramp_colors import colors_of
from rampviewer.gui.widgets.contrast import READABLE, black_or_white, contrast, readable
from rampviewer.gui.widgets.theme import apply_theme, palette_of
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


THEMES = ("light", "dark")
Role = QPalette.ColorRole


def test_contrast_is_that_of_the_guideline():
    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        (Role.WindowText, (Role.Window, Role.AlternateBase)),
        (Role.Text, (Role.Base, Role.AlternateBase)),
        (Role.ButtonText, (Role.Button,)),
        (Role.ToolTipText, (Role.ToolTipBase,)),
        # Hints, empty states, what is out of date.
        (Role.PlaceholderText, (Role.Window, Role.Base, Role.AlternateBase, Role.Button)),
        (Role.HighlightedText, (Role.Highlight,)),
        (Role.Link, (Role.Base, Role.Window)),
        (Role.BrightText, (Role.Base, Role.Window)),
    ],
)
def test_every_text_can_be_read(theme, text, grounds):
    color = palette_of(theme).color
    for ground in grounds:
        assert contrast(color(text), color(ground)) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_in_the_plots_can_be_read(theme):
    colors = colors_of(palette_of(theme))
    for text in (colors.text, colors.muted, colors.segment, colors.threshold):
        assert contrast(text, colors.background) >= READABLE
    for style in (*PIN_STYLES, *map(sibling_style, range(6))):
        color = QColor(style.color)
        mark = readable(color, colors.background)
        assert contrast(mark, colors.background) >= READABLE
        assert contrast(black_or_white(color), color) >= READABLE  # on a label of it


def test_a_colour_that_reads_well_stays_as_it_is():
    assert readable(QColor("#0072B2"), QColor("#FFFFFF")) == QColor("#0072B2")


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_switched_on_stands_out(theme):
    color = palette_of(theme).color
    assert contrast(color(Role.Link), color(Role.Window)) > 3  # its border


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


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("is_checked", [False, True])
def test_a_check_box_with_the_keyboard_has_room_for_its_text(
    themed, qtbot, theme, is_checked
):
    themed(theme)
    box = QCheckBox("In region")
    qtbot.addWidget(box)
    box.setChecked(is_checked)
    box.adjustSize()
    option = QStyleOptionButton()
    box.initStyleOption(option)
    rooms = []
    for state in (QStyle.StateFlag.State_None, QStyle.StateFlag.State_HasFocus):
        option.state |= state
        part = QStyle.SubElement.SE_CheckBoxContents
        rooms.append(box.style().subElementRect(part, option, box))
    assert rooms[0] == rooms[1]
    assert rooms[0].width() >= box.fontMetrics().horizontalAdvance(box.text())


def strongest_contrast(widget, area):
    """Return that of a line in an area of a widget with its ground."""
    image, ground = widget.grab().toImage(), widget.palette().base().color()
    xs, ys = (
        range(area.left(), area.right() + 1),
        range(area.top(), area.bottom() + 1),
    )
    columns = [[image.pixelColor(x, y) for y in ys] for x in xs]
    return max(min(contrast(c, ground) for c in column[4:-4]) for column in columns)


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_not_ticked_in_a_menu_has_a_box(themed, qtbot, theme):
    themed(theme)
    menu = QMenu()
    qtbot.addWidget(menu)
    actions = [menu.addAction(text) for text in ("Uncal", "Ramp")]
    for action in actions:
        action.setCheckable(True)
    menu.popup(menu.pos())
    area = menu.actionGeometry(actions[1]).adjusted(3, 0, 0, 0)
    area.setWidth(22)
    assert strongest_contrast(menu, area) > 3


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_not_ticked_in_a_list_has_a_box(themed, qtbot, theme):
    themed(theme)
    flags = QListWidget()
    qtbot.addWidget(flags)
    flags.addItems(["JUMP_DET", "HOT"])
    flags.item(1).setCheckState(Qt.CheckState.Unchecked)
    flags.show()
    area = flags.visualItemRect(flags.item(1)).translated(flags.viewport().pos())
    area.setWidth(22)
    assert strongest_contrast(flags, area.adjusted(3, 0, 0, 0)) > 3
