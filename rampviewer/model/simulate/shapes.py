"""Profiles of the objects in a simulated sky."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

CORE = 1.1  # scale of the core of a star [pixel]
SPIKES = 6  # as a mirror of hexagons makes them
FALL = 1.0 / 60.0  # of a spike along its length [1/pixel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Galaxy:
    """A galaxy of Sersic profile, with arms where `arms` is not 0."""

    row: float
    col: float
    flux: float  # [electron/s]
    radius: float  # containing half of the light, along the major axis [pixel]
    index: float  # Sersic
    axis_ratio: float
    angle: float  # of the major axis [radian]
    arms: float  # contrast of the spiral, 0 to 1


def add_star(image: F32, row: float, col: float, flux: float) -> None:
    """Add a star of `flux` [electron/s] to `image` (n_rows, n_cols), in place."""
    # Wide enough that what is cut off drowns in the noise of the sky.
    reach = int(np.clip(4.0 * np.sqrt(flux) ** 0.8, 6, 260))
    window, dy, dx = _window(image, row, col, reach)
    r2 = dy**2 + dx**2
    core = (1.0 + r2 / CORE**2) ** -2.6
    radius = np.sqrt(r2)
    angle = np.arctan2(dy, dx) + np.pi / 2
    across = radius * np.abs(np.sin(angle * SPIKES / 2)) / (SPIKES / 2)
    spikes = 0.006 * np.exp(-((across / 1.1) ** 2) - radius * FALL) / (1.0 + radius / 4.0)
    halo = 2e-4 / (1.0 + r2 / 30.0)
    # Goes to zero at the edge of the window, so that no square is seen.
    profile = (core + spikes + halo) * np.clip(1.0 - (radius / (reach + 1)) ** 2, 0.0, 1.0)
    image[window] += (flux * profile / (np.pi * CORE**2 / 1.6)).astype(np.float32)


def add_galaxy(image: F32, galaxy: Galaxy) -> None:
    """Add `galaxy` to `image` (n_rows, n_cols), in place."""
    reach = int(np.clip(6.0 * galaxy.radius, 8, 320))
    window, dy, dx = _window(image, galaxy.row, galaxy.col, reach)
    cosine, sine = np.cos(galaxy.angle), np.sin(galaxy.angle)
    major = cosine * dx + sine * dy
    minor = (cosine * dy - sine * dx) / galaxy.axis_ratio
    radius = np.hypot(major, minor) + 0.2
    scaled = radius / galaxy.radius
    shape = 2.0 * galaxy.index - 1.0 / 3.0  # the usual approximation of b_n
    profile = np.exp(-shape * (scaled ** (1.0 / galaxy.index) - 1.0))
    if galaxy.arms:
        phase = 2.0 * np.arctan2(minor, major) - 5.0 * np.log(scaled + 0.1)
        strength = galaxy.arms * np.clip(scaled - 0.3, 0.0, 1.0)
        profile *= 1.0 + strength * np.cos(phase)
    profile *= np.clip(1.0 - (np.hypot(dy, dx) / (reach + 1)) ** 2, 0.0, 1.0)
    image[window] += (galaxy.flux * profile / profile.sum()).astype(np.float32)


def _window(
    image: F32, row: float, col: float, reach: int
) -> tuple[tuple[slice, slice], F64, F64]:
    """Return the part of `image` within `reach`, and its offsets from (row, col)."""
    n_rows, n_cols = image.shape
    rows = slice(max(0, int(row) - reach), min(n_rows, int(row) + reach + 1))
    cols = slice(max(0, int(col) - reach), min(n_cols, int(col) + reach + 1))
    dy = np.arange(rows.start, rows.stop, dtype=np.float64)[:, None] - row
    dx = np.arange(cols.start, cols.stop, dtype=np.float64)[None, :] - col
    return (rows, cols), dy, dx
