from itertools import combinations

import pyqtgraph as pg
import pytest
from PyQt6.QtGui import QColor

from rampviewer.core.dq import Dq
from rampviewer.core.origin import Origin
from rampviewer.gui.widgets.flag_styles import (
    GROUP_BITS,
    ORIGIN_STYLES,
    STYLES,
    style_of,
    style_of_origin,
)


def luminance(color):
    parts = []
    for part in QColor(color).getRgbF()[:3]:
        parts.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("bit", list(Dq))
def test_each_bit_is_named_and_drawn_with_a_glyph_that_exists(bit):
    assert style_of(bit).label == bit.name
    assert style_of(bit).symbol in pg.graphicsItems.ScatterPlotItem.Symbols


def test_no_two_bits_share_a_colour():
    assert len({style.color for style in STYLES.values()}) == len(Dq)


def test_no_two_group_flags_share_a_glyph():
    assert len({style_of(bit).symbol for bit in GROUP_BITS}) == 8


def test_no_two_origins_share_colour_and_glyph():
    looks = [(s.color, s.symbol) for s in ORIGIN_STYLES.values()]
    assert len(set(looks)) == len(Origin)


@pytest.mark.parametrize("bit", GROUP_BITS)
@pytest.mark.parametrize("background", ["#ffffff", "#1e1e1e"])
def test_group_flags_stand_out_from_light_and_dark(bit, background):
    light, dark = sorted(
        (luminance(style_of(bit).color), luminance(background)), reverse=True
    )
    assert (light + 0.05) / (dark + 0.05) > 1.8


def test_group_flags_differ_in_more_than_the_red_green_balance():
    def blind(color):  # what a reader without red-green vision is left with
        red, green, blue, _ = QColor(color).getRgbF()
        return (0.4 * red + 0.6 * green, blue)

    for one, two in combinations(GROUP_BITS, 2):
        a, b = blind(style_of(one).color), blind(style_of(two).color)
        assert max(abs(a[0] - b[0]), abs(a[1] - b[1])) > 0.06, (one, two)


def test_a_combination_of_bits_has_no_style():
    with pytest.raises(KeyError):
        style_of(Dq.JUMP_DET | Dq.SATURATED)


def test_glyphs_are_hollow_and_cosmetic():
    style = style_of_origin(Origin.PRIMARY)
    assert style.brush().color().alpha() == 0
    assert style.pen().isCosmetic()
    assert style.pen().color() == QColor(style.color)
