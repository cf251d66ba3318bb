"""Lists of pixels worth a look, found by a rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rampviewer.core.dq import Dq, any_set
from rampviewer.model.exposure import Pixel
from rampviewer.model.planes.plane import Plane

Mask = NDArray[np.bool_]
Rule = Literal["random", "grid", "brightest", "jumps", "ratio"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
NO_SCIENCE: Final = Dq.DO_NOT_USE | Dq.REFERENCE_PIXEL | Dq.NON_SCIENCE
GRID: Final = 3  # pixels along each side
_RANKED: Final[dict[Rule, Plane]] = {
    "brightest": Plane.RATE,
    "jumps": Plane.JUMPS,
    "ratio": Plane.LARGEST_RATIO,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pixels are wanted: by a rule, how many, and the seed of random ones."""

    rule: Rule
    n_pixels: int = 9
    seed: int = 1

    @property
    def plane(self) -> Plane | None:
        """What pixels are ranked by, None where no run is needed."""
        return _RANKED.get(self.rule)

    @property
    def text(self) -> str:
        """Return what the list holds, for a sentence."""
        texts = {
            "random": f"{self.n_pixels} random pixels of seed {self.seed}",
            "grid": f"a grid of {GRID * GRID} pixels",
            "brightest": f"the {self.n_pixels} brightest pixels",
            "jumps": f"the {self.n_pixels} pixels with most jumps",
            "ratio": f"the {self.n_pixels} pixels with the largest ratio",
        }
        return texts[self.rule]


def choose(
    choice: Choice, pixeldq: NDArray[np.uint32], values: NDArray[Any] | None
) -> tuple[Pixel, ...]:
    """Return the pixels of a choice; fewer when there are not so many.

    None of them is a reference pixel or flagged DO_NOT_USE. Those of a seed are the same
    whatever was fitted, and each list begins with the shorter ones.

    Parameters
    ----------
    choice : Choice
    pixeldq : (n_rows, n_cols) uint32
    values : (n_rows, n_cols) array or None
        What pixels are ranked by: `choice.plane`; None where that is None.
    """
    usable = ~any_set(pixeldq, NO_SCIENCE)
    if choice.rule == "grid":
        return grid_pixels(usable)
    if values is None:
        return random_pixels(usable, choice.n_pixels, choice.seed)
    return highest_pixels(values, usable, choice.n_pixels)


def random_pixels(usable: Mask, n_pixels: int, seed: int) -> tuple[Pixel, ...]:
    """Return different pixels of `usable` (n_rows, n_cols), all equally likely."""
    flat = np.flatnonzero(usable)
    rng, found = np.random.default_rng(seed), dict[int, None]()
    # Drawn one by one: ten of a seed begin with the five of that seed.
    while len(found) < min(n_pixels, flat.size):
        found[int(flat[rng.integers(flat.size)])] = None
    return _pixels(found, usable.shape[1])


def grid_pixels(usable: Mask) -> tuple[Pixel, ...]:
    """Return the usable pixels nearest to the middles of 3 x 3 equal parts of a frame.

    They are listed from the lower left one, row by row.
    """
    middles = [
        tuple(
            (2 * k + 1) * n // (2 * GRID) for k, n in zip(place, usable.shape, strict=True)
        )
        for place in np.ndindex(GRID, GRID)
    ]
    found = [_nearest(usable, row, col) for row, col in middles]
    return tuple(dict.fromkeys(pixel for pixel in found if pixel is not None))


def _nearest(usable: Mask, row: int, col: int) -> Pixel | None:
    reach, farthest = 2, max(usable.shape)
    while True:
        top, left = max(row - reach, 0), max(col - reach, 0)
        rows, cols = np.nonzero(usable[top : row + reach + 1, left : col + reach + 1])
        away = (rows + top - row) ** 2 + (cols + left - col) ** 2
        # Beyond a square, nothing is nearer than its half side.
        if away.size and (away.min() <= reach**2 or reach >= farthest):
            nearest = int(np.argmin(away))
            return Pixel(int(rows[nearest]) + top, int(cols[nearest]) + left)
        if reach >= farthest:
            return None
        reach *= 4


def highest_pixels(values: NDArray[Any], usable: Mask, n_pixels: int) -> tuple[Pixel, ...]:
    """Return the usable pixels with the highest values above 0, the highest first.

    Of equal ones those come first that are lower, then further left.
    """
    good = usable & (values > 0)  # not NaN
    flat = np.flatnonzero(good)
    found = values[good].astype(np.float64)
    n_pixels = min(n_pixels, flat.size)
    if n_pixels == 0:
        return ()
    least = np.partition(found, flat.size - n_pixels)[flat.size - n_pixels]
    candidates = found >= least
    order = np.argsort(-found[candidates], kind="stable")[:n_pixels]
    return _pixels(flat[candidates][order].tolist(), usable.shape[1])


def _pixels(flat: Iterable[int], n_cols: int) -> tuple[Pixel, ...]:
    return tuple(Pixel(*divmod(number, n_cols)) for number in flat)
