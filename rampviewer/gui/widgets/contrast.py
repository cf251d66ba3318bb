"""How well a colour stands out from another one, as WCAG measures it."""

from typing import Final

from PyQt6.QtGui import QColor

READABLE: Final = 4.5  # least contrast of a text and its ground (level AA)
_STEPS: Final = 20


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours: 1 of equal ones, 21 of black and white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(color: QColor, ground: QColor) -> QColor:
    """Return a colour, darker or brighter if need be, in which text on `ground` reads."""
    is_dark = _luminance(ground) < 0.18  # white stands out more than black
    end = 255 if is_dark else 0
    for step in range(_STEPS):
        part = step / _STEPS
        mixed = QColor(*(round(x + part * (end - x)) for x in color.getRgb()[:3]))
        if contrast(mixed, ground) >= READABLE:
            return mixed
    return QColor(end, end, end)


def black_or_white(ground: QColor) -> QColor:
    """Return that of both in which text stands out more."""
    black, white = QColor(0, 0, 0), QColor(255, 255, 255)
    return max(black, white, key=lambda color: contrast(color, ground))


def _luminance(color: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.getRgbF()[:3]
        if part is not None
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
