"""Many ramps fitted at once: covariance, pivots and sums, line by line.

Columns (lanes) are ramps, so that each loop is vector instructions. The arithmetic is
another than that of `solution`, by pivots in place of determinants, and agrees with it far
within the precision of the result wherever enough differences are usable.
"""

from typing import NamedTuple

import numpy as np

from rampviewer.core._jit import F64, borrowing_kernel, kernel
from rampviewer.core.likely.settings import ReadPattern

# A pivot below this share of its diagonal element is next to none.
LEAST_PIVOT = 1e-9

# Lines a power of two apart compete for the same places of the cache.
PADDING = 16


# Places in `Tile.cubes`: one line of lanes for each difference.
DATA = 0  # differences [DN/s]
USE = 1  # 1 where used, else 0
PIVOT = 2  # 1 / pivots of the covariance matrix
FACTOR = 3  # by which the line before is subtracted
ONES = 4  # `USE` with the lines before subtracted, later what `reduce_tile` leaves
REST = 5  # data, likewise
ROW_SUM = 6  # inverse of the matrix times ones
ROW_DATA = 7  # inverse of the matrix times data, later times residuals
INVERSE = 8  # diagonal of the inverse
N_CUBES = 9

# Places in `Tile.lines`: one value for each lane.
PHOTONS = 0  # count rate by gain [DN^2 / electron / s]
NOISE2 = 1  # squared read noise of a single read [DN^2]
CENTER = 2  # a rate to count from, for little rounding [DN/s]
LOW = 3  # how far the least pivot is above `LEAST_PIVOT`
JOINED = 4  # room
SQUARE = 5  # data times inverse times data
MIXED = 6  # data times inverse times ones
TOTAL = 7  # ones times inverse times ones
N_LINES = 8


class Tile(NamedTuple):
    """Ramps and what their fit needs, in few arrays: each more takes long to compile."""

    cubes: F64  # (N_CUBES, n_differences, n_lanes)
    lines: F64  # (N_LINES, n_lanes)


@kernel
def tile_room(n: int, width: int) -> Tile:
    """Return room for `width` ramps of `n` differences."""
    padded = width + PADDING
    return Tile(np.zeros((N_CUBES, n, padded)), np.zeros((N_LINES, padded)))


@borrowing_kernel
def _join(
    m: int, photons: F64, noise2: F64, beta: tuple[float, float], a: F64, b: F64, out: F64
) -> None:
    photon, read = beta
    for x in range(m):
        out[x] = (photons[x] * photon + noise2[x] * read) * (a[x] * b[x])


@borrowing_kernel
def _multiply(m: int, a: F64, b: F64, out: F64) -> None:
    for x in range(m):
        out[x] = a[x] * b[x]


@borrowing_kernel
def _pivot(
    m: int,
    photons: F64,
    noise2: F64,
    alpha: tuple[float, float],
    joined: F64,
    factor: F64,
    out: F64,
) -> None:
    photon, read = alpha
    for x in range(m):
        out[x] = photons[x] * photon + noise2[x] * read - joined[x] * factor[x]


@borrowing_kernel
def _lowest(
    m: int, photons: F64, noise2: F64, alpha: tuple[float, float], pivot: F64, low: F64
) -> None:
    photon, read = LEAST_PIVOT * alpha[0], LEAST_PIVOT * alpha[1]
    for x in range(m):
        excess = pivot[x] - photons[x] * photon - noise2[x] * read
        known = low[x] + 0.0  # no masked store: see `sort_columns`
        low[x] = excess if excess < known else known


@borrowing_kernel
def _invert(m: int, line: F64) -> None:
    for x in range(m):
        line[x] = 1.0 / line[x]


@borrowing_kernel
def _eliminate(m: int, use: F64, factor: F64, before: F64, out: F64) -> None:
    for x in range(m):
        out[x] = use[x] - factor[x] * before[x]


@borrowing_kernel
def _eliminate_data(
    m: int, use: F64, data: F64, center: F64, factor: F64, before: F64, out: F64
) -> None:
    for x in range(m):
        out[x] = use[x] * (data[x] - center[x]) - factor[x] * before[x]


@borrowing_kernel
def _add_product(m: int, a: F64, b: F64, pivot: F64, total: F64) -> None:
    for x in range(m):
        total[x] += a[x] * b[x] * pivot[x]


