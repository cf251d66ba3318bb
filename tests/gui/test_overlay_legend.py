import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication

from rampviewer.core.dq import Dq
from rampviewer.gui.image.overlay_legend import ICON, OverlayLegend
from rampviewer.gui.image.picture_statistics import count_flags
from rampviewer.gui.widgets.flag_styles import GROUP_BITS, style_of
from rampviewer.model.text.number_text import grouped

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def legend(qtbot):
    legend = OverlayLegend()
    qtbot.addWidget(legend)
    legend.resize(620, 60)
    legend.set_bits(Dq.JUMP_DET)
    QApplication.processEvents()
    return legend


def test_it_is_seen_while_flags_are_drawn(legend):
    assert legend.isVisible()
    legend.set_bits(Dq(0))
    assert not legend.isVisible()


def test_each_bit_is_toggled_by_mouse_or_key(legend, qtbot):
    told = []
    legend.bits_edited.connect(told.append)
    qtbot.mouseClick(legend._buttons[Dq.SATURATED], LEFT)
    qtbot.keyClick(legend._buttons[Dq.DROPOUT], Qt.Key.Key_Space)
    qtbot.mouseClick(legend._buttons[Dq.JUMP_DET], LEFT)
    jump, full, drop = Dq.JUMP_DET, Dq.SATURATED, Dq.DROPOUT
    assert told == [jump | full, jump | full | drop, full | drop]


def test_setting_is_silent(legend, qtbot):
    with qtbot.assertNotEmitted(legend.bits_edited):
        legend.set_bits(Dq.SATURATED | Dq.DROPOUT)
    on = [bit for bit, button in legend._buttons.items() if button.isChecked()]
    assert on == [Dq.SATURATED, Dq.DROPOUT]


def test_flags_are_counted_by_bit(legend):
    flags = np.zeros((150, 100), np.uint8)
    flags[:120, :10] = Dq.JUMP_DET
    flags[100:, :] |= np.uint8(Dq.SATURATED | Dq.DO_NOT_USE)
    legend.show_counts(count_flags(flags))
    narrow = "\N{NARROW NO-BREAK SPACE}"
    assert legend._buttons[Dq.JUMP_DET].text() == f"JUMP_DET 1{narrow}200"
    assert legend._buttons[Dq.SATURATED].text() == f"SATURATED 5{narrow}000"
    assert legend._buttons[Dq.DROPOUT].text() == "DROPOUT 0"
    assert "JUMP_DET: " in legend._buttons[Dq.JUMP_DET].toolTip()


@pytest.mark.parametrize("n_pixels", [3_835, 119_546, 4_194_304])
def test_no_digit_of_a_count_is_cut(legend, themed, n_pixels):
    themed("dark")
    legend.resize(424, 80)  # as beside a second image on a small screen
    legend.show_counts(dict.fromkeys(GROUP_BITS, n_pixels))
    QApplication.processEvents()
    for button in legend._buttons.values():
        assert button.text().endswith(f" {grouped(n_pixels)}")
        text, seen = button.text(), button.grab().toImage()
        button.resize(300, button.height())
        button.setText(text)  # with room for more
        inside = ICON.width() + 4, 4, seen.width() - ICON.width() - 8, seen.height() - 8
        assert seen.copy(*inside) == button.grab().toImage().copy(*inside), text


def test_each_bit_has_its_colour_and_its_glyph(legend):
    pictures = set()
    for bit in GROUP_BITS:
        button = legend._buttons[bit]
        image = button.icon().pixmap(ICON).toImage()
        scale = image.width() / ICON.width()
        assert image.pixelColor(int(6 * scale), int(7 * scale)) == QColor(
            style_of(bit).color
        )
        glyph = image.copy(int(14 * scale), 0, int(14 * scale), image.height())
        shape = glyph.convertToFormat(glyph.Format.Format_Alpha8)
        pictures.add(bytes(shape.constBits().asarray(shape.sizeInBytes())))
        assert button.accessibleName() == f"Draw {style_of(bit).label}"
    assert len(pictures) == len(GROUP_BITS)  # told apart without colour


@pytest.mark.parametrize(("width", "n_columns"), [(320, 2), (620, 4), (900, 5)])
def test_buttons_take_the_room_there_is(legend, width, n_columns):
    legend.resize(width, 80)
    QApplication.processEvents()
    tops = [button.y() for button in legend._buttons.values()]
    assert tops.count(tops[0]) == n_columns


def test_opacity_is_told(legend, qtbot):
    told = []
    legend.opacity_edited.connect(told.append)
    qtbot.keyClick(legend._opacity, Qt.Key.Key_Home)
    assert told == [0.1]
