"""The pixels of a region that count."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set
from rampviewer.model.regions.area import Area
from rampviewer.model.regions.shapes import Shape, area_of, pixels_of

LEFT_OUT = Dq.DO_NOT_USE | Dq.REFERENCE_PIXEL


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionPixels:
    """Where a region lies on a frame.

    Attributes
    ----------
    area : Area
        The rows and columns that hold all of it.
    inside : (n_rows, n_cols) bool
        Which pixels of the area are in the region.
    used : (n_rows, n_cols) bool
        Which of them are neither reference pixels nor DO_NOT_USE.
    n_inside, n_used : int
        How many they are.
    """

    area: Area
    inside: NDArray[np.bool_]
    used: NDArray[np.bool_]
    n_inside: int
    n_used: int

    @classmethod
    def of(cls, shape: Shape, pixeldq: NDArray[np.uint32]) -> Self:
        """Find the pixels of a shape on a frame with these flags, (n_rows, n_cols)."""
        area = area_of(shape, *pixeldq.shape)
        inside = pixels_of(shape, area)
        used = inside & ~any_set(pixeldq[area.rows, area.cols], LEFT_OUT)
        return cls(
            area=area,
            inside=inside,
            used=used,
            n_inside=int(np.count_nonzero(inside)),
            n_used=int(np.count_nonzero(used)),
        )

    def values(self, plane: NDArray[Any]) -> NDArray[Any]:
        """Return what a plane (n_rows, n_cols) has at the pixels used, (n_used,)."""
        found: NDArray[Any] = plane[self.area.rows, self.area.cols][self.used]
        return found
