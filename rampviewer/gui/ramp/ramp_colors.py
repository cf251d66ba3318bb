"""Colours of the ramp plots, taken from the palette of the application."""

from dataclasses import dataclass
from typing import Final

from PyQt6.QtGui import QColor, QPalette

SEGMENT_ON_LIGHT: Final = "#1D5FA8"
SEGMENT_ON_DARK: Final = "#7DB8F0"
THRESHOLD_ON_LIGHT: Final = "#B3166E"
THRESHOLD_ON_DARK: Final = "#FF7EC3"


@dataclass(frozen=True, slots=True)
class RampColors:
    """What the plots are drawn with, besides the colours of the flags."""

    background: QColor
    text: QColor
    muted: QColor  # axes, excluded groups, the marker of the current group
    segment: QColor
    threshold: QColor


def colors_of(palette: QPalette) -> RampColors:
    """Return colours that read well on the base colour of `palette`."""
    background = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    is_dark = background.lightness() < text.lightness()
    return RampColors(
        background=background,
        text=text,
        muted=mixed(background, text, 0.64),
        segment=QColor(SEGMENT_ON_DARK if is_dark else SEGMENT_ON_LIGHT),
        threshold=QColor(THRESHOLD_ON_DARK if is_dark else THRESHOLD_ON_LIGHT),
    )


def mixed(a: QColor, b: QColor, part: float) -> QColor:
    """Return a colour between two: `a` where `part` is 0, `b` where it is 1."""
    values = (x + part * (y - x) for x, y in zip(a.getRgb(), b.getRgb(), strict=True))
    red, green, blue, _ = (round(x) for x in values)
    return QColor(red, green, blue)
