"""Colours of the ramp plots, taken from the palette of the application."""

from dataclasses import dataclass
from typing import Final

from PyQt6.QtGui import QColor, QPalette

SEGMENT_ON_LIGHT: Final = "#1D5FA8"
SEGMENT_ON_DARK: Final = "#7DB8F0"


@dataclass(frozen=True, slots=True)
class RampColors:
    """What the plots are drawn with, besides the colours of the flags."""

    background: QColor
    text: QColor
    muted: QColor  # axes, excluded groups, the marker of the current group
    segment: QColor


def colors_of(palette: QPalette) -> RampColors:
    """Return colours that read well on the base colour of `palette`."""
    background = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    is_dark = background.lightness() < text.lightness()
    return RampColors(
        background=background,
        text=text,
        muted=_between(background, text, 0.6),
        segment=QColor(SEGMENT_ON_DARK if is_dark else SEGMENT_ON_LIGHT),
    )


def _between(a: QColor, b: QColor, part: float) -> QColor:
    mixed = (x + part * (y - x) for x, y in zip(a.getRgb(), b.getRgb(), strict=True))
    red, green, blue, _ = (round(x) for x in mixed)
    return QColor(red, green, blue)
