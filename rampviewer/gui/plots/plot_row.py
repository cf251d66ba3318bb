"""Plots that stand beside one another, as one piece of paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF

F64 = NDArray[np.float64]


_GAINS, _STARTS = [0, 2, 0, 2], [1, 3, 1, 3]  # of x, y, x and y


class Places(NamedTuple):
    """Where points of all plots of a row stand, those of the first plot first."""

    x: F64  # (n,) [pixel of the canvas]
    y: F64
    plot: NDArray[np.intp]  # (n,) number of the plot


@dataclass(frozen=True, slots=True, eq=False)
class PlotRow:
    """Where some plots stand on a canvas, and what units of their views are there.

    Attributes
    ----------
    areas : tuple of QRectF
        Of the plots [pixel of the canvas].
    scales : (n_plots, 4) float64
        Pixels in a unit of x, pixel of x = 0, and the same of y, which is negative.
    edges : (n_plots, 4) float64
        Left, top, right and bottom of the plots [pixel of the canvas].
    """

    areas: tuple[QRectF, ...]
    scales: F64
    edges: F64

    @classmethod
    def of(cls, boxes: Sequence[Any]) -> "PlotRow":
        """Return the row of these view boxes, which are shown."""
        areas = tuple(box.geometry() for box in boxes)
        scales, edges = [], []
        for box, area in zip(boxes, areas, strict=True):
            left, top, width, height = area.getRect()
            (x0, x1), (y0, y1) = box.state["viewRange"]  # `viewRange` copies it
            across, down = width / ((x1 - x0) or 1), height / ((y1 - y0) or 1)
            scales.append((across, left - x0 * across, -down, top + y1 * down))
            edges.append((left, top, left + width, top + height))
        return cls(areas, np.array(scales), np.array(edges))

    def only(self, numbers: Sequence[int]) -> "PlotRow":
        """Return some of the plots."""
        if len(numbers) == len(self.areas):
            return self
        areas = tuple(self.areas[number] for number in numbers)
        chosen = list(numbers)
        return PlotRow(areas, self.scales[chosen], self.edges[chosen])

    def apart(self) -> "PlotRow":
        """Return the same plots, each with places that begin at its own corner."""
        scales, edges = self.scales.copy(), self.edges.copy()
        scales[:, 1::2] -= self.edges[:, :2]
        edges[:, 2:] -= edges[:, :2]
        edges[:, :2] = 0
        areas = (QRectF(0, 0, area.width(), area.height()) for area in self.areas)
        return PlotRow(tuple(areas), scales, edges)

    def places(self, x: Sequence[F64], y: Sequence[F64]) -> Places:
        """Return where points stand, given for each plot in units of its view."""
        if len(x) == 1:
            plot = np.zeros(x[0].size, np.intp)
            across, left, down, top = self.scales[0]
            return Places(x[0] * across + left, y[0] * down + top, plot)
        plot = np.repeat(np.arange(len(x)), [each.size for each in x])
        across, left, down, top = self.scales[plot].T
        return Places(
            np.concatenate(x) * across + left, np.concatenate(y) * down + top, plot
        )

    def points(self, points: Sequence[F64]) -> Places:
        """Do the same for points (n, 2) of each plot."""
        return self.places([each[:, 0] for each in points], [each[:, 1] for each in points])

    def are_cut(self, places: Places, reach: float) -> bool:
        """Return whether any of what reaches so far around places leaves its plot."""
        left, _, right, _ = self.edges[places.plot].T
        away = np.minimum(places.x - left, right - places.x)
        return bool(away.min(initial=np.inf) < reach)

    def lines(self, ends: Sequence[F64]) -> tuple[F64, NDArray[np.intp]]:
        """Return (x0, y0, x1, y1) of lines (n, 4) of each plot, and in which they are."""
        plot = np.repeat(np.arange(len(ends)), [len(each) for each in ends])
        scale = self.scales[plot]
        found: F64 = np.concatenate(ends) * scale[:, _GAINS] + scale[:, _STARTS]
        return found, plot

    def upright(self, x: Sequence[F64]) -> F64:
        """Return lines (n, 4) from top to bottom at each x that is seen, equally sharp."""
        plot = np.repeat(np.arange(len(x)), [each.size for each in x])
        across, start = self.scales[plot, :2].T
        left, top, right, bottom = self.edges[plot].T
        # In the middle of a column of pixels, as the canvas begins with one.
        at = np.floor(np.concatenate(x) * across + start) + 0.5
        seen = (at >= left) & (at <= right)
        found = np.empty((int(seen.sum()), 4))
        found[:, 0] = found[:, 2] = at[seen]
        found[:, 1], found[:, 3] = top[seen], bottom[seen]
        return found

    def levels(self, y: Sequence[float]) -> F64:
        """Return lines (n, n_plots, 4) from side to side at levels, equally sharp."""
        found = np.empty((len(y), len(self.areas), 4))
        at = np.array(y)[:, None] * self.scales[:, 2] + self.scales[:, 3]
        found[..., 1] = found[..., 3] = np.floor(at) + 0.5
        found[..., 0], found[..., 2] = self.edges[:, 0], self.edges[:, 2] - 0.5
        return found  # not beyond the frame

    @property
    def whole(self) -> QRectF:
        """The area of all plots and what is between them."""
        return self.areas[0].united(self.areas[-1])
