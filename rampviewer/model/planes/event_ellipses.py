"""The ellipses of large events as arrays: which ones to draw, which one a pixel is in."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.large.events import Event
from rampviewer.model.exposure import Pixel

Mask = NDArray[np.bool_]
_WHOLE: Final = (
    *("x", "y", "radius_1", "radius_2"),
    *("integration", "group", "last_group", "kind"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ellipses:
    """Ellipses in which large events set flags, (n,) each.

    `x`, `y` are centres, `radius_1` and `radius_2` half axes [pixel], the latter turned by
    `angle` [radian], 0 to pi, from the y axis towards the x axis; where a radius is 0 no
    pixel is inside. Flags are set from `group` to `last_group` (inclusive) of
    `integration`. `kind` is an `Origin`, `row` the row of the table that an ellipse
    belongs to.
    """

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    radius_1: NDArray[np.int64]
    radius_2: NDArray[np.int64]
    angle: NDArray[np.float64]
    integration: NDArray[np.int64]
    group: NDArray[np.int64]
    last_group: NDArray[np.int64]
    kind: NDArray[np.int64]
    row: NDArray[np.int64]

    @classmethod
    def of(cls, events: Sequence[Event], rows: NDArray[np.int64]) -> "Ellipses":
        """Return those of some events, each with its row."""
        whole = [
            (
                *event.drawn[:4],
                event.integration,
                event.group,
                event.last_group,
                event.kind,
            )
            for event in events
        ]
        numbers = np.array(whole, np.int64).reshape(-1, 8).T.copy()
        arrays: dict[str, Any] = dict(zip(_WHOLE, numbers, strict=True))
        angle = np.radians([event.drawn.angle for event in events], dtype=float) % np.pi
        return cls(**arrays, angle=angle, row=rows)

    def __len__(self) -> int:
        return len(self.x)

    def chosen(self, mask: Mask | NDArray[np.int64]) -> "Ellipses":
        """Return those that a mask (n,) lets pass, or that stand at some places."""
        return Ellipses(**{f.name: getattr(self, f.name)[mask] for f in fields(self)})

    def at_step(self, integration: int | None, group: int | None) -> Mask:
        """Return which ones flag a group of an integration; None stands for any."""
        mask = np.ones(len(self), np.bool_)
        if integration is not None:
            mask &= self.integration == integration
        if group is not None:
            mask &= (self.group <= group) & (group <= self.last_group)
        return mask

    def holding(self, pixel: Pixel) -> Mask:
        """Return which ones have a pixel inside, of which they may have set the flags."""
        x, y = float(pixel.col) - self.x, float(pixel.row) - self.y
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        with np.errstate(divide="ignore", invalid="ignore"):
            along = (y * cos + x * sin) / self.radius_2
            across = (y * sin - x * cos) / self.radius_1
        inside: Mask = along**2 + across**2 < 1.0
        return inside & (self.radius_1 > 0) & (self.radius_2 > 0)

    def row_at(self, pixel: Pixel, integration: int | None, group: int | None) -> int:
        """Return the row of the smallest one around a pixel at a step; -1 for none."""
        here = np.flatnonzero(self.at_step(integration, group) & self.holding(pixel))
        if not here.size:
            return -1
        area = self.radius_1[here] * self.radius_2[here]
        return int(self.row[here[np.argmin(area)]])

    @property
    def reach(self) -> NDArray[np.int64]:
        """How far each one goes from its centre at most [pixel]."""
        return np.maximum(self.radius_1, self.radius_2)
