"""How far apart the ticks of an axis stand: as many as can be read at ease."""

import math
from collections.abc import Callable
from typing import Final

# Parts of 1, 2 and 5, times a power of ten, at which there are ticks without labels.
_PARTS: Final = {1: (2, 10), 2: (2, 10), 5: (5, 10)}
FINEST = 4.0  # distance of ticks without labels [pixel]
ROOMY = 12.0  # a gap between labels is this part of the axis, between a least and a most


def nice_above(value: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, ... that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= value * (1 - 1e-9))


def gap_in(length: float, least: float, most: float) -> float:
    """Return the gap between labels: in short axes less room, in long ones more [pixel]."""
    return min(max(length / ROOMY, least), most)


def label_spacing(low: float, high: float, roomy: float, tight: float) -> float:
    """Return the distance of labelled ticks.

    Parameters
    ----------
    low, high : float
        Ends of the axis.
    roomy, tight : float
        What labels need to be read at ease, and at least; a scale takes two of them.
    """
    spacing = nice_above(roomy)
    while math.floor(high / spacing) - math.ceil(low / spacing) < 1:
        finer = nice_above(spacing / 2.5)
        if finer < tight * (1 - 1e-9):
            break
        spacing = finer
    return spacing


def finer_ticks(spacing: float, least: float, whole: float) -> list[float]:
    """Return distances of ticks between those that are labelled, from coarse to fine.

    They are no finer than `least` and, where `whole` is not 0, multiples of that.
    """
    leading = round(spacing / 10.0 ** math.floor(math.log10(spacing) + 1e-9))
    found = [spacing / part for part in _PARTS[leading]]
    return [each for each in found if each >= least and _is_multiple(each, whole)]


def tick_spacing(
    low: float,
    high: float,
    length: float,
    text_at: Callable[[float], float],
    gaps: tuple[float, float],
    whole: float = 0.0,
) -> list[tuple[float, float]]:
    """Return (spacing, offset) of ticks from coarse to fine; the first have labels.

    Parameters
    ----------
    low, high : float
        Ends of the axis.
    length : float
        Of the axis [pixel].
    text_at : callable
        Gives the size of the longest label [pixel] at a spacing.
    gaps : tuple of float
        Between labels, at least and at most [pixel].
    whole : float
        Ticks are multiples of this; 0 for any.
    """
    if not high > low or length <= 0:
        return []
    per_pixel, gap = (high - low) / length, gap_in(length, *gaps)
    spacing = nice_above(gap * per_pixel)
    for _ in range(2):  # labels of a finer spacing may be longer
        text = text_at(spacing)
        roomy, tight = ((text + each) * per_pixel for each in (gap, gaps[0]))
        spacing = label_spacing(low, high, max(roomy, whole), max(tight, whole))
    fine = finer_ticks(spacing, FINEST * per_pixel, whole)
    return [(spacing, 0.0), *((each, 0.0) for each in fine)]


def _is_multiple(value: float, whole: float) -> bool:
    times = value / whole if whole else 1.0
    return abs(times - round(times)) < 1e-6 and round(times) > 0
