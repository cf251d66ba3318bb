"""Ramps that are drawn over the one of the pixel shown: of pins, and of siblings."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from PyQt6.QtCore import Qt

from rampviewer.gui.pins.pin_looks import RampStyle, pin_style
from rampviewer.gui.ramp.ramp_columns import Column
from rampviewer.gui.ramp.ramp_data import F64, segment_ends
from rampviewer.gui.ramp.ramp_zero import zero_group, zero_level
from rampviewer.model.exposure import Pixel
from rampviewer.model.pins import Pin
from rampviewer.model.pixel.pixel_view import IntegrationView, PixelView, SegmentView
from rampviewer.model.sibling_ramps import SiblingRamp

MARGIN = 0.08  # above and below the ramps, as a part of their range
_SIBLING_LOOKS: Final = (
    ("#E69F00", "t1"),
    ("#0072B2", "s"),
    ("#009E73", "d"),
    ("#CC79A7", "star"),
    ("#56B4E9", "h"),
    ("#D55E00", "p"),
    ("#858585", "t"),
    ("#7A4E2A", "t2"),
)


def sibling_style(number: int) -> RampStyle:
    """Return the look of the sibling of a number, from 0, in the order of the list."""
    color, symbol = _SIBLING_LOOKS[number % len(_SIBLING_LOOKS)]
    return RampStyle(color, symbol, Qt.PenStyle.DotLine)


@dataclass(frozen=True, slots=True, eq=False)
class OtherRamp:
    """Ramps of one pixel, as they are drawn over others.

    Attributes
    ----------
    mark : str
        What stands at the end of each ramp.
    signal : (n_ints, n_groups) float64
        [DN]
    at : (n_groups,) float64
        Where the groups stand among those of the exposure.
    fitted : (n_ints, n_groups) bool
        Which groups a segment uses; the others are drawn hollow.
    segments : tuple of tuple of SegmentView, or None
        Of each integration; without, neighbouring groups are joined by lines.
    zero : (n_ints,) float64 or None
        Level of the first good group [DN]; None: that of the pixel shown says which group
        it is.
    """

    pixel: Pixel
    style: RampStyle
    mark: str
    signal: F64
    at: F64
    fitted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    segments: tuple[tuple[SegmentView, ...], ...] | None = None
    zero: F64 | None = None


def pin_ramp(pin: Pin, view: PixelView) -> OtherRamp:
    """Return the ramp of a pinned pixel."""
    items = view.integrations
    n_groups = items[0].signal.size
    fitted = [[item.is_fitted(group) for group in range(n_groups)] for item in items]
    return OtherRamp(
        pixel=pin.pixel,
        style=pin_style(pin.number),
        mark=str(pin.number),
        signal=np.array([item.signal for item in items], np.float64),
        at=np.arange(n_groups, dtype=np.float64),
        fitted=np.array(fitted, np.bool_),
        segments=tuple(item.segments for item in items),
        zero=np.array([zero_level(item) for item in items]),
    )


def sibling_ramp(ramp: SiblingRamp, style: RampStyle) -> OtherRamp:
    """Return the ramp of a pixel in another product."""
    return OtherRamp(
        pixel=ramp.pixel,
        style=style,
        mark="",
        signal=ramp.signal.astype(np.float64),
        at=ramp.at,
        fitted=np.zeros(ramp.signal.shape, np.bool_),
    )


@dataclass(frozen=True, eq=False)
class Curve:
    """What is drawn of an `OtherRamp` in one plot, in units of the view."""

    style: RampStyle
    mark: str
    points: F64  # (n, 2)
    filled: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]  # (n,)
    lines: F64  # (n, 4): x0, y0, x1, y1
    ends: F64  # (n, 2): the last point of each integration

    @cached_property
    def extent(self) -> tuple[float, float] | None:
        """The range of y in which it is to be seen, None without a point [DN].

        Of a pin only the groups count that it is fitted to, if there are such.
        """
        y = self.points[:, 1]
        y = y[self.filled] if self.filled.any() else y
        if not y.size:
            return None
        return float(y.min()), float(y.max())

    @cached_property
    def spacing(self) -> float:
        """The least distance of neighbouring points along x, in units of the view."""
        return float(np.abs(np.diff(self.points[:, 0])).min(initial=np.inf))


def curve_of(
    other: OtherRamp, column: Column, zero_groups: tuple[int | None, ...] | None
) -> Curve:
    """Return what is drawn of a ramp in a plot.

    Parameters
    ----------
    other : OtherRamp
    column : Column
        Of the pixel shown.
    zero_groups : tuple of (int or None), or None
        The first good group of the pixel shown in each integration, when all ramps are to
        begin at 0.
    """
    points, filled, lines, ends = [np.empty((0, 2))], [], [np.empty((0, 4))], []
    for part in column.parts:
        i = part.integration
        if i >= len(other.signal):
            continue
        level = 0.0 if zero_groups is None else _level(other, i, zero_groups[i])
        found = np.column_stack((part.axis.of(other.at), other.signal[i] - level))
        seen = np.isfinite(found[:, 1])
        points.append(found[seen])
        filled.append(other.fitted[i][seen])
        if other.segments is None:
            joined = np.column_stack((found[:-1], found[1:]))
        else:
            down = np.array([0.0, level, 0.0, level])
            fits = [segment_ends(s, part.axis) - down for s in other.segments[i]]
            joined = np.reshape(np.array(fits, np.float64), (-1, 4))
        lines.append(joined[np.isfinite(joined).all(axis=1)])
        ends += [found[seen][-1]] if seen.any() else []
    return Curve(
        style=other.style,
        mark=other.mark,
        points=np.concatenate(points),
        filled=np.concatenate([np.empty(0, np.bool_), *filled]),
        lines=np.concatenate(lines),
        ends=np.reshape(ends, (-1, 2)),
    )


def zero_groups_of(items: tuple[IntegrationView, ...]) -> tuple[int | None, ...]:
    """Return the first good group of each integration."""
    return tuple(zero_group(item) for item in items)


def widened(limits: tuple[float, float], curves: list[Curve]) -> tuple[float, float]:
    """Return the range of the y axis [DN] in which the curves are seen as well."""
    extents = list(filter(None, (curve.extent for curve in curves)))
    if not extents:
        return limits
    # The margin that the limits have may be too narrow for what all of the range is now.
    within = MARGIN / (1 + 2 * MARGIN) * (limits[1] - limits[0])
    low = min(limits[0] + within, *(low for low, _ in extents))
    high = max(limits[1] - within, *(high for _, high in extents))
    margin = MARGIN * (high - low)
    return min(limits[0], low - margin), max(limits[1], high + margin)


def _level(other: OtherRamp, integration: int, group: int | None) -> float:
    """Return what is 0 of a ramp when all begin there [DN]."""
    if other.zero is not None:
        return float(other.zero[integration])
    signal = other.signal[integration]
    known = np.isfinite(signal)
    if group is None or not known.any():
        return 0.0
    return float(np.interp(group, other.at[known], signal[known]))
