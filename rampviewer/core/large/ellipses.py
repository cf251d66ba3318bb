"""Ellipses around areas, exact to the last digit where that decides about a pixel.

A circle of whole radius r has pixels at exactly r from its centre, and whether those are
inside hangs on the rounding of its angle. So what is drawn has the numbers of
scikit-image; what only has to be compared with a limit is measured from the runs, and
asks for the exact numbers when it is too close to tell.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from rampviewer.core._jit import F64, U8, kernel
from rampviewer.core.large.areas import Areas, cut_out

CLOSE: Final = 1e-4  # far above the errors of the fast numbers


class Ellipse(NamedTuple):
    """Ellipse with the second moments of an area.

    The centre is (x, y) [pixel]; the axes are full lengths, each one pixel less, so that
    a line of pixels has a negative minor axis; the angle is in degrees, from the row axis
    to the column axis.
    """

    x: float
    y: float
    minor: float
    major: float
    angle: float

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is inside; False when an axis is 0."""
        turn = np.radians(180 - self.angle)
        across, along = np.cos(turn), np.sin(turn)
        dx, dy = x - self.x, y - self.y
        u = dx * across - dy * along
        v = dx * along + dy * across
        larger, smaller = max(self.minor, self.major), min(self.minor, self.major)
        with np.errstate(divide="ignore", invalid="ignore"):
            # numpy, unlike Python, divides by 0.
            first = np.float64(u**2) / (larger * 0.5) ** 2
            second = np.float64(v**2) / (smaller * 0.5) ** 2
        return bool(first + second <= 1)


@dataclass(frozen=True, slots=True)
class Shapes:
    """Exact ellipses of areas; equal areas, such as crosses, are measured only once."""

    known: dict[tuple[int, bytes], tuple[float, float, float]] = field(default_factory=dict)

    def ellipse(self, areas: Areas, k: int) -> Ellipse:
        """Return the ellipse of area `k`."""
        image = cut_out(areas, k)
        key = image.shape[1], image.tobytes()
        if key not in self.known:
            self.known[key] = _measure(image)
        row, col = areas.centre[k]
        return Ellipse(float(col), float(row), *self.known[key])


def _measure(image: U8) -> tuple[float, float, float]:
    """Return (minor axis, major axis, angle) of the pixels of an image."""
    # It takes half a second to import, and few exposures need it.
    from skimage.measure import regionprops  # noqa: PLC0415

    area = regionprops(image)[0]  # type: ignore[no-untyped-call]
    return (
        area.axis_minor_length - 1,
        area.axis_major_length - 1,
        float(np.degrees(area.orientation)),
    )


@kernel
def first_inside(areas: Areas, k: int, points: F64, order: F64) -> tuple[int, bool]:
    """Return the first point that is surely inside the ellipse of area `k`.

    Parameters
    ----------
    areas : Areas
    k : int
    points : (n_points, 2) float64
        Rows and columns, by increasing row.
    order : (n_points,) float64
        The rows alone.

    Returns
    -------
    point : int
        -1 when none is surely inside.
    unsure : bool
        Whether some other point is too close to the ellipse to tell.
    """
    minor, major = 0.5 * areas.axes[k, 0], 0.5 * areas.axes[k, 1]
    degenerate = abs(minor) < CLOSE or abs(major) < CLOSE
    reach = max(abs(minor), abs(major)) * (1 + CLOSE) + CLOSE
    row, col = areas.centre[k]
    cos, sin = np.cos(areas.angle[k]), np.sin(areas.angle[k])
    unsure = False
    for n in range(np.searchsorted(order, row - reach), len(order)):
        y, x = points[n, 0] - row, points[n, 1] - col
        if y > reach:
            break
        if abs(x) > reach:
            continue
        # As the official code has it: turned from the column axis, not the row axis.
        along, across = x * cos + y * sin, x * sin - y * cos
        distance = (across / minor) ** 2 + (along / major) ** 2
        if degenerate or abs(distance - 1) < CLOSE:
            unsure = True
        elif distance < 1:
            return n, unsure
    return -1, unsure