@borrowing_kernel
def fill(m: int, value: float, line: F64) -> None:
    """Write the same value to all lanes."""
    for x in range(m):
        line[x] = value


@kernel
def forward(m: int, pattern: ReadPattern, tile: Tile) -> None:
    """Eliminate downwards: everything up to `square`, `mixed` and `total`."""
    photons, noise2, joined = tile.lines[PHOTONS], tile.lines[NOISE2], tile.lines[JOINED]
    fill(m, np.inf, tile.lines[LOW])
    fill(m, 0.0, tile.lines[SQUARE])
    fill(m, 0.0, tile.lines[MIXED])
    fill(m, 0.0, tile.lines[TOTAL])
    fill(m, 0.0, joined)
    fill(m, 0.0, tile.cubes[FACTOR, 0])
    for k in range(tile.cubes.shape[1]):
        before = k - 1 if k > 0 else 0
        use, pivot, factor = tile.cubes[USE, k], tile.cubes[PIVOT, k], tile.cubes[FACTOR, k]
        if k > 0:
            beta = (pattern.beta_photon[before], pattern.beta_read[before])
            _join(m, photons, noise2, beta, tile.cubes[USE, before], use, joined)
            _multiply(m, joined, tile.cubes[PIVOT, before], factor)
        alpha = (pattern.alpha_photon[k], pattern.alpha_read[k])
        _pivot(m, photons, noise2, alpha, joined, factor, pivot)
        _lowest(m, photons, noise2, alpha, pivot, tile.lines[LOW])
        _invert(m, pivot)
        ones, rest = tile.cubes[ONES, k], tile.cubes[REST, k]
        # The first line has no line before: its factor is 0, and `joined` finite there.
        ones_before = tile.cubes[ONES, before] if k > 0 else joined
        rest_before = tile.cubes[REST, before] if k > 0 else joined
        _eliminate(m, use, factor, ones_before, ones)
        _eliminate_data(
            m, use, tile.cubes[DATA, k], tile.lines[CENTER], factor, rest_before, rest
        )
        _add_product(m, rest, rest, pivot, tile.lines[SQUARE])
        _add_product(m, rest, ones, pivot, tile.lines[MIXED])
        _add_product(m, ones, ones, pivot, tile.lines[TOTAL])


@borrowing_kernel
def _substitute(m: int, line: F64, pivot: F64, factor: F64, after: F64, out: F64) -> None:
    for x in range(m):
        out[x] = line[x] * pivot[x] - factor[x] * after[x]


@borrowing_kernel
def _substitute_inverse(m: int, pivot: F64, factor: F64, after: F64, out: F64) -> None:
    for x in range(m):
        out[x] = pivot[x] + factor[x] * factor[x] * after[x]


@kernel
def back_ones(m: int, tile: Tile) -> None:
    """Substitute upwards: `row_sum`."""
    n = tile.cubes.shape[1]
    _multiply(
        m, tile.cubes[ONES, n - 1], tile.cubes[PIVOT, n - 1], tile.cubes[ROW_SUM, n - 1]
    )
    for k in range(n - 2, -1, -1):
        after = tile.cubes[ROW_SUM, k + 1]
        _substitute(
            m,
            tile.cubes[ONES, k],
            tile.cubes[PIVOT, k],
            tile.cubes[FACTOR, k + 1],
            after,
            tile.cubes[ROW_SUM, k],
        )


@kernel
def back_data(m: int, tile: Tile) -> None:
    """Substitute upwards: `row_data` and `inverse`."""
    n = tile.cubes.shape[1]
    _multiply(
        m, tile.cubes[REST, n - 1], tile.cubes[PIVOT, n - 1], tile.cubes[ROW_DATA, n - 1]
    )
    for x in range(m):
        tile.cubes[INVERSE, n - 1, x] = tile.cubes[PIVOT, n - 1, x]
    for k in range(n - 2, -1, -1):
        pivot, factor = tile.cubes[PIVOT, k], tile.cubes[FACTOR, k + 1]
        after = tile.cubes[ROW_DATA, k + 1]
        _substitute(m, tile.cubes[REST, k], pivot, factor, after, tile.cubes[ROW_DATA, k])
        _substitute_inverse(
            m, pivot, factor, tile.cubes[INVERSE, k + 1], tile.cubes[INVERSE, k]
        )
