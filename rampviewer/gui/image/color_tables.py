"""Tables from brightness or flags to colour."""

from functools import cache
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6.QtGui import QColor

from rampviewer.core.dq import Dq
from rampviewer.gui.image.stretch import Stretch, stretched
from rampviewer.gui.widgets.flag_styles import style_of

U32 = NDArray[np.uint32]

COLOR_MAPS: Final = ("viridis", "inferno", "magma", "plasma", "cividis", "gray")
NAN_COLOR: Final = "#CCAAFF"  # far from every colour of every map, and from the flags
_FAINT: Final = 0.4  # of a flag that is near, not under, the centre of a screen pixel
N_LEVELS: Final = 1 << 16  # fine enough for the first decade of a logarithm

# Flags that say most about a group are drawn above the others.
_OVERLAY_ORDER: Final = (
    Dq.AD_FLOOR,
    Dq.PERSISTENCE,
    Dq.OUTLIER,
    Dq.DROPOUT,
    Dq.CHARGELOSS,
    Dq.DO_NOT_USE,
    Dq.SATURATED,
    Dq.JUMP_DET,
)


@cache
def colors_of(color_map: str, *, is_reversed: bool = False) -> NDArray[np.uint8]:
    """Return (256, 3) red, green and blue, darkest first unless reversed.

    Raises
    ------
    ValueError
        When the map is none of `COLOR_MAPS`.
    """
    if color_map not in COLOR_MAPS:
        raise ValueError(f"unknown colour map {color_map!r}")
    if color_map == "gray":
        table = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    else:
        table = pg.colormap.get(color_map).getLookupTable(nPts=256, alpha=False)
    return np.ascontiguousarray(table[::-1] if is_reversed else table, np.uint8)


@cache
def value_table(color_map: str, stretch: Stretch, *, is_reversed: bool = False) -> U32:
    """Return (N_LEVELS,) 0xFFRRGGBB; entry 0 is NaN, 1 and the last are the limits."""
    colors = packed(colors_of(color_map, is_reversed=is_reversed))
    places = stretched(np.linspace(0.0, 1.0, N_LEVELS - 1), stretch)
    table = np.empty(N_LEVELS, np.uint32)
    table[0] = rgb(NAN_COLOR)
    table[1:] = colors[np.rint(255 * places).astype(np.intp)]
    return table


def flag_table(none: QColor) -> U32:
    """Return (66,) 0xFFRRGGBB: the colour `none` and that of each bit, then all faint."""
    full = np.array([none.rgb(), *(rgb(style_of(bit).color) for bit in Dq)], np.uint32)
    parts = [(full >> shift & 255).astype(float) for shift in (16, 8, 0)]
    faint = [part[0] + _FAINT * (part - part[0]) for part in parts]
    return np.concatenate([full, packed(np.rint(np.stack(faint, axis=1)))])


def overlay_table(bits: Dq, opacity: float) -> U32:
    """Return (512,) premultiplied 0xAARRGGBB of each GROUPDQ value, then all faint.

    A value without any of `bits` is clear, 0.
    """
    halves = [_overlay_half(bits, opacity), _overlay_half(bits, _FAINT * opacity)]
    return np.concatenate(halves)


def packed(colors: NDArray[Any]) -> U32:
    """Return (n,) 0xFFRRGGBB of (n, 3) red, green and blue, 0 to 255."""
    red, green, blue = colors.astype(np.uint32).T
    table: U32 = 0xFF000000 | red << 16 | green << 8 | blue
    return table


def rgb(color: str) -> int:
    """Return 0xFFRRGGBB of "#rrggbb"."""
    return QColor(color).rgb()


def _overlay_half(bits: Dq, opacity: float) -> U32:
    table = np.zeros(256, np.uint32)
    values = np.arange(256)
    alpha = round(255 * opacity)
    for bit in _OVERLAY_ORDER:
        if bit & bits:
            color = QColor(style_of(bit).color)
            red, green, blue = (
                round(part * opacity) for part in color.getRgb()[:3] if part is not None
            )
            premultiplied = alpha << 24 | red << 16 | green << 8 | blue
            table[(values & int(bit)) != 0] = premultiplied
    return table
