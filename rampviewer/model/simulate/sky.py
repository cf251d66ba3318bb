"""A sky to look at: background, stars and galaxies."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from rampviewer.model.simulate.shapes import Galaxy, add_galaxy, add_star

F32 = NDArray[np.float32]

BACKGROUND = 0.45  # [electron/s]
STARS = 1.6e-4  # per pixel
GALAXIES = 1.1e-4  # per pixel
FAINTEST, BRIGHTEST = 12.0, 4e5  # stars [electron/s]
LARGE = 5  # galaxies that show arms


def sky_rate(size: int, random: Generator) -> F32:
    """Return the photons that arrive, (size, size) float32 [electron/s]."""
    image = np.full((size, size), BACKGROUND, np.float32)
    for galaxy in _galaxies(size, random):
        add_galaxy(image, galaxy)
    rows, cols, fluxes = _stars(size, random)
    for row, col, flux in zip(rows, cols, fluxes, strict=True):
        add_star(image, row, col, flux)
    return image


def _stars(
    size: int, random: Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return rows, columns and fluxes; most stars are faint, one at least is bright."""
    n_stars = max(3, round(STARS * size**2))
    rows, cols = random.uniform(0, size, (2, n_stars))
    steepness = 0.75  # of N(> flux)
    fluxes = FAINTEST * random.uniform(0, 1, n_stars) ** (-1 / steepness)
    fluxes[0] = 0.1 * BRIGHTEST
    return rows, cols, np.minimum(fluxes, BRIGHTEST)


def _galaxies(size: int, random: Generator) -> list[Galaxy]:
    n_galaxies = max(2, round(GALAXIES * size**2))
    return [
        Galaxy(
            row=random.uniform(0, size),
            col=random.uniform(0, size),
            radius=(radius := _radius(i < LARGE, size, random)),
            flux=radius**2 * random.lognormal(1.7 if i < LARGE else 2.2, 0.5),
            index=random.uniform(0.9, 1.2) if i < LARGE else random.choice([1.0, 1.5, 3.0]),
            axis_ratio=random.uniform(0.35, 0.95),
            angle=random.uniform(0, np.pi),
            arms=0.7 if i < LARGE else 0.0,
        )
        for i in range(n_galaxies)
    ]


def _radius(is_large: bool, size: int, random: Generator) -> float:
    """Return the half-light radius of a galaxy [pixel], as far as the frame has room."""
    if is_large:
        return float(min(size / 20.0, 55.0) * random.uniform(0.4, 1.0))
    return float(1.5 * random.lognormal(0.4, 0.5))
