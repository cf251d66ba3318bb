"""Charge that particles leave in a simulated detector: cosmic rays and snowballs.

At the second Lagrange point 5 particles of cosmic radiation cross each cm2 of the
detector per second. With pixels of 18 micrometres that is 1.6e-5 hits per pixel per
second, and with some five pixels touched by each hit about 8e-5 pixels touched per pixel
per second. A snowball, a large burst of charge with a saturated centre, comes about once
a minute on a full frame; a smaller frame gets one nevertheless, so that there is one
to see.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

HITS = 1.6e-5  # [1 / pixel / s]
THICKNESS = 5.0 / 18.0  # of the sensitive layer [pixel]
LONGEST = 80.0  # track [pixel]
CHARGE = 6.6  # logarithm of the median charge of a perpendicular hit [electron]
SPREAD = 0.9  # of that logarithm
# Diffusion to the neighbours: centre, side, corner; sums to 1 over the nine pixels.
SHARES = (0.88, 0.026, 0.004)
SNOWBALL_EVERY = 70.0  # [s] on 2048 x 2048 pixels
SNOWBALL_PEAK = 1.2e6  # [electron]
SNOWBALL_FALL = 1.4  # outside of the core [pixel]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deposits:
    """Charge that arrived in one group: sorted flat pixel indices and [electron]."""

    pixels: I64
    charge: F64

    def between(self, start: int, stop: int) -> tuple[I64, F64]:
        """Return indices counted from `start`, and charges, of pixels start to stop - 1."""
        a, b = np.searchsorted(self.pixels, (start, stop))
        return self.pixels[a:b] - start, self.charge[a:b]


def cosmic_rays(size: int, seconds: float, random: Generator) -> tuple[F64, F64, F64]:
    """Return rows, columns [pixel] and charges [electron] along the tracks of all hits.

    Particles come from all directions of the half sphere; a slanting one leaves a track
    and, in proportion to its length, more charge.
    """
    n_hits = random.poisson(HITS * size**2 * seconds)
    row, col = random.uniform(-0.5, size - 0.5, (2, n_hits))
    direction = random.uniform(0, 2 * np.pi, n_hits)
    cosine = np.sqrt(random.uniform(1e-6, 1, n_hits))
    length = np.minimum(THICKNESS * np.sqrt(1 - cosine**2) / cosine, LONGEST)
    total = random.lognormal(CHARGE, SPREAD, n_hits) * np.hypot(length / THICKNESS, 1.0)

    n_points = np.ceil(3.0 * length).astype(np.int64) + 1
    hit = np.repeat(np.arange(n_hits), n_points)
    first = np.cumsum(n_points) - n_points
    along = (np.arange(len(hit)) - first[hit] + 0.5) / n_points[hit] * length[hit]
    rows = row[hit] + along * np.sin(direction[hit])
    cols = col[hit] + along * np.cos(direction[hit])
    return rows, cols, (total / n_points)[hit]


def snowballs(size: int, seconds: float, n_groups: int, random: Generator) -> list[I64]:
    """Return (group, row, col, radius) of each; one at least when a jump can be seen."""
    expected = seconds / SNOWBALL_EVERY * (size / 2048) ** 2
    # The first and the last group are left out: the step must be visible.
    if n_groups < 3:
        return []
    number = max(1, random.poisson(expected))
    largest = max(3, min(20, size // 12))
    return [
        np.array(
            [
                random.integers(1, n_groups - 1),
                *random.integers(2 * largest, size - 2 * largest, 2),
                random.integers(max(2, largest // 3), largest + 1),
            ]
        )
        for _ in range(number)
    ]


def snowball_charge(row: int, col: int, radius: int, size: int) -> tuple[I64, F64]:
    """Return flat indices and charges [electron]: a full core that falls off steeply."""
    reach = radius + 12
    rows = np.arange(max(0, row - reach), min(size, row + reach + 1))
    cols = np.arange(max(0, col - reach), min(size, col + reach + 1))
    distance = np.hypot(rows[:, None] - row, cols[None, :] - col)
    charge = SNOWBALL_PEAK * np.exp(-np.maximum(0.0, distance - radius) / SNOWBALL_FALL)
    inside = distance <= reach
    pixels = rows[:, None] * size + cols[None, :]
    return pixels[inside], charge[inside]


def deposits(
    size: int,
    seconds: float,
    balls: list[I64],
    random: Generator,
) -> Deposits:
    """Return what one group of `seconds` receives, from rays and the given snowballs."""
    rows, cols, charges = cosmic_rays(size, seconds, random)
    pixels, charge = _diffused(rows, cols, charges, size)
    for _, row, col, radius in balls:
        more_pixels, more_charge = snowball_charge(int(row), int(col), int(radius), size)
        pixels = np.concatenate([pixels, more_pixels])
        charge = np.concatenate([charge, more_charge])
    unique, place = np.unique(pixels, return_inverse=True)
    summed = np.bincount(place, weights=charge, minlength=len(unique))
    felt = summed >= 1.0
    return Deposits(pixels=unique[felt], charge=np.round(summed[felt]))


def _diffused(rows: F64, cols: F64, charges: F64, size: int) -> tuple[I64, F64]:
    """Return flat indices and charges after diffusion; what leaves the frame is lost."""
    row, col = np.rint(rows).astype(np.int64), np.rint(cols).astype(np.int64)
    pixels, parts = [], []
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            y, x = row + dy, col + dx
            inside = (y >= 0) & (y < size) & (x >= 0) & (x < size)
            pixels.append((y * size + x)[inside])
            parts.append(charges[inside] * SHARES[abs(dy) + abs(dx)])
    return np.concatenate(pixels), np.concatenate(parts)
