"""An axis for narrow plots."""

import math
from typing import Any

import pyqtgraph as pg
from PyQt6.QtGui import QFont, QFontMetricsF

GAP = 8.0  # least distance of two labels [pixel]


def nice_above(value: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, ... that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= value * (1 - 1e-9))


class SparseAxis(pg.AxisItem):  # type: ignore[misc]
    """An x axis whose labels leave room between them, however narrow it is.

    pyqtgraph labels the coarsest ticks whether or not there is room.
    """

    def __init__(self, font: QFont, **options: Any) -> None:
        super().__init__("bottom", **options)
        self._metrics = QFontMetricsF(font)
        self.setTickFont(font)
        self.enableAutoSIPrefix(False)

    def tickSpacing(
        self, low: float, high: float, size: float
    ) -> list[tuple[float, float]]:
        levels: list[tuple[float, float]] = super().tickSpacing(low, high, size)
        spacing = levels[0][0]
        decimals = max(0, -math.floor(math.log10(spacing)))
        width = max(
            self._metrics.horizontalAdvance(f"{end:.{decimals}f}") for end in (low, high)
        )
        least = (width + GAP) * (high - low) / max(size, 1.0)
        return levels if spacing >= least else [(nice_above(least), 0.0), *levels]
